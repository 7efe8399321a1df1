"""The supervisor: back-off, exit codes, stopping, signals, what the program
gets from it."""

import os
import re
import signal
import sys
import time

import pytest

from support import (alive, cpu_seconds, descriptors, gone, process,
                     signal_sets, until)


def runs(box):
    return [float(line) for line in box.lines("runs")]


def crashing(box, *keys, code=9, first=""):
    """A program that notes the time and dies; the conf for it."""
    box.script("crash", f"date +%s.%N >> runs\n{first}exit {code}\n")
    return box.conf("program ./crash", *keys)


# --- the governor -----------------------------------------------------------------

def test_back_off(box):
    """Delays of 1, 2 s; as many runs as backoff-limit says; then it goes."""
    box.script("crash", "date +%s.%N >> runs\nexit 9\n")
    box.conf("program ./crash", "backoff-limit 3", "start-seconds 0",
             rest="<eventlog>\n <logfile>\n  path ev\n </logfile>\n"
                  "</eventlog>\n")
    assert box.zd("-Cconf", "start").status == 0
    manager = box.manager()
    until(gone(manager), 8)
    times = runs(box)
    assert len(times) == 3
    gaps = [b - a for a, b in zip(times, times[1:])]
    assert 0.95 < gaps[0] < 1.5 and 1.95 < gaps[1] < 2.5, gaps
    assert not box.exists("zdsock")
    log = box.read("ev")
    assert "sleep 1 to avoid rapid restarts" in log
    assert "sleep 2 to avoid rapid restarts" in log
    assert "restarting too frequently; quit" in log
    assert log.count(": exit status 9") == 3


def test_back_off_is_told(box):
    crashing(box, "backoff-limit 100", "start-seconds 0")
    box.zd("-Cconf", "start")
    status = until(lambda: box.status().get("backoff") == "1"
                   and box.status())
    assert status["application"] == "0"
    assert status["should_be_up"] == "1"
    assert float(status["now"]) < float(status["delay"]) < float(
        status["now"]) + 1.1


def test_forever_keeps_the_delay_at_the_limit(box):
    crashing(box, "backoff-limit 1", "forever on", "start-seconds 0")
    box.zd("-Cconf", "start")
    until(lambda: len(runs(box)) >= 4, 8)
    gaps = [b - a for a, b in zip(runs(box), runs(box)[1:])]
    assert all(0.95 < gap < 1.5 for gap in gaps), gaps
    assert box.status()["backoff"] == "1"


def test_a_longer_stay_resets_the_delay(box):
    """Up for longer than backoff-limit: the next crash counts as first."""
    box.script("crash", "date +%s.%N >> runs\n"
               "test $(wc -l < runs) = 2 && sleep 2.3\nexit 9\n")
    box.conf("program ./crash", "backoff-limit 2", "forever on",
             "start-seconds 0")
    box.zd("-Cconf", "start")
    until(lambda: len(runs(box)) >= 3, 10)
    gaps = [b - a for a, b in zip(runs(box), runs(box)[1:])]
    assert 0.95 < gaps[0] < 1.5, gaps
    assert 2.2 < gaps[1] < 3.0, gaps     # no delay after the long stay


def test_no_spin(box):
    crashing(box, "backoff-limit 2", "forever on", "start-seconds 0")
    box.zd("-Cconf", "start")
    manager = box.manager()
    until(lambda: len(runs(box)) >= 3, 8)
    assert cpu_seconds(manager) < 0.3


def test_kill_counts_as_a_crash(box):
    box.up("-p", "sleep 100", "-b", "3")
    for count in ("1", "2"):
        os.kill(box.pid(), signal.SIGKILL)
        until(lambda: box.status()["backoff"] == count)
        until(lambda: box.pid())


# --- exit codes -----------------------------------------------------------------------

@pytest.mark.parametrize("code", [0, 2])
def test_default_exit_codes(box, code):
    crashing(box, "forever on", "start-seconds 0", code=code)
    box.zd("-Cconf", "start")
    until(lambda: not box.strays())
    assert len(runs(box)) == 1
    assert not box.exists("zdsock")


