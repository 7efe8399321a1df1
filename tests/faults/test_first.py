"""In the foreground: as the first process of a container, in a group that is
signalled as a whole, on a terminal that hangs up; and what is said meanwhile."""

import os
import pty
import re
import signal

import pytest

from support import alive, until

COUNTS = ("for name in TERM INT HUP USR1; do\n"
          "trap \"echo $name >> got\" $name\ndone\n"
          "echo $$ > ready\nwhile :; do sleep 0.05; done\n")


def container(box, *words):
    """zdaemon as PID 1 of a name space of its own; the process outside."""
    child = box.popen(["unshare", "-pf", "--kill-child", "--mount-proc",
                       box.programs.zdaemon, "-Cconf", *words])
    until(lambda: box.read("ready", ""))
    first = until(lambda: [one for one in box.strays()
                           if one.parent == child.pid])[0]
    return child, first.pid


def got(box):
    return box.read("got", "").split()


FIRST = [("fg",), ("start",)]


@pytest.mark.root
@pytest.mark.parametrize("words", FIRST)
def test_first_passes_signals_on(box, words):
    """All but those that end everything reach the program, once each."""
    box.script("prog", COUNTS)
    box.conf("program ./prog", "daemon off", "stop-timeout 0.3",
             "kill-grace 0")
    child, first = container(box, *words)
    for name in ("HUP", "USR1"):
        os.kill(first, getattr(signal, "SIG" + name))
        until(lambda: name in got(box))
    assert got(box) == ["HUP", "USR1"]
    os.kill(first, signal.SIGTERM)
    assert box.finish(child).status == 137
    assert got(box) == ["HUP", "USR1", "TERM"]


@pytest.mark.root
@pytest.mark.parametrize("name", ["INT", "QUIT", "TERM"])
@pytest.mark.parametrize("words", FIRST)
def test_first_stops_by_schedule(box, words, name):
    """A program that ignores it is killed when its time is over."""
    box.script("prog", "trap '' INT QUIT TERM\necho > ready\n"
               "while :; do sleep 0.05; done\n")
    box.conf("program ./prog", "daemon off", "kill-grace 0",
             "stop-schedule INT/0.2/TERM/0.2")
    child, first = container(box, *words)
    os.kill(first, getattr(signal, "SIG" + name))
    assert box.finish(child, 5).status == 137


@pytest.mark.root
@pytest.mark.parametrize("words", FIRST)
def test_first_reaps_orphans(box, words):
    box.script("prog", "(sleep 0.01 &)\n(sleep 0.02 &)\necho > ready\n"
               "sleep 1000\n")
    box.conf("program ./prog", "daemon off", "kill-grace 0")
    child, first = container(box, *words)

    def below():
        with open(f"/proc/{first}/task/{first}/children") as file:
            return file.read().split()

    until(lambda: len(below()) == 1)
    os.kill(first, signal.SIGTERM)
    box.finish(child)


@pytest.mark.parametrize("words", FIRST)
def test_term_to_the_whole_group_comes_once(box, words):
    """Without a terminal: the program is in a group of its own."""
    box.script("prog", "trap 'echo TERM >> got; sleep 0.3; exit 4' TERM\n"
               "echo > ready\nwhile :; do sleep 0.05; done\n")
    box.conf("program ./prog", "daemon off", "exit-codes 4")
    child = box.later("-Cconf", *words)     # in a session of its own
    until(lambda: box.exists("ready"))
    os.killpg(child.pid, signal.SIGTERM)
    assert box.finish(child).status == 4
    assert got(box) == ["TERM"]


def on_a_terminal(box, *words):
    """zdaemon on a terminal of its own; its pid and the other end."""
    pid, master = pty.fork()
    if pid == 0:
        try:
            os.chdir(box.path)
            os.execv(box.programs.zdaemon,
                     [box.programs.zdaemon, "-Cconf", *words])
        finally:
            os._exit(126)
    return pid, master


def test_a_terminal_that_hangs_up_ends_it(box):
    """Nothing is started again on a terminal that is dead."""
    box.script("prog", "echo $$ > ready\nwhile :; do sleep 0.05; done\n")
    box.conf("program ./prog", "daemon off")
    pid, master = on_a_terminal(box, "start")
    program = int(until(lambda: box.read("ready", "")))
    os.close(master)
    until(lambda: os.waitpid(pid, os.WNOHANG)[0] == pid)
    assert not alive(program) and not box.exists("zdsock")


def test_starts_and_ends_are_told_on_standard_error(box):
    """Where nobody looks at a terminal and no event log is configured."""
    box.script("crash", "exit 3\n")
    box.conf("program ./crash", "daemon off", "backoff-limit 2")
    result = box.zd("-Cconf", "start")
    assert result.status == 3, result
    told = [re.sub(r"\d+", "N", line) for line in result.err.splitlines()]
    once = ["zdrun: spawned process pid=N", "zdrun: pid N: exit status N"]
    assert told == [*once, "zdrun: sleep N to avoid rapid restarts", *once,
                    "zdrun: restarting too frequently; quit"], result


def test_an_event_log_says_it_instead(box):
    box.script("crash", "exit 3\n")
    box.conf("program ./crash", "daemon off", "backoff-limit 1",
             rest="<eventlog>\n <logfile>\n  path ev\n </logfile>\n"
             "</eventlog>\n")
    result = box.zd("-Cconf", "start")
    assert "spawned" not in result.err, result
    assert "spawned process pid=" in box.read("ev")


def test_a_terminal_is_left_to_the_program(box):
    box.script("crash", "exit 3\n")
    box.conf("program ./crash", "daemon off", "backoff-limit 1")
    pid, master = on_a_terminal(box, "start")
    shown = b""
    try:
        while True:
            piece = os.read(master, 4096)
            if not piece:
                break
            shown += piece
    except OSError:
        pass
    os.waitpid(pid, 0)
    os.close(master)
    assert b"spawned" not in shown, shown
