"""What the transcript promises: every line once and whole, whatever is done
to its file, and a program that never notices."""

import collections
import errno
import fcntl
import json
import os
import re
import resource
import signal
import subprocess

import pytest

from support import (LINE, alive, attach, descriptors, gone, is_zdrun,
                     numbers, signal_quietly, signal_sets, until)

MISSING = re.compile(r"\S+ --- zdaemon: (\d+) bytes are missing here ---")


def counting(count, then="echo done > done; exec sleep 100"):
    """A program that writes numbered lines as fast as it can."""
    return f"seq -f '{LINE}' 1 {count}\n{then}\n"


def told(box, stream="transcript"):
    return json.loads(box.zd("-Cconf", "status", "--json").out)[stream]


def state_of_stderr(box):
    """Bytes of standard error: in the file, in memory, nowhere."""
    state = told(box, "transcript_stderr")
    return state["bytes"], state["waiting"], state["dropped"]


def append_set(box):
    """Whether the supervisor's transcript is open with O_APPEND."""
    manager = box.manager()
    number = [n for n, path in descriptors(manager).items()
              if path == box.at("out")][0]
    with open(f"/proc/{manager}/fdinfo/{number}") as info:
        flags = int(re.search(r"flags:\t(\d+)", info.read()).group(1), 8)
    return bool(flags & os.O_APPEND)


def up(box, program, *keys):
    box.script("talk", program)
    box.conf("program ./talk", "transcript out", "start-seconds 0", *keys)
    return box.up("-Cconf")


# --- somebody else at the file ---------------------------------------------

def test_foreign_writer(box):
    """Noticed; from then on both append."""
    up(box, "mkfifo fifo; exec 3<> fifo\n"
       "while read -r n <&3; do echo \"ours $n\"; done\n")
    until(lambda: box.exists("fifo"))
    with box.speaking("fifo") as say:
        say.write("1\n")
        say.flush()
        until(lambda: box.lines("out") == ["ours 1"])
        assert not append_set(box)
        with open(box.at("out"), "a") as other:
            other.write("theirs\n")
        say.write("2\n")
        say.flush()
        until(lambda: box.lines("out") == ["ours 1", "theirs", "ours 2"])
        assert append_set(box)
        with open(box.at("out"), "a") as other:
            other.write("theirs again\n")
        say.write("3\n")
        say.flush()
        until(lambda: box.lines("out")[3:] == ["theirs again", "ours 3"])


def test_copytruncate_at_full_speed(box):
    """The file goes on at its new end: no hole, no line twice or torn but
    where it was cut."""
    up(box, counting(300000))
    for _ in range(200):
        if box.exists("done"):
            break
        until(lambda: os.path.getsize(box.at("out")) > 100000
              or box.exists("done"))
        os.truncate(box.at("out"), 0)
    until(lambda: box.exists("done"), 20)
    until(lambda: box.read("out").endswith("300000, of many\n")
          or box.read("out") == "")
    text = box.read("out")
    assert "\0" not in text
    seen = numbers(text.partition("\n")[2])
    assert seen == list(range(300001 - len(seen), 300001))


def test_copytruncate_between_lines(box):
    """As logrotate does it, while the program is quiet: nothing is lost."""
    up(box, "mkfifo fifo; exec 3<> fifo\n"
       f"while read -r a b <&3; do seq -f '{LINE}' $a $b; done\n")
    until(lambda: box.exists("fifo"))
    seen = []
    with box.speaking("fifo") as say:
        for turn in range(10):
            say.write(f"{turn * 1000 + 1} {turn * 1000 + 1000}\n")
            say.flush()
            until(lambda: len(box.lines("out")) == 1000)
            seen += numbers(box.read("out"))
            os.truncate(box.at("out"), 0)
    assert seen == list(range(1, 10001))


def test_deleted_file_is_made_anew(box):
    up(box, "while :; do echo line; sleep 0.02; done\n")
    until(lambda: "line" in box.read("out", ""))
    os.unlink(box.at("out"))
    until(lambda: "line\nline\n" in box.read("out", ""), 10)


# --- what is full -------------------------------------------------------------

@pytest.fixture
def small_disk(box):
    """A disk of 64 KiB at `disk`."""
    os.mkdir(box.at("disk"))
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none",
                       box.at("disk")], capture_output=True).returncode:
        pytest.skip("cannot mount")
    yield box
    for one in box.strays():
        signal_quietly(one.pid, signal.SIGKILL)
    subprocess.run(["umount", "-l", box.at("disk")], check=True)
    box.strays_expected = True


