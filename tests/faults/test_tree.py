"""No survivors: whatever a program has started ends with it, however it tried
to get away."""

import json
import os
import re
import signal
import socket
import sys
import time

import pytest

from support import (Traced, alive, attach, descendants, gone,
                     process, serving, signal_quietly, until)

ROUNDS = 20 if os.environ.get("ZD_TORTURE") else 2

# Six ways out: a worker in the group, one that ignores TERM, a daemon by
# double fork and setsid, one without descriptors and environment, one that is
# stopped, and a relay that forks and exits all the time.
RUNAWAYS = f"""#!{sys.executable} -SE
import os, signal, sys, time

def away(body):
    if os.fork() == 0:
        body()
        os._exit(0)

def sleep():
    time.sleep(1000)

def stubborn():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sleep()

def daemon():
    os.setsid()
    away(sleep)

def bare():
    os.setsid()
    os.closerange(0, 256)
    os.execve("/bin/sleep", ["sleep", "1000"], {{}})

def stopped():
    os.kill(os.getpid(), signal.SIGSTOP)
    sleep()

def relay():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.setsid()
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if os.fork():
            os._exit(0)
        time.sleep(0.0002)
    open("uncaught", "w").close()

for body in sleep, stubborn, daemon, bare, stopped, relay:
    away(body)
open("ready", "w").close()
signal.pause()
"""


@pytest.mark.parametrize("number", range(ROUNDS))
def test_nothing_survives_a_stop(box, number):
    box.write("prog", RUNAWAYS, 0o755)
    box.conf("program ./prog", "kill-grace 0.2")
    box.up("-Cconf")
    manager = box.manager()
    until(lambda: box.exists("ready") and len(descendants(manager)) >= 6)
    result = box.zd("-Cconf", "stop", timeout=30)
    assert result.status == 0, result
    until(lambda: not box.strays())
    assert not box.exists("uncaught")


def test_zombies_are_no_survivors(box):
    """Where orphans go to somebody who is slow to reap, as in a container:
    what is dead is not waited for."""
    box.script("prog", "trap '' TERM\necho > ready\n"
               "while :; do sleep 0.02; done\n")
    box.conf("program ./prog", "stop-timeout 0", "kill-grace 0",
             rest="<eventlog>\n <logfile>\n  path ev\n </logfile>\n"
                  "</eventlog>\n")
    box.up("-Cconf")
    until(lambda: box.exists("ready"))
    result = box.zd("-Cconf", "stop")       # nobody reaps meanwhile
    assert result.status == 0, result
    assert "SIGKILL sent" in box.read("ev")
    assert "cannot be" not in box.read("ev")


@pytest.mark.strace
def test_without_proc(box):
    """Then the process group is what is known, and it goes."""
    box.script("prog", "trap '' TERM\n(trap '' TERM; sleep 1000) &\n"
               "echo $! > child\nwait\n")
    box.conf("program ./prog", "stop-timeout 0", "kill-grace 0.1")
    result = Traced(box, ["openat:error=ENOENT", "open:error=ENOENT"],
                    "-Cconf", "start", paths=["/proc"]).finish()
    assert result.status == 0, result
    child = int(until(lambda: box.read("child", "")))
    result = box.zd("-Cconf", "stop", timeout=30)
    assert result.status == 0, result
    assert "left" not in result.err, result
    until(gone(child))


def test_a_program_whose_first_thread_has_ended(box):
    """It runs, though it looks like a zombie; and it can be stopped."""
    box.write("prog", f"#!{sys.executable} -SE\nimport ctypes, threading, "
              "time\nthreading.Thread(target=time.sleep, args=(1000,), "
              "daemon=True).start()\nctypes.CDLL(None).pthread_exit(None)\n",
              0o755)
    pid = box.up("-p", "./prog")
    until(lambda: process(pid).state == "Z")
    manager = box.manager()
    time.sleep(0.3)
    assert box.pid() == pid and os.path.exists(f"/proc/{pid}/task")
    assert box.zd("-p", "./prog", "stop").status == 0
    until(gone(pid, manager))


def test_a_daemon_of_an_earlier_life_goes_before_the_next(box):
    """After a crash nothing old is left to hold an address."""
    box.script("prog", "echo x >> runs\n"
               "setsid sh -c 'echo $$ >> daemons; exec sleep 1000' "
               "</dev/null >/dev/null 2>&1 &\n"
               "until test -s daemons && test $(wc -l < runs) = "
               "$(wc -l < daemons); do sleep 0.01; done\n"
               "test $(wc -l < runs) = 1 && exit 9\nexec sleep 1000\n")
    box.conf("program ./prog", "start-seconds 0")
    box.zd("-Cconf", "start")
    until(lambda: len(box.lines("daemons")) == 2, 10)
    first, second = map(int, box.lines("daemons"))
    assert not alive(first) and alive(second)
    assert box.zd("-Cconf", "stop").status == 0
    assert not alive(second)


