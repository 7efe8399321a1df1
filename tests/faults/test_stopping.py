"""How long a stop may take, and what it says where no signal gets through."""

import os
import re
import resource
import shutil
import signal
import time

import pytest

from support import (NOBODY, Traced, alive, as_stranger, cpu_seconds, gone,
                     process, until)

EVENTLOG = "<eventlog>\n <logfile>\n  path ev\n </logfile>\n</eventlog>\n"

STUBBORN = "trap '' TERM\necho > ready\nwhile :; do sleep 0.05; done\n"


def test_stop_timeout_bounds_the_program(box):
    """KILL when its time is over; no kill-grace is added."""
    box.script("prog", STUBBORN)
    box.conf("program ./prog", "stop-timeout 1", "kill-grace 30")
    pid = box.up("-Cconf")
    until(lambda: box.exists("ready"))
    result = box.zd("-Cconf", "stop")
    assert result.status == 0, result
    assert result.seconds >= 1 and result.effort < 2.5, result
    assert "did not end in time: SIGKILL sent" in result.err, result
    assert not alive(pid)


def test_the_tree_is_asked_when_the_program_is_gone(box):
    """A child has its say, but not before its program has had its own."""
    box.script("child", "trap 'date +%s.%N > told; sleep 0.3; echo > done; "
               "exit' TERM\necho > born\nwhile :; do sleep 0.02; done\n")
    box.script("prog", "./child &\ntrap '' TERM\nwhile :; do sleep 0.05; "
               "done\n")
    box.conf("program ./prog", "stop-timeout 0.6", "kill-grace 20",
             rest=EVENTLOG)
    box.up("-Cconf")
    until(lambda: box.exists("born"))
    result = box.zd("-Cconf", "stop")
    assert result.status == 0 and result.effort < 5, result
    assert box.exists("done")
    log = box.read("ev")
    assert log.index("SIGKILL sent") < log.index("terminated by SIGKILL")
    assert "had to be killed" not in log


def test_a_stop_takes_stop_timeout_and_kill_grace_at_most(box):
    """Program and child are stubborn: their times do not add up twice."""
    box.script("prog", "trap '' TERM\n(trap '' TERM; exec sleep 1000) &\n"
               "echo > ready\nwhile :; do sleep 0.05; done\n")
    box.conf("program ./prog", "stop-timeout 1", "kill-grace 1")
    box.up("-Cconf")
    until(lambda: box.exists("ready"))
    result = box.zd("-Cconf", "stop")
    assert result.status == 0, result
    assert result.seconds >= 2 and result.effort < 3.2, result
    until(lambda: not box.strays())


def test_kill_in_a_schedule_is_its_end(box):
    """What KILL takes is not waited for before the rest is asked."""
    box.script("prog", "trap '' TERM INT\nsleep 1000 &\necho > ready\n"
               "while :; do sleep 0.05; done\n")
    box.conf("program ./prog", "stop-schedule TERM/0.3/INT/0.3/KILL/600")
    box.up("-Cconf")
    until(lambda: box.exists("ready"))
    result = box.zd("-Cconf", "stop")
    assert result.status == 0, result
    assert result.seconds >= 0.6 and result.effort < 2, result
    until(lambda: not box.strays())


def test_kill_that_was_chosen_is_not_called_late(box):
    box.conf("program sleep 1000", "stop-signal KILL", rest=EVENTLOG)
    box.up("-Cconf")
    result = box.zd("-Cconf", "stop")
    assert result.status == 0 and result.err == "", result
    assert "in time" not in box.read("ev")


@pytest.mark.parametrize("name", ["INT", "TERM"])
def test_the_reply_names_the_signal(box, name):
    """zdaemon's own words where its signal is sent."""
    box.script("prog", STUBBORN.replace("TERM", "TERM INT"))
    box.conf("program ./prog", f"stop-signal {name}", "stop-timeout 0.5")
    box.up("-Cconf")
    until(lambda: box.exists("ready"))
    assert box.ask("restart") == f"Sent SIG{name}; will restart later\n"
    assert box.ask("stop") == f"Sent SIG{name}\n"
    until(lambda: box.pid() == 0)


# --- not permitted --------------------------------------------------------------------

def as_root(box, word="1000"):
    """A program that has become root under a stranger's supervisor."""
    shutil.copy("/usr/bin/setpriv", box.at("suid"))
    os.chmod(box.at("suid"), 0o4755)
    os.mkdir(box.at("run"))
    os.chown(box.at("run"), NOBODY.pw_uid, NOBODY.pw_gid)
    os.chmod(box.path, 0o755)
    box.conf("program ./suid --reuid=0 --regid=0 --clear-groups sleep "
             + word, "socket-name run/s", "stop-timeout 1", "kill-grace 0",
             "start-seconds 0.5",
             rest=EVENTLOG.replace("path ev", "path run/ev"))
    until(lambda: process(start_stranger(box)).name == "sleep")
    return box.pid("run/s")


def stranger(box, *words, **options):
    return box.zd("-Cconf", *words, preexec_fn=as_stranger(), **options)


def start_stranger(box):
    result = stranger(box, "start")
    assert result.status == 0, result
    return box.pid("run/s")


NOT_PERMITTED = "pid {} cannot be signalled: Operation not permitted"


