#!/usr/bin/env python3
"""Records a session with the real program and draws it as a picture.

usage: doc/record.py BUILD-DIRECTORY > doc/session.svg

A script of keys is typed into a zdaemon session on a terminal of 80x24; the
screen is taken after each step.  The picture shows one after the other; what
cannot animate shows the last.  Needs python3-pyte.
"""
import fcntl
import html
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time

import pyte

COLUMNS, ROWS = 80, 24
CELL, LINE, SIZE = 8.4, 18, 14      # of a character, in pixels
HOLD = 2.6                          # seconds that a screen is shown

PALETTE = {
    "default": "#d8dee9", "black": "#3b4252", "red": "#f07178",
    "green": "#a5d06b", "brown": "#ebcb8b", "blue": "#82aaff",
    "magenta": "#c792ea", "cyan": "#7fdbca", "white": "#eceff4",
    "brightblack": "#7a859c", "brightred": "#ff8b92",
    "brightgreen": "#c3e88d", "brightbrown": "#ffe585",
    "brightblue": "#9cc4ff", "brightmagenta": "#ddb3ff",
    "brightcyan": "#a1efe4", "brightwhite": "#ffffff",
}
GROUND = "#1d2330"

PROGRAM = """trap 'echo "shutting down"; kill $!; exit 0' TERM
echo "listening on 8080"
request=0
while :; do
    request=$((request + 1))
    date "+%H:%M:%S request $request served"
    sleep 2 & wait $!
done
"""
CONFIG = """runner {
    program = "sh server.sh"
    socket-name = "zdsock"
    transcript = "server.log"
    backoff-limit = 10
}
"""


class Screen(pyte.Screen):
    """pyte's screen, which also knows of faint text."""

    faint = False

    def select_graphic_rendition(self, *attributes, **options):
        for one in attributes or (0,):
            if one == 2:
                self.faint = True
            elif one in (0, 22):
                self.faint = False
        super().select_graphic_rendition(*attributes, **options)
        # A color that nothing else uses marks it.
        if self.faint and self.cursor.attrs.fg == "default":
            self.cursor.attrs = self.cursor.attrs._replace(fg="brightblack")