def test_kill_tree_off_leaves_them(box):
    box.script("prog", "sleep 1000 &\necho $! > child\nexec sleep 1000\n")
    box.conf("program ./prog", "kill-tree off")
    pid = box.up("-Cconf")
    child = int(until(lambda: box.read("child", "")))
    assert box.zd("-Cconf", "stop").status == 0
    assert not alive(pid) and alive(child)
    os.kill(child, 9)
    until(gone(child))


# --- how it is asked ---------------------------------------------------------

# Notes each signal it gets and goes on.
NOTES = """#!{python} -SE
import os, signal
def note(number, frame):
    with open("got", "a") as got:
        got.write(signal.Signals(number).name + "\\n")
    if signal.Signals(number).name == {last!r}:
        os._exit(0)
for name in "SIGTERM", "SIGQUIT", "SIGHUP", "SIGUSR1":
    signal.signal(getattr(signal, name), note)
open("ready", "w").close()
while True:
    signal.pause()
"""


def noting(box, *keys, last=None):
    box.write("prog", NOTES.format(python=sys.executable, last=last), 0o755)
    box.conf("program ./prog", *keys)
    pid = box.up("-Cconf")
    until(lambda: box.exists("ready"))
    return pid


def test_stop_signal(box):
    noting(box, "stop-signal SIGUSR1", last="SIGUSR1")
    result = box.zd("-Cconf", "stop")
    assert (result.status, result.err) == (0, ""), result
    assert box.lines("got") == ["SIGUSR1"]


def test_stop_schedule(box):
    """Each signal in its turn, to the program alone; then KILL, told."""
    pid = noting(box, "stop-schedule TERM/0.2/HUP/0.2/QUIT/0.2/KILL",
                 "stop-timeout 300", "kill-grace 300")
    result = box.zd("-Cconf", "stop")
    assert result.status == 0, result
    assert box.lines("got") == ["SIGTERM", "SIGHUP", "SIGQUIT"]
    assert f"pid {pid} did not end in time: SIGKILL sent" in result.err, result


def test_stop_schedule_ends_with_the_program(box):
    noting(box, "stop-schedule TERM/0.2/QUIT/300/KILL", last="SIGQUIT")
    result = box.zd("-Cconf", "stop")
    assert (result.status, result.err) == (0, ""), result
    assert box.lines("got") == ["SIGTERM", "SIGQUIT"]


def test_stop_schedule_is_told_to_a_stopped_program(box):
    pid = noting(box, "stop-schedule QUIT/300", last="SIGQUIT")
    os.kill(pid, signal.SIGSTOP)
    until(lambda: process(pid).state == "T")
    assert box.zd("-Cconf", "stop").status == 0
    assert box.lines("got") == ["SIGQUIT"]


@pytest.mark.parametrize("value,why", [
    ("TERM", "a time is missing after SIGTERM; only KILL may be the last"),
    ("TERM/30/KIL", "'KIL' is no signal; did you mean KILL?"),
    ("STOP/5/KILL", "SIGSTOP never ends a program"),
    ("TERM/soon/KILL", "'soon' after SIGTERM is no duration")])
def test_a_wrong_schedule_is_told_with_its_line(box, value, why):
    box.conf("program sleep 100", f"stop-schedule {value}")
    result = box.zd("-Cconf", "check")
    assert result.status == 2, result
    assert re.search(r"conf:3: .*" + re.escape(why), result.all), result


# --- who had to be killed, and who could not be -------------------------------

def test_stop_names_whom_it_had_to_kill(box):
    box.script("prog", "(trap '' TERM; echo > ready; exec sleep 1000) &\n"
               "echo $! > child\nexec sleep 1000\n")
    box.conf("program ./prog", "kill-grace 0.1")
    box.up("-Cconf")
    until(lambda: box.exists("ready"))
    child = int(until(lambda: box.read("child", "")))
    result = box.zd("-Cconf", "stop")
    assert result.status == 0, result
    assert re.search(r"1 process that it had started had to be killed: "
                     rf"pid {child} \(\w+\)", result.err), result
    assert result.out.endswith("daemon process stopped\n")
    assert not alive(child)


@pytest.mark.strace
def test_stop_names_what_is_left(box):
    """A process that cannot be signalled: named, exit status 1."""
    box.script("prog", "sleep 1000 &\necho $! > child\nexec sleep 1000\n")
    box.conf("program ./prog", "kill-grace 0.1")
    result = Traced(box, ["pidfd_send_signal:error=EPERM"], "-Cconf",
                    "start").finish()
    assert result.status == 0, result
    child = int(until(lambda: box.read("child", "")))
    result = box.zd("-Cconf", "stop", timeout=60)
    assert result.status == 1, result
    assert re.search(r"Error: 1 process of it is left and cannot be ended: "
                     rf"pid {child} \(sleep\)", result.err), result
    assert alive(child)
    signal_quietly(child, signal.SIGKILL)
    until(gone(child))


