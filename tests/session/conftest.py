"""Fixtures of the session's tests."""

import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import support                                          # noqa: E402
from terminal import Terminal                           # noqa: E402


@pytest.fixture
def open_terminal(box):
    """open_terminal(*args): zdaemon on a terminal, HOME in the box."""
    opened = []

    def start(*args, rows=24, cols=80, env=None, argv=None, home=None):
        extra = {"TERM": "xterm-256color", "PAGER": "cat",
                 **box.sanitizers()}
        extra.update(env or {})
        if home is None:
            home = box.at("home")
            os.makedirs(home, exist_ok=True)
        terminal = Terminal(argv or [*box.session(), *args], box.path,
                            support.environment(home, extra), rows, cols)
        opened.append(terminal)
        return terminal

    yield start
    for terminal in opened:
        terminal.close()


@pytest.fixture
def session(box, open_terminal):
    """A session at its first prompt, on a program that sleeps."""
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf")
    terminal.wait_prompt()
    return terminal
