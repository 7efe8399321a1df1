"""What can be typed on a line."""

import support


def test_a_chain_stops_at_a_failure(session):
    shown = session.run("version ; version")
    assert len(shown) == 2
    shown = session.run("nonsense ; version")
    assert not any(line.startswith("zdaemon 1") for line in shown)


def test_unknown_words_get_the_nearest(session):
    shown = session.run("restrat")
    assert "restart" in "\n".join(shown)


def test_help_glued_to_its_sign(session):
    assert session.run("?kill") == session.run("help kill")
    assert session.run("version; ?kill | head -1")[1] == "kill [-y] [SIGNAL]"


def test_pipe(session):
    assert session.run("version | sed 's/^/> /' | cat")[0].startswith(
        "> zdaemon ")


def test_pipe_into_a_program_that_reads_nothing(session):
    assert session.run("help | true") == []
    assert session.run("version")[0].startswith("zdaemon ")


def test_the_end_of_a_pipe_ends_what_feeds_it(box, session):
    box.write("log", "one\ntwo\n")
    assert session.run("logtail log | head -1") == ["one"]


def test_interrupt_ends_a_pipe(box, session):
    box.write("log", "one\n")
    session.send("logtail log | cat\r")
    session.wait_for("one")
    session.interrupt()
    support.until(lambda: not support.descendants(session.pid))


def test_into_a_file(box, session):
    assert session.run("version > 'my out'") == []
    assert box.read("my out").startswith("zdaemon ")
    session.run("version >> 'my out'")
    assert len(box.lines("my out")) == 2
    session.run("version > 'my out'")
    assert len(box.lines("my out")) == 1
    shown = session.run("version > missing/out")
    assert shown == ["unable to open 'missing/out': "
                     "No such file or directory"]
    shown = session.run("help > /dev/full")
    assert any("No space left" in line for line in shown)


def test_json_for_a_program(session):
    shown = session.run("status --json | python3 -c "
                        "'import json,sys; print(json.load(sys.stdin)"
                        "[\"state\"])'")
    assert shown == ["down"]


def test_shell_commands(box, session):
    assert session.run("!echo a   b | tr a c; echo 'x # y'") == [
        "c b", "x # y"]
    assert session.run("shell echo \"a   b\"") == ["a   b"]
    assert session.run("! pwd") == [box.path]


def test_mistakes_run_nothing(box, session):
    for line, word in (("version ; start 'x", "quote"),
                       ("version && start", "&&"),
                       ("version || start", "||"),
                       ("version |", "|"),
                       ("> out", ">")):
        shown = session.run(line)
        assert len(shown) == 1 and shown[0].startswith("Error: "), shown
        assert word in shown[0]
    assert not box.exists("zdsock")


def test_comments(session):
    assert session.run("# nothing") == []
    assert len(session.run("version # that's it")) == 1


def test_every_command_runs(box, session):
    """From the start of a program to its end."""
    shown = session.run("start")
    pid = box.pid()
    assert f"daemon process started, pid={pid}" in shown
    assert f"program running; pid={pid}" in session.run("status")[0]
    assert any("application=" in line for line in session.run("status -l"))
    assert "already running" in session.run("start")[-1]
    assert session.run("reopen_transcript") == []
    assert f"signal SIGCONT sent to process {pid}" in session.run(
        "kill CONT")[-1]
    shown = session.run("fg")
    assert any("please stop it first" in line for line in shown)
    shown = session.run("restart")
    support.until(lambda: box.pid() not in (0, pid))
    assert f"daemon process restarted, pid={box.pid()}" in shown
    assert "daemon process stopped" in session.run("stop")
    assert session.run("status")[0] == "daemon manager not running"
    session.run("start")
    session.run("shutdown")
    assert session.run("status")[0] == "daemon manager not running"
    assert any("sleep" in line for line in session.run("show program"))
    assert session.run("check") is not None
    assert session.run("version")[0].startswith("zdaemon ")
    assert session.run("help")


def test_arguments_of_start(box, open_terminal):
    box.conf(program="sleep")
    terminal = open_terminal("-C", "conf")
    terminal.run("start 100")
    assert box.status()["args"] == "['sleep', '100']"
    terminal.run("stop")