@pytest.mark.strace
def test_who_asks_is_answered_while_nothing_can_be_ended(box):
    """One that runs within the kernel: stopped and killed again and again."""
    box.conf("program sleep 1000", "start-seconds 0", "stop-timeout 0",
             "kill-grace 0")
    pid = box.up("-Cconf")
    tracer = attach(box, box.manager(), "pidfd_send_signal,kill:retval=0")
    stopper = box.later("-Cconf", "stop")
    until(lambda: box.status()["state"] == "stopping")
    for _ in range(3):
        result = box.zd("-Cconf", "status")
        assert (result.status, result.err) == (0, ""), result
        assert f"pid={pid}" in result.out, result
    tracer.send_signal(signal.SIGINT)
    assert box.finish(stopper).status == 0
    until(gone(pid))


# --- tree -----------------------------------------------------------------------

FAMILY = ("sleep 1001 &\n(sleep 1002; :) &\n"
          "setsid sh -c 'sleep 1003; :' &\n"
          "while ! test -e go; do sleep 0.01; done\nexec sleep 1004\n")


def family(box):
    """{last word: process} of what tree tells."""
    result = box.zd("-p", "./prog", "tree", "--json")
    assert result.status == 0, result
    told = json.loads(result.out)
    assert told["more"] == 0
    return {one["command"].split(" ")[-1]: one for one in told["processes"]
            if one["command"].startswith("sleep 100")}


def test_tree(box):
    """Each process with its parent, age, memory, and whether it has left."""
    box.script("prog", FAMILY)
    pid = box.up("-p", "./prog")
    box.write("go", "")
    until(lambda: len(family(box)) == 4)
    known = family(box)
    assert known["1004"]["pid"] == pid
    assert known["1004"]["parent"] == box.manager()
    assert known["1001"]["parent"] == pid
    assert [known[name]["left"] for name in ("1001", "1002", "1003", "1004")
            ] == [None, None, "session", None]
    for one in known.values():
        real = process(one["pid"])
        assert (real.parent, real.group, real.session, real.name) == (
            one["parent"], one["group"], one["session"], one["name"])
        assert 0 <= one["age"] < 100 and one["memory"] > 100000
    lines = box.zd("tree").out.splitlines()
    assert lines[0].split() == ["PID", "AGE", "MEMORY", "LEFT", "COMMAND"]
    at = {line.split()[0]: line for line in lines[1:]}
    parent, child = (at[str(known[name][key])] for name, key in (
        ("1002", "parent"), ("1002", "pid")))
    assert child.index("sleep 1002") == parent.index("/bin/sh ./prog") + 2
    assert " session " in at[str(known["1003"]["pid"])]


def test_tree_without_a_program(box):
    result = box.zd("tree")
    assert (result.status, result.out) == (3, "daemon manager not running\n")
    box.conf("program sleep 100", "hang-around on")
    box.up("-Cconf")
    box.zd("-Cconf", "stop")
    result = box.zd("-Cconf", "tree")
    assert (result.status, result.out) == (0, "no process\n")


def test_tree_of_many(box):
    """More than one answer holds: the rest is counted."""
    box.write("prog", f"#!{sys.executable} -SE\nimport os, signal\n"
              "for _ in range(260):\n if os.fork() == 0: signal.pause()\n"
              "open('ready', 'w').close()\nsignal.pause()\n", 0o755)
    box.up("-p", "./prog")
    until(lambda: box.exists("ready"), 20)
    told = json.loads(box.zd("tree", "--json").out)
    assert len(told["processes"]) + told["more"] == 261
    assert told["more"] > 0
    assert re.search(r"\nand \d+ more\n", box.zd("tree").out)
    assert box.zd("-p", "./prog", "stop", timeout=40).status == 0
    until(lambda: not box.strays())


def saying(reply):
    """The same to everybody."""
    def answer(sock):
        sock.recv(4096)
        sock.sendall(reply.encode())
    return answer


def test_a_peer_that_lies_about_its_tree(box):
    """Loops, escapes and nonsense change where a line stands, no more."""
    reply = ("process pid=5 parent=6 state=S name=a command='x \x1b[31m'\n"
             "process pid=6 parent=5 state=S name=b\n"
             "process pid=7 parent=7 state=S name=c\n"
             "process pid=-1 parent=5 state=S name=d\n"
             "process pid=99999999999999999999 parent=5\n"
             "nonsense\nmore=-3\n")
    with serving(box.at("zdsock"), saying(reply)):
        result = box.zd("tree")
    assert result.status == 0, result
    assert sorted(line.split()[0] for line in result.out.splitlines()) == [
        "5", "6", "7", "PID"]


def test_a_daemon_of_an_adopted_program_goes_too(box):
    """Born under a supervisor that was killed: known by its mark."""
    box.script("prog", FAMILY)
    pid = box.up("-p", "./prog")
    box.write("go", "")
    until(lambda: len(family(box)) == 4)
    before = {name: one["pid"] for name, one in family(box).items()}
    manager = box.manager()
    os.kill(manager, signal.SIGKILL)
    until(gone(manager))
    assert {name: one["pid"] for name, one in family(box).items()} == before
    result = box.zd("-p", "./prog", "start")
    assert result.status == 0 and f"pid={pid}\n" in result.out, result
    assert {name: one["pid"] for name, one in family(box).items()} == before
    assert box.zd("-p", "./prog", "stop").status == 0
    until(gone(*before.values()))
