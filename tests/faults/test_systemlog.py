"""The system's logs as targets of the transcript: an entry for each line, and
a program that never waits for who reads them."""

import json
import os
import re
import socket
import threading

import pytest

from support import LINE, alive, until

SYSLOG = re.compile(
    rb"<(\d+)>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (\S+?)(?:\[(\d+)\])?: (.*)",
    re.S)
MISSING = re.compile(rb"\S+ --- zdaemon: (\d+) bytes are missing here ---")


class Log:
    """A log of the system's, for tests: keeps the datagrams it gets."""

    def __init__(self, path):
        self.path, self.got, self.socket = path, [], None
        self.listen()

    def listen(self, reading=True):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        if reading:
            self.read()

    def read(self):
        threading.Thread(target=self._read, args=(self.socket,),
                         daemon=True).start()

    def _read(self, sock):
        try:
            while data := sock.recv(1 << 20):
                self.got.append(data)
        except OSError:
            pass                        # closed meanwhile

    def close(self):
        """Like a daemon that ends: the socket is gone, its name may stay."""
        sock, self.socket = self.socket, None
        if sock:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            sock.close()
        if os.path.exists(self.path):
            os.unlink(self.path)

    def entries(self):
        """Of the journal: dictionaries of fields."""
        return [dict(field.split(b"=", 1) for field in
                     data.rstrip(b"\n").split(b"\n")) for data in self.got]

    def messages(self):
        return [entry[b"MESSAGE"] for entry in self.entries()]


@pytest.fixture
def log(box):
    made = Log(box.at("log"))
    yield made
    made.close()


EVENTS = "<eventlog>\n <logfile>\n path events\n </logfile>\n</eventlog>\n"


def up(box, program, target, *keys):
    box.script("talk", program)
    box.conf("program ./talk", f"transcript {target}@{box.at('log')}",
             "start-seconds 0", *keys, rest=EVENTS)
    return box.up("-Cconf")


def told(box):
    return json.loads(box.zd("-Cconf", "status", "--json").out)["transcript"]


def counting(count):
    return f"seq -f '{LINE}' 1 {count}\necho > done\nexec sleep 100\n"


def numbers(messages):
    for message in messages:
        assert re.fullmatch(rb"line \d{9}, of many", message), message
    return [int(message[5:14]) for message in messages]


# --- entries ------------------------------------------------------------------

def test_syslog(box, log):
    pid = up(box, "echo one; echo two >&2; echo; exec sleep 100\n",
             "syslog:local3/web.1")
    until(lambda: len(log.got) == 3)
    found = [SYSLOG.fullmatch(data).groups() for data in log.got]
    # local3 is 19, info is 6.
    assert found == [(b"158", b"web.1", b"%d" % pid, text)
                     for text in (b"one", b"two", b"")]


def test_syslog_by_default(box, log):
    """The facility daemon (3), and the program's name."""
    pid = up(box, "echo one; exec sleep 100\n", "syslog:")
    until(lambda: log.got)
    assert SYSLOG.fullmatch(log.got[0]).groups() == (
        b"30", b"talk", b"%d" % pid, b"one")


def test_standard_error_apart(box, log):
    up(box, "echo out; echo err >&2; exec sleep 100\n", "journal:web",
       f"transcript-stderr journal:web@{box.at('log')}")
    until(lambda: len(log.got) == 2)
    assert sorted((entry[b"MESSAGE"], entry[b"PRIORITY"])
                  for entry in log.entries()) == [(b"err", b"4"),
                                                  (b"out", b"6")]


def test_journal(box, log):
    """Every byte but the newline arrives; a last line without one too."""
    pid = up(box, "printf 'a\\0b\\r\\033[1m\\303\\n=c=\\n\\n'; mkfifo fifo\n"
             "exec 3<> fifo; printf begin; read -r n <&3; echo ' end'\n"
             "read -r n <&3; printf last; exit 0\n", "journal:")
    until(lambda: len(log.got) == 3 and box.exists("fifo"))
    assert log.messages() == [b"a\0b\r\x1b[1m\xc3", b"=c=", b""]
    assert log.entries()[0] == {
        b"PRIORITY": b"6", b"SYSLOG_FACILITY": b"3",
        b"SYSLOG_IDENTIFIER": b"talk", b"SYSLOG_PID": b"%d" % pid,
        b"MESSAGE": b"a\0b\r\x1b[1m\xc3"}
    box.say("fifo", "go\n")
    until(lambda: log.messages()[3:] == [b"begin end"])
    box.say("fifo", "go\n")
    until(lambda: log.messages()[4:] == [b"last"])