def test_exit_codes_beat_forever_and_are_told(box):
    box.script("crash", "date +%s.%N >> runs\nexit 7\n")
    box.conf("program ./crash", "forever on", "exit-codes 7",
             "start-seconds 0", rest="<eventlog>\n <logfile>\n  path ev\n"
             " </logfile>\n</eventlog>\n")
    box.zd("-Cconf", "start")
    until(lambda: not box.strays())
    assert len(runs(box)) == 1
    assert ": exit status 7; exiting now" in box.read("ev")


def test_empty_exit_codes(box):
    crashing(box, "exit-codes", "start-seconds 0", code=0)
    box.zd("-Cconf", "start")
    until(lambda: len(runs(box)) >= 2)


@pytest.mark.parametrize("code,runs_again", [("0,2", True), ("0,-1", False)])
def test_minus_one_is_death_by_a_signal(box, code, runs_again):
    """As in zdaemon 5."""
    crashing(box, f"exit-codes {code}", "start-seconds 0", "hang-around on",
             first="kill -KILL $$\n")
    result = box.zd("-Cconf", "start")
    if runs_again:
        until(lambda: len(runs(box)) >= 2)
        return
    until(lambda: not box.pid())
    assert len(runs(box)) == 1
    assert "terminated by SIGKILL" in box.zd("-Cconf", "status", "-l").out
    assert result.status in (0, 1), result


def test_a_signal_is_no_exit_code(box):
    crashing(box, "exit-codes 143,15", "start-seconds 0",
             first="kill -TERM $$\n")
    box.zd("-Cconf", "start")
    until(lambda: len(runs(box)) >= 2)


# --- hang-around -------------------------------------------------------------------------

def test_hang_around(box):
    """The manager stays when its program is done or given up."""
    box.script("prog", "test -e go || exit 0\nexec sleep 100\n")
    box.conf("program ./prog", "hang-around on", "start-seconds 0")
    box.zd("-Cconf", "start")
    manager = box.manager()
    until(lambda: box.pid() == 0)
    assert box.status()["should_be_up"] == "0"
    box.write("go", "")
    pid = box.up("-Cconf")
    assert box.manager() == manager
    result = box.zd("-Cconf", "stop")
    assert result.status == 0 and not alive(pid)
    assert box.manager() == manager
    box.up("-Cconf")
    assert box.manager() == manager
    assert box.zd("-Cconf", "shutdown").status == 0
    until(gone(manager))


def test_hang_around_after_giving_up(box):
    crashing(box, "backoff-limit 1", "hang-around on", "start-seconds 0")
    box.zd("-Cconf", "start")
    until(lambda: box.status()["should_be_up"] == "0")
    assert box.pid() == 0
    assert len(runs(box)) == 1
    box.zd("-Cconf", "start")       # an explicit start begins anew
    until(lambda: len(runs(box)) == 2)


# --- stopping ------------------------------------------------------------------------------

STUBBORN = "trap '' TERM\necho on > ready\nwhile :; do sleep 0.05; done\n"


def test_term_ignored(box):
    """KILL after stop-timeout."""
    box.script("prog", STUBBORN)
    box.conf("program ./prog", "stop-timeout 1")
    pid = box.up("-Cconf")
    until(lambda: box.exists("ready"))
    result = box.zd("-Cconf", "stop")
    assert result.status == 0, result
    assert result.seconds > 0.9 and result.effort < 4.5, result   # and kill-grace is 2 s
    assert re.fullmatch(r"(\. )*\ndaemon process stopped\n", result.out)
    assert not alive(pid)


def test_term_is_enough(box):
    """The program has its say, and nobody waits longer than it takes."""
    box.script("prog", "trap 'echo bye > bye; exit 0' TERM\necho > ready\n"
               "while :; do sleep 0.05; done\n")
    box.up("-p", "./prog")
    until(lambda: box.exists("ready"))
    result = box.zd("-p", "./prog", "stop")
    assert result.status == 0 and result.effort < 1, result
    assert box.read("bye") == "bye\n"


def test_a_stopped_program(box):
    """TERM, then CONT."""
    pid = box.up("-p", "sleep 100")
    os.kill(pid, signal.SIGSTOP)
    until(lambda: process(pid).state == "T")
    result = box.zd("stop")
    assert result.status == 0 and result.effort < 1, result
    assert not alive(pid)


