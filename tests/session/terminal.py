"""A terminal for tests: a program on a pty whose output a pyte screen draws."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

import pyte

import support

PROMPT = "zdaemon>"
OUTCOME = re.compile(r"(?:\x1b\[\d+m)?\[((?:exit \d+)?(?:, )?"
                     r"(?:[\d.]+[smhd] ?)*)\](?:\x1b\[m)?")
RIGHT = re.compile(r" {2,}\S+ (running( unsupervised| \w+( \w+)?)?|retrying|"
                   r"retry in \w+( \w+)?|starting|stopping|down|ended|"
                   r"gave up|out of reach|unknown|not configured)$")
ESCAPE = re.compile(r"\x1b(\[[<=>?]?[0-9;]*[a-zA-Z]|[78>]|[()]B)|[\r\x0f]")
# What pyte would print: the protocols of keyboards, and the beginning of one.
PRIVATE = re.compile(rb"\x1b\[[<=>][0-9;]*[a-z]")
BEGUN = re.compile(rb"\x1b(\[([<=>][0-9;]*)?)?$")


class Screen(pyte.Screen):
    """A screen that remembers what is dim: it is drawn as a colour."""

    def select_graphic_rendition(self, *attrs, **options):
        super().select_graphic_rendition(*attrs, **options)
        if 2 in attrs:
            self.cursor.attrs = self.cursor.attrs._replace(fg="dim")

    def set_margins(self, top=None, bottom=None):
        """Without numbers it is the whole screen, not only its top."""
        super().set_margins(top or None, bottom or None)
        if not top and not bottom:
            self.margins = None


class Terminal:
    """One program on a terminal of its own, as a session leader."""

    def __init__(self, argv, cwd, env, rows=24, cols=80):
        self.screen = Screen(cols, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.begun = b""
        self.status = None
        self.closed = False
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                set_size(0, rows, cols)
                os.chdir(cwd)
                os.execvpe(argv[0], argv, env)
            finally:
                os._exit(99)
        # Another terminal's program would hold this one open.
        os.set_inheritable(self.fd, False)
        os.set_blocking(self.fd, False)

    # what is on the screen
    @property
    def rows(self):
        """The rows without blanks at their ends, and without the empty ones
        below the last."""
        rows = [row.rstrip() for row in self.screen.display]
        while rows and not rows[-1]:
            rows.pop()
        return rows

    @property
    def lines(self):
        """The rows without right prompts."""
        return [RIGHT.sub("", row) for row in self.rows]

    @property
    def text(self):
        return "\n".join(self.lines)

    @property
    def cursor(self):
        return self.screen.cursor.y, self.screen.cursor.x

    @property
    def line(self):
        """What is typed in the row of the cursor: without a ghost behind the
        cursor and without a right prompt."""
        row = self.screen.buffer[self.screen.cursor.y]
        text = "".join(" " if row[x].fg == "dim" else row[x].data
                       for x in range(self.screen.columns))
        return RIGHT.sub("", text.rstrip())

    @property
    def right(self):
        """The right prompt of that row, or ""."""
        found = RIGHT.search(self.screen.display[self.screen.cursor.y]
                             .rstrip())
        return found.group(0).strip() if found else ""

    @property
    def ghost(self):
        """What is dim behind the cursor, up to a gap."""
        row = self.screen.buffer[self.screen.cursor.y]
        text = ""
        for x in range(self.screen.cursor.x, self.screen.columns):
            if row[x].fg != "dim":
                break
            text += row[x].data
        return RIGHT.sub("", text).rstrip()

    def color(self, text, row=None):
        """The colour of the first character of text in a row."""
        y = self.screen.cursor.y if row is None else row
        x = self.screen.display[y].index(text)
        return self.screen.buffer[y][x].fg

    @property
    def below(self):
        """The rows under the cursor's."""
        return self.rows[self.screen.cursor.y + 1:]

    @property
    def typed(self):
        """All raw output without its escapes."""
        return ESCAPE.sub("", self.raw.decode("utf-8", "replace"))

    def __repr__(self):
        return f"cursor {self.cursor}\n" + "\n".join(
            f"  |{row}|" for row in self.rows)

    # input and output
    def send(self, keys):
        """Types, and reads on if that has to wait: a program whose own
        output waits for us reads no keys."""
        data = keys if isinstance(keys, bytes) else keys.encode()
        while data and not self.closed:
            try:
                data = data[os.write(self.fd, data):]
            except BlockingIOError:
                self.read(0.01)

    def pump(self, seconds):
        """Draws whatever comes within so many seconds."""
        deadline = time.monotonic() + seconds
        while not self.closed and time.monotonic() < deadline:
            self.read(deadline - time.monotonic())

    def read(self, seconds):
        """Draws what comes first within so many seconds; whether it did."""
        ready, _, _ = select.select([self.fd], [], [], max(seconds, 0))
        if not ready:
            return False
        try:
            data = os.read(self.fd, 65536)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if not data:
            self.closed = True
            return False
        self.raw += data
        data = PRIVATE.sub(b"", self.begun + data)
        begun = BEGUN.search(data)
        self.begun = begun.group(0) if begun else b""
        self.stream.feed(data[:len(data) - len(self.begun)])
        return True

    def wait_for(self, what, timeout=5):
        """Waits until what (text on the screen, or a predicate) is so."""
        wanted = what if callable(what) else lambda: what in self.text
        deadline = time.monotonic() + timeout * support.SLOW
        while not wanted():
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"not seen within {timeout} s: {what!r}"
                                     f"\n{self!r}\nraw: {self.raw[-400:]!r}")
            if self.closed:
                time.sleep(0.01)
            else:
                self.read(min(left, 0.05))

    def at_prompt(self, prompt=PROMPT):
        return self.line == prompt and self.cursor[1] == len(prompt) + 1

    def wait_prompt(self, prompt=PROMPT, timeout=5):
        self.wait_for(lambda: self.at_prompt(prompt), timeout)

    def type(self, keys, line=None, prompt=PROMPT):
        """Types into the line and waits until it stands there."""
        self.send(keys)
        wanted = f"{prompt} {keys if line is None else line}".rstrip()
        self.wait_for(lambda: self.line == wanted)

    def run(self, command, prompt=PROMPT, timeout=5):
        """Runs a command; what it printed, as lines of raw output.  How it
        ended, if that was told, is in outcome."""
        self.wait_prompt(prompt, timeout)
        before = len(self.raw)
        self.send(command + "\r")
        self.wait_for(lambda: self.is_new_prompt(before, prompt), timeout)
        shown = self.since(before).split("\n")[1:-1]
        self.outcome = ""
        if shown and OUTCOME.fullmatch(shown[-1]):
            self.outcome = OUTCOME.fullmatch(shown.pop())[1]
        return shown

    def since(self, before):
        """The raw output behind so many bytes, without escapes."""
        return ESCAPE.sub("", self.raw[before:].decode("utf-8", "replace"))

    def is_new_prompt(self, before, prompt=PROMPT):
        """Whether a prompt was drawn in a row below what was then."""
        last = self.since(before).rsplit("\n", 1)
        return (len(last) == 2 and last[1].startswith(prompt + " ") and
                self.at_prompt(prompt))

    def interrupt(self, prompt=PROMPT, timeout=5):
        """Presses ^C and waits for the prompt behind it."""
        before = len(self.raw)
        self.send("\x03")
        self.wait_for(lambda: b"^C" in self.raw[before:] and
                      self.is_new_prompt(before, prompt), timeout)

    def resize(self, rows, cols):
        self.screen.resize(rows, cols)
        set_size(self.fd, rows, cols)

    # the terminal driver and the process
    @property
    def cooked(self):
        """Whether the terminal echoes and gathers lines."""
        flags = termios.tcgetattr(self.fd)[3]
        wanted = termios.ICANON | termios.ECHO | termios.ISIG
        return flags & wanted == wanted

    @property
    def group(self):
        """The process group that has the terminal."""
        return struct.unpack("i", fcntl.ioctl(self.fd, termios.TIOCGPGRP,
                                              b"\0" * 4))[0]

    def signal(self, number):
        os.kill(self.pid, number)

    def ended(self):
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is not None

    def finish(self, timeout=5):
        """Waits for the end; the exit status, or -N for signal N."""
        deadline = time.monotonic() + timeout * support.SLOW
        while not self.ended():
            assert time.monotonic() < deadline, f"does not end\n{self!r}"
            if not self.closed:
                self.read(0.01)
            else:
                time.sleep(0.01)
        while not self.closed and self.read(0.05):
            pass
        return self.status

    def hang_up(self):
        """Closes the terminal."""
        if self.fd is not None:
            os.close(self.fd)
        self.fd = None
        self.closed = True

    def close(self):
        """Closes the terminal, of which whatever runs there must end."""
        self.hang_up()
        try:
            support.until(self.ended, what="the end after a hang-up")
        except AssertionError:
            support.signal_quietly(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            raise


def set_size(fd, rows, cols):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
