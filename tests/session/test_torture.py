"""Keys without sense: whatever is pressed, in whatever order and however fast,
the session neither crashes nor hangs."""

import itertools
import os
import random
import signal
import time

import pytest

import support

# A tenth is enough to notice; `make torture` wants all.
TORTURE = "ZD_TORTURE" in os.environ
COUNT = 20000 if TORTURE else 2000
SEEDS = [int(seed) for seed in os.environ.get("ZD_SEEDS", "").split()] or (
    range(4) if TORTURE else [5])
CHECKED = 500               # keys between looks whether it still works

CONTROLS = [bytes([c]) for c in range(32) if c != 4]
SEQUENCES = [b"\x1b" + rest for rest in (
    b"[A", b"[B", b"[C", b"[D", b"[F", b"[H", b"[Z", b"[1~", b"[3~", b"[4~",
    b"[5~", b"[6~", b"[200~", b"[201~", b"[1;5C", b"[1;5D", b"[15~", b"[[A",
    b"OA", b"OB", b"OC", b"OD", b"OF", b"OH", b"OP", b"[", b"O", b"",
    b"[9999999999C", b"[;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;m",
    b"]0;title\x07", b"[?1;2c", b"[12;40R", b"[<0;3;4M", b"[M !!", b"f", b"b",
    b"d", b"u", b"l", b"c", b"t", b".", b"\x7f", b"\x1b", b"\x1b[A")]
PASTES = [b"\x1b[200~" + text + b"\x1b[201~" for text in (
    b"", b"version", b"status\nversion\n", b"a\r\n\tb\x03\x04\x1b[A c",
    b"\xff\xfe\x00\x9f", "日本語 é\n".encode() * 20, b"x" * 3000)]
TEXTS = [text.encode() for text in (
    "é", "日本語", "e\u0301", "\u200b", "\U0001f600", "\u202e", "\x9b31m",
    "xyzzy " * 30)] + [b"\xff", b"\xc3", b"\xe6\x97", b"\xc2\x86", b"\xf8\x88"]
# What changes nothing outside of the folder.  Without ! and |: nothing is
# made of keys without sense that a shell is to run.
LINES = [line.encode() for line in (
    "version", "status", "status -l", "help", "help keys", "help kill",
    "show", "show program", "history", "history v", "logtail log", "events",
    "watch 0.1 version", "kill HUP", "start", "stop", "restart", "set",
    "set mode vi", "set mode emacs", "set notices crash", "set notices all",
    "alias a = version ; a", "a", "unalias a", "nonsense", "kill ", "st", "re",
    "help ki", "notices off", "notices all", "set color never", "reload",
    "set color auto", "fg", "wait", "version ; version", "'open", "!!", "$?",
    "version > out", "source lines", "rotate", "help codes ; help config")]
LETTERS = [bytes([c]) for c in b"abcdefghijklmnoprstuvwxyz0123456789 -=;?'\"\\#$"]
KEYS = [(LETTERS, 40), (SEQUENCES, 15), (CONTROLS, 12), ([b"\t"], 8),
        (LINES, 8), ([b"\r"], 6), ([b"\x7f"], 4), (TEXTS, 3), ([b"\x03"], 2),
        (PASTES, 2), ([b"\x1b"], 2), ([b"\x12"], 2), ([b"q", b"n"], 2)]


class Torturer:
    """Presses keys at a session, and opens the next when one was left."""

    def __init__(self, box, start, seed):
        self.box, self.start, self.chosen = box, start, random.Random(seed)
        self.pressed = []
        self.terminal = None

    def open(self):
        self.terminal = self.start(
            "-C", "conf", env={"PAGER": "exit 127", "HOSTILE": "\x1b[31m\x9b"})
        self.terminal.wait_prompt()

    def press(self, keys):
        self.pressed.append(keys)
        try:
            self.terminal.send(keys)
        except OSError:
            pass            # it has just left

    def read(self, seconds):
        """Takes what is drawn, which nobody looks at."""
        terminal = self.terminal
        screen, terminal.stream = terminal.stream, self
        try:
            while not terminal.closed and terminal.read(seconds):
                seconds = 0
        finally:
            terminal.stream = screen
            terminal.raw = terminal.raw[-4000:]

    def feed(self, data):
        pass

    def has_left(self):
        if not self.terminal.closed and not self.terminal.ended():
            return False
        # Before it is there and after it has left they are signals.
        assert self.terminal.finish() in (0, -signal.SIGINT, -signal.SIGQUIT)
        return True

    def step(self):
        kinds, weights = zip(*KEYS)
        kind, = self.chosen.choices(kinds, weights)
        self.press(self.chosen.choice(kind))
        if self.chosen.random() < 0.2:
            self.read(0.002)
        if self.chosen.random() < 0.004:
            self.terminal.resize(self.chosen.choice([3, 8, 12, 24, 50]),
                                 self.chosen.choice([5, 20, 40, 80, 200]))
        if self.chosen.random() < 0.002:
            self.box.zd("-C", "conf", "kill", "KILL")
        if self.has_left():
            self.open()

    def end_programs(self):
        """A shell is not left with ^C, and the kernel lets none through
        behind 4096 bytes that nobody reads."""
        below = support.descendants(self.terminal.pid)
        # Not a supervisor on its way into the background, nor its program.
        spared = {one.pid for boss in below if support.is_zdrun(boss)
                  for one in [boss, *support.descendants(boss.pid)]}
        for one in below:
            if one.pid not in spared:
                support.signal_quietly(one.pid, signal.SIGKILL)
        support.signal_quietly(self.terminal.pid, signal.SIGINT)

    def check(self):
        """A line that is typed now is obeyed."""
        mark = "mark%d" % self.chosen.randrange(10 ** 9)
        # Thousands of keys may be on their way, and lines among them.
        deadline = time.monotonic() + 15 * support.SLOW
        for tries in itertools.count():
            # Out of ^S, a paste, a search, a question, the pager, a program.
            for keys in (b"\x11", b"\x1b[201~", b"\x07", b"\x03", b"q", b"\x03",
                         b"\x15", b"\x03"):
                self.press(keys)
                self.read(0.05)
            if tries > 1:
                self.end_programs()
            if self.has_left():
                self.open()
            self.press(f"help {mark}\r".encode())
            for _ in range(10):
                self.read(0.1)
                if f"No help on {mark}".encode() in self.terminal.raw:
                    return
            assert time.monotonic() < deadline, (
                f"it hangs: {support.process(self.terminal.pid)}, above "
                f"{support.descendants(self.terminal.pid)}, "
                f"{len(self.terminal.raw)} {self.terminal.raw!r}")


@pytest.mark.parametrize("seed", SEEDS)
def test_random_keys(box, open_terminal, seed):
    box.conf(program="sleep 100", transcript="log", start_seconds=0)
    box.write("log", b"one\n\x1b[31mtwo\xff\n" * 30)
    box.write("lines", "version\nstatus\n")
    torturer = Torturer(box, open_terminal, seed)
    torturer.open()
    try:
        for count in range(COUNT):
            torturer.step()
            if count % CHECKED == CHECKED - 1:
                torturer.check()
    except BaseException:
        print(f"seed {seed}, {len(torturer.pressed)} keys; the last:",
              *torturer.pressed[-300:], torturer.terminal.raw, sep="\n")
        raise
