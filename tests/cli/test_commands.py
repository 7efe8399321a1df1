"""Each command: its wording, where it goes, its exit status."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import time

import pytest

from support import DOTS, SLOW, alive, gone, process, until

NOT_RUNNING = "daemon manager not running\n"
SLEEP = ("-p", "sleep 100")


def full(pattern, result, status=0):
    assert re.fullmatch(pattern, result.out), result
    assert (result.status, result.err) == (status, ""), result


def once(text, result, status):
    """The text is told once, on either stream, and nothing else is."""
    assert result.status == status, result
    assert result.all == text, result


def hanging(box, *keys):
    """A supervisor that stays although its program is down."""
    box.script("once", "test -e go || exit 0\nexec sleep 100\n")
    box.conf("program ./once", "hang-around on", "start-seconds 0", *keys)
    box.zd("-Cconf", "start")
    until(lambda: box.pid() == 0)
    return box.manager()


# --- status --------------------------------------------------------------------

def test_status_not_running(zd):
    full(re.escape(NOT_RUNNING), zd("status"), 3)
    full(re.escape(NOT_RUNNING), zd(""), 3)
    full(re.escape(NOT_RUNNING) + r"(  \w+ +.+\n)*", zd("status", "-l"), 3)


def test_status_running(box):
    pid = box.up(*SLEEP)
    for word in ("status", ""):
        full(f"program running; pid={pid}\n", box.zd(*SLEEP, word))


def test_status_long(box):
    """The same line, zdaemon's twelve lines, ours, and an empty one."""
    pid = box.up(*SLEEP)
    result = box.zd("status", "-l")
    assert (result.status, result.err) == (0, "")
    lines = result.out.split("\n")
    assert lines[0] == f"program running; pid={pid}"
    names = [line.partition("=")[0] for line in lines[1:] if line]
    assert names[:14] == [
        "status", "now", "should_be_up", "delay", "backoff", "lasttime",
        "application", "testing", "manager", "backofflimit", "filename",
        "args", "version", names[13]]
    assert result.out.endswith("\n\n")
    assert f"application={pid}" in lines
    assert "args=['sleep', '100']" in lines


def test_status_between_two_runs(box):
    box.script("crash", "exit 1\n")
    box.conf("program ./crash", "backoff-limit 100", "start-seconds 0")
    child = box.later("-Cconf", "start")
    until(lambda: (box.status() or {}).get("backoff", "0") != "0")
    full("daemon manager running; daemon process not running\n",
         box.zd("-Cconf", "status"))
    child.kill()


def test_status_hanging_around(box):
    hanging(box)
    full("daemon manager running; daemon process not running\n",
         box.zd("-Cconf", "status"))


def test_a_flag_that_status_has_not(zd):
    """zdaemon's sentence names -l alone, which would not be true of it."""
    result = zd("status", "--ready")
    assert (result.status, result.out) == (1, "")
    assert result.err.startswith("Error: status: unknown flag '--ready'; "
                                 "usage: status [-l] [--json]\n")


@pytest.mark.parametrize("words", [["OTHER"], ["-x"], ["-l", "x"]])
def test_status_with_something_else(zd, words):
    result = zd("status", *words)
    assert result.status in (1, 2), result
    if words == ["OTHER"]:
        once("status argument must be absent or -l\n", result, 1)


