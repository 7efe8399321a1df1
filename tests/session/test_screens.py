"""Whole screens with their cursor, in three sizes."""

import re

import pytest

SIZES = [(24, 80), (12, 60), (8, 40)]

# What is pressed on an empty screen, what it shows then (cut where the screen
# ends), the cursor, and whether the right prompt has room.
SCREENS = {
    "menu": ("st\t\t", """
zdaemon> st
  start   start the program as a daemon
  stop    stop the program and wait until it is gone
  status  tell whether the program is running
""", (0, 11), True),
    "chosen": ("st\t\t\t", """
zdaemon> start
> start   start the program as a daemon
  stop    stop the program and wait until it is gone
  status  tell whether the program is running
""", (0, 14), True),
    "backwards": ("st\t\t\x1b[Z", """
zdaemon> status
  start   start the program as a daemon
  stop    stop the program and wait until it is gone
> status  tell whether the program is running
""", (0, 15), True),
    "restored": ("st\t\t\t\x1b", """
zdaemon> st
""", (0, 11), True),
    "ghost": ("vers", """
zdaemon> version
""", (0, 13), True),
    "ghost taken": ("vers\x05", """
zdaemon> version
""", (0, 16), True),
    "expanded": ("unal ", """
zdaemon> unalias NAME
""", (0, 17), True),
    "nothing fits": ("version x\t", """
zdaemon> version x
nothing more fits here
""", (0, 18), True),
    "search": ("\x12vers", """
zdaemon> version
bck:vers
""", (0, 9), False),
    "an earlier line": ("\x1b[A", """
zdaemon> version
""", (0, 16), True),
    "dropped": ("stop it\x03", """
zdaemon> stop it^C
zdaemon>
""", (1, 9), True),
    "near miss": ("restrat\r", """
zdaemon> restrat
*** Unknown syntax: restrat
did you mean 'restart'?
[exit 2]
zdaemon>
""", (4, 9), True),
    "near signal": ("kill USR3\r", """
zdaemon> kill USR3
invalid signal 'USR3'
did you mean USR1 (10)?
[exit 2]
zdaemon>
""", (4, 9), True),
    "pipe": ("version | wc -l\r", """
zdaemon> version | wc -l
1
zdaemon>
""", (2, 9), True),
    "file": ("version > a file\x7f\x7f\x7f\x7f\x7f\r", """
zdaemon> version > a
zdaemon>
""", (1, 9), True),
}


@pytest.mark.parametrize("rows, cols", SIZES)
def test_screens(box, open_terminal, rows, cols):
    box.conf(program="sleep 100")
    terminal = open_terminal("-C", "conf", rows=rows, cols=cols)
    terminal.run("version")
    for name, (keys, text, cursor, right) in SCREENS.items():
        terminal.send("\x0c")
        terminal.wait_for(lambda: terminal.cursor == (0, 9))
        before = len(terminal.raw)
        terminal.send(keys)
        wanted = [line[:cols - 1] for line in text.split("\n")[1:-1]]
        try:
            terminal.wait_for(lambda: terminal.lines == wanted and
                              terminal.cursor == cursor and
                              len(terminal.raw) > before)
        except AssertionError as seen:
            raise AssertionError(f"{name}: {seen}") from None
        assert bool(terminal.right) == right, name
        terminal.send("\x07")
        terminal.interrupt()
        terminal.run("version")


# The same of a program that runs: what is pressed, what it shows with numbers
# replaced, and the right prompt.
RUNNING = {
    "question": ("stop\r", """
zdaemon> stop
stop sleep (pid N, up N s)? [y/N]
""", ""),
    "no": ("stop\rn", """
zdaemon> stop
stop sleep (pid N, up N s)? [y/N] no
not done
[exit 1]
zdaemon>
""", "sleep running"),
    "offer": ("fg\r", """
zdaemon> fg
To run the program in the foreground, please stop it first.
follow its transcript instead? [y/N]
""", ""),
}
SHOWN = (r"\bup \d+s", "up N s"), (r"\b(pid[ =])\d+", r"\1N")


def shown(lines):
    for pattern, text in SHOWN:
        lines = [re.sub(pattern, text, line) for line in lines]
    return lines


@pytest.mark.parametrize("rows, cols", SIZES)
def test_screens_of_a_running_program(box, open_terminal, rows, cols):
    box.conf("transcript out", program="sleep 100", start_seconds=0)
    box.up("-C", "conf")
    terminal = open_terminal("-C", "conf", rows=rows, cols=cols)
    terminal.wait_prompt()
    terminal.run("set confirm on")
    for name, (keys, text, right) in RUNNING.items():
        terminal.send("\x0c")
        terminal.wait_for(lambda: terminal.cursor == (0, 9))
        terminal.send(keys)
        wanted = [line[at:at + cols] for line in text.split("\n")[1:-1]
                  for at in range(0, len(line), cols)]
        try:
            terminal.wait_for(lambda: shown(terminal.lines)[:len(wanted)] ==
                              wanted and terminal.right == right)
        except AssertionError as seen:
            raise AssertionError(f"{name}: {seen}") from None
        terminal.send("\x03")
        terminal.wait_for(lambda: terminal.right)