def check_gap(text, count):
    """All lines but those that one line tells of, in bytes."""
    before, gap, after = re.split(
        r"(^\S+ --- zdaemon: \d+ bytes are missing here ---\n)", text,
        flags=re.M)
    seen, later = numbers(before), numbers(after)
    first = later[0] if later else count + 1
    assert seen == list(range(1, len(seen) + 1))
    assert later == list(range(first, first + len(later)))
    assert int(MISSING.match(gap).group(1)) == 24 * (first - len(seen) - 1)
    return first - len(seen) - 1


def test_size_limit_filled_and_lifted(box):
    """Nobody is signalled; what waited is written, what did not fit is
    counted in the file, the status and the event log."""
    box.script("talk", counting(
        20000, then=f"echo done > done; while [ ! -e more ]; do sleep 0.02;"
        f" done; seq -f '{LINE}' 20001 30000; exec sleep 100"))
    box.conf("program ./talk", "transcript out", "start-seconds 0",
             "transcript-buffer 64k",
             rest="<eventlog>\n <logfile>\n path events\n </logfile>\n"
             "</eventlog>\n")
    pid = box.up("-Cconf", preexec_fn=lambda: resource.setrlimit(
        resource.RLIMIT_FSIZE, (100000, resource.RLIM_INFINITY)))
    until(lambda: box.exists("done"), 20)
    manager = box.manager()
    assert alive(pid) and box.pid() == pid
    until(lambda: told(box)["dropped"])
    state = told(box)
    assert state["error"] == "File too large"
    assert 0 < state["waiting"] <= 65536
    shown = box.zd("-Cconf", "status", "-l").out
    assert f"transcript_waiting={state['waiting']}\n" in shown, shown
    until(lambda: "unable to write to" in box.read("events"))
    resource.prlimit(manager, resource.RLIMIT_FSIZE,
                     (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    until(lambda: "can be written again" in box.read("events"))
    box.write("more", "")
    until(lambda: box.read("out").endswith("30000, of many\n"))
    lost = check_gap(box.read("out"), 30000)
    state = told(box)
    assert state["dropped"] == 24 * lost and lost > 0
    assert state["waiting"] == 0 and state["error"] is None
    assert box.read("events").count("unable to write to") == 1
    assert box.read("events").count("can be written again") == 1
    assert signal.SIGXFSZ in signal_sets(manager)["SigIgn"]
    assert signal.SIGXFSZ not in signal_sets(pid)["SigIgn"]


def test_a_full_standard_error_alone(box):
    """Standard error has numbers of its own; the transcript goes on."""
    box.script("talk", "echo out; seq -f '%s' 1 20000 >&2; echo done\n"
               "exec sleep 100\n" % LINE)
    box.conf("program ./talk", "transcript out", "transcript-stderr err",
             "transcript-buffer 64k", "start-seconds 0")
    box.up("-Cconf", preexec_fn=lambda: resource.setrlimit(
        resource.RLIMIT_FSIZE, (100000, resource.RLIM_INFINITY)))
    until(lambda: box.read("out") == "out\ndone\n", 20)
    assert told(box) == {"path": box.at("out"), "bytes": 9, "dropped": 0,
                         "waiting": 0, "error": None}
    until(lambda: sum(state_of_stderr(box)) == 20000 * 24)
    state = told(box, "transcript_stderr")
    assert (state["path"], state["bytes"]) == (box.at("err"), 100000)
    assert (state["error"], state["dropped"] > 0) == ("File too large", True)
    assert 0 < state["waiting"] <= 65536
    shown = box.zd("-Cconf", "status", "-l").out
    for name in ("bytes", "dropped", "waiting"):
        assert f"transcript_stderr_{name}={state[name]}\n" in shown, shown
    assert f"transcript_stderr_error={errno.EFBIG}\n" in shown, shown


@pytest.mark.root
def test_disk_filled_and_freed(small_disk):
    """A disk of 64 KiB: the same, with all in the middle and no reopening."""
    box = small_disk
    box.write("disk/ballast", b"x" * 40000)
    box.script("talk", counting(
        10000, then=f"echo done > done; while [ ! -e more ]; do sleep 0.02;"
        f" done; seq -f '{LINE}' 10001 10100; exec sleep 100"))
    box.conf("program ./talk", "transcript disk/out", "start-seconds 0",
             "transcript-buffer 64k")
    pid = box.up("-Cconf")
    until(lambda: box.exists("done"), 20)
    until(lambda: told(box)["error"] == "No space left on device")
    until(lambda: told(box)["dropped"])
    subprocess.run(["mount", "-o", "remount,size=1m", box.at("disk")],
                   check=True)
    until(lambda: told(box)["waiting"] == 0, 10)
    box.write("more", "")
    until(lambda: box.read("disk/out").endswith("10100, of many\n"))
    assert check_gap(box.read("disk/out"), 10100) > 0
    assert box.pid() == pid


# --- the kernel's memory ------------------------------------------------------

def pipe_size(box):
    manager = box.manager()
    number = [n for n, path in descriptors(manager).items()
              if path == box.at(".zdsock.out")][0]
    fd = os.open(f"/proc/{manager}/fd/{number}", os.O_RDONLY | os.O_NONBLOCK)
    try:
        return fcntl.fcntl(fd, 1032)    # F_GETPIPE_SZ
    finally:
        os.close(fd)


@pytest.mark.skipif(not hasattr(os, "O_PATH"), reason="Linux")
def test_fifo_is_small_until_it_was_full(box):
    up(box, "echo little; mkfifo fifo; read -r n < fifo\n"
       f"seq -f '{LINE}' 1 300000; exec sleep 100\n")
    until(lambda: box.exists("fifo") and box.read("out") == "little\n")
    assert pipe_size(box) == 65536
    box.say("fifo", "go\n")
    until(lambda: box.read("out").endswith("300000, of many\n"), 20)
    assert 65536 < pipe_size(box) <= 1 << 19


# --- what fails ---------------------------------------------------------------

def failing(box, error):
    """strace on the supervisor: no byte goes into the transcript's file."""
    calls = [f"{call}:error={error}" for call in ("splice", "write", "writev")]
    return attach(box, box.manager(), *calls, paths=[box.at("out")])


@pytest.mark.strace
@pytest.mark.parametrize("keys", [(), ("transcript-timestamps utc",)])
@pytest.mark.parametrize("error, reason", [
    ("EIO", "Input/output error"), ("EROFS", "Read-only file system")])
def test_file_that_fails(box, keys, error, reason):
    """Told once, by status and event log; what waited is there once it works,
    and the program has not noticed."""
    box.script("talk", "echo before; mkfifo fifo; exec 3<> fifo\n"
               f"while read -r n <&3; do seq -f '{LINE}' 1 $n; echo > done\n"
               "done\n")
    box.conf("program ./talk", "transcript out", "start-seconds 0", *keys,
             rest="<eventlog>\n <logfile>\n path events\n </logfile>\n"
             "</eventlog>\n")
    pid = box.up("-Cconf")
    until(lambda: box.read("out", "").endswith("before\n")
          and box.exists("fifo"))
    tracer = failing(box, error)
    box.say("fifo", "1000\n")
    until(lambda: box.exists("done"))
    until(lambda: told(box)["error"] == reason)
    waiting = told(box)["waiting"]
    assert waiting == 24 * 1000 + (25 * 1000 if keys else 0)
    until(lambda: f"unable to write to '{box.at('out')}': {reason}"
          in box.read("events"))
    assert box.lines("out")[1:] == []
    tracer.terminate()
    box.finish(tracer)
    until(lambda: told(box)["waiting"] == 0)
    state = told(box)
    assert state["error"] is None and state["dropped"] == 0
    until(lambda: "can be written again" in box.read("events"))
    assert box.read("events").count("unable to write to") == 1
    text = re.sub(r"(?m)^\d{4}-\S+Z (?=line|before)", "", box.read("out"))
    assert numbers(text.partition("\n")[2]) == list(range(1, 1001))
    assert box.pid() == pid


@pytest.fixture
def frozen(box):
    """A directory `disk` that freeze() makes read-only by its name; what is
    open in it stays as it is."""
    os.mkdir(box.at("disk"))
    mounted = []

    def mount(*words):
        if subprocess.run(["mount", *words], capture_output=True).returncode:
            pytest.skip("cannot mount")

    def freeze():
        mount("--bind", box.at("disk"), box.at("disk"))
        mounted.append(True)
        mount("-o", "remount,bind,ro", box.at("disk"))

    box.freeze = freeze
    yield box
    for _ in mounted:
        subprocess.run(["umount", "-l", box.at("disk")], check=True)


@pytest.mark.root
def test_read_only_directory(frozen):
    """Neither rotation nor reopening lose a line: the file that is open goes
    on, and who asked is told."""
    box = frozen
    box.script("talk", "mkfifo fifo; exec 3<> fifo\n"
               "while read -r n <&3; do echo \"$n\"; done\n")
    box.conf("program ./talk", "transcript disk/out", "start-seconds 0",
             "transcript-max-size 10")
    box.up("-Cconf")
    until(lambda: box.exists("fifo"))
    with box.speaking("fifo") as say:
        say.write("first\n")
        say.flush()
        until(lambda: box.read("disk/out") == "first\n")
        box.freeze()
        for command in ("rotate", "reopen_transcript"):
            result = box.zd("-Cconf", command)
            assert result.status == 1
            assert "disk/out': Read-only file system" in result.all
        say.write("second, which is longer\nthird\n")
        say.flush()
        until(lambda: box.read("disk/out").endswith("third\n"))
    assert box.read("disk/out") == "first\nsecond, which is longer\nthird\n"
    assert os.listdir(box.at("disk")) == ["out"]


@pytest.mark.root
def test_start_on_a_read_only_directory(frozen):
    box = frozen
    box.freeze()
    box.conf("program sleep 100", "transcript disk/out")
    result = box.zd("-Cconf", "start")
    assert result.status == 1
    assert f"unable to open transcript '{box.at('disk/out')}': Read-only " \
        "file system" in result.all
    assert box.status() is None


# --- when the supervisor leaves -----------------------------------------------

# What it starts outlives it, and writes so many lines as it is told.
LEAVES = f"""\
(trap '' TERM HUP; exec 3<> ask; echo > ready
while read -r from to <&3; do
    seq -f '{LINE}' $from $to; echo wrong >&2; echo > $from.done
done) & echo $! > left
exec sleep 1000
"""


@pytest.fixture
def left(box):
    """A program that leaves something behind."""
    os.mkfifo(box.at("ask"))
    box.script("talk", LEAVES)
    box.conf("program ./talk", "transcript out", "transcript-stderr err",
             "kill-tree off", "start-seconds 0")
    box.up("-Cconf")
    until(lambda: box.exists("ready") and box.read("left", ""))
    box.left = int(box.read("left"))
    yield box
    for one in box.strays():
        signal_quietly(one.pid, signal.SIGKILL)


def remains(box):
    """What is there of zdrun that does not supervise."""
    return [one.pid for one in box.strays() if is_zdrun(one)]


def who_stays(box):
    """The one, as soon as the supervisor has gone."""
    until(lambda: len(remains(box)) == 1)
    return remains(box)[0]


def test_what_is_left_behind_writes_on(left):
    """More than a pipe holds, to both streams, until it ends; by a process
    that has nothing of the supervisor's but these."""
    assert left.zd("-Cconf", "shutdown").status == 0
    assert alive(left.left)
    left.say("ask", "1 20000\n")
    until(lambda: left.read("out", "").count("\n") == 20000, 10)
    stays = who_stays(left)
    assert sorted(os.path.basename(path).split(" ")[0]
                  for path in descriptors(stays).values()) == [
        ".zdsock.err", ".zdsock.out", "err", "out"]
    assert left.listing() == ["1.done", "ask", "conf", "err", "left", "out",
                              "ready", "talk"]
    left.say("ask", "20001 40000\n")
    until(lambda: left.exists("20001.done"), 10)
    os.kill(left.left, signal.SIGKILL)
    until(lambda: not remains(left))
    assert numbers(left.read("out")) == list(range(1, 40001))
    assert left.read("err") == "wrong\nwrong\n"


def test_next_supervisor_beside_what_was_left(left):
    """Both write into the same file, as fast as they can: a line may be within
    another, but not a byte is overwritten."""
    assert left.zd("-Cconf", "shutdown").status == 0
    left.script("talk", f"seq -f '{LINE}' 300001 400000\n"
                "echo > other.done; exec sleep 1000\n")
    left.say("ask", "1 100000\n")
    assert left.zd("-Cconf", "start").status == 0
    until(lambda: left.exists("1.done") and left.exists("other.done"), 20)
    assert left.zd("-Cconf", "shutdown").status == 0
    os.kill(left.left, signal.SIGKILL)
    until(lambda: not remains(left))
    wanted = "".join(f"line {n:09}, of many\n" for n in [
        *range(1, 100001), *range(300001, 400001)])
    assert collections.Counter(left.read("out")) == (
        collections.Counter(wanted))


def test_next_supervisor_knows_who_stays(left):
    """It appends then, from its first byte on."""
    left.script("talk", "echo hello; exec sleep 1000\n")
    for count in 1, 2:
        assert left.zd("-Cconf", "shutdown").status == 0
        assert left.zd("-Cconf", "start").status == 0
        until(lambda: left.read("out", "").count("hello\n") == count)
        until(lambda: len(remains(left)) == 3 - count)
        assert append_set(left) == (count == 1)
        signal_quietly(left.left, signal.SIGKILL)
        until(lambda: len(remains(left)) == 1)


def test_nobody_stays_where_nothing_was_left(left):
    os.kill(left.left, signal.SIGKILL)
    until(gone(left.left))
    assert left.zd("-Cconf", "shutdown").status == 0
    until(lambda: not remains(left), 1)


def test_who_stays_can_be_ended(left):
    assert left.zd("-Cconf", "shutdown").status == 0
    stays = who_stays(left)
    os.kill(stays, signal.SIGTERM)
    until(lambda: not remains(left))
