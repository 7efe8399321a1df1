"""A supervisor that is lost, and the next one: the same program, the same
transcript, never a second copy, and what became of it told as far as it can
be known."""

import fcntl
import json
import os
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import time

import pytest

from support import (Traced, alive, attach, connect, descriptors, gone,
                     injecting, process, reap, take, until)

# Counts its copies by a lock of its own and numbers its lines.
VICTIM = """\
import fcntl, os, signal, sys, time
lock = open("lock", "a")
try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except OSError:
    open("copies", "a").write("another\\n")
open("runs", "a").write(f"{os.getpid()}\\n")
signal.signal(signal.SIGTERM, lambda *_: os._exit(7))
number = 0
while True:
    number += 1
    os.write(1, b"line %d\\n" % number)
    time.sleep(0.005)
"""


def victim(box, *keys):
    """A configuration of the program above; what to call zdaemon with."""
    box.write("victim.py", VICTIM)
    box.conf(f"program {sys.executable} victim.py", "transcript out",
             "kill-tree off", *keys)
    return "-Cconf"


def lose(box, manager):
    """The supervisor is killed, and gone."""
    os.kill(manager, signal.SIGKILL)
    until(lambda: take(manager))


def down(box, conf):
    """stop, with a parent that takes the status of what was adopted."""
    pid = box.pid()
    child = box.later(conf, "stop")
    until(lambda: take(pid))
    result = box.finish(child)
    assert result.status == 0, result


def lines(box):
    """The transcript is whole: every line, in order; how many."""
    text = box.read("out", "")
    found = re.findall(r"line (\d+)\n", text)
    assert text == "".join(f"line {n}\n" for n in found)
    assert [int(n) for n in found] == list(range(1, len(found) + 1))
    return len(found)


def one_copy(box, runs=1):
    """So many runs there were, each alone."""
    until(lambda: len(box.lines("runs")) >= runs)
    assert len(box.lines("runs")) == runs
    assert not box.exists("copies")


def report(box, *args):
    result = box.zd(*args, "status", "--json")
    return result.status, json.loads(result.out)


def kernel_tells():
    """Whether the kernel keeps the status of what was no child."""
    if not hasattr(os, "pidfd_open"):
        return False
    child = subprocess.Popen(["true"])
    fd = os.pidfd_open(child.pid)
    try:
        child.wait()
        info = bytearray(struct.pack("Q56x", 8))
        fcntl.ioctl(fd, 0xc040ff0b, info)
        return bool(struct.unpack_from("Q", info)[0] & 8)
    except OSError:
        return False
    finally:
        os.close(fd)


# --- the program runs on -------------------------------------------------------

def test_a_lost_supervisor(box):
    """Told, and taken over: same pid, same transcript, nothing missing."""
    conf = victim(box)
    pid, manager = box.up(conf), box.manager()
    until(lambda: lines(box) > 10)
    lose(box, manager)
    assert alive(pid)

    result = box.zd(conf, "status")
    assert result.status == 3, result
    assert result.out == ("daemon manager not running; program running "
                          f"without it, pid={pid}; start takes it over\n")
    status, told = report(box, conf)
    assert (status, told["state"], told["pid"]) == (3, "orphan", pid)
    for words in ([conf, "kill"], ["stop"], ["shutdown"]):
        result = box.zd(*words)     # no program is named to the last two
        assert result.status == 1 and str(pid) in result.all, result
    assert alive(pid)

    before = lines(box)
    result = box.zd(conf, "start")
    assert result.status == 0, result
    assert f"daemon process taken over, pid={pid}\n" in result.out, result
    assert box.pid() == pid
    until(lambda: lines(box) > before + 10)
    one_copy(box)
    status, told = report(box, conf)
    assert (status, told["state"], told["pid"]) == (0, "up", pid)
    assert told["manager"] not in (None, manager)
    down(box, conf)
    until(gone(pid))


@pytest.mark.parametrize("command", ["stop", "shutdown"])
def test_stop_of_an_orphan(box, command):
    """It is taken over and then ends as any other, with what it started."""
    conf = starter(box)
    pid, manager = box.up(conf), box.manager()
    until(lambda: box.exists("child"))
    child = int(box.read("child"))
    lose(box, manager)
    running = box.later(conf, command)
    until(lambda: take(pid))
    result = box.finish(running)
    assert result.status == 0, result
    assert f"daemon process taken over, pid={pid}\n" in result.out, result
    assert result.out.endswith(
        "daemon manager stopped\n" if command == "shutdown" else
        "daemon process stopped\n"), result
    assert gone(pid, child)()
    status = box.zd(conf, "status")
    assert status.status == 3 and str(pid) not in status.all, status


