"""What goes wrong in the field, made to happen: full disks, limits, calls
that fail, clocks that jump."""

import json
import os
import re
import resource
import signal
import subprocess
import time

import pytest

from support import (Traced, alive, attach, connect, cpu_seconds,
                     descriptors, gone, process, serving, signal_quietly,
                     take, until)

SLEEP = ("-p", "sleep 100")
TALK = ("i=0\nwhile [ $i -lt {count} ]; do i=$((i+1)); "
        "echo line $i || exit 99\ndone\necho done > done\nexec sleep 100\n")


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


# --- the transcript -----------------------------------------------------------------

@pytest.mark.root
def test_disk_full(small_disk):
    """The program is untouched; what does not fit is dropped and counted;
    it goes on when there is room again."""
    box = small_disk
    box.script("talk", TALK.format(count=20000))
    box.conf("program ./talk", "transcript disk/out", "start-seconds 0",
             "transcript-buffer 64k")
    pid = box.up("-Cconf")
    until(lambda: box.exists("done"), 20)
    assert box.pid() == pid
    told = until(lambda: [t for t in [json.loads(box.zd(
        "-Cconf", "status", "--json").out)["transcript"]] if t["dropped"]])
    assert told[0]["path"] == box.at("disk/out")
    subprocess.run(["mount", "-o", "remount,size=1m", box.at("disk")],
                   check=True)
    os.unlink(box.at("disk/out"))
    assert box.zd("-Cconf", "reopen_transcript").status == 0
    os.kill(pid, signal.SIGKILL)
    until(lambda: "line 1\n" in box.read("disk/out", ""), 10)


def test_dev_full(box):
    if not os.path.exists("/dev/full"):
        pytest.skip("needs /dev/full")
    box.script("talk", TALK.format(count=5000))
    box.conf("program ./talk", "transcript /dev/full", "start-seconds 0")
    result = box.zd("-Cconf", "start")
    if result.status == 0:      # or refused at once: no regular file
        until(lambda: box.exists("done"), 20)
        manager = box.manager()
        before = cpu_seconds(manager)
        time.sleep(0.5)
        assert cpu_seconds(manager) - before < 0.2
    else:
        assert "/dev/full" in result.all, result


def test_file_size_limit(box):
    """SIGXFSZ is no danger to the supervisor, and not ignored in the
    program."""
    box.script("talk", TALK.format(count=20000))
    box.conf("program ./talk", "transcript out", "start-seconds 0")
    limit = (32768, 32768)
    result = box.zd("-Cconf", "start", preexec_fn=lambda:
                    resource.setrlimit(resource.RLIMIT_FSIZE, limit))
    assert result.status == 0, result
    pid, manager = box.pid(), box.manager()
    until(lambda: box.exists("done"), 20)
    assert alive(manager) and box.pid() == pid
    assert os.path.getsize(box.at("out")) <= 32768


def test_transcript_deleted_and_reopened(box):
    box.script("talk", "while :; do echo line; sleep 0.02; done\n")
    box.up("-p", "./talk", "-t", "out")
    until(lambda: "line" in box.read("out", ""))
    os.unlink(box.at("out"))
    assert box.zd("reopen_transcript").status == 0
    until(lambda: "line" in box.read("out", ""))


def test_foreign_truncation_leaves_no_hole(box):
    """copytruncate: the next line begins the file."""
    box.script("talk", "i=0\nwhile :; do i=$((i+1)); echo line $i; "
               "sleep 0.01; done\n")
    box.up("-p", "./talk", "-t", "out")
    until(lambda: len(box.lines("out")) > 20)
    os.truncate(box.at("out"), 0)
    until(lambda: len(box.lines("out")) > 5)
    assert "\0" not in box.read("out")
    assert re.fullmatch(r"(line \d+\n)+(l.*)?", box.read("out"))


def test_fast_output_without_a_reader_of_the_file(box):
    """The supervisor answers while the program writes at full speed."""
    box.script("yes", "exec yes\n")
    box.conf("program ./yes", "transcript /dev/null")
    result = box.zd("-Cconf", "start")
    assert result.status == 0, result
    for _ in range(5):
        result = box.zd("-Cconf", "status")
        assert result.status == 0 and result.effort < 1, result
    result = box.zd("-Cconf", "stop")
    assert result.status == 0 and result.effort < 2, result


