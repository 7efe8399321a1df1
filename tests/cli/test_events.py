"""events: what has happened, told once more."""

import json
import os
import re
import signal
import socket

from support import serving, until

LINE = re.compile(r"(\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d ([-+!~*]) (.*)")
STATUS = (b"status=running\nnow=1.0\nshould_be_up=1\ndelay=0\nbackoff=0\n"
          b"lasttime=0\napplication=1\ntesting=0\nmanager=2\n"
          b"backofflimit=10\nfilename='/bin/sleep'\nargs=['sleep', '100']\n")


def told(result):
    """The notices, as mark and text."""
    assert (result.status, result.err) == (0, ""), result
    found = [LINE.fullmatch(line) for line in result.out.splitlines()]
    assert all(found), result
    return [(one[2], one[3]) for one in found]


def test_nobody_there(box):
    box.conf(program="sleep 100")
    result = box.zd("-Cconf", "events")
    assert (result.status, result.all) == (3, "daemon manager not running\n")


def test_a_life(box):
    """Start, crash, start, a signal with who sent it."""
    box.conf(program="sleep 100")
    first = box.up("-Cconf")
    os.kill(first, signal.SIGKILL)
    second = until(lambda: box.pid() not in (0, first) and box.pid())
    ready = ("+", f"sleep is ready, pid {second}")
    until(lambda: ready in told(box.zd("-Cconf", "events")))
    box.zd("-Cconf", "kill", "CONT")
    events = told(box.zd("-Cconf", "events"))
    assert events[:2] == [("+", f"sleep started, pid {first}"),
                          ("+", f"sleep is ready, pid {first}")]
    assert events[2][0] == "!"
    assert events[2][1].startswith("sleep exited: signal 9 (KILL), after ")
    assert events[2][1].endswith("; restart 1 of 10 in 1s")
    assert events[3:5] == [("+", f"sleep started, pid {second}"), ready]
    assert events[5][0] == "*"
    assert re.fullmatch(r"\w+ \(pid \d+\) sent CONT to sleep", events[5][1])
    assert told(box.zd("-Cconf", "events", "-n2")) == events[-2:]
    assert told(box.zd("-Cconf", "events", "-n", "0")) == []


def test_the_last_two_after_a_start_are_two(box):
    box.conf(program="sleep 100")
    pid = box.up("-Cconf")
    assert told(box.zd("-Cconf", "events", "-n", "2")) == [
        ("+", f"sleep started, pid {pid}"), ("+", f"sleep is ready, pid {pid}")]


def test_an_upgrade_that_worked_is_no_trouble(box):
    box.conf(program="sleep 100")
    box.up("-Cconf")
    assert box.zd("-Cconf", "upgrade").status == 0
    (mark, text) = told(box.zd("-Cconf", "events", "-n", "1"))[0]
    assert mark == "*" and "upgraded to version" in text


def test_no_limit_is_told_where_there_is_none(box):
    box.conf(program="sleep 100", forever="true")
    first = box.up("-Cconf")
    os.kill(first, signal.SIGKILL)
    until(lambda: box.pid() not in (0, first) and box.pid())
    events = told(box.zd("-Cconf", "events"))
    assert events[2][1].endswith("; restart in 1s")


def test_for_machines(box):
    box.conf(program="sleep 100")
    pid = box.up("-Cconf")
    for args in (["events", "--json"], ["--json", "events"]):
        events = json.loads(box.zd("-Cconf", *args).out)["events"]
        starting = events[0]
        assert (starting["event"], starting["pid"]) == ("starting", pid)
        assert starting["signal"] is None and starting["at"] > 1e9
        assert [one["seq"] for one in events] == list(
            range(1, len(events) + 1))


def test_only_the_last_are_kept(box):
    """However many there were, 200 at the most, and the newest are there."""
    box.conf(program="sleep 100")
    pid = box.up("-Cconf")
    with socket.socket(socket.AF_UNIX) as ear:
        ear.connect(box.at("zdsock"))
        ear.sendall(b"events\n")
        for number in range(230):
            assert box.ask("kill 18") is not None
    events = told(box.zd("-Cconf", "events"))
    assert 1 < len(events) <= 200
    assert events[-1][1].endswith("sent CONT to sleep")
    assert ("+", f"sleep started, pid {pid}") not in events


def test_a_wrong_number(box):
    box.conf(program="sleep 100")
    for number in ("x", "-1", "201", ""):
        result = box.zd("-Cconf", "events", f"--lines={number}")
        assert result.status == 2 and "no number" in result.err, result


def test_one_that_has_no_events(box):
    """zdaemon's own supervisor: it is said, and nothing is made up."""
    def answer(sock):
        word = sock.recv(100)
        sock.sendall(STATUS if word == b"status\n" else
                     b"Unknown command '%s'\n" % word.split()[0])

    box.conf(program="sleep 100")
    with serving(box.at("zdsock"), answer):
        result = box.zd("-Cconf", "events")
    assert result.status == 1 and "too old to tell" in result.err
    assert result.out == ""
