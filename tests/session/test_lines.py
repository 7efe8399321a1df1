"""Lines that hold more than commands: aliases, files, lines typed before,
the last exit status, watch."""

import os
import re
import stat

import pytest

import support


def rc(box, text, mode=0o644):
    """Writes the start-up file; its path."""
    os.makedirs(box.at("home/.config/zdaemon"), exist_ok=True)
    path = box.write("home/.config/zdaemon/rc", text)
    os.chmod(path, mode)
    return path


# --- the last exit status ----------------------------------------------------

def test_the_last_status_and_its_meaning(session):
    session.run("status")
    assert session.run("$?") == ["3 (status: not running)"]
    assert session.run("!exit 5") == []
    assert session.run("!echo $?; (exit 9); echo $?") == ["5", "9"]
    assert session.run("$?") == ["0 (shell: done)"]
    session.run("!kill -9 $$")
    assert session.run("$?") == ["137 (shell: ended by SIGKILL)"]
    session.run("nonsense")
    assert session.run("$?") == ["2 (usage or configuration)"]


def test_the_last_status_in_a_line(zd, box):
    box.conf(program="sleep 100")
    result = zd("-Cconf", "-k", input="status\n!echo $?\n!exit $?\n$?\n")
    assert result.out.splitlines()[-2:] == ["3", "0 (shell: done)"]
    result = zd("-Cconf", "-k", "-c", "status ; show $? ; version")
    assert "'3' is neither" in result.err
    assert "zdaemon 1" in result.out and result.status == 1


def test_what_went_wrong_is_told_and_what_took_long(session):
    session.run("version")
    assert session.outcome == ""
    session.run("!exit 5")
    assert session.outcome == "exit 5"
    assert "[exit 5]" in session.text
    session.run("set timing 0.1")
    session.run("!sleep 0.2")
    assert session.outcome.endswith("s") and "exit" not in session.outcome
    session.run("!sleep 0.2; exit 3")
    assert session.outcome.startswith("exit 3, ")
    session.run("set timing off")
    session.run("!sleep 0.2")
    assert session.outcome == ""


def test_nothing_of_it_in_a_batch(zd, box):
    box.conf(program="sleep 100")
    result = zd("-Cconf", "-c", "set timing 0; !exit 5")
    assert result.status == 5 and result.all == ""


# --- lines typed before ------------------------------------------------------

def test_recalled_lines_are_shown_before_they_run(session):
    session.run("!echo one")
    session.run("!echo two")
    assert session.run("!!") == ["!echo two", "two"]
    assert session.run("!1") == ["!echo one", "one"]
    session.run("version")
    shown = session.run("!! | cat ; !!")
    assert shown == ["version | cat ; version", shown[1], shown[1]]
    assert session.run("!-3") == ["!echo one", "one"]
    for mark in ("!77", "!-9223372036854775808", "!9223372036854775808"):
        assert session.run(mark) == [
            f"Error: no line to recall for '{mark}'; see history"]
    # What was recalled is what is remembered.
    shown = session.run("history")
    assert [line.split(None, 1)[1] for line in shown] == [
        "!echo two", "version", "version | cat ; version", "!echo one",
        "history"]


def test_nothing_is_recalled_in_a_batch(zd, box):
    box.conf(program="sleep 100")
    for line in ("!!", "version ; !1"):
        result = zd("-Cconf", "-c", line)
        assert result.status == 2 and result.out == ""
        assert "no line to recall" in result.err


# --- aliases -----------------------------------------------------------------

def test_aliases(session):
    assert session.run("alias two = version ; version") == []
    assert len(session.run("two")) == 2
    assert session.run("alias") == ["alias two = version ; version"]
    session.run("alias say = '!echo'")
    assert session.run("say a | tr a b ; say c") == ["b", "c"]
    session.run("alias topic = help")
    assert session.run("topic codes | head -1") == session.run(
        "help codes | head -1")
    assert session.run("unalias two say") == []
    assert session.run("alias two") == ["Error: alias: no alias 'two'"]
    # in quotes it is no alias
    assert session.run("'topic' codes")[0].startswith("*** Unknown syntax")


def test_what_an_alias_may_not_be(session):
    for line, part in (("alias stop = x", "'stop' is a command"),
                       ("alias 1 = x", "no name"),
                       ("alias x =", "no text for 'x'"),
                       ("alias x version", "no '='"),
                       ("alias x = 'version", None),
                       ("unalias nonsense", "no alias 'nonsense'")):
        shown = session.run(line)
        if part:
            assert len(shown) == 1 and part in shown[0], shown
    assert session.run("x") == ["Error: open quote at 'version"]
    assert session.run("alias stat = status -l") == [
        "'stat' no longer abbreviates the command status"]


def test_aliases_that_lead_back_end(session):
    session.run("alias a = b")
    session.run("alias b = version ; a ; version")
    shown = session.run("a")
    assert shown[1:] == ["Error: the alias a leads back to itself"]
    session.run("alias c = c")
    assert session.run("c") == ["Error: the alias c leads back to itself"]


