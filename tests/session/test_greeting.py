"""How a session begins and ends."""

import os
import re
import signal

import pytest

import support


def test_greeting(box, open_terminal):
    """As zdaemon's shell: the program, the status, the prompt."""
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt()
    assert terminal.lines[0] == "program: sleep 100"
    assert terminal.lines[1] == "daemon manager not running"
    assert terminal.lines[-1] == "zdaemon>"


def test_greeting_on_a_running_program(box, open_terminal):
    box.conf(program="sleep 100")
    pid = box.up("-C", "conf")
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt()
    assert f"program running; pid={pid}" in terminal.lines
    assert re.fullmatch(r"  state +(up|starting) \d+s, 0 restarts",
                        terminal.lines[2])
    assert terminal.lines[3].split() == ["config", "conf"]
    assert terminal.lines[4] == ("Tab completes, F1 explains, help lists, "
                                 "^D leaves; the program keeps running")
    assert terminal.lines[5:] == ["zdaemon>"]


@pytest.mark.parametrize("cols, hint", [
    (80, "start brings it up; Tab completes, F1 explains, help lists, "
         "^D leaves"),
    (60, "start brings it up; Tab completes, F1 explains, ^D leaves"),
    (50, "start brings it up; Tab, F1, help, ^D leaves"),
    (40, "zdaemon>")])
def test_the_greeting_is_fitted_to_the_width(box, open_terminal, cols, hint):
    """And says what to do about a program that is down."""
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", cols=cols)
    terminal.wait_prompt()
    assert terminal.lines[3] == hint


def append(path, text):
    with open(path, "a") as log:
        log.write(text)


def test_the_greeting_knows_what_is_new_in_the_log(box, open_terminal):
    box.conf("program sleep 100", "logfile log")

    def greeted():
        terminal = open_terminal("-C", "conf")
        terminal.wait_prompt()
        line, = [line.split(None, 1)[1] for line in terminal.lines
                 if line.startswith("  log ")] or [None]
        return terminal, line

    terminal, line = greeted()
    assert line is None                     # there is no log yet
    terminal.send("\x04")
    terminal.finish()
    box.write("log", "one\n")
    terminal, line = greeted()
    assert line == "log"                    # nothing to compare with
    append(box.at("log"), "two\n")
    terminal.send("\x04")
    terminal.finish()
    append(box.at("log"), "three\nfour\n")
    terminal, line = greeted()
    assert line == "log, 2 new lines since the last session"
    terminal.signal(signal.SIGKILL)         # its greeting has told
    terminal.finish()
    append(box.at("log"), "five\n")
    terminal, line = greeted()
    assert line == "log, 1 new line since the last session"
    terminal.send("\x04")
    terminal.finish()
    os.rename(box.at("log"), box.at("log.1"))
    box.write("log", "six\nseven\n")
    _, line = greeted()
    assert line == "log, 2 lines, begun anew since the last session"


def test_what_is_new_in_the_log_fits_a_narrow_row(box, open_terminal):
    """Where it does not, since when goes without saying."""
    box.conf("program sleep 100", "logfile log")
    box.write("log", "one\n")
    for cols, wanted in ((40, "log, 1 new line"),
                         (54, "log, 1 new line since the last session")):
        terminal = open_terminal("-C", "conf", cols=80)
        terminal.wait_prompt()
        terminal.send("\x04")
        terminal.finish()
        append(box.at("log"), "two\n")
        terminal = open_terminal("-C", "conf", cols=cols)
        terminal.wait_prompt()
        assert f"  log         {wanted}" in terminal.lines


def test_a_big_log_is_not_counted_to_its_end(box, open_terminal):
    box.conf("program sleep 100", "logfile log")
    box.write("log", "")
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt()
    terminal.send("\x04")
    terminal.finish()
    box.write("log", "x\n" * (3 << 20))
    terminal = open_terminal("-C", "conf")
    terminal.wait_for(f"more than {2 << 20} ")


