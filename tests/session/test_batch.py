"""Commands from a script: no prompt, no escape, an exit status."""

import os
import signal
import subprocess
import time

import pytest

import support


@pytest.fixture
def conf(box):
    return box.conf(program="sleep 100")


def test_standard_input(box, zd, conf):
    result = zd("-C", conf, input="version\n\n# comment\nhelp codes\n")
    assert result.status == 0 and result.err == ""
    assert result.out.startswith("zdaemon ")
    assert "zdaemon>" not in result.out and "\x1b" not in result.out
    assert "program:" not in result.out


def test_the_last_line_needs_no_newline(zd, conf):
    result = zd("-C", conf, input="version")
    assert result.status == 0 and result.out.startswith("zdaemon ")


def test_nothing_at_all(zd, conf):
    result = zd("-C", conf, input="")
    assert (result.status, result.out, result.err) == (0, "", "")


def test_it_stops_at_the_first_failure(zd, conf):
    result = zd("-C", conf, input="kill\nversion\n")
    assert result.status == 1
    assert result.out == "daemon process not running\n"


@pytest.mark.parametrize("how", ["pipe", "newline", ";", "source", "alias",
                                 "nested"])
def test_not_running_is_an_answer(box, zd, conf, how):
    """It ends nothing, and is the exit status if nothing fails later."""
    lines = ["status", "$?", "version"]
    box.write("file", "\n".join(lines) + "\n")
    if how == "pipe":
        result = zd("-C", conf, input="\n".join(lines))
    else:
        text = {"newline": "\n".join(lines), ";": "; ".join(lines),
                "source": "source file", "alias": "alias xx = status; $?\n"
                "xx; version", "nested": "source file; version"}[how]
        result = zd("-C", conf, "-c", text)
    assert (result.status, result.err) == (3, ""), result
    assert result.out.startswith("daemon manager not running\n"
                                 "3 (status: not running)\n")
    assert result.out.count("zdaemon ") == 1 + (how == "nested"), result


@pytest.mark.parametrize("lines, status", [
    ("status\nkill\nversion", 1), ("status\nhelp nonsense\nversion", 1),
    ("status | cat\nnonsense", 2), ("status > out\n!exit 7", 7)])
def test_a_failure_after_an_answer(zd, conf, lines, status):
    result = zd("-C", conf, input=lines + "\n")
    assert result.status == status, result
    assert "zdaemon " not in result.out


def test_an_answer_does_not_hide_a_failure(zd, conf):
    assert zd("-C", conf, "-k", input="kill\nstatus\n").status == 1


def test_words_in_a_turkish_locale(box, zd, conf):
    """Where the small letter of I is another one, `int` is still INT."""
    locale = box.at("tr_TR.UTF-8")
    try:
        made = subprocess.run(["localedef", "-i", "tr_TR", "-f", "UTF-8",
                               locale], capture_output=True)
    except FileNotFoundError:
        made = None
    if not made or made.returncode:
        pytest.skip("cannot make a Turkish locale")
    environ = {**os.environ, "LOCPATH": box.path, "LC_ALL": "tr_TR.UTF-8"}
    result = zd("-C", conf, "-c", "kill sigint", env=environ)
    assert "invalid signal" not in result.err
    assert result.status == 1, result


def test_keep_going(zd, conf):
    result = zd("-C", conf, "-k", input="kill\nversion\n")
    assert result.status == 1
    assert len(result.out.splitlines()) == 2


@pytest.mark.parametrize("line, status", [
    ("nonsense", 2),
    ("kill NONSENSE", 2),
    ("help nonsense", 1),
    ("status", 3),
    ("start 'x", 2),
    ("!exit 7", 7),
    ("!kill -9 $$", 137),
    ("version | exit 5", 5),
    ("status | cat", 3),
    ("version > missing/x", 1),
    ("version > /dev/full", 1),
    ("reload --nonsense", 2),
    ("version", 0),
])
def test_exit_statuses(zd, conf, line, status):
    assert zd("-C", conf, input=line + "\n").status == status
    assert zd("-C", conf, "-c", line).status == status


