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
    assert session.run("notices crash") == []
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
