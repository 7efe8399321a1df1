"""The buffer that outlives its process: what a heavy writer's output passes
through.  Killed at each of its steps, the supervisor loses, doubles and tears
nothing; whatever is done to the buffer's file costs no output.
"""

import json
import os

import pytest

from support import Traced, alive, attach, take, until

SIZE = 60000                # of one write: enough for the buffer, fits into it
BUFFER = ".zdsock.out.buffer"
DATA = 4096                 # where the bytes begin in its file

pytestmark = pytest.mark.strace


def text_of(first):
    """So many bytes of lines, of which each is another."""
    lines = "".join("line %08d\n" % n for n in range(first, first + 4286))
    return lines[:SIZE - 1] + "\n"


def compare(text, wanted):
    """Fails with the place where they part, not with all of both."""
    at = len(os.path.commonprefix([text, wanted]))
    assert (at, text[at:at + 40]) == (len(wanted), "")


class Writer:
    """A program that writes what it is told, each time with one call."""

    def __init__(self, box, same=False, failing=None):
        self.box, self.same = box, same
        self.count, self.sent = 0, ""
        box.script("talk", "mkfifo ask; exec 3<> ask; echo > ready\n"
                   "while read -r n <&3; do\n"
                   f"dd if=$n bs={SIZE} status=none; echo > $n.done\ndone\n")
        box.conf("program ./talk", "transcript out", "start-seconds 0")
        self.start()
        until(lambda: box.exists("ready"))
        tracer = failing and attach(box, self.manager, failing)
        self.says()
        if tracer:
            tracer.terminate()
            box.finish(tracer)

    def start(self):
        assert self.box.zd("-Cconf", "start").status == 0
        self.manager, self.pid = self.box.manager(), self.box.pid()

    def asks(self):
        """The next write is on its way."""
        name = f"text{self.count}"
        text = text_of(0 if self.same else self.count * 10000)
        self.box.write(name, text)
        self.sent += text
        self.count += 1
        self.box.say("ask", name + "\n")
        return name

    def written(self):
        return len(self.box.read("out", ""))

    def says(self):
        """The next write is in the transcript, and all before it."""
        self.asks()
        until(lambda: self.written() >= len(self.sent))
        self.is_whole()

    def is_whole(self):
        compare(self.box.read("out"), self.sent)

    def buffer(self):
        with open(self.box.at(BUFFER), "rb") as file:
            return file.read()

    def killed(self, call, path, when=1):
        """The supervisor dies in the next write, at that call for that file;
        the program goes on."""
        inject = f"{call}:signal=SIGKILL:when={when}"
        tracer = attach(self.box, self.manager, inject,
                        paths=[self.box.at(path)])
        name = self.asks()
        until(lambda: take(self.manager))
        self.box.finish(tracer)
        until(lambda: self.box.exists(name + ".done"))
        assert alive(self.pid)

    def goes_on(self):
        """Nothing is missing, and nothing was written twice."""
        pid = self.pid
        self.start()
        assert self.pid == pid
        until(lambda: self.written() >= len(self.sent))
        self.is_whole()
        self.says()
        self.ends()

    def ends(self):
        """A program that was taken over is our child, to be waited for."""
        stop = self.box.later("-Cconf", "shutdown")
        until(lambda: take(self.pid))
        assert self.box.finish(stop).status == 0
        assert not self.box.exists(BUFFER)


def told(box):
    return json.loads(box.zd("-Cconf", "status", "--json").out)["transcript"]


def hindered(box, how):
    """strace on the supervisor at its writes to the transcript."""
    return attach(box, box.manager(), *(
        f"{call}:{how}" for call in ("pwrite64", "write", "splice")),
        paths=[box.at("out")])


# --- kills --------------------------------------------------------------------

@pytest.mark.parametrize("same", [False, True])
@pytest.mark.parametrize("call, path, when, there", [
    ("pwrite64", BUFFER, 1, (1, 0)),        # before the mark
    ("pwrite64", BUFFER, 2, (1, 0)),        # marked, not noted
    ("read", ".zdsock.out", 1, (1, 0)),     # noted, nothing read
    ("pwrite64", "out", 1, (1, 1)),         # read, nothing written
    ("pwrite64", BUFFER, 3, (2, 1)),        # written, the note still stands
])
def test_killed_at_each_step(box, same, call, path, when, there):
    """There: how many texts are in the transcript, and which in the buffer.
    Where all texts are the same, only the mark can tell them apart."""
    writer = Writer(box, same)
    writer.killed(call, path, when)
    in_file, in_buffer = there
    assert writer.written() == in_file * SIZE
    data = writer.buffer()[DATA:]
    wanted = text_of(10000 * in_buffer * (not same)).encode()[16:]
    assert data[16:SIZE] == wanted
    writer.goes_on()