def test_tab_offers_aliases(session):
    session.run("alias upwards = version")
    session.type("upw\t", "upwards")


# --- files of lines ----------------------------------------------------------

def test_source(box, session):
    box.write("lines", "# a comment\nversion\n\nalias v = version ; "
                       "version\r\nv\n")
    assert len(session.run("source lines")) == 3
    assert len(session.run("v")) == 2        # what it set stays
    assert all("source" not in line for line in session.run("history v "))


def test_source_of_what_never_ends_is_refused(box, session):
    """A FIFO that nobody writes to, a device: at once, and nothing hangs."""
    os.mkfifo(box.at("pipe"))
    assert session.run("source pipe") == [
        "unable to read 'pipe': it is a FIFO"]
    assert session.run("source /dev/zero") == [
        "unable to read '/dev/zero': it is a device"]


@pytest.mark.parametrize("option", ["--grep '(a|x)*c$'", "--since 10m",
                                    "-n 1000000000"])
def test_the_search_in_a_log_is_interrupted(box, session, option):
    """An expression that is slow, a file without an end to speak of."""
    if "grep" in option:
        box.write("log", f"{'a' * 16000}\n" * 400)
    else:
        box.write("log", "x\n")
        os.truncate(box.at("log"), 1 << 40)     # a hole costs nothing
    session.type(f"logtail {option} log; version")
    session.send("\r")
    support.until(lambda: session.cooked)
    session.pump(0.3)
    session.interrupt(timeout=20)
    assert "zdaemon " not in session.text


def test_source_names_the_line_that_fails(box, session):
    box.write("lines", "version\n  kill NONSENSE\nversion\n")
    shown = session.run("source lines")
    assert shown == [shown[0], "invalid signal 'NONSENSE'",
                     "lines:2: exit status 2: kill NONSENSE"]
    assert session.run("source missing") == [
        "unable to read 'missing': No such file or directory"]
    assert session.run("source .") == ["unable to read '.': it is a directory"]
    box.write("bytes", b"version\0version\n")
    assert session.run("source bytes") == [
        "unable to read 'bytes': it is no text"]


def test_source_in_a_batch_and_going_on(box, zd):
    box.conf(program="sleep 100")
    box.write("lines", "kill\nversion\n")
    result = zd("-Cconf", "-c", "source lines")
    assert result.status == 1 and "zdaemon 1" not in result.out
    assert "lines:1: exit status 1: kill" in result.err
    result = zd("-Cconf", "-k", "-c", "source lines; version")
    assert result.status == 1 and result.out.count("zdaemon 1") == 2


def test_files_that_run_each_other_end(box, session):
    box.write("again", "source again\n")
    shown = session.run("source again")
    assert shown[0] == ("Error: source: 'again': files run each other more "
                        "than 8 deep")
    assert len(shown) == 9


def test_settings_say_which_line_set_them(box, session):
    box.write("lines", "\nset confirm off\n")
    session.run("source lines")
    assert session.run("set confirm")[0].endswith("# lines:2")


def test_startup_file(box, open_terminal):
    path = rc(box, "alias v = version\nset notices crash\nnonsense\n"
                   "alias w = version\n")
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt()
    assert terminal.text.replace("\n", "").count(
        f"{path}:3: exit status 2: nonsense") == 1
    assert terminal.run("set notices")[0].endswith(f"# {path}:2")
    assert len(terminal.run("v ; w")) == 2


def test_no_startup_file_no_word(box, session):
    assert "start-up" not in session.text
    assert not os.path.exists(box.at("home/.config"))


def test_a_startup_file_of_others_is_refused(box, open_terminal):
    path = rc(box, "alias v = version\n", 0o666)
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt()
    assert "can be written by everybody" in terminal.text.replace("\n", " ")
    assert terminal.run("alias") == []
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o666
    if os.geteuid() != 0:
        return
    os.chmod(path, 0o644)
    os.chown(path, 65534, -1)
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt()
    assert "another user" in terminal.text


def test_no_startup_file_in_a_batch(box, zd):
    rc(box, "nonsense\n")
    box.conf(program="sleep 100")
    result = zd("-Cconf", "-c", "version", home=box.at("home"))
    assert result.status == 0 and result.err == ""


# --- watch -------------------------------------------------------------------

def frame(terminal):
    """The rows from the newest header on."""
    lines = terminal.lines
    tops = [i for i, line in enumerate(lines) if "any key ends" in line]
    return lines[tops[-1]:]


def test_watch_paints_in_one_place(box, session):
    box.write("n", "0\n")
    session.send("watch 0.1 !n=$(($(cat n)+1)); echo $n | tee n; "
                 "seq $((n % 5))\r")
    session.wait_for(lambda: int(box.read("n") or 0) > 8, timeout=10)
    session.send("q")
    session.wait_prompt()
    assert session.text.count("any key ends") == 1
    rows = frame(session)
    count = int(rows[1])
    assert rows[2:-1] == [str(i + 1) for i in range(count % 5)]