def test_standard_error_that_nobody_reads(box):
    """In the foreground: a full pipe holds up no one but the program."""
    box.script("prog", "exit 3\n")
    box.conf("program ./prog", "daemon off", "backoff-limit 2",
             "start-seconds 0", rest="<eventlog>\n <logfile>\n"
             "  path events\n </logfile>\n</eventlog>\n")
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with pytest.raises(BlockingIOError):
        while True:
            os.write(writer, b"x" * 4096)
    os.set_blocking(writer, True)
    child = box.popen([box.programs.zdaemon, "-Cconf", "start"],
                      stderr=writer)
    os.close(writer)
    until(lambda: child.poll() is not None)
    os.close(reader)
    assert child.returncode == 3
    assert "restarting too frequently" in box.read("events")


# --- calls that fail -----------------------------------------------------------------

def traced(box, *inject, args=SLEEP):
    """start with failing calls in zdaemon and zdrun."""
    return Traced(box, inject, *args, "start").finish()


@pytest.mark.strace
def test_fork_fails_for_a_while(box):
    """EAGAIN twice: tried again, nobody dies."""
    pid = box.up(*SLEEP, "-b", "3")
    manager = box.manager()
    tracer = attach(box, manager,
                    "clone,clone3,fork,vfork:error=EAGAIN:when=1..2")
    os.kill(pid, signal.SIGKILL)
    until(lambda: box.pid() not in (0, pid), 15)
    assert box.manager() == manager
    tracer.send_signal(signal.SIGINT)
    until(lambda: tracer.poll() is not None)


@pytest.mark.strace
def test_fork_fails_in_a_restart(box):
    """The restart is done when the program is there after all."""
    pid = box.up(*SLEEP)
    manager = box.manager()
    tracer = attach(box, manager,
                    "clone,clone3,fork,vfork:error=EAGAIN:when=1")
    result = box.zd(*SLEEP, "restart")
    assert result.status == 0, result
    assert box.pid() not in (0, pid)
    tracer.send_signal(signal.SIGINT)
    until(lambda: tracer.poll() is not None)


@pytest.mark.strace
def test_accept_without_descriptors(box):
    """EMFILE at accept: no spin, and served as soon as it is over."""
    pid = box.up(*SLEEP)
    manager = box.manager()
    limit = max(descriptors(manager)) + 1
    resource.prlimit(manager, resource.RLIMIT_NOFILE, (limit, 4096))
    try:
        held = [connect(box.at("zdsock")) for _ in range(8)]
        before = cpu_seconds(manager)
        time.sleep(1)
        assert cpu_seconds(manager) - before < 0.3
        assert alive(pid) and alive(manager)
        for sock in held:
            sock.close()
    finally:
        resource.prlimit(manager, resource.RLIMIT_NOFILE, (1024, 4096))
    until(lambda: box.pid() == pid)


@pytest.mark.strace
@pytest.mark.parametrize("command", ["stop", "shutdown", "restart", "status"])
def test_accept_that_fails_once(box, command):
    """Nobody is closed unheard: an end of file is not taken for consent."""
    box.env.update(box.sanitizers(leaks=False))     # it ends under strace
    pid = box.up(*SLEEP)
    manager = box.manager()
    tracer = attach(box, manager, "accept,accept4:error=EMFILE:when=1")
    result = box.zd(*SLEEP, command)
    assert result.status == 0, result
    assert result.effort < 5, result
    assert alive(pid) == (command == "status")
    if command in ("status", "restart"):
        box.down(*SLEEP)
    until(gone(manager))
    tracer.wait(10)


STATUS = """\
status=running
now=1.5
should_be_up=1
delay=0
backoff=0
lasttime=1.0
application=1
testing=0
manager=1
backofflimit=10
filename='/bin/sleep'
args=['sleep', '100']
"""


@pytest.mark.parametrize("command", ["stop", "shutdown", "restart", "kill",
                                     "rotate"])