def test_status_json(box):
    keys = {"version", "name", "state", "pid", "manager", "wanted", "uptime",
            "restarts", "backoff", "retry_in", "last_exit", "program",
            "socket", "config", "transcript", "transcript_stderr",
            "outdated", "pid_file"}
    box.conf("program sleep 100", "transcript out")
    result = box.zd("-Cconf", "status", "--json")
    told = json.loads(result.out)
    assert (result.status, result.err) == (3, "")
    assert set(told) == keys
    assert told["state"] == "down"
    assert told["pid"] is None and told["manager"] is None

    pid = box.up("-Cconf")
    result = box.zd("-Cconf", "status", "--json")
    told = json.loads(result.out)
    assert (result.status, result.err) == (0, "")
    assert set(told) == keys
    assert (told["state"], told["pid"]) == ("up", pid)
    assert told["manager"] == box.manager()
    assert told["wanted"] in (True, "up")
    assert 0 <= told["uptime"] < 60
    assert (told["restarts"], told["backoff"]) == (0, 0)
    assert told["retry_in"] is None and told["last_exit"] is None
    assert told["program"] == ["sleep", "100"]
    assert told["socket"] == box.at("zdsock")
    assert told["config"] == "conf"
    assert set(told["transcript"]) == {"path", "bytes", "dropped",
                                       "waiting", "error"}
    assert told["transcript"]["path"] == box.at("out")
    assert json.loads(box.zd("-Cconf", "--json", "status").out).keys() == keys

    os.kill(pid, signal.SIGKILL)
    until(lambda: box.pid() not in (0, pid))
    told = json.loads(box.zd("-Cconf", "status", "--json").out)
    assert told["restarts"] == 1
    assert set(told["last_exit"]) == {"status", "signal", "core", "at",
                                      "uptime"}
    assert told["last_exit"]["status"] is None
    assert told["last_exit"]["signal"] in (9, "KILL", "SIGKILL")


# --- start -----------------------------------------------------------------------

def test_start_running(box):
    pid = box.up(*SLEEP)
    full(f"daemon process already running; pid={pid}\n",
         box.zd(*SLEEP, "start"))
    full(f"daemon process already running; pid={pid}\n",
         box.zd("-p", "sleep", "start", "100"))
    assert box.pid() == pid


def test_start_into_a_hanging_supervisor(box):
    manager = hanging(box)
    box.write("go", "")
    pid = box.up("-Cconf")
    assert alive(pid)
    assert box.manager() == manager


def test_start_says_one_line(box):
    full(DOTS + r"daemon process started, pid=\d+\n", box.zd(*SLEEP, "start"))


def test_words_after_start_are_the_programs(box):
    """Even those that look like options of ours, and shell characters."""
    words = ["-b", "7", "--json", "--", "a b", "$x", "*", "'", '"', "\\",
             "", "é"]
    box.write("argv.py", "import sys, time\n"
              "open('got', 'w').write(repr(sys.argv[1:]))\ntime.sleep(100)\n")
    result = box.zd("-p", "python3 argv.py", "start", *words)
    assert result.status == 0, result
    got = until(lambda: box.read("got", ""))
    assert eval(got, {"__builtins__": {}}) == words
    assert box.status()["backofflimit"] == "10"


@pytest.mark.parametrize("command", ["start", "restart", "fg", "status",
                                     "kill", "stop", "logtail"])
@pytest.mark.parametrize("word", ["--help", "-h"])
def test_help_alone_explains_and_does_nothing(box, command, word):
    result = box.zd("-p", "touch ran", command, word)
    assert result.out == box.zd("help", command).out, result
    assert result.status == 0 and result.err == ""
    assert not box.exists("ran") and box.status() is None


@pytest.mark.parametrize("words,got", [
    (["--", "--help"], ["--help"]), (["--", "-h"], ["-h"]),
    (["--help", "x"], ["--help", "x"]), (["--", "x"], ["--", "x"]),
    (["--", "--help", "x"], ["--", "--help", "x"]), (["--"], ["--"])])
def test_help_can_be_a_word_of_the_program(box, words, got):
    box.script("tell", 'for w; do echo "$w"; done >got.new; mv got.new got\n'
               "exec sleep 100\n")
    result = box.zd("-p", "./tell", "start", *words)
    assert result.status == 0, result
    until(lambda: box.exists("got"))
    assert box.lines("got") == got


