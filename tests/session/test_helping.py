"""What helps to type: reasons in the hint row, ghosts, operands of every
kind."""

import os
import re

import pytest


def menu(session, line):
    """What two Tabs offer behind a line, the first word of each row."""
    session.send("\x15")
    session.wait_for(session.at_prompt)
    session.send(line)
    session.wait_for(lambda: session.line == f"zdaemon> {line}".rstrip() and
                     session.cursor[1] == len(f"zdaemon> {line}"))
    session.send("\t\t")
    session.wait_for(lambda: session.below)
    return session.below


@pytest.mark.parametrize("line, reason", [
    ("st HUP", "'st' could be start, stop, status"),
    ("ki HUP", "'ki' is too short for kill; type at least 3 letters"),
    ("strat x", "no command 'strat'; did you mean 'start'?"),
    ("qqq x", "no command 'qqq'"),
])
@pytest.mark.parametrize("key", ["\t", "\x1bOP"])
def test_a_doubt_is_told_under_the_line(session, line, reason, key):
    session.type(line)
    session.send(key)
    session.wait_for(lambda: session.below == [reason])
    assert session.line == f"zdaemon> {line}"
    session.send("\x7f")
    session.wait_for(lambda: session.below == [])


def test_nothing_more(session):
    assert menu(session, "version ") == ["nothing more fits here"]
    assert menu(session, "kill USR3") == ["no SIGNAL fits"]


def test_a_hint_shows_no_control_bytes(session):
    session.send("q\x16\x1b]x\t")
    session.wait_for(lambda: session.below == ["no command 'q^[]x'"])


def test_a_ghost_that_is_cut_says_so(box, open_terminal):
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", cols=50)
    terminal.wait_prompt()
    terminal.wait_for(lambda: terminal.right == "sleep down")
    terminal.send("kill ")
    terminal.wait_for(lambda: terminal.ghost.endswith("..."))
    assert terminal.ghost.startswith("SIGNAL   HUP")
    assert terminal.right == "sleep down"
    assert terminal.screen.display[terminal.cursor[0]].rstrip().endswith(
        "...  sleep down")


def test_signals_with_number_and_meaning(session):
    session.run("kill WINCH")
    rows = menu(session, "kill ")
    assert rows[0].split()[0] == "WINCH"        # sent before
    rows = menu(session, "kill US")
    assert [row.split()[:2] for row in rows] == [["USR1", "10"],
                                                 ["USR2", "12"]]


def test_keys_with_their_values(box, open_terminal):
    box.conf("program sleep 100", "transcript out.log")
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt()
    rows = menu(terminal, "show transcript")
    assert rows[0].split()[0] == "transcript" and "out.log" in rows[0]


def test_files_with_size_and_age(box, session):
    box.write("steps.zd", "version\n")
    box.write("steps.old", "version\n")
    for line in ("source steps.", "logtail steps.", "reload -C steps."):
        rows = menu(session, line)
        assert len(rows) == 2
        for row, name in zip(rows, ("old", "zd")):
            assert re.fullmatch(rf" +steps\.{name} +8 bytes, \d+\w ago", row)


def test_the_options_of_zdaemon(session):
    rows = menu(session, "reload --s")
    assert {"--socket-name", "--schema", "--start-timeout"} <= {
        row.split()[0] for row in rows}
    session.send("\x15")
    session.send("reload --socket-name ")
    session.wait_for(lambda: session.ghost == "SOCKET")


def test_numbers_of_the_history(session):
    session.run("version")
    session.run("help codes")
    rows = menu(session, "!-")
    assert [row.split(None, 1) for row in rows] == [
        ["!-1", "help codes"], ["!-2", "version"]]
    session.send("\t\t\r")                  # the second one, taken
    session.wait_for(lambda: session.line == "zdaemon> !-2")
    session.send("\r")
    session.wait_for(lambda: len(re.findall(r"^zdaemon 1", session.text,
                                            re.M)) == 2)
    session.wait_prompt()