def test_a_hang_up_is_no_consent(box, command):
    """A peer that closes the connection instead of an answer has done
    nothing, and the command says so at once."""
    def answer(sock):
        request = sock.makefile("rb").readline()
        if request.startswith(b"events"):
            sock.sendall(b"Unknown command 'events'; 'help' for a list\n")
        elif request == b"status\n":
            sock.sendall(STATUS.encode())

    with serving(box.at("zdsock"), answer):
        result = box.zd(*SLEEP, command)
    assert result.status == 4, result
    assert "hung up without an answer" in result.err, result
    assert "stopped" not in result.out and "sent" not in result.out, result
    assert result.effort < 3, result


def test_wait_whose_supervisor_is_lost(box):
    """Its end is not that of the program."""
    pid = box.up(*SLEEP)
    waiter = box.later("wait")
    manager = box.manager()
    until(lambda: len([name for name in descriptors(manager).values()
                       if name.startswith("socket:")]) >= 2)
    os.kill(manager, signal.SIGKILL)
    until(lambda: take(manager))
    result = box.finish(waiter)
    assert result.status == 1, result
    assert "daemon process stopped" not in result.out, result
    assert f"program running without it, pid={pid}" in result.out, result
    os.kill(pid, signal.SIGKILL)


def test_start_with_few_descriptors(box):
    """It starts, or says what is missing; never an exit that nobody knows."""
    box.conf("program sleep 100", "start-timeout 1", "start-seconds 0")
    started = 0
    for limit in range(5, 25):
        result = box.run(["sh", "-c", f"ulimit -n {limit}; exec "
                          f"{box.programs.zdaemon} -Cconf start"])
        if result.status == 0:
            started += 1
            assert result.err == "", (limit, result)
        else:
            assert "Too many open files" in result.err, (limit, result)
            assert "126" not in result.all, (limit, result)
        assert box.zd("-Cconf", "shutdown").status == 0
    assert started > 5


# A shell that holds no descriptor of a script.
LISTENS = """runner {
    program = {"sh", "-c", "%s"}
    transcript = "out"
}
""" % ("trap 'exit 0' TERM; echo hello; while sleep 0.02; do "
       "test -e more && rm more && echo more; done")


@pytest.mark.strace
@pytest.mark.parametrize("call", [
    "close_range", "pidfd_open", "pidfd_send_signal", "splice", "ioctl",
    "inotify_init1", "prctl"])
def test_without_a_system_call(box, call):
    """An older kernel lacks it, or a sandbox forbids it."""
    box.write("conf", LISTENS)
    inject = f"{call}:error=ENOSYS"
    result = traced(box, inject, args=["-Cconf"])
    assert result.status == 0, result
    until(lambda: "hello\n" in box.read("out", ""))
    first = box.pid()
    assert set(descriptors(first)) == {0, 1, 2}
    assert box.zd("-Cconf", "restart").status == 0
    pid = until(lambda: box.pid() not in (0, first) and box.pid())

    os.kill(box.manager(), signal.SIGKILL)
    until(lambda: box.zd("-Cconf", "status").status == 3)
    result = traced(box, inject, args=["-Cconf"])
    assert result.status == 0 and box.pid() == pid, result
    assert box.zd("-Cconf", "status").out == f"program running; pid={pid}\n"
    box.write("more", "")
    until(lambda: box.read("out").endswith("more\n"))
    assert box.read("out").count("hello\n") == 2
    stop = box.later("-Cconf", "stop")
    until(lambda: os.waitpid(pid, os.WNOHANG)[0])    # it had come to us
    assert box.finish(stop).status == 0
    until(lambda: not box.strays())


@pytest.mark.strace
@pytest.mark.parametrize("call,path", [
    ("bind", "zdsock"), ("listen", "zdsock"), ("rename,renameat,renameat2",
                                               "zdsock"),
    ("mkfifo,mknod,mknodat", ".zdsock.out")])
def test_a_call_that_fails_in_the_supervisor(box, call, path):
    """start fails at once, with step and reason; nothing is left."""
    box.conf("program sleep 100", "transcript out")
    names = call.split(",")
    names = [name for name in names if subprocess.run(
        ["strace", "-e", "trace=" + name, "-o", "/dev/null", "true"],
        capture_output=True).returncode == 0]
    result = traced(box, ",".join(names) + ":error=ENOSPC", args=["-Cconf"])
    assert result.status == 1, result
    assert "No space left on device" in result.all, result
    until(lambda: not box.strays())
    assert not box.exists("zdsock")


