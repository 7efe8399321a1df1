"""logtail: what of a log's past is shown, and that nothing of its future is
missed, whatever happens to the file."""

import datetime
import gzip
import os
import pty
import resource
import signal
import subprocess
import sys
import threading

import pytest

from support import until

PATIENCE = 20
WRITER = """
import os, sys
base, lines, rotations = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
out = open(base, "ab", 0)
for number in range(lines):
    out.write(b"line %d of many\\n" % number)
    if rotations and number % (lines // rotations) == 7:
        for old in range(rotations, 0, -1):
            if os.path.exists(f"{base}.{old}"):
                os.rename(f"{base}.{old}", f"{base}.{old + 1}")
        os.rename(base, base + ".1")
        out = open(base, "ab", 0)
"""


class Follower:
    """logtail in the background; what it has printed so far."""

    def __init__(self, box, *args, stdout=subprocess.PIPE, env=None):
        self.err = open(box.at("notes"), "wb")
        self.child = box.later("logtail", *args, stdout=stdout,
                               stderr=self.err, env=env)
        self.out = bytearray()
        self.box = box
        if stdout == subprocess.PIPE:
            self.collect(self.child.stdout)

    def collect(self, stream):
        def run():
            while True:
                try:
                    data = os.read(stream.fileno(), 65536)
                except OSError:
                    data = b""
                if not data:
                    return
                self.out += data
        self.thread = threading.Thread(target=run)
        self.thread.start()

    def wait_for(self, text):
        until(lambda: text in bytes(self.out), PATIENCE, repr(text))

    @property
    def notes(self):
        return self.box.read("notes").replace(self.box.path + "/", "")

    def wait_note(self, text):
        until(lambda: text in self.notes, PATIENCE, text)

    def interrupt(self):
        """^C; all that it has printed."""
        self.child.send_signal(signal.SIGINT)
        until(lambda: self.child.poll() is not None, PATIENCE)
        self.thread.join()
        assert self.child.returncode == 0
        return bytes(self.out)


@pytest.fixture
def follow(box):
    def start(*args, **options):
        return Follower(box, *args, **options)
    return start


def append(box, text, name="log"):
    with open(box.at(name), "ab") as log:
        log.write(text.encode() if isinstance(text, str) else text)


def shown(box, *args, status=0):
    result = box.zd("logtail", "--no-follow", *args)
    assert result.status == status, result
    return result


# --- what is there ---------------------------------------------------------

def test_number_of_lines(box):
    box.write("log", "1\n2\n3\n4")
    assert shown(box, "-n", "0", "log").out == ""
    assert shown(box, "-n2", "log").out == "3\n4"
    assert shown(box, "--lines=99", "log").out == "1\n2\n3\n4"
    assert shown(box, "-n", "9" * 30, "log").out == "1\n2\n3\n4"
    for wrong in ("-1", "x", "", "1k"):
        result = shown(box, "-n", wrong, "log", status=2)
        assert result.err == (
            f"Error: logtail: '{wrong}' is no number of lines\n")


def test_several_files_have_headers(box):
    box.write("a", "one\ntwo")
    box.write("b", "three\n")
    out = shown(box, "-n1", "a", "b").out.replace(box.path, "")
    assert out == "==> /a <==\ntwo\n\n==> /b <==\nthree\n"


def test_one_bad_file_does_not_hide_the_others(box):
    box.write("a", "one\n")
    os.mkfifo(box.at("pipe"))
    os.mkdir(box.at("folder"))
    result = shown(box, "missing", "pipe", "folder", "/dev/null", "a",
                   status=1)
    assert result.out.replace(box.path, "") == "==> /a <==\none\n"
    assert result.err.replace(box.path + "/", "").splitlines() == [
        "Error: unable to open 'missing': No such file or directory",
        "Error: unable to open 'pipe': it is a FIFO",
        "Error: unable to open 'folder': it is a directory",
        "Error: unable to open '/dev/null': it is a device"]


def test_a_fifo_keeps_its_writer(box):
    """Opened and closed again, it would end who waits for its reader."""
    os.mkfifo(box.at("pipe"))
    writer = box.popen(["sh", "-c", "echo hello > pipe"])
    with open(f"/proc/{writer.pid}/wchan") as channel:
        until(lambda: channel.seek(0) or "partner" in channel.read())
    shown(box, "pipe", status=1)
    with open(box.at("pipe")) as pipe:
        assert pipe.read() == "hello\n"
    assert writer.wait(10) == 0