def test_watch_hears_what_happens(box, session):
    session.send("watch 600 status\r")
    session.wait_for("any key ends")
    session.wait_for("daemon manager not running")
    session.send("\x03")
    session.wait_prompt()
    session.run("start")
    session.send("watch 600 status\r")
    session.wait_for(lambda: "program running" in "\n".join(frame(session)))
    os.kill(box.pid(), 9)
    session.wait_for(lambda: "restarts" in "\n".join(frame(session)) or
                     f"pid={box.pid()}" not in "\n".join(frame(session)),
                     timeout=10)
    session.send(" ")
    session.wait_prompt()
    session.run("stop")


def test_watch_fits_the_screen(box, open_terminal):
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", rows=8, cols=40)
    terminal.wait_prompt()
    terminal.send("watch 5 !seq 100; echo " + "x" * 60 + "\r")
    terminal.wait_for("... 96 more lines")
    assert frame(terminal)[1:] == ["1", "2", "3", "4", "5",
                                   "... 96 more lines"]
    terminal.send("q")
    terminal.wait_prompt()


def test_watch_refuses(session):
    for line, part in (("watch stop", "stop does more than look"),
                       ("watch fg", "foreground does more than look"),
                       ("watch", "COMMAND is missing"),
                       ("watch 2", "COMMAND is missing"),
                       ("watch 0.01 status", "0.1 s"),
                       ("watch 2x status", "no duration"),
                       ("watch nonsense", "Unknown syntax"),
                       ("watch watch status", "watch does more")):
        shown = session.run(line)
        assert part in "\n".join(shown), shown


def test_watch_makes_hostile_bytes_visible(session):
    session.send("watch 5 !printf 'a\\033[31mb\\007c\\n'\r")
    session.wait_for("a^[[31mb^Gc")
    session.send("q")
    session.wait_prompt()


def test_watch_in_a_batch(zd, box):
    box.conf(program="sleep 100")
    result = zd("-Cconf", "-c", "watch status")
    assert result.status == 1
    assert "only at a terminal" in result.err


@pytest.mark.parametrize("args", [["--plain"], []])
def test_watch_without_repainting(box, open_terminal, args):
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", *args,
                             env={} if args else {"TERM": "dumb"})
    terminal.wait_prompt()
    terminal.send("watch 0.1 version\r")
    terminal.wait_for(lambda: terminal.text.count("any key ends") >= 3)
    terminal.send("q")
    terminal.wait_prompt()
    assert b"\x1b" not in terminal.raw


def test_told_to_end_while_watching(session):
    session.send("watch 600 version\r")
    session.wait_for("zdaemon 1")
    session.signal(15)
    assert session.finish() == -15
    assert session.cooked


# --- history -----------------------------------------------------------------

def test_history_is_cleared_and_limited(box, session):
    session.run("version")
    session.run("history -c")
    assert session.run("history") == ["    3  history"]
    session.run("set history 2")
    for word in ("codes", "keys", "config"):
        session.run(f"help {word} > x")
    shown = session.run("history")
    assert [re.sub(r"^ *\d+  ", "", line) for line in shown] == [
        "help config > x", "history"]
    session.run("set history 0")
    session.run("version")
    assert session.run("history") == []


def test_an_unknown_command_leads_on(session):
    assert session.run("xyzzy") == ["*** Unknown syntax: xyzzy",
                                    "help lists the commands"]
    assert session.run("restrat") == ["*** Unknown syntax: restrat",
                                      "did you mean 'restart'?"]
    assert session.run("show trans")[0].endswith(
        "; did you mean 'transcript'?")


@pytest.mark.parametrize("line", ["# only a comment", " # so is this"])
def test_a_line_that_runs_nothing_has_no_outcome(session, line):
    session.run("xyzzy")
    assert session.outcome == "exit 2"
    assert session.run(line) == [] and session.outcome == ""
    assert session.run("!test $? = 2") == [] and session.outcome == ""


def test_what_is_known_from_elsewhere(box, session):
    """As tail(1) has it, as the list of settings is written, and --help
    behind a command; a signal as for kill(1) is understood."""
    box.write("log", "one\n")
    session.run("start")
    pid = box.pid()
    assert session.run("kill -9") == ["invalid signal '-9'",
                                      "did you mean KILL (9)?"]
    assert session.run("kill -hup")[1] == "did you mean HUP (1)?"
    assert session.run("kill -NONSENSE") == ["invalid signal '-NONSENSE'"]
    session.send("logtail -f log\r")
    session.wait_for("q back")
    session.send("q")
    session.wait_prompt()
    session.run("set confirm=off")
    assert session.run("set confirm")[0].startswith("confirm = off")
    assert session.run("set nonsense=off")[0].startswith("Error: no setting")
    assert session.run("stop --help")[0] == "stop [-y]"
    assert box.pid() == pid
