"""The line on the terminal."""

import os
import re
import signal
import time

import pytest


def state_file(box):
    folder = box.at("home", ".local", "state", "zdaemon")
    name, = os.listdir(folder)
    return os.path.join("home", ".local", "state", "zdaemon", name)


# --- completion ------------------------------------------------------------

def test_a_command_is_completed(session):
    session.type("vers")
    session.send("\t")
    session.wait_for(lambda: session.cursor[1] == len("zdaemon> version "))
    assert session.line == "zdaemon> version"


def test_the_common_part_first_then_the_list(session):
    before = session.lines[:-1]
    session.type("st")
    session.send("\t")
    session.send("\t")
    session.wait_for("tell whether the program is running")
    assert session.line == "zdaemon> st" and session.cursor[1] == 11
    names = [row.split()[0] for row in session.below]
    assert sorted(names) == ["start", "status", "stop"]
    assert session.lines[:len(before)] == before
    session.type("at", "stat")
    session.send("\t")
    session.wait_for(lambda: session.line == "zdaemon> status")


def test_the_first_tab_extends(session):
    session.type("re")
    session.send("\t")
    session.send("\t")
    session.wait_for("reload")
    session.send("o\t")
    session.wait_for(lambda: session.line == "zdaemon> reopen_transcript")


def test_operands_are_completed(box, session):
    session.type("kill h")
    session.send("\t")
    session.wait_for(lambda: session.line == "zdaemon> kill HUP")
    session.send("\x15")
    session.type("show tran")
    session.send("\t")
    session.wait_for(lambda: session.line == "zdaemon> show transcript")
    session.send("\x15")
    session.type("help reop")
    session.send("\t")
    session.wait_for(lambda: session.line ==
                     "zdaemon> help reopen_transcript")


def test_files_are_completed_and_quoted(box, session):
    box.write("my log; really", "one\n")
    session.type("logtail my")
    session.send("\t")
    session.wait_for(lambda: session.line ==
                     r"zdaemon> logtail my\ log\;\ really")
    session.send("\x15")
    session.type("logtail 'my")
    session.send("\t")
    session.wait_for(lambda: session.line ==
                     "zdaemon> logtail 'my log; really'")
    session.send("--no-follow\r")
    session.wait_for(lambda: "one" in session.lines)


def test_directories_go_on(box, session):
    os.mkdir(box.at("logs"))
    box.write("logs/today", "x\n")
    session.type("logtail lo")
    session.send("\t")
    session.wait_for(lambda: session.line == "zdaemon> logtail logs/")
    session.send("t\t")
    session.wait_for(lambda: session.line == "zdaemon> logtail logs/today")


def test_completion_in_the_middle(session):
    session.type(" HUP")
    session.send("\x01ver")
    session.wait_for(lambda: session.cursor[1] == len("zdaemon> ver"))
    session.send("\t")
    session.wait_for(lambda: session.line == "zdaemon> version  HUP")


def test_completion_behind_a_semicolon(session):
    session.type("version ; vers")
    session.send("\t")
    session.wait_for(lambda: session.line == "zdaemon> version ; version")


def test_nothing_fits(session):
    session.type("xyz")
    session.send("\t")
    session.wait_for(lambda: b"\a" in session.raw)
    assert session.line == "zdaemon> xyz"


def test_the_list_on_a_small_screen(box, open_terminal):
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", rows=8, cols=40)
    terminal.wait_prompt()
    terminal.send("\t\t")
    terminal.wait_for(lambda: len(terminal.below) == 4)
    assert terminal.at_prompt()
    assert re.fullmatch(r"  \.\.\. \d+ more", terminal.below[-1])


def test_every_command_is_offered_and_explained(box, open_terminal):
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", rows=60)
    terminal.wait_prompt()
    terminal.send("\t\t")
    terminal.wait_for(lambda: len(terminal.below) > 10)
    names = [row.split()[0] for row in terminal.below]
    assert {"start", "stop", "restart", "shutdown", "status", "kill", "wait",
            "foreground", "logtail", "reopen_transcript", "logreopen", "rotate",
            "show", "check", "help", "version", "reload", "shell", "history",
            "quit"} <= set(names)
    for name in names:
        shown = terminal.run(f"help {name}")
        assert name in shown[0], shown