def test_words_on_the_command_line_come_first(box, open_terminal):
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", "-i", "version")
    terminal.wait_prompt()
    assert terminal.lines[0].startswith("zdaemon ")
    assert terminal.lines[1] == "program: sleep 100"


def test_without_a_program(box, open_terminal):
    terminal = open_terminal("-s", "zdsock")
    terminal.wait_prompt()
    assert terminal.lines[0] == "daemon manager not running"
    assert terminal.lines[1].startswith("reload -C FILE names a program; ")
    shown = terminal.run("start")
    assert shown[0].startswith("Error: no program specified")
    assert shown[1].startswith("reload -C FILE reads a configuration")


def test_a_blank_line_is_status(session):
    assert session.run("")[0] == "daemon manager not running"
    assert session.run("   ")[0] == "daemon manager not running"


def test_broken_configuration(box, open_terminal):
    """The session opens, says what is wrong, and can mend it."""
    box.conf("program sleep 100", "umaks 022")
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt()
    assert "conf:3" in terminal.text
    assert "umask" in terminal.text
    assert "The session is open" in terminal.text
    terminal.wait_for(lambda: terminal.right == "sleep not configured")
    assert any("conf:3" in line for line in terminal.run("start"))
    assert any("usage" in line or "check" in line
               for line in terminal.run("help check"))
    box.conf("program sleep 100", "umask 022")
    assert terminal.run("reload") == ["Configuration reloaded from conf"]
    assert terminal.run("status")[0] == "daemon manager not running"
    terminal.wait_for(lambda: terminal.right == "sleep down")


def test_missing_configuration(box, open_terminal):
    terminal = open_terminal("-C", "missing")
    terminal.wait_prompt()
    assert "missing" in terminal.text
    terminal.send("\x04")
    assert terminal.finish() == 0


def test_reload(box, session):
    """zdaemon's three messages."""
    box.conf(program="sleep 200")
    assert session.run("reload") == ["Configuration reloaded from conf"]
    assert any("sleep 200" in line or '"200"' in line
               for line in session.run("show program"))
    box.write("conf", "<runner>\n  nonsense\n")
    shown = session.run("reload")
    assert shown[-1] == "Configuration not reloaded"
    assert any("conf:" in line for line in shown[:-1])
    assert any("200" in line for line in session.run("show program"))
    assert session.run("reload --nonsense")[-1] == "Configuration not reloaded"
    assert session.run("reload words")[-1] == "Configuration not reloaded"
    box.conf(program="sleep 300", name="other")
    assert session.run("reload -C other") == [
        "Configuration reloaded from other"]
    assert any("300" in line for line in session.run("show program"))
    assert session.run("reload -p 'sleep 400'") == [
        "Configuration reloaded from other"]
    assert any("400" in line for line in session.run("show program"))


def test_reload_beside_a_supervisor(box, open_terminal):
    """It has nothing of it, and that is said."""
    box.conf(program="sleep 100")
    box.up("-C", "conf")
    terminal = open_terminal("-C", "conf")
    terminal.wait_for(lambda: terminal.right == "sleep running")
    assert terminal.run("reload") == [
        "Configuration reloaded from conf",
        "the supervisor keeps what it was started with; shutdown and start "
        "apply this"]
    assert terminal.run("reload -s other")[1] == (
        f"the supervisor at '{box.at('zdsock')}' runs on, "
        "out of this session")
    assert terminal.run("reload -s other") == [
        "Configuration reloaded from conf"]


def test_reload_without_a_file(open_terminal):
    terminal = open_terminal("-p", "sleep 100")
    terminal.wait_prompt()
    assert terminal.run("reload") == [
        "Configuration reloaded without a config file"]


def test_quit_without_a_manager(session):
    session.send("quit\r")
    assert session.finish() == 0
    assert session.lines[-1] == "daemon manager not running"


def test_quit_leaves_the_program_alone(box, session):
    pid = box.up("-C", "conf")
    session.send("quit\r")
    assert session.finish() == 0
    assert session.lines[-1] == (
        "daemon process and daemon manager still running")
    assert support.alive(pid)


