"""The follower: logs over a status row, with keys, and back to the prompt."""

import os
import re
import signal
import time

import pytest

import support

PATIENCE = 20
KEYS = ["/", "&", "space", "N", "n", "m", "Enter", "v", "h", "?", "q", "^C"]


def append(box, text, name="log"):
    with open(box.at(name), "a") as log:
        log.write(text)


class Following:
    """A terminal with the follower on it."""

    def __init__(self, box, terminal):
        self.box, self.terminal = box, terminal

    @property
    def status(self):
        return self.terminal.lines[-1] if self.terminal.lines else ""

    @property
    def rows(self):
        """What stands above the status row, below what was typed."""
        lines = self.terminal.lines[:-1]
        for i in range(len(lines), 0, -1):
            if lines[i - 1].startswith("zdaemon>"):
                return lines[i:]
        return lines

    def wait_rows(self, *rows):
        self.terminal.wait_for(lambda: self.rows[-len(rows):] == list(rows),
                               PATIENCE)

    def wait_status(self, text):
        self.terminal.wait_for(lambda: text in self.status, PATIENCE)

    def append(self, text, *rows):
        append(self.box, text)
        if rows:
            self.wait_rows(*rows)

    def press(self, keys, status=None):
        self.terminal.send(keys)
        if status:
            self.wait_status(status)

    def filter(self, text):
        self.press("/")
        self.terminal.wait_for(lambda: self.terminal.line == "filter:",
                               PATIENCE)
        self.terminal.send(text)
        self.terminal.wait_for(
            lambda: self.terminal.line == f"filter: {text}".rstrip(),
            PATIENCE)
        self.terminal.send("\r")

    def leave(self, key="q"):
        """The summary; the prompt stands below it."""
        self.terminal.send(key)
        self.terminal.wait_prompt(timeout=PATIENCE)
        return self.terminal.lines[-2]


@pytest.fixture
def follow(box, open_terminal):
    def start(*words, rows=24, cols=80, env=None, lines="one\ntwo\n",
              before=()):
        box.conf("program sleep 100", "logfile log")
        if lines is not None:
            box.write("log", lines)
        terminal = open_terminal("-C", "conf", rows=rows, cols=cols, env=env)
        terminal.wait_prompt()
        for line in before:
            terminal.run(line)
        terminal.send(" ".join(["logtail", *words]) + "\r")
        following = Following(box, terminal)
        following.wait_status("FOLLOW ")
        return following
    return start


@pytest.mark.parametrize("rows,cols", [(24, 80), (8, 40)])
def test_lines_come_over_a_status_row(follow, rows, cols):
    log = follow(rows=rows, cols=cols)
    log.wait_rows("one", "two")
    log.wait_status("log  2 lines, 2 shown")
    for number in range(30):
        log.append(f"number {number}\n", f"number {number}")
    log.wait_status("log  32 lines, 32 shown")
    shown = log.terminal.lines
    assert len(shown) == rows
    assert shown[:-1] == [f"number {n}" for n in range(31 - rows, 30)]
    assert len(log.status) < cols
    assert log.leave() == "[followed 32 lines, 32 shown]"
    assert log.terminal.lines[-3] == "number 29"
    assert log.terminal.cooked is False     # a line is being edited again
    assert log.terminal.run("history logtail")[-1].endswith("logtail")


@pytest.mark.parametrize("key", ["q", "\x03", "\x04"])
def test_ways_back_to_the_prompt(follow, key):
    log = follow()
    assert log.leave(key) == "[followed 2 lines, 2 shown]"
    assert log.terminal.run("version")[-1].startswith("zdaemon")


def test_a_batch_is_one_write(box, follow):
    """Many lines at once do not flicker: the row is painted once."""
    log = follow()
    log.wait_status("2 shown")
    before = len(log.terminal.raw)
    log.append("".join(f"number {n}\n" for n in range(200)), "number 199")
    log.wait_status("202 shown")
    assert log.terminal.raw[before:].count(b"FOLLOW") <= 3