def test_the_group_of_the_program_goes_too(box):
    """A shell script's children do not survive a stop."""
    box.script("prog", "sleep 1000 & echo $! > one\nsleep 1000 & echo $! > "
               "two\nwait\n")
    box.conf("program ./prog", "stop-timeout 3")
    box.up("-Cconf")
    until(lambda: box.read("two", ""))
    children = [int(box.read(name)) for name in ("one", "two")]
    result = box.zd("-Cconf", "stop")
    assert result.status == 0, result
    until(gone(*children), 4)


def test_stop_in_back_off_is_at_once(box):
    crashing(box, "backoff-limit 100", "start-seconds 0")
    box.zd("-Cconf", "start")
    until(lambda: box.status()["backoff"] == "2", 5)
    manager = box.manager()
    result = box.zd("-Cconf", "stop")
    assert result.status == 0 and result.effort < 0.9, result
    assert re.fullmatch(r"\ndaemon process stopped\n", result.out), result
    until(gone(manager), 1)
    count = len(runs(box))
    time.sleep(0.3)
    assert len(runs(box)) == count


def test_start_in_back_off_is_at_once(box):
    """A start does not sit out a delay of ours."""
    box.script("prog", "test -e go && exec sleep 100\nexit 9\n")
    box.conf("program ./prog", "backoff-limit 100", "start-seconds 0")
    box.zd("-Cconf", "start")
    until(lambda: box.status()["backoff"] == "3", 8)
    box.write("go", "")
    result = box.zd("-Cconf", "start")
    assert result.status == 0 and result.effort < 1, result
    assert box.status()["backoff"] == "0"


SLOW_END = ("trap 'sleep 0.5; exit 0' TERM\necho x >> ready\n"
            "while :; do sleep 0.05; done\n")


@pytest.mark.parametrize("wishes,up", [
    (["stop", "start"], True), (["restart", "stop"], False),
    (["stop", "restart"], True), (["start", "stop"], False),
    (["stop", "start", "stop"], False), (["restart", "restart"], True),
    (["stop", "start", "restart", "stop", "start"], True)])
def test_the_latest_wish_wins(box, wishes, up):
    """Asked in a hurry, over the wire, while the program takes its time."""
    box.script("prog", SLOW_END)
    box.conf("program ./prog", "hang-around on")
    first = box.up("-Cconf")
    until(lambda: box.exists("ready"))
    for wish in wishes:
        box.ask(wish)
    if up:
        until(lambda: box.pid() not in (0, first))
        status = box.status()
        assert status["should_be_up"] == "1"
        assert len([one for one in box.strays()
                    if one.parent == int(status["manager"])]) == 1
    else:
        until(lambda: box.pid() == 0)
        assert box.status()["should_be_up"] == "0"
        time.sleep(0.2)
        assert box.pid() == 0


def test_start_while_stopping(box):
    """The supervisor does not leave; the start is not lost."""
    box.script("prog", SLOW_END)
    first = box.up("-p", "./prog")
    until(lambda: box.exists("ready"))
    stop = box.later("-p", "./prog", "stop")
    until(lambda: (box.status() or {}).get("should_be_up") == "0")
    result = box.zd("-p", "./prog", "start")
    assert result.status == 0, result
    assert box.finish(stop, 5).status in (0, 1)
    assert box.pid() not in (0, first)


@pytest.mark.parametrize("moment", range(4))
def test_stop_killed_at_any_moment(box, moment):
    """kill -9 of the client: the stop goes on or never was."""
    box.up("-p", "sleep 100")
    child = box.later("stop")
    time.sleep(moment * 0.005)
    child.kill()
    child.wait()
    assert box.zd("stop").status == 0
    assert box.pid() == 0


FATAL = {getattr(signal, "SIG" + name) for name in (
    "KILL", "TERM", "INT", "QUIT", "HUP", "STOP", "TSTP", "TTIN", "TTOU",
    "ILL", "TRAP", "ABRT", "BUS", "FPE", "SEGV", "SYS")}


# --- signals to the supervisor -----------------------------------------------------------------

@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_term_and_int_stop_everything(box, number):
    box.script("prog", "trap 'sleep 0.2; echo bye > bye; exit 0' TERM\n"
               "echo > ready\nwhile :; do sleep 0.05; done\n")
    pid = box.up("-p", "./prog")
    manager = box.manager()
    until(lambda: box.exists("ready"))
    os.kill(manager, number)
    until(gone(pid, manager))
    assert box.read("bye") == "bye\n"
    assert box.listing() == ["bye", "prog", "ready"]