def test_a_different_program_is_warned_of(box):
    box.up(*SLEEP)
    result = box.zd("-p", "sleep 200", "status")
    assert result.status == 0
    assert "different program" in result.all
    assert "program running; pid=" in result.out


# --- stop, restart, shutdown, wait --------------------------------------------------

def test_stop(box):
    box.up(*SLEEP)
    pid, manager = box.pid(), box.manager()
    full(DOTS + "daemon process stopped\n", box.zd("stop"))
    assert not alive(pid)
    until(gone(manager))
    assert box.listing() == []


def test_stop_not_running(zd):
    full(re.escape(NOT_RUNNING), zd("stop"))


def test_stop_hanging_around(box):
    manager = hanging(box)
    full("daemon process not running\n", box.zd("-Cconf", "stop"))
    assert box.manager() == manager


def test_restart(box):
    pid, manager = box.up(*SLEEP), box.manager()
    result = box.zd(*SLEEP, "restart")
    full(DOTS + r"daemon process restarted, pid=\d+\n", result)
    assert box.pid() not in (0, pid)
    assert f"pid={box.pid()}\n" in result.out
    assert not alive(pid)
    assert box.manager() == manager


def test_restart_not_running(box):
    full(DOTS + r"daemon process started, pid=\d+\n",
         box.zd(*SLEEP, "restart"))


def test_restart_that_fails(box):
    """The status of the start in it is not dropped."""
    result = box.zd("-p", "/no/such/program", "restart")
    assert result.status == 1, result
    assert "No such file or directory" in result.all


def test_shutdown(box):
    pid, manager = box.up(*SLEEP), box.manager()
    assert box.zd("shutdown").status == 0
    assert not alive(pid)
    until(gone(manager), 1)
    manager = hanging(box)
    assert box.zd("-Cconf", "shutdown").status == 0
    until(gone(manager))
    assert not box.exists("zdsock")
    assert box.zd("shutdown").status == 0


def test_wait(box):
    pid = box.up(*SLEEP)
    child = box.later("wait")
    time.sleep(0.2)
    assert child.poll() is None
    box.zd("stop")
    result = box.finish(child)
    full(DOTS + "daemon process stopped\n" + NOT_RUNNING, result)
    assert not alive(pid)


def test_wait_not_running(zd):
    full(DOTS + "daemon process stopped\n" + NOT_RUNNING, zd("wait"))


def test_nothing_polls(box):
    """Waiting commands return the moment it is so."""
    box.conf("program sleep 100", "start-seconds 0")
    fastest = min(sum(box.zd("-Cconf", word).seconds
                      for word in ("start", "stop")) for _ in range(8))
    assert fastest < 0.175 * SLOW


# --- kill -----------------------------------------------------------------------------

@pytest.mark.parametrize("word", ["HUP", "hup", "SIGHUP", "SigHup", "1"])
def test_kill_by_name_and_number(box, word):
    box.script("trap", "trap 'echo HUP >> got' HUP\necho on > ready\n"
               "while :; do sleep 0.05; done\n")
    pid = box.up("-p", "./trap")
    until(lambda: box.exists("ready"))
    full(f"kill\\({pid}, 1\\)\nsignal SIGHUP sent to process {pid}\n",
         box.zd("kill", word))
    until(lambda: box.read("got", "") == "HUP\n")
    assert box.pid() == pid


def test_kill_sends_term(box):
    """It counts as a crash: the program comes back."""
    pid = box.up(*SLEEP)
    full(f"kill\\({pid}, 15\\)\nsignal SIGTERM sent to process {pid}\n",
         box.zd("kill"))
    until(lambda: box.pid() not in (0, pid))


@pytest.mark.parametrize("word,step", [("RTMIN", 0), ("RTMIN+3", 3),
                                       ("sigrtmin+3", 3), ("37", None),
                                       ("RTMAX-1", -1)])