@pytest.mark.parametrize("target, most", [("journal:", 49152),
                                          ("syslog:", 8192)])
def test_long_lines_come_in_parts(box, log, target, most):
    """None of which ends within a character."""
    box.write("long", "x" + "é" * 100000 + "\n" + "y" * most + "\nend\n")
    up(box, "cat long; exec sleep 100\n", target)

    def texts():
        return log.messages() if target == "journal:" else [
            SYSLOG.fullmatch(data).group(4) for data in log.got]
    until(lambda: texts()[-1:] == [b"end"])
    whole, parts = b"", texts()[:-2]
    for part in parts:
        assert len(part) <= most
        whole += part.decode().encode()
    assert whole.decode() == "x" + "é" * 100000
    assert len(parts) == 1 + 200000 // most
    assert texts()[-2] == b"y" * most


def test_many_lines(box, log):
    up(box, counting(20000), "journal:")
    until(lambda: len(log.got) >= 20000, 20)
    assert numbers(log.messages()) == list(range(1, 20001))


def test_marks_and_the_event_log(box, log):
    """Each a line, and none within one of the program's."""
    box.script("talk", "printf begin; exec sleep 100\n")
    box.conf("program ./talk", f"transcript journal:@{box.at('log')}",
             "transcript-marks on", "start-seconds 0", rest=EVENTS.replace(
                 "events", "STDOUT"))
    pid = box.up("-Cconf")
    until(lambda: any(re.fullmatch(rb"\S+ --- zdaemon: started, pid %d ---"
                                   % pid, one) for one in log.messages()))
    until(lambda: any(b"daemon manager started" in one
                      for one in log.messages()))


# --- a log that does not listen -----------------------------------------------

def check_gap(messages, count):
    """All lines but those that one entry tells of, in bytes."""
    place = [n for n, one in enumerate(messages) if MISSING.fullmatch(one)]
    assert len(place) == 1, place
    before = numbers(messages[:place[0]])
    after = numbers(messages[place[0] + 1:])
    assert before == list(range(1, len(before) + 1))
    first = after[0] if after else count + 1
    assert after == list(range(first, count + 1))
    lost = int(MISSING.fullmatch(messages[place[0]]).group(1))
    assert lost == 24 * (first - 1 - len(before))


def test_missing_from_the_start(box, log):
    """start succeeds; what does not fit in memory is counted and told."""
    log.close()
    pid = up(box, "seq -f '%s' 1 20000\necho > done\n"
             "while [ ! -e more ]; do sleep 0.02; done\n"
             "seq -f '%s' 20001 20100\nexec sleep 100\n" % (LINE, LINE),
             "journal:", "transcript-buffer 64k")
    until(lambda: box.exists("done"), 20)
    until(lambda: told(box)["dropped"])
    assert told(box)["error"] == "No such file or directory"
    assert told(box)["path"] == f"journal:@{box.at('log')}"
    assert f"unable to write to 'journal:@{box.at('log')}': No such file or " \
        "directory" in box.read("events")
    log.listen()
    until(lambda: "can be written again" in box.read("events"))
    box.write("more", "")
    until(lambda: log.messages()[-1] == b"line 000020100, of many")
    check_gap(log.messages(), 20100)
    assert told(box)["error"] is None and told(box)["waiting"] == 0
    assert box.read("events").count("unable to write to") == 1
    assert alive(pid) and box.pid() == pid


def test_restarted(box, log):
    """Connected to anew; what came in between waited."""
    up(box, "mkfifo fifo; exec 3<> fifo\n"
       "while read -r n <&3; do echo \"$n\"; done\n", "syslog:")
    until(lambda: box.exists("fifo"))
    with box.speaking("fifo") as say:
        for number in range(6):
            if number % 2:
                log.close()
            say.write(f"{number}\n")
            say.flush()
            if number % 2:
                until(lambda: told(box)["waiting"] == 2)
                log.listen()
            until(lambda: len(log.got) == number + 1)
    assert [data[-3:] for data in log.got] == [b": %d" % n for n in range(6)]


