"""What does not fit the screen is shown a page at a time."""

import re

import pytest


@pytest.fixture
def open_session(box, open_terminal):
    box.conf(program="sleep 100")

    def start(*args, env=None, **size):
        # no less on this path
        extra = {"PAGER": "",
                 "PATH": box.at("bin") if env is None else "/usr/bin:/bin"}
        extra.update(env or {})
        terminal = open_terminal("-C", "conf", *args, env=extra, **size)
        terminal.wait_prompt()
        return terminal

    return start


def test_what_fits_is_only_printed(open_session):
    terminal = open_session()
    assert len(terminal.run("help codes")) > 5
    assert terminal.lines[-1] == "zdaemon>"


def test_without_a_pager(open_session):
    """Neither PAGER nor less: all of it is printed."""
    terminal = open_session(rows=12, cols=60)
    shown = terminal.run("help config")
    assert shown[0] == "runner" and len(shown) > 24


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
    """The shell says so, and the text is printed."""
    terminal = open_session(env={"PAGER": "nonsense-pager"})
    shown = terminal.run("help config")
    assert "nonsense-pager" in shown[0] and "not found" in shown[0]
    assert shown[1] == "runner" and len(shown) > 24


def test_one_that_is_stopped(box, open_session):
    """It waits for fg; the text is not printed in its place."""
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
    """Only a pager that was asked for, and named."""
    terminal = open_session("--plain", env={"PAGER": "sed 's/^/> /'"})
    assert terminal.run("help config")[0] == "runner"
    terminal.run("set pager on")
    assert terminal.run("help config")[0] == "> runner"
    assert b"\x1b" not in terminal.raw


def test_never_in_a_batch(box, zd):
    box.conf(program="sleep 100")
    result = zd("-Cconf", "-c", "set pager on; help config",
                env={"PAGER": "false"})
    assert result.status == 0 and len(result.out.splitlines()) > 24