def test_term_kills_after_stop_timeout(box):
    box.script("prog", STUBBORN)
    box.conf("program ./prog", "stop-timeout 1")
    pid, manager = box.up("-Cconf"), box.manager()
    until(lambda: box.exists("ready"))
    os.kill(manager, signal.SIGTERM)
    until(gone(pid, manager), 6)
    assert not box.exists("zdsock")


def test_hup_reopens_the_logs(box):
    box.conf("program sleep 100", "transcript out", rest="<eventlog>\n"
             " <logfile>\n  path ev\n </logfile>\n</eventlog>\n")
    pid, manager = box.up("-Cconf"), box.manager()
    os.rename(box.at("out"), box.at("out.1"))
    os.rename(box.at("ev"), box.at("ev.1"))
    os.kill(manager, signal.SIGHUP)
    until(lambda: box.exists("out") and box.exists("ev"))
    assert (box.pid(), box.manager()) == (pid, manager)


def test_other_signals_change_nothing(box):
    """All but those that tell of a fault, that stop, and the C library's."""
    pid, manager = box.up("-p", "sleep 100"), box.manager()
    for number in sorted(set(range(1, signal.NSIG)) - FATAL - {32, 33}):
        os.kill(manager, number)
    assert (box.pid(), box.manager()) == (pid, manager)


@pytest.mark.parametrize("name", ["CHLD", "HUP", "USR1"])
def test_a_storm_of_signals(box, name):
    box.conf("program sleep 100", "transcript out")
    pid, manager = box.up("-Cconf"), box.manager()
    before = cpu_seconds(manager)
    for _ in range(20000):
        os.kill(manager, getattr(signal, "SIG" + name))
    assert box.pid() == pid and box.manager() == manager
    assert cpu_seconds(manager) - before < 4


def test_an_exit_while_the_supervisor_is_stopped(box):
    pid, manager = box.up("-p", "sleep 100"), box.manager()
    os.kill(manager, signal.SIGSTOP)
    os.kill(pid, signal.SIGKILL)
    until(gone(pid))
    os.kill(manager, signal.SIGCONT)
    until(lambda: box.pid() not in (0, pid))


def test_a_stopped_supervisor_is_told(box):
    """Nobody hangs: status unknown, exit status 4."""
    box.up("-p", "sleep 100")
    manager = box.manager()
    os.kill(manager, signal.SIGSTOP)
    children = [box.later(command) for command in
                ("status", "stop", "kill", "reopen_transcript", "wait",
                 "shutdown")]
    for child in children:
        result = box.finish(child, 12)
        assert result.status == 4, result
        assert len(result.all) > 10, result
    os.kill(manager, signal.SIGCONT)
    until(lambda: box.status())


def test_no_zombies(box):
    box.script("prog", "for n in 1 2 3 4 5 6 7 8 9; do (sleep 0.1 &); done\n"
               "echo > ready\nexec sleep 100\n")
    box.up("-p", "./prog")
    until(lambda: box.exists("ready"))
    manager = box.manager()

    def zombies():
        return [one for one in map(process, map(int, filter(
            str.isdigit, os.listdir("/proc"))))
            if one and one.parent == manager and one.state == "Z"]

    time.sleep(0.3)
    until(lambda: not zombies())


# --- daemon off -----------------------------------------------------------------------------------

def test_daemon_off_is_the_same_process(box):
    """For containers and unit files: zdrun takes zdaemon's place."""
    box.conf("program sleep 100", "daemon off")
    child = box.later("-Cconf", "start")
    until(box.pid)
    assert box.manager() == child.pid
    assert process(child.pid).name.startswith("zdrun")
    pid = box.pid()
    child.send_signal(signal.SIGTERM)
    until(lambda: child.poll() is not None)
    assert not alive(pid)
    assert not box.exists("zdsock")


@pytest.mark.parametrize("line,status", [
    ("exit 0", 0), ("exit 3", 3), ("exit 255", 255), ("kill -TERM $$", 143),
    ("kill -SEGV $$", 139)])
def test_daemon_off_status_is_the_programs(box, line, status):
    box.script("prog", line + "\n")
    box.conf("program ./prog", "daemon off", "backoff-limit 1")
    assert box.zd("-Cconf", "start").status == status


