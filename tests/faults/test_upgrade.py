"""The installed zdrun takes the place of the running one: the same process,
the same program, the same connections, and nothing lost."""

import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from support import (ROOT, SLOW, Traced, alive, ask, attach, connect,
                     descriptors, gone, process, until)

COUNT = ("import os, signal, sys, time\n"
         "signal.signal(signal.SIGTERM, lambda *_: os._exit(7))\n"
         "number = 0\n"
         "while True:\n"
         "    for _ in range({batch}):\n"
         "        number += 1\n"
         "        os.write(1, b'line %d\\n' % number)\n"
         "    time.sleep({pause})\n")

# A tenth of it is enough to notice; `make torture` wants all.
ROUNDS = 1000 if os.environ.get("ZD_TORTURE") else 400 // SLOW


class Place:
    """A directory with programs of our own, to be replaced."""

    def __init__(self, box):
        self.box = box
        self.path = box.at("programs")
        os.mkdir(self.path)
        built = os.path.dirname(box.programs.zdrun)
        for name in ("zdaemon", "zdrun", "zdshell", "config.status"):
            source = os.path.join(built, name)
            if os.path.exists(source):
                shutil.copy(source, self.path)
        self.zdaemon = os.path.join(self.path, "zdaemon")
        self.zdrun = os.path.join(self.path, "zdrun")
        self.version = subprocess.run(
            [self.zdaemon, "version"], capture_output=True,
            text=True).stdout.split()[-1]

    def zd(self, *args, **options):
        return self.box.zd(*args, program=self.zdaemon, **options)

    def up(self, *args):
        result = self.zd(*args, "start")
        assert result.status == 0, result
        return self.box.pid()

    def replace(self, data, mode=0o755):
        """Another zdrun, as a package manager puts it there."""
        with open(self.zdrun + ".new", "wb") as file:
            file.write(data)
        os.chmod(self.zdrun + ".new", mode)
        os.rename(self.zdrun + ".new", self.zdrun)

    def newer(self):
        """The same with another version in it; that version."""
        with open(self.box.programs.zdrun, "rb") as file:
            data = file.read()
        old = b"\0" + self.version.encode() + b"\0"
        new = self.version[:-1] + "9"
        assert old in data
        self.replace(data.replace(old, b"\0" + new.encode() + b"\0"))
        return new

    def upgrade(self, *args):
        result = self.zd(*args, "upgrade")
        assert result.status == 0, result
        return result


@pytest.fixture
def place(box):
    if not os.environ.get("ZDAEMON_BUILD"):
        pytest.skip("needs a build directory")
    return Place(box)


def counting(box, batch=1, pause=0.005):
    box.write("count.py", COUNT.format(batch=batch, pause=pause))
    return ("-p", f"{sys.executable} count.py", "-t", "out")


def whole(box):
    text = box.read("out", "")
    found = [int(n) for n in re.findall(r"line (\d+)\n", text)]
    assert text.startswith("".join(f"line {n}\n" for n in found))
    assert found == list(range(1, len(found) + 1))
    return len(found)


# --- what stays ------------------------------------------------------------------

def test_the_same_processes(box, place):
    words = counting(box)
    pid, manager = place.up(*words), box.manager()
    before = box.status()
    assert before["outdated"] == "0"
    version = place.newer()
    status = box.status()
    assert (status["version"], status["outdated"]) == (
        repr(place.version), "1")
    told = json.loads(place.zd("status", "--json").out)
    assert (told["version"], told["outdated"]) == (place.version, True)
    assert place.upgrade().out == f"daemon manager upgraded to {version}\n"
    after = box.status()
    assert (after["version"], after["outdated"]) == (repr(version), "0")
    assert (box.pid(), box.manager()) == (pid, manager)
    assert process(pid).parent == manager
    for name in ("restarts", "lasttime", "backoff", "should_be_up", "state",
                 "filename", "args", "transcript"):
        assert after[name] == before[name], name
    assert int(after["uptime"]) >= int(before["uptime"])
    assert int(after["transcript_bytes"]) >= int(before["transcript_bytes"])
    count = whole(box)
    until(lambda: whole(box) > count + 5)
    # Still a child: how it ends is known for certain.
    os.kill(pid, signal.SIGTERM)
    until(lambda: box.pid() not in (0, pid))
    assert box.status()["last_code"] == "7"
    assert box.manager() == manager
    assert place.zd("stop").status == 0
    until(gone(manager))
    assert box.listing() == ["count.py", "out", "programs"]