class Session:
    """zdaemon on a terminal of its own."""

    def __init__(self, zdaemon, place):
        self.screen = Screen(COLUMNS, ROWS)
        self.stream = pyte.ByteStream(self.screen)
        self.frames = []
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(place)
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8",
                              XDG_STATE_HOME=place, XDG_CONFIG_HOME=place,
                              HOME=place)
            os.environ.pop("NO_COLOR", None)
            fcntl.ioctl(0, termios.TIOCSWINSZ,
                        struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.execv(zdaemon, [zdaemon, "-C", "server.conf"])

    def look(self, seconds):
        """Draws what comes within so many seconds."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self.fd], [], [], left)[0]:
                self.stream.feed(os.read(self.fd, 65536))

    def type(self, keys, pause=0.06):
        """Types as a person does."""
        for key in keys:
            os.write(self.fd, key.encode())
            self.look(pause)

    def press(self, sequence, seconds=0.5):
        os.write(self.fd, sequence.encode())
        self.look(seconds)

    def take(self):
        """Takes the screen as one of the picture's."""
        rows = []
        for y in range(ROWS):
            line = self.screen.buffer[y]
            rows.append([line[x] for x in range(COLUMNS)])
        self.frames.append((rows, self.screen.cursor.y, self.screen.cursor.x))


def color(name, default):
    if name == "default":
        return default
    return PALETTE.get(name, f"#{name}" if len(name) == 6 else default)


def style_of(cell):
    front, back = color(cell.fg, PALETTE["default"]), color(cell.bg, GROUND)
    if cell.reverse:
        front, back = back, front
    return front, back, cell.bold, cell.underscore


def runs(row):
    """The row as (column, text, style), blanks at its end left out."""
    found, start = [], 0
    for x in range(1, COLUMNS + 1):
        if x < COLUMNS and style_of(row[x]) == style_of(row[start]):
            continue
        text = "".join(cell.data for cell in row[start:x])
        if text.strip() or style_of(row[start])[1] != GROUND:
            found.append((start, text, style_of(row[start])))
        start = x
    return found


def draw_row(y, row):
    out = []
    for x, text, (front, back, bold, under) in runs(row):
        left, top = 12 + x * CELL, 34 + y * LINE
        if back != GROUND:
            out.append(f'<rect x="{left:.1f}" y="{top}" fill="{back}" '
                       f'width="{len(text) * CELL:.1f}" height="{LINE}"/>')
        if not text.strip():
            continue
        more = ' font-weight="bold"' if bold else ""
        more += ' text-decoration="underline"' if under else ""
        out.append(f'<text x="{left:.1f}" y="{top + 14}" fill="{front}"'
                   f' textLength="{len(text) * CELL:.1f}"{more}>'
                   f'{html.escape(text)}</text>')
    return out


def draw(frames):
    """The SVG."""
    width, height = 24 + COLUMNS * CELL, 46 + ROWS * LINE
    count, total = len(frames), len(frames) * HOLD
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" '
           f'height="{height}" viewBox="0 0 {width:.0f} {height}" '
           f'font-family="ui-monospace,Menlo,Consolas,monospace" '
           f'font-size="{SIZE}" xml:space="preserve">',
           "<title>A zdaemon session</title>", "<style>"]
    share = 100 / count
    for i in range(count):
        begin, end = i * share, (i + 1) * share
        out.append(
            f"@keyframes f{i}{{0%,{begin:.3f}%{{opacity:0}}"
            f"{begin + 0.001:.3f}%,{end - 0.001:.3f}%{{opacity:1}}"
            f"{end:.3f}%,100%{{opacity:0}}}}"
            f".f{i}{{opacity:{int(i == count - 1)};"
            f"animation:f{i} {total:.1f}s step-end infinite}}")
    out.append("</style>")
    out.append(f'<rect width="100%" height="100%" rx="8" fill="{GROUND}"/>')
    for x, fill in ((20, "#f07178"), (38, "#ebcb8b"), (56, "#a5d06b")):
        out.append(f'<circle cx="{x}" cy="17" r="5" fill="{fill}"/>')
    for i, (rows, y, x) in enumerate(frames):
        out.append(f'<g class="f{i}">')
        for number, row in enumerate(rows):
            out += draw_row(number, row)
        out.append(f'<rect x="{12 + x * CELL:.1f}" y="{36 + y * LINE}" '
                   f'width="{CELL}" height="{LINE - 3}" '
                   f'fill="#d8dee9" opacity="0.6"/></g>')
    out.append("</svg>")
    return "\n".join(out) + "\n"


def play(session, place):
    """What an operator does in a minute."""
    session.look(1)
    session.take()
    session.type("logt")
    session.look(0.3)
    session.take()
    session.type("ail -n 3 --no-follow\r")
    session.look(0.8)
    session.take()
    session.type("kill ")
    session.press("\t")
    session.press("\t")
    session.press("\t")
    session.take()
    session.press("\x1b")
    session.press("\x15")
    session.type("stat")
    with open(os.path.join(place, "server.pid")) as file:
        os.kill(int(file.read()), signal.SIGSEGV)
    session.look(0.6)
    session.take()
    session.look(2)
    session.type("us\r")
    session.look(0.8)
    session.take()
    session.type("restrat\r")
    session.look(0.5)
    session.type("events\r")
    session.look(0.5)
    session.take()


def record(zdaemon, place):
    """The screens of the session."""
    for name, text in (("server.sh", "echo $$ > server.pid\n" + PROGRAM),
                       ("server.conf", CONFIG)):
        with open(os.path.join(place, name), "w") as file:
            file.write(text)
    command = [zdaemon, "-C", "server.conf"]
    subprocess.run(command + ["start"], cwd=place, check=True,
                   stdout=subprocess.DEVNULL)
    try:
        session = Session(zdaemon, place)
        play(session, place)
        os.kill(session.pid, signal.SIGHUP)
        os.waitpid(session.pid, 0)
    finally:
        subprocess.run(command + ["shutdown"], cwd=place,
                       stdout=subprocess.DEVNULL)
    return session.frames


def main():
    zdaemon = os.path.join(os.path.abspath(sys.argv[1]), "zdaemon")
    place = "/tmp/web"      # a name that reads well
    os.mkdir(place, 0o700)
    try:
        frames = record(zdaemon, place)
    finally:
        shutil.rmtree(place)
    sys.stdout.write(draw(frames))


main()