def test_what_is_known_goes_on(box):
    """Counts and the last exit survive the supervisor; it tells when the
    program began."""
    conf = victim(box, "backoff-limit 10")
    pid = box.up(conf)
    os.kill(pid, signal.SIGKILL)
    second = until(lambda: box.pid() not in (0, pid) and box.pid(), 10)
    until(lambda: box.status()["state"] == "up")
    before = box.status()
    lose(box, int(before["manager"]))
    result = box.zd(conf, "start")
    assert result.status == 0, result
    after = box.status()
    for name in ("restarts", "backoff", "last_pid", "last_signal", "last_at"):
        assert after[name] == before[name], name
    assert int(after["application"]) == second
    assert int(after["uptime"]) >= int(before["uptime"])
    down(box, conf)


def test_adoption_is_an_event(box):
    conf = victim(box)
    pid, manager = box.up(conf), box.manager()
    lose(box, manager)
    assert box.zd(conf, "start").status == 0
    with connect(box.at("zdsock")) as sock:
        sock.sendall(b"events 10\n")
        text = b""
        while b" up " not in text.replace(b"\nup ", b"\n up "):
            text += sock.recv(65536)
    found = re.search(rb"\nadopted seq=\d+ at=\d+ state=\w+ pid=(\d+) "
                      rb"uptime=(\d+)\n", text)
    assert found and int(found.group(1)) == pid, text
    down(box, conf)


def test_without_descriptors_it_still_runs(box):
    """What cannot be looked at for now is not taken for lost."""
    conf = victim(box, "start-seconds 0")
    pid, manager = box.up(conf), box.manager()
    lose(box, manager)
    assert box.zd(conf, "start").status == 0
    manager = box.manager()
    limit = resource.prlimit(manager, resource.RLIMIT_NOFILE)
    resource.prlimit(manager, resource.RLIMIT_NOFILE,
                     (max(descriptors(manager)) + 1, limit[1]))
    held = [connect(box.at("zdsock")) for _ in range(16)]
    # Longer than one that has ended is given until its status is told.
    end = time.monotonic() + 4
    until(lambda: time.monotonic() > end)
    for sock in held:
        sock.close()
    resource.prlimit(manager, resource.RLIMIT_NOFILE, limit)
    until(lambda: box.pid() == pid)
    one_copy(box)
    assert box.status()["restarts"] == "0"
    down(box, conf)


def test_one_that_had_not_settled(box):
    """Killed while the program was being tested: the test goes on."""
    box.script("test", "test -e ready\n")
    conf = victim(box, "start-test-program ./test", "start-timeout 20")
    starter = box.later(conf, "start")
    pid = until(lambda: box.pid())
    until(lambda: box.status()["testing"] == "1")
    lose(box, box.manager())
    starter.kill()
    starter = box.later(conf, "start")
    until(lambda: (box.status() or {}).get("testing") == "1")
    box.write("ready", "")
    result = box.finish(starter)
    assert result.status == 0 and box.pid() == pid, result
    one_copy(box)
    down(box, conf)


# Says that it was told to end, and takes its time over it.
SLOW_TO_END = """\
trap 'echo told >>told; while test ! -e go; do sleep 0.02; done; exit 0' TERM
echo $$ >>runs
while :; do sleep 0.02; done
"""


def slow_to_end(box):
    box.script("prog", SLOW_TO_END)
    box.conf("program ./prog", "stop-timeout 20", "kill-tree off")
    pid = box.up("-Cconf")
    until(lambda: box.exists("runs"))
    return pid


def lost_in_a_stop(box, command="stop"):
    """Its supervisor is killed while it waits for the end; pid and client."""
    pid = slow_to_end(box)
    asker = box.later("-Cconf", command)
    until(lambda: box.exists("told"))
    state = box.read(".zdsock.state")
    wanted = int(command == "restart")
    assert "\nstate=stopping\nserial" in state, state
    assert f"\nwanted={wanted}\n" in state, state
    lose(box, box.manager())
    return pid, asker


def ends(box, pid):
    box.write("go", "")
    until(lambda: take(pid))
    os.unlink(box.at("go"))


def test_a_stop_that_was_begun_is_finished(box):
    """start wants it up: the old one ends as it was told, a new one follows."""
    pid, stopper = lost_in_a_stop(box)
    result = box.finish(stopper)
    assert result.status == 1 and f"pid {pid} is left" in result.err, result
    starter = box.later("-Cconf", "start")
    until(lambda: (box.status() or {}).get("state") == "stopping")
    ends(box, pid)
    result = box.finish(starter)
    new = box.pid()
    assert result.status == 0 and new not in (0, pid), result
    assert f"daemon process started, pid={new}\n" in result.out, result
    assert "taken over" not in result.all, result
    assert "a stop had been begun: it is finished first\n" in result.err
    assert len(box.lines("runs")) == 2
    assert box.status()["state"] == "up"
    box.write("go", "")
    box.down("-Cconf")


@pytest.mark.parametrize("command", ["stop", "shutdown"])
def test_a_stop_that_was_begun_starts_nothing(box, command):
    """stop and shutdown finish it as well, and that is all."""
    pid, stopper = lost_in_a_stop(box)
    box.finish(stopper)
    stopper = box.later("-Cconf", command)
    until(lambda: (box.status() or {}).get("should_be_up") == "0")
    ends(box, pid)
    result = box.finish(stopper)
    assert result.status == 0, result
    assert len(box.lines("runs")) == 1
    assert box.zd("-Cconf", "status").status == 3


