"""The session knows how things stand and tells what happens: prompts and
notices, compared as whole screens."""

import os
import re
import shutil
import signal
import socket
import sys
import threading
import time

import pytest

import support

CLOCK = re.compile(r"^\d\d:\d\d:\d\d ")
SIZES = [(24, 80), (12, 60), (8, 40)]


def told(terminal):
    """The notices on the screen, without their times."""
    return [CLOCK.sub("", row) for row in terminal.lines if CLOCK.match(row)]


@pytest.fixture
def running(box, open_terminal):
    """A session beside a program that runs."""
    def start(rows=24, cols=80, **options):
        box.conf(program="sleep 100")
        box.up("-C", "conf")
        terminal = open_terminal("-C", "conf", rows=rows, cols=cols,
                                 **options)
        terminal.wait_prompt()
        terminal.wait_for(lambda: terminal.right == "sleep running")
        return terminal

    return start


@pytest.fixture
def cut_off(box, open_terminal):
    """A session whose supervisor has just lost the directory of its socket."""
    os.mkdir(box.at("run"))
    box.conf("program sleep 100", "socket-name run/zdsock")
    pid = box.up("-C", "conf")
    manager = box.manager("run/zdsock")
    terminal = open_terminal("-C", "conf", cols=200)
    terminal.wait_for(lambda: terminal.right == "sleep running")
    os.rename(box.at("run"), box.at("old"))
    shutil.rmtree(box.at("old"))
    terminal.wait_for(lambda: terminal.right == "sleep out of reach")
    return terminal, pid, manager


def test_a_socket_that_is_lost_makes_no_second_copy(box, cut_off):
    """The session hears its supervisor still, and says which one it is."""
    terminal, pid, manager = cut_off
    assert terminal.color("zdaemon>") == "red"
    for command in ("status", "start", "restart"):
        rows = "\n".join(terminal.run(command))
        assert f"pid {manager}, runs, but has lost" in rows, rows
        assert f"kill -TERM {manager}" in rows, rows
    assert [one.pid for one in support.descendants()
            if one.name == "sleep"] == [pid]
    os.mkdir(box.at("run"))
    terminal.wait_for(lambda: terminal.right == "sleep running", 10)
    assert terminal.run("start") == [
        f"daemon process already running; pid={pid}"]


def test_another_supervisor_at_the_socket(box, cut_off):
    """Nothing is asked of one that the session does not hear."""
    terminal, pid, manager = cut_off
    os.kill(manager, signal.SIGSTOP)    # so that it does not take its place
    os.mkdir(box.at("run"))
    other = box.up("-C", "conf")
    assert other != pid
    rows = "\n".join(terminal.run("stop"))
    assert f"pid {manager}, runs, but another one listens" in rows, rows
    assert support.alive(other)
    os.kill(manager, signal.SIGTERM)
    os.kill(manager, signal.SIGCONT)
    support.until(support.gone(manager, pid))
    terminal.wait_for(lambda: terminal.right == "sleep running")
    assert terminal.run("start") == [
        f"daemon process already running; pid={other}"]


# --- prompts ---------------------------------------------------------------

def test_the_right_prompt_follows(box, session):
    assert session.right == "sleep down"
    box.up("-C", "conf")
    session.wait_for(lambda: session.right == "sleep running")
    assert session.color("zdaemon>") == "green"
    box.down("-C", "conf")
    session.wait_for(lambda: session.right == "sleep down")
    assert session.color("zdaemon>") == "default"


def test_a_retry_counts_down(box, open_terminal):
    box.conf(program="/bin/sleep 100", backoff_limit=10)
    pid = box.up("-C", "conf")
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt()
    seen = set()

    def look():
        seen.add(terminal.right)
        found = box.pid()
        if found and found != pid and "sleep retry in 2s" not in seen:
            support.signal_quietly(found, signal.SIGKILL)
        return {"sleep retry in 2s", "sleep retry in 1s"} <= seen

    os.kill(pid, signal.SIGKILL)
    terminal.wait_for(look, 20)