def test_filter(follow):
    log = follow()
    log.filter("err|w.r")
    log.wait_status("filter=err|w.r")
    log.append("an error\nnothing\na warning\n", "an error", "a warning")
    log.wait_status("5 lines, 4 shown")
    row = len(log.terminal.lines) - 2
    bold = [x for x in range(20) if log.terminal.screen.buffer[row][x].bold]
    assert bold == [2, 3, 4]
    assert log.terminal.screen.buffer[row][2].fg == "red"
    assert "filter:" not in log.terminal.text
    # All lines, matches marked.
    log.press("&", "mark=err|w.r")
    log.append("nothing\n", "a warning", "nothing")
    # An empty filter is none.
    log.filter("")
    log.terminal.wait_for(lambda: "=" not in log.status, PATIENCE)
    assert log.leave() == "[followed 6 lines, 5 shown]"


def test_a_filter_of_wide_characters_leaves_no_trace(follow):
    """A row that has no cell for half of one has less room than it seems."""
    log = follow(cols=40, lines="kept\n")
    log.press("/")
    log.terminal.wait_for(lambda: log.terminal.line == "filter:", PATIENCE)
    log.press("x" + "\u6f22" * 35)
    log.terminal.wait_for(
        lambda: log.terminal.raw.count("\u6f22".encode()) >= 35)
    log.press("\r", "FOLLOW ")
    assert "kept" in log.terminal.text
    assert "filter: " not in log.terminal.text


def test_a_wrong_filter_is_told_and_changes_nothing(follow):
    log = follow()
    log.filter("two")
    log.wait_status("filter=two")
    log.filter("x(a)(b")
    log.terminal.wait_for(lambda: "is no expression" in log.terminal.text,
                          PATIENCE)
    log.terminal.wait_for(lambda: log.rows[-2:] == [
        "  x(a)(b", "      ^"], PATIENCE)
    log.wait_status("filter=two")


def test_filters_have_a_history_of_their_own(follow):
    log = follow()
    log.filter("one")
    log.wait_status("filter=one")
    log.filter("two")
    log.wait_status("filter=two")
    log.press("/")
    log.terminal.wait_for(lambda: log.terminal.line == "filter:", PATIENCE)
    log.terminal.send("\x1b[A\x1b[A")
    log.terminal.wait_for(lambda: log.terminal.line == "filter: one",
                          PATIENCE)
    # ^C keeps what there was.
    log.terminal.send("\x03")
    log.wait_status("filter=two")
    log.leave()
    assert not [line for line in log.terminal.run("history")
                if "two" in line or "one" in line]


def test_matches_are_marked_without_color(follow):
    log = follow("--grep", "two", env={"NO_COLOR": "1"})
    log.wait_rows("two")
    log.press("&", "mark=two")
    log.append("one\ntwo\n", "one", "> two")
    assert b"\x1b[1;31m" not in log.terminal.raw
    assert log.leave() == "[followed 3 lines, 3 shown]"


def test_pause_loses_nothing(box, follow):
    """Not even what is rotated away meanwhile."""
    log = follow()
    log.press(" ", "PAUSED")
    log.append("three\n")
    log.wait_status("1 held")
    for number in range(3):
        if os.path.exists(box.at("log.1")):
            os.rename(box.at("log.1"), box.at("log.2"))
        os.rename(box.at("log"), box.at("log.1"))
        append(box, f"number {number}\n")
        log.wait_status(f"{number + 2} held")
    os.unlink(box.at("log.1"))
    os.unlink(box.at("log.2"))
    assert log.rows == ["one", "two"]
    log.press(" ", "FOLLOW")
    log.wait_rows("one", "two", "three", *(
        row for n in range(3)
        for row in ("--- rotated, reopened ---", f"number {n}")))
    assert log.leave() == "[followed 6 lines, 6 shown]"


def test_a_row_that_only_counts_is_painted_now_and_then(box, follow):
    """However fast the log grows; the last count is right."""
    log = follow()
    log.press(" ", "PAUSED")
    begun, before = time.monotonic(), len(log.terminal.raw)
    for number in range(300):
        append(box, f"number {number}\n")
        log.terminal.pump(0.002)
    log.wait_status("300 held")
    painted = log.terminal.raw.count(b"PAUSED", before)
    assert painted <= (time.monotonic() - begun) / 0.1 + 2


