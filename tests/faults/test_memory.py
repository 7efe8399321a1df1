"""A supervisor that has answered a million requests and restarted its program
ten thousand times is as large as on its first day.

A library before the C library counts what zdrun allocates: in its loop it is
to allocate nothing at all.  A hundredth of the requests and of the restarts in
make check, the whole by make torture.
"""

import os
import re
import struct

import pytest

from support import (connect, descriptors, preloaded, read_all,
                     until)

WHOLE = bool(os.environ.get("ZD_TORTURE"))
REQUESTS = 1000000 if WHOLE else 10000
RESTARTS = 10000 if WHOLE else 100

# glibc's own names, so that nothing has to be looked up before the first.
COUNTER = r"""
#define _GNU_SOURCE
#include <sys/mman.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void __libc_free(void *);

/* How often memory was taken, and given back; shared with who asks. */
static long dummy[2], *count = dummy;

static void __attribute__((constructor))
open_count(void)
{
	const char *path = getenv("MALLOC_COUNT");
	void *map;
	int fd;

	if (path == NULL || strcmp(program_invocation_short_name, "zdrun") != 0)
		return;
	if ((fd = open(path, O_RDWR | O_CLOEXEC)) == -1)
		return;
	map = mmap(NULL, sizeof(dummy), PROT_READ | PROT_WRITE, MAP_SHARED,
	    fd, 0);
	close(fd);
	if (map != MAP_FAILED)
		count = map;
}

void *
malloc(size_t size)
{
	count[0]++;
	return __libc_malloc(size);
}

void *
calloc(size_t n, size_t size)
{
	count[0]++;
	return __libc_calloc(n, size);
}

void *
realloc(void *old, size_t size)
{
	count[0]++;
	return __libc_realloc(old, size);
}

void
free(void *old)
{
	if (old != NULL)
		count[1]++;
	__libc_free(old);
}
"""


@pytest.fixture
def counted(box, tmp_path):
    """A box in which zdrun's memory is counted."""
    if os.environ.get("ZD_SANITIZERS"):
        pytest.skip("the sanitizers have an allocator of their own")
    if not os.path.exists("/proc/self/smaps"):
        pytest.skip("needs Linux")
    box.write("count", bytes(16))
    box.env = {"LD_PRELOAD": preloaded(tmp_path, COUNTER),
               "MALLOC_COUNT": box.at("count")}
    return box


def taken(box):
    """How often zdrun took memory, and gave it back."""
    with open(box.at("count"), "rb") as file:
        return struct.unpack("ll", file.read(16))


def private_kb(pid):
    """What a process has written for itself, and in how many mappings.

    What it only reads is its own as soon as no other runs the same program.
    """
    with open(f"/proc/{pid}/smaps") as smaps:
        text = smaps.read()
    return (sum(int(kb) for kb in re.findall(
        r"^Private_Dirty: +(\d+) kB", text, re.M)), text.count("\nVmFlags:"))


REQUEST = [b"status\n", b"tree\n", b"nonsense\n", b"kill WINCH\n", b"help\n",
           b"events 0\n", b"kill x\n", b"\n", b"status status\n", b"start\n",
           b"x" * 5000, b"'\n", b"reopen_transcript\n"]


def crowd(box):
    """As many at once as are served, so that every place was used."""
    crowd = [connect(box.at("zdsock")) for _ in range(48)]
    for request in b"x" * 4000, b"\n":
        for sock in crowd:
            try:
                sock.sendall(request)
            except (BrokenPipeError, ConnectionResetError):
                pass    # made room for a newcomer
    for sock in crowd:
        read_all(sock)
        sock.close()


def requests(box, count):
    """Each kind in turn, and one that vanishes now and then."""
    for number in range(count):
        request = REQUEST[number % len(REQUEST)]
        with connect(box.at("zdsock")) as sock:
            sock.sendall(request)
            if request.startswith(b"events"):
                assert sock.recv(4096)
            elif number % 97:
                read_all(sock)


def restarts(box, count):
    """Asked for over the wire, and awaited by listening."""
    with connect(box.at("zdsock")) as events:
        events.sendall(b"events\n")
        text = b""
        for number in range(count):
            box.ask("restart")
            while b"\nup " not in text:
                text += events.recv(65536)
            text = text.rpartition(b"\nup ")[2]


def test_nothing_grows(counted):
    box = counted
    box.script("prog", "echo begun\nexec sleep 100000\n")
    box.conf("program ./prog", "transcript out", "start-seconds 0",
             "start-test-program true", "kill-grace 0",
             rest="<eventlog>\n <logfile>\n  path ev\n </logfile>\n"
             "</eventlog>\n")
    box.up("-Cconf")
    manager = box.manager()
    crowd(box)
    requests(box, 500)
    restarts(box, 5)
    before = taken(box), private_kb(manager)
    held = len(descriptors(manager))
    requests(box, REQUESTS)
    restarts(box, RESTARTS)
    until(lambda: box.status()["state"] == "up")
    after = taken(box), private_kb(manager)
    assert before[0][0] > 0
    # The program is looked up at each start: what that takes is given back.
    assert after[0][0] - after[0][1] == before[0][0] - before[0][1]
    # The ring of the last events is written for the first time.
    assert after[1][0] <= before[1][0] + 64, (before, after)
    assert after[1][1] == before[1][1]
    until(lambda: len(descriptors(manager)) <= held)
    assert box.manager() == manager
    print(f"{REQUESTS} requests, {RESTARTS} restarts: {after[1][0]} kB of its "
          f"own (before: {before[1][0]}), {after[0][0]} allocations at start "
          "and none since")