@pytest.mark.parametrize("hang_around", ["true", "false"])
def test_one_that_has_done_its_work(box, open_terminal, hang_around):
    """Told in one line, and no defeat: its status is one of exit-codes."""
    box.write("work.py", "import signal, sys, time\n"
              "signal.signal(15, lambda *_: sys.exit(7))\n"
              "open('ready', 'w').close()\n"
              "time.sleep(100)\n")
    box.conf(f"program {sys.executable} work.py", "exit-codes 0,7",
             f"hang-around {hang_around}")
    pid = box.up("-C", "conf")
    terminal = open_terminal("-C", "conf")
    terminal.wait_for(lambda: terminal.right == "work running" and
                      box.exists("ready"))
    os.kill(pid, signal.SIGTERM)
    terminal.wait_for(lambda: terminal.right == "work ended")
    line, = told(terminal)
    assert re.fullmatch(r"! work exited: status 7, after \w+; "
                        r"not started again", line)
    assert terminal.run("start")[0].startswith("daemon process started")
    terminal.wait_for(lambda: terminal.right == "work running")


def test_the_uptime_goes_on_by_itself(box, open_terminal):
    """Nothing happens and no key is pressed."""
    box.conf(program="sleep 100")
    supervisor = Flood(box.at("zdsock"), 0, uptime=59000)
    try:
        terminal = open_terminal("-C", "conf")
        terminal.wait_for(lambda: terminal.right == "sleep running")
        terminal.wait_for(lambda: terminal.right == "sleep running 1m")
    finally:
        supervisor.close()


def test_a_script_has_its_own_name(box, open_terminal):
    box.write("demo.sh", "sleep 100\n")
    box.conf(program="sh -e ./demo.sh")
    terminal = open_terminal("-C", "conf")
    terminal.wait_for(lambda: terminal.right == "demo down")
    box.up("-C", "conf")
    terminal.wait_for(lambda: terminal.right == "demo running")
    assert re.match(r"\+ demo started, pid \d+", told(terminal)[0])
    assert '"name": "demo"' in terminal.run("status --json")[0]


def test_colours_are_left_out(box, running):
    terminal = running(env={"NO_COLOR": "1"})
    terminal.type("version x")
    assert terminal.right == "sleep running"
    assert not re.search(rb"\x1b\[[0-9;]*[34][0-7]m|\x1b\[2m", terminal.raw)


def test_a_narrow_terminal_is_told_in_lines(box, open_terminal):
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", rows=12, cols=24)
    terminal.wait_prompt()
    assert terminal.right == ""
    box.up("-C", "conf")
    terminal.wait_for("sleep running")
    assert terminal.at_prompt()


def test_a_narrow_terminal_is_told_what_it_has_missed(box, open_terminal):
    """The supervisor is heard only when all has happened."""
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", rows=12, cols=24)
    terminal.wait_prompt()
    os.kill(terminal.pid, signal.SIGSTOP)
    try:
        box.up("-C", "conf")
    finally:
        os.kill(terminal.pid, signal.SIGCONT)
    terminal.wait_for("sleep running")
    assert terminal.at_prompt()


@pytest.mark.parametrize("command", ["stop", "status"])
def test_an_answer_that_does_not_come_is_not_awaited_for_ever(
        box, running, command):
    """What is awaited is told, and ^C is obeyed before an order is sent."""
    terminal = running()
    pid, manager = box.pid(), box.manager()
    os.kill(manager, signal.SIGSTOP)
    try:
        begun = time.monotonic()
        terminal.send(command + "\r")
        terminal.wait_for("waiting for the supervisor to answer ... 1 s")
        terminal.interrupt()
        assert support.SLOW > 1 or time.monotonic() - begun < 4
        assert "no answer from" in terminal.text
        assert "waiting for the supervisor" not in terminal.text
        assert "^C^C" not in terminal.text
    finally:
        os.kill(manager, signal.SIGCONT)
    terminal.wait_for(lambda: terminal.run("status") [0] ==
                      f"program running; pid={pid}")
    assert "should_be_up=1" in terminal.run("status -l")


