"""Keys at which something else waits than the line: what is pasted runs
nothing there, ^C leads out, and nothing stops the terminal."""

import os
import re

import pytest

# How libedit comes to wait for a key of its own.
PENDING = {
    "quoted": "\x16",
    "prefix": "\x18",
    "meta": "\x1b",
    "search": "\x12ver",
    "vi-find": "\x1bf",
    "vi-search": "\x1b/",
    "vi-search-text": "\x1b/ver",
    "vi-search-down": "\x1b?h",
    "vi-replace": "\x1br",
    "vi-delete": "\x1bd",
    "vi-prefix": "\x1b\x18",
}


@pytest.fixture
def pending(session):
    """Brings the session to wait for more than the next line; what ran
    before then is off the screen."""
    def bring(state, mode=None):
        vi = state.startswith("vi") if mode is None else mode == "vi"
        session.run("help codes")
        session.run("version")
        session.run(f"set mode {'vi' if vi else 'emacs'}")
        session.send("\x0c")
        session.wait_for(lambda: session.cursor[0] == 0)
        session.type("abc")
        for key in PENDING[state]:
            session.send(key)
            session.pump(0.1 if key == "\x1b" else 0.02)

    return bring


@pytest.mark.parametrize("state", PENDING)
def test_a_paste_runs_nothing_wherever_it_goes(session, pending, state):
    pending(state)
    session.send("\x1b[200~version\nhelp codes\nversion\n\x1b[201~")
    session.pump(0.2)
    assert not re.search(r"^zdaemon 1|exit status|\[exit", session.text, re.M)
    session.interrupt()
    assert session.run("version")[0].startswith("zdaemon 1")


@pytest.mark.parametrize("state", PENDING)
def test_an_interrupt_leads_out(session, pending, state):
    pending(state)
    session.send("\x1b[C\x1bOP")
    session.pump(0.1)
    session.send("\x03")
    session.wait_for(lambda: "^C" in session.text and session.at_prompt())
    assert not re.search(r"^zdaemon 1|\[exit", session.text, re.M)
    assert session.run("version")[0].startswith("zdaemon 1")


@pytest.mark.parametrize("key", ["\x1b", "\x07"])
def test_a_vi_search_is_left_without_running_anything(session, pending, key):
    pending("vi-search-text")
    session.wait_for(lambda: "/ver" in session.text)
    session.send(key)
    session.wait_for(lambda: "/ver" not in session.text)
    session.pump(0.1)
    session.send("iwait")
    session.wait_for(lambda: session.line == "zdaemon> wait")
    assert not re.search(r"^zdaemon 1", session.text, re.M)


def test_a_vi_search_finds(session, pending):
    pending("vi-search-text")
    session.send("\r")
    session.wait_for(lambda: session.line == "zdaemon> version")


@pytest.mark.parametrize("mode", ["emacs", "vi"])
def test_a_newline_cannot_be_quoted(session, mode):
    """What stands behind it would be lost, and a line that begins like one
    of libedit's searches was taken for one."""
    session.run(f"set mode {mode}")
    session.send("\x16")
    session.pump(0.1)
    session.send("\n")
    session.pump(0.1)
    session.send("/version")
    session.wait_for(lambda: session.line == "zdaemon> /version")
    session.send("\x01\x03")
    session.wait_for(lambda: "^C" in session.text and session.at_prompt())
    assert session.run("version")[0].startswith("zdaemon 1")


def test_nothing_stops_the_terminal(session):
    """^S searches forwards; ^Q and ^S are no flow control here."""
    session.type("help")
    session.send("\x13\x07")
    session.type(" ki", "help ki")


def test_a_line_taller_than_the_screen(box, open_terminal):
    """libedit loses the row of the cursor on such a line."""
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", rows=8, cols=40)
    terminal.wait_prompt()
    for _ in range(2):
        terminal.send("X" * 400 + "\x01")
        terminal.pump(0.1)
        terminal.send("\x05" + "Y" * 60)
        terminal.wait_for(lambda: terminal.text.count("Y") == 60)
        assert terminal.rows[-1] == "Y" * ((9 + 460) % 40)
        assert terminal.cursor == (7, (9 + 460) % 40)
        terminal.interrupt()
        assert terminal.rows[-3:-1] == ["X" * 9 + "Y" * 31,
                                       "Y" * 29 + "^C"]
    assert terminal.run("version")[0].startswith("zdaemon 1")