def test_kill_sends_a_real_time_signal(box, word, step):
    """By name or number; each has its name in what is said of it."""
    number = {None: 37}.get(step, (signal.SIGRTMAX if step == -1
                                   else signal.SIGRTMIN) + (step or 0))
    name = f"SIGRTMIN+{number - signal.SIGRTMIN}".removesuffix("+0")
    pid = box.up(*SLEEP)
    full(f"kill\\({pid}, {number}\\)\nsignal {re.escape(name)} sent to process "
         f"{pid}\n", box.zd("kill", word))
    until(lambda: box.pid() not in (0, pid))
    assert f"signal {number} ({name[3:]})" in box.zd("events").out


@pytest.mark.parametrize("word", ["BAD", "0", "-1", "33", "SIG_IGN",
                                  "99999999999999999999", "1x", "SIG"])
def test_kill_bad_signal(box, word):
    """Told before looking for a daemon, and with one running too."""
    for pid in (0, box.up(*SLEEP)):
        result = box.zd("kill", word)
        assert result.status == 2, result
        assert result.all.splitlines()[0] == f"invalid signal '{word}'"
        assert not result.out or not result.err, result
        assert len(result.all.splitlines()) <= 2     # the nearest, perhaps
        assert pid == 0 or box.pid() == pid


def test_kill_nothing_running(box):
    once("daemon process not running\n", box.zd("kill"), 1)
    hanging(box)
    once("daemon process not running\n", box.zd("-Cconf", "kill"), 1)


# --- logs -----------------------------------------------------------------------------

def test_reopen_transcript(box):
    box.conf("program sleep 100", "transcript out")
    box.up("-Cconf")
    os.rename(box.at("out"), box.at("out.1"))
    once("", box.zd("-Cconf", "reopen_transcript"), 0)
    assert box.exists("out")


def test_reopen_transcript_reopens_the_event_log(box):
    box.conf("program sleep 100", rest="<eventlog>\n <logfile>\n  path ev\n"
             " </logfile>\n</eventlog>\n")
    box.up("-Cconf")
    until(lambda: "spawned" in box.read("ev", ""))
    os.rename(box.at("ev"), box.at("ev.1"))
    once("", box.zd("-Cconf", "reopen_transcript"), 0)
    box.down("-Cconf")
    assert "terminated by SIGTERM" in box.read("ev")


def test_reopen_that_fails_is_told(box):
    """The old file stays open and the status is not 0."""
    os.mkdir(box.at("logs"))
    box.script("talk", "while :; do echo line; sleep 0.05; done\n")
    box.conf("program ./talk", f"transcript {box.path}/logs/out")
    box.up("-Cconf")
    os.rename(box.at("logs"), box.at("old"))
    result = box.zd("-Cconf", "reopen_transcript")
    assert result.status == 1, result
    assert "No such file or directory" in result.all, result
    before = len(box.read("old/out"))
    until(lambda: len(box.read("old/out")) > before)


def test_reopen_not_running(zd):
    result = zd("reopen_transcript")
    assert result.all == NOT_RUNNING
    assert result.status in (1, 3)


def test_logreopen(box):
    box.script("trap", "trap 'echo USR2 >> got' USR2\necho on > ready\n"
               "while :; do sleep 0.05; done\n")
    box.conf("program ./trap", "transcript out")
    pid = box.up("-Cconf")
    until(lambda: box.exists("ready"))
    os.rename(box.at("out"), box.at("out.1"))
    full(f"kill\\({pid}, 12\\)\nsignal SIGUSR2 sent to process {pid}\n",
         box.zd("-Cconf", "logreopen"))
    until(lambda: box.read("got", "") == "USR2\n")
    assert box.exists("out")


def test_logtail_without_a_file(zd):
    once("No default log file specified; use logtail <logfile>\n",
         zd("logtail"), 1)