def test_one_that_does_not_read(box, log):
    """The program goes on; all is told once it is read."""
    log.close()
    log.listen(reading=False)
    pid = up(box, counting(20000), "journal:", "transcript-buffer 64k")
    until(lambda: box.exists("done"), 20)
    until(lambda: told(box)["dropped"])
    assert "unable to write to" in box.read("events")
    log.read()
    until(lambda: "can be written again" in box.read("events"))
    check_gap(log.messages(), 20000)
    assert box.pid() == pid


def test_last_words_at_the_end(box, log):
    """A supervisor that leaves waits for room, if not for long."""
    log.close()
    log.listen(reading=False)
    up(box, "trap 'exit 0' TERM; seq -f '%s' 1 200\nprintf last\n"
       "echo > done; while :; do sleep 0.02; done\n" % LINE, "journal:")
    until(lambda: box.exists("done"))
    stop = box.later("-Cconf", "stop")
    until(lambda: "exit status 0" in box.read("events"))
    log.read()
    box.finish(stop)
    until(lambda: log.messages()[-1:] == [b"last"])
    assert numbers(log.messages()[:-1]) == list(range(1, 201))


# --- commands -----------------------------------------------------------------

def test_commands_say_what_is_so(box, log):
    up(box, "echo one; exec sleep 100\n", "journal:web")
    target = f"journal:web@{box.at('log')}"
    result = box.zd("-Cconf", "rotate")
    assert result.status == 1
    assert f"unable to rotate '{target}': it is no file" in result.all
    result = box.zd("-Cconf", "logtail", "--no-follow")
    assert (result.status, result.all) == (
        1, f"logtail: '{target}' is no file; look there: journalctl -t web "
        "-f\n")
    assert box.zd("-Cconf", "logtail", "-a", "--no-follow").status == 0
    assert re.search(rf"transcript +{re.escape(target)}\n",
                     box.zd("-Cconf", "show", "all").all)
    assert target in box.zd("-Cconf", "status", "-l").out
    assert box.zd("-Cconf", "check").status == 0
    result = box.zd("-Cconf", "reopen_transcript")
    assert (result.status, result.all) == (0, "")
    log.close()
    result = box.zd("-Cconf", "reopen_transcript")
    assert result.status == 1
    assert f"unable to open '{target}': No such file" in result.all
    assert not box.exists("journal:web.part")


@pytest.mark.parametrize("value, cause", [
    ("syslog:deamon", "'deamon' is no facility of the system log; did you "
     "mean daemon?"),
    ("syslog:local9/web", "'local9' is no facility"),
    ("journal:a b", "'a b' is no tag"),
    ("syslog:/a:b", "'a:b' is no tag"),
    ("journal:" + "t" * 49, "a tag has 48 bytes at the most"),
    ("journal:@/" + "s" * 107, "a socket's path has 107 bytes at the most"),
])
def test_wrong_targets(box, value, cause):
    box.conf("program true", f"transcript {value}")
    result = box.zd("-Cconf", "check")
    assert result.status == 2 and cause in result.all, result
    assert "conf:3" in result.all


def test_check_knows_them(box):
    box.conf("program true", f"transcript syslog:@{box.at('none')}",
             "transcript-max-size 1M")
    result = box.zd("-Cconf", "check")
    assert f"is not listened to: there is no socket '{box.at('none')}'" in \
        result.all
    assert "transcript-max-size: has no effect" in result.all


def test_a_file_of_such_a_name(box):
    box.script("talk", "echo one; exec sleep 100\n")
    box.conf("program ./talk", "transcript ./syslog:")
    box.up("-Cconf")
    until(lambda: box.read("syslog:", "") == "one\n")
    assert box.zd("-Cconf", "logtail", "--no-follow").out == "one\n"


def test_half_a_line_outlives_an_upgrade(box, log):
    """One entry for it, of the program that wrote both halves."""
    pid = up(box, "printf 'one '; echo > half\n"
             "until [ -e go ]; do sleep .02; done\n"
             "echo two; exec sleep 100\n", "syslog:local3/web")
    until(lambda: os.path.exists(box.at("half")))
    assert box.zd("-Cconf", "upgrade").status == 0
    box.write("go", "")
    until(lambda: log.got)
    assert [SYSLOG.fullmatch(data).groups() for data in log.got] == [
        (b"158", b"web", b"%d" % pid, b"one two")]
