"""What the session does to its terminal, and what is done to both."""

import os
import re
import signal
import subprocess
import time

import pyte
import pytest

import support

SHELL = "sh$"
UNBLOCK = "!python3 -c 'import os; os.set_blocking(0, False)'"


def open_shell(box, open_terminal):
    """A shell with job control, at its prompt."""
    box.conf(program="sleep 100")
    terminal = open_terminal(
        argv=["bash", "--norc", "--noprofile", "-i"],
        env={"PS1": SHELL + " ", "INPUTRC": "/dev/null",
             "ZD": box.programs.zdaemon})
    terminal.wait_prompt(SHELL)
    return terminal


@pytest.fixture
def jobs(box, open_terminal):
    """A shell with job control, in which the session runs."""
    terminal = open_shell(box, open_terminal)
    terminal.send('"$ZD" -C conf\r')
    terminal.wait_prompt()
    return terminal


# --- stopping and going on -------------------------------------------------

def test_stop_and_continue_brings_the_line_back(jobs):
    jobs.type("help kill")
    jobs.send("\x02\x02")
    jobs.wait_for(lambda: jobs.cursor[1] == len("zdaemon> help ki"))
    jobs.send("\x1a")
    jobs.wait_prompt(SHELL)
    assert "Stopped" in jobs.text
    jobs.send("fg\r")
    jobs.wait_for(lambda: jobs.line == "zdaemon> help kill")
    assert jobs.cursor[1] == len("zdaemon> help ki")
    jobs.send("X")
    jobs.wait_for(lambda: jobs.line == "zdaemon> help kiXll")


def test_stopped_from_outside(jobs):
    jobs.type("help kill")
    pid = session_of(jobs)
    os.kill(pid, signal.SIGSTOP)
    jobs.wait_prompt(SHELL)
    jobs.send("fg\r")
    jobs.wait_for(lambda: jobs.line == "zdaemon> help kill")
    jobs.send("!\r")
    jobs.wait_for("*** No help")


def session_of(terminal):
    """The session below the shell of a terminal."""
    return next(one.pid for one in support.descendants(terminal.pid)
                if one.name.startswith("zdshell"))


def test_a_waiting_command_is_stopped_and_continued(box, jobs):
    jobs.run("start")
    jobs.send("wait\r")
    support.until(lambda: jobs.cooked)
    time.sleep(0.2)
    jobs.send("\x1a")
    jobs.wait_prompt(SHELL)
    jobs.send("fg\r")
    time.sleep(0.2)
    os.kill(box.pid(), signal.SIGTERM)
    box.zd("-C", "conf", "stop")
    jobs.wait_prompt(timeout=10)


def test_stop_reaches_who_waits_for_the_session(jobs):
    """Below a script the key stops the script, too: else its shell waits for
    a session that is stopped, and nobody has the terminal."""
    jobs.send("quit\r")
    jobs.wait_prompt(SHELL)
    jobs.send("sh -c '\"$ZD\" -C conf; echo ended'\r")
    jobs.wait_prompt()
    jobs.type("help kill")
    jobs.send("\x1a")
    jobs.wait_prompt(SHELL)
    jobs.send("fg\r")
    jobs.wait_for(lambda: jobs.line == "zdaemon> help kill")


def test_stop_while_the_reader_of_a_pipe_reads_nothing(box, jobs):
    box.write("log", f"{'x' * 60}\n" * 20000)
    jobs.send("logtail --no-follow -n 100000 log | sh -c 'head -1; sleep 5'\r")
    jobs.wait_for("x" * 60)
    support.until(lambda: "pipe" in wait_channel(session_of(jobs)))
    jobs.send("\x1a")
    jobs.wait_prompt(SHELL)
    jobs.send("fg\r")
    jobs.wait_prompt(timeout=20)
    assert jobs.run("version")[0].startswith("zdaemon ")


def test_in_the_background_for_good(box, open_terminal):
    """Nobody could bring it to the foreground: it does not wait in a circle.
    It starts when the shell has taken the terminal back."""
    terminal = open_shell(box, open_terminal)
    terminal.send('((sleep 0.3; exec "$ZD" -C conf) < /dev/tty & '
                  'echo $! > pid)\r')
    support.until(lambda: box.read("pid", "").strip())
    support.until(lambda: not support.alive(int(box.read("pid"))))