def test_logtail_of_a_missing_file(zd):
    result = zd("logtail", "--no-follow", "missing")
    assert result.status == 1, result
    assert "missing" in result.all
    assert "No such file or directory" in result.all


@pytest.mark.parametrize("count", [0, 1, 3, 10, 11, 500])
def test_logtail_shows_the_last_ten_lines(box, count):
    lines = [f"line {n}\n" for n in range(count)]
    box.write("log", "".join(lines))
    box.conf("program x", "logfile log")
    wanted = "".join(lines[-10:])
    once(wanted, box.zd("-Cconf", "logtail", "--no-follow"), 0)
    once(wanted, box.zd("logtail", "--no-follow", "log"), 0)


def test_logtail_of_long_lines_and_odd_bytes(box):
    data = b"".join(b"%d \xff\xfe" % n + b"x" * 5000 + b"\n"
                    for n in range(20)) + b"no newline"
    box.write("log", data)
    result = box.zd("logtail", "--no-follow", "log")
    assert result.raw_out.rstrip(b"\n") == b"\n".join(
        data.split(b"\n")[-10:])


def test_logtail_defaults_to_the_transcript_only_if_there_is_no_logfile(box):
    box.write("log", "from log\n")
    box.write("out", "from out\n")
    box.conf("program x", "logfile log", "transcript out")
    once("from log\n", box.zd("-Cconf", "logtail", "--no-follow"), 0)


def follow(box, *args):
    child = box.later(*args)
    os.set_blocking(child.stdout.fileno(), False)
    seen = bytearray()

    def text():
        if select.select([child.stdout], [], [], 0)[0]:
            seen.extend(child.stdout.read() or b"")
        return bytes(seen)

    return child, text


def test_logtail_follows(box):
    """Growth, a rotation and a truncation; ^C ends it with a newline."""
    box.write("log", "one\n")
    child, text = follow(box, "logtail", "log")
    until(lambda: text() == b"one\n")
    with open(box.at("log"), "a") as log:
        log.write("two\n")
    until(lambda: text() == b"one\ntwo\n")
    os.rename(box.at("log"), box.at("log.1"))
    box.write("log", "three\n")
    until(lambda: text().endswith(b"three\n"))
    with open(box.at("log"), "a") as log:
        log.write("four\n")
    until(lambda: text().endswith(b"four\n"))
    os.truncate(box.at("log"), 0)
    with open(box.at("log"), "a") as log:
        log.write("5\n")
    until(lambda: text().endswith(b"\n5\n"))
    child.send_signal(signal.SIGINT)
    until(lambda: child.poll() is not None)
    assert child.returncode == 0
    assert text().endswith(b"\n5\n\n")


def test_logtail_ends_when_nobody_reads(box):
    box.write("log", "one\n")
    child, text = follow(box, "logtail", "log")
    until(lambda: text() == b"one\n")
    child.stdout.close()
    with open(box.at("log"), "a") as log:
        log.write("two\n")
    until(lambda: child.poll() is not None)


# --- foreground -------------------------------------------------------------------------

@pytest.mark.parametrize("command", ["fg", "foreground"])
def test_foreground(box, command):
    once("echo a b\na b\n", box.zd("-p", "echo a", command, "b"), 0)


@pytest.mark.parametrize("line,status", [
    ("exit 0", 0), ("exit 7", 7), ("exit 255", 255), ("kill -TERM $$", 143),
    ("kill -KILL $$", 137)])
def test_foreground_status_is_the_programs(box, line, status):
    box.script("prog", line + "\n")
    assert box.zd("-p", "./prog", "fg").status == status


def test_foreground_of_what_cannot_run(box):
    result = box.zd("-p", "/no/such/program", "fg")
    assert result.status == 127, result
    assert "No such file or directory" in result.err
    result = box.zd("-p", "no-such-program-anywhere", "fg")
    assert result.status == 127, result
    box.write("plain", "text\n")
    result = box.zd("-p", "./plain", "fg")
    assert result.status == 126, result
    assert "Permission denied" in result.err
    result = box.zd("-p", "/", "fg")
    assert result.status == 126, result


