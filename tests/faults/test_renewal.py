"""The supervisor killed at each system call of a rotation or a reopening, and
each of these calls failing: whatever comes next, every line is there once and
whole, and so is every old log.

make check tries the calls that change something; make torture tries them all.
"""

import itertools
import os
import re

import pytest

from support import (LINE, LOG, everything, injecting, numbers, rotated, take,
                     traced, until)

pytestmark = pytest.mark.strace

# What it is made of, and what each call can fail with.
CHANGES = {"openat": "EMFILE", "unlink": "EACCES", "rename": "EACCES",
           "linkat": "EPERM", "ftruncate": "EIO", "write": "ENOSPC",
           "pwritev": "ENOSPC"}
LOOKS = {"newfstatat": "EIO", "pread64": "EIO", "fchmod": "EPERM",
         "fcntl": "EINVAL", "flock": "EIO", "splice": "EIO", "close": "EIO",
         "lseek": "EIO", "ioctl": "EIO"}
CALLS = {**CHANGES, **LOOKS} if os.environ.get("ZD_TORTURE") else CHANGES

ENTRY = re.compile(r"(?m)^------\n\S+ \S+ \S+ .*\n")
MARK = re.compile(r"(?m)^(\S+ )?--- zdaemon: .* ---\n")
STAMP = re.compile(r"(?m)^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ")


def plain(text):
    """What the program wrote, without what the supervisor adds."""
    return STAMP.sub("", MARK.sub("", ENTRY.sub("", text)))


class Writer:
    """A program that says what it is told, piece by piece."""

    def __init__(self, box, way):
        self.way, keys, rest = WAYS[way]
        self.box, self.number, self.rest, self.old = box, 0, "", ""
        box.script("talk", "mkfifo ask; exec 3<> ask; echo > ready\n"
                   "while IFS= read -r text <&3; do printf '%b' \"$text\"\n"
                   "done\n")
        box.conf("program ./talk", "transcript out", "start-seconds 0",
                 "transcript-keep 1000", *keys, rest=rest)
        self.pid = box.up("-Cconf")
        self.manager = box.manager()
        until(lambda: box.exists("ready"))

    def next(self):
        self.number += 1
        return LINE.replace("%09.0f", f"{self.number:09}")

    def says(self, count):
        """The rest of a line, so many others, and the beginning of one."""
        text = self.rest + "".join(self.next() + "\\n" for _ in range(count))
        line = self.next()
        self.rest = line[10:] + "\\n"
        self.box.say("ask", text + line[:10] + "\n")
        return lambda: self.text().endswith("\n" + line[:10])

    def ends(self):
        self.box.say("ask", self.rest + "\n")
        self.rest = ""
        until(lambda: self.text().endswith(f"{self.number:09}, of many\n"))

    def text(self):
        return plain(self.old + "".join(self.box.read(name, "")
                                        for name in rotated(self.box)))

    def collect(self):
        """The older logs, so that there are two at most."""
        for name in rotated(self.box)[:-3]:
            self.old += self.box.read(name)
            os.unlink(self.box.at(name))

    def is_whole(self):
        """All lines, each once, and no file ends within one."""
        assert numbers(self.text()) == list(range(1, self.number + 1))
        if self.way is not by_reopening:
            everything(self.box)
        self.collect()

    def left_nothing(self):
        left = [name for name in os.listdir(self.box.path)
                if name.startswith(".out.")]
        assert not left

    def leaves(self):
        stop = self.box.later("-Cconf", "stop")
        until(lambda: take(self.pid))
        assert self.box.finish(stop).status == 0

    def goes_on(self):
        """Another supervisor, if ours was killed; the same program."""
        if take(self.manager):
            assert self.box.zd("-Cconf", "start").status == 0
            self.manager = self.box.manager()
        assert self.box.pid() == self.pid


# --- what is done ---------------------------------------------------------------

def by_rotate(writer):
    return writer.box.later("-Cconf", "rotate")