def test_how_long_a_stop_may_take(box, open_terminal):
    box.write("deaf.sh", "trap '' TERM\nwhile :; do sleep 0.1; done\n")
    box.conf("program sh deaf.sh", "stop-timeout 2s", "kill-grace 0")
    pid = box.up("-C", "conf")
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt()
    terminal.send("stop\r")
    terminal.wait_for("stopping: KILL after 2s ... 1 s")
    terminal.wait_prompt()
    assert f"pid {pid} did not end in time: SIGKILL sent" in terminal.text


def test_a_key_that_is_shown_is_not_shown_twice(running):
    terminal = running()
    terminal.send("wait\r")
    terminal.pump(0.2)
    terminal.interrupt()
    assert "^C^C" not in terminal.text


def test_a_plain_terminal_is_told_before_the_next_prompt(box, open_terminal):
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", env={"TERM": "dumb"})
    terminal.wait_prompt()
    pid = box.up("-C", "conf")

    def is_told():
        terminal.pump(0.3)
        terminal.run("version")
        return "+ sleep started" in terminal.text

    support.until(is_told)
    assert told(terminal) == [f"+ sleep started, pid {pid}"]
    assert "sleep running" in terminal.lines
    assert b"\x1b" not in terminal.raw


def test_the_prompt_key_is_live(box, open_terminal):
    box.conf("program sleep 100", "prompt %n:%s:%p>")
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt("sleep:down:->")
    pid = box.up("-C", "conf")
    terminal.wait_prompt(f"sleep:up:{pid}>")
    box.down("-C", "conf")
    terminal.wait_prompt("sleep:down:->")


# --- notices ---------------------------------------------------------------

def test_a_crash_is_told_with_its_retry(box, running):
    terminal = running()
    pid = box.pid()
    terminal.type("help ki")
    os.kill(pid, signal.SIGSEGV)
    terminal.wait_for(lambda: len(told(terminal)) == 2)
    crash, start = told(terminal)
    assert re.fullmatch(
        r"! sleep exited: signal 11 \(SEGV\)(, core dumped)?, after \d+s"
        r"; restart 1 of 10 in 1s", crash)
    assert start == f"+ sleep started, pid {box.pid()}"
    assert terminal.line == "zdaemon> help ki"
    assert terminal.cursor[1] == len("zdaemon> help ki")


@pytest.mark.parametrize("rows, cols", SIZES)
@pytest.mark.parametrize("state, keys", [
    ("short", "help ki"),
    ("middle", "help kill\x02\x02"),
    ("full", "x" * 200),
    ("wrapped", "help " + "x" * 90 + "\x01"),
    ("wide", "start 日本語 é\x02"),
    ("search", "\x12vers"),
    ("menu", "re\t\t\t"),
])
def test_the_line_stays_what_it_is(box, open_terminal, rows, cols, state,
                                   keys):
    """All below the notice is as it was, and so is the cursor."""
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", rows=rows, cols=cols)
    terminal.run("version")
    terminal.send("\x0c")
    terminal.wait_for(lambda: terminal.cursor[0] == 0)
    length = {"full": 200 - 200 % cols - 9}.get(state)
    terminal.send(keys[:length])
    quiet(terminal)
    before, cursor = terminal.lines, terminal.cursor
    box.up("-C", "conf")
    terminal.wait_for("+ sleep started")
    quiet(terminal)
    at = next(i for i, row in enumerate(terminal.lines)
              if "+ sleep started" in row)
    rest = terminal.lines[at + 1:]
    assert rest == before[:len(rest)]
    assert len(rest) == len(before) or len(terminal.rows) == rows
    assert terminal.cursor == (cursor[0] + at + 1, cursor[1])