def test_foreground_while_running(box):
    pid = box.up(*SLEEP)
    result = box.zd(*SLEEP, "fg")
    assert result.all == ("To run the program in the foreground, please stop "
                          "it first.\n")
    assert result.status == 1
    assert box.pid() == pid


def test_foreground_takes_no_transcript(box):
    box.conf("program echo hello", "transcript out")
    once("echo hello\nhello\n", box.zd("-Cconf", "fg"), 0)
    assert not box.exists("out")


def test_foreground_has_our_streams(box):
    result = box.zd("-p", "cat", "fg", input="typed\n")
    once("cat\ntyped\n", result, 0)


# --- help ---------------------------------------------------------------------------------

COMMANDS = ["start", "stop", "restart", "shutdown", "status", "kill", "wait",
            "foreground", "fg", "logtail", "reopen_transcript", "logreopen",
            "rotate", "show", "help", "check", "version"]


def test_help(zd):
    result = zd("help")
    assert (result.status, result.err) == (0, "")
    for command in COMMANDS:
        assert re.search(rf"\b{command}\b", result.out), command
    assert all(len(line) <= 80 for line in result.out.splitlines())


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command(zd, command):
    result = zd("help", command)
    assert (result.status, result.err) == (0, "")
    assert command in result.out
    assert len(result.out.splitlines()) >= 2


def test_help_of_something_else(zd):
    result = zd("help", "nonsense")
    assert (result.status, result.out) == (1, "")
    assert result.err == (
        "*** No help on nonsense\n"
        "topics: codes, config, keys, language, settings; help lists the "
        "commands, help config the keys\n")


def test_show_of_something_else(zd):
    result = zd("show", "nonsense")
    assert (result.status, result.out) == (1, "")
    assert result.err == (
        "Error: show: 'nonsense' is neither a topic nor a key\n"
        "topics: options, config, all; show options lists the keys\n")


def test_self_test_of_the_table(zd):
    """Every row has its summary, help and statuses."""
    result = zd("self-test")
    assert result.status == 0, result


# --- unknown words ----------------------------------------------------------------------------

@pytest.mark.parametrize("word,nearest", [
    ("strat", "start"), ("stauts", "status"), ("restrat", "restart"),
    ("logtial", "logtail"), ("shutdwon", "shutdown")])
def test_unknown_command_gets_the_nearest(zd, word, nearest):
    result = zd(word)
    assert result.status == 2, result
    assert f"*** Unknown syntax: {word}" in result.all
    assert re.search(rf"\b{nearest}\b", result.all.replace(word, ""))


def test_what_other_programs_call_it(zd):
    result = zd("top")
    assert (result.status, result.out) == (2, "")
    assert result.err == "*** Unknown syntax: top\ndid you mean 'tree'?\n"


@pytest.mark.parametrize("word", ["quit", "exit", "ex", "reload", "relo",
                                  "watch", "history"])
def test_a_command_of_the_session(zd, word):
    result = zd(word)
    assert (result.status, result.out) == (2, "")
    assert result.err == (f"*** Unknown syntax: {word}\n"
                          f"{word}: only in a session (zdaemon -C FILE)\n")


def test_a_word_glued_to_the_question_mark(box):
    box.conf("program echo x")
    for word in ("stop", "--help", "stop-timeout", "nonsense"):
        glued = box.zd("-Cconf", "?" + word)
        whole = box.zd("-Cconf", "?", word)
        assert (glued.status, glued.all) == (whole.status, whole.all)
    assert box.zd("-Cconf", "?stop").out.startswith("stop [-y]\n")


def test_no_command_and_no_session(box):
    box.conf("program echo x", "default-to-interactive off")
    result = box.zd("-Cconf")
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("Error: an action argument is required\n")
    assert "-i opens a session" in result.err