def test_f1_lists_at_once(session):
    session.type("kill ")
    session.send("\x1bOP")
    session.wait_for("HUP")
    assert session.line == "zdaemon> kill"
    assert session.cursor[1] == len("zdaemon> kill ")


# --- history ---------------------------------------------------------------

def test_history_is_kept_between_sessions(box, session, open_terminal):
    session.run("version")
    session.run("show program")
    session.run(" show transcript")             # private
    assert box.lines(state_file(box)) == ["version", "show program"]
    session.send("\x04")
    session.finish()
    again = open_terminal("-C", "conf")
    again.wait_prompt()
    again.send("\x1b[A")
    again.wait_for(lambda: again.line == "zdaemon> show program")
    again.send("\x1b[A")
    again.wait_for(lambda: again.line == "zdaemon> version")
    again.send("\x1b[B")
    again.wait_for(lambda: again.line == "zdaemon> show program")


def test_history_is_on_disk_at_once(box, session):
    session.run("version")
    session.signal(9)
    session.finish()
    assert box.lines(state_file(box)) == ["version"]


def test_two_sessions_lose_nothing(box, session, open_terminal):
    other = open_terminal("-C", "conf")
    other.wait_prompt()
    session.run("version")
    other.run("help")
    session.run("help keys")
    assert box.lines(state_file(box)) == ["version", "help", "help keys"]


def test_history_command(session):
    session.run("version")
    session.run("help codes")
    shown = session.run("history")
    assert [line.split(None, 1)[1] for line in shown] == [
        "version", "help codes", "history"]
    assert [line.split(None, 1)[1] for line in session.run("history cod")
            ] == ["help codes", "history cod"]


def test_up_finds_lines_that_begin_alike(session):
    session.run("version")
    session.run("help codes")
    session.type("v")
    session.send("\x1b[A")
    session.wait_for(lambda: session.line == "zdaemon> version")


def test_reverse_search(session):
    session.run("version")
    session.run("help codes")
    session.send("\x12vers")
    session.wait_for(lambda: "bck:vers" in session.text)
    session.send("\r")
    session.wait_for(lambda: session.text.count("zdaemon 1") >= 2)
    session.wait_prompt()


def test_an_unwritable_history_is_said_once(box, open_terminal):
    box.conf(program="sleep 100")
    os.makedirs(box.at("state"))
    box.write("state/zdaemon", "in the way\n")
    terminal = open_terminal("-C", "conf",
                             env={"XDG_STATE_HOME": box.at("state")})
    terminal.wait_prompt()
    assert "history is not kept: unable to" in terminal.text
    terminal.run("version")
    terminal.send("\x1b[A")
    terminal.wait_for(lambda: terminal.line == "zdaemon> version")


def test_a_full_disk_costs_the_history_alone(box, open_terminal):
    """No file can grow: as on a full disk, for whoever is not root."""
    box.conf(program="sleep 100")
    terminal = open_terminal(argv=[
        "sh", "-c", "ulimit -f 0; "
        'exec env --default-signal=XFSZ "$0" -C conf', box.programs.zdaemon])
    terminal.run("version")
    assert terminal.text.count("history is not kept: unable to write") == 1
    terminal.run("help codes")
    assert terminal.text.count("history is not kept") == 1
    assert len(terminal.run("history")) == 3
    assert box.lines(state_file(box)) == []


# --- keys ------------------------------------------------------------------

def test_interrupt_drops_the_line(session):
    session.type("stop it")
    session.send("\x02\x02")
    session.interrupt()
    assert "zdaemon> stop it^C" in session.lines
    assert session.run("version")[0].startswith("zdaemon ")


def test_interrupts_at_an_empty_line_show_the_way_out(session):
    way = "^D or quit leaves; the program keeps running"
    session.interrupt()
    session.type("ver")
    session.interrupt()
    session.interrupt()
    assert way not in session.text
    session.interrupt()
    assert session.lines[-2] == way
    session.interrupt()
    assert session.text.count(way) == 1


def test_interrupt_drops_a_wrapped_line(session):
    session.send("x" * 100)
    session.wait_for(lambda: session.line == "x" * 29)
    session.send("\x01")
    session.wait_for(lambda: session.cursor[1] == 9)
    session.interrupt()
    assert session.lines[-2] == "x" * 29 + "^C"