def test_a_restart_that_was_begun_is_finished(box):
    """Its client turns to the next supervisor by itself."""
    pid, asker = lost_in_a_stop(box, "restart")
    until(lambda: (box.status() or {}).get("state") == "stopping")
    ends(box, pid)
    result = box.finish(asker)
    new = box.pid()
    assert result.status == 0 and new not in (0, pid), result
    assert f"daemon process restarted, pid={new}\n" in result.out, result
    assert len(box.lines("runs")) == 2
    box.write("go", "")
    box.down("-Cconf")


@pytest.mark.strace
@pytest.mark.parametrize("call", ["kill", "unlinkat"])
@pytest.mark.parametrize("command", ["stop", "restart"])
def test_death_before_the_signal(box, command, call):
    """The wish is on file before its signal is sent; killed before that (in
    unlinkat the state is about to be written), it is as if nothing had been
    asked, and who asked for a restart asks again."""
    conf = victim(box)
    pid, manager = box.up(conf), box.manager()
    tracer = attach(box, manager, f"{call}:signal=KILL:when=1")
    asker = box.later(conf, command)
    until(lambda: take(manager))
    tracer.wait(10)
    if command == "stop":
        assert alive(pid)
        result = box.finish(asker)
        assert result.status == 1 and f"pid {pid} is left" in result.err, result
        kept = box.read(".zdsock.state")
        assert (f"state={'stopping' if call == 'kill' else 'up'}\n" in kept)
        if call == "unlinkat":
            assert box.zd(conf, "start").status == 0 and box.pid() == pid
            return down(box, conf)
        asker = box.later(conf, "start")
    until(lambda: take(pid))
    result = box.finish(asker)
    new = box.pid()
    assert result.status == 0 and new not in (0, pid), result
    assert f"pid={new}\n" in result.out, result
    one_copy(box, 2)
    box.down(conf)


def test_death_in_the_sweep(box):
    """The program is gone, what it had started is not: the next supervisor
    ends that before anything is started."""
    box.script("child", "trap '' TERM\necho $$ >child.pid\n"
                        "while :; do sleep 0.1; done\n")
    box.script("prog", "setsid ./child &\n"
                       "while test ! -s child.pid; do sleep 0.02; done\n"
                       "exec sleep 1000\n")
    box.conf("program ./prog", "kill-grace 10")
    pid = box.up("-Cconf")
    child = int(box.read("child.pid"))
    stopper = box.later("-Cconf", "stop")
    until(lambda: not alive(pid))
    until(lambda: "\npid=0\n" in box.read(".zdsock.state"))
    lose(box, box.manager())
    box.finish(stopper)
    assert alive(child)
    box.conf("program sleep 1000", "kill-grace 1")
    assert box.zd("-Cconf", "start").status == 0
    assert not alive(child)
    box.down("-Cconf")


def test_over_and_over(box):
    """Each loss in turn: still the same program."""
    conf = victim(box)
    pid = box.up(conf)
    for _ in range(5):
        lose(box, box.manager())
        assert box.zd(conf, "start").status == 0
        assert box.pid() == pid
    one_copy(box)
    before = lines(box)
    until(lambda: lines(box) > before)
    down(box, conf)


def test_a_transcript_that_is_no_longer_wanted(box):
    """The program never waits for a reader of what nobody wants."""
    box.write("talk.py", "import os, time\n"
              "while not os.path.exists('go'): time.sleep(0.01)\n"
              "for n in range(20): os.write(1, b'x' * 65536)\n"
              "open('done', 'w')\ntime.sleep(100)\n")
    program = f"{sys.executable} talk.py"
    pid = box.up("-p", program, "-t", "out")
    lose(box, box.manager())
    assert box.zd("-p", program, "start").status == 0
    assert box.pid() == pid
    box.write("go", "")
    until(lambda: box.exists("done"))
    box.down()
    assert not box.exists(".zdsock.out")


# --- its end after the adoption ----------------------------------------------------

def adopted(box, *keys, inject=()):
    """A program that was taken over; the words for zdaemon and its pid."""
    conf = victim(box, *keys)
    pid = box.up(conf)
    lose(box, box.manager())
    result = (Traced(box, inject, conf, "start").finish() if inject
              else box.zd(conf, "start"))
    assert result.status == 0 and box.pid() == pid, result
    return conf, pid


def end_unseen(box, pid, number):
    """Its supervisor sleeps meanwhile, and does not see the zombie, whose
    status could be read."""
    manager = box.manager()
    os.kill(manager, signal.SIGSTOP)
    until(lambda: process(manager).state in "Tt")
    os.kill(pid, number)
    until(lambda: take(pid))
    os.kill(manager, signal.SIGCONT)


