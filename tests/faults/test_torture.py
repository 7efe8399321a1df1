"""SIGKILL to the supervisor again and again, at any moment, while its program
writes as fast as it can: no line is lost, doubled or torn, and there are never
two copies of the program, which holds a lock of its own to see that.

A third of the kills hit the moment between the fork of a new program and the
state file that names it; others hit a program that writes gigabytes a second.  A tenth in make check, the
whole by make torture.
"""

import os
import random
import signal
import sys

import pytest

from support import alive, attach, gone, rotated, take, until

WHOLE = bool(os.environ.get("ZD_TORTURE"))
LINES = 3000000 if WHOLE else 300000
KILLS = 100 if WHOLE else 10
BETWEEN = 30 if WHOLE else 3        # of these, between fork and state file

# Goes on with its numbers where it was asked to end, so that a restart is no
# gap; writes slowly at the end of its stock, so that it lasts for all kills.
WRITER = f"""\
import fcntl, os, signal, time
lock = open("lock", "a")
try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except OSError:
    open("copies", "a").write("another\\n")
open("runs", "a").write(f"{{os.getpid()}}\\n")
leave = False
def ask(*_):
    global leave
    leave = True
signal.signal(signal.SIGTERM, ask)
number = int(open("number").read())
while not leave:
    last = os.path.exists("finish")
    batch = 500 if last or number < int(open("stock").read()) else 1
    text = "".join("line %08d\\n" % (number + n) for n in range(batch))
    data = text.encode()
    while data:
        data = data[os.write(1, data):]
    number += batch
    if batch == 1:
        time.sleep(0.001)
    if last and number >= {LINES}:
        break
with open("number", "w") as file:
    file.write(str(number))
if not leave:
    open("done", "w")
    signal.pause()
"""


class Torture:
    """A writer, its supervisor, and who kills it."""

    def __init__(self, box, seed):
        self.box, self.random = box, random.Random(seed)
        self.kills = self.between = 0
        self.runs = 0
        box.write("writer.py", WRITER)
        box.write("number", "1")
        box.write("stock", "1")
        box.conf(f"program {sys.executable} -SE writer.py", "transcript out",
                 "start-seconds 0")
        self.start()

    def start(self, stray=0):
        """start, which takes over what is there; stray may have ended."""
        starter = self.box.later("-Cconf", "start")
        until(lambda: stray and take(stray) or starter.poll() is not None)
        result = self.box.finish(starter)
        assert result.status == 0, result
        self.pid = until(self.box.pid)
        self.manager = self.box.manager()
        self.new_runs()

    def new_runs(self):
        """The program has begun, alone; a run more than before, or none."""
        runs = until(lambda: (lambda r: r and int(r[-1]) == self.pid and r)(
            self.box.lines("runs")))
        assert len(runs) - self.runs in (0, 1), runs[self.runs:]
        self.runs = len(runs)
        assert not self.box.exists("copies")

    def more(self):
        """Enough to write at full speed until the next kill."""
        share = LINES * (self.kills + 1) // (KILLS + 1)
        self.box.write("stock.new", str(share))
        os.rename(self.box.at("stock.new"), self.box.at("stock"))

    def kill(self):
        os.kill(self.manager, signal.SIGKILL)
        until(lambda: take(self.manager))
        self.kills += 1

    def kill_at_random(self):
        """In the midst of its work: adopted, not a run more."""
        self.more()
        pid, runs = self.pid, self.runs
        pause(self.random.uniform(0, 0.03))
        self.kill()
        pause(self.random.uniform(0, 0.03))
        assert alive(pid)
        self.start()
        assert (self.pid, self.runs) == (pid, runs)

    def kill_in_spawn(self):
        """After the fork of the next run, before or after it is on file."""
        old, manager = self.pid, self.manager
        tracer = attach(self.box, manager,
                        "rename,renameat,renameat2:delay_enter=60000")
        restart = self.box.later("-Cconf", "restart")
        child = until(lambda: take(old) and self.child(old), 20)
        restart.kill()      # who would begin anew, as is its duty
        restart.wait()
        pause(self.random.uniform(0, 0.08))
        self.kill()
        tracer.wait()
        known = f"pid={child}\n" in self.box.read(".zdsock.state")
        if not known:       # it was never told to go on
            self.between += 1
            until(gone(child))
            take(child)
            assert len(self.box.lines("runs")) == self.runs
        self.start(child)
        assert (self.pid == child) == (known and alive(child)), (
            self.pid, child, known)

    def child(self, old):
        """A process that the supervisor has forked and that is not old."""
        path = f"/proc/{self.manager}/task/{self.manager}/children"
        with open(path) as children:
            found = [int(pid) for pid in children.read().split()]
        return next((pid for pid in found if pid != old), 0)

    def finish(self):
        """The rest of the lines, and all of them."""
        box = self.box
        box.write("finish", "")
        until(lambda: box.exists("done"), 60)
        stop = box.later("-Cconf", "stop")
        until(lambda: take(self.pid))
        assert box.finish(stop).status == 0
        until(lambda: not box.strays())
        check(box.at("out"), int(box.read("number")) - 1)
        assert not box.exists("copies")


def pause(seconds):
    signal.sigtimedwait([], seconds)