@pytest.mark.parametrize("cols", [80, 40, 30])
def test_the_way_out_stands_in_the_row(follow, cols):
    """Also behind a long filter."""
    log = follow(cols=cols)
    log.press("/" + "xyz" * 30 + "\r")
    log.wait_status("   q back")
    log.press(" ", "PAUSED")
    log.wait_status("   q back")
    assert len(log.status) < cols


def test_a_truncation_while_paused_is_told(box, follow):
    log = follow()
    log.press(" ", "PAUSED")
    log.append("three\nfour\n")
    log.wait_status("2 held")
    os.truncate(box.at("log"), 0)
    log.append("five\n")
    log.wait_status("1 held")
    log.press(" ", "FOLLOW")
    log.wait_rows("two", "--- 2 held lines are gone ---",
                  "--- truncated, from its beginning ---", "five")


def test_next_and_previous_match(follow):
    log = follow("--grep", "x$", lines="".join(
        f"line {n}{' x' if n % 10 == 5 else ''}\n" for n in range(100)))
    log.wait_rows("line 85 x", "line 95 x")
    log.press("N", "PAUSED")
    log.wait_rows("--- 5 lines up ---", "line 95 x")
    log.press("N")
    log.wait_rows("--- 10 lines up ---", "line 85 x")
    log.press("n")
    log.wait_rows("--- 10 lines down ---", "line 95 x")
    log.press("n")
    log.wait_rows("--- no match further down ---")
    log.filter("nowhere")
    log.press("N")
    log.wait_rows("--- no match further up ---")
    log.filter("")
    log.press("n")
    log.wait_rows("--- nothing to search for: / takes a filter ---")


def test_marks_and_gaps(follow):
    log = follow(cols=40)
    log.press("m")
    log.terminal.wait_for(lambda: re.fullmatch(
        r"--- \d{4}-\d\d-\d\d \d\d:\d\d:\d\d -{15}", log.rows[-1]), PATIENCE)
    log.press("\r")
    log.append("three\n", "", "three")


def test_the_pager_opens_the_file(box, follow):
    box.script("pager", 'echo "paging $1 $2" > "$HOME/../got"; '
               'echo "some page"\n')
    log = follow(env={"PAGER": f"'{box.at('pager')}' -x"})
    log.press("v")
    log.terminal.wait_for(lambda: "some page" in log.rows, PATIENCE)
    assert box.read("got") == f"paging -x {box.at('log')}\n"
    log.append("three\n", "some page", "three")
    log.leave()


def test_every_key_is_explained(source, follow):
    log = follow()
    log.press("h")
    log.terminal.wait_for(lambda: "back to the prompt" in log.terminal.text,
                          PATIENCE)
    shown = [key for row in log.rows if row.startswith("  ")
             for key in row[2:9].replace(",", " ").split()]
    assert shown == KEYS
    with open(os.path.join(source, "doc", "zdaemon.1")) as page:
        manual = page.read()
    keys = manual[manual.index(".Ss Following logs"):]
    found = [key.replace("\\&", "") for line in
             keys[:keys.index(".El")].splitlines()
             for key in line.split()[2:] if line.startswith(".It Ic")
             if key not in (",", "Ic")]
    assert found == KEYS


def test_the_program_speaks_among_the_lines(box, follow):
    """In the words of the session, and not once more at the prompt."""
    log = follow()

    def seen(pattern):
        return re.findall(rf"^--- \d\d:\d\d:\d\d {pattern} ---$",
                          log.terminal.text, re.M)

    pid = box.up("-Cconf")
    log.terminal.wait_for(
        lambda: seen(rf"\+ \w+ started, pid {pid}"), PATIENCE)
    log.append("three\n", "three")
    box.zd("-Cconf", "stop")
    log.terminal.wait_for(lambda: seen(r"- \w+ stopped: .*"), PATIENCE)
    assert seen(r"\* \w+ \(pid \d+\) asked for stop")
    log.leave()
    assert log.terminal.text.count(f"started, pid {pid}") == 1
    assert log.terminal.text.count(" stopped: ") == 1


def test_the_program_speaks_as_the_setting_says(box, follow):
    log = follow(before=["start", "notices crash"])
    box.zd("-Cconf", "kill", "CONT")
    pid = box.pid()
    box.zd("-Cconf", "kill", "SEGV")
    log.terminal.wait_for(lambda: re.search(
        r"--- \d\d:\d\d:\d\d ! \w+ exited: signal 11 \(SEGV\).*",
        log.terminal.text), PATIENCE)
    support.until(lambda: box.pid() not in (0, pid))
    log.append("three\n", "three")
    log.leave()
    assert "sent CONT" not in log.terminal.text