def test_what_was_counted_stays(box, place):
    """Of both streams, also what the file of one did not take."""
    box.script("talk", "echo out; mkfifo fifo; read -r n < fifo\n"
               "seq 1 20000 >&2; echo done; exec sleep 100\n")
    box.conf("program ./talk", "transcript out", "transcript-stderr err",
             "transcript-buffer 64k", "start-seconds 0")
    place.up("-Cconf")
    until(lambda: box.exists("fifo"))
    limit = resource.prlimit(box.manager(), resource.RLIMIT_FSIZE)
    resource.prlimit(box.manager(), resource.RLIMIT_FSIZE, (1000, limit[1]))
    box.say("fifo", "go\n")
    until(lambda: box.read("out") == "out\ndone\n")
    until(lambda: box.status()["transcript_stderr_dropped"] != "0")
    resource.prlimit(box.manager(), resource.RLIMIT_FSIZE, limit)
    until(lambda: box.status()["transcript_stderr_waiting"] == "0" and
          "bytes are missing here" in box.read("err"))
    before = box.status()
    names = [name for name in before if name.startswith("transcript")]
    assert len(names) == 10
    place.upgrade("-Cconf")
    after = box.status()
    assert [after[name] for name in names] == [before[name] for name in names]


def test_descriptors_are_those_of_before(box, place):
    """None is lost, none is left over, and the program gets none."""
    pid, manager = place.up(*counting(box)), box.manager()

    def kinds():
        return sorted(re.sub(r"\d+", "N", name)
                      for name in descriptors(manager).values())

    before = kinds()
    for _ in range(5):
        place.upgrade()
    until(lambda: kinds() == before)
    assert set(descriptors(pid)) == {0, 1, 2}
    assert place.zd(*counting(box), "restart").status == 0
    assert set(descriptors(box.pid())) == {0, 1, 2}


def test_under_load(box, place):
    """Every status is answered, every line is there."""
    pid = place.up(*counting(box, batch=200, pause=0.001))
    answers, leave = [], threading.Event()

    def asking():
        while not leave.is_set():
            answers.append(ask(box.at("zdsock"), "status"))

    threads = [threading.Thread(target=asking) for _ in range(2)]
    for one in threads:
        one.start()
    try:
        for _ in range(ROUNDS):
            place.upgrade()
    finally:
        leave.set()
        for one in threads:
            one.join()
    assert len(answers) > ROUNDS
    assert all(f"application={pid}\n" in one for one in answers)
    assert box.pid() == pid
    assert place.zd("stop").status == 0
    whole(box)


def test_connections_stay(box, place):
    """A listener hears on, and half a command is not forgotten."""
    pid = place.up(*counting(box))
    path = box.at("zdsock")
    with connect(path) as listener, connect(path) as half:
        listener.sendall(b"events 2\n")
        half.sendall(b"sta")
        text = b""
        while text.count(b"\n") < 3:
            text += listener.recv(65536)
        place.upgrade()
        half.sendall(b"tus\n")
        assert f"application={pid}\n".encode() in half.recv(65536)
        assert ask(path, "kill CONT").startswith("Signal ")
        while b"\nsignalled " not in text:
            text += listener.recv(65536)
        found = [(kind, int(seq)) for kind, seq in re.findall(
            r"^(\S+) seq=(\d+)", text.decode(), re.M)][1:]
        assert [seq for _, seq in found] == list(range(
            found[0][1], found[0][1] + len(found)))
        assert "upgraded" in [kind for kind, _ in found]


@pytest.mark.skipif(not ROOT, reason="only root can be somebody else")
def test_rights_stay(box, place):
    """Who could only look before can do no more after it."""
    box.conf("program sleep 100", "socket-mode 664", "socket-group 4242",
             "start-seconds 0")
    pid = place.up("-Cconf")
    os.chmod(box.path, 0o755)
    path = box.at("zdsock")
    sides = socket.socketpair()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            with connect(path) as half:
                half.sendall(b"sto")
                sides[1].sendall(b"+")
                sides[1].recv(1)
                half.sendall(b"p\n")
                sides[1].sendall(half.recv(65536))
        finally:
            os._exit(0)
    sides[1].close()
    assert sides[0].recv(1) == b"+"
    place.upgrade("-Cconf")
    mode = os.stat(path).st_mode & 0o777
    sides[0].sendall(b"+")
    assert b"may look, but not control" in sides[0].recv(65536)
    os.waitpid(child, 0)
    assert (mode, box.pid()) == (0o666, pid)
    sides[0].close()


def test_history_stays(box, place):
    place.up(*counting(box))
    place.upgrade()
    with connect(box.at("zdsock")) as sock:
        sock.sendall(b"events 200\n")
        text = b""
        while b"\nupgraded " not in text:
            text += sock.recv(65536)
    assert b"\nstarting seq=1 " in text