def test_command_option(zd, conf):
    result = zd("-C", conf, "-c", "version ; help codes\nversion")
    assert result.status == 0
    assert result.out.count("zdaemon 1") == 2


def test_a_whole_life(box, zd, conf):
    result = zd("-C", conf, "-c", "start; status; stop; status")
    assert result.status == 3, result
    assert "daemon process started, pid=" in result.out
    assert "program running; pid=" in result.out
    assert "daemon process stopped" in result.out
    assert "\x1b" not in result.out and "\r" not in result.out


def test_quit_ends_it(zd, conf):
    result = zd("-C", conf, input="version\nquit\nversion\n")
    assert result.status == 0
    assert result.out.count("zdaemon 1") == 1
    assert result.out.endswith("daemon manager not running\n")


def test_what_follows_belongs_to_the_command(zd, conf):
    result = zd("-C", conf, input="!read x; echo got $x\nversion\nversion\n")
    assert result.out.startswith("got version\nzdaemon ")
    assert len(result.out.splitlines()) == 2


def test_no_history_is_kept(box, zd, conf):
    os.makedirs(box.at("home"))
    zd("-C", conf, input="version\n", home=box.at("home"))
    assert os.listdir(box.at("home")) == []


def test_nobody_is_asked(box, zd, conf):
    box.up("-C", conf)
    result = zd("-C", conf, input="stop\n")
    assert result.status == 0 and "y/N" not in result.all


def test_a_broken_configuration(box, zd):
    box.write("conf", "<runner>\n nonsense\n</runner>\n")
    result = zd("-C", "conf", input="version\n")
    assert result.status == 2 and result.out == ""
    assert "conf:2" in result.err


def test_bytes_that_are_no_text(zd, conf):
    result = zd("-C", conf, input=b"\xff\xfe\x00\x01\n")
    assert result.status == 2


def test_a_very_long_line(zd, conf):
    result = zd("-C", conf, input="version " + "x" * 1000000 + "\n")
    assert result.status == 2


def test_full_output(zd, conf):
    with open("/dev/full", "w") as full:
        result = zd("-C", conf, input="version\n", stdout=full)
    assert result.status == 1 and "No space left" in result.err


def test_a_reader_that_leaves(box, conf):
    result = box.run(["sh", "-c", '"$0" -C conf -c "help; version" | true',
                      box.programs.zdaemon])
    assert result.status == 0 and result.err == ""


def test_interrupted(box, conf):
    box.up("-C", conf)
    child = box.later("-C", conf, "-k", "-c", "wait\nversion",
                      stdout=subprocess.PIPE)
    support.until(lambda: catches(child.pid, signal.SIGINT))
    time.sleep(0.2)
    child.send_signal(signal.SIGINT)
    result = box.finish(child)
    assert result.status == 130
    assert "zdaemon 1" not in result.out
    assert box.pid()


def waits_in_write(pid):
    with open(f"/proc/{pid}/wchan") as channel:
        return "pipe_w" in channel.read()


@pytest.mark.parametrize("line", [
    "help logtail\n" * 60,
    "logtail -n 100000 --no-follow big",
    "logtail -n 100000 --no-follow big | exec sleep 0.5",
    "logtail -n 100000 --no-follow big | exec sleep 0.5; version > after",
])
def test_interrupted_while_nobody_reads(box, conf, line):
    """A ^C that only a write notices is an end asked for, not an error."""
    box.write("big", "line\n" * 100000)
    end, full = os.pipe()
    child = box.later("-C", conf, "-k", "-c", line, stdout=full)
    os.close(full)
    support.until(lambda: waits_in_write(child.pid))
    child.send_signal(signal.SIGINT)
    result = box.finish(child)
    os.close(end)
    assert (result.status, result.err) == (130, "")
    assert not box.exists("after")


def catches(pid, number):
    return number in support.signal_sets(pid)["SigCgt"]


def test_on_a_terminal(conf, open_terminal):
    """-c at a terminal: the command and nothing else."""
    terminal = open_terminal("-C", "conf", "-c", "version")
    assert terminal.finish() == 0
    assert len(terminal.lines) == 1
    assert b"\x1b" not in terminal.raw