def test_an_unfinished_line_stands_above_the_status_row(follow):
    log = follow()
    log.append("half a l", "two", "half a l")
    log.append("ine\n", "two", "half a line")
    log.wait_status("3 lines, 3 shown")


def test_nothing_harmful_is_shown(follow):
    log = follow()
    log.append("\x1b[2Jx\x9b \u202e\x07\n", "two", "^[[2Jx\\x9b \\u{202E}^G")
    log.append("\x1b[2J", "^[[2Jx\\x9b \\u{202E}^G", "^[[2J")
    log.wait_rows("two", "^[[2Jx\\x9b \\u{202E}^G", "^[[2J")


def test_several_logs(box, follow):
    box.write("other", "")
    log = follow("-n0", "log", "other")
    log.wait_status("2 logs")
    append(box, "three\n", "other")
    log.wait_rows(f"==> {box.at('other')} <==", "three")
    append(box, "four\n")
    log.wait_rows("three", f"==> {box.at('log')} <==", "four")


def test_resize(follow):
    log = follow(rows=8, cols=40)
    log.terminal.resize(24, 100)
    log.wait_status("q back")
    log.append("three\n", "one", "two", "three")
    assert log.terminal.text.count("FOLLOW") == 1


def follow_under_a_shell(box, open_terminal):
    """A follower that can be stopped, and the terminal with its shell."""
    box.conf("program sleep 100", "logfile log")
    box.write("log", "one\n")
    shell = open_terminal(argv=["sh", "-i"], env={"PS1": "$ "})
    shell.wait_prompt("$")
    shell.send(f"'{box.programs.zdaemon}' -C conf\r")
    shell.wait_prompt()
    shell.send("logtail\r")
    log = Following(box, shell)
    log.wait_status("FOLLOW")
    return log, shell


def test_stopping_and_coming_back(box, open_terminal):
    log, shell = follow_under_a_shell(box, open_terminal)
    shell.send("\x1a")
    shell.wait_for(lambda: shell.line.endswith("$"), PATIENCE)
    assert "FOLLOW" not in shell.text
    assert shell.cooked
    append(box, "two\n")
    shell.send("fg\r")
    log.wait_status("FOLLOW")
    log.wait_rows("two")
    log.leave()


def test_stopped_from_outside(box, open_terminal):
    """The shell meanwhile had the terminal: it is taken back."""
    log, shell = follow_under_a_shell(box, open_terminal)
    os.kill(next(one.pid for one in support.descendants(shell.pid)
                 if one.name.startswith("zdshell")), signal.SIGSTOP)
    shell.wait_for(lambda: shell.line.endswith("$"), PATIENCE)
    shell.send("stty sane; fg\r")
    log.wait_status("FOLLOW")
    support.until(lambda: not shell.cooked)
    log.leave()


@pytest.mark.parametrize("options,env", [
    ([], {"TERM": "dumb"}), (["--plain"], {})])
def test_plain_lines_where_nothing_can_be_painted(box, open_terminal,
                                                  options, env):
    box.conf("program sleep 100", "logfile log")
    box.write("log", "one\n")
    terminal = open_terminal("-C", "conf", *options, env=env)
    terminal.wait_prompt()
    terminal.send("logtail\r")
    terminal.wait_for("\none")
    append(box, "two\n")
    terminal.wait_for("\ntwo", PATIENCE)
    assert b"FOLLOW" not in terminal.raw and b"\x1b" not in terminal.raw
    terminal.send("\x03")
    terminal.wait_prompt(timeout=PATIENCE)


def test_a_pipe_gets_the_bytes(box, session):
    box.write("log", b"one \xff\n")
    assert session.run("logtail --no-follow log | od -c | head -1") == [
        "0000000   o   n   e     377  \\n"]


def test_told_to_end_while_following(follow):
    log = follow()
    log.terminal.signal(15)
    assert log.terminal.finish(PATIENCE) in (-15, 143)
    assert "[followed 2 lines, 2 shown]" in log.terminal.text
