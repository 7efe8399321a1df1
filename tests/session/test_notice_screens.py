"""What happens is told above the line in every state of it, and drawn in two
ways: the session computes where its line stands, by-key.c lets libedit clear
it.  Both must leave the same screen, to the last colour and the cursor."""

import os

import pytest

import support

BY_KEY = os.path.join(os.environ.get("ZDAEMON_BUILD", ""),
                      "tests/session/by-key")
STATES = {
    "nothing": "",
    "short": "help ki",
    "middle": "help kill\x02\x02\x02",
    "ghost": "vers",
    "unknown": "nonsense here",
    "wrapped": "help " + "x" * 120,
    "wrapped, at its beginning": "help " + "x" * 120 + "\x01",
    "wrapped, in its middle": "x" * 200 + "\x01" + "\x06" * 90,
    "wide": "start 日本語 é\x02\x02",
    "wide, wrapped": "start " + "日本語é" * 16 + "\x02\x02\x02",
    "a full row": "{full}",
    "control characters": "a\x16\x01b\x16\x02\x02",
    "menu": "re\t\t",
    "menu, chosen": "re\t\t\t\t",
    "help": "kill \x1bOP",
    "hint": "version x\t",
    "search": "\x12vers",
    "search, wrapped": "x" * 100 + "\x12vers",
    "paste": "\x1b[200~version\nhelp codes\n\x1b[201~",
}
SIZES = [(24, 80), (12, 60), (8, 40)]


def image(terminal):
    """Each cell with its colours, and the cursor."""
    screen = terminal.screen
    return terminal.cursor, [
        [screen.buffer[y][x] for x in range(screen.columns)]
        for y in range(screen.lines)]


class Both:
    """Two sessions at the same program, each drawing in its way."""

    def __init__(self, box, *terminals):
        self.box, self.terminals = box, terminals

    def send(self, keys):
        for terminal in self.terminals:
            terminal.send(keys)

    def await_same(self, state, *told):
        """Waits until both show what was told, and the same."""
        first, second = self.terminals
        starts = [len(terminal.raw) for terminal in self.terminals]

        def same():
            for terminal in self.terminals:
                while terminal.read(0.015):
                    pass
            return image(first) == image(second) and all(
                word.encode() in terminal.raw[start:] for word in told
                for terminal, start in zip(self.terminals, starts))

        try:
            support.until(same)
        except AssertionError:
            raise AssertionError(
                f"{state}: not the same\n{first!r}\n{second!r}") from None

    def stir(self, count):
        """Makes something happen; what will be told of it."""
        command, *told = [("stop", "sleep stopped"), ("start", "sleep started"),
                          ("kill CONT", "sent CONT")][count % 3]
        self.box.zd("-C", "conf", *command.split())
        return told


@pytest.mark.parametrize("rows, cols", SIZES)
def test_both_ways_give_the_same_screen(box, open_terminal, rows, cols):
    box.conf(program="sleep 100", start_seconds=0)
    box.up("-C", "conf")
    first = open_terminal("-C", "conf")
    first.run("help codes")
    first.run("version")
    both = Both(box, *(
        open_terminal(argv=[program, "-C", "conf"], rows=rows, cols=cols)
        for program in (box.programs.zdaemon, BY_KEY)))
    both.send("\x0c")      # they were not greeted in the same second
    for terminal in both.terminals:
        terminal.wait_for(lambda: terminal.cursor == (0, 9))
    for count, (state, keys) in enumerate(STATES.items()):
        both.send(keys.format(full="x" * (2 * cols - 9)))
        both.await_same(state)
        both.await_same(state, *both.stir(count))
        both.send("y")
        both.await_same(state + ", and a key")
        both.send("\x07\x03")
        both.await_same(state + ", and ^C", "^C")