@pytest.mark.strace
def test_interrupted_calls(box):
    """EINTR now and then is not an error to the supervisor."""
    box.script("prog", "echo hello\nexec sleep 100\n")
    box.conf("program ./prog", "transcript out")
    box.up("-Cconf")
    tracer = attach(box, box.manager(),
                    "poll,ppoll,read,recvfrom,sendto,accept,accept4,splice,"
                    "waitid,wait4:error=EINTR:when=2+3")
    for _ in range(5):
        assert box.zd("-Cconf", "restart").status == 0
        assert box.zd("-Cconf", "status").status == 0
    until(lambda: box.read("out").count("hello\n") == 6)
    tracer.send_signal(signal.SIGINT)
    until(lambda: tracer.poll() is not None)


def test_without_memory_for_more(box):
    """The loop uses what it took at start: a limit changes nothing."""
    pid = box.up(*SLEEP)
    manager = box.manager()
    with open(f"/proc/{manager}/statm") as statm:
        size = int(statm.read().split()[0]) * resource.getpagesize()
    if size > 1 << 40:
        pytest.skip("built with sanitizers")
    resource.prlimit(manager, resource.RLIMIT_AS, (size, size))
    for _ in range(50):
        assert box.pid() == pid
    assert box.zd(*SLEEP, "restart").status == 0
    assert box.zd("stop").status == 0


# --- a program file that comes and goes --------------------------------------------------

def test_program_vanishes(box):
    """Back-off, no spin, and it comes back with the file."""
    box.script("prog", "exec sleep 100\n")
    pid = box.up("-p", "./prog", "-b", "100")
    manager = box.manager()
    os.rename(box.at("prog"), box.at("hidden"))
    before = cpu_seconds(manager)
    os.kill(pid, signal.SIGKILL)
    until(lambda: int(box.status()["backoff"]) >= 2, 8)
    assert cpu_seconds(manager) - before < 0.5
    os.rename(box.at("hidden"), box.at("prog"))
    until(lambda: box.pid(), 8)


def test_program_that_crashes_in_a_loop_is_no_load(box):
    box.script("crash", "exit 9\n")
    box.conf("program ./crash", "backoff-limit 1", "forever on",
             "start-seconds 0")
    box.zd("-Cconf", "start")
    manager = box.manager()
    time.sleep(2)
    assert cpu_seconds(manager) < 0.2


# --- deaths ---------------------------------------------------------------------------------

def killed(strays):
    for one in strays:
        signal_quietly(one.pid, signal.SIGKILL)
    return strays


def test_death_in_the_spawn_leaves_no_stray(box):
    """A child that was never told to go on ends by itself."""
    box.conf("program sleep 100", "start-seconds 0")
    for moment in range(10):
        child = box.later("-Cconf", "start")
        deadline = time.monotonic() + 0.02 * moment
        while time.monotonic() < deadline:
            pass
        for one in box.strays():
            if one.name.startswith("zdrun"):
                signal_quietly(one.pid, signal.SIGKILL)
        child.kill()
        child.wait()

        def told():
            """Every program that lives is the one in the state file."""
            text = box.read(".zdsock.state", "")
            return [one for one in box.strays()
                    if one.words == ["sleep", "100"]
                    and f"pid={one.pid}\n" not in text]

        until(lambda: not told(), what="no program that nobody knows of")
        until(lambda: not killed(box.strays()))


def test_idle_supervisor_does_nothing(box):
    """No wake-up while nothing happens."""
    box.up(*SLEEP, "-t", "out")
    manager = box.manager()
    time.sleep(0.5)

    def switches():
        with open(f"/proc/{manager}/status") as status:
            return sum(int(n) for n in re.findall(
                r"ctxt_switches:\t(\d+)", status.read()))

    before = switches()
    time.sleep(2)
    assert switches() - before <= 1


def test_supervisor_has_what_it_needs_and_no_more(box):
    box.up(*SLEEP, "-t", "out")
    manager = box.manager()
    held = descriptors(manager)
    assert held[0] == "/dev/null"
    assert {held[1], held[2]} <= {"/dev/null", box.at(".zdsock.out"),
                                  box.at("out")}
    assert len(held) < 24, held
    assert process(manager).name.startswith("zdrun")
