"""The transcript under much of everything: long lines, many supervisors, and
a supervisor that is killed while it copies.  A part of it in make check, the
whole by make torture."""

import fcntl
import os
import re
import resource
import signal
import subprocess
import sys

import pytest

from support import (LINE, ROOT, alive, descriptors, take, until)

WHOLE = bool(os.environ.get("ZD_TORTURE"))
MEGABYTES = 1000 if WHOLE else 48
SUPERVISORS = 70 if WHOLE else 7
KILLS = 100 if WHOLE else 10
LINES = 3000000 if WHOLE else 300000
CHUNK = 65536                   # what a copying supervisor has in its hands
STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z "


def up(box, program, *keys):
    box.script("talk", program)
    box.conf("program ./talk", "transcript out", "start-seconds 0", *keys)
    return box.up("-Cconf")


# --- many little pieces -------------------------------------------------------

def reads(pid):
    """How often a process has read from anything."""
    with open(f"/proc/{pid}/io") as counts:
        return int(re.search(r"syscr: (\d+)", counts.read()).group(1))


def test_little_pieces_are_moved_together(box):
    """Not each for itself, which costs more than the moving."""
    count, size = 50000, 500
    up(box, f"dd if=/dev/zero bs={size} count={count} status=none | tr '\\0' x"
       f" | dd bs={size} status=none\nexec sleep 100\n",
       "transcript-timestamps utc")
    until(lambda: os.path.getsize(box.at("out")) == count * size + 25, 60)
    assert reads(box.manager()) < count / 20


# --- one long line ------------------------------------------------------------

def peak(pid):
    """The most memory that a process has had, bytes."""
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1)) * 1024


@pytest.mark.parametrize("keys", [(), ("transcript-timestamps utc",)])
def test_one_line_without_an_end(box, keys):
    """Carried through whole, and shown, by programs that hold little of it."""
    size = MEGABYTES * 1000000
    up(box, f"head -c {size} /dev/zero | tr '\\0' x; echo; echo end\n"
       "exec sleep 100\n", *keys)
    stamp = 25 if keys else 0
    until(lambda: os.path.getsize(box.at("out")) == size + 5 + 2 * stamp, 60)
    sanitized = os.environ.get("ZD_SANITIZERS")
    with open(box.at("shown"), "wb") as shown:
        tail = box.zd("-Cconf", "logtail", "-n2", "--no-follow", timeout=60,
                      stdout=shown, preexec_fn=None if sanitized else
                      lambda: resource.setrlimit(resource.RLIMIT_DATA,
                                                 (size // 4, size // 4)))
    assert (tail.status, tail.err) == (0, ""), tail
    subprocess.run(["cmp", box.at("out"), box.at("shown")], check=True)
    with open(box.at("out"), "rb") as file:
        text = file.read(100)
        assert re.fullmatch((STAMP if keys else "").encode() + b"x+", text)
    assert sanitized or peak(box.manager()) < size / 4


# --- killed while copying -----------------------------------------------------

def test_kills_of_one_that_copies(box):
    """Each costs what it had in its hands, at the most."""
    pid = up(box, f"seq -f '{LINE}' 1 {LINES}\necho > done; exec sleep 100\n",
             "transcript-timestamps utc")
    for kill in range(1, KILLS + 1):
        due = LINES * 49 * kill // (KILLS + 1)
        until(lambda: os.path.getsize(box.at("out")) >= due
              or box.exists("done"), 60)
        manager = box.manager()
        os.kill(manager, signal.SIGKILL)
        until(lambda: take(manager))
        assert alive(pid)
        assert box.zd("-Cconf", "start").status == 0
        assert box.pid() == pid
    until(lambda: box.exists("done"), 60)
    until(lambda: box.read("out").endswith(f"{LINES:09}, of many\n"))
    last, gaps, lost = 0, 0, 0
    for line in box.lines("out"):
        found = re.fullmatch(STAMP + r"line (\d{9}), of many", line)
        if not found:
            continue            # torn where one was killed
        number = int(found.group(1))
        assert number > last
        if number > last + 1:
            gaps += 1
            assert (number - last - 2) * 24 <= CHUNK
            lost += number - last - 1
        last = number
    assert last == LINES and gaps <= KILLS
    os.kill(box.manager(), signal.SIGTERM)
    until(lambda: take(pid) and not box.strays(), 20)
    print(f"{KILLS} kills, {gaps} gaps, {lost} lines lost")


def test_rest_of_a_line_after_a_kill(box):
    """It gets no second stamp."""
    pid = up(box, "printf begin; mkfifo fifo; read -r n < fifo; echo ' end'\n"
             "echo next; exec sleep 100\n", "transcript-timestamps utc")
    until(lambda: box.exists("fifo") and box.read("out").endswith("begin"))
    manager = box.manager()
    os.kill(manager, signal.SIGKILL)
    until(lambda: take(manager))
    assert box.zd("-Cconf", "start").status == 0
    box.say("fifo", "go\n")
    until(lambda: box.read("out").endswith("next\n"))
    assert re.fullmatch(f"{STAMP}begin end\n{STAMP}next\n", box.read("out"))
    os.kill(box.manager(), signal.SIGTERM)
    until(lambda: take(pid) and not box.strays(), 20)


# --- many supervisors of one user ---------------------------------------------

GET, SET = 1032, 1031           # F_GETPIPE_SZ, F_SETPIPE_SZ
OWN_PIPE = f"""\
import fcntl, os
end = os.pipe()[1]
print(fcntl.fcntl(end, {GET}), fcntl.fcntl(end, {SET}, 1 << 20))
"""


def fifo_size(manager):
    number = next(n for n, path in descriptors(manager).items()
                  if path.endswith(".out"))
    fd = os.open(f"/proc/{manager}/fd/{number}", os.O_RDONLY | os.O_NONBLOCK)
    try:
        return fcntl.fcntl(fd, GET)
    finally:
        os.close(fd)


@pytest.mark.skipif(not os.path.exists("/proc/sys/fs/pipe-user-pages-soft"),
                    reason="no such limit")
def test_many_supervisors_of_one_user(box):
    """Their FIFOs grow, but leave the user room for pipes; and shrink."""
    if ROOT:
        box.belongs_to("nobody")
    with open("/proc/sys/fs/pipe-user-pages-soft") as limit:
        limit = int(limit.read()) * resource.getpagesize()
    box.script("talk", f"seq -f '{LINE}' 1 200000; echo > done.$1\n"
               "exec sleep 1000\n")
    managers = []
    for n in range(SUPERVISORS):
        box.conf(f"program ./talk {n}", f"transcript out.{n}",
                 f"socket-name s{n}", "start-seconds 0", name=f"conf{n}")
        box.up(f"-Cconf{n}", sock=f"s{n}")
        managers.append(box.manager(f"s{n}"))
    until(lambda: all(box.exists(f"done.{n}") for n in range(SUPERVISORS)),
          60)
    for n in range(SUPERVISORS):
        until(lambda: os.path.getsize(box.at(f"out.{n}")) == 24 * 200000)
    sizes = [fifo_size(manager) for manager in managers]
    assert max(sizes) > 65536
    assert sum(sizes) * 70 // SUPERVISORS < limit * 0.6
    own = box.run([sys.executable, "-SE", "-c", OWN_PIPE])
    assert own.out == f"65536 {1 << 20}\n", own
    if WHOLE:
        until(lambda: {fifo_size(manager) for manager in managers} == {65536},
              20)