def test_daemon_off_leaves_the_surroundings_alone(box):
    """No session, directory, umask or transcript; our 0, 1 and 2."""
    os.mkdir(box.at("sub"))
    box.script("prog", "umask\npwd\ncat\necho err >&2\n")
    box.conf("program ./prog", "daemon off", "directory sub", "umask 077",
             "transcript out")
    result = box.zd("-Cconf", "start", input="typed\n")
    assert result.status == 0, result
    assert result.out.splitlines() == ["0022", box.path, "typed"], result
    assert "err\n" in result.err
    assert not box.exists("out") and not box.exists("sub/out")


def test_daemon_off_is_controlled_as_any_other(box):
    box.conf("program sleep 100", "daemon off")
    child = box.later("-Cconf", "start")
    pid = until(box.pid)
    assert box.zd("status").out == f"program running; pid={pid}\n"
    result = box.zd("-Cconf", "restart")
    assert result.status == 0, result
    assert box.zd("stop").status == 0
    until(lambda: child.poll() is not None)


# --- what the program gets ---------------------------------------------------------------------------

def test_session_umask_directory(box):
    os.mkdir(box.at("sub"))
    box.up("-p", "sleep 100", "-z", "sub", "-m", "037")
    pid, manager = box.pid(), box.manager()
    program, boss = process(pid), process(manager)
    assert program.session == program.group == pid
    assert boss.session not in (os.getsid(0), pid)
    assert os.readlink(f"/proc/{pid}/cwd") == box.at("sub")
    with open(f"/proc/{pid}/status") as status:
        assert re.search(r"^Umask:\t0037$", status.read(), re.M)


def test_default_umask_and_directory(box):
    pid = box.up("-p", "sleep 100")
    assert os.readlink(f"/proc/{pid}/cwd") == box.path
    with open(f"/proc/{pid}/status") as status:
        assert re.search(r"^Umask:\t0022$", status.read(), re.M)


def test_standard_streams(box):
    pid = box.up("-p", "sleep 100")
    assert descriptors(pid) == {0: "/dev/null", 1: "/dev/null",
                                2: "/dev/null"}
    box.down()
    pid = box.up("-p", "sleep 100", "-t", "out")
    found = descriptors(pid)
    assert set(found) == {0, 1, 2}
    assert found[0] == "/dev/null"
    assert found[1] == found[2] == box.at(".zdsock.out")


HOSTILE = """
import os, signal, sys
for number in range(1, 65):
    if number not in (signal.SIGKILL, signal.SIGSTOP):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
leak = os.open("leak", os.O_CREAT | os.O_WRONLY)
for number in (5, 9, 150):
    os.dup2(leak, number, inheritable=True)
os.umask(0)
os.execv(sys.argv[1], sys.argv[1:])
"""


def hostile(box, *args):
    box.write("hostile.py", HOSTILE)
    return box.run([sys.executable, "hostile.py", box.programs.zdaemon,
                    *args])


def test_a_hostile_parent(box):
    """All signals blocked and ignored, descriptors 5, 9 and 150 leaked."""
    result = hostile(box, "-p", "sleep 100", "-t", "out", "start")
    assert result.status == 0, result
    pid, manager = box.pid(), box.manager()
    assert set(descriptors(pid)) == {0, 1, 2}
    sets = signal_sets(pid)
    assert sets["SigBlk"] == set(), sets
    assert sets["SigIgn"] == set(), sets
    assert box.at("leak") not in descriptors(manager).values()
    assert oct(os.stat(box.at("zdsock")).st_mode & 0o777) in (
        "0o600", "0o700")
    assert os.stat(box.at("out")).st_mode & 0o022 == 0
    os.kill(pid, signal.SIGKILL)            # its exit is noticed
    until(lambda: box.pid() not in (0, pid))
    assert signal_sets(box.pid())["SigBlk"] == set()
    assert signal_sets(box.pid())["SigIgn"] == set()
    result = hostile(box, "stop")
    assert result.status == 0, result
    assert box.pid() == 0


