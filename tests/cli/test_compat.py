"""Both ways with zdaemon's Python programs: a small client that asks as its
client does, and a small manager that answers as its manager does; then peers
that mean harm."""

import ast
import json
import os
import pty
import re
import select
import socket
import subprocess
import threading
import time

import pytest

from support import DOTS, alive, until

TWELVE = ["status", "now", "should_be_up", "delay", "backoff", "lasttime",
          "application", "testing", "manager", "backofflimit", "filename",
          "args"]


class Client:
    """Asks a manager in the way of zdaemon's zdctl."""

    def __init__(self, path):
        self.path = path

    def send_action(self, action):
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.connect(self.path)
            sock.send(action.encode() + b"\n")
            sock.shutdown(1)
            response = b""
            while True:
                data = sock.recv(1000)
                if not data:
                    return response.decode()
                response += data
        except OSError:
            return None
        finally:
            sock.close()

    def number(self, key):
        reply = self.send_action("status")
        found = reply and re.search(rf"(?m)^{key}=(\d+)$", reply)
        return int(found.group(1)) if found else None


# --- zdaemon's client drives our supervisor -----------------------------------------

@pytest.fixture
def client(box):
    return Client(box.at("zdsock"))


def test_no_manager(client):
    assert client.send_action("status") is None


def test_status_reply(box, client):
    """The twelve keys in their order and form; ours follow them."""
    began = time.time()
    pid = box.up("-p", "sleep 100")
    reply = client.send_action("status")
    lines = reply.splitlines()
    pairs = [line.split("=", 1) for line in lines]
    names = [pair[0] for pair in pairs]
    assert names[:13] == TWELVE + ["version"], names
    value = {name: text for name, text in pairs}
    assert value["status"] == "running"
    assert abs(float(value["now"]) - time.time()) < 10
    assert re.fullmatch(r"\d+\.\d+", value["now"])
    assert value["should_be_up"] == "1"
    assert value["delay"] == "0"
    assert value["backoff"] == "0"
    assert re.fullmatch(r"\d+\.\d+", value["lasttime"])
    assert began - 1 < float(value["lasttime"]) < time.time() + 1
    assert value["application"] == str(pid)
    assert value["testing"] == "0"
    assert alive(int(value["manager"]))
    assert value["backofflimit"] == "10"
    filename = ast.literal_eval(value["filename"])
    assert os.path.basename(filename) == "sleep" and filename[0] == "/"
    assert ast.literal_eval(value["args"]) == ["sleep", "100"]


def test_status_reply_when_stopped(box, client):
    box.conf("program sleep 100", "hang-around on")
    box.up("-Cconf")
    box.zd("-Cconf", "stop")
    reply = client.send_action("status")
    for line in ("status=stopped", "application=0", "should_be_up=0",
                 "delay=0"):
        assert line in reply.splitlines(), reply


@pytest.mark.parametrize("word", [
    "it's", '"', "both ' and \"", "tab\there", "a b", "\\", "new\nline", "é",
    "\u202e", "\x1b[31m", "\x7f", "", "[]", "', 'x"])
def test_args_is_a_list_of_strings(box, client, word):
    """Whatever the words are, Python reads the list back as they are."""
    box.script("prog", "exec sleep 100\n")
    result = box.zd("-p", "./prog", "start", word, "end")
    assert result.status == 0, result
    line = re.search(r"(?m)^args=(.*)$", client.send_action("status"))
    assert ast.literal_eval(line.group(1)) == ["./prog", word, "end"]


def test_bytes_that_are_no_text_in_args(box, client):
    """The reply stays text that any client can decode."""
    box.script("prog", "exec sleep 100\n")
    assert box.zd("-p", "./prog", "start", b"\xff\xfe").status == 0
    line = re.search(r"(?m)^args=(.*)$", client.send_action("status"))
    assert len(ast.literal_eval(line.group(1))) == 2