@pytest.mark.parametrize("command", ["start", "stop", "wait", "help",
                                     "version", "rotate"])
def test_json_where_there_is_none(box, command):
    """A script must not take plain text for JSON, nor find it done."""
    result = box.zd("--json", *SLEEP, command)
    assert (result.status, result.out) == (2, "")
    assert result.err == (f"Error: {command} prints no JSON; --json is for "
                          "status, tree, events, show, check\n")
    assert box.status() is None


@pytest.mark.parametrize("word", ["nonsense", "EOF", "quit", "reload", "!",
                                  "shell", "-", "x" * 5000, "a\x1bb", "é",
                                  "\udcff"])
def test_unknown_command(zd, word):
    """Also those that only the session knows."""
    result = zd("--", word)
    assert result.status == 2, result
    assert "*** Unknown syntax: " in result.all
    assert len(result.all) < 12000


@pytest.mark.parametrize("word,command", [
    ("stat", "status"), ("statu", "status"), ("reop", "reopen_transcript"),
    ("logt", "logtail"), ("ver", "version"), ("chec", "check"),
    ("foreg", "foreground"), ("he", "help")])
def test_unambiguous_beginnings(box, word, command):
    box.conf("program echo x")
    args = {"logtail": ["--no-follow", "conf"]}.get(command, [])
    short = box.zd("-Cconf", word, *args)
    whole = box.zd("-Cconf", command, *args)
    assert (short.out, short.err, short.status) == (
        whole.out, whole.err, whole.status)


@pytest.mark.parametrize("word,both", [("sta", ["start", "status"]),
                                       ("s", ["start", "stop", "status"]),
                                       ("re", ["restart",
                                               "reopen_transcript"])])
def test_ambiguous_beginnings(zd, word, both):
    result = zd(word)
    assert result.status == 2, result
    for one in both:
        assert one in result.all, result


def test_too_many_words(zd):
    for words in (["stop", "now"], ["wait", "x"], ["version", "x"],
                  ["kill", "HUP", "x"]):
        result = zd(*words)
        assert result.status == 2, (words, result)
        assert words[0] in result.all


# --- where the output goes ---------------------------------------------------------------------

def test_a_reader_that_leaves(box):
    """`zdaemon status | head -0`"""
    for command in ("status", "help", "show", "version"):
        reader, writer = os.pipe()
        os.close(reader)
        result = box.zd(command, stdout=writer)
        os.close(writer)
        assert result.err == "", result
        assert result.status in (0, 1, 3, -signal.SIGPIPE, 141), result


def test_sigpipe_may_be_ignored(box):
    """Not even with SIGPIPE ignored by the caller there is a trace."""
    reader, writer = os.pipe()
    os.close(reader)
    result = box.zd("help", stdout=writer, preexec_fn=lambda: signal.signal(
        signal.SIGPIPE, signal.SIG_IGN))
    os.close(writer)
    assert result.err == "", result


def test_a_full_output(box):
    with open("/dev/full", "w") as full_file:
        for command in ("version", "help", "show", "status"):
            result = box.zd(command, stdout=full_file)
            assert result.status > 0, result
            assert "No space left on device" in result.err
            assert len(result.err.splitlines()) == 1


@pytest.mark.parametrize("closing", [">&-", "2>&-", ">&- 2>&-", "<&-",
                                     "<&- >&- 2>&-"])
def test_closed_streams(box, closing):
    """start, status and stop work, and the program has all three."""
    zd = f'"{box.programs.zdaemon}" -p "sleep 100"'
    for command in ("start", "status", "stop"):
        result = box.run(["sh", "-c", f"{zd} {command} {closing}"])
        assert (result.status, result.err) == (0, ""), result
        if command == "start":
            pid = until(box.pid)
            assert sorted(os.listdir(f"/proc/{pid}/fd")) == ["0", "1", "2"]
            for number in "012":
                assert os.readlink(f"/proc/{pid}/fd/{number}") == (
                    "/dev/null")
    assert box.pid() == 0