@pytest.mark.parametrize("part", [1, 14, 4096, 4100, 59999, 60000])
def test_killed_within_a_write(box, part):
    writer = Writer(box)
    writer.killed("pwrite64", "out")
    with open(box.at("out"), "ab") as out:
        out.write(writer.buffer()[DATA:DATA + part])
    writer.goes_on()


def test_killed_again_while_it_takes_over(box):
    writer = Writer(box)
    writer.killed("pwrite64", "out")
    starter = Traced(box, ["write:signal=SIGKILL:when=1"], "-Cconf", "start",
                     paths=[box.at("out")])
    assert starter.finish().status != 0
    writer.goes_on()


def test_another_writes_behind_it(box):
    """Before anybody takes over: what is missing comes behind that."""
    writer = Writer(box)
    writer.killed("pwrite64", "out")
    missing = writer.sent[SIZE:]
    with open(box.at("out"), "a") as out:
        out.write(missing[:2800] + "from outside\n")
    writer.start()
    until(lambda: writer.written() >= 2 * SIZE + 13)
    compare(box.read("out"), writer.sent[:SIZE] + missing[:2800] +
            "from outside\n" + missing[2800:])
    writer.ends()


@pytest.mark.parametrize("path, when, there", [
    (BUFFER, 2, SIZE), ("out", 1, SIZE), (BUFFER, 3, 2 * SIZE)])
def test_renamed_before_anybody_takes_over(box, path, when, there):
    """What the old file has is not written to the new one again."""
    writer = Writer(box)
    writer.killed("pwrite64", path, when)
    os.rename(box.at("out"), box.at("old"))
    writer.start()
    writer.asks()
    until(lambda: there + writer.written() == 3 * SIZE)
    compare(box.read("old"), writer.sent[:there])
    compare(box.read("out"), writer.sent[there:])
    writer.ends()


@pytest.mark.parametrize("change", [
    os.unlink, lambda path: os.truncate(path, 0),
    lambda path: os.rename(path, os.path.dirname(path) + "/logs/out")])
def test_gone_before_anybody_takes_over(box, change):
    """Nobody can tell what is missing: rather twice than never."""
    writer = Writer(box)
    os.mkdir(box.at("logs"))
    writer.killed("pwrite64", BUFFER, 3)
    change(box.at("out"))
    writer.start()
    until(lambda: writer.written() == SIZE)
    compare(box.read("out"), writer.sent[SIZE:])
    writer.ends()


# --- the file -----------------------------------------------------------------

def test_it_comes_and_goes(box):
    """Made when there is much to write, by nobody else to be read, removed at
    the end."""
    box.script("talk", "echo little; exec sleep 100")
    box.conf("program ./talk", "transcript other", "start-seconds 0")
    box.up("-Cconf")
    until(lambda: box.read("other", "") == "little\n")
    assert not box.exists(BUFFER)
    assert box.zd("-Cconf", "shutdown").status == 0
    writer = Writer(box)
    status = os.stat(box.at(BUFFER))
    assert (status.st_mode & 0o777, status.st_size) == (0o600, DATA + 65536)
    result = box.zd("-Cconf", "upgrade")
    assert result.status == 0, result
    writer.says()
    assert box.zd("-Cconf", "shutdown").status == 0
    assert BUFFER not in os.listdir(box.path)


@pytest.mark.parametrize("change", [
    lambda path: os.truncate(path, 0), lambda path: os.truncate(path, 5000),
    os.unlink, lambda path: os.rename(path, path + ".old")])
def test_taken_away(box, change):
    writer = Writer(box)
    change(box.at(BUFFER))
    for _ in range(3):
        writer.says()
    assert box.manager() == writer.manager


@pytest.mark.parametrize("change", [
    os.unlink, lambda path: os.rename(path, path + ".old")])