def test_a_crash_does_not_end_the_dry_run(box, place):
    """What a crashed program has left is ended; what we run beside is not."""
    place.up("-p", "sleep 1000", "-b", "1000")
    pid, manager = box.pid(), box.manager()
    shutil.copy(box.programs.zdrun, place.zdrun + ".real")
    place.replace(f"#!/bin/sh\necho > '{box.path}/tried'\n"
                  f"until [ -e '{box.path}/go' ]; do sleep .02; done\n"
                  f"exec '{place.zdrun}.real' \"$@\"\n".encode())
    asked = box.popen([place.zdaemon, "upgrade"])
    until(lambda: box.exists("tried"))
    os.kill(pid, signal.SIGKILL)
    until(lambda: box.pid() not in (0, pid))
    pid = box.pid()
    box.write("go", "")
    result = box.finish(asked)
    assert (result.status, result.out) == (
        0, f"daemon manager upgraded to {place.version}\n"), result
    assert (box.pid(), box.manager()) == (pid, manager)


@pytest.mark.strace
@pytest.mark.parametrize("call", ["memfd_create:when=2", "execve"])
def test_a_signal_in_the_last_moment(box, place, call):
    """TERM that comes before the exec, or in it, is heeded behind it."""
    box.env.update(box.sanitizers(leaks=False))     # it ends under strace
    pid, manager = place.up(*counting(box)), box.manager()
    tracer = attach(box, manager, call + ":delay_enter=2000000")
    asked = box.popen([place.zdaemon, "upgrade"])

    def waits():
        """For strace, and for longer than any other call is looked at."""
        for _ in range(50):
            if process(manager).state != "t":
                return False
            time.sleep(0.002)
        return True

    until(waits)
    os.kill(manager, signal.SIGTERM)
    until(gone(pid, manager))
    until(lambda: tracer.poll() is not None)
    box.finish(asked)


# --- times that go on -------------------------------------------------------------

def test_in_back_off(box, place):
    box.script("crash", "echo run >> runs\nexit 9\n")
    box.conf("program ./crash", "backoff-limit 4", "start-seconds 0")
    assert box.zd("-Cconf", "start").status == 0
    until(lambda: box.status()["backoff"] == "2", 15)
    before = box.status()
    assert before["state"] == "backoff"
    result = box.zd("-Cconf", "upgrade")
    assert result.status == 0, result
    after = box.status()
    for name in ("backoff", "restarts", "last_pid", "last_code", "last_at",
                 "should_be_up"):
        assert after[name] == before[name], name
    assert after["state"] in ("backoff", "starting")
    assert int(after["retry_in"]) <= int(before["retry_in"])
    until(gone(int(after["manager"])), 20)
    assert len(box.lines("runs")) == 4


def test_in_a_stop(box, place):
    """The program that ignores TERM is killed when it was to be."""
    box.script("deaf", "trap '' TERM\nwhile :; do sleep 0.1; done\n")
    box.conf("program ./deaf", "stop-timeout 2", "kill-grace 1")
    pid, manager = place.up("-Cconf"), box.manager()
    stopper = box.later("-Cconf", "stop")
    until(lambda: box.status()["state"] == "stopping")
    place.upgrade()
    assert alive(pid) and box.status()["state"] == "stopping"
    result = box.finish(stopper)
    assert result.status == 0, result
    assert not alive(pid)
    until(gone(manager))


def test_while_it_is_tested(box, place):
    box.script("test", "test -e ready\n")
    box.conf("program sleep 100", "start-test-program ./test",
             "start-timeout 20")
    starter = box.later("-Cconf", "start")
    until(lambda: (box.status() or {}).get("testing") == "1")
    for _ in range(3):
        assert box.zd("-Cconf", "upgrade").status == 0
    assert box.status()["testing"] == "1"
    box.write("ready", "")
    result = box.finish(starter)
    assert result.status == 0, result


def test_daemon_off(box, place):
    box.script("wait", "while ! test -e go; do sleep 0.02; done\nexit 3\n")
    box.conf("program ./wait", "daemon off", "exit-codes 3")
    child = box.later("-Cconf", "start")
    until(box.pid)
    assert box.manager() == child.pid
    assert box.zd("-Cconf", "upgrade").status == 0
    assert box.manager() == child.pid
    box.write("go", "")
    result = box.finish(child)
    assert result.status == 3, result


def test_after_an_adoption(box, place):
    words = counting(box)
    pid, manager = place.up(*words), box.manager()
    os.kill(manager, signal.SIGKILL)
    until(gone(manager))
    assert place.zd(*words, "start").status == 0
    place.upgrade()
    assert box.pid() == pid
    os.kill(pid, signal.SIGKILL)

    def again():
        try:
            os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            pass
        return box.pid() not in (0, pid)

    until(again)