def quiet(terminal):
    """Waits until nothing more is drawn."""
    while terminal.read(0.25):
        pass


def test_a_quoted_key_is_not_disturbed(box, session):
    session.send("\x16")
    session.pump(0.2)
    box.up("-C", "conf")
    session.pump(0.3)
    assert told(session) == []
    session.send("\x01")
    session.wait_for(lambda: session.line == "zdaemon> ^A")
    session.wait_for(lambda: len(told(session)) == 1)


def test_what_the_session_does_itself_is_not_told(box, session):
    session.run("start")
    session.run("kill HUP")
    session.wait_for("! sleep exited: signal 1 (HUP)")
    assert not any("sent HUP" in line for line in told(session))
    session.run("stop")
    assert not any(line[0] == "-" for line in told(session))


def test_another_operator_is_told_by_name(box, running):
    terminal = running()
    box.zd("-C", "conf", "kill", "CONT")
    terminal.wait_for("sent CONT to sleep")
    line, = told(terminal)
    assert re.fullmatch(r"\* \w+ \(pid \d+\) sent CONT to sleep", line)
    box.zd("-C", "conf", "restart")
    terminal.wait_for(lambda: len(told(terminal)) == 4)
    kinds = [line[0] for line in told(terminal)]
    assert kinds == ["*", "*", "-", "+"]
    assert re.search(r"\) asked for restart$", told(terminal)[1])


def test_nothing_is_lost_while_a_command_runs(box, running):
    terminal = running()
    terminal.send("!read x\r")
    support.until(lambda: terminal.group != terminal.pid)
    os.kill(box.pid(), signal.SIGKILL)
    support.until(lambda: box.pid())
    assert told(terminal) == []
    terminal.send("\r")
    terminal.wait_for(lambda: len(told(terminal)) == 2)
    terminal.wait_prompt()


def test_equal_ones_fold(box, running):
    """The line is counted up in place."""
    terminal = running()
    terminal.type("help ki")
    for count in range(1, 4):
        pid = support.until(box.pid)
        os.kill(pid, signal.SIGKILL)
        mark = f"(x{count})" if count > 1 else ""
        terminal.wait_for(lambda: box.pid() not in (0, pid) and
                          re.match(r"\+ sleep started.*" + re.escape(mark),
                                   told(terminal)[-1]), 10)
    terminal.wait_for(lambda: terminal.line == "zdaemon> help ki")
    assert len(told(terminal)) == 2
    assert "(x3)" in told(terminal)[0]


@pytest.mark.parametrize("level, marks", [("all", "!+"), ("crash", "!"),
                                          ("off", "")])
def test_levels(box, running, level, marks):
    terminal = running()
    terminal.run(f"notices {level}")
    pid = box.pid()
    os.kill(pid, signal.SIGKILL)
    terminal.wait_for(lambda: box.pid() not in (0, pid) and
                      terminal.right == "sleep running")
    quiet(terminal)
    assert "".join(line[0] for line in told(terminal)) == marks


def test_a_level_holds_from_now_on(box, running):
    """What was kept from the screen is in events, and comes not later."""
    terminal = running()
    assert "notices crash: only what went wrong" in terminal.run(
        "notices crash")[0]
    pid = box.pid()
    os.kill(pid, signal.SIGKILL)
    terminal.wait_for(lambda: box.pid() not in (0, pid) and
                      terminal.right == "sleep running")
    assert "everything" in terminal.run("notices all")[0]
    quiet(terminal)
    assert [line[0] for line in told(terminal)] == ["!"]
    shown = [CLOCK.sub("", line) for line in terminal.run("events")]
    shown = [line for line in shown if "is ready" not in line]
    assert [line[0] for line in shown] == ["+", "!", "+"]


