"""The control socket: where it is, who may use it, what cannot hurt it."""

import fcntl
import os
import random
import re
import shlex
import shutil
import signal
import socket
import subprocess
import threading
import time

import pytest

from support import (LOG, NOBODY, SLOW, Traced, alive, ask, connect, cpu_seconds,
                     descriptors, gone, memory_kb, read_all, until)

SLEEP = ("-p", "sleep 100")


def copies(box):
    """The programs that run: sleep 100 is nobody else's."""
    return [one.pid for one in box.strays() if one.words == ["sleep", "100"]]


# --- the path --------------------------------------------------------------------

@pytest.mark.parametrize("umask", [0, 0o022, 0o777])
def test_mode(box, umask):
    result = box.zd(*SLEEP, "-t", "out", "start",
                    preexec_fn=lambda: os.umask(umask))
    assert result.status == 0, result
    mode = os.stat(box.at("zdsock")).st_mode & 0o777
    assert mode in (0o600, 0o700), oct(mode)
    for name in os.listdir(box.path):
        assert os.lstat(box.at(name)).st_mode & 0o022 == 0, name
    for name in (".zdsock.lock", ".zdsock.state", ".zdsock.out"):
        assert os.lstat(box.at(name)).st_mode & 0o077 == 0, name


def deep(box, length):
    """An absolute socket path of that many bytes."""
    room = length - len(box.path) - len("/s") - 1
    parts = []
    while room > 0:
        part = min(room, 100)
        if room - part == 1:
            part -= 1
        parts.append("d" * part)
        room -= part + 1
    path = os.path.join(box.path, *parts, "s")
    path += "s" * (length - len(path))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    assert len(path) == length
    return path


@pytest.mark.parametrize("length", [90, 100, 106, 107])
def test_path_that_fits(box, length):
    path = deep(box, length)
    pid = box.up(*SLEEP, "-s", path)
    assert box.zd("-s", path, "status").out == f"program running; pid={pid}\n"
    assert os.path.exists(path)
    assert box.zd("-s", path, "stop").status == 0
    until(lambda: not os.path.exists(path))


@pytest.mark.parametrize("length", [108, 109, 150, 300])
def test_path_that_is_longer(box, length):
    """Works through its directory, or is refused in one line."""
    path = deep(box, length)
    result = box.zd(*SLEEP, "-s", path, "start")
    if result.status == 0:
        assert box.zd("-s", path, "status").status == 0
        assert box.zd(*SLEEP, "-s", path, "restart").status == 0
        assert box.zd("-s", path, "stop").status == 0
        until(lambda: not os.path.exists(path))
    else:
        assert result.effort < 1
        assert "long" in result.err, result
    assert not copies(box)


def test_relative_path_in_a_deep_folder(box):
    """Where zdaemon's bind of a relative name works, ours does."""
    folder = os.path.dirname(deep(box, 250))
    result = box.zd(*SLEEP, "start", cwd=folder)
    assert result.status == 0, result
    assert os.path.exists(os.path.join(folder, "zdsock"))
    assert box.zd("status", cwd=folder).status == 0
    assert box.zd("stop", cwd=folder).status == 0