def test_words_of_earlier_starts(box, open_terminal):
    box.write("run.sh", "exec sleep 100\n")
    box.conf(program="sh run.sh")
    terminal = open_terminal("-C", "conf")
    terminal.run("start --port 8080")
    terminal.run("stop")
    terminal.type("start -v 80")
    terminal.send("\t")
    terminal.wait_for(lambda: terminal.line == "zdaemon> start -v 8080")


def test_programs_behind_a_pipe(box, open_terminal):
    """Where the shell's command begins, and only what can be run."""
    os.mkdir(box.at("bin"))
    box.write("bin/zz-filter", "#!/bin/sh\ncat\n", 0o755)
    box.write("bin/zz-data", "x\n", 0o644)
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", env={
        "PATH": box.at("bin") + ":" + os.environ["PATH"]})
    for begun in ("status | ", "!"):
        terminal.wait_prompt()
        terminal.type(begun + "zz-")
        terminal.send("\t")
        terminal.wait_for(lambda: terminal.line ==
                          f"zdaemon> {begun}zz-filter")
        terminal.interrupt()


@pytest.mark.parametrize("line", ["status | ", "status |", "!"])
def test_no_files_where_a_command_of_the_shell_begins(session, line):
    assert menu(session, line)[0] == "COMMAND: whatever you like"


def test_only_a_known_alias_can_be_forgotten(session):
    assert menu(session, "unalias ") == ["no NAME fits"]
    assert menu(session, "alias ") == ["NAME: whatever you like"]
    session.send("\x15")
    session.wait_for(session.at_prompt)
    session.run("alias up=start")
    session.type("unalias ", "unalias")
    session.send("\t")
    session.wait_for(lambda: session.line == "zdaemon> unalias up")


def test_the_question_is_not_left_out_by_a_tab(session):
    assert menu(session, "stop ") == ["nothing more fits here"]
    assert session.line == "zdaemon> stop"


def test_behind_the_option_that_leaves_it_out(session):
    session.type("-y sto")
    session.send("\t")
    session.wait_for(lambda: session.line == "zdaemon> -y stop")
    assert session.color("stop") == "green"
    session.send("\x1bOP")
    session.wait_for("Sends TERM to the program")


@pytest.mark.parametrize("cols, rows", [(80, 24), (40, 12), (30, 8)])
def test_help_under_a_line_is_taken_off_whole(box, open_terminal, cols, rows):
    """However many rows of a narrow screen its lines take."""
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", cols=cols, rows=rows)
    terminal.wait_prompt()
    terminal.type("\x0clogtail ", "logtail")
    terminal.send("\x1bOP")
    terminal.wait_for(lambda: terminal.below and
                      terminal.below[0].startswith("logtail [-a]"))
    assert terminal.line == "zdaemon> logtail"
    terminal.send("x")
    terminal.wait_for(lambda: terminal.lines == ["zdaemon> logtail x"])


def test_a_synopsis_is_broken_between_its_parts(session):
    shown = session.run("help logtail")
    assert shown[0].endswith("] [--stderr] [-f | --no-follow]")
    assert shown[1] == "    [FILE ...]"


@pytest.mark.parametrize("line, key", [
    ("logtail ", "\x1bOP"), ("version ", "\t")])
def test_escape_takes_off_what_stands_under_the_line(session, line, key):
    """And nothing else: what is typed next is not Meta."""
    session.type(line)
    session.send(key)
    session.wait_for(lambda: session.below)
    session.send("\x1b")
    session.wait_for(lambda: session.below == [])
    session.send("x")
    session.wait_for(lambda: session.line == f"zdaemon> {line}x")
    session.send("\x1bb")
    session.send("y")
    session.wait_for(lambda: session.line == f"zdaemon> {line}yx")


@pytest.mark.parametrize("topic", ["stop", "start", "events", "set", "keys"])
def test_help_is_broken_between_words(box, open_terminal, topic):
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", rows=40, cols=40)
    terminal.run("set pager off")
    shown = terminal.run("help " + topic)
    assert max(map(len, shown)) <= 40