def check(path, count):
    """So many lines, each once, in order and whole."""
    assert count >= LINES
    number = 0
    with open(path, "rb") as file:
        for line in file:
            number += 1
            assert line == b"line %08d\n" % number, (number, line)
    assert number == count


@pytest.mark.strace
@pytest.mark.parametrize("seed", [1])
def test_kills_of_the_supervisor(box, seed):
    torture = Torture(box, seed)
    while torture.kills < KILLS or torture.between < BETWEEN:
        if torture.between < BETWEEN and torture.random.random() < 0.5:
            torture.kill_in_spawn()
        else:
            torture.kill_at_random()
        assert torture.kills <= 3 * KILLS
    torture.finish()
    print(f"{torture.kills} kills, {torture.between} of them between fork "
          f"and state file, {torture.runs} runs, not one line lost")


# --- in full flow -------------------------------------------------------------

BLOCK = 65536
BLOCKS = 160                # of lines of sixteen bytes that are not the same

# Writes so many blocks as it is told, with a call for each.
FLOOD = f"""\
import os
text = b"".join(b"line %010d\\n" % n for n in range({BLOCK * BLOCKS // 16}))
os.mkfifo("ask")
ask = open(os.open("ask", os.O_RDWR))
open("ready", "w")
for line in ask:
    for n in range({BLOCKS}):
        data = text[n * {BLOCK}:(n + 1) * {BLOCK}]
        while data:
            data = data[os.write(1, data):]
"""


def killed_in_full_flow(box, kills):
    box.write("flood.py", FLOOD)
    box.conf(f"program {sys.executable} -SE flood.py", "transcript out",
             "start-seconds 0")
    assert box.zd("-Cconf", "start").status == 0
    until(lambda: box.exists("ready"))
    pid, chance = box.pid(), random.Random(1)
    for _ in range(kills):
        manager = box.manager()
        box.say("ask", "go\n")
        pause(chance.uniform(0, 0.008))
        os.kill(manager, signal.SIGKILL)
        until(lambda: take(manager))
        assert box.zd("-Cconf", "start").status == 0
        assert box.pid() == pid
    until(lambda: os.stat(box.at("out")).st_size >= kills * BLOCK * BLOCKS, 60)
    stop = box.later("-Cconf", "stop")
    until(lambda: take(pid))
    assert box.finish(stop).status == 0
    wanted = b"".join(b"line %010d\n" % n
                      for n in range(BLOCK * BLOCKS // 16))
    with open(box.at("out"), "rb") as out:
        for n in range(kills):
            assert out.read(len(wanted)) == wanted, n
        assert out.read() == b""
    print(f"{kills} kills, not one byte lost")


def test_kills_in_full_flow(box):
    killed_in_full_flow(box, KILLS)


@pytest.mark.skipif(not WHOLE, reason="only by make torture")
def test_kills_on_a_loaded_machine(box):
    """Where every processor is busy and the disk is written to all the time,
    calls are cut short that never are otherwise."""
    load = [box.popen(["sh", "-c", text]) for text in (
        "while :; do :; done", "while :; do :; done", "while :; do sync; done")]
    killed_in_full_flow(box, 200)
    for child in load:
        os.killpg(child.pid, signal.SIGKILL)


# --- upgrades -----------------------------------------------------------------

UPGRADES = 400 if WHOLE else 40

GOES = 4                    # of the flood, for each upgrade


def test_upgrades_in_full_flow(box):
    """The one that only tries whether it could writes nothing."""
    box.write("flood.py", FLOOD)
    box.conf(f"program {sys.executable} -SE flood.py", "transcript out",
             "start-seconds 0")
    pid = box.up("-Cconf")
    until(lambda: box.exists("ready"))
    wanted = GOES * b"".join(b"line %010d\n" % n
                             for n in range(BLOCK * BLOCKS // 16))
    for _ in range(UPGRADES):
        box.say("ask", GOES * "go\n")
        result = box.zd("-Cconf", "upgrade")
        assert result.status == 0, result
        until(lambda: os.stat(box.at("out")).st_size >= len(wanted), 20)
        with open(box.at("out"), "rb") as out:
            assert out.read() == wanted
        os.truncate(box.at("out"), 0)
    assert box.pid() == pid


# Never pauses, and ends with a whole line.
ENDLESS = """\
import os, signal
leave = []
signal.signal(signal.SIGTERM, lambda *_: leave.append(1))
number = 0
while not leave:
    data = b"".join(b"line %08d\\n" % (number + n) for n in range(1, 4681))
    number += 4680
    while data:
        data = data[os.write(1, data):]
with open("number", "w") as file:
    file.write(str(number))
"""


def test_upgrades_and_rotations_without_a_pause(box):
    box.write("endless.py", ENDLESS)
    box.conf(f"program {sys.executable} -SE endless.py", "transcript out",
             "start-seconds 0", "transcript-max-size 1m",
             "transcript-keep 9999")
    pid = box.up("-Cconf")
    for _ in range(UPGRADES):
        result = box.zd("-Cconf", "upgrade")
        assert result.status == 0, result
    assert box.pid() == pid
    box.down("-Cconf")
    number = 0
    for name in rotated(box):
        with open(box.at(name), "rb") as file:
            for line in file:
                number += 1
                assert line == b"line %08d\n" % number, (name, number, line)
    assert number == int(box.read("number"))