def test_an_unreadable_file_is_told(nobody):
    nobody.write("log", "secret\n", 0o000)
    result = shown(nobody, "log", status=1)
    assert "Permission denied" in result.err
    assert result.out == ""


def test_all_known_logs(box):
    box.conf("program x", "logfile log", "transcript out", rest="""
<eventlog>
  <logfile>
    path events
  </logfile>
  <logfile>
    path log
  </logfile>
</eventlog>
""")
    for name in ("log", "out", "events"):
        box.write(name, f"of {name}\n")
    out = box.zd("-Cconf", "logtail", "-a", "--no-follow").out
    assert out.replace(box.path, "") == (
        "==> /log <==\nof log\n\n==> /out <==\nof out\n"
        "\n==> /events <==\nof events\n")
    os.unlink(box.at("out"))
    assert "of out" not in box.zd("-Cconf", "logtail", "-a",
                                  "--no-follow").all


def test_which_of_all_logs_is_there(box):
    """One of two still has its name before it; none is a failure."""
    box.conf("program x", "transcript out", "transcript-stderr err")
    wanted = ("-Cconf", "logtail", "-a", "--no-follow")
    box.write("err", "of err\n")
    result = box.zd(*wanted)
    assert result.out.replace(box.path, "") == "==> /err <==\nof err\n"
    assert (result.status, result.err) == (0, "")
    os.unlink(box.at("err"))
    result = box.zd(*wanted)
    assert (result.status, result.out) == (1, "")
    assert result.err == (
        "Error: logtail: none of the configured logs is there\n")
    box.conf("program x", "transcript out")
    box.write("out", "of out\n")
    assert box.zd(*wanted).out == "of out\n"


def test_standard_error_apart(box):
    box.conf("program x", "transcript out", "transcript-stderr err")
    box.write("out", "one\n")
    box.write("err", "two\n")
    wanted = ("-Cconf", "logtail", "--no-follow")
    assert box.zd(*wanted).out == "one\n"
    assert box.zd(*wanted, "--stderr").out == "two\n"
    assert box.zd(*wanted, "-a").out.replace(box.path, "") == (
        "==> /out <==\none\n\n==> /err <==\ntwo\n")
    result = shown(box, "--stderr", status=1)
    assert result.err == (
        "Error: logtail: transcript-stderr is not configured\n")


# --- expressions and times -------------------------------------------------

def test_grep(box):
    box.write("log", "".join(f"line {n}\n" for n in range(100)) + "7 at last")
    assert shown(box, "--grep", "7", "-n3", "log").out == (
        "line 87\nline 97\n7 at last")
    assert shown(box, "--grep", "1$|^line 5.$", "-n2", "log").out == (
        "line 81\nline 91\n")
    assert shown(box, "--grep", "nothing", "log").out == ""


def test_grep_points_at_the_error(box):
    box.write("log", "x\n")
    result = shown(box, "--grep", "x(a)(b", "log", status=2)
    lines = result.err.splitlines()
    assert lines[0].startswith("Error: logtail: 'x(a)(b' is no expression: ")
    assert lines[1:] == ["  x(a)(b", "      ^"]


def test_grep_of_a_very_long_line(box):
    """It is shown whole for what stands in its beginning."""
    long = "x" * 300000
    box.write("log", f"a{long}\nb{long}\na\n")
    assert shown(box, "--grep", "^a", "log").out == f"a{long}\na\n"


def stamped(age, text):
    at = datetime.datetime.now() - datetime.timedelta(seconds=age)
    return f"{at:%Y-%m-%d %H:%M:%S} {text}\n"


def test_since(box):
    box.write("log", stamped(9000, "old") + stamped(5000, "one")
              + "  of one\n" + stamped(10, "two"))
    assert [line.split()[-1] for line in
            shown(box, "--since", "2h", "log").out.splitlines()] == [
                "one", "one", "two"]
    assert shown(box, "--since", "1m", "log").out.split()[-1] == "two"
    assert shown(box, "--since", "5s", "log").out == ""
    assert shown(box, "--since", "2h", "-n1", "log").out.count("\n") == 1
    assert shown(box, "--since", "2h", "--grep", "of|two",
                 "log").out.count("\n") == 2
    result = shown(box, "--since", "soon", "log", status=2)
    assert result.err.startswith("Error: logtail: 'soon' is no time; ")
    assert result.err.count("\n") == 1


