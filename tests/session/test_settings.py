"""What an operator chooses for a session."""

import json


def listed(lines):
    """{name: (value, origin)} of what `set` lists."""
    found = {}
    for line in lines:
        name, rest = line.split(" = ")
        value, origin = rest.split("# ")
        found[name] = value.strip(), origin
    return found


def test_all_are_listed_with_value_and_origin(session):
    shown = listed(session.run("set"))
    assert shown["confirm"] == ("auto", "default")
    assert shown["timing"] == ("0.5", "default")
    assert list(shown) == sorted(shown)
    assert listed(session.run("set confirm")) == {
        "confirm": ("auto", "default")}


def test_a_change_holds_and_says_where_it_comes_from(session):
    assert session.run("set confirm 2h") == []
    assert listed(session.run("set conf")) == {
        "confirm": ("7200", "session")}
    assert session.run("notices crash") == [
        "notices crash: only what went wrong is announced above the line"]
    assert listed(session.run("notices")) == {"notices": ("crash", "session")}
    shown = json.loads("".join(session.run("set notices --json")))
    assert shown == {"settings": [{"name": "notices", "value": "crash",
                                   "origin": "session"}]}


def test_what_is_wrong_gets_the_nearest(session):
    for line, nearest in (("set notcies off", "'notices'"),
                          ("set notices crahs", "'crash'"),
                          ("notices offf", "'off'")):
        shown = session.run(line)
        assert len(shown) == 1 and shown[0].startswith("Error: "), shown
        assert nearest in shown[0]
    assert listed(session.run("notices")) == {"notices": ("all", "default")}


def test_options_of_the_command_line_are_settings(box, open_terminal):
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", "-y", "--color=never")
    shown = listed(terminal.run("set"))
    assert shown["confirm"] == ("off", "command line")
    assert shown["color"] == ("never", "command line")


def test_tab_knows_names_and_values(session):
    session.type("set not\t", "set notices")
    session.type("cr\t", "set notices crash")


def test_the_keys_of_vi_at_once(session):
    session.run("set mode vi")
    session.send("versionx\x1b")
    session.pump(0.2)
    session.send("x")
    session.wait_for(lambda: session.line == "zdaemon> version")
    session.send("0ihelp \x1b")
    session.wait_for(lambda: session.line == "zdaemon> help version")
    session.send("ccset mode em\t")
    session.wait_for(lambda: session.line == "zdaemon> set mode emacs")
    session.send("\r")
    session.wait_prompt()
    session.type("abc\x01x", "xabc")


def test_the_editrc_is_weaker_than_the_setting(box, open_terminal):
    box.conf(program="sleep 100")
    box.write("editrc", "bind -v\n")
    terminal = open_terminal("-C", "conf", env={"EDITRC": box.at("editrc")})
    terminal.run("set mode emacs")
    terminal.type("abc\x01x", "xabc")
    terminal.interrupt()
    terminal.run("set mode auto")
    terminal.send("abc\x1b")
    terminal.pump(0.2)
    terminal.send("0x")
    terminal.wait_for(lambda: terminal.line == "zdaemon> bc")