def test_drive_ours(box, client):
    """start, stop, restart, kill and reopen with their exact answers."""
    box.conf("program sleep 100", "hang-around on", "transcript out")
    pid = box.up("-Cconf")
    assert client.send_action("start") == "Application already started\n"
    assert client.send_action("restart") == (
        "Sent SIGTERM; will restart later\n")
    second = until(lambda: client.number("application") not in (0, pid, None)
                   and client.number("application"))
    assert not alive(pid)
    assert client.send_action("stop") == "Sent SIGTERM\n"
    until(lambda: client.number("application") == 0)
    assert not alive(second)
    assert client.send_action("stop") == "Application already stopped\n"
    assert client.send_action("restart") == "Application started\n"
    until(lambda: client.number("application"))
    assert client.send_action("kill 19") == "Signal 19 sent\n"
    assert client.send_action("kill 18") == "Signal 18 sent\n"
    assert client.send_action("kill BAD") == "Bad signal 'BAD'\n"
    os.rename(box.at("out"), box.at("out.1"))
    assert client.send_action("reopen_transcript") == ""
    assert box.exists("out")


# --- our client drives zdaemon's manager ------------------------------------------------

class Manager:
    """A manager as zdaemon's zdrun is one, without `events`."""

    def __init__(self, path, argv):
        self.argv, self.child, self.wanted = argv, None, True
        self.requests = []
        self.lasttime = 0.0
        self.leaving = False
        self.path = path
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(path)
        os.chmod(path, 0o700)
        self.listener.listen(1)
        self.spawn()
        self.thread = threading.Thread(target=self.loop)
        self.thread.start()

    def spawn(self):
        self.lasttime = time.time()
        self.child = subprocess.Popen(self.argv)

    @property
    def pid(self):
        return self.child.pid if self.child else 0

    def loop(self):
        while not self.leaving:
            if self.child and self.child.poll() is not None:
                self.child = None
            if not self.child:
                if not self.wanted:
                    break
                self.spawn()
            if select.select([self.listener], [], [], 0.02)[0]:
                self.serve(self.listener.accept()[0])
        if self.child:
            self.child.kill()
            self.child.wait()
        self.listener.close()
        if os.path.exists(self.path):
            os.unlink(self.path)

    def serve(self, sock):
        sock.settimeout(2)
        data = b""
        try:
            while b"\n" not in data:
                part = sock.recv(1000)
                if not part:
                    break
                data += part
            words = data.split(b"\n")[0].decode().split()
            self.requests.append(" ".join(words))
            reply = self.answer(words)
            if reply:
                sock.sendall(reply.encode() + b"\n")
        except OSError:
            pass
        sock.close()

    def answer(self, words):
        if not words:
            return "Empty command"
        handler = getattr(self, "on_" + words[0], None)
        if handler is None:
            return f"Unknown command {words[0]!r}; 'help' for a list"
        return handler(words)

    def on_status(self, words):
        lines = ["status=%s" % ("running" if self.child else "stopped"),
                 f"now={time.time()!r}", f"should_be_up={self.wanted:d}",
                 "delay=0", "backoff=0", f"lasttime={self.lasttime!r}",
                 f"application={self.pid}", "testing=0",
                 f"manager={os.getpid()}", "backofflimit=10",
                 f"filename={'/bin/' + self.argv[0]!r}",
                 f"args={self.argv!r}"]
        return "\n".join(lines)

    def on_start(self, words):
        self.wanted = True
        return "Application already started"

    def on_stop(self, words):
        self.wanted = False
        self.child.terminate()
        return "Sent SIGTERM"

    def on_restart(self, words):
        self.wanted = True
        self.child.terminate()
        return "Sent SIGTERM; will restart later"

    def on_kill(self, words):
        try:
            number = int(words[1]) if words[1:] else 15
        except ValueError:
            return f"Bad signal {words[1]!r}"
        os.kill(self.pid, number)
        return f"Signal {number} sent"

    def on_reopen_transcript(self, words):
        return None

    def close(self):
        self.leaving = True
        self.thread.join()


@pytest.fixture
def manager(box):
    one = Manager(box.at("zdsock"), ["sleep", "100"])
    yield one
    one.close()