def test_since_in_a_log_without_stamps(box):
    box.write("log", "".join(f"{n}\n" for n in range(30)))
    result = shown(box, "--since", "2h", "log")
    assert result.out == "".join(f"{n}\n" for n in range(20, 30))
    assert result.err.count("\n") == 1
    assert "time stamp" in result.err


def test_since_reads_rotated_files(box):
    """The oldest first, packed ones too, and none that is too old."""
    box.conf("program x", "logfile log")
    box.write("log.3", stamped(90000, "too old"))
    os.utime(box.at("log.3"), (0, 0))
    with gzip.open(box.at("log.2.gz"), "wt") as old:
        old.write(stamped(9000, "old"))
        old.writelines(stamped(6000 - n / 10, f"two {n}")
                       for n in range(10000))
    old = os.path.getmtime(box.at("log.2.gz"))
    box.write("log.1", stamped(4000, "three"))
    os.utime(box.at("log.1"), (old + 1, old + 1))
    box.write("log", stamped(10, "four"))
    box.write("log.bak", stamped(10, "other"))
    lines = box.zd("-Cconf", "logtail", "-a", "--no-follow",
                   "--since", "2h").out.splitlines()
    assert [line[20:] for line in lines] == [
        f"two {n}" for n in range(10000)] + ["three", "four"]
    assert box.zd("-Cconf", "logtail", "--no-follow",
                  "--since", "2h").out.count("\n") == 1


def test_a_rotation_while_rotated_files_are_read(box):
    """Every line once, whatever its file is called by then."""
    box.conf("program x", "logfile log")
    wanted = []
    for name in ("log.2", "log.1", "log"):
        lines = [f"{name} {n}" for n in range(10000)]
        box.write(name, stamped(60, "") + "\n".join(lines) + "\n")
        wanted += ["", *lines]
    child = box.later("-Cconf", "logtail", "-a", "--no-follow",
                      "--since", "2h")
    with open(f"/proc/{child.pid}/wchan") as channel:
        until(lambda: channel.seek(0) or "pipe_w" in channel.read())
    for old, new in (("log.2", "log.3"), ("log.1", "log.2"), ("log", "log.1")):
        os.rename(box.at(old), box.at(new))
    box.write("log", stamped(0, "new"))
    lines = box.finish(child).out.splitlines()
    assert [line[20:] if line[:2] == "20" else line
            for line in lines] == wanted


def test_a_rotated_file_from_the_far_future_is_read(box):
    """A clock was wrong, or somebody touched it: more ns than there are."""
    box.conf("program x", "logfile log")
    box.write("log.1", stamped(10, "one"))
    os.utime(box.at("log.1"), (10 ** 10, 10 ** 10))
    if os.path.getmtime(box.at("log.1")) != 10 ** 10:
        pytest.skip("the file system knows no such time")
    box.write("log", stamped(5, "two"))
    lines = box.zd("-Cconf", "logtail", "-a", "--no-follow",
                   "--since", "2h").out.splitlines()
    assert [line[20:] for line in lines] == ["one", "two"]


def test_a_damaged_packed_file_is_told(box):
    box.conf("program x", "logfile log")
    box.write("log.1.gz", b"no such thing")
    box.write("log", stamped(10, "four"))
    result = box.zd("-Cconf", "logtail", "-a", "--no-follow", "--since", "2h")
    assert result.out.endswith("four\n")
    assert "unable to unpack" in result.err and "log.1.gz" in result.err
    assert result.status == 1


# --- what does not take it -------------------------------------------------

@pytest.fixture
def big(box):
    """A log that no buffer and no pipe has room for."""
    box.write("big", "line\n" * 100000)
    return "big"


@pytest.mark.parametrize("args", [(), ("--no-follow",)])
def test_a_full_disk(box, big, args):
    with open("/dev/full", "wb") as full:
        result = box.zd("logtail", "-n", "100000", *args, big, stdout=full)
    assert (result.status, result.err) == (
        1, "unable to write the output: No space left on device\n")


def test_a_full_disk_in_a_session(box, big):
    result = box.zd("-c", f"logtail -n 100000 --no-follow {big} > /dev/full\n"
                    "version")
    assert (result.status, result.out, result.err) == (
        1, "", "unable to write the output: No space left on device\n")


@pytest.mark.parametrize("args", [(), ("--no-follow",)])
def test_a_reader_that_has_read_enough(box, big, args):
    """As `| head -1`: nobody has anything to complain about."""
    child = box.later("logtail", "-n", "100000", *args, big)
    assert os.read(child.stdout.fileno(), 5) == b"line\n"
    child.stdout.close()
    assert child.wait(PATIENCE) == 0
    assert child.stderr.read() == b""


