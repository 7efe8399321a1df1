"""No survivors: whatever a program has started ends with it, however it tried
to get away."""

import os
import sys
import time

import pytest

from support import (Traced, alive, descendants, fallbacks, gone, process,
                     until)

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


@pytest.mark.skipif(fallbacks(), reason="only a subreaper can")
@pytest.mark.parametrize("number", range(ROUNDS))
def test_nothing_survives_a_stop(box, number):
    box.write("prog", RUNAWAYS, 0o755)
    box.conf("program ./prog", "kill-grace 0.2")
    box.up("-Cconf")
    manager = box.manager()
    until(lambda: box.exists("ready") and len(descendants(manager)) >= 6)
    result = box.zd("-Cconf", "stop", timeout=30)
    assert result.status == 0, result
    assert not box.strays()
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
    if fallbacks():
        pytest.skip("only a subreaper can")
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