def test_status_of_a_python_manager(box, manager):
    result = box.zd("-p", "sleep 100", "status")
    assert (result.status, result.out, result.err) == (
        0, f"program running; pid={manager.pid}\n", "")
    result = box.zd("status", "-l")
    lines = result.out.splitlines()
    assert [line.split("=")[0] for line in lines[1:13]] == TWELVE
    told = json.loads(box.zd("status", "--json").out)
    assert told["pid"] == manager.pid and told["state"] == "up"
    assert told["program"] == ["sleep", "100"]
    assert told["version"] is None


def test_start_beside_a_python_manager(box, manager):
    """It is reported; nothing is changed."""
    pid = manager.pid
    result = box.zd("-p", "sleep 100", "start")
    assert (result.status, result.out) == (
        0, f"daemon process already running; pid={pid}\n"), result
    assert manager.pid == pid
    assert len([one for one in box.strays()
                if one.words == ["sleep", "100"]]) == 1


def test_stop_a_python_manager(box, manager):
    pid = manager.pid
    result = box.zd("stop")
    assert re.fullmatch(DOTS + "daemon process stopped\n", result.out), result
    assert result.status == 0
    assert not alive(pid)
    assert "stop" in manager.requests
    until(lambda: not box.exists("zdsock"))
    assert box.zd("stop").out == "daemon manager not running\n"


class Hasty(Manager):
    """Closes some connections without having read them, as one does that is
    on its way out."""

    hanging = 0

    def on_stop(self, words):
        self.hanging = 3
        return "Sent SIGTERM"

    def serve(self, sock):
        if not self.hanging:
            super().serve(sock)
            return
        select.select([sock], [], [], 2)
        sock.close()
        self.hanging -= 1
        if not self.hanging:
            super().on_stop([])


def test_stop_one_that_hangs_up(box):
    hasty = Hasty(box.at("zdsock"), ["sleep", "100"])
    try:
        result = box.zd("stop")
        assert re.fullmatch(DOTS + "daemon process stopped\n", result.out), result
        assert result.status == 0, result
    finally:
        hasty.close()


def test_restart_under_a_python_manager(box, manager):
    pid = manager.pid
    result = box.zd("-p", "sleep 100", "restart")
    found = re.fullmatch(DOTS + r"daemon process restarted, pid=(\d+)\n",
                         result.out)
    assert found, result
    assert int(found.group(1)) == manager.pid != pid
    assert result.status == 0


def test_kill_through_a_python_manager(box, manager):
    """The manager is asked, with the number that it understands."""
    pid = manager.pid
    result = box.zd("kill", "CONT")
    assert result.out == (f"kill({pid}, 18)\n"
                          f"signal SIGCONT sent to process {pid}\n"), result
    assert result.status == 0
    assert "kill 18" in manager.requests


def test_wait_for_a_python_managers_program(box, manager):
    child = box.later("wait")
    until(lambda: manager.requests)
    manager.answer(["stop"])
    result = box.finish(child)
    assert re.fullmatch(DOTS + "daemon process stopped\n"
                        "daemon manager not running\n", result.out), result


def test_reopen_under_a_python_manager(box, manager):
    result = box.zd("reopen_transcript")
    assert (result.status, result.all) == (0, "")
    assert "reopen_transcript" in manager.requests


class OldManager(Manager):
    """zdaemon 2.0.4: a mood says what is wanted, and it waits in back-off."""

    def spawn(self):
        if self.child is None and self.lasttime == 0.0:
            super().spawn()     # once; then its back-off has no end

    def on_status(self, words):
        return super().on_status(words).replace(
            f"should_be_up={self.wanted:d}", f"mood={self.wanted:d}")

    def on_stop(self, words):
        self.wanted = False
        if not self.child:
            return "Application already stopped"
        self.child.terminate()
        return "Sent SIGTERM"


@pytest.fixture
def old_manager(box):
    one = OldManager(box.at("zdsock"), ["sleep", "100"])
    yield one
    one.close()