def by_reopening(writer):
    """As logrotate does it."""
    box = writer.box
    os.rename(box.at("out"), box.at(f"out.{100000 - writer.number}"))
    return box.later("-Cconf", "reopen_transcript")


def by_an_entry(writer):
    return writer.box.later("-Cconf", "kill", "URG")


def by_size(writer):
    writer.says(40)


def by_age(writer):
    """It comes by itself, once there is something to rotate."""
    writer.says(1)


WAYS = {
    "rotate": (by_rotate, (), ""),
    "rotate, with stamps and marks": (by_rotate, (
        "transcript-timestamps utc", "transcript-marks on"), ""),
    "rotate, dated": (by_rotate, ("transcript-rotate-names dated",), ""),
    "rotate, event log": (by_rotate, (), LOG.format("out")),
    "by size": (by_size, ("transcript-max-size 800",), ""),
    "by age": (by_age, ("transcript-max-age 400ms",), ""),
    "reopen": (by_reopening, (), ""),
    "event log in the same file": (by_an_entry, (), LOG.format("out")),
}


def once(writer, call, how, count):
    """It is done with the call of that number killed or failing; whether it
    came to that call."""
    box, way = writer.box, writer.way
    until(writer.says(2))
    words = injecting(f"{call}:{how}:when={count}")
    words[words.index("/dev/null")] = box.at("trace")
    tracer = box.popen([*words, "-p", str(writer.manager)])
    until(lambda: traced(writer.manager))
    logs = len(rotated(box))
    child = way(writer)
    until(lambda: "(INJECTED)" in box.read("trace") or take(writer.manager) or
          (child.poll() is not None if child else len(rotated(box)) > logs))
    # What answers has done it.
    if not box.status():
        until(lambda: take(writer.manager))
    if child:
        box.finish(child)
    hit = take(writer.manager) or "(INJECTED)" in box.read("trace")
    if tracer.poll() is None:
        tracer.terminate()
    box.finish(tracer)
    writer.goes_on()
    return hit


@pytest.mark.parametrize("way", WAYS)
def test_killed_at_each_call(box, way):
    writer, kills = Writer(box, way), 0
    for call in CALLS:
        for count in itertools.count(1):
            hit = once(writer, call, "signal=KILL", count)
            writer.ends()
            writer.is_whole()
            writer.left_nothing()
            if not hit:
                break
            kills += 1
    assert kills > 0
    print(f"{kills} kills")
    writer.leaves()


@pytest.mark.parametrize("way", WAYS)
def test_each_call_fails(box, way):
    writer, failures = Writer(box, way), 0
    for call in CALLS:
        if call in ("close", "ioctl"):
            continue
        for count in itertools.count(1):
            hit = once(writer, call, "error=" + CALLS[call], count)
            assert writer.manager == box.manager()
            writer.ends()
            writer.is_whole()
            assert box.zd("-Cconf", "reopen_transcript" if writer.way is
                          by_reopening else "rotate").status == 0
            if not hit:
                break
            failures += 1
    assert failures > 0
    print(f"{failures} failures")
    writer.leaves()


# --- what others put there -----------------------------------------------------

@pytest.mark.parametrize("name", [".out.next", ".out.last"])
@pytest.mark.parametrize("what", ["link", "fifo", "folder"])
def test_something_else_beside_the_log(box, what, name):
    """It is not followed, not read, and hinders nothing but a rotation."""
    box.write("other", "line\nwithout an end")
    if what == "link":
        os.symlink(box.at("other"), box.at(name))
    elif what == "fifo":
        os.mkfifo(box.at(name), 0o600)
    else:
        os.mkdir(box.at(name))
    writer = Writer(box, "rotate")
    until(writer.says(1))
    result = box.zd("-Cconf", "rotate")
    hindered = (what, name) == ("folder", ".out.next")
    assert result.status == int(hindered), result
    writer.ends()
    assert numbers(writer.text()) == [1, 2]
    assert box.read("other") == "line\nwithout an end"