def test_its_status_is_known_where_the_kernel_tells(box):
    """exit-codes hold for it as for a child of ours."""
    conf, pid = adopted(box, "exit-codes 7", "hang-around on")
    end_unseen(box, pid, signal.SIGTERM)
    if not kernel_tells():      # a crash of unknown status
        until(lambda: box.pid() not in (0, pid))
        assert box.status()["last_code"] == "-1"
        return
    status = until(lambda: (lambda s: s["state"] == "down" and s)(
        box.status()))
    assert status["last_code"] == "7" and status["last_signal"] == "0"
    assert status["last_pid"] == str(pid)
    one_copy(box)
    assert box.zd(conf, "shutdown").status == 0


def test_its_signal_is_known_where_the_kernel_tells(box):
    conf, pid = adopted(box)
    end_unseen(box, pid, signal.SIGKILL)
    until(lambda: box.pid() not in (0, pid))
    expected = "9" if kernel_tells() else "0"
    assert box.status()["last_signal"] == expected
    one_copy(box, 2)
    down(box, conf)


@pytest.mark.strace
@pytest.mark.parametrize("call", ["ioctl", "pidfd_open"])
@pytest.mark.parametrize("policy", ["restart", "stop"])
def test_an_unknown_end(box, policy, call):
    """Where nothing tells, on-lost decides."""
    conf, pid = adopted(box, f"on-lost {policy}", "hang-around on",
                        inject=[f"{call}:error=ENOSYS"])
    end_unseen(box, pid, signal.SIGTERM)
    if policy == "restart":
        until(lambda: box.pid() not in (0, pid))
    else:
        until(lambda: box.status()["state"] == "down")
        assert "unseen" in box.status()["reason"]
        assert box.pid() == 0
    told = box.status()
    assert (told["last_code"], told["last_signal"]) == ("-1", "0")
    assert box.zd(conf, "shutdown").status == 0


def test_a_zombie_that_nobody_takes(box):
    """It is not shown as running, and how it ended can be seen at once."""
    conf, pid = adopted(box)
    manager = box.manager()
    os.kill(pid, signal.SIGKILL)
    until(lambda: process(pid).state == "Z")
    until(lambda: box.pid() != pid, 0.5)
    until(lambda: box.pid() not in (0, pid))
    assert process(pid).state == "Z"
    assert box.status()["last_signal"] == "9"
    assert box.manager() == manager
    one_copy(box, 2)
    down(box, conf)


# --- its end while nobody watches ----------------------------------------------------

def lost_program(box, *keys, taken=True):
    conf = victim(box, *keys)
    pid, manager = box.up(conf), box.manager()
    until(lambda: lines(box) > 3)
    os.kill(manager, signal.SIGKILL)
    until(gone(manager))
    os.kill(pid, signal.SIGTERM)
    if taken:
        until(lambda: take(pid))
    else:
        until(lambda: process(pid).state == "Z")
    return conf, pid


def test_an_end_that_nobody_saw(box):
    """Told as such, recorded when it is noticed, and start just starts."""
    conf, pid = lost_program(box, "on-lost stop")
    status, told = report(box, conf)
    assert (status, told["state"], told["pid"]) == (3, "down", None)
    assert told["last_exit"] == {"status": None, "signal": None,
                                 "core": False, "at": None, "uptime": None}
    result = box.zd(conf, "status", "-l")
    assert result.status == 3 and f"pid {pid} ended unseen" in result.out
    new = box.up(conf)
    assert new != pid
    status = box.status()
    assert status["last_pid"] == str(pid)
    assert (status["last_code"], status["last_signal"]) == ("-1", "0")
    assert status["restarts"] == "1"
    one_copy(box, 2)
    down(box, conf)


def test_a_zombie_at_the_start(box):
    """It has ended, and its status may still come."""
    conf, pid = lost_program(box, taken=False)
    starter = box.later(conf, "start")
    until(lambda: box.exists("zdsock"))
    until(lambda: take(pid))
    result = box.finish(starter)
    assert result.status == 0, result
    status = box.status()
    assert status["last_pid"] == str(pid)
    assert status["last_code"] in ("7", "-1")
    one_copy(box, 2)
    down(box, conf)


def test_a_zombie_for_ever_at_the_start(box):
    conf, pid = lost_program(box, taken=False)
    result = box.zd(conf, "start")
    assert result.status == 0 and result.effort < 2, result
    assert process(pid).state == "Z"
    assert box.status()["last_code"] == "7"
    one_copy(box, 2)
    down(box, conf)


# --- what the state file says ----------------------------------------------------------

STATE = ("version=1\nstate=up\nwanted=1\nmanager={manager}\npid={pid}\n"
         "start_time={start}\nspawned_at=1700000000000\nrestarts=0\n"
         "backoff=0\nboot_id={boot}\nend=1\n")


def boot_id():
    with open("/proc/sys/kernel/random/boot_id") as file:
        return file.read().strip()


def state_of(pid, start=0, boot=None):
    return STATE.format(manager=1, pid=pid,
                        start=process(pid).started + start,
                        boot=boot or boot_id())