def test_quit_ends_an_idle_manager(box, open_terminal):
    box.conf(program="sleep 100", hang_around="true")
    box.up("-C", "conf")
    manager = box.manager()
    terminal = open_terminal("-C", "conf")
    terminal.run("stop")
    assert support.alive(manager)
    terminal.send("quit\r")
    assert terminal.finish() == 0
    assert terminal.lines[-2:] == [
        "daemon process not running; stopping daemon manager",
        "daemon manager stopped"]
    support.until(support.gone(manager))


def test_end_of_file_leaves(box, session):
    pid = box.up("-C", "conf")
    session.send("\x04")
    assert session.finish() == 0
    assert support.alive(pid)
    assert session.cooked


def test_end_of_file_on_half_a_line_does_not(session):
    session.type("stat")
    session.send("\x04")
    session.type("us", "status")
    session.send("\r")
    session.wait_prompt()
    assert session.text.count("daemon manager not running") == 2


def test_the_program_survives_the_session(box, session):
    session.run("start")
    pid = box.pid()
    assert pid
    session.signal(signal.SIGKILL)
    session.finish()
    session.hang_up()
    assert support.alive(pid)
    assert box.pid() == pid


def test_prompt_key(box, open_terminal):
    box.conf("program sleep 100", "prompt sitectl>")
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt("sitectl>")


def test_prompt_escapes(box, open_terminal):
    box.conf("program /bin/sleep 100", "prompt %n %s %p 100%% %x>")
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt("sleep down - 100% %x>")
    terminal.send("start\r")
    terminal.wait_for(lambda: terminal.line ==
                      f"sleep up {box.pid()} 100% %x>")


def test_hostile_prompt(box, open_terminal):
    box.write("conf", b"<runner>\n program sleep 100\n prompt a\x1b[2Jb>\n"
                      b"</runner>\n")
    terminal = open_terminal("-C", "conf")
    terminal.wait_for(lambda: terminal.line == "a^[[2Jb>" or
                      "conf:3" in terminal.text)
    assert b"\x1b[2J" not in terminal.raw


def test_home_is_missing(box, open_terminal):
    """No place for the history: said once, nothing else is lost."""
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", env={"HOME": "/dev/null"})
    terminal.wait_prompt()
    assert terminal.text.count("history is not kept") == 1
    assert terminal.run("version")[0].startswith("zdaemon ")
    terminal.run("version")
    assert terminal.text.count("history is not kept") == 1


def test_a_log_that_only_the_start_up_file_brings(box, open_terminal):
    """Nothing is known yet of how far it was seen."""
    box.conf("program sleep 100", name="one")
    box.conf("program sleep 100", "logfile log", name="other")
    box.write("log", "line\n")
    os.makedirs(box.at("home", ".config", "zdaemon"))
    box.write("home/.config/zdaemon/rc", "reload -C other\n", 0o600)
    terminal = open_terminal("-C", "one")
    terminal.wait_prompt()
    assert "log         log" in terminal.text


def test_no_descriptor_is_leaked(box, session):
    """What the session starts gets 0, 1, 2."""
    shown = session.run("!ls /proc/self/fd | wc -l")
    assert int(shown[0]) == 4          # and the one of ls itself
    assert sorted(support.descriptors(session.pid)) [:3] == [0, 1, 2]


def test_help_option_needs_no_terminal(box):
    result = box.run([box.programs.zdshell, "--help"])
    assert result.status == 0 and "usage" in result.out.lower()
    result = box.run([box.programs.zdshell, "--version"])
    assert result.status == 0 and result.out.startswith("zdaemon ")
    result = box.run([box.programs.zdshell, "--nonsense"])
    assert result.status == 2 and result.err.startswith("Error: ")


def test_history_file_belongs_to_the_configuration(box, session):
    session.run("version")
    folder = box.at("home", ".local", "state", "zdaemon")
    names = os.listdir(folder)
    assert len(names) == 1 and names[0].startswith("conf-")
    assert os.stat(os.path.join(folder, names[0])).st_mode & 0o777 == 0o600
