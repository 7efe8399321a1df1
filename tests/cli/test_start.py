"""start: what it waits for, and how it tells why a program does not run."""

import json
import os
import re
import resource
import signal
import sys
import time

import pytest

from support import DOTS, ROOT, alive, gone, until


def failed(result, *needles, status=1):
    """start ends at once, says why, and that the manager is gone."""
    assert result.status == status, result
    for needle in needles:
        assert needle in result.all, (needle, result)
    assert result.effort < 2, result


def nothing_left(box):
    until(lambda: not box.strays(), what="the end of all processes")
    assert not box.exists("zdsock")


# --- what cannot be executed ---------------------------------------------------

@pytest.mark.parametrize("program,reason", [
    ("/no/such/program", "No such file or directory"),
    ("./missing", "No such file or directory"),
    ("no-such-program-on-the-path", ""),
    ("./plain", "Permission denied"),
    ("./folder", "Permission denied"),
    ("./odd", "No such file or directory"),
    ("./garbage", "Exec format error"),
])
def test_a_program_that_cannot_run(nobody, program, reason):
    box = nobody
    box.write("plain", "echo x\n", 0o644)
    os.mkdir(box.at("folder"))
    box.write("odd", "#!/no/such/interpreter\n", 0o755)
    box.write("garbage", b"\x7fELFnonsense" * 9, 0o755)
    result = box.zd("-p", program, "start")
    failed(result, os.path.basename(program), reason)
    nothing_left(box)
    result = box.zd("-p", program, "restart")
    failed(result, os.path.basename(program), reason)
    nothing_left(box)


def elf(box, name, **patch):
    """A copy of /bin/true with bytes replaced at offsets; its name."""
    with open("/bin/true", "rb") as file:
        data = bytearray(file.read())
    at = data.index(b"/ld-")
    if "loader" in patch:
        data[at + 1:at + 4] = patch["loader"]
    if "machine" in patch:
        data[18:20] = patch["machine"].to_bytes(2, sys.byteorder)
    box.write(name, bytes(data), 0o755)


WHY = [
    # what is in the file, errno's words, what they hide
    ("#!/bin/sh\r\nexec sleep 100\r\n", "No such file or directory",
     "its interpreter is '/bin/sh' with a carriage return at the end: the file "
     "has the line ends of Windows"),
    ("#!/no/such/interpreter -x\n", "No such file or directory",
     "its interpreter '/no/such/interpreter' is missing"),
    ("#!/etc/passwd\n", "Permission denied",
     "its interpreter '/etc/passwd' may not be executed"),
    ("echo hello\n", "Exec format error",
     "it is a text that does not begin with #!"),
    ("#! \n", "Exec format error", "its #! line names no interpreter"),
    ("", "Exec format error", "it is empty"),
]


@pytest.mark.parametrize("text,error,why", WHY)
def test_what_errno_hides_of_a_script(box, text, error, why):
    """start and fg say it alike."""
    path = box.write("app", text, 0o755)
    box.write("conf", f'runner {{ program = {{"{path}"}} }}\n')
    sentence = f"unable to execute '{path}': {error} ({why})"
    for command in "start", "fg":
        assert sentence in box.zd("-Cconf", command).err


def test_what_errno_hides_of_a_binary(box):
    elf(box, "loaderless", loader=b"XX-")
    result = box.zd("-p", "./loaderless", "start")
    assert re.search(r"unable to execute '\S*loaderless': No such file or "
                     r"directory \(its dynamic loader '\S*XX-\S*' is missing\)",
                     result.err), result
    elf(box, "foreign", machine=0xfffe)
    result = box.zd("-p", "./foreign", "start")
    assert "Exec format error (it is made for another processor)" in result.err


def test_too_large_an_environment(box):
    # Where the stack may have a megabyte, these may have a quarter of it.
    keys = "".join(f" V{i} {'x' * 60000}\n" for i in range(8))
    box.conf("program true", rest=f"<environment>\n{keys}</environment>\n")
    result = box.run(["prlimit", f"--stack={1 << 20}",
                      box.programs.zdaemon, "-Cconf", "start"])
    assert ("Argument list too long (its words and its environment together "
            "are too large)") in result.err, result