def test_an_interrupt_while_nobody_reads(box):
    """Also of what would wait, if it could write."""
    box.write("log", "line\n")
    child = box.later("logtail", "log")
    assert os.read(child.stdout.fileno(), 5) == b"line\n"
    with open(f"/proc/{child.pid}/wchan") as channel:
        until(lambda: channel.seek(0) or "poll" in channel.read())
        with open(box.at("log"), "a") as log:
            log.write("line\n" * 100000)
        until(lambda: channel.seek(0) or "pipe_w" in channel.read())
    child.send_signal(signal.SIGINT)
    assert child.wait(PATIENCE) == 130
    assert child.stderr.read() == b""


def test_a_log_that_the_output_goes_into(box):
    """Following it would fill the disk; its end can be shown."""
    box.write("log", "line\n")
    os.link(box.at("log"), box.at("other"))
    with open(box.at("log"), "ab") as out:
        result = box.zd("logtail", "other", stdout=out,
                        preexec_fn=lambda: resource.setrlimit(
                            resource.RLIMIT_FSIZE, (1 << 20, 1 << 20)))
    assert (result.status, result.err) == (
        1, f"Error: unable to follow '{box.at('other')}': "
        "the output goes into it\n")
    assert box.read("log") == "line\n"
    with open(box.at("log"), "ab") as out:
        result = box.zd("logtail", "--no-follow", "log", stdout=out)
    assert (result.status, result.err) == (0, "")
    assert box.read("log") == "line\nline\n"


# --- what comes ------------------------------------------------------------

def test_rotations_lose_nothing(box, follow):
    """At full speed: each line once, whole, in order."""
    box.write("log", "begin\n")
    follower = follow("log")
    follower.wait_for(b"begin\n")
    box.run([sys.executable, "-c", WRITER, "log", "20000", "20"])
    follower.wait_for(b"line 19999 of many\n")
    lines = follower.interrupt().splitlines()[:-1]
    assert lines == [b"begin"] + [b"line %d of many" % n
                                  for n in range(20000)]
    assert follower.notes.splitlines() == [
        "--- log: rotated, reopened ---"] * 20


def test_the_writer_may_reopen_late(box, follow):
    """It goes on with the renamed file for a while."""
    box.write("log", "one\n")
    follower = follow("log")
    follower.wait_for(b"one\n")
    with open(box.at("log"), "ab", 0) as old:
        os.rename(box.at("log"), box.at("log-20261125"))
        box.write("log", "")
        old.write(b"two\n")
        follower.wait_for(b"two\n")
        old.write(b"three\n")
        append(box, "four\n")
        follower.wait_for(b"four\n")
    assert follower.interrupt() == b"one\ntwo\nthree\nfour\n\n"


def test_copytruncate(box, follow):
    """Also where the file is longer again by the time we look."""
    box.write("log", "one\ntwo\n")
    follower = follow("log")
    follower.wait_for(b"two\n")
    wanted = b"one\ntwo\n"
    for number in range(5):
        os.truncate(box.at("log"), 0)
        text = f"a longer line than before, {number}\n" * (number + 1)
        append(box, text)
        wanted += text.encode()
        follower.wait_for(wanted)
    assert follower.interrupt() == wanted + b"\n"
    assert follower.notes == (
        "--- log: truncated, from its beginning ---\n" * 5)


def test_deletion_and_return(box, follow):
    box.write("log", "one\n")
    follower = follow("log")
    follower.wait_for(b"one\n")
    os.unlink(box.at("log"))
    follower.wait_note("--- log: gone, waiting for it to come back ---\n")
    os.mkdir(box.at("log"))
    follower.wait_note("it is a directory ---\n")
    os.rmdir(box.at("log"))
    box.write("log", "two\n")
    follower.wait_for(b"two\n")
    assert follower.interrupt() == b"one\ntwo\n\n"
    assert follower.notes.count("\n") == 3


def test_a_file_to_come(box, follow):
    follower = follow("log", "--grep", "o")
    follower.wait_note("--- log: not there yet, waiting for it ---\n")
    box.write("log", "one\nsix\ntw")
    follower.wait_for(b"one\n")
    append(box, "o\nend o")
    follower.wait_for(b"two\n")
    assert follower.interrupt() == b"one\ntwo\n\nend o"


