"""Harm to a program that has been up for long is asked about."""

import os
import select
import signal
import socket
import threading

import pytest

import support

REPLY = """status=running
now=9000.5
should_be_up=1
delay=0
backoff=0
lasttime=1.5
application=1
testing=0
manager=2
backofflimit=10
filename='/bin/sleep'
args=['sleep', '100']
version='1.0'
state=up
uptime={uptime}
"""


class Supervisor:
    """Says how long its program has been up, and notes what is asked."""

    def __init__(self, path, uptime):
        self.reply = REPLY.format(uptime=uptime).encode()
        self.requests, self.leaving = [], False
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(path)
        self.listener.listen(16)
        self.thread = threading.Thread(target=self.loop)
        self.thread.start()

    def loop(self):
        while not self.leaving:
            if select.select([self.listener], [], [], 0.02)[0]:
                sock = self.listener.accept()[0]
                sock.settimeout(1)
                with sock:
                    self.serve(sock)

    def serve(self, sock):
        try:
            word = sock.recv(1000).split()[0].decode()
            self.requests.append(word)
            sock.sendall(self.reply if word == "status" else b"done\n")
        except (OSError, IndexError):
            pass

    def close(self):
        self.leaving = True
        self.thread.join()
        self.listener.close()


@pytest.fixture
def supervisor(box):
    made = []

    def make(uptime):
        made.append(Supervisor(box.at("zdsock"), uptime))
        return made[-1]

    yield make
    for one in made:
        one.close()


def stop_waiting(terminal):
    """^C, which may also come when the command has just given up."""
    row = terminal.cursor[0]
    terminal.send("\x03")
    terminal.wait_for(lambda: terminal.cursor[0] > row
                      and "zdaemon>" in terminal.line)


HOURS = 2 * 3600 * 1000
QUESTION = "stop sleep (pid 1, up 2h 0m)? [y/N]"


@pytest.fixture
def session(box, open_terminal):
    box.conf(program="sleep 100")

    def start(*args):
        terminal = open_terminal("-C", "conf", *args)
        terminal.wait_prompt()
        return terminal

    return start


@pytest.mark.parametrize("key", ["n", "\r", "\x03", "\x1b[C", "x"])
def test_no(supervisor, session, key):
    old = supervisor(HOURS)
    terminal = session()
    terminal.send("stop\r")
    terminal.wait_for(QUESTION)
    terminal.send(key)
    terminal.wait_for("not done")
    terminal.wait_prompt()
    assert terminal.line == "zdaemon>"
    assert "stop" not in old.requests


@pytest.mark.parametrize("how", ["key", "signal"])
def test_stopped_and_continued(box, supervisor, open_terminal, how):
    """The question is there again, and one key answers it."""
    old = supervisor(HOURS)
    box.conf(program="sleep 100")
    jobs = open_terminal(argv=["sh", "-i"], env={"PS1": "$ "})
    jobs.wait_prompt("$")
    jobs.send(f"'{box.programs.zdaemon}' -C conf\r")
    jobs.wait_prompt()
    jobs.send("stop\r")
    jobs.wait_for(QUESTION)
    if how == "key":
        jobs.send("\x1a")
    else:
        os.kill(next(one.pid for one in support.descendants(jobs.pid)
                     if one.name.startswith("zdshell")), signal.SIGSTOP)
    jobs.wait_for(lambda: jobs.line.endswith("$"))
    jobs.send("stty sane; fg\r")
    jobs.wait_for(lambda: jobs.line.endswith(QUESTION))
    support.until(lambda: not jobs.cooked)
    jobs.send("n")
    jobs.wait_for("not done")
    jobs.wait_prompt()
    assert "stop" not in old.requests


def test_yes(supervisor, session):
    old = supervisor(HOURS)
    terminal = session()
    terminal.send("stop\r")
    terminal.wait_for(QUESTION)
    terminal.send("y")
    terminal.wait_for(lambda: "stop" in old.requests)
    terminal.wait_for(f"{QUESTION} yes")
    stop_waiting(terminal)


def test_plain(supervisor, session):
    old = supervisor(HOURS)
    terminal = session("--plain")
    terminal.send("stop\r")
    terminal.wait_for(QUESTION)
    terminal.send("no\r")
    terminal.wait_for("not done")
    assert "stop" not in old.requests


def test_not_when_it_is_young(supervisor, session):
    young = supervisor(1000)
    terminal = session()
    terminal.send("stop\r")
    terminal.wait_for(lambda: "stop" in young.requests)
    assert "[y/N]" not in terminal.text
    stop_waiting(terminal)


def test_not_when_told_not_to(supervisor, session):
    old = supervisor(HOURS)
    terminal = session("-y")
    terminal.send("stop\r")
    terminal.wait_for(lambda: "stop" in old.requests)
    assert "[y/N]" not in terminal.text
    stop_waiting(terminal)


@pytest.mark.parametrize("line", ["stop -y", "-y stop"])
def test_not_when_the_line_says_so(supervisor, session, line):
    old = supervisor(HOURS)
    terminal = session()
    terminal.send(line + "\r")
    terminal.wait_for(lambda: "stop" in old.requests)
    assert "[y/N]" not in terminal.text
    stop_waiting(terminal)
    # and only of that line
    terminal.send("stop\r")
    terminal.wait_for(QUESTION)


@pytest.mark.parametrize("line", ["shutdown", "restart", "kill KILL",
                                  "kill 9"])
def test_of_every_harm(supervisor, session, line):
    old = supervisor(HOURS)
    terminal = session()
    terminal.send(line + "\r")
    terminal.wait_for("sleep (pid 1, up 2h 0m)? [y/N]")
    terminal.send("n")
    terminal.wait_for("not done")
    assert not set(old.requests) - {"status", "events"}


@pytest.mark.parametrize("value, uptime, asks", [
    ("on", 1000, True), ("off", HOURS, False),
    ("3h", HOURS, False), ("1h30m", HOURS, True), ("auto", HOURS, True)])
def test_as_the_setting_says(supervisor, session, value, uptime, asks):
    old = supervisor(uptime)
    terminal = session()
    terminal.run(f"set confirm {value}")
    terminal.send("stop\r")
    if asks:
        terminal.wait_for("? [y/N]")
        assert "stop" not in old.requests
    else:
        terminal.wait_for(lambda: "stop" in old.requests)
        assert "[y/N]" not in terminal.text


def test_only_before_harm(supervisor, session):
    old = supervisor(HOURS)
    terminal = session()
    terminal.send("kill HUP\r")
    terminal.wait_for(lambda: "kill" in old.requests)
    assert "[y/N]" not in terminal.text


def test_told_to_end_at_the_question(supervisor, session):
    supervisor(HOURS)
    terminal = session()
    terminal.send("stop\r")
    terminal.wait_for(QUESTION)
    terminal.signal(15)
    assert terminal.finish() == -15
    assert terminal.cooked