def test_interrupt_leaves_the_search(session):
    session.run("version")
    session.send("\x12ver")
    session.wait_for("bck:ver")
    session.interrupt()
    assert session.run("version")[0].startswith("zdaemon ")


def test_wide_characters(session):
    session.type("start 日本語 é")
    assert session.cursor[1] == len("zdaemon> start ") + 6 + 2
    session.send("\x02\x02\x7f")         # left twice, rub out one
    session.wait_for(lambda: session.line == "zdaemon> start 日本 é"
                     or session.line == "zdaemon> start 日 本  é")
    session.interrupt()


def test_c_locale_takes_utf8(box, open_terminal):
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf",
                             env={"LC_ALL": "C", "LANG": None})
    terminal.wait_prompt()
    assert terminal.run("!echo 'naïve 日本'") == ["naïve 日本"]
    assert "!echo 'naïve 日本'" in box.lines(state_file(box))


def test_a_full_row(box, open_terminal):
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", cols=40, rows=12)
    terminal.wait_prompt()
    terminal.send("x" * 31)
    terminal.wait_for(lambda: terminal.cursor[1] == 0)
    terminal.send("\t\ty")
    terminal.wait_for(lambda: terminal.line == "y")
    assert terminal.lines[-2] == "zdaemon> " + "x" * 31


def test_resize_redraws(session):
    session.send("x" * 100)
    session.wait_for(lambda: session.line == "x" * 29)
    session.resize(24, 60)
    session.wait_for(lambda: session.line == "x" * 49)
    session.send("y")
    session.wait_for(lambda: session.line == "x" * 49 + "y")
    session.resize(24, 40)
    session.wait_for(lambda: session.line == "x" * 29 + "y")


def test_resize_during_a_command(session):
    session.send("!sleep 0.3; stty size\r")
    time.sleep(0.1)
    session.resize(30, 50)
    session.wait_for("30 50")
    session.wait_prompt()
    session.send("x" * 60)
    session.wait_for(lambda: session.line == "x" * 19)


def test_a_paste_runs_nothing(session):
    session.send("\x1b[200~version\nhelp codes\n\x1b[201~")
    session.wait_for(lambda: session.line == "zdaemon> version; help codes")
    session.send(" ")
    session.wait_for(lambda: session.cursor[1] ==
                     len("zdaemon> version; help codes "))
    assert not re.search(r"^zdaemon 1", session.text, re.M)
    session.send("\r")
    session.wait_prompt()
    assert re.search(r"^zdaemon 1", session.text, re.M)
    assert len(session.lines) > 10


TAKERS = ["!echo one; echo two", "alias a = version | cat",
          "history | grep 'x"]


@pytest.mark.parametrize("first", TAKERS)
def test_a_pasted_line_ends_where_it_ends(session, first):
    """What a shell or an alias takes is its own line: the next one waits for
    its turn, and for Enter."""
    session.send(f"\x1b[200~help codes\n{first}\nstart\nversion\n\x1b[201~")
    session.wait_for(lambda: session.line == f"zdaemon> help codes; {first}")
    assert "4 lines, Enter runs 2 and shows the rest" in session.text
    session.send("\r")
    session.wait_for(lambda: session.line == "zdaemon> start; version")
    session.interrupt()
    assert session.run("status")[0] == "daemon manager not running"


def test_pasted_lines_that_wait_are_dropped(session):
    session.send("\x1b[200~!echo one\nversion\n!echo two\nhelp\n\x1b[201~")
    session.wait_for(lambda: session.line == "zdaemon> !echo one")
    session.interrupt()
    session.send("\x1b[200~!echo one\nversion\n\x1b[201~")
    session.wait_for(lambda: session.line == "zdaemon> !echo one")
    session.send("\r")
    session.wait_for(lambda: session.line == "zdaemon> version")
    session.send("\r")
    session.wait_prompt()
    assert session.run("history | tail -2 | cut -c8-") == [
        "version", "history | tail -2 | cut -c8-"]


def test_a_paste_behind_what_is_typed(session):
    session.type("!")
    session.send("\x1b[200~echo one\nversion\n\x1b[201~")
    session.wait_for(lambda: session.line == "zdaemon> !echo one")
    session.send("\r")
    session.wait_for(lambda: session.line == "zdaemon> version")