def stale(box, name="zdsock"):
    """A socket that nobody listens to any more."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    here = os.getcwd()
    os.chdir(box.path)
    sock.bind(name)
    os.chdir(here)
    sock.close()


def test_stale_socket(box):
    """Replaced at once, and the event log says so."""
    box.conf("program sleep 100", rest=LOG.format("events"))
    stale(box)
    assert box.zd("status").status == 3
    assert box.zd("stop").out == "daemon manager not running\n"
    result = box.zd("-Cconf", "start")
    assert result.status == 0 and result.effort < 2, result
    assert box.pid()
    assert f"WARNING root replaced stale socket '{box.at('zdsock')}'" in box.read(
        "events")


@pytest.mark.parametrize("kind", ["file", "link", "dangling", "folder",
                                  "fifo"])
def test_what_is_no_socket_is_left_alone(box, kind):
    """A regular file, a symlink, ... at the path is not ours: refused."""
    box.write("target", "precious\n")
    if kind == "file":
        box.write("zdsock", "precious\n")
    elif kind == "link":
        os.symlink("target", box.at("zdsock"))
    elif kind == "dangling":
        os.symlink("nowhere", box.at("zdsock"))
    elif kind == "folder":
        os.mkdir(box.at("zdsock"))
    else:
        os.mkfifo(box.at("zdsock"))
    before = os.lstat(box.at("zdsock"))
    result = box.zd(*SLEEP, "start")
    assert result.status in (1, 4), result
    assert "zdsock" in result.all and result.effort < 2, result
    after = os.lstat(box.at("zdsock"))
    assert (before.st_ino, before.st_mode) == (after.st_ino, after.st_mode)
    assert box.read("target") == "precious\n"
    if kind == "file":
        assert box.read("zdsock") == "precious\n"
    until(lambda: not box.strays())
    result = box.zd("status")
    assert result.status in (3, 4) and result.effort < 2, result


def test_a_directory_is_no_name(box):
    """And it is not made in passing."""
    result = box.zd("-s", "missing/", *SLEEP, "start")
    assert result.status == 1 and "names a directory" in result.err, result
    assert "missing/" in result.err and not box.exists("missing")


@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_a_lock_that_leads_elsewhere(box, link):
    """Made before us by one who wants another file written to."""
    box.write("precious", "kept")
    link(box.at("precious"), box.at(".zdsock.lock"))
    result = box.zd("-p", "sleep 100", "start")
    assert result.status == 1 and ".zdsock.lock" in result.err, result
    assert box.read("precious") == "kept"
    assert box.zd("status").out == "daemon manager not running\n"


def test_a_link_to_a_live_socket_is_not_replaced(box):
    pid = box.up(*SLEEP, "-s", "real")
    os.symlink("real", box.at("zdsock"))
    result = box.zd(*SLEEP, "start")
    assert os.path.islink(box.at("zdsock"))
    assert copies(box) == [pid], result


@pytest.mark.parametrize("how", ["unlink", "rename"])
def test_a_deleted_socket_comes_back(box, how):
    pid, manager = box.up(*SLEEP), box.manager()
    if how == "unlink":
        os.unlink(box.at("zdsock"))
    else:
        os.rename(box.at("zdsock"), box.at("elsewhere"))
    until(lambda: box.exists("zdsock"))
    assert until(box.pid) == pid and box.manager() == manager
    assert os.stat(box.at("zdsock")).st_mode & 0o077 == 0
    result = box.zd("stop")
    assert result.status == 0
    until(lambda: not box.exists("zdsock"))


def test_a_deleted_socket_that_something_replaced(box):
    """What another put there is not removed."""
    pid, manager = box.up(*SLEEP), box.manager()
    box.write("other", "precious\n")
    os.rename(box.at("other"), box.at("zdsock"))
    time.sleep(0.3)
    assert box.read("zdsock") == "precious\n"
    assert alive(pid)
    os.kill(manager, signal.SIGTERM)
    until(gone(manager, pid))
    assert box.read("zdsock") == "precious\n"


GONE = "the control socket is gone; unable to make "


def told(box, text):
    return [line for line in box.lines("events") if text in line]


def lose_directory(box):
    os.rename(box.at("run"), box.at("old"))
    os.unlink(box.at("old", "zdsock"))
    yield "No such file or directory"
    os.mkdir(box.at("run"))
    yield "the control socket was gone; made anew"


def lose_to_file(box):
    box.write("other", "precious\n")
    os.rename(box.at("other"), box.at("run", "zdsock"))
    yield "Socket operation on non-socket"
    os.unlink(box.at("run", "zdsock"))
    yield "the control socket was gone; made anew"


def lose_for_a_while(box):
    os.link(box.at("run", "zdsock"), box.at("kept"))
    box.write("other", "")
    os.rename(box.at("other"), box.at("run", "zdsock"))
    yield "Socket operation on non-socket"
    os.rename(box.at("kept"), box.at("run", "zdsock"))
    yield "the control socket is back"


@pytest.mark.parametrize("lose", [lose_directory, lose_to_file,
                                  lose_for_a_while])
def test_a_socket_that_cannot_be_made_anew(box, lose):
    """It is tried again by itself; the loss is told once, and the return."""
    os.mkdir(box.at("run"))
    box.conf("program sleep 100", "socket-name run/zdsock",
             rest="<eventlog>\n<logfile>\npath events\n</logfile>\n"
                  "</eventlog>\n")
    pid = box.up("-Cconf")
    manager = box.manager("run/zdsock")
    steps = lose(box)
    reason = next(steps)
    for count in (1, 2):    # HUP looks at once, also where nothing watches
        os.kill(manager, signal.SIGHUP)
        until(lambda: len(told(box, "reopen")) == count)
    until(lambda: told(box, GONE))
    assert [reason in line for line in told(box, GONE)] == [True]
    back = next(steps)
    until(lambda: told(box, back), timeout=10)
    assert box.pid("run/zdsock") == pid
    assert len(told(box, GONE)) == len(told(box, back)) == 1
    assert cpu_seconds(manager) < 0.2


def in_a_directory(box):
    """A supervisor with its socket in run; its pid and its program's."""
    os.mkdir(box.at("run"))
    box.conf("program sleep 100", "socket-name run/zdsock",
             rest="<eventlog>\n<logfile>\npath events\n</logfile>\n"
                  "</eventlog>\n")
    return box.up("-Cconf"), box.manager("run/zdsock")