def test_stop_in_the_backoff_of_2_0_4(box, old_manager):
    """Down for now is not down: it would come back."""
    told = json.loads(box.zd("status", "--json").out)
    assert (told["state"], told["wanted"]) == ("up", True)
    old_manager.child.kill()
    until(lambda: old_manager.child is None)
    told = json.loads(box.zd("status", "--json").out)
    assert (told["state"], told["wanted"]) == ("backoff", True)
    result = box.zd("stop")
    assert result.status == 0 and "not running" not in result.out, result
    assert "stop" in old_manager.requests and not old_manager.wanted


def test_the_wish_is_asked_four_times_a_second_only(box, manager):
    """Where there is no `events`, asking is bounded."""
    child = box.later("wait")
    time.sleep(1.2)
    assert manager.requests.count("status") < 9, manager.requests
    child.kill()


# --- peers that mean harm ------------------------------------------------------------------

class Server:
    """Answers every connection in the same way, whatever is asked."""

    def __init__(self, path, behave):
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(path)
        self.listener.listen(16)
        self.behave, self.leaving = behave, False
        self.open, self.requests = [], []
        self.thread = threading.Thread(target=self.loop)
        self.thread.start()

    def loop(self):
        while not self.leaving:
            if select.select([self.listener], [], [], 0.02)[0]:
                sock = self.listener.accept()[0]
                one = threading.Thread(target=self.serve, args=(sock,))
                one.start()
                self.open.append((sock, one))

    def serve(self, sock):
        sock.settimeout(0.5)
        try:
            line = sock.recv(1000)
            self.requests.append(line)
            self.behave(self, sock)
        except OSError:
            pass

    def close(self):
        self.leaving = True
        self.thread.join()
        for sock, one in self.open:
            one.join()
            sock.close()
        self.listener.close()


@pytest.fixture
def server(box):
    servers = []

    def make(behave):
        if isinstance(behave, bytes):
            def answer(server, sock, text=behave):
                sock.sendall(text)
                sock.close()
            servers.append(Server(box.at("zdsock"), answer))
        else:
            servers.append(Server(box.at("zdsock"), behave))
        return servers[-1]

    yield make
    for one in servers:
        one.close()


def reply(application=1, **changes):
    """A status reply with something wrong in it."""
    values = {"status": "running", "now": "1.5", "should_be_up": "1",
              "delay": "0", "backoff": "0", "lasttime": "1.5",
              "application": str(application), "testing": "0",
              "manager": "2", "backofflimit": "10",
              "filename": "'/bin/sleep'", "args": "['sleep', '100']"}
    values.update(changes)
    return "".join(f"{name}={value}\n"
                   for name, value in values.items()).encode(
                       "utf-8", "surrogateescape")


COMMANDS = [["status"], ["stop"], ["kill"], ["status", "-l"],
            ["reopen_transcript"], ["status", "--json"]]


def all_at_once(box, limit, statuses=(4,)):
    """Every command ends within limit; none says that all is well."""
    children = [box.later(*command) for command in COMMANDS]
    for child in children:
        result = box.finish(child, limit)
        assert result.status in statuses, result
        assert 0 < len(result.all) < 100000, result


def test_endless_reply(box, server):
    def endless(server, sock):
        while not server.leaving:
            sock.sendall(b"x" * 65536)

    server(endless)
    all_at_once(box, 8)


def test_endless_slow_reply(box, server):
    def slow(server, sock):
        while not server.leaving:
            sock.sendall(b"a=1\n")
            time.sleep(0.1)

    server(slow)
    all_at_once(box, 8)


def test_never_answers(box, server):
    server(lambda server, sock: until(lambda: server.leaving, 30))
    all_at_once(box, 8)


def test_start_when_the_peer_never_answers(box, server):
    """No second supervisor is started beside one that is stuck."""
    server(lambda server, sock: until(lambda: server.leaving, 30))
    result = box.finish(box.later("-p", "sleep 100", "start"), 15)
    assert result.status in (1, 4), result
    assert not [one for one in box.strays()
                if one.words == ["sleep", "100"]]