@pytest.mark.parametrize("mode", ["emacs", "vi"])
@pytest.mark.parametrize("where", ["end", "middle"])
def test_many_characters_at_once(session, mode, where):
    """Typed ahead, or pasted where the terminal does not bracket it: put
    into the line together and drawn together, and no key is lost."""
    session.run(f"set mode {mode}")
    if where == "middle":
        session.type("z")
        session.send("\x02" if mode == "emacs" else "\x1bi")
    before = len(session.raw)
    words = "!: " + "".join(f"{i:04} " for i in range(3996)) + "end"
    session.send(words)
    session.wait_for(lambda: "end" in session.lines[-1], timeout=20)
    assert len(session.raw) - before < 100000
    session.send("\r")
    tail = "z" if where == "middle" else ""
    session.wait_prompt()
    assert session.run("history | tail -2 | head -1 | cut -c8- | wc -c") == [
        str(len(words + tail) + 1)]


def test_characters_at_once_that_are_bound(box, session, open_terminal):
    """What a key does in the user's editrc is done for each of them."""
    box.write("home/.editrc", "bind x ed-move-to-beg\n")
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt()
    terminal.send("a" * 100 + "b" * 100 + "xc" + "d" * 70 + "\x05e")
    terminal.wait_for(lambda: "".join(terminal.lines[-4:]) ==
                      "zdaemon> c" + "d" * 70 + "a" * 100 + "b" * 100 + "e")


def test_vi_repeats_what_came_at_once(session):
    """As far as anybody types ahead."""
    session.run("set mode vi")
    session.send("a" + "bcd " * 20)
    session.wait_for(lambda: session.line.endswith("bcd"))
    session.send("\x1b0.")
    session.wait_for(lambda: "".join(session.lines[-3:]).count("bcd") == 40)


def test_a_hostile_paste(session):
    """No key, no end of the paste, no private code gets through."""
    session.send(b"\x1b[200~ver\x03\x04\x1b[A\x09\xc2\x86si\x7fon"
                 b"\x1b[201~")
    session.wait_for(lambda: session.line == "zdaemon> ver[A sion")


def test_a_big_paste(session):
    text = "x" * 30000
    session.send("\x1b[200~start ")
    for i in range(0, len(text), 1000):
        session.send(text[i:i + 1000])
        session.pump(0.01)
    session.send("\x1b[201~")
    session.wait_for(lambda: b"xxxx" in session.raw, 10)
    session.interrupt(timeout=10)
    assert session.run("version")[0].startswith("zdaemon ")


@pytest.mark.parametrize("mode", ["emacs", "vi"])
def test_a_paste_has_a_bound(session, mode):
    """Else each key would take longer than the one before; half of what is
    pasted is worse than nothing."""
    session.run(f"set mode {mode}")
    session.type("version")
    keys = "\x1b[200~" + "x" * 65530 + "\x1b[201~"
    for i in range(0, len(keys), 1000):
        session.send(keys[i:i + 1000])
        session.pump(0.01)
    session.wait_for("a line has at most 65536 characters, nothing was pasted",
                     20)
    assert session.line == "zdaemon> version"
    session.send("\r")
    session.wait_for(lambda: re.search("^zdaemon 1", session.text, re.M))


def test_a_line_has_a_bound(session):
    session.send("version \x1b99999x")
    session.wait_for(lambda: b"a line has at most 65536 characters, the rest "
                     b"is dropped" in session.raw, 20)
    session.interrupt(timeout=10)
    assert session.run("version")[0].startswith("zdaemon ")


def test_a_paste_that_does_not_end_is_interrupted(session):
    session.send("\x1b[200~version\n")
    session.pump(0.2)
    os.kill(session.pid, signal.SIGINT)
    session.wait_for("^C")
    session.wait_prompt()
    assert session.run("version")[0].startswith("zdaemon ")


def test_a_paste_that_does_not_end_ends_all_the_same(session):
    session.send("\x1b[200~ver\nsion")
    session.wait_for(lambda: session.line == "zdaemon> ver; sion", 10)