@pytest.mark.root
def test_as_another_user(box, place):
    os.chmod(box.path, 0o777)
    box.conf("program sleep 100", "user nobody", "transcript out")
    pid = place.up("-Cconf")
    place.upgrade("-Cconf")
    assert box.pid() == pid
    with open(f"/proc/{box.manager()}/status") as status:
        assert "\nUid:\t65534\t65534\t65534\t65534\n" in status.read()


# --- what is refused ----------------------------------------------------------------

REFUSED = {
    "another program": (b"#!/bin/sh\nexit 0\n", 0o755, "not our zdrun"),
    "one that lies": (b"#!/bin/sh\necho ready\n", 0o755, "not our zdrun"),
    "one that fails": (b"#!/bin/sh\necho no, thanks >&2\nexit 3\n", 0o755,
                       "no, thanks"),
    "one that dies": (b"#!/bin/sh\nkill -9 $$\n", 0o755, "signal 9"),
    "no program": (b"\x7fELF nonsense", 0o755, "Exec format error"),
    "no right": (b"#!/bin/sh\n", 0o644, "Permission denied"),
    "one that hangs": (b"#!/bin/sh\nexec sleep 1000\n", 0o755, "no answer"),
    "one that talks": (b"#!/bin/sh\nexec yes\n", 0o755, "no answer"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_zdrun_that_cannot_take_over(box, place, kind):
    """Refused with the reason; all is as it was, and goes on."""
    words = counting(box)
    pid, manager = place.up(*words), box.manager()
    before = len(descriptors(manager))
    data, mode, reason = REFUSED[kind]
    place.replace(data, mode)
    result = place.zd("upgrade")
    assert result.status == 1 and reason in result.err, result
    assert place.zdrun in result.err
    assert (box.pid(), box.manager()) == (pid, manager)
    until(lambda: len(descriptors(manager)) == before)
    until(lambda: [one.pid for one in box.strays()
                   if one.parent == manager] == [pid])
    count = whole(box)
    until(lambda: whole(box) > count)
    shutil.copy(box.programs.zdrun, place.zdrun + ".good")
    os.rename(place.zdrun + ".good", place.zdrun)
    place.upgrade()
    assert (box.pid(), box.manager()) == (pid, manager)


def test_a_zdrun_that_does_not_know_the_form(box, place):
    """What a later version writes is no guess for an older one."""
    pid = place.up("-p", "sleep 100")
    place.replace(b"#!/bin/sh\n"
                  b"sed 's/^zdrun-carry=1$/zdrun-carry=2/' > later\n"
                  b"exec '%s' \"$@\" < later\n"
                  % box.programs.zdrun.encode())
    result = place.zd("upgrade")
    assert result.status == 1 and "not known to version" in result.err, result
    assert box.pid() == pid


def test_none_that_is_installed(box, place):
    pid = place.up("-p", "sleep 100")
    os.rename(place.zdrun, place.zdrun + ".away")
    result = place.zd("upgrade")
    assert result.status == 1 and "No such file" in result.err, result
    assert box.pid() == pid and box.status()["outdated"] == "0"


def test_a_transcript_that_can_not_be_opened(box, place):
    """Found out before, not when it is too late."""
    os.mkdir(box.at("logs"))
    pid = place.up("-p", "sleep 100", "-t", "logs/out")
    shutil.rmtree(box.at("logs"))
    result = place.zd("upgrade")
    assert result.status == 1 and "logs/out" in result.err, result
    assert box.pid() == pid


def test_two_at_once(box, place):
    """Each is answered, and one of them at least has come true."""
    pid = place.up("-p", "sleep 100")
    children = [box.popen([place.zdaemon, "upgrade"]) for _ in range(4)]
    results = [box.finish(child) for child in children]
    assert 0 in [result.status for result in results]
    for result in results:
        assert result.status == 0 or "under way" in result.err, result
    assert box.pid() == pid


def test_nobody_to_upgrade(box):
    result = box.zd("upgrade")
    assert result.status == 1, result
    assert "daemon manager not running" in result.out


def test_a_manager_that_knows_no_upgrade(box):
    """As the Python zdaemon answers."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(box.at("zdsock"))
    listener.listen(4)
    child = box.later("upgrade")
    sock = listener.accept()[0]
    assert sock.recv(100) == b"upgrade\n"
    sock.sendall(b"Unknown command 'upgrade'; 'help' for a list\n")
    sock.close()
    result = box.finish(child)
    listener.close()
    assert result.status == 1 and "cannot be upgraded" in result.err, result