@pytest.mark.parametrize("rows", [3, 12])
def test_the_last_character_at_the_edge_is_replaced(box, open_terminal, rows):
    """Whose row libedit counts twice, each time."""
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", rows=rows, cols=20)
    terminal.run("set mode vi")
    terminal.send("X" * 31)
    terminal.wait_for(lambda: terminal.text.count("X") == 31)
    terminal.send("\x1b")
    terminal.pump(0.1)
    for key in "YZ" * 12:
        terminal.send("r" + key)
        terminal.wait_for(lambda: terminal.text[-1] == key)
    assert terminal.lines[-2:] == ["zdaemon> " + "X" * 11, "X" * 19 + "Z"]
    assert terminal.cursor[1] == 19
    terminal.interrupt()
    assert terminal.run("version")[0].startswith("zdaemon 1")


# Insert, PgUp, PgDn, F2, F5, F12, Shift-Up, Ctrl-Left of rxvt, Shift-F2
OTHER_KEYS = ["[2~", "[5~", "[6~", "OQ", "[15~", "[24~", "[1;2A", "Od",
              "[25^", "[1;2Q", "[[B"]


@pytest.mark.parametrize("mode", ["emacs", "vi"])
def test_a_key_without_a_meaning_does_nothing(session, mode):
    """Neither as text nor, in vi's mode, as commands."""
    session.run(f"set mode {mode}")
    session.type("version x")
    for key in OTHER_KEYS:
        session.send("\x1b" + key)
    session.type("y", "version xy")
    session.send("\x12ver\x1b[5~s")         # in a search, too
    if mode == "emacs":
        session.wait_for(lambda: "bck:vers" in session.text)


@pytest.mark.parametrize("bindings, mode", [
    ('bind "\\e[15~" ed-move-to-beg\n', "emacs"),
    ('bind -v\nbind -a "[15~" ed-move-to-beg\n', "vi")])
def test_a_key_that_editrc_binds_is_left_to_it(box, open_terminal, bindings,
                                               mode):
    os.makedirs(box.at("home"), exist_ok=True)
    box.write("home/.editrc", bindings)
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt()
    terminal.type("ersion")
    terminal.send("\x1b[15~")
    terminal.wait_for(lambda: terminal.cursor[1] == len("zdaemon> "))
    terminal.type("v" if mode == "emacs" else "iv", "version")


@pytest.mark.parametrize("mode, keys", [("emacs", "\x1bx"),
                                        ("vi", "\x1b:")])
def test_libedit_asks_for_no_commands_of_its_own(session, mode, keys):
    """It would be deaf to ^C, and a blank one can crash it."""
    session.run(f"set mode {mode}")
    session.send(keys + "\x03")
    session.wait_prompt()
    session.pump(0.2)
    assert ":" not in session.rows
    session.run("version")


ANSWERS = [
    b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\", b"\x1b]11;rgb:ffff/ffff/ffff\x07",
    b"\x1bP>|XTerm(390)\x1b\\", b"\x1b_Gi=1;OK\x1b\\", b"\x1b[M !!",
    b"\x1b[<0;10;5M", b"\x1b[I", b"\x1b[O", b"\x1b[5;1R", b"\x1b[?2026;2$y",
    b"\x1b[?65;1;2;4;6;9;15;16;17;18;21;22;28;29;42c", b"\x1b[8;24;80t",
]


@pytest.mark.parametrize("answer", ANSWERS, ids=repr)
@pytest.mark.parametrize("mode", ["emacs", "vi"])
def test_answers_to_nobody_are_not_typed(session, answer, mode):
    """What a program that is gone has asked the terminal."""
    session.run(f"set mode {mode}")
    session.send(b"vers" + answer + b"ion")
    session.wait_for(lambda: session.line == "zdaemon> version")
    session.send("\r")
    session.wait_for(lambda: session.lines[-2].startswith("zdaemon 1"))


def test_a_long_answer_is_not_typed(session):
    """Of any length, in pieces, and what ends in the middle eats no Enter."""
    session.send("\x1b]52;c;" + "QUJD" * 2000)
    session.send("QUJD" * 20 + "\x07version")
    session.wait_for(lambda: session.line == "zdaemon> version")
    session.send("\x1b]52;c;QUJD\r")
    session.wait_for(lambda: "zdaemon 1" in session.text)
    session.wait_prompt()


def test_answers_to_nobody_end_nothing(box, session):
    """Neither the follower nor watch takes them for keys, nor a paste."""
    box.write("log", "one\n")
    noise = b"".join(ANSWERS) + b"\x1bP>|quit(1)\x1b\\\x1b[200~qqq\x1b[201~"
    session.send("logtail log\r")
    session.wait_for("q back")
    session.send(noise)
    session.pump(0.1)
    session.send("m")
    session.wait_for(lambda: "--- 20" in session.text)
    session.send("q")
    session.wait_prompt()
    session.send("watch 9 version\r")
    session.wait_for("zdaemon 1")
    session.send(noise)
    session.pump(0.3)
    assert not session.at_prompt()
    session.send("\x1b")
    session.wait_prompt()