def test_started_in_the_background_waits(box, open_terminal):
    terminal = open_shell(box, open_terminal)
    terminal.send('"$ZD" -C conf &\r')
    terminal.wait_for(lambda: any(
        one.state == "T" for one in support.descendants(terminal.pid)))
    terminal.send("fg\r")
    terminal.wait_prompt()
    assert terminal.run("version")[0].startswith("zdaemon ")


def test_stop_without_a_shell_to_come_back_from(session):
    """A session leader has nobody who could continue it: ^Z does nothing."""
    session.type("help")
    session.send("\x1a")
    session.pump(0.3)
    session.send(" keys")
    session.wait_for(lambda: session.line in ("zdaemon> help keys",
                                              "zdaemon> keys"))
    session.interrupt()


# --- interrupts ------------------------------------------------------------

def test_interrupt_ends_the_waiting_not_the_daemon(box, session):
    session.run("start")
    pid = box.pid()
    session.send("wait\r")
    support.until(lambda: session.cooked)
    time.sleep(0.2)
    session.interrupt()
    assert support.alive(pid)
    assert box.pid() == pid


def test_interrupt_ends_a_chain(box, session):
    session.run("start")
    session.send("wait ; version\r")
    support.until(lambda: session.cooked)
    time.sleep(0.2)
    session.interrupt()
    assert not re.search(r"^zdaemon 1", session.text, re.M)


def test_interrupt_ends_logtail(box, session):
    box.write("log", "one\ntwo\n")
    session.send("logtail log\r")
    session.wait_for("two")
    with open(box.at("log"), "a") as log:
        log.write("three\n")
    session.wait_for("three")
    session.send("\x03")
    session.wait_prompt()


# --- the end ---------------------------------------------------------------