@pytest.mark.root
def test_a_program_on_a_file_system_mounted_noexec(box):
    os.mkdir(box.at("there"))
    if box.run(["mount", "-t", "tmpfs", "-o", "noexec", "none",
                box.at("there")]).status != 0:
        pytest.skip("cannot mount here")
    try:
        box.script("there/app", "exec sleep 100\n")
        result = box.zd("-p", "there/app", "start")
        assert ("Permission denied (its file system is mounted noexec)"
                in result.err), result
    finally:
        box.run(["umount", box.at("there")])


def test_a_directory_that_may_not_be_searched(nobody):
    box = nobody
    os.mkdir(box.at("closed"))
    box.script("closed/app", "exec sleep 100\n")
    os.chmod(box.at("closed"), 0)
    result = box.zd("-p", "closed/app", "start")
    assert ("Permission denied (the directory 'closed' may not be searched)"
            in result.err), result


def test_a_program_that_goes_into_the_background(box):
    """One line says what it did, and what is wanted; 1 as nothing is watched."""
    box.write("conf", "runner {\n program = {\"sh\", \"-c\", "
              "\"setsid sleep 100 & exit 0\"}\n"
              " eventlog { logfile { path = log } }\n}\n")
    result = box.zd("-Cconf", "start")
    assert result.status == 1
    hint = ("it left 1 process running in the background, where nobody watches: "
            "run it with its own foreground switch\n")
    assert re.search(r"^pid \d+: exit status 0; " + hint, result.err, re.M)
    until(lambda: hint in box.read("log", "x"), what="the same in the event log")
    for one in box.strays():
        os.kill(one.pid, signal.SIGKILL)
    # One that just ends has nothing of the kind said of it.
    assert "background" not in box.zd("-p", "true", "start").err


def test_daemon_off_of_what_cannot_run(box):
    box.conf("program /no/such/program", "daemon off")
    failed(box.zd("-Cconf", "start"), "No such file or directory",
           status=127)
    box.write("plain", "echo x\n", 0o644)
    box.conf("program ./plain", "daemon off")
    failed(box.zd("-Cconf", "start"), "Permission denied", status=126)


def test_program_is_relative_to_directory(box):
    os.mkdir(box.at("sub"))
    box.script("sub/here", "exec sleep 100\n")
    box.up("-p", "./here", "-z", "sub")
    box.down()
    failed(box.zd("-p", "./here", "start"), "No such file or directory")


# --- what it needs ----------------------------------------------------------------

def test_directory_is_a_file(box):
    box.write("file", "")
    result = box.zd("-p", "sleep 100", "-z", "file", "start")
    assert result.status in (1, 2), result
    assert "file" in result.all and "Not a directory" in result.all
    nothing_left(box)


def test_directory_without_permission(nobody):
    box = nobody
    os.mkdir(box.at("closed"))
    os.chmod(box.at("closed"), 0)
    result = box.zd("-p", "sleep 100", "-z", "closed", "start")
    failed(result, "closed", "Permission denied")
    nothing_left(box)


def test_bad_user(box):
    result = box.zd("-p", "sleep 100", "-u", "no-such-user", "start")
    failed(result, "no-such-user", status=2)


@pytest.mark.parametrize("make,reason", [
    ("missing", "No such file or directory"), ("folder", "Is a directory"),
    ("closed", "Permission denied"), ("link", "Too many levels")])
def test_unwritable_transcript(nobody, make, reason):
    box = nobody
    path = {"missing": "no/such/log", "folder": "."}.get(make, make)
    if make == "link":
        os.symlink("link", box.at("link"))
    if make == "closed":
        box.write("closed", "", 0)
    result = box.zd("-p", "sleep 100", "-t", path, "start")
    failed(result, path, reason)
    nothing_left(box)


def test_transcript_is_a_fifo_without_reader(box):
    """Neither start nor status hangs."""
    os.mkfifo(box.at("fifo"))
    result = box.zd("-p", "sleep 100", "-t", "fifo", "start")
    assert result.effort < 3, result
    assert result.status in (0, 1), result
    if result.status == 1:
        assert "fifo" in result.all
    assert box.zd("status").effort < 1


def test_transcript_lies_in_directory(box):
    os.mkdir(box.at("sub"))
    box.conf("program sleep 100", "directory sub", "transcript out",
             "logfile logfile",
             rest="<eventlog>\n <logfile>\n  path ev\n </logfile>\n"
                  "</eventlog>\n")
    box.up("-Cconf")
    until(lambda: box.exists("ev"))
    assert box.exists("sub/out")
    assert box.exists("zdsock")