def test_a_hostile_parent_of_the_foreground(box):
    result = hostile(box, "-p", "cat /proc/self/status", "fg")
    assert result.status == 0, result
    assert re.search(r"^SigBlk:\t0+$", result.out, re.M), result
    assert re.search(r"^SigIgn:\t0+$", result.out, re.M), result
    result = hostile(box, "-p", "ls -l /proc/self/fd", "fg")
    assert "leak" not in result.out, result


def test_hostile_parent_of_daemon_off(box):
    box.conf("program sleep 100", "daemon off")
    box.write("hostile.py", HOSTILE)
    child = box.popen([sys.executable, "hostile.py", box.programs.zdaemon,
                       "-Cconf", "start"])
    pid = until(box.pid)
    until(lambda: set(descriptors(pid)) == {0, 1, 2})   # sleep reads locales
    assert signal_sets(pid)["SigBlk"] == signal_sets(pid)["SigIgn"] == set()
    assert box.zd("stop").status == 0
    until(lambda: child.poll() is not None)


def test_environment_is_the_callers(box):
    box.conf("program sleep 100", rest="<environment>\n B 2\n</environment>"
             "\n")
    box.up("-Cconf", env={"A": "1", "B": "1"}, home="/home/me")
    with open(f"/proc/{box.pid()}/environ", "rb") as file:
        names = dict(item.split(b"=", 1) for item in
                     file.read().split(b"\0") if item)
    assert names[b"A"] == b"1" and names[b"B"] == b"2"
    assert names[b"HOME"] == b"/home/me"
    ours = {name for name in names if b"ZD" in name.upper()}
    assert ours <= {b"ZDAEMON_COOKIE"}, ours


# --- the transcript ----------------------------------------------------------------------------------

def test_transcript_mode_and_append(box):
    box.write("out", "before\n")
    box.script("prog", "echo out\necho err >&2\nexec sleep 100\n")
    box.up("-p", "./prog", "-t", "out", "-m", "077")
    until(lambda: box.read("out") == "before\nout\nerr\n")
    box.down()
    os.unlink(box.at("out"))
    box.up("-p", "./prog", "-t", "out", "-m", "077")
    until(lambda: box.read("out", "") == "out\nerr\n")
    assert os.stat(box.at("out")).st_mode & 0o777 == 0o600


def test_last_output_is_not_lost(box):
    """What is written right before an exit is in the file."""
    box.script("prog", "seq 20000\nexit 0\n")
    box.conf("program ./prog", "transcript out", "start-seconds 0")
    box.zd("-Cconf", "start")
    until(lambda: not box.strays())
    assert box.lines("out") == [str(n) for n in range(1, 20001)]


def test_grandchild_keeps_the_stream(box):
    """A restart is not held up by a child that keeps stdout open."""
    box.script("prog", "sleep 30 &\necho x >> runs\nexit 9\n")
    box.conf("program ./prog", "transcript out", "start-seconds 0",
             "exit-codes")
    box.zd("-Cconf", "start")
    until(lambda: len(box.lines("runs")) >= 2, 4)
    box.zd("-Cconf", "stop")
    box.strays_expected = True      # the sweep comes with reliability


def test_program_that_closes_its_output(box):
    box.script("prog", "exec >&- 2>&-\nexec sleep 100\n")
    pid = box.up("-p", "./prog", "-t", "out")
    manager = box.manager()
    before = cpu_seconds(manager)
    time.sleep(0.3)
    assert cpu_seconds(manager) - before < 0.1
    assert box.pid() == pid


def test_rotation_at_full_output(box):
    """Twenty renames under load: no line lost, doubled or torn."""
    box.script("prog", "i=0\nwhile [ $i -lt 30000 ]; do\n"
               " i=$((i+1)); echo line $i of many; done\necho > done\n"
               "exec sleep 100\n")
    box.conf("program ./prog", "transcript out", "start-seconds 0")
    box.up("-Cconf")
    for number in range(20):
        os.rename(box.at("out"), box.at(f"out.{number:02}"))
        result = box.zd("-Cconf", "reopen_transcript")
        assert result.status == 0, result
    until(lambda: box.exists("done"), 20)
    names = [f"out.{n:02}" for n in range(20)] + ["out"]
    wanted = [f"line {n} of many" for n in range(1, 30001)]

    def seen():
        return "".join(box.read(name) for name in names).splitlines()

    until(lambda: len(seen()) >= len(wanted), 5)
    assert seen() == wanted