def test_a_paste_is_not_awaited_when_vi_repeats_it(session):
    """libedit records the key that begins it, and plays that back."""
    session.run("set mode vi")
    session.type("show ")
    session.send("\x1b[200~version\x1b[201~")
    session.wait_for(lambda: session.line == "zdaemon> show version")
    session.send("\x1b")
    session.pump(0.1)
    session.send(".")
    session.pump(0.1)
    session.interrupt()
    assert session.run("version")[0].startswith("zdaemon ")


def test_an_interrupted_paste_runs_nothing(session):
    """What comes behind the interrupt is thrown away up to its end."""
    session.send("\x1b[200~version\n")
    session.pump(0.1)
    os.kill(session.pid, signal.SIGINT)
    session.pump(0.1)
    session.send("version\nversion\n\x1b[201~")
    session.wait_for("^C")
    session.wait_prompt()
    assert not re.search(r"^zdaemon 1", session.text, re.M)


def test_bracketed_paste_is_off_afterwards(session):
    assert b"\x1b[?2004h" in session.raw
    session.send("\x04")
    session.finish()
    assert session.raw.rfind(b"\x1b[?2004l") > session.raw.rfind(
        b"\x1b[?2004h")


def test_type_ahead_is_kept(session):
    session.send("!sleep 0.3\r")
    time.sleep(0.1)
    session.send("version\r")
    session.wait_for(lambda: re.search(r"^zdaemon 1", session.text, re.M))
    session.wait_prompt()


def test_editrc_is_honoured(box, open_terminal):
    box.conf(program="sleep 100")
    box.write("editrc", "zdaemon:bind ^X ed-move-to-beg\n"
                        "other:bind ^A ed-move-to-end\n")
    terminal = open_terminal("-C", "conf", env={"EDITRC": box.at("editrc")})
    terminal.wait_prompt()
    terminal.type("version")
    terminal.send("\x18")
    terminal.wait_for(lambda: terminal.cursor[1] == 9)


def test_vi_keys(box, open_terminal):
    box.conf(program="sleep 100")
    box.write("editrc", "bind -v\n")
    terminal = open_terminal("-C", "conf", env={"EDITRC": box.at("editrc")})
    terminal.wait_prompt()
    terminal.type("help kill")
    terminal.send("\x1b")
    terminal.pump(0.1)
    terminal.send("b")
    terminal.wait_for(lambda: terminal.cursor[1] == len("zdaemon> help "))
    terminal.send("cwstop")
    terminal.wait_for(lambda: terminal.line == "zdaemon> help stop")
    terminal.interrupt()


def test_vi_completes_too(box, open_terminal):
    box.conf(program="sleep 100")
    box.write("editrc", "bind -v\n")
    terminal = open_terminal("-C", "conf", env={"EDITRC": box.at("editrc")})
    terminal.wait_prompt()
    terminal.type("vers")
    terminal.send("\t")
    terminal.wait_for(lambda: terminal.line == "zdaemon> version")


def test_vi_end_of_an_empty_line(box, open_terminal):
    """Where libedit leaves the cursor before the line."""
    box.conf(program="sleep 100")
    box.write("editrc", "bind -v\n")
    terminal = open_terminal("-C", "conf", env={"EDITRC": box.at("editrc")})
    terminal.wait_prompt()
    terminal.send("\x1b")
    terminal.pump(0.1)
    terminal.send("$\x1b[F$i")
    terminal.type("version")
    terminal.send("\r")
    terminal.wait_for(lambda: re.search(r"^zdaemon 1", terminal.text, re.M))
    terminal.wait_prompt()


def test_editing_switched_off_in_editrc(box, open_terminal):
    box.conf(program="sleep 100")
    box.write("editrc", "edit off\n")
    terminal = open_terminal("-C", "conf", env={"EDITRC": box.at("editrc")})
    terminal.wait_prompt()
    assert b"\x1b" not in terminal.raw
    assert terminal.run("version")[0].startswith("zdaemon ")


@pytest.mark.parametrize("keys", [
    "\x1b[", "\x1bO", "\x16", "\x12", "\x18", "\x1b[1;5", "\x11",
])
def test_half_a_key_hangs_nothing(session, keys):
    """^C brings a prompt that works, whatever was begun."""
    session.send(keys)
    session.pump(0.1)
    session.send("\x07")
    session.pump(0.1)
    session.send("\x03")
    session.pump(0.5)
    session.interrupt()
    assert session.run("version")[0].startswith("zdaemon ")