def test_socket_that_cannot_be_made(nobody):
    box = nobody
    os.mkdir(box.at("closed"))
    os.chmod(box.at("closed"), 0o500)
    result = box.zd("-p", "sleep 100", "-s", "closed/sock", "start")
    if ROOT:
        os.chown(box.at("closed"), 0, 0)
        result = box.zd("-p", "sleep 100", "-s", "closed/sock", "start")
    assert result.status in (1, 4), result
    failed(result, "closed", "Permission denied", status=result.status)
    nothing_left(box)


# --- programs that die at once ------------------------------------------------------

def test_dies_at_once_and_for_good(box):
    """Told with its status and its last lines of output."""
    box.script("boom", "echo first line\necho last words >&2\nexit 3\n")
    box.conf("program ./boom", "backoff-limit 1", "transcript out")
    result = box.zd("-Cconf", "start")
    failed(result, "exit status 3", "first line", "last words")
    nothing_left(box)


@pytest.mark.parametrize("code", [0, 2])
def test_ends_at_once_with_a_fatal_status(box, code):
    box.script("end", f"exit {code}\n")
    failed(box.zd("-p", "./end", "start"), f"exit status {code}")
    nothing_left(box)


def test_killed_at_once(box):
    box.script("boom", "kill -SEGV $$\n")
    failed(box.zd("-p", "./boom", "-b", "1", "start"), "SIGSEGV")


def test_output_of_a_dying_program_is_no_danger(box):
    box.script("boom", "printf 'a\\033]0;title\\007b\\377\\n'\nexit 3\n")
    box.conf("program ./boom", "backoff-limit 1", "transcript out")
    result = box.zd("-Cconf", "start")
    failed(result, "exit status 3", "title")


def test_crashes_first_then_stays(box):
    """Each exit and the retry to come are shown; then it is up."""
    box.script("shaky", "test -e once && exec sleep 100\n: > once\nexit 9\n")
    result = box.zd("-p", "./shaky", "start")
    assert result.status == 0, result
    assert "exit status 9" in result.all
    assert re.search(r"daemon process started, pid=\d+\n", result.out)
    assert alive(box.pid())


def test_both_streams_in_one_file(box):
    """A crash has a line of its own, not the rest of that of the dots."""
    box.script("crash", "test -e once || { sleep 1.2; >once; exit 3; }\n"
               "exec sleep 100\n")
    box.conf("program ./crash", "start-seconds 5")
    with open(box.at("log"), "w") as log:
        child = box.later("-Cconf", "start", stdout=log, stderr=log)
        until(lambda: "exit status" in box.read("log"))
        child.terminate()
        child.wait()
    lines = box.lines("log")
    assert re.fullmatch(DOTS, lines[0] + "\n") and lines[0]
    assert re.fullmatch(r"pid \d+: exit status 3; next start in 1s", lines[1])


def test_gives_up_after_the_limit(box):
    box.script("crash", "echo x >> runs\nexit 9\n")
    result = box.zd("-p", "./crash", "-b", "2", "start")
    assert result.status == 1, result
    assert ("exit status 9; gave up after too many quick failures "
            "(backoff-limit)\n") in result.err
    assert len(box.lines("runs")) == 2
    nothing_left(box)


def test_start_timeout_bounds_the_wait(box):
    """It belongs to the client: the program keeps being tried."""
    box.script("crash", "echo x >> runs\nexit 9\n")
    result = box.zd("-p", "./crash", "-b", "100", "-T", "1", "start")
    assert result.status == 1, result
    assert "Program took too long to start" in result.all
    assert result.seconds > 0.9 and result.effort < 3, result
    runs = len(box.lines("runs"))
    until(lambda: len(box.lines("runs")) > runs)


# --- start-seconds ---------------------------------------------------------------------

def test_start_seconds(box):
    """start is done when the program has stayed up that long."""
    box.conf("program sleep 100", "start-seconds 1")
    result = box.zd("-Cconf", "start")
    assert result.status == 0 and result.seconds > 0.9 and result.effort < 3, result


def test_start_seconds_zero(box):
    """As soon as exec succeeded, even if it ends right after."""
    box.script("end", "exit 3\n")
    box.conf("program ./end", "start-seconds 0", "backoff-limit 100")
    result = box.zd("-Cconf", "start")
    assert result.status == 0, result
    assert re.search(r"daemon process started, pid=\d+\n", result.out)
    box.down("-Cconf")
    box.conf("program /no/such/program", "start-seconds 0")
    failed(box.zd("-Cconf", "start"), "No such file or directory")