def test_what_never_was_there_is_not_gone(box, follow):
    """Told once; gone is only what was there."""
    first = "--- log: not there yet, waiting for it ---\n"
    follower = follow("log", "other")
    follower.wait_note("--- ")
    box.write("other", "one\n")
    follower.wait_for(b"one\n")
    os.unlink(box.at("other"))
    # It takes the same second until the one that was there is missed.
    follower.wait_note("--- other: gone, waiting for it to come back ---\n")
    assert follower.notes.replace(box.path + "/", "").count(
        "gone, waiting") == 1
    box.write("log", "two\n")
    follower.wait_for(b"two\n")


def test_a_link_that_is_moved(box, follow):
    box.write("a", "one\n")
    box.write("b", "two\n")
    os.symlink("a", box.at("log"))
    follower = follow("log")
    follower.wait_for(b"one\n")
    os.symlink("b", box.at("new"))
    os.rename(box.at("new"), box.at("log"))
    follower.wait_for(b"two\n")
    append(box, "three\n", "b")
    follower.wait_for(b"three\n")
    assert follower.interrupt() == b"one\ntwo\nthree\n\n"


def test_several_files_are_followed(box, follow):
    box.write("a", "")
    box.write("b", "")
    follower = follow("a", "b", "a")
    for number in range(3):
        append(box, f"a{number}\n", "a")
        follower.wait_for(b"a%d\n" % number)
        append(box, f"b{number}\n", "b")
        follower.wait_for(b"b%d\n" % number)
    out = bytes(follower.out).replace(box.path.encode(), b"")
    assert out.count(b"==> /b <==\nb2\n") == 1
    follower.interrupt()


def test_nothing_is_changed_in_a_pipe(box, follow):
    data = bytes(range(256)) + b"\n\xff\xc3\n\x1b]0;x\x07"
    box.write("log", data)
    follower = follow("-n999", "log")
    follower.wait_for(data)
    append(box, data)
    follower.wait_for(data + data)
    assert follower.interrupt() == data + data + b"\n"


def test_nothing_harmful_reaches_a_terminal(box, follow):
    data = (b"\x1b[2J \x9b31m \xc2\x9b \xff \xe2\x80\xae \x00 \r "
            b"\xc3\xa9 \x7f\n")
    box.write("log", data)
    ours, theirs = pty.openpty()
    follower = follow("-n9", "log", stdout=theirs)
    os.close(theirs)
    with os.fdopen(ours, "rb", 0) as terminal:
        follower.collect(terminal)
        safe = (b"^[[2J \\x9b31m \\x9b \\xff \\u{202E} ^@ ^M "
                b"\xc3\xa9 ^?\r\n")
        follower.wait_for(safe)
        # A character that comes in two parts is one.
        append(box, b"\xc3")
        append(box, b"\xa9\n")
        follower.wait_for(b"\xc3\xa9\r\n" + safe[:0])
        append(box, data[:1])
        append(box, data[1:])
        follower.wait_for(safe + b"\xc3\xa9\r\n" + safe)
        follower.child.kill()
        follower.thread.join()
    assert b"\x1b" not in follower.out


def test_logtail_ends_with_its_terminal(box):
    """The window is closed while nothing comes: nobody is left behind."""
    box.write("log", "a line\n")
    ours, theirs = pty.openpty()
    child = box.later("logtail", "log", stdout=theirs)
    os.close(theirs)
    assert os.read(ours, 100) == b"a line\r\n"
    os.close(ours)
    until(lambda: child.poll() is not None, PATIENCE)


@pytest.mark.parametrize("term,marked", [
    ("xterm", b"an \x1b[1;31merr\x1b[0mor\r\n"), ("dumb", b"an error\r\n")])
def test_what_fits_is_marked_in_color(box, follow, term, marked):
    box.write("log", "an error\nnone\n")
    ours, theirs = pty.openpty()
    follower = follow("--grep", "err", "log", stdout=theirs,
                      env={"TERM": term})
    os.close(theirs)
    with os.fdopen(ours, "rb", 0) as terminal:
        follower.collect(terminal)
        follower.wait_for(marked)
        follower.child.kill()
        follower.thread.join()
    assert bytes(follower.out) == marked


def test_a_flood_can_be_interrupted(box, follow):
    """A writer that never rests is no reason to be deaf."""
    box.write("log", "the first\n")
    follower = follow("log", "--grep", "first")
    follower.wait_for(b"the first\n")
    writer = box.popen(["sh", "-c",
                        "while :; do echo something; done >> log"])
    until(lambda: os.path.getsize(box.at("log")) > 100000, PATIENCE)
    follower.interrupt()
    writer.kill()
    writer.wait()
