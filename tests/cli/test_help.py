"""Help: from the tables, fitted to the width, stable in a pipe."""

import re

import pytest


def test_the_list_names_the_other_topics(box):
    """All of them, so that who does not know of them finds them."""
    shown = " ".join(box.zd("help").out.split())
    assert shown.endswith(
        " help NAME explains a command or a configuration key; further "
        "topics: codes, config, keys, language, settings")


def test_a_key_tells_its_type_default_value_and_origin(box):
    box.write("conf", "runner {\n  program = 'sleep 1'\n"
                      "  backoff-limit = 7\n  stop-timeout = 1m30s\n}\n")
    shown = box.zd("-Cconf", "help", "backoff-limit").out
    assert re.search(r"^ +type +a whole number$", shown, re.M)
    assert re.search(r"^ +default +10$", shown, re.M)
    assert re.search(r"^ +now +7 \(conf:3\)$", shown, re.M)
    shown = box.zd("-Cconf", "help", "stop-timeout").out
    assert re.search(r"^ +now +90 \(conf:4\)$", shown, re.M)
    shown = box.zd("-Cconf", "-b", "9", "help", "backoff-limit").out
    assert re.search(r"^ +now +9 \(command line\)$", shown, re.M)
    shown = box.zd("-Cconf", "help", "transcript").out
    assert re.search(r"^ +now +not set$", shown, re.M)
    shown = box.zd("-Cconf", "help", "on-lost").out
    assert re.search(r"^ +type +one of restart stop$", shown, re.M)


def test_a_value_that_may_be_left_out_is_shown_so(zd):
    """`--color never` would run the command never."""
    assert re.search(r"^ +--color\[=WHEN\] ", zd("--help").out, re.M)


def test_every_topic_explains_itself(box):
    for topic, word in (("keys", "^R"), ("language", "a ; b"),
                        ("settings", "confirm = auto"),
                        ("confirm", "up for an hour"), ("codes", "128+N"),
                        ("config", "stop-timeout")):
        result = box.zd("help", topic)
        assert result.status == 0 and word in result.out, topic
        assert topic in box.zd("complete", "help", topic[:-1]).out or \
            topic in ("codes",)
        assert max(map(len, result.out.splitlines())) <= 80


@pytest.mark.parametrize("word, nearest", [
    ("stat", None), ("langauge", "language"), ("conifrm", "confirm"),
    ("stop-timeuot", "stop-timeout"), ("logtial", "logtail")])
def test_near_misses(box, word, nearest):
    result = box.zd("help", word)
    if nearest is None:
        assert result.status == 0 and "status" in result.out
        return
    assert result.status == 1
    told = result.err.splitlines()
    assert told[:2] == [f"*** No help on {word}", f"did you mean '{nearest}'?"]
    assert told[2].startswith("topics: ") and len(told) == 3


def test_help_works_with_a_broken_configuration(box):
    box.conf("nonsense")
    assert box.zd("-Cconf", "help", "start").status == 0
    assert "now" in box.zd("-Cconf", "help", "umask").out


def test_the_manual_knows_what_help_knows(source):
    with open(f"{source}/doc/zdaemon.1") as file:
        text = file.read()
    for word in ("Cm confirm", "Cm timing", "Ev PAGER", "zdaemon/rc",
                 "a | SHELL", "^A ^E", "Ic watch", "Ic alias"):
        assert word in text, word