def make_state(box, kind, pid):
    """A state file that must not be believed of the process pid."""
    name, good = ".zdsock.state", state_of(pid)
    if kind == "reused pid":
        box.write(name, state_of(pid, start=1))
    elif kind == "other boot":
        box.write(name, state_of(pid, boot=boot_id()[::-1]))
    elif kind == "cut":
        box.write(name, good[:-6])
    elif kind == "empty":
        box.write(name, "")
    elif kind == "binary":
        box.write(name, os.urandom(4000))
    elif kind == "huge":
        box.write(name, good.replace("end=1\n", "x=" + "y" * 8000000)
                  + "\nend=1\n")
    elif kind == "other version":
        box.write(name, good.replace("version=1", "version=99"))
    elif kind == "pid 0 and -1":
        box.write(name, good.replace(f"pid={pid}", "pid=-1"))
    elif kind == "ourselves":
        box.write(name, state_of(1, start=1))
    elif kind == "symlink":
        box.write("elsewhere", good)
        os.symlink("elsewhere", box.at(name))
    elif kind == "fifo":
        os.mkfifo(box.at(name))
    elif kind == "directory":
        os.mkdir(box.at(name))
    else:
        assert kind == "other owner"
        box.write(name, good)
        os.chown(box.at(name), 65534, 65534)


@pytest.mark.parametrize("kind", [
    "reused pid", "other boot", "cut", "empty", "binary", "huge",
    "other version", "pid 0 and -1", "ourselves", "symlink", "fifo",
    "directory", pytest.param("other owner", marks=pytest.mark.root)])
def test_a_state_file_not_to_be_believed(box, kind):
    """The bystander it names is let alone, the program is started once."""
    bystander = box.popen(["sleep", "100"])
    make_state(box, kind, bystander.pid)
    conf = victim(box)
    result = box.zd(conf, "status")
    assert result.status == 3, result
    assert result.out == "daemon manager not running\n"
    pid = box.up(conf)
    assert pid != bystander.pid
    until(lambda: box.exists("runs"))
    down(box, conf)
    assert bystander.poll() is None
    one_copy(box)


def test_a_state_file_that_is_believed(box):
    """The same with nothing wrong in it: the test above can fail."""
    bystander = box.popen(["sleep", "100"])
    box.write(".zdsock.state", state_of(bystander.pid))
    assert box.zd("-p", "sleep 100", "status").status == 3
    assert box.zd("-p", "sleep 100", "start").status == 0
    assert box.pid() == bystander.pid
    assert box.zd("stop").status == 0
    assert bystander.wait(10) == -signal.SIGTERM


def kept_in_the_lock(box):
    """What the lock's file has behind the pid, as a mapping."""
    text = box.read(".zdsock.lock")[16:]
    return dict(line.split("=", 1) for line in text.splitlines())


def test_a_state_file_that_was_removed(box):
    """By one who clears up what begins with a dot, or is old."""
    conf = victim(box)
    pid, manager = box.up(conf), box.manager()
    os.unlink(box.at(".zdsock.state"))
    lose(box, manager)
    result = box.zd(conf, "status")
    assert result.status == 3 and f"pid={pid}" in result.out, result
    assert box.zd(conf, "start").status == 0
    assert box.pid() == pid
    one_copy(box)
    down(box, conf)


def test_a_pipe_that_was_removed(box):
    """With its name gone: its new supervisor empties it all the same."""
    conf = victim(box)
    pid, manager = box.up(conf), box.manager()
    os.unlink(box.at(".zdsock.out"))
    lose(box, manager)
    assert box.zd(conf, "start").status == 0
    assert box.pid() == pid
    before = lines(box)
    until(lambda: lines(box) > before + 10)
    os.kill(pid, signal.SIGKILL)
    take(pid)
    until(lambda: box.exists("runs") and len(box.lines("runs")) == 2)
    until(lambda: box.read("out").count("line 1\n") == 2)
    down(box, conf)


def test_a_directory_that_was_removed_under_it(box):
    """Another stands in its place: the next supervisor finds the program."""
    conf = victim(box, "socket-name run/zdsock")
    os.mkdir(box.at("run"))
    pid = box.up(conf)
    manager = json.loads(box.zd(conf, "status", "--json").out)["manager"]
    os.rename(box.at("run"), box.at("old"))
    os.mkdir(box.at("run"))
    os.kill(manager, signal.SIGHUP)
    until(lambda: box.zd(conf, "status").status == 0)
    shutil.rmtree(box.at("old"))
    lose(box, manager)
    assert box.zd(conf, "start").status == 0
    assert f"pid={pid}" in box.zd(conf, "status").out
    before = lines(box)
    until(lambda: lines(box) > before + 10)
    one_copy(box)
    child = box.later(conf, "stop")
    until(lambda: take(pid))
    assert box.finish(child).status == 0


# Starts one that leaves its group and its session, and says who it is.
STARTER = """\
setsid sh -c 'echo $$ >>{name}; trap "echo $$ >>asked; exit 0" TERM
              while :; do sleep 0.05; done' >/dev/null 2>&1 &
while ! test -s {name}; do sleep 0.02; done
exec sleep 1000
"""


