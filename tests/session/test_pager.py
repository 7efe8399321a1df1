"""What does not fit the screen is shown a page at a time."""

import re

import pytest


@pytest.fixture
def open_session(box, open_terminal):
    box.conf(program="sleep 100")

    def start(*args, env=None, **size):
        # no less on this path: the pager is our own
        extra = {"PAGER": "",
                 "PATH": box.at("bin") if env is None else "/usr/bin:/bin"}
        extra.update(env or {})
        terminal = open_terminal("-C", "conf", *args, env=extra, **size)
        terminal.wait_prompt()
        return terminal

    return start


def place(terminal):
    return terminal.lines[-1]


def test_what_fits_is_only_printed(open_session):
    terminal = open_session()
    assert len(terminal.run("help codes")) > 5
    assert "q ends" not in terminal.text


@pytest.mark.parametrize("rows, cols", [(24, 80), (12, 60), (8, 40)])
def test_our_own(open_session, rows, cols):
    terminal = open_session(rows=rows, cols=cols)
    terminal.send("help config\r")
    terminal.wait_for("1-%d of " % (rows - 1))
    first = terminal.lines[:-1]
    assert first[0] == "runner" and len(first) == rows - 1
    assert terminal.cursor[0] == rows - 1
    terminal.send(" ")
    terminal.wait_for("%d-%d of " % (rows, 2 * rows - 2))
    assert len(terminal.lines) == rows
    terminal.send("k")
    terminal.wait_for("%d-%d of " % (rows - 1, 2 * rows - 3))
    assert terminal.lines[0] == first[-1]
    terminal.send("b")
    terminal.wait_for(lambda: terminal.lines[:-1] == first)
    terminal.send("\x1b[6~\x1b[5~G")
    terminal.wait_for("(end)")
    terminal.send("g")
    terminal.wait_for(lambda: terminal.lines[:-1] == first)
    terminal.send("q")
    terminal.wait_prompt()
    assert terminal.lines[:-1] == first
    assert terminal.run("version")[0].startswith("zdaemon ")


def test_search(open_session):
    terminal = open_session()
    terminal.send("help config\r")
    terminal.wait_for("1-23 of ")
    terminal.send("/BACKOFF-l\r")
    terminal.wait_for(lambda: "backoff-limit" in terminal.lines[0])
    terminal.send("/nonsense\x7f\x7f\r")
    terminal.wait_for("not found")
    terminal.send("/x\x1b")
    terminal.wait_for("of ")
    terminal.send("\x03")
    terminal.wait_prompt()


def test_another_size_while_a_word_is_typed(open_session):
    terminal = open_session()
    terminal.send("help config\r")
    terminal.wait_for("1-23 of ")
    terminal.send("/backoff-l\u00e9")
    terminal.wait_for("/backoff-l\u00e9")
    before = len(terminal.raw)
    terminal.resize(12, 60)
    terminal.wait_for(lambda: b"\x1b[H" in terminal.raw[before:] and
                      terminal.lines[-1] == "/backoff-l\u00e9")
    terminal.send("\x7fi\r")              # rubs out a character, not a byte
    terminal.wait_for(lambda: "backoff-limit" in terminal.lines[0])
    terminal.send("q")
    terminal.wait_prompt()


def test_space_at_the_end_ends(open_session):
    terminal = open_session()
    terminal.send("help config\rG")
    terminal.wait_for("(end)")
    terminal.send(" ")
    terminal.wait_prompt()


def test_another_size(open_session):
    terminal = open_session()
    terminal.send("help config\r")
    terminal.wait_for("1-23 of ")
    terminal.resize(12, 60)
    terminal.wait_for("1-11 of ")
    terminal.send("q")
    terminal.wait_prompt()


def test_told_to_end(open_session):
    terminal = open_session()
    terminal.send("help config\r")
    terminal.wait_for("q ends")
    terminal.signal(15)
    assert terminal.finish() == -15
    assert terminal.cooked


def test_the_operators_own(box, open_session):
    box.write("mine", "#!/bin/sh\nexec sed 's/^/> /'\n", 0o755)
    terminal = open_session(env={"PAGER": "./mine"})
    shown = terminal.run("help config")
    assert shown[0] == "> runner"
    assert all(line.startswith("> ") for line in shown)
    # what fits, a pipe and a file need none
    assert terminal.run("version")[0].startswith("zdaemon ")
    assert terminal.run("help config | head -1") == ["runner"]
    terminal.run("set pager off")
    assert terminal.run("help config")[0] == "runner"


def test_one_that_is_not_there(open_session):
    terminal = open_session(env={"PAGER": "nonsense-pager"})
    terminal.send("help config\r")
    terminal.wait_for("q ends")
    terminal.send("q")
    terminal.wait_prompt()


def test_one_that_is_stopped(box, open_session):
    """It waits for fg; ours does not come in its place."""
    box.write("mine", "#!/bin/sh\nkill -STOP 0\necho paged\n", 0o755)
    terminal = open_session(env={"PAGER": "./mine"})
    shown = terminal.run("help config")
    assert re.fullmatch(r"stopped, pid \d+; fg continues it", shown[-1])
    assert terminal.run("fg")[-1] == "paged"


def test_less(open_session):
    terminal = open_session(env={"LESS": ""})
    terminal.send("help config\r")
    terminal.wait_for(lambda: "lines 1-23" in terminal.line)
    terminal.send("q")
    terminal.wait_prompt()


def test_plain(open_session):
    terminal = open_session("--plain")
    assert len(terminal.run("help config")) > 24
    terminal.run("set pager on")
    terminal.send("help config\r")
    terminal.wait_for("-- space: more, q: enough --")
    terminal.send(" ")
    terminal.wait_for(lambda: terminal.raw.count(b"-- space") == 2)
    terminal.send("q")
    terminal.wait_prompt()
    assert b"\x1b" not in terminal.raw


def test_never_in_a_batch(box, zd):
    box.conf(program="sleep 100")
    result = zd("-Cconf", "-c", "set pager on; help config",
                env={"PAGER": "false"})
    assert result.status == 0 and len(result.out.splitlines()) > 24