@pytest.mark.root
@pytest.mark.parametrize("command", ["stop", "shutdown", "restart"])
def test_a_program_that_cannot_be_signalled(box, command):
    """Told at once, once, and truly; it is down when it has ended."""
    pid = as_root(box)
    said = NOT_PERMITTED.format(pid)
    result = stranger(box, command)
    assert result.status == 1, result
    assert result.seconds < 1, result
    assert said in result.err and "SIGKILL" not in result.all, result
    assert f"program running; pid={pid}\n" in result.out, result
    # Long after KILL was tried, again and again: no second warning.
    until(lambda: box.status("run/s")["state"] == "'stopping'"
          or box.status("run/s")["state"] == "stopping")
    until(lambda: float(box.status("run/s")["now"]) - float(
        box.status("run/s")["lasttime"]) > 4.5, 10)
    log = box.read("run/ev")
    assert log.count("cannot be signalled") == 1, log
    assert "SIGKILL sent" not in log and "killed" not in log, log
    os.kill(pid, signal.SIGKILL)
    manager = box.manager("run/s")
    if command == "restart":
        until(lambda: box.pid("run/s") not in (0, pid))
        os.kill(box.pid("run/s"), signal.SIGKILL)
        stranger(box, "shutdown")
    until(gone(manager), 10)


@pytest.mark.root
def test_the_wire_says_what_was_not_sent(box):
    pid = as_root(box)
    reply = "Kill 15 failed: Operation not permitted\n"
    assert box.ask("stop", "run/s") == reply
    assert box.ask("start", "run/s") == reply
    assert box.ask("restart", "run/s") == reply
    assert box.ask("kill", "run/s") == reply
    result = stranger(box, "kill", "INT")
    assert result.status == 1, result
    assert "Kill 2 failed: Operation not permitted" in result.err, result
    # Each who asks is told, also after KILL was tried.
    until(lambda: box.ask("stop", "run/s").startswith("Kill 9 failed"))
    result = stranger(box, "start")
    assert result.status == 1, result
    assert NOT_PERMITTED.format(pid) in result.err, result
    assert box.ask("exit", "run/s") == (
        "Kill 9 failed: Operation not permitted\n")
    manager = box.manager("run/s")
    os.kill(pid, signal.SIGKILL)
    until(gone(manager))


@pytest.mark.root
def test_what_is_left_and_cannot_be_signalled(box):
    """A child that became root: named once, and not waited for."""
    as_root(box)
    os.kill(box.pid("run/s"), signal.SIGKILL)
    stranger(box, "shutdown")
    until(lambda: box.status("run/s") is None)
    box.script("prog", "./suid --reuid=0 --regid=0 --clear-groups "
               "sleep 1000 &\nwait\n")
    os.unlink(box.at("run/ev"))
    box.conf("program ./prog", "socket-name run/s", "kill-grace 0.5",
             rest=EVENTLOG.replace("path ev", "path run/ev"))
    manager = box.manager("run/s") if start_stranger(box) else 0
    child = until(lambda: [one.pid for one in box.strays()
                           if one.name == "sleep"])[0]
    result = stranger(box, "stop")
    assert result.status == 1 and result.effort < 2.5, result
    assert re.search(rf"1 process of it is left and cannot be ended: "
                     rf"pid {child} \(sleep\)", result.err), result
    log = box.read("run/ev")
    assert log.count("cannot be signalled") == 1, log
    until(gone(manager))
    os.kill(child, signal.SIGKILL)
    until(gone(child))


@pytest.mark.strace
def test_a_signal_that_fails_is_not_called_sent(box):
    """kill(2) fails for a reason of its own: the reply says so."""
    calls = ["kill:error=EPERM", "pidfd_send_signal:error=EPERM"]
    traced = Traced(box, calls, "-p", "sleep 1000", "start")
    assert traced.finish().status == 0
    pid = box.pid()
    assert box.ask("kill HUP") == "Kill 1 failed: Operation not permitted\n"
    assert box.ask("stop") == "Kill 15 failed: Operation not permitted\n"
    assert box.status()["state"] == "stopping"
    manager = box.manager()
    os.kill(pid, signal.SIGKILL)
    until(gone(manager))


# --- starting ---------------------------------------------------------------------------

def test_text_file_busy_is_a_crash(box):
    """exec(2) fails as long as somebody has the file open for writing."""
    shutil.copy("/bin/sleep", box.at("busy"))
    box.conf("program ./busy 1000", "backoff-limit 2", "hang-around on",
             rest=EVENTLOG)
    with open(box.at("busy"), "ab"):
        result = box.zd("-Cconf", "start")
        assert result.status == 1, result
        assert "Text file busy" in result.err, result
        assert box.status()["backoff"] == "0" and not box.pid()
        log = box.read("ev")
        assert log.count("Text file busy") == 2, log
        assert "restarting too frequently; quit" in log
    box.up("-Cconf")


# --- waiting ----------------------------------------------------------------------------

def test_poll_that_fails_is_bounded_told_and_recovers(box):
    """A limit on descriptors that was lowered under the supervisor."""
    box.conf("program sleep 1000", rest=EVENTLOG)
    box.up("-Cconf")
    manager = box.manager()
    before = resource.prlimit(manager, resource.RLIMIT_NOFILE)
    resource.prlimit(manager, resource.RLIMIT_NOFILE, (1, before[1]))
    os.kill(manager, signal.SIGCHLD)        # out of the wait
    until(lambda: "unable to wait for events: Invalid argument"
          in box.read("ev"))
    spent = cpu_seconds(manager)
    time.sleep(1)
    assert cpu_seconds(manager) - spent < 0.2
    resource.prlimit(manager, resource.RLIMIT_NOFILE, before)
    until(lambda: box.pid() and box.manager() == manager)
    until(lambda: "waiting for events works again" in box.read("ev"))
    assert box.read("ev").count("unable to wait") == 1