def starter(box, *keys):
    box.script("prog", STARTER.format(name="child"))
    box.conf("program ./prog", "kill-grace 1", "backoff-limit 10", *keys)
    return "-Cconf"


@pytest.mark.parametrize("upgraded", [False, True])
def test_a_lock_that_was_removed(box, upgraded):
    """Another takes its place, with another number: what the program had
    started is known all the same."""
    conf = starter(box)
    pid, manager = box.up(conf), box.manager()
    until(lambda: box.exists("child"))
    os.unlink(box.at(".zdsock.lock"))
    held = os.open(box.at("other"), os.O_CREAT | os.O_WRONLY)
    lose(box, manager)
    assert box.zd(conf, "start").status == 0
    os.close(held)
    assert box.pid() == pid
    if upgraded:
        assert box.zd(conf, "upgrade").status == 0
    child = int(box.read("child"))
    assert str(child) in box.zd(conf, "tree").out
    down(box, conf)
    assert gone(child)()


def left_alone(box, conf):
    """The child of a program that died together with its supervisor."""
    pid, manager = box.up(conf), box.manager()
    until(lambda: box.exists("child"))
    child = int(box.read("child"))
    os.kill(manager, signal.SIGSTOP)
    os.kill(pid, signal.SIGKILL)
    lose(box, manager)
    until(lambda: take(pid))
    return child


def test_what_a_lost_program_left_goes_first(box):
    """Both died, a child of the program did not: its port would be taken."""
    conf = starter(box)
    child = left_alone(box, conf)
    assert alive(child)
    os.unlink(box.at("child"))
    assert box.zd(conf, "start").status == 0
    assert gone(child)()
    assert box.read("asked") == f"{child}\n"
    until(lambda: box.exists("child"))
    assert box.zd(conf, "stop").status == 0


def test_what_a_lost_program_left_may_stay(box):
    """With kill-tree off, as at a stop."""
    conf = starter(box, "kill-tree off")
    child = left_alone(box, conf)
    assert box.zd(conf, "start").status == 0
    assert alive(child)
    until(lambda: len(box.lines("child")) == 2)
    assert box.zd(conf, "stop").status == 0
    for child in map(int, box.lines("child")):
        assert alive(child)
        os.kill(child, signal.SIGKILL)
        until(lambda: take(child))


@pytest.mark.parametrize("crash", [False, True])
def test_a_state_file_that_cannot_be_written(box, crash):
    """From the start on, and of the second run where the first is on file."""
    conf = victim(box, "backoff-limit 10")
    if not crash:
        os.mkdir(box.at(".zdsock.state"))
    pid, manager = box.up(conf), box.manager()
    if crash:
        os.unlink(box.at(".zdsock.state"))
        os.mkdir(box.at(".zdsock.state"))
        os.kill(pid, signal.SIGKILL)
        pid = until(lambda: box.status()["status"] == "running"
                    and box.pid() != pid and box.pid())
    assert kept_in_the_lock(box)["pid"] == str(pid)
    lose(box, manager)
    assert box.zd(conf, "start").status == 0
    assert box.pid() == pid
    one_copy(box, 1 + crash)
    down(box, conf)
    assert kept_in_the_lock(box) == {}


def test_the_newer_of_two_states_is_believed(box):
    """A state file that could neither be replaced nor removed is the older."""
    conf = victim(box, "backoff-limit 10")
    pid, manager = box.up(conf), box.manager()
    old = box.read(".zdsock.state")
    os.kill(pid, signal.SIGKILL)
    pid = until(lambda: box.status()["status"] == "running"
                and box.pid() != pid and box.pid())
    lose(box, manager)
    box.write(".zdsock.state", old)
    assert box.zd(conf, "start").status == 0
    assert box.pid() == pid
    one_copy(box, 2)
    down(box, conf)


@pytest.mark.root
def test_a_lock_of_another_owner_is_not_believed(box):
    """Who could make a file there first names no process for us to take."""
    bystander = box.popen(["sleep", "100"])
    box.write(".zdsock.lock", "1".ljust(16, "\n") + state_of(bystander.pid))
    os.chown(box.at(".zdsock.lock"), 65534, 65534)
    conf = victim(box)
    assert box.zd(conf, "status").out == "daemon manager not running\n"
    assert box.up(conf) != bystander.pid
    down(box, conf)
    assert bystander.poll() is None
    one_copy(box)


# --- copies of what stands beside the socket ----------------------------------------