# --- start-test-program -------------------------------------------------------------------

def test_start_test_program(box):
    """start waits for the test; status says what is so meanwhile."""
    box.conf("program sleep 100", "start-test-program test -e ready",
             rest="<eventlog>\n level debug\n <logfile>\n path events\n"
                  " </logfile>\n</eventlog>\n")
    child = box.later("-Cconf", "start")
    pid = until(lambda: (box.status() or {}).get("testing") == "1"
                and box.pid())
    assert child.poll() is None
    box.write("ready", "")
    result = box.finish(child)
    assert re.fullmatch(DOTS + f"daemon process started, pid={pid}\n",
                        result.out), result
    assert result.status == 0
    assert box.status()["testing"] == "0"
    assert box.read("events").count("DEBUG root start test succeeded\n") == 1


def test_start_test_that_never_succeeds(box):
    """The program keeps running and being tested after start-timeout."""
    box.conf("program sleep 100", "start-timeout 1",
             "start-test-program ./test")
    box.script("test", "echo x >> tests\ntest -e ready\n")
    result = box.zd("-Cconf", "start")
    assert result.status == 1, result
    assert re.search(DOTS + "Program took too long to start\n", result.all)
    pid = box.pid()
    assert alive(pid)
    tests = len(box.lines("tests"))
    until(lambda: len(box.lines("tests")) > tests)
    assert box.status()["testing"] == "1"
    box.write("ready", "")
    until(lambda: box.status()["testing"] == "0")
    assert box.pid() == pid


def test_start_test_runs_about_once_a_second(box):
    box.conf("program sleep 100", "start-test-program ./test",
             "start-timeout 3")
    box.script("test", "date +%s.%N >> tests\nexit 1\n")
    box.zd("-Cconf", "start")
    times = [float(line) for line in box.lines("tests")]
    assert 3 <= len(times) <= 5, times
    for one, two in zip(times, times[1:]):
        assert 0.7 < two - one < 1.7, times


def test_exit_of_the_test_is_never_the_programs(box):
    """Twenty starts whose test passes the moment the program is there."""
    box.conf("program sleep 100", "start-test-program ./test",
             "start-seconds 0")
    box.script("test", "test -e ready && exit 0\n: > ready\nexit 1\n")
    for _ in range(3):
        if box.exists("ready"):
            os.unlink(box.at("ready"))
        began = time.monotonic()
        pid = box.up("-Cconf")
        assert time.monotonic() - began > 0.7    # the first one failed
        assert alive(pid)
        assert box.status()["backoff"] == "0"
        box.down("-Cconf")


def test_a_hung_test_is_ended_with_the_program(box):
    box.conf("program sleep 100", "start-test-program ./test",
             "start-timeout 1")
    box.script("test", "echo $$ >> tests\nexec sleep 1000\n")
    result = box.zd("-Cconf", "start")
    assert result.status == 1, result
    tester = int(until(lambda: box.lines("tests"))[0])
    assert alive(tester)
    box.down("-Cconf")
    until(gone(tester))


def test_a_test_that_cannot_run_is_told(box):
    box.conf("program sleep 100", "start-test-program /no/such/test",
             "start-timeout 1")
    result = box.zd("-Cconf", "start")
    assert result.status == 1, result
    assert "/no/such/test" in result.all
    assert alive(box.pid())


def test_program_that_dies_while_tested(box):
    box.conf("program ./crash", "start-test-program false",
             "backoff-limit 1")
    box.script("crash", "sleep 0.3\nexit 5\n")
    failed(box.zd("-Cconf", "start"), "exit status 5")


def test_start_tells_no_news_of_others(box):
    """What is asked of a supervisor that is there is no trouble of ours."""
    box.conf("program sleep 1000", "hang-around on")
    box.up("-Cconf")
    assert box.zd("-Cconf", "stop").status == 0
    result = box.zd("-Cconf", "start")
    assert (result.status, result.err) == (0, ""), result
    result = box.zd("-Cconf", "restart")
    assert (result.status, result.err) == (0, ""), result
    assert box.zd("-Cconf", "shutdown").status == 0



# --- the rest ---------------------------------------------------------------------------------