STATES = {
    "empty": "",
    "typing": "help ki",
    "wrapped": "x" * 200,
    "search": "\x12ver",
    "listed": "\t\t",
    "chosen": "re\t\t\t",
    "explained": "kill \x1bOP",
    "paste": "\x1b[200~version",
    "quoting": "\x16",
    "meta": "\x1b",
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_told_to_end(box, session, state, number):
    """The terminal is as before, history is on disk."""
    session.run("version")
    session.send(STATES[state])
    session.pump(0.2)
    session.signal(number)
    assert session.finish() == -number
    assert session.cooked
    assert session.raw.rfind(b"\x1b[?2004l") > session.raw.rfind(
        b"\x1b[?2004h")
    folder = box.at("home", ".local", "state", "zdaemon")
    name, = os.listdir(folder)
    with open(os.path.join(folder, name)) as file:
        assert file.read() == "version\n"


def test_told_to_end_during_a_command(box, session):
    session.run("start")
    session.send("wait\r")
    support.until(lambda: session.cooked)
    time.sleep(0.2)
    session.signal(signal.SIGTERM)
    assert session.finish() == -signal.SIGTERM
    assert session.cooked
    assert box.pid()


def test_told_to_end_during_a_program(session):
    session.send("!sleep 60\r")
    support.until(lambda: session.group != session.pid)
    child = session.group
    session.signal(signal.SIGTERM)
    assert session.finish() == -signal.SIGTERM
    support.until(support.gone(child))


@pytest.mark.parametrize("keys", [
    *STATES.values(), "!sleep 60\r", "logtail conf\r", "watch 9 version\r",
    "set pager on ; help config\r", "wait\r",
])
def test_the_terminal_is_closed(box, open_terminal, keys):
    """It ends, whatever it is at, and what was typed is on disk."""
    box.conf(program="sleep 100", start_seconds=0)
    box.up("-C", "conf")
    session = open_terminal("-C", "conf", env={"PAGER": "exit 127"})
    session.run("version")
    session.send(keys)
    session.pump(0.1)
    session.hang_up()
    session.finish()
    folder = box.at("home", ".local", "state", "zdaemon")
    kept = [box.read(os.path.join(folder, name)) for name in
            os.listdir(folder)]
    assert any(text.startswith("version\n") for text in kept)
    assert box.pid()


def test_type_ahead_for_the_parent_survives(jobs):
    jobs.run("version")
    jobs.send("\x04echo for''bash\r")
    jobs.wait_for("forbash")


# --- terminals that cannot -------------------------------------------------

@pytest.mark.parametrize("term", ["dumb", "", None, "unknown", "emacs"])
def test_plain_terminals(box, open_terminal, term):
    """Plain lines, not one escape, no complaint in another's words."""
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", env={"TERM": term})
    terminal.wait_prompt()
    assert terminal.lines[0] == "program: sleep 100"
    assert terminal.run("version")[0].startswith("zdaemon ")
    assert terminal.run("")[0] == "daemon manager not running"
    terminal.send("half a line\x03")
    terminal.wait_prompt()
    terminal.send("\x04")
    assert terminal.finish() == 0
    assert b"\x1b" not in terminal.raw


@pytest.mark.parametrize("term", ["xterm-ghostty", "alacritty-new",
                                  "no-such-terminal"])
def test_a_terminal_without_an_entry(box, open_terminal, term):
    """Taken for an xterm, which is said once, dim; keys and repainting work,
    also where the line is edited in its middle and over several rows."""
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", env={"TERM": term})
    terminal.wait_prompt()
    told = f"no terminfo entry for TERM={term}: treated as xterm"
    row = terminal.lines.index(told)
    assert terminal.color("no terminfo", row) == "dim"
    assert "Tab completes" in terminal.text
    terminal.run("help kill | tail -1")
    terminal.run("version | cut -c1-7")
    terminal.send("\x1b[A\x1b[A")
    terminal.wait_for(lambda: terminal.line == "zdaemon> help kill | tail -1")
    terminal.send("\x01" + "\x1b[C" * 4)
    terminal.send("X\x1b[3~")
    terminal.wait_for(lambda: terminal.line == "zdaemon> helpXkill | tail -1")
    terminal.interrupt()
    terminal.send("y" * 100 + "\x01" + "z" * 4)
    terminal.wait_for(lambda: terminal.lines[-2:] ==
                      ["zdaemon> zzzz" + "y" * 67, "y" * 33])
    terminal.send("\x0b")
    terminal.wait_for(lambda: terminal.lines[-1] == "zdaemon> zzzz")
    assert terminal.text.count(told) == 1


def test_an_entry_that_cannot_move_its_cursor(box, open_terminal):
    """What the system knows of a terminal is believed, and the greeting
    promises no keys that do not work."""
    box.conf(program="sleep 100")
    box.write("dull.ti", "dull|prints,\n\tcols#80, bel=^G, cr=\\r, ind=\\n,\n")
    subprocess.run(["tic", "-o", box.at("terminfo"), box.at("dull.ti")],
                   check=True)
    terminal = open_terminal("-C", "conf", env={
        "TERM": "dull", "TERMINFO": box.at("terminfo")})
    terminal.wait_prompt()
    assert "Tab and Enter what fits" in terminal.text
    assert b"\x1b" not in terminal.raw


def test_plain_option(box, open_terminal):
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", "--plain")
    terminal.run("start")
    assert any("program running" in line for line in terminal.run("status"))
    assert terminal.cooked
    terminal.run("stop")
    assert b"\x1b" not in terminal.raw


def test_a_tab_lists_what_fits_on_a_plain_terminal(box, open_terminal):
    """Nothing runs, and nothing is painted."""
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", "--plain")
    terminal.wait_prompt()
    terminal.send("ver\t\r")
    terminal.wait_for("print the version of zdaemon")
    terminal.wait_prompt()
    terminal.send("version \t\r")
    terminal.wait_for("nothing more fits here")
    assert not re.search(r"^zdaemon 1", terminal.text, re.M)
    assert b"\x1b" not in terminal.raw


def test_plain_history_is_kept_too(box, open_terminal):
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", "--plain")
    terminal.run("version")
    assert terminal.run("history")[0].split() == ["1", "version"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_plain_told_to_end(box, open_terminal, number):
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", "--plain")
    terminal.wait_prompt()
    terminal.send("half")
    terminal.pump(0.1)
    terminal.signal(number)
    assert terminal.finish() == -number


def test_output_elsewhere_is_plain(box, open_terminal):
    """Standard output is a file: what is in it has no escapes."""
    box.conf(program="sleep 100")
    terminal = open_terminal(argv=["sh", "-c", '"$ZD" -C conf >out'],
                             env={"ZD": box.programs.zdaemon})
    support.until(lambda: "zdaemon> " in box.read("out", ""))
    terminal.send("version\r\x04")
    assert terminal.finish() == 0
    assert "\x1b" not in box.read("out")
    assert re.search(r"^zdaemon> zdaemon 1", box.read("out"), re.M)


# --- other programs --------------------------------------------------------

def test_a_program_gets_a_usable_terminal(session):
    shown = session.run("!stty -a")
    modes = " ".join(shown)
    for mode in ("icanon", "echo", "isig", "icrnl", "opost"):
        assert re.search(rf"(?<![-\w]){mode}\b", modes), mode


def test_a_program_has_the_terminal(session):
    """Its own process group, in the foreground, and back again."""
    session.send("!sleep 60\r")
    support.until(lambda: session.group != session.pid)
    group = session.group
    # A shell between its fork and its exec can miss a ^C.
    support.until(lambda: "sleep" in [
        one.name for one in support.descendants(session.pid)])
    assert {one.group for one in support.descendants(session.pid)} == {group}
    session.interrupt()
    assert session.group == session.pid
    assert not support.alive(group)


def test_a_program_reads_the_terminal(session):
    session.send("!read x; echo got $x\r")
    support.until(lambda: session.group != session.pid)
    session.send("hello\r")
    session.wait_for("got hello")
    session.wait_prompt()


def test_a_program_that_garbles_the_terminal(session):
    session.run("!stty raw -echo")
    assert session.run("version")[0].startswith("zdaemon ")
    modes = " ".join(session.run("!stty -a"))
    assert re.search(r"(?<![-\w])icanon\b", modes)


def test_a_change_of_the_terminal_is_kept(session):
    session.run("!stty erase ^X")
    assert "erase = ^X" in " ".join(session.run("!stty -a"))


def test_a_program_that_leaves_the_terminal_unblocked(box, session):
    """What does not fit into the terminal at once is lost to nobody."""
    session.run(UNBLOCK)
    box.write("log", "".join(f"{n:060}\n" for n in range(9000)))
    before = len(session.raw)
    session.send("logtail --no-follow -n 9000 log\r")
    time.sleep(0.5)                         # nobody reads the terminal
    session.wait_for(lambda: session.is_new_prompt(before), 20)
    assert f"{8999:060}" in session.typed
    assert session.since(before).count("\n0") == 9000


def test_a_stopped_program_is_continued(session):
    session.send("!exec sh -c 'echo ready; read x; echo got $x'\r")
    session.wait_for(lambda: "ready" in session.lines)
    child = session.group
    session.send("\x1a")
    session.wait_for(f"stopped, pid {child}; fg continues it")
    session.wait_prompt()
    assert session.group == session.pid
    assert session.run("version")[0].startswith("zdaemon ")
    session.send("fg\r")
    support.until(lambda: session.group == child)
    session.send("hello\r")
    session.wait_for("got hello")
    session.wait_prompt()


def executes(terminal, name):
    """Whether a program of that name runs; a shell that is about to start it
    cannot be stopped yet."""
    return any(one.name == name for one in support.descendants(terminal.pid))


@pytest.mark.parametrize("leave", ["\x04", "quit\r", "exit\r"])
def test_who_leaves_a_stopped_program_is_told_first(session, leave):
    """Then it ends with the session; a line in between means to stay."""
    session.send("!sleep 60\r")
    support.until(lambda: executes(session, "sleep"))
    child = session.group
    session.send("\x1a")
    session.wait_for("stopped")
    session.wait_prompt()
    warning = (f"pid {child} is stopped: fg continues it, quit or ^D once "
               "more ends it")
    for times in (1, 2):
        session.send(leave)
        session.wait_for(lambda: session.text.count(warning) == times)
        session.wait_prompt()
        if times == 1:
            session.run("version")
    assert support.alive(child)
    session.send(leave)
    assert session.finish() == 0
    support.until(support.gone(child))


def test_several_stopped_programs_and_no_question(session):
    for _ in range(2):
        session.send("!exec sleep 60\r")
        support.until(lambda: session.group != session.pid and
                      support.process(session.group).name == "sleep")
        session.send("\x1a")
        support.until(lambda: session.group == session.pid)
        session.wait_prompt()
    session.send("\x04")
    session.wait_for("2 programs are stopped: fg continues the newest, quit "
                     "or ^D once more ends them")
    session.wait_prompt()
    session.run("version")
    session.send("-y quit\r")
    assert session.finish() == 0


def test_foreground(box, open_terminal):
    """The program runs here and the prompt comes back."""
    box.conf(program="./hello one")
    box.script("hello", 'test -t 0 && echo "on a terminal: $*"; exit 3')
    terminal = open_terminal("-C", "conf")
    shown = terminal.run("fg two")
    assert "on a terminal: one two" in shown
    assert terminal.group == terminal.pid


def test_foreground_interrupted(box, open_terminal):
    box.conf(program="sleep 60")
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt()
    terminal.send("fg\r")
    support.until(lambda: terminal.group != terminal.pid)
    terminal.interrupt()
    assert terminal.run("version")[0].startswith("zdaemon ")


def test_foreground_stopped_and_continued(box, open_terminal):
    box.conf(program="sleep 60")
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt()
    terminal.send("fg\r")
    support.until(lambda: executes(terminal, "sleep"))
    child = terminal.group
    terminal.send("\x1a")
    terminal.wait_for("stopped")
    terminal.wait_prompt()
    terminal.send("fg\r")
    support.until(lambda: terminal.group == child)
    terminal.interrupt()
    assert not support.alive(child)


def test_foreground_stopped_from_outside(box, open_terminal):
    box.conf(program="sleep 60")
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt()
    terminal.send("fg\r")
    support.until(lambda: executes(terminal, "sleep"))
    child = terminal.group
    os.kill(child, signal.SIGSTOP)
    terminal.wait_for(f"stopped, pid {child}; fg continues it")
    terminal.wait_prompt()
    assert terminal.run("version")[0].startswith("zdaemon ")
    terminal.send("fg\r")
    support.until(lambda: terminal.group == child)
    terminal.interrupt()
    assert not support.alive(child)


def test_foreground_killed_in_raw_mode(box, open_terminal):
    """A program that dies with the terminal in a mode of its own."""
    box.conf(program="./raw")
    box.script("raw", "stty raw -echo; echo rawness; kill -9 $$")
    terminal = open_terminal("-C", "conf")
    terminal.run("fg")
    assert "rawness" in terminal.text
    assert terminal.run("$?") == ["137 (foreground: ended by SIGKILL)"]
    terminal.run("!stty -a > modes")
    modes = box.read("modes").split()
    assert "icanon" in modes and "echo" in modes and "isig" in modes
    terminal.type("help kill")


# Cursor, insert mode, wrap, scroll region with origin mode.
LEFT_ON_SCREEN = "\\033[?25l\\033[4h\\033[?7l\\033[5;10r\\033[?6h"
# Keypad, cursor keys, mouse, focus, paste, the keyboards of kitty and xterm.
LEFT_AT_KEYS = ("\\033=\\033[?1h\\033[?1000h\\033[?1003h\\033[?1006h"
                "\\033[?1004h\\033[?2004h\\033[>1u\\033[>4;2m")


@pytest.mark.parametrize("command", ["fg", "!./leave", "version | ./leave"])
def test_what_a_program_leaves_is_put_right(box, open_terminal, command):
    """One that dies with the screen, the keys and the driver its own way."""
    box.conf(program="./leave")
    box.script("leave", "echo 1 >ran; echo one; stty raw -echo\n"
               f"printf '{LEFT_ON_SCREEN}{LEFT_AT_KEYS}'; kill -9 $$")
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt()
    before = len(terminal.raw)
    terminal.send(command + "\r")
    terminal.wait_for(lambda: terminal.is_new_prompt(before))
    assert box.read("ran") == "1\n"
    modes = terminal.screen.mode
    assert {pyte.modes.DECTCEM, pyte.modes.DECAWM} <= modes
    assert pyte.modes.IRM not in modes
    assert terminal.screen.margins is None
    after = terminal.raw[terminal.raw.rindex(b"\x1b[>4;2m"):]
    for wanted in (b"\x1b>", b"\x1b[?1l", b"\x1b[?1000l", b"\x1b[?1003l",
                   b"\x1b[?1006l", b"\x1b[?1004l", b"\x1b[<99u", b"\x1b[>4m"):
        assert wanted in after
    # The driver makes CR LF of a newline again: a program's rows are rows.
    terminal.run("!printf 'a\\nb\\n'")
    assert terminal.lines[-3:-1] == ["a", "b"]


def test_an_alternate_screen_is_left(session):
    """Where a program died in one; elsewhere the cursor stays where it is:
    what is restored was saved just before."""
    session.run("!printf '\\033[?1049h'")
    left = session.raw[session.raw.rindex(b"\x1b[?1049h"):]
    assert b"\x1b7\x1b[?1049l" in left
    session.run("!echo below")
    assert session.lines[-2] == "below"


def test_the_console_is_not_sent_what_it_prints(box, open_terminal):
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", env={"TERM": "linux"})
    terminal.run("!true")
    assert b"\x1b[?25h" in terminal.raw
    assert not re.search(rb"\x1b\[[<=>]", terminal.raw)


def test_foreground_offers_the_transcript_of_a_daemon(box, open_terminal):
    box.conf(program="./talk", transcript="out")
    box.script("talk", "echo from the daemon; exec sleep 100")
    box.up("-Cconf")
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt()
    terminal.send("fg\r")
    terminal.wait_for("follow its transcript instead? [y/N]")
    terminal.send("n")
    terminal.wait_prompt()
    assert "from the daemon" not in terminal.text
    terminal.send("fg\r")
    terminal.wait_for(lambda: terminal.line.endswith("[y/N]"))
    terminal.send("y")
    terminal.wait_for("from the daemon")
    terminal.send("\x03")
    terminal.wait_for("[followed 1 lines")
    terminal.wait_prompt()
    # nobody is asked in a batch
    result = box.zd("-Cconf", "-c", "fg")
    assert result.status == 1 and "y/N" not in result.all


def test_an_interactive_shell(session):
    session.send("!\r")
    support.until(lambda: session.group != session.pid)
    session.send("echo in''side; exit\r")
    session.wait_for("inside")
    session.wait_prompt()


@pytest.mark.strace
def test_one_write_for_a_key(box, session):
    """Counted by strace."""
    with open(box.at("trace"), "wb") as trace:
        tracer = subprocess.Popen(
            ["strace", "-p", str(session.pid), "-e", "trace=write"],
            stderr=trace)
        try:
            support.until(lambda: "attached" in box.read("trace"))
            for n, key in enumerate("help"):
                session.type(key, "help"[:n + 1])
        finally:
            tracer.terminate()
            tracer.wait()
    writes = [line for line in box.lines("trace")
              if line.startswith("write(1")]
    assert len(writes) == 4, writes


def test_a_signal_costs_no_output(session):
    """Not even when it comes while a slow terminal is written to."""
    session.run("set pager off")
    session.send(" ; ".join(["help config"] * 20) + "\r")
    support.until(lambda: "tty_w" in wait_channel(session.pid) or
                  "wait_woken" in wait_channel(session.pid))
    session.resize(24, 79)
    time.sleep(0.1)
    session.resize(24, 80)
    session.wait_for(lambda: session.typed.count("arbitrary-fields") == 20)
    session.wait_prompt()
    assert "unable to write" not in session.typed


def test_an_interrupt_while_nobody_reads(box, session):
    """Only the write notices: the chain ends, and nothing is wrong."""
    box.write("file", "version\nversion\n")
    session.run("set pager off")
    session.send(" ; ".join(["help config"] * 20) + "\r")
    support.until(lambda: "tty_w" in wait_channel(session.pid) or
                  "wait_woken" in wait_channel(session.pid))
    before = len(session.raw)
    os.kill(session.pid, signal.SIGINT)
    session.wait_for(lambda: session.is_new_prompt(before))
    assert session.typed.count("arbitrary-fields") < 20
    assert len(session.run("source file")) == 2
    assert "unable to write" not in session.typed


def wait_channel(pid):
    """Where in the system a process sleeps."""
    with open(f"/proc/{pid}/wchan") as channel:
        return channel.read()