COPIES = {
    "the directory": [["cp", "-a", "live", "copy"]],
    "the state file": [["mkdir", "copy"],
                       ["cp", "-a", "live/.zdsock.state", "live/conf",
                        "copy"]],
    "the lock file": [["mkdir", "copy"],
                      ["cp", "-a", "live/.zdsock.lock", "live/conf", "copy"]]}


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("what", COPIES)
def test_a_copy_controls_nothing(box, what, lost):
    """cp -a, rsync, a restored backup: what it names is the original's, with
    its supervisor or without."""
    live = {"cwd": box.at("live")}
    copy = {"cwd": box.at("copy")}
    os.mkdir(box.at("live"))
    box.conf("program sleep 1000", name="live/conf")
    pid = box.up("-Cconf", **live)
    if lost:
        lose(box, box.manager("live/zdsock"))
    for argv in COPIES[what]:
        assert box.run(argv).status == 0

    result = box.zd("-Cconf", "status", **copy)
    assert (result.status, result.out) == (
        3, "daemon manager not running\n"), result
    told = json.loads(box.zd("-Cconf", "status", "--json", **copy).out)
    assert (told["state"], told["pid"]) == ("down", None)
    assert str(pid) not in box.zd("-Cconf", "tree", **copy).all
    for command in ("kill", "stop", "shutdown", "restart", "start"):
        result = box.zd("-Cconf", command, **copy)
        assert alive(pid) and str(pid) not in result.all, result
    assert box.pid("copy/zdsock") not in (0, pid)
    assert box.zd("-Cconf", "stop", **copy).status == 0
    assert alive(pid)

    result = box.zd("-Cconf", "start", **live)
    assert result.status == 0 and f"pid={pid}" in result.out, result
    stopper = box.later("-Cconf", "stop", **live)
    until(lambda: take(pid))
    assert box.finish(stopper).status == 0


def test_a_copy_of_a_program_that_ended_ends_nothing(box):
    """What the original had left running is not the copy's to sweep."""
    os.mkdir(box.at("live"))
    box.script("live/prog", STARTER.format(name="child"))
    box.conf("program ./prog", "kill-grace 1", name="live/conf")
    pid = box.up("-Cconf", cwd=box.at("live"))
    until(lambda: box.read("live/child", ""))
    child = int(box.read("live/child"))
    manager = box.manager("live/zdsock")
    os.kill(manager, signal.SIGSTOP)
    os.kill(pid, signal.SIGKILL)
    lose(box, manager)
    until(lambda: take(pid))
    assert box.run(["cp", "-a", "live", "copy"]).status == 0
    result = box.zd("-Cconf", "start", cwd=box.at("copy"))
    assert result.status == 0, result
    assert box.zd("-Cconf", "stop", cwd=box.at("copy")).status == 0
    assert alive(child)
    os.kill(child, signal.SIGKILL)


def test_a_directory_that_was_moved(box):
    """A rename is no copy: the program is taken over from its new place."""
    os.mkdir(box.at("live"))
    box.conf("program sleep 1000", name="live/conf")
    pid = box.up("-Cconf", cwd=box.at("live"))
    lose(box, box.manager("live/zdsock"))
    assert box.run(["mv", "live", "moved"]).status == 0
    moved = {"cwd": box.at("moved")}
    assert f"pid={pid}" in box.zd("-Cconf", "status", **moved).out
    result = box.zd("-Cconf", "start", **moved)
    assert f"daemon process taken over, pid={pid}\n" in result.out, result
    stopper = box.later("-Cconf", "stop", **moved)
    until(lambda: take(pid))
    assert box.finish(stopper).status == 0


def test_a_supervisor_whose_lock_and_socket_were_removed(box):
    """It runs on, and its program is not to be had: the state says so."""
    conf = victim(box)
    pid, manager = box.up(conf), box.manager()
    os.kill(manager, signal.SIGSTOP)        # so that it makes no new socket
    os.unlink(box.at("zdsock"))
    os.unlink(box.at(".zdsock.lock"))
    result = box.zd(conf, "status")
    assert result.status == 4, result
    assert f"the supervisor, pid {manager}, runs" in result.err, result
    assert result.out == ("daemon manager not answering; program running, "
                          f"pid={pid}\n"), result
    for command in ("start", "stop", "restart"):
        result = box.zd(conf, command)
        assert result.status != 0, result
        assert f"the supervisor, pid {manager}, runs" in result.err, result
    os.kill(manager, signal.SIGCONT)
    until(lambda: box.pid() == pid)
    one_copy(box)
    box.down(conf)


# --- the moments between -----------------------------------------------------------------

@pytest.mark.strace
def test_death_between_fork_and_the_state_file(box):
    """The child was never told to go on: it ends without having run."""
    conf = victim(box, "backoff-limit 10")
    pid, manager = box.up(conf), box.manager()
    one_copy(box)
    tracer = box.popen([*injecting("rename,renameat,renameat2:"
                                   "delay_enter=3000000"), "-p", str(manager)])
    until(lambda: "TracerPid:\t0" not in open(
        f"/proc/{manager}/status").read())
    os.kill(pid, signal.SIGKILL)
    # The state file of the exit, then the child of the next run waits.
    child = until(lambda: [one for one in map(process, map(int, filter(
        str.isdigit, os.listdir("/proc"))))
        if one and one.parent == manager and one.state not in "ZX"], 20)
    os.kill(manager, signal.SIGKILL)
    until(gone(manager, child[0].pid))
    tracer.wait(10)
    one_copy(box)
    take(manager)
    assert box.up(conf) not in (pid, child[0].pid)
    until(lambda: len(box.lines("runs")) == 2)
    one_copy(box, 2)
    down(box, conf)