def test_a_closed_output(box):
    """Nobody wants it: the exit status is the answer, as with Python's."""
    for command, status in (("status", 3), ("version", 0), ("--help", 0),
                            ("-c version", 0)):
        result = box.run(
            ["sh", "-c", f'"$0" {command} >&-', box.programs.zdaemon])
        assert (result.status, result.err) == (status, ""), command


@pytest.mark.parametrize("key", ["daemon off", "daemon on"])
def test_a_program_without_an_output(box, key):
    """It runs, and nothing else has the number of a closed stream."""
    box.script("prog", "cd /proc/$$/fd; found=$(readlink 0 1 2)\n"
                       f'echo "$found" > "{box.at("file")}"\n')
    box.conf("program ./prog", key, "start-seconds 0", "exit-codes 0",
             rest="<eventlog>\n<logfile>\npath STDOUT\n</logfile>\n"
                  "</eventlog>\n")
    box.run(["sh", "-c", '"$0" -Cconf start <&- >&- 2>&-',
             box.programs.zdaemon])
    until(lambda: box.lines("file") == 3 * ["/dev/null"])
    until(lambda: not box.manager())


# --- on a terminal -------------------------------------------------------------------------------

def on_a_terminal(box, *args):
    """What a run prints on a terminal of its own."""
    master, slave = pty.openpty()
    child = subprocess.Popen([box.programs.zdaemon, *args], stdin=slave,
                             stdout=slave, stderr=slave, cwd=box.path,
                             start_new_session=True)
    box.background.append(child)
    os.close(slave)
    data = b""
    deadline = time.monotonic() + 20
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
    child.wait(5)
    return data.decode("utf-8", "replace"), child.returncode


def test_the_program_outlives_the_terminal(box):
    out, status = on_a_terminal(box, *SLEEP, "start")
    assert status == 0, out
    assert re.search(r"daemon process started, pid=\d+", out)
    pid = box.pid()
    assert alive(pid)
    one = process(pid)
    assert one.session == pid
    with open(f"/proc/{pid}/stat") as stat:     # no controlling terminal
        assert stat.read().rsplit(")", 1)[1].split()[4] == "0"


def test_both_streams_on_a_terminal(box):
    """Where each of them goes, and what became of it."""
    box.script("talk", "echo out; echo error >&2; exec sleep 100\n")
    box.conf("program ./talk", "transcript out", "transcript-stderr err")
    box.up("-Cconf")
    until(lambda: box.read("out") + box.read("err") == "out\nerror\n")
    out, _ = on_a_terminal(box, "-Cconf", "status")
    assert f"  transcript  {box.at('out')}, 4 bytes written\r\n" in out, out
    assert f"  stderr      {box.at('err')}, 6 bytes written\r\n" in out, out


def test_hostile_text_on_a_terminal(box):
    """Escape sequences of a log or a configuration are shown, not sent."""
    box.write("log", b"\x1b]0;title\x07 \x1b[2J \x9b31m \xff\r\n")
    for args in (["logtail", "--no-follow", "log"],
                 ["--", "\x1b]0;title\x07"],
                 ["-l", "\x1b]0;title\x07", "show"],
                 ["-C", "no\x1b]0;title\x07", "status"]):
        out, _ = on_a_terminal(box, *args)
        assert "title" in out
        assert "\x1b]" not in out and "\x1b[2J" not in out, repr(out)
        assert "\x07" not in out and "\x9b" not in out, repr(out)


def test_broken_configuration_on_a_pipe(box):
    """Without a command and without a terminal: exit 2."""
    box.conf("nonsense 3")
    result = box.zd("-Cconf", input="status\n")
    assert result.status == 2, result
    assert "conf:2" in result.err