def test_never_accepts(box):
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(box.at("zdsock"))
    listener.listen(0)
    waiting = []
    for _ in range(3):      # the queue is full from here on
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.setblocking(False)
        try:
            sock.connect(box.at("zdsock"))
        except BlockingIOError:
            pass
        waiting.append(sock)
    all_at_once(box, 8)
    for sock in waiting:
        sock.close()
    listener.close()


def test_hangs_up(box, server):
    """No answer at all is one only to reopen_transcript."""
    server(lambda server, sock: sock.close())
    for command in COMMANDS:
        result = box.zd(*command)
        if command == ["reopen_transcript"]:
            assert result.status in (0, 4), result
        else:
            assert result.status == 4 and result.all, result
        assert result.effort < 6, result


@pytest.mark.parametrize("text", [
    b"\0" * 500, b"\xff\xfe\n", b"nonsense\n", b"=\n", b"application=\n",
    b"application=12\n" * 9000, b"\n", b"Permission\n",
    reply(application="-5"), reply(application="9" * 40),
    reply(application="1e9"), reply(application="0x10")])
def test_nonsense_as_a_reply(box, server, text):
    server(text)
    all_at_once(box, 8, (1, 3, 4))


@pytest.mark.parametrize("args", [
    "[__import__('os').system('touch pwned')]",
    "__import__('os').system('touch pwned')",
    "[().__class__.__base__.__subclasses__()]",
    "['a'] + ['b']", "['a' for x in 'abc']", "[" * 5000, "['a'", "['a\\'",
    "['\\x", "[1, 2]", "$(touch pwned)", "`touch pwned`", "['a'];touch pwned",
    "['" + "a" * 50000 + "']", "[" + "'a'," * 10000 + "]"])
def test_a_reply_is_data(box, server, args):
    """Code in args= is never run; the answer stays one line."""
    server(reply(1, args=args))
    for command in (["status"], ["-p", "sleep 100", "status"],
                    ["status", "--json"]):
        result = box.zd(*command)
        assert result.status in (0, 4), result
        assert result.effort < 3
    assert not box.exists("pwned")


def test_a_peer_does_not_pick_whom_we_kill(box, server):
    """Signals are sent by the supervisor alone."""
    bystander = box.popen(["sleep", "100"])
    server(reply(application=bystander.pid))
    for command in (["kill", "9"], ["kill"], ["stop"], ["logreopen"]):
        child = box.later(*command)
        if command == ["stop"]:     # waits for what never comes
            time.sleep(0.5)
            child.kill()
        else:
            box.finish(child, 15)
    time.sleep(0.1)
    assert bystander.poll() is None


ESCAPES = "\x1b]0;title\x07\x1b[2J\x9b5m\r\u202e\x00"


def test_escapes_in_a_reply(box, server):
    """Not on a terminal, whatever command shows them."""
    nasty = ESCAPES.replace("\x00", "")
    server(reply(1, filename=f"'{nasty}'", args=f"['{nasty}']",
                 version=nasty, reason=nasty, status=nasty,
                 state="up", transcript=nasty))
    for args in (["status"], ["status", "-l"], ["kill", "CONT"],
                 ["-p", "sleep 100", "status"], ["reopen_transcript"],
                 ["status", "--json"]):
        text = on_a_terminal(box, args)
        for bad in (b"\x1b]", b"\x1b[2J", b"\x9b5", b"\x07", b"\x00",
                    "\u202e".encode()):
            assert bad not in text, (args, text)


def on_a_terminal(box, args):
    master, slave = pty.openpty()
    child = subprocess.Popen([box.programs.zdaemon, *args], stdin=slave,
                             stdout=slave, stderr=slave, cwd=box.path,
                             start_new_session=True)
    box.background.append(child)
    os.close(slave)
    data = b""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        if not select.select([master], [], [], 0.1)[0]:
            if child.poll() is not None:
                break
            continue
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        data += part
    os.close(master)
    assert child.wait(5) is not None
    return data


def test_a_refusal_is_shown(box, server):
    server(b"Not allowed: uid 4711\n")
    result = box.zd("stop")
    assert result.status in (1, 4), result
    assert len(result.all) > 10