@pytest.mark.strace
@pytest.mark.parametrize("call", ["listen", "renameat"])
def test_death_before_the_socket_has_its_name(box, call):
    """The next supervisor finds the half-made socket, and no other stays."""
    before = set(os.listdir(box.path))
    result = Traced(box, [f"{call}:signal=KILL:when=1"],
                    "-p", "sleep 1000", "start").finish()
    assert result.status == 1, result
    assert [n for n in os.listdir(box.path) if n.startswith(".zdrun.")]
    box.up("-p", "sleep 1000")
    assert not [n for n in os.listdir(box.path) if n.startswith(".zdrun.")]
    box.down()
    assert set(os.listdir(box.path)) - before == {".zdsock.lock"}


def test_a_lock_that_is_given_back_late(box):
    """A child on its way may hold the lock for a moment after us."""
    conf = victim(box)
    pid, manager = box.up(conf), box.manager()
    lock = os.open(box.at(".zdsock.lock"), os.O_RDWR)
    os.kill(manager, signal.SIGKILL)
    fcntl.flock(lock, fcntl.LOCK_EX)
    take(manager)
    starter = box.later(conf, "start")
    time.sleep(0.5)
    assert starter.poll() is None
    os.close(lock)
    result = box.finish(starter)
    assert result.status == 0 and box.pid() == pid, result
    one_copy(box)
    down(box, conf)


def test_starters_at_once_over_an_orphan(box):
    conf = victim(box)
    pid = box.up(conf)
    lose(box, box.manager())
    starters = [box.later(conf, "start") for _ in range(6)]
    for one in starters:
        result = box.finish(one)
        assert result.status == 0 and f"pid={pid}\n" in result.out, result
    one_copy(box)
    down(box, conf)


def test_restart_of_an_orphan(box):
    """Taken over, and then replaced, as was asked for.  Further words count,
    as the supervisor is of our making."""
    conf = victim(box)
    pid = box.up(conf)
    lose(box, box.manager())
    asker = box.later(conf, "restart", "--more")
    until(lambda: take(pid))
    result = box.finish(asker)
    new = box.pid()
    assert result.status == 0 and new not in (0, pid), result
    assert [line for line in result.out.split("\n") if line.strip(" .")] == [
        f"daemon process taken over, pid={pid}",
        f"daemon process restarted, pid={new}"]
    assert result.err == ""
    with open(f"/proc/{new}/cmdline", encoding="utf-8") as words:
        assert words.read().endswith("\0--more\0")
    one_copy(box, 2)
    assert box.zd(conf, "stop").status == 0


def test_restarts_at_once_over_an_orphan(box):
    conf = victim(box)
    pid = box.up(conf)
    lose(box, box.manager())
    askers = [box.later(conf, "restart") for _ in range(4)]
    until(lambda: take(pid))
    for one in askers:
        result = box.finish(one)
        assert result.status == 0, result
    assert box.pid() not in (0, pid)
    assert not box.exists("copies")
    assert box.zd(conf, "stop").status == 0


@pytest.mark.root
def test_an_orphan_of_another_user(box):
    """The state file of the configured user is believed."""
    os.chmod(box.path, 0o777)
    conf = victim(box, "user nobody")
    pid = box.up(conf)
    lose(box, box.manager())
    assert box.zd(conf, "status").status == 3
    assert str(pid) in box.zd(conf, "status").out
    assert box.zd(conf, "start").status == 0
    assert box.pid() == pid
    one_copy(box)
    down(box, conf)


# --- a supervisor that is there and does not answer ----------------------------------

def test_a_stopped_supervisor_is_told_with_what_is_known(box):
    """From its state file, checked against the process it names."""
    pid = box.up("-p", "sleep 100")
    manager = box.manager()
    os.kill(manager, signal.SIGSTOP)
    plain, more, told = [box.later("status", *words) for words in
                         ([], ["-l"], ["--json"])]
    result = box.finish(plain)
    assert result.status == 4, result
    assert result.out == ("daemon manager not answering; program running, "
                          f"pid={pid}\n")
    assert f"pid {manager}, is stopped" in result.err, result
    result = box.finish(more)
    assert result.status == 4 and "up, when last heard of" in result.out
    assert f"pid {manager}" in result.out
    result = box.finish(told)
    told = json.loads(result.out)
    assert (result.status, told["state"]) == (4, "unknown")
    assert (told["pid"], told["manager"], told["wanted"]) == (
        pid, manager, True)

    os.kill(pid, signal.SIGKILL)
    until(gone(pid))
    started = box.later("-p", "sleep 100", "start")
    result = box.zd("status")
    assert result.status == 4, result
    assert result.out == "daemon manager not answering; program not running\n"
    result = box.finish(started)
    assert result.status == 4 and "no answer" in result.err, result
    os.kill(manager, signal.SIGCONT)
    until(lambda: box.pid() not in (0, pid))