def has_place(box, manager):
    """Whether another would be turned away from the lock at that path."""
    try:
        with open(box.at("run", ".zdsock.lock")) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return box.manager("run/zdsock") == manager
    except FileNotFoundError:
        pass
    return False


def test_a_lock_that_was_removed_is_held_again(box):
    pid, manager = in_a_directory(box)
    for name in (".zdsock.lock", ".zdsock.state"):
        os.unlink(box.at("run", name))
    until(lambda: has_place(box, manager))
    assert told(box, "the lock of the control socket was gone; made anew")
    os.kill(manager, signal.SIGKILL)    # its state is in the new one
    until(gone(manager))
    assert f"taken over, pid={pid}\n" in box.zd("-Cconf", "start").out
    box.down("-Cconf")


@pytest.mark.parametrize("how", ["removed", "renamed"])
def test_a_directory_that_is_made_anew(box, how):
    """Its place there is taken again by itself: nobody asks for it."""
    pid, manager = in_a_directory(box)
    os.rename(box.at("run"), box.at("old"))
    if how == "removed":
        shutil.rmtree(box.at("old"))
    until(lambda: told(box, GONE))
    os.mkdir(box.at("run"))
    until(lambda: has_place(box, manager), timeout=10)
    result = box.zd("-Cconf", "start")
    assert result.out == f"daemon process already running; pid={pid}\n"
    assert result.status == 0


