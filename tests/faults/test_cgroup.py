"""A control group of the program's own, where one was delegated to us: nothing
that the program has started gets out of it."""

import os
import signal
import sys

import pytest

from support import (alive, descendants, gone, signal_sets, take,
                     until)

pytestmark = pytest.mark.root

TOP = next((top for top in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
            if os.path.exists(top + "/cgroup.procs")
            and os.access(top, os.W_OK)
            and not os.statvfs(top).f_flag & os.ST_RDONLY), None)

# Nothing tells whose it is but the group: no parent, session or environment.
PROGRAM = f"""#!{sys.executable} -SE
import os, signal, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open("stray", "w").write(str(os.getpid()))
        os.execve("/bin/sleep", ["sleep", "1000"], {{}})
    os._exit(0)
os.wait()
signal.pause()
"""


def group_of(pid):
    with open(f"/proc/{pid}/cgroup") as file:
        return [line.strip()[3:] for line in file
                if line.startswith("0::")][0]


class Group:
    """A group in which zdaemon is run."""

    def __init__(self, box):
        self.box = box
        self.path = os.path.join(TOP, f"zdtest.{os.getpid()}")
        os.mkdir(self.path)

    def delegate(self):
        os.setxattr(self.path, "user.delegate", b"1")

    def enter(self):
        with open(os.path.join(self.path, "cgroup.procs"), "w") as procs:
            procs.write(str(os.getpid()))

    def start(self):
        result = self.box.zd("-p", "./prog", "start", preexec_fn=self.enter)
        assert result.status == 0, result
        return self.box.pid()

    def inside(self):
        return sorted(name for name in os.listdir(self.path)
                      if name.startswith("zdaemon-"))


@pytest.fixture
def group(box):
    if TOP is None:
        pytest.skip("no control groups of version 2 that can be written")
    try:
        group = Group(box)
        os.setxattr(group.path, "user.delegate", b"0")
    except OSError as error:
        pytest.skip(f"no groups can be made here: {error}")
    box.write("prog", PROGRAM, 0o755)
    yield group
    for one in box.strays():
        os.kill(one.pid, signal.SIGKILL)
    until(lambda: not box.strays())
    for name in group.inside():
        os.rmdir(os.path.join(group.path, name))
    os.rmdir(group.path)


def stray(box):
    return int(until(lambda: box.read("stray", "")))


def test_what_was_not_given_is_not_used(box, group):
    """Root could make groups anywhere."""
    pid = group.start()
    assert group_of(pid) == group_of(box.manager())
    assert group.inside() == []
    assert box.zd("-p", "./prog", "stop").status == 0


def test_nothing_gets_out(box, group):
    """Not even what was born under a supervisor that is gone."""
    group.delegate()
    pid = group.start()
    left = stray(box)
    assert group_of(pid) == group_of(left) != group_of(box.manager())
    manager = box.manager()
    os.kill(manager, signal.SIGKILL)
    until(lambda: take(manager))
    assert group.start() == pid
    assert left not in [one.pid for one in descendants(box.manager())]
    stop = box.later("-p", "./prog", "stop")
    until(lambda: take(pid))
    until(lambda: take(left))
    result = box.finish(stop)
    assert result.status == 0, result
    until(gone(box.manager(), left))
    until(lambda: group.inside() == [])


@pytest.mark.parametrize("upgraded", [False, True])
def test_the_word_that_ends_all(box, group, upgraded):
    """KILL is told to the group: whoever is in it, found by us or not."""
    group.delegate()
    box.script("stubborn", "trap '' TERM\n: > ready\n"
               "while :; do sleep 0.05; done\n")
    box.conf("program ./stubborn", "stop-timeout 0.1", "kill-grace 0")
    result = box.zd("-Cconf", "start", preexec_fn=group.enter)
    assert result.status == 0, result
    until(lambda: box.exists("ready"))
    if upgraded:
        assert box.zd("upgrade").status == 0
    hidden = box.popen(["sleep", "1000"])       # no child of the supervisor
    inside = os.path.join(group.path, group.inside()[0])
    with open(os.path.join(inside, "cgroup.procs"), "w") as procs:
        procs.write(str(hidden.pid))
    assert box.zd("-Cconf", "stop").status == 0
    assert hidden.wait(10) == -signal.SIGKILL


def test_an_upgrade_while_only_the_rest_is_left(box, group):
    """The program has gone already; its group is not forgotten."""
    group.delegate()
    box.script("parent", "sh -c 'trap \"\" TERM; : > ready; "
               "while :; do sleep 0.05; done' &\nwait\n")
    box.conf("program ./parent", "kill-grace 3")
    result = box.zd("-Cconf", "start", preexec_fn=group.enter)
    assert result.status == 0, result
    until(lambda: box.exists("ready"))
    hidden = box.popen(["sh", "-c", "trap '' TERM; exec sleep 1000"])
    until(lambda: signal.SIGTERM in signal_sets(hidden.pid)["SigIgn"])
    inside = os.path.join(group.path, group.inside()[0])
    with open(os.path.join(inside, "cgroup.procs"), "w") as procs:
        procs.write(str(hidden.pid))
    stop = box.later("-Cconf", "stop")
    until(lambda: box.pid() == 0)
    assert box.zd("upgrade").status == 0
    assert box.finish(stop).status == 0
    assert hidden.wait(10) == -signal.SIGKILL


def test_what_an_earlier_life_left_lives_on(box, group):
    """A program that made itself a daemon and ended well."""
    group.delegate()
    box.write("prog", PROGRAM.replace("signal.pause()", ""), 0o755)
    box.zd("-p", "./prog", "start", preexec_fn=group.enter)
    left = stray(box)
    until(lambda: not box.exists("zdsock"))
    box.write("prog", "#!/bin/sh\nexec sleep 1000\n", 0o755)
    pid = group.start()
    assert group_of(pid) != group_of(left)
    assert box.zd("-p", "./prog", "stop").status == 0
    assert alive(left) and not alive(pid)