def test_a_rotation_is_told(box, open_terminal):
    box.conf("program sleep 100", "transcript log")
    box.up("-C", "conf")
    box.write("log", "one\n")
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt()
    box.zd("-C", "conf", "rotate")
    terminal.wait_for(lambda: len(told(terminal)) == 2)
    assert re.fullmatch(r"\* \w+ \(pid \d+\) asked for rotate",
                        told(terminal)[0])
    assert re.fullmatch(r"~ sleep: '.*log' rotated", told(terminal)[1])


# --- a supervisor that comes and goes --------------------------------------

def test_a_lost_supervisor_is_told_and_found_again(box, running):
    box.strays_expected = True      # the program has lost its parent
    terminal = running()
    pid = box.pid()
    os.kill(box.manager(), signal.SIGKILL)
    terminal.wait_for(lambda: terminal.right == "sleep running unsupervised")
    assert told(terminal) == [
        f"! supervisor gone, sleep runs on (pid {pid}); "
        "start takes it over"]
    assert terminal.run("status")[:2] == [
        "daemon manager not running; program running without it, "
        f"pid={pid}", "start takes it over, restart replaces it"]
    box.zd("-C", "conf", "start")
    terminal.wait_for(lambda: terminal.right == "sleep running")
    assert box.pid() == pid
    assert told(terminal)[1] == "+ supervisor is back"


def test_events_outlive_the_supervisor(box, running):
    """They are known when it has left, and once when another one came."""
    terminal = running()
    first = box.pid()
    box.zd("-C", "conf", "shutdown")
    terminal.wait_for(lambda: terminal.right == "sleep down")

    def shown():
        return [CLOCK.sub("", line) for line in terminal.run("events")]

    assert shown()[0] == f"+ sleep started, pid {first}"
    second = box.up("-C", "conf")
    terminal.wait_for(lambda: terminal.right == "sleep running")
    lines = shown()
    assert lines.count(f"+ sleep started, pid {first}") == 1
    assert lines.count(f"+ sleep started, pid {second}") == 1
    terminal.run("reload")
    terminal.wait_for(lambda: terminal.right == "sleep running")
    assert shown() == [f"+ sleep started, pid {second}",
                       f"+ sleep is ready, pid {second}"]


class Flood(threading.Thread):
    """A supervisor that tells very much at once."""

    def __init__(self, path, count, uptime=5):
        super().__init__()
        self.count = count
        self.uptime = uptime
        self.go = threading.Event()
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(path)
        self.listener.listen(8)
        self.listener.settimeout(0.05)
        self.leaving = False
        self.start()

    def run(self):
        held = []
        while not self.leaving:
            try:
                sock = self.listener.accept()[0]
            except OSError:
                continue
            sock.settimeout(10)
            if sock.recv(100).startswith(b"events"):
                held.append(sock)
                sock.sendall(b"hello seq=0 at=%d state=up pid=1 uptime=%d\n"
                             % (time.time() * 1000, self.uptime))
                threading.Thread(target=self.pour, args=(sock,)).start()
            else:
                sock.close()
        for sock in held:
            sock.close()

    def pour(self, sock):
        self.go.wait()
        now = int(time.time() * 1000)
        for i in range(1, self.count + 1):
            if self.leaving:
                return
            sock.sendall(f"signalled seq={i} at={now} state=up pid=1 "
                         f"signal={i % 15 + 1} uid=0 by=1\n".encode())

    def close(self):
        self.leaving = True
        self.go.set()
        self.join()
        self.listener.close()


def test_a_flood_loses_no_key(box, open_terminal):
    box.conf(program="sleep 100")
    flood = Flood(box.at("zdsock"), 5000)
    try:
        terminal = open_terminal("-C", "conf")
        terminal.wait_prompt()
        terminal.wait_for(lambda: terminal.right == "sleep running")
        flood.go.set()
        keys = "help kill and all that follows"
        for key in keys:
            terminal.send(key)
            terminal.read(0.01)
        terminal.wait_for(lambda: terminal.line == f"zdaemon> {keys}", 20)
        terminal.wait_for(lambda: "sent TERM to sleep" in terminal.text)
    finally:
        flood.close()