def test_a_place_that_another_has_taken(box):
    """Left to it for as long as it is held, and taken again after that."""
    pid, manager = in_a_directory(box)
    os.rename(box.at("run"), box.at("old"))
    until(lambda: told(box, GONE))
    os.mkdir(box.at("run"))
    with open(box.at("run", ".zdsock.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.kill(manager, signal.SIGHUP)
        until(lambda: told(box, "reopen"))
        assert not box.exists("run/zdsock")
    until(lambda: has_place(box, manager), timeout=10)
    assert box.pid("run/zdsock") == pid


def test_busy_folder(box):
    """Other files coming and going do not wake the supervisor."""
    box.up(*SLEEP)
    manager = box.manager()
    before = cpu_seconds(manager)
    for number in range(3000):
        box.write("noise", "x")
        os.unlink(box.at("noise"))
    assert cpu_seconds(manager) - before < 0.05


# --- many starters ------------------------------------------------------------------

def starters_at_once(box, round_number, inject=()):
    slow = [Traced(box, inject, "-Cconf", "start")
            for _ in range(2 if inject else 0)]
    children = [box.later("-Cconf", "start") for _ in range(8 - len(slow))]
    results = [box.finish(child) for child in children]
    results += [one.finish() for one in slow]
    until(lambda: len(copies(box)) == 1,
          what=f"one program in round {round_number}")
    for result in results:
        assert result.status == 0, (round_number, result)
    pid = box.pid()
    assert copies(box) == [pid], round_number
    told = set()
    for result in results:
        told |= set(re.findall(r"pid=(\d+)", result.out))
    assert told == {str(pid)}, (round_number, results)
    manager = box.manager()
    box.zd("-Cconf", "stop")
    until(gone(manager, pid))
    until(lambda: not box.strays(), what="the end of the round")


@pytest.mark.parametrize("with_stale", [False, True])
def test_eight_starters(box, with_stale):
    """Twenty rounds, with and without a stale socket: one program."""
    box.conf("program sleep 100", "start-seconds 0.05")
    for number in range(20):
        if with_stale:
            stale(box)
        starters_at_once(box, number)


DELAYS = [
    ["rename:delay_enter=30000"], ["bind:delay_exit=30000"],
    ["listen:delay_enter=30000"], ["flock,fcntl:delay_exit=10000"],
    ["connect:delay_exit=30000"],
]


@pytest.mark.strace
@pytest.mark.parametrize("inject", DELAYS,
                         ids=["rename", "bind", "listen", "lock", "connect"])
@pytest.mark.parametrize("with_stale", [False, True])
def test_eight_starters_with_delays(box, inject, with_stale):
    """Two of the eight are slow exactly where a race would be."""
    box.conf("program sleep 100", "start-seconds 0.05")
    for number in range(2):
        if with_stale:
            stale(box)
        starters_at_once(box, number, inject)


@pytest.mark.strace
def test_never_connectable_by_others(box):
    """Not even between bind and the end of it, with umask 0."""
    seen = set()
    run = Traced(box, ["bind,listen,fchmod:delay_exit=50000"], *SLEEP,
                 "start", preexec_fn=lambda: os.umask(0))
    while run.child.poll() is None:
        for entry in os.scandir(box.path):
            try:
                mode = entry.stat(follow_symlinks=False).st_mode
            except FileNotFoundError:
                continue
            if mode & 0o170000 == 0o140000:
                seen.add(mode & 0o777)
    assert run.finish().status == 0
    assert seen and all(mode & 0o077 == 0 for mode in seen), seen


# --- the wire form --------------------------------------------------------------------

REPLIES = [
    (b"\n", "Empty command\n"),
    (b"   \n", "Empty command\n"),
    (b"nonsense\n", "Unknown command 'nonsense'; 'help' for a list\n"),
    (b"__class__\n", "Unknown command '__class__'; 'help' for a list\n"),
    (b"status", "Command not terminated by newline\n"),
    (b"", "Command not terminated by newline\n"),
    (b"start\n", "Application already started\n"),
    (b"start\nstop\n", "Application already started\n"),
    (b" start \n", "Application already started\n"),
    (b"kill x\n", "Bad signal 'x'\n"),
    (b"kill 18\n", "Signal 18 sent\n"),
    (b"reopen_transcript\n", ""),
]


@pytest.mark.parametrize("request_line,reply", REPLIES,
                         ids=[repr(line) for line, _ in REPLIES])
def test_replies_as_zdaemons(box, request_line, reply):
    pid = box.up(*SLEEP)
    assert ask(box.at("zdsock"), request_line) == reply
    assert box.pid() == pid


def test_help_over_the_wire(box):
    box.up(*SLEEP)
    reply = box.ask("help")
    for word in ("status", "start", "stop", "restart", "kill",
                 "reopen_transcript", "rotate", "events", "exit"):
        assert re.search(rf"\b{word}\b", reply), word


def test_stop_restart_and_kill_over_the_wire(box):
    box.conf("program sleep 100", "hang-around on")
    pid = box.up("-Cconf")
    assert box.ask("restart") == "Sent SIGTERM; will restart later\n"
    until(lambda: box.pid() not in (0, pid))
    assert box.ask("stop") == "Sent SIGTERM\n"
    until(lambda: box.pid() == 0)
    assert box.ask("stop") == "Application already stopped\n"
    assert box.ask("kill 15") == "Application not running\n"
    assert box.ask("kill") == "Application not running\n"
    assert box.ask("start") == "Application started\n"
    until(box.pid)
    assert box.ask("kill") == "Signal 15 sent\n"


def test_exit_over_the_wire(box):
    """zdaemon's `exit`: program and supervisor end."""
    box.conf("program sleep 100", "hang-around on")
    pid, manager = box.up("-Cconf"), box.manager()
    box.ask("exit")
    until(gone(pid, manager))
    assert not box.exists("zdsock")


@pytest.mark.parametrize("number", ["0", "-1", "-15", "65", "9999999",
                                    "99999999999999999999", "1x", "''"])
def test_bad_signals_over_the_wire(box, number):
    pid = box.up(*SLEEP)
    reply = box.ask(f"kill {number}")
    assert reply.startswith(("Bad signal", "Kill")), reply
    assert reply.count("\n") == 1
    assert box.pid() == pid


def test_oversized_lines(box):
    """Refused in a line, and no memory is spent on them."""
    pid, manager = box.up(*SLEEP), box.manager()
    box.ask("status")
    before = memory_kb(manager)
    for size in (4097, 10241, 8 << 20):
        with connect(box.at("zdsock")) as sock:
            try:
                sock.sendall(b"x" * size)
                sock.sendall(b"\n")
            except (BrokenPipeError, ConnectionResetError):
                pass
            try:
                reply = read_all(sock)
            except OSError:
                reply = b""
        if size < 20000:
            assert reply.startswith(b"Command exceeds"), reply
    assert memory_kb(manager) - before < 200
    assert (box.pid(), box.manager()) == (pid, manager)


def test_garbage(box):
    """200 random requests of binary garbage change nothing."""
    pid, manager = box.up(*SLEEP), box.manager()
    chance = random.Random(4)
    for number in range(200):
        reply = b""
        data = chance.randbytes(chance.choice([1, 2, 7, 60, 500, 5000]))
        if chance.random() < 0.7:
            data += b"\n"
        if chance.random() < 0.3:
            data = b"kill " + data
            words = data.split(b"\n")[0].split()
            if len(words) == 1 or words[1].isalnum():
                continue    # that may be a real one
        with connect(box.at("zdsock")) as sock:
            try:
                sock.sendall(data)
                sock.shutdown(socket.SHUT_WR)
                reply = read_all(sock)
            except OSError:
                pass
        assert len(reply) < 10000
        assert box.pid() == pid, (number, data)
    status = box.status()
    assert (int(status["application"]), int(status["manager"])) == (
        pid, manager)
    assert status["backoff"] == "0"


# --- bad clients --------------------------------------------------------------------------

def test_silent_clients(box):
    """A hundred that say nothing cost nobody else anything."""
    box.up(*SLEEP)
    manager = box.manager()
    silent = []
    for _ in range(100):
        sock = connect(box.at("zdsock"), 2)
        silent.append(sock)
        if len(silent) % 10 == 0:
            result = box.zd("status")
            assert result.status == 0 and result.effort < 1, result
    assert cpu_seconds(manager) < 1
    for sock in silent:
        sock.close()
    assert box.pid()


def test_silent_clients_are_dropped_in_time(box):
    box.up(*SLEEP)
    with connect(box.at("zdsock"), 9) as sock:
        began = time.monotonic()
        read_all(sock)
        assert 1 < time.monotonic() - began < 8 * SLOW


def test_a_half_sent_command_survives_others(box):
    pid = box.up(*SLEEP)
    with connect(box.at("zdsock")) as slow:
        slow.sendall(b"sta")
        for _ in range(5):
            assert box.pid() == pid
        slow.sendall(b"tus\n")
        assert f"application={pid}\n".encode() in read_all(slow)


def test_a_command_byte_by_byte(box):
    pid = box.up(*SLEEP)
    with connect(box.at("zdsock")) as slow:
        for byte in b"status\n":
            slow.sendall(bytes([byte]))
            time.sleep(0.02)
        assert f"application={pid}\n".encode() in read_all(slow)


def test_clients_that_never_read_and_that_vanish(box):
    pid, manager = box.up(*SLEEP), box.manager()
    until(lambda: box.pid())
    before = len(descriptors(manager))
    deaf = []
    for _ in range(20):
        sock = connect(box.at("zdsock"))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        sock.sendall(b"status\n")
        deaf.append(sock)
    for _ in range(200):
        sock = connect(box.at("zdsock"))
        sock.sendall(b"status\n")
        sock.close()
    assert box.pid() == pid
    for sock in deaf:
        sock.close()
    until(lambda: len(descriptors(manager)) <= before)


def test_flood(box):
    """Every honest status is answered while four threads flood."""
    pid = box.up(*SLEEP)
    stop = threading.Event()
    count = [0]

    def flood():
        while not stop.is_set():
            try:
                with connect(box.at("zdsock"), 5) as sock:
                    sock.sendall(b"x" * 100)
                    count[0] += 1
            except OSError:
                pass

    threads = [threading.Thread(target=flood) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        results = [box.zd("status") for _ in range(10)]
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert [result.status for result in results] == [0] * 10, results
    assert all(result.effort < 3 for result in results)
    assert box.pid() == pid
    assert count[0] > 10


def test_memory_stays_flat(box):
    box.up(*SLEEP)
    manager = box.manager()
    for _ in range(200):
        box.ask("status")
    before = memory_kb(manager)
    for _ in range(2000):
        box.ask("status")
        box.ask("nonsense")
    assert memory_kb(manager) - before < 100


# --- events ---------------------------------------------------------------------------------

class Events:
    """A connection that listens to what happens."""

    def __init__(self, box, request=b"events\n"):
        self.sock = connect(box.at("zdsock"))
        self.sock.sendall(request)
        self.data = b""
        self.lines = []

    def read(self, seconds=5):
        """The next event as a dictionary, None at the end."""
        self.sock.settimeout(seconds * SLOW)
        while b"\n" not in self.data:
            part = self.sock.recv(4096)
            if not part:
                return None
            self.data += part
        line, _, self.data = self.data.partition(b"\n")
        name, *fields = shlex.split(line.decode())
        event = dict(field.split("=", 1) for field in fields)
        event["name"] = name
        self.lines.append(event)
        return event

    def wait(self, name):
        while True:
            event = self.read()
            assert event is not None, (name, self.lines)
            if event["name"] == name:
                return event


def test_events_of_a_life(box):
    """What happens is told as it happens, numbered, with the state after."""
    box.conf("program sleep 100", "hang-around on")
    pid = box.up("-Cconf")
    events = Events(box)
    hello = events.read()
    assert (hello["name"], hello["state"], int(hello["pid"])) == (
        "hello", "up", pid)
    assert abs(int(hello["at"]) / 1000 - time.time()) < 30
    os.kill(pid, signal.SIGKILL)
    died = events.wait("exited")
    assert (int(died["pid"]), int(died["signal"])) == (pid, 9)
    later = events.wait("backoff")
    assert later["state"] == "backoff"
    assert 0 < int(later["delay"]) <= 1000
    again = events.wait("starting")
    assert int(again["pid"]) != pid
    assert events.wait("up")["state"] == "up"
    box.zd("-Cconf", "stop")
    assert events.wait("stopping")["state"] == "stopping"
    assert events.wait("down")["state"] == "down"
    box.zd("-Cconf", "shutdown")
    assert events.wait("bye")["state"] == "done"
    assert events.read() is None
    numbers = [int(event["seq"]) for event in events.lines
               if event["name"] != "hello"]
    assert numbers == sorted(set(numbers))


def test_events_replay(box):
    """The last events are kept and told on request."""
    box.conf("program sleep 100", "hang-around on")
    box.up("-Cconf")
    for _ in range(3):
        box.zd("-Cconf", "restart")
    events = Events(box, b"events 200\n")
    names = []
    while True:
        try:
            names.append(events.read(0.5)["name"])
        except TimeoutError:
            break
    assert names.count("exited") == 3, names
    assert names.count("starting") == 4, names


def test_many_listeners_and_one_that_does_not_read(box):
    box.conf("program sleep 100", "hang-around on", "backoff-limit 1000",
             "start-seconds 0")
    box.up("-Cconf")
    deaf = Events(box)
    deaf.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    listeners = [Events(box) for _ in range(5)]
    for _ in range(20):
        assert box.zd("-Cconf", "restart").status == 0
    for listener in listeners:
        for _ in range(20):
            assert listener.wait("stopping")
    assert box.pid()
    for one in [deaf, *listeners]:
        one.sock.close()


def test_listeners_leave_room_for_others(box):
    """However many listen, a status is answered."""
    pid = box.up(*SLEEP)
    listeners = []
    for _ in range(70):
        try:
            listeners.append(Events(box))
        except OSError:
            break
    assert box.zd("status").status == 0
    assert box.pid() == pid
    for one in listeners:
        one.sock.close()


# --- who may --------------------------------------------------------------------------------

@pytest.mark.root
def test_another_user_is_refused(box):
    """Even where the socket's mode lets a connection through."""
    os.chmod(box.path, 0o777)
    pid = box.up(*SLEEP)
    result = box.zd("status", user="nobody")
    assert result.status == 4, result
    assert "Permission denied; it belongs to root" in result.all, result
    os.chmod(box.at("zdsock"), 0o666)
    for command in ("status", "stop", "kill", "restart"):
        args = SLEEP if command == "restart" else ()
        result = box.zd(*args, command, user="nobody")
        assert result.status == 4, (command, result)
        assert len(result.all.splitlines()) <= 2
    script = ("import socket,sys\ns=socket.socket(socket.AF_UNIX)\n"
              "s.connect('zdsock')\ntry:\n s.sendall(b'stop\\n')\n"
              "except OSError: pass\nprint(s.recv(999).decode())\n")
    reply = box.run(["python3", "-c", script], user="nobody")
    assert "not" in reply.out or "refused" in reply.out or (
        "denied" in reply.out), reply
    assert box.pid() == pid


@pytest.mark.root
def test_root_controls_what_a_user_runs(box):
    box.belongs_to("nobody")
    pid = box.up(*SLEEP)
    assert os.stat(box.at("zdsock")).st_uid == NOBODY.pw_uid
    box.user = None
    assert box.zd("status").out == f"program running; pid={pid}\n"
    assert box.zd("stop").status == 0
    assert not alive(pid)


@pytest.mark.root
def test_a_socket_of_another_users_supervisor(box):
    """A second start by another user changes nothing."""
    os.chmod(box.path, 0o777)
    pid = box.up(*SLEEP)
    result = box.zd(*SLEEP, "start", user="nobody")
    assert result.status in (1, 4), result
    assert copies(box) == [pid]


def test_requests_one_after_another_on_one_connection(box):
    """Only the first line of a connection counts."""
    pid = box.up(*SLEEP)
    with connect(box.at("zdsock")) as sock:
        sock.sendall(b"status\nstop\n")
        assert b"application=" in read_all(sock)
    assert box.pid() == pid


def test_supervisor_may_lose_its_folder(box):
    """The folder is gone: the program runs on and a signal ends both."""
    os.mkdir(box.at("run"))
    box.up(*SLEEP, "-s", "run/sock")
    pid, manager = box.pid("run/sock"), box.manager("run/sock")
    until(lambda: not subprocess.run(["rm", "-rf", box.at("run")],
                                     capture_output=True).returncode)
    time.sleep(0.3)
    assert alive(pid) and alive(manager)
    assert cpu_seconds(manager) < 0.5
    os.kill(manager, signal.SIGTERM)
    until(gone(pid, manager))


def test_many_rooms_for_one_program(box):
    """Two sockets in one folder are two supervisors."""
    one = box.up(*SLEEP, "-s", "a")
    two = box.up(*SLEEP, "-s", "b")
    assert one != two
    assert box.zd("-s", "a", "stop").status == 0
    assert alive(two) and not alive(one)


@pytest.mark.parametrize("command", ["status", "start", "restart", "stop"])
def test_no_second_is_waited_anywhere(box, command):
    box.conf("program sleep 100", "start-seconds 0")
    results = []
    for _ in range(5):
        box.up("-Cconf")
        results.append(box.zd("-Cconf", command))
        assert results[-1].status == 0, results
        box.down("-Cconf")
    assert min(result.seconds for result in results) < 0.225 * SLOW, results