def test_a_pid_file_that_cannot_be_written(box):
    """Told by start, in the event log and by status until it works; the
    program runs all the same."""
    os.mkdir(box.at("run"))
    os.mkdir(box.at("run", "pid"))      # a directory has its name
    box.conf("program sleep 1000", "pid-file run/pid", "backoff-limit 10",
             rest="<eventlog>\n <logfile>\n  path ev\n </logfile>\n"
                  "</eventlog>\n")
    result = box.zd("-Cconf", "start")
    why = f"unable to write pid-file '{box.at('run/pid')}': Is a directory"
    assert result.status == 0 and f"Warning: {why}\n" in result.err, result
    assert why in box.read("ev")
    assert "pid-file" in box.zd("-Cconf", "events").out
    told = json.loads(box.zd("-Cconf", "status", "--json").out)
    assert told["pid_file"] == {"path": box.at("run/pid"),
                                "error": "Is a directory"}
    more = box.zd("-Cconf", "status", "-l").out
    assert re.search(r"pid_file_error=21\n|Is a directory", more), more
    assert box.zd("-Cconf", "restart").status == 0
    assert box.read("ev").count(why) == 1       # once, not at each start

    os.rmdir(box.at("run", "pid"))
    assert box.zd("-Cconf", "restart").status == 0
    assert box.read("run/pid") == f"{box.pid()}\n"
    told = json.loads(box.zd("-Cconf", "status", "--json").out)
    assert told["pid_file"] is None
    assert "pid_file" not in box.zd("-Cconf", "status", "-l").out
    box.down("-Cconf")
    assert os.listdir(box.at("run")) == []


def test_pid_file(box):
    box.conf("program sleep 100", "pid-file pid")
    pid = box.up("-Cconf")
    assert box.read("pid").strip() == str(pid)
    box.down("-Cconf")
    until(lambda: not box.exists("pid"))


def test_what_stands_beside_the_socket(box):
    """Dot files only; the lock stays, the rest goes with a clean end."""
    box.conf("program sleep 100", "transcript out")
    pid = box.up("-Cconf")
    beside = {name for name in os.listdir(box.path) if name[0] == "."}
    assert beside == {".zdsock.lock", ".zdsock.state", ".zdsock.out"}
    assert str(pid) in box.read(".zdsock.state")
    assert box.read(".zdsock.state").startswith("version=1\n")
    box.down("-Cconf")
    assert {name for name in os.listdir(box.path) if name[0] == "."} == {
        ".zdsock.lock"}
    assert box.listing() == ["conf", "out"]


def test_supervisor_lets_the_callers_pipes_go(box):
    """A start in a pipeline ends with the start, not with the daemon."""
    result = box.run(["sh", "-c", f'"{box.programs.zdaemon}" -p "sleep 100"'
                      " start 2>&1 | cat"])
    assert result.status == 0
    assert "daemon process started" in result.out


def test_interrupted_start_leaves_the_daemon_alone(box):
    """^C ends the waiting, says how things stand, and changes nothing."""
    box.conf("program sleep 100", "start-test-program false")
    child = box.later("-Cconf", "start")
    pid = until(lambda: (box.status() or {}).get("testing") == "1"
                and box.pid())
    child.send_signal(signal.SIGINT)
    result = box.finish(child)
    assert result.status != 0
    assert alive(pid) and box.pid() == pid


@pytest.mark.parametrize("moment", range(6))
def test_start_killed_at_any_moment(box, moment):
    """kill -9 of the client: the daemon runs on or was never there."""
    child = box.later("-p", "sleep 100", "start")
    time.sleep(moment * 0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    time.sleep(0.05)
    result = box.zd("-p", "sleep 100", "start")
    assert result.status == 0, result
    assert len([one for one in box.strays()
                if one.words == ["sleep", "100"]]) == 1


def test_a_limit_on_files(box):
    result = box.zd("-p", "sleep 100", "start", preexec_fn=lambda:
                    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
    failed(result, "unable to hand the configuration over: File too large")


# --- where it is started -------------------------------------------------------

def into_nowhere(box):
    os.makedirs(box.at("old"), exist_ok=True)
    os.chdir(box.at("old"))
    os.rmdir(box.at("old"))


def test_a_directory_that_was_removed(box):
    """A deployment has replaced it; with absolute paths that is no matter."""
    words = ("-s", box.at("zdsock"), "-p", "sleep 100")
    for command in ("start", "status", "upgrade", "restart", "show", "stop"):
        result = box.zd(*words, command,
                        preexec_fn=lambda: into_nowhere(box))
        assert result.status == 0, (command, result)
    result = box.zd("-p", "sleep 100", "start",
                    preexec_fn=lambda: into_nowhere(box))
    failed(result, "current directory", "No such file or directory")