def test_made_anew_where_its_name_is_gone(box, change):
    """Else the next supervisor would look for it in vain."""
    writer = Writer(box)
    change(box.at(BUFFER))
    writer.says()
    writer.says()
    writer.killed("pwrite64", "out")
    writer.goes_on()


def test_taken_away_while_it_is_full(box):
    """What was in it is lost then, and counted; no more than that."""
    writer = Writer(box)
    tracer = hindered(box, "delay_enter=500000")
    writer.asks()
    until(lambda: b"line 00010001\n" in writer.buffer())
    os.truncate(box.at(BUFFER), 0)
    until(lambda: "bytes are missing here" in box.read("out"))
    tracer.terminate()
    box.finish(tracer)
    text = box.read("out")
    assert text.startswith(writer.sent[:SIZE])
    assert f" --- zdaemon: {SIZE} bytes are missing here ---\n" in text
    assert told(box)["dropped"] == SIZE
    assert box.manager() == writer.manager


@pytest.mark.parametrize("put", [
    lambda path, other: os.symlink(other, path),
    lambda path, other: os.link(other, path),
    lambda path, other: os.mkdir(path),
    lambda path, other: os.mkfifo(path, 0o600)])
def test_something_else_in_its_place(box, put):
    """Is not read, not written to, and hinders nothing."""
    box.write("other", "zdaemon buffer 1" + "x" * 100000)
    os.chmod(box.at("other"), 0o600)
    put(box.at(BUFFER), box.at("other"))
    writer = Writer(box)
    writer.says()
    compare(box.read("other"), "zdaemon buffer 1" + "x" * 100000)


@pytest.mark.parametrize("what", ["garbage", "length", "place", "mode"])
def test_a_buffer_that_is_not_to_be_trusted(box, what):
    writer = Writer(box)
    writer.killed("pwrite64", "out")
    data = bytearray(writer.buffer())
    # Magic, device, inode, place, length, token.
    if what == "garbage":
        data[0:16] = bytes(range(16))
    elif what == "length":
        data[40:48] = b"\xff" * 8
    elif what == "place":
        data[32:40] = b"\xff" * 8
    with open(box.at(BUFFER), "wb") as file:
        file.write(data)
    if what == "mode":
        os.chmod(box.at(BUFFER), 0o644)
    writer.start()
    writer.asks()
    until(lambda: writer.written() == 2 * SIZE)
    compare(box.read("out"), writer.sent[:SIZE] + writer.sent[2 * SIZE:])
    writer.ends()


# --- what fails ---------------------------------------------------------------

def test_transcript_that_fails(box):
    """What was in the buffer waits with the rest."""
    writer = Writer(box)
    tracer = hindered(box, "error=ENOSPC")
    writer.asks()
    writer.asks()
    until(lambda: told(box)["waiting"] == 2 * SIZE)
    tracer.terminate()
    box.finish(tracer)
    until(lambda: writer.written() == 3 * SIZE)
    writer.is_whole()
    writer.says()


@pytest.mark.parametrize("failing", [
    "fallocate:error=ENOSPC", "mmap:error=ENOMEM", "getrandom:error=ENOSYS",
    "pwrite64:error=ENOSPC:when=1", "pwrite64:error=ENOSPC:when=2"])
def test_where_it_cannot_be_made(box, failing):
    """splice(2) does it then."""
    writer = Writer(box, failing=failing)
    assert not box.exists(BUFFER)
    writer.says()


def test_another_reader_of_the_pipe(box):
    """Has what it has taken; the rest is in the transcript."""
    writer = Writer(box)
    fifo = os.open(box.at(".zdsock.out"), os.O_RDONLY | os.O_NONBLOCK)
    tracer = attach(box, writer.manager, "read:delay_enter=500000")
    writer.asks()
    stolen = until(lambda: take_some(fifo))
    os.close(fifo)
    until(lambda: writer.written() == 2 * SIZE - len(stolen))
    tracer.terminate()
    box.finish(tracer)
    writer.sent = writer.sent[:SIZE] + writer.sent[SIZE + len(stolen):]
    writer.is_whole()
    assert not box.exists(BUFFER)
    writer.says()


def take_some(fifo):
    try:
        return os.read(fifo, 20000).decode()
    except BlockingIOError:
        return ""
