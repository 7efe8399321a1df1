"""Configuration files: every key in both syntaxes, every kind of bad file."""

import json
import os
import pwd
import random
import re
import string
import signal
import sys

import pytest

from support import ROOT, until

# key, text in a <runner> file, text in a native file, value as JSON shows it
KEYS = [
    ("program", "sleep 100", '{"sleep", "100"}', ["sleep", "100"]),
    ("program", 'a "b c" d\\', '"a \'b c\' d"', None),
    ("socket-name", "sock et", '"sock et"', "sock et"),
    ("daemon", "off", "off", False),
    ("daemon", "YES", "yes", True),
    ("directory", "sub", "sub", "sub"),
    ("backoff-limit", "7", "7", 7),
    ("backoff-limit", "010", "010", 10),
    ("forever", "true", "true", True),
    ("exit-codes", "3,4", "{3, 4}", [3, 4]),
    ("exit-codes", "", "{}", []),
    ("umask", "027", "027", 0o027),
    ("umask", "27", "27", 0o027),
    ("hang-around", "on", "on", True),
    ("default-to-interactive", "no", "no", False),
    ("logfile", "log # file", '"log # file"', "log # file"),
    ("transcript", "out", "out", "out"),
    ("prompt", "me>", '"me>"', "me>"),
    ("start-test-program", "test -f x", '{"test", "-f", "x"}',
     ["test", "-f", "x"]),
    ("start-seconds", "0.5", "0.5", 0.5),
    ("start-seconds", "1500ms", "1500ms", 1.5),
    ("start-timeout", "2m", "2m", 120),
    ("stop-timeout", "10s", "10s", 10),
    ("stop-timeout", "3", "3", 3),
    ("pid-file", "pid", "pid", "pid"),
]


def show(box, *args):
    result = box.zd(*args, "show", "--json")
    assert result.status == 0, result
    return json.loads(result.out)


def values(box, *args):
    return {one["name"]: one["value"] for one in show(box, *args)["options"]}


def origins(box, *args):
    return {one["name"]: one["origin"] for one in show(box, *args)["options"]}


def same(value, wanted):
    if isinstance(wanted, int) and isinstance(value, str):   # a mode
        return int(value, 8) == wanted
    return value == wanted and type(value) is type(wanted) or (
        isinstance(wanted, float) and value == wanted)


def broken(result, *needles):
    """A configuration error: status 2, at once, FILE:LINE in its line."""
    assert result.status == 2, result
    assert result.out == "", result
    lines = result.err.splitlines()
    assert len(lines) == 2, result
    assert lines[0].startswith("Error: "), result
    assert lines[1] == f"For help, use {result.argv[0]} -h", result
    for needle in needles:
        assert needle in lines[0], (needle, result)
    assert result.effort < 1, result


# --- every key ---------------------------------------------------------------

@pytest.mark.parametrize("key,classic,native,wanted", KEYS)
def test_each_key_in_both_syntaxes(box, key, classic, native, wanted):
    box.write("classic", f"<runner>\n  {key} {classic}\n</runner>\n")
    box.write("native", f"runner {{\n  {key} = {native}\n}}\n")
    one, two = values(box, "-Cclassic")[key], values(box, "-Cnative")[key]
    if wanted is not None:
        assert same(one, wanted), one
        assert same(two, wanted), two
    else:   # quotes are ordinary characters there, and a shell's here
        assert one == ["a", '"b', 'c"', "d\\"]
        assert two == ["a", "b c", "d"]
    assert origins(box, "-Cclassic")[key] == "classic:2"
    assert origins(box, "-Cnative")[key] == "native:2"


def test_user_key(box):
    """An ordinary user can only name itself."""
    mine = "nobody" if ROOT else pwd.getpwuid(os.geteuid()).pw_name
    box.conf(f"user {mine}")
    assert values(box, "-Cconf")["user"] == mine


def test_python_and_zdrun_are_accepted(box):
    box.conf("program sleep 5", "python /usr/bin/python2",
             "zdrun /usr/lib/zdrun.py")
    result = box.zd("-Cconf", "status")
    assert (result.status, result.err) == (3, "")
    box.write("native", 'runner { program = "sleep 5"\n'
                        'python = x\nzdrun = y\n}\n')
    result = box.zd("-Cnative", "status")
    assert (result.status, result.err) == (3, "")


def test_keys_and_sections_without_regard_to_case(box):
    box.write("conf", "<RUNNER>\n  Program sleep 5\n  BACKOFF-limit 4\n"
                      "</Runner>\n<Environment>\n  HoMe x\n</environment>\n")
    told = values(box, "-Cconf")
    assert told["program"] == ["sleep", "5"]
    assert told["backoff-limit"] == 4
    result = box.zd("-Cconf", "-penv", "fg")
    assert "HoMe=x" in result.out.splitlines()


def test_native_program_as_text_and_as_list(box):
    for text in ('"sleep 5"', "'sleep 5'", "{sleep, 5}", '{"sleep", "5"}',
                 '"sleep \'5\'"', '"sl\\"\\"eep 5"', "{'sleep', '5',}"):
        box.write("conf", "runner { program = " + text + " }\n")
        assert values(box, "-Cconf")["program"] == ["sleep", "5"], text


def test_native_words_are_split_as_a_shell_splits(box):
    box.write("conf", """runner { program = 'printf "%s|" "a b" c\\\\ d' }""")
    result = box.zd("-Cconf", "fg")
    assert result.out.endswith("\na b|c d|"), result


def test_native_comments(box):
    box.write("conf", "# one\n// two\n/* three\n four */\n#\nrunner {\n"
                      "  # x\n  program = 'sleep 5' # tail\n"
                      "  backoff-limit = 4 // tail\n}\n")
    assert values(box, "-Cconf")["program"] == ["sleep", "5"]
    assert origins(box, "-Cconf")["backoff-limit"] == "conf:9"


def test_classic_syntax_details(box):
    """CR LF, no last newline, # inside a value, an empty section, a name."""
    box.write("conf", b"\n# comment\n<runner main>\r\n"
                      b"   program sleep 5 # not a comment\r\n"
                      b"logfile  a  b \r\n</runner>\r\n<environment/>\r\n"
                      b"<eventlog />")
    told = values(box, "-Cconf")
    assert told["program"] == ["sleep", "5", "#", "not", "a", "comment"]
    assert told["logfile"] == "a  b"


@pytest.mark.parametrize("empty", ["<runner/>", "<runner />",
                                   "<runner>\n</runner>", "", "# nothing",
                                   "\n\n", "runner { }"])
def test_empty_files(box, empty):
    box.write("conf", empty)
    assert values(box, "-Cconf")["backoff-limit"] == 10


@pytest.mark.parametrize("text", ["yes", "on", "true", "YES", "no", "off",
                                  "false"])
def test_booleans(box, text):
    box.conf(forever=text)
    assert values(box, "-Cconf")["forever"] is (
        text.lower() in ("yes", "on", "true"))


@pytest.mark.parametrize("text", ["1", "0", "maybe", ""])
def test_bad_booleans(box, text):
    box.conf(forever=text)
    broken(box.zd("-Cconf", "status"), "conf:2", "forever")
    box.write("native", f"runner {{\n  forever = '{text}'\n}}\n")
    broken(box.zd("-Cnative", "status"), "native:2", "forever")


def test_defines(box):
    box.write("conf", "%define NAME sleep\n%define  time 5\n"
                      "%define both ${name} $time\n"
                      "%define Name sleep\n<runner>\n program $both\n"
                      " logfile a$$b${time}c$time.d\n</runner>\n")
    told = values(box, "-Cconf")
    assert told["program"] == ["sleep", "5"]
    assert told["logfile"] == "a$b5c5.d"


def test_environment_of_the_caller(box):
    box.write("conf", "<runner>\n program sleep $(SECS)\n</runner>\n")
    assert values_env(box, SECS="7")["program"] == ["sleep", "7"]
    broken(box.zd("-Cconf", "status"), "conf:2", "SECS")
    box.write("conf", 'runner { program = "sleep ${SECS}" }\n')
    assert values_env(box, SECS="7")["program"] == ["sleep", "7"]


def values_env(box, **env):
    result = box.zd("-Cconf", "show", "--json", env=env)
    assert result.status == 0, result
    return {one["name"]: one["value"]
            for one in json.loads(result.out)["options"]}


def test_include_is_relative_to_the_including_file(box):
    os.makedirs(box.at("etc/more"))
    box.write("etc/conf", "%define x 5\n<runner>\n%include more/inner\n"
                          " backoff-limit 4\n</runner>\n")
    box.write("etc/more/inner", "program sleep $x\n%include deeper\n")
    box.write("etc/more/deeper", "logfile log\n")
    where = origins(box, "-Cetc/conf")
    told = values(box, "-Cetc/conf")
    assert told["program"] == ["sleep", "5"]
    assert told["logfile"] == "log"
    assert where["backoff-limit"] == "etc/conf:4"
    assert where["program"].endswith("more/inner:1")
    assert where["logfile"].endswith("more/deeper:1")
    box.write("etc/more/deeper", "# one\nlogfil log\n")
    broken(box.zd("-Cetc/conf", "status"), "deeper:2", "logfil")


def test_native_include(box):
    os.mkdir(box.at("etc"))
    box.write("etc/conf", 'include "inner"\n')
    box.write("etc/inner", "runner {\n program = 'sleep 5'\n}\n")
    assert values(box, "-Cetc/conf")["program"] == ["sleep", "5"]
    assert origins(box, "-Cetc/conf")["program"].endswith("inner:2")


def test_file_url(box):
    box.conf("program sleep 5")
    url = "file://" + box.at("conf").replace(" ", "%20")
    assert values(box, "-C", url)["program"] == ["sleep", "5"]


def test_environment_section(box):
    box.write("classic", "<runner>\n program env\n</runner>\n"
              "<environment>\n A one two # three\n a 'q'\n EMPTY\n"
              "</environment>\n")
    box.write("native", "runner { program = env }\nenvironment {\n"
              " A = 'one two # three'\n a = \"'q'\"\n EMPTY = ''\n}\n")
    for name in ("classic", "native"):
        lines = box.zd("-C", name, "fg").out.splitlines()
        for line in ("A=one two # three", "a='q'", "EMPTY="):
            assert line in lines, name


@pytest.mark.parametrize("text,first,what", [
    ("[program:web]\ncommand=/bin/x y\n", "[program:web]", "a supervisord file"),
    ("# web\n[Unit]\nDescription=web\n", "[Unit]", "a unit file of systemd"),
    ("[x]\na=b\n", "[x]", "an INI file"),
    ("---\nprogram: x\n", "---", "a YAML file"),
    ("program: sleep 5\nx: 1\n", "program:", "a YAML file")])
def test_a_file_of_another_program(box, text, first, what):
    """One line that says so, at its first statement."""
    box.write("other", text)
    line = 1 + text.startswith("#")
    assert box.zd("-Cother", "check").all == (
        f"other:{line}: expected '=' or '{{' after '{first}'; this looks like "
        f"{what}\n")


def test_a_json_file(box):
    box.write("other", '{\n "program": "sleep 5"\n}\n')
    assert box.zd("-Cother", "check").all == (
        "other:1: a name is missing before '{'; this looks like a JSON file\n")


@pytest.mark.parametrize("blank", "\u00a0 \u2007 \u202f \u200b \ufeff".split(" "))
def test_what_passes_for_a_space_is_shown(box, blank):
    """On the command line, in a session and in both syntaxes of a file."""
    shown = f"\\u{{{ord(blank):X}}}"
    told = f" ({shown} is not a plain space)\n"
    box.conf("program sleep 5")
    for result in (box.zd("-Cconf", f"status{blank}--json"),
                   box.run([*box.session(), "-Cconf", "-i"],
                           input=f"status{blank}--json\n")):
        assert f"*** Unknown syntax: status{shown}--json{told}" in result.all
    assert f"'{shown}conf'" in box.zd(f"-C{blank}conf", "status").err
    for text in (f"runner {{\n program{blank} = x\n}}\n",
                 f"<runner>\n program{blank} x\n</runner>\n"):
        box.write("bad", text)
        result = box.zd("-Cbad", "check")
        assert result.out.startswith(f"bad:2: unknown key 'program{shown}'"), result
        assert told in result.out


def test_what_others_have_in_a_file_with_a_schema(box):
    """A file that configures a ZEO server too: -S passes over its packages,
    its sections and its kinds of logs, and only check tells."""
    box.write("zeo", "%import ZEO\n<zeo>\n address 8100\n</zeo>\n<runner>\n"
              " program sleep 100\n</runner>\n<eventlog>\n <rotatelogfile>\n"
              "  path x\n </rotatelogfile>\n <mailing-logger>\n  to me\n"
              " </mailing-logger>\n</eventlog>\n")
    result = box.zd("-S", "zeo.xml", "-Czeo", "check")
    assert result.status == 0, result
    for line in (1, 2, 9, 12):
        assert f"notice: zeo:{line}: " in result.out
    box.up("-S", "zeo.xml", "-Czeo")
    box.down("-S", "zeo.xml", "-Czeo")
    result = box.zd("-Czeo", "status")
    assert result.status == 2 and "%import is not supported" in result.err


def test_a_real_time_signal_asks_the_program_to_end(box):
    """stop-signal and stop-schedule take them by name and number."""
    box.script("app", "trap 'echo asked >>got; exit 0' RTMIN+3\n"
               "echo up >got\nwhile :; do sleep 0.05; done\n")
    for key in ("stop-signal RTMIN+3", "stop-signal sigrtmin+3",
                f"stop-signal {signal.SIGRTMIN + 3}",
                "stop-schedule RTMIN+3/20/KILL"):
        box.conf("program bash ./app", key)
        assert box.zd("-Cconf", "check").status == 0
        box.up("-Cconf")
        until(lambda: box.lines("got"), what="the trap")
        box.down("-Cconf")
        assert box.lines("got") == ["up", "asked"], key
    box.conf("program sleep 100", "stop-signal RTMIN+99")
    result = box.zd("-Cconf", "check")
    assert result.status == 2
    assert (f"'RTMIN+99' is no signal; these are RTMIN to "
            f"RTMIN+{signal.SIGRTMAX - signal.SIGRTMIN}") in result.all


def twice(box, *args):
    """A run with A in its environment twice, which a shell cannot make."""
    code = ("import ctypes, os, sys\n"
            "strings = lambda words: (ctypes.c_char_p * (len(words) + 1))"
            "(*[os.fsencode(w) for w in words], None)\n"
            "env = [f'{k}={v}' for k, v in os.environ.items() if k != 'A']\n"
            "ctypes.CDLL(None).execve(os.fsencode(sys.argv[1]),\n"
            "    strings(sys.argv[1:]), strings(['A=1', 'A=2', *env]))\n")
    return box.run([sys.executable, "-c", code, box.programs.zdaemon, *args])


def test_a_configured_variable_is_the_only_one_of_its_name(box):
    """For the supervisor's program and for fg alike."""
    box.script("app", "cat /proc/$$/environ >seen\nexec sleep 100\n")
    box.conf("program ./app", rest="<environment>\n A 3\n</environment>\n")
    for command in "start", "fg":
        if command == "fg":
            box.script("app", "cat /proc/$$/environ >seen\n")
        assert twice(box, "-Cconf", command).status == 0
        until(lambda: "A=3" in box.read("seen", " "), what="the program")
        found = [one for one in box.read("seen").split("\0") if one[:2] == "A="]
        assert found == ["A=3"]
        os.unlink(box.at("seen"))
        box.down("-Cconf")


def test_environment_is_for_the_program_only(box):
    """A LD_PRELOAD there never reaches the supervisor."""
    box.conf("program sleep 100", rest="<environment>\n XYZZY here\n"
             " LD_PRELOAD /no/such/lib.so\n</environment>\n")
    box.up("-Cconf")
    with open(f"/proc/{box.pid()}/environ", "rb") as file:
        assert b"XYZZY=here" in file.read()
    with open(f"/proc/{box.manager()}/environ", "rb") as file:
        text = file.read()
    assert b"XYZZY" not in text
    assert b"LD_PRELOAD=/no/such/lib.so" not in text


def test_program_is_found_on_the_path_of_its_environment(box):
    os.mkdir(box.at("bin"))
    box.script("bin/my-own-tool", "echo found\n")
    box.conf("program my-own-tool",
             rest=f"<environment>\n PATH {box.path}/bin:/bin\n"
                  "</environment>\n")
    assert box.zd("-Cconf", "fg").out.endswith("\nfound\n")


# --- the event log -----------------------------------------------------------

EVENTLOG = {
    "classic": ("<runner>\n program sleep 100\n{inner}</runner>\n{outer}",
                "<eventlog>\n level {level}\n <logfile>\n  path {path}\n"
                "{more} </logfile>\n</eventlog>\n", "  {key} {value}\n"),
    "native": ("runner {{\n program = 'sleep 100'\n{inner}}}\n{outer}",
               "eventlog {{\n level = {level}\n logfile {{\n"
               "  path = '{path}'\n{more} }}\n}}\n",
               "  {key} = '{value}'\n"),
}


def eventlog(syntax, path, level="info", **more):
    lines = "".join(EVENTLOG[syntax][2].format(key=key, value=value)
                    for key, value in more.items())
    return EVENTLOG[syntax][1].format(path=path, level=level, more=lines)


def with_eventlog(box, syntax, inner="", outer=""):
    box.write("conf", EVENTLOG[syntax][0].format(inner=inner, outer=outer))


@pytest.mark.parametrize("syntax", EVENTLOG)
def test_eventlog_default_form(box, syntax):
    """Six dashes, then time, level, logger name and message."""
    with_eventlog(box, syntax, outer=eventlog(syntax, "event log"))
    pid = box.up("-Cconf")
    until(lambda: "spawned process" in box.read("event log", ""))
    lines = box.lines("event log")
    assert lines[0] == "------"
    stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
    entries = [line for line in lines if line != "------"]
    for line in entries:
        assert re.match(stamp + r" [A-Z]+ \S+ ", line), line
    text = "\n".join(entries)
    assert re.search(r" INFO \S+ daemonizing the process$", text, re.M)
    assert re.search(r" INFO \S+ daemon manager started$", text, re.M)
    assert re.search(rf" INFO \S+ spawned process pid={pid}$", text, re.M)
    box.down("-Cconf")
    text = box.read("event log")
    assert re.search(rf"pid {pid}: terminated by SIGTERM$", text, re.M)
    assert re.search(r"Exiting$", text, re.M)


@pytest.mark.parametrize("syntax", EVENTLOG)
def test_eventlog_format_and_dateformat(box, syntax):
    with_eventlog(box, syntax, outer=eventlog(
        syntax, "events", format="[%(levelname)s] <%(asctime)s> %(message)s",
        dateformat="%Y/%m/%d"))
    pid = box.up("-Cconf")
    line = rf"\[INFO\] <\d{{4}}/\d\d/\d\d> spawned process pid={pid}"
    until(lambda: re.search(f"^{line}$", box.read("events", ""), re.M))


@pytest.mark.parametrize("style,form", [
    ("classic", "%(levelname)-8s|%(message)s 5%%"),
    ("format", "{levelname:8}|{message!s} 5%"),
    ("FORMAT", "{{{levelname: <8}}}|{message:s} {levelno:05d}"),
    ("template", "$levelname $$5|${message}%"),
    ("safe-template", "$levelname $nope ${|$message")])
@pytest.mark.parametrize("syntax", EVENTLOG)
def test_eventlog_style(box, syntax, style, form):
    """As Python's str.format and string.Template print them."""
    written = form.replace("$", "$$") if syntax == "classic" else form
    with_eventlog(box, syntax, outer=eventlog(
        syntax, "events", format=written, style=style))
    pid = box.up("-Cconf")
    entry = {"levelname": "INFO", "levelno": 20,
             "message": f"spawned process pid={pid}"}
    if style == "classic":
        line = form % entry
    elif style.lower() == "format":
        line = form.format(**entry)
    else:
        line = string.Template(form).safe_substitute(entry)
    until(lambda: line in box.read("events", "").splitlines())
    assert "ignored" not in box.zd("-Cconf", "check").all
    box.write("again", box.zd("-Cconf", "show", "config").out)
    assert box.zd("-Cagain", "check").status == 0


@pytest.mark.parametrize("style,form,what", [
    ("format", "{mesage}", "there is no field 'mesage'; did you mean 'message'?"),
    ("format", "{}", "there is no field ''"),
    ("format", "{message", "'{message' is not of the form {name}"),
    ("format", "message}", "'}' is not of the form {name}"),
    ("format", "{message:^9}", "'{message:^9}' is not supported"),
    ("format", "{message:d}", "'{message:d}' is not supported"),
    ("format", "{process:s}", "'{process:s}' is not supported"),
    ("format", "{process:.2d}", "'{process:.2d}' is not supported"),
    ("format", "{message:1000}", "the width or precision after"),
    ("template", "$mesage", "there is no field 'mesage'; did you mean 'message'?"),
    ("template", "5$ $message", "'$ $message' is not of the form $name"),
    ("template", "${message", "'${message' is not of the form $name"),
    ("brace", "x", "'brace' is none of classic format")])
def test_a_format_that_cannot_be_printed(box, style, form, what):
    with_eventlog(box, "native", outer=eventlog(
        "native", "events", format=form, style=style))
    result = box.zd("-Cconf", "check")
    assert result.status == 2 and what in result.out, result


@pytest.mark.parametrize("syntax", EVENTLOG)
def test_eventlog_level(box, syntax):
    with_eventlog(box, syntax, outer=eventlog(syntax, "events", "error"))
    box.up("-Cconf")
    box.down("-Cconf")
    assert "spawned" not in box.read("events", "")


@pytest.mark.parametrize("level", [
    "critical", "fatal", "error", "warn", "warning", "info", "blather",
    "debug", "trace", "all", "notset", "INFO", "0", "20", "50"])
def test_levels_by_name_and_number(box, level):
    with_eventlog(box, "classic", outer=eventlog("classic", "e", level))
    result = box.zd("-Cconf", "status")
    assert (result.status, result.err) == (3, ""), result


@pytest.mark.parametrize("level", ["loud", "51", "-1", "2.5"])
def test_bad_levels(box, level):
    with_eventlog(box, "classic", outer=eventlog("classic", "e", level))
    broken(box.zd("-Cconf", "status"), "conf:5", level)


@pytest.mark.parametrize("syntax", EVENTLOG)
def test_inner_eventlog_beats_the_outer_one(box, syntax):
    with_eventlog(box, syntax, inner=eventlog(syntax, "inner"),
                  outer=eventlog(syntax, "outer"))
    box.up("-Cconf")
    until(lambda: "spawned" in box.read("inner", ""))
    assert not box.exists("outer")


def test_any_number_of_logfiles(box):
    two = ("<eventlog>\n <logfile>\n  path one\n  level error\n </logfile>\n"
           " <logfile>\n  path two\n </logfile>\n</eventlog>\n")
    with_eventlog(box, "classic", outer=two)
    box.up("-Cconf")
    until(lambda: "spawned" in box.read("two", ""))
    assert "spawned" not in box.read("one", "")


def test_eventlog_to_stdout_ends_in_the_transcript(box):
    with_eventlog(box, "classic", inner=" transcript out\n",
                  outer=eventlog("classic", "STDOUT"))
    pid = box.up("-Cconf")
    until(lambda: f"spawned process pid={pid}" in box.read("out", ""))
    assert not box.exists("STDOUT")


def test_eventlog_and_transcript_in_one_file(box):
    """Common in the field: neither overwrites the other."""
    box.script("talk", "echo first; sleep 0.2; echo second; exec sleep 100")
    box.conf("program ./talk", "transcript both",
             rest=eventlog("classic", "both"))
    pid = box.up("-Cconf")
    until(lambda: "second" in box.read("both", ""))
    box.down("-Cconf")
    text = box.read("both")
    assert "\0" not in text
    for line in ("first", "second"):
        assert text.splitlines().count(line) == 1
    assert f"spawned process pid={pid}\n" in text
    assert f"pid {pid}: terminated by SIGTERM\n" in text


def test_syslog_section(box):
    with_eventlog(box, "classic", outer="<eventlog>\n <syslog>\n"
                  "  facility local3\n </syslog>\n</eventlog>\n")
    result = box.zd("-Cconf", "check")
    assert result.status == 0, result


def test_eventlog_keys_of_others_are_accepted(box):
    with_eventlog(box, "classic", outer=eventlog(
        "classic", "events", **{"max-size": "10MB", "old-files": "3",
                                "when": "D", "interval": "1",
                                "style": "classic", "encoding": "utf-8",
                                "delay": "no"}))
    result = box.zd("-Cconf", "status")
    assert (result.status, result.err) == (3, ""), result


def test_status_and_show_leave_the_log_alone(box):
    with_eventlog(box, "classic", outer=eventlog("classic", "events"))
    box.up("-Cconf")
    before = until(lambda: "spawned" in box.read("events", "")
                   and box.read("events"))
    for command in ("status", "show", "check"):
        box.zd("-Cconf", command)
    assert box.read("events") == before


def test_a_bad_eventlog_path_is_told(box):
    with_eventlog(box, "classic", outer=eventlog("classic", "no/such/log"))
    result = box.zd("-Cconf", "start")
    assert result.status in (1, 2), result
    assert "no/such/log" in result.all
    assert "No such file or directory" in result.all


# --- bad files ---------------------------------------------------------------

BAD = [
    # text, line, words of the message
    ("<runner>\n program x\n backof-limit 3\n</runner>\n", 3,
     ["backof-limit", "backoff-limit"]),
    ("<runner>\n program x\n program y\n</runner>\n", 3, ["program"]),
    ("<runner>\n</runner>\n<runner>\n</runner>\n", 3, ["runner"]),
    ("<runner>\n program x\n", 1, ["runner"]),
    ("<runner>\n</environment>\n", 2, ["environment"]),
    ("<runer>\n</runer>\n", 1, ["runer", "runner"]),
    ("<runner>\n <nested>\n </nested>\n</runner>\n", 2, ["nested"]),
    ("</runner>\n", 1, ["runner"]),
    ("<runner\n program x\n</runner>\n", 1, []),
    ("<runner>\n backoff-limit 1o\n</runner>\n", 2,
     ["backoff-limit", "1o"]),
    ("<runner>\n umask 999\n</runner>\n", 2, ["umask", "999"]),
    ("<runner>\n exit-codes 1,b\n</runner>\n", 2, ["exit-codes", "b"]),
    ("<runner>\n stop-timeout soon\n</runner>\n", 2,
     ["stop-timeout", "soon"]),
    ("<runner>\n program $nope\n</runner>\n", 2, ["nope"]),
    ("<runner>\n program a$\n</runner>\n", 2, ["$"]),
    ("<runner>\n program ${nope\n</runner>\n", 2, []),
    ("%define x 1\n%define x 2\n<runner>\n</runner>\n", 2, ["x"]),
    ("%define 9- 2\n<runner>\n</runner>\n", 1, []),
    ("%nonsense x\n<runner>\n</runner>\n", 1, ["nonsense"]),
    ("%import some.package\n<runner>\n</runner>\n", 1, ["import"]),
    ("<runner>\n</runner>\n%include nowhere\n", 3,
     ["nowhere", "No such file or directory"]),
    ("<runner>\n%include .\n</runner>\n", 2, ["directory"]),
    ("<environment>\n A 1\n A 2\n</environment>\n", 3, ["A"]),
    ("<runner>\n</runner>\ngarbage\n", 3, ["garbage"]),
    ("runner {\n  program = 'x'\n  backof-limit = 3\n}\n", 3,
     ["backof-limit", "backoff-limit"]),
    ("# one\n# two\nrunner {\n  /* three */\n  umask = 999\n}\n", 5,
     ["umask", "999"]),
    ("runner {\n  program = 'x'\n", 1, []),
    ("runner {\n  program = 'x\n}\n", 2, []),
    ("runner {\n  program = \"x\n}\n", 2, []),
    ("/* never\nclosed\n", 1, []),
    ("runner {\n}\n}\n", 3, []),
    ("runner {\n  program = sleep 100\n}\n", 2, ["100"]),
    ("runner {\n  directory = /a/*\n}\n", 2, ["*"]),
    ("runner {\n  backoff-limit = 0x10\n}\n", 2, ["0x10"]),
    ("runner {\n  backoff-limit = 3\n  backoff-limit = 4\n}\n", 3,
     ["backoff-limit"]),
    ("runner {\n}\nrunner {\n}\n", 3, ["runner"]),
    ("runer {\n}\n", 1, ["runer", "runner"]),
    ("program = 'sleep 5'\n", 1, ["program"]),
    ("sleep 100\n", 1, []),
    ("runner {\n  forever\n}\n", 3, []),
    ("include 'nowhere'\n", 1, ["nowhere", "No such file or directory"]),
    ("eventlog {\n  logfile {\n    pth = 'x'\n  }\n}\n", 3,
     ["pth", "path"]),
]


@pytest.mark.parametrize("text,line,words", BAD,
                         ids=[str(n) for n in range(len(BAD))])
def test_bad_files(box, text, line, words):
    box.write("conf", text)
    if text == "runner {\n  forever\n}\n":    # told at the brace or the key
        result = box.zd("-Cconf", "status")
        broken(result, "conf:")
        assert re.search(r"conf:[23]: ", result.err), result
        return
    broken(box.zd("-Cconf", "status"), f"conf:{line}: ", *words)


@pytest.mark.parametrize("make,words", [
    ("missing", ["No such file or directory"]),
    ("directory", ["directory"]),
    ("zero", []),
    ("fifo", []),
    ("sparse", []),
    ("unreadable", ["Permission denied"]),
    ("loop", ["conf:1"]),
    ("ring", []),
    ("nul", ["conf:2"]),
    ("bytes", ["conf:"]),
    ("many", []),
    ("deep", []),
    ("deep-native", []),
    ("long-line", []),
    ("links", []),
])
def test_hostile_files(nobody, make, words):
    """One clear line each, in well under a second."""
    box = nobody
    name = "conf"
    if make == "directory":
        os.mkdir(box.at("conf"))
    elif make == "zero":
        name = "/dev/zero"
    elif make == "fifo":
        os.mkfifo(box.at("conf"))
    elif make == "sparse":
        with open(box.at("conf"), "wb") as file:
            file.truncate(1 << 30)
    elif make == "unreadable":
        if not ROOT:
            os.chmod(box.write("conf", ""), 0)
        else:
            os.chown(box.write("conf", ""), 0, 0)
            os.chmod(box.at("conf"), 0o600)
    elif make == "loop":
        box.write("conf", "%include conf\n<runner>\n</runner>\n")
    elif make == "ring":
        box.write("conf", "%include a\n")
        box.write("a", "%include b\n")
        box.write("b", "%include a\n")
    elif make == "nul":
        box.write("conf", b"<runner>\n program a\0b\n</runner>\n")
    elif make == "bytes":
        box.write("conf", bytes(random.Random(7).randbytes(4000)))
    elif make == "many":
        keys = "".join(f" K{n} {n}\n" for n in range(20000))
        box.write("conf", "<environment>\n" + keys + "</environment>\n")
    elif make == "deep":
        box.write("conf", "<runner>\n" + "<eventlog>\n" * 20000)
    elif make == "deep-native":
        box.write("conf", "runner {\n" * 20000)
    elif make == "long-line":
        box.write("conf", "<runner>\n nonsense " + "x" * 500000 +
                  "\n</runner>\n")
    elif make == "links":
        os.symlink("conf", box.at("conf"))
    result = box.zd("-C", name, "status", timeout=10)
    broken(result, *words)
    assert name in result.err or make == "ring", result
    assert len(result.err) < 1000
    assert all(c == "\n" or c.isprintable() for c in result.err), result


def test_byte_order_mark_is_no_trap(box):
    """Taken away or named, never part of the first name."""
    for text in ("<runner>\n program sleep 5\n</runner>\n",
                 "runner { program = 'sleep 5' }\n"):
        box.write("conf", b"\xef\xbb\xbf" + text.encode())
        result = box.zd("-Cconf", "show", "--json")
        if result.status == 0:
            assert '"sleep"' in result.out
        else:
            broken(result, "conf:1")
            assert "byte order mark" in result.err


def test_many_variables_within_the_limit(box):
    keys = "".join(f" K{n} {n}\n" for n in range(900))
    box.conf("program env", rest=f"<environment>\n{keys}</environment>\n")
    result = box.zd("-Cconf", "fg")
    assert "K899=899" in result.out.splitlines(), result.err
    assert result.effort < 1


# --- check -------------------------------------------------------------------

SEVEN = [
    ("<runner>\n  program sleep 5\n  backof-limit 3\n  umask 999\n"
     "  forever maybe\n  exit-codes x\n  stop-timeout soon\n"
     "  logfile $nope\n  backoff-limit 1o\n</runner>\n",
     [3, 4, 5, 6, 7, 8, 9]),
    ("runner {\n  program = 'sleep 5'\n  backof-limit = 3\n  umask = 999\n"
     "  forever = maybe\n  exit-codes = {x}\n  stop-timeout = soon\n"
     "  start-seconds = never\n  backoff-limit = 1o\n}\n",
     [3, 4, 5, 6, 7, 8, 9]),
]


@pytest.mark.parametrize("text,lines", SEVEN, ids=["classic", "native"])
def test_check_tells_all_problems(box, text, lines):
    """Seven different faults: seven lines, each with file and line."""
    box.write("conf", text)
    result = box.zd("-Cconf", "check")
    assert result.status == 2, result
    told = [int(n) for n in re.findall(r"^(?:Error: )?conf:(\d+): ",
                                       result.all, re.M)]
    assert told == lines, result


@pytest.mark.parametrize("text", [
    "<runner>\n program sleep 5\n</runner>\n",
    "runner { program = 'sleep 5' }\n"])
def test_check_of_a_good_file(box, text):
    box.write("conf", text)
    result = box.zd("-Cconf", "check")
    assert (result.status, result.err) == (0, ""), result


@pytest.mark.parametrize("words", [["check", "--json"], ["--json", "check"]])
def test_check_for_machines(box, words):
    box.write("conf", "<runner>\n program sleep 5\n pogram x\n"
              " python /usr/bin/python\n</runner>\n")
    result = box.zd("-Cconf", *words)
    assert (result.status, result.err) == (2, ""), result
    told = json.loads(result.out)
    assert (told["config"], told["errors"]) == ("conf", 1)
    assert [(one["severity"], one["file"], one["line"])
            for one in told["problems"]] == [("error", "conf", 3),
                                             ("notice", "conf", 4)]
    assert "'pogram'" in told["problems"][0]["text"]
    good = json.loads(box.zd("-p", "sleep 5", *words).out)
    assert good == {"config": None, "errors": 0, "problems": []}


def test_check_without_a_file(box):
    assert box.zd("-p", "sleep 5", "check").status == 0


def test_check_looks_across_keys(box):
    """What only the system can tell has its line too."""
    box.conf("program sleep 5", "user no-such-user", "directory no/such/deep")
    result = box.zd("-Cconf", "check")
    assert result.status == 2, result
    assert re.search(r"conf:3: .*no-such-user", result.all)
    assert re.search(r"conf:4: .*no/such", result.all)


def test_check_names_what_has_no_effect(box):
    box.conf("program sleep 5", "python /usr/bin/python", rest=eventlog(
        "classic", "events", **{"old-files": "3"}))
    result = box.zd("-Cconf", "check")
    assert result.status == 0, result
    assert re.search(r"conf:3: .*python", result.all), result
    assert re.search(r"conf:\d+: .*old-files", result.all), result


@pytest.mark.parametrize("keys,line,what", [
    (["program ./no-such-thing"], 2,
     "program: unable to execute './no-such-thing': No such file or directory"),
    (["program ./plain"], 2, "program: unable to execute './plain': Permission "
     "denied (it has no execute permission)"),
    (["program ./windows"], 2, "its interpreter is '/bin/sh' with a carriage"),
    (["program sleep 5", "start-test-program ./no-such-test"], 3,
     "start-test-program: unable to execute './no-such-test': No such file"),
    (["program sleep 5", "transcript t", "transcript-compress no-such-zip"], 4,
     "transcript-compress: unable to execute 'no-such-zip': No such file"),
    (["program sleep 5", "directory plain"], 3,
     "directory: unable to change into 'plain': Not a directory"),
    (["program sleep 5", "transcript missing/t"], 3,
     "transcript: unable to open 'missing/t': No such file or directory"),
    (["program sleep 5", "transcript closed"], 3,
     "transcript: unable to open 'closed': Permission denied"),
    (["program sleep 5", "transcript ."], 3,
     "transcript: unable to open '.': Is a directory"),
    (["program sleep 5", "socket-name plain"], 3,
     "socket-name: unable to make 'plain': there is a file that is no socket"),
    (["program sleep 5", "socket-name plain/s"], 3,
     "socket-name: unable to make 'plain/s': Not a directory"),
    (["program sleep 5", "<eventlog>", "<logfile>", "path missing/e",
      "</logfile>", "</eventlog>"], 4,
     "path: unable to open 'missing/e': No such file or directory")])
def test_check_tries_what_can_be_tried(nobody, keys, line, what):
    """What start would fail at, found before, at the line that says it."""
    box = nobody
    box.write("plain", "x\n", 0o644)
    box.write("closed", "x\n", 0)
    box.write("windows", "#!/bin/sh\r\n", 0o755)
    box.conf(*keys)
    result = box.zd("-Cconf", "check")
    assert result.status == 2, result
    assert re.search(rf"^conf:{line}: .*{re.escape(what)}", result.out, re.M), result


@pytest.mark.parametrize("name,why", [
    ("folder", "Is a directory"), ("closed/pid", "Permission denied")])
def test_check_warns_of_a_pid_file(nobody, name, why):
    """A warning: the program runs without it."""
    box = nobody
    os.mkdir(box.at("folder"))
    os.mkdir(box.at("closed"), 0o555)
    box.conf("program sleep 5", f"pid-file {name}")
    result = box.zd("-Cconf", "check")
    assert result.status == 0, result
    assert f"warning: conf:3: pid-file: unable to write '{name}': {why}" in (
        result.out), result


@pytest.mark.parametrize("change,told", [
    ("cp broken conf", "conf:3: unknown key 'pogram'"),
    ("rm conf", "unable to open 'conf': No such file or directory")])
def test_check_reads_the_file_anew_in_a_session(box, change, told):
    box.conf("program sleep 5")
    box.conf("program sleep 5", "pogram x", name="broken")
    result = box.run([*box.session(), "-Cconf", "-i"],
                     input=f"check\n!{change}\ncheck\n")
    assert result.out.startswith("conf: no errors\n" + told), result


@pytest.mark.skipif(not ROOT, reason="needs root")
@pytest.mark.parametrize("session", [False, True])
def test_check_looks_as_the_user(box, session):
    """Root could write there; the user of the program cannot."""
    box.write("roots", "x\n", 0o600)
    os.chmod(box.path, 0o755)
    box.conf("program sleep 5", "user nobody", "transcript roots",
             "socket-name /tmp/no-such-socket-of-a-test")
    os.chmod(box.at("conf"), 0o600)
    result = (box.run([*box.session(), "-Cconf", "-i"], input="check\n")
              if session else box.zd("-Cconf", "check"))
    assert "transcript: unable to open 'roots': Permission denied" in result.all


def test_check_changes_nothing(box):
    box.conf("program sleep 5", "directory new", "transcript out",
             "socket-name run/sock")
    box.zd("-Cconf", "check")
    assert box.listing() == ["conf"]


# --- show --------------------------------------------------------------------

def test_show_options_tells_value_and_origin(box):
    box.conf("program sleep 100", "backoff-limit 4", "directory a b")
    result = box.zd("-Cconf", "-Xforever=yes", "-t", "out", "show", "options")
    assert (result.status, result.err) == (0, "")
    told = {}
    for line in result.out.splitlines():
        found = re.fullmatch(r"(\S+)\s+=\s+(.*?)\s+# (.*)", line)
        if found:
            told[found.group(1)] = found.group(2, 3)
    assert told["backoff-limit"] == ("4", "conf:3")
    assert told["forever"][1] == "-X"
    assert told["transcript"][1] == "command line"
    assert told["umask"][1] == "default"
    assert "sleep" in told["program"][0] and "100" in told["program"][0]
    assert told["program"][1] == "conf:2"
    assert "a b" in told["directory"][0]
    assert box.zd("-Cconf", "-Xforever=yes", "-t", "out", "show").out == (
        result.out)


def test_show_json(box):
    box.conf("program sleep 100", "stop-timeout 1500ms", "umask 027")
    told = show(box, "-Cconf")
    assert set(told) == {"config", "options"}
    assert told["config"] == "conf"
    for one in told["options"]:
        assert set(one) >= {"name", "value", "origin"}
    first = {one["name"]: one for one in told["options"]}
    assert first["program"] == {"name": "program",
                                "value": ["sleep", "100"],
                                "origin": "conf:2"}
    assert first["stop-timeout"]["value"] == 1.5
    assert first["umask"]["value"] in ("027", "0027")
    assert first["user"]["value"] is None
    assert box.zd("-Cconf", "--json", "show").out == (
        box.zd("-Cconf", "show", "--json").out)
    assert show(box)["config"] is None


def test_json_keeps_bytes_that_are_no_text(box):
    box.write("conf", b"<runner>\n logfile a\xffb\n</runner>\n")
    first = {one["name"]: one for one in show(box, "-Cconf")["options"]}
    assert first["logfile"]["value"] == "a\ufffdb"
    assert first["logfile"]["value_base64"] == "Yf9i"


def test_show_of_an_unknown_topic(box):
    result = box.zd("show", "nonsense")
    assert result.status in (1, 2), result
    assert "nonsense" in result.all
    assert "Traceback" not in result.all and "attribute" not in result.all


def test_show_config_is_native_and_reads_back(box):
    box.write("conf", """
%define home /srv
<runner>
  program $home/bin/run "a b" it's $$x {y} \\ #
  backoff-limit 4
  exit-codes
  umask 027
  stop-timeout 1500ms
  prompt %n> "
</runner>
<environment>
  PATH /bin:/usr/bin
  Q it's "$$" ${home} \\ #
</environment>
<eventlog>
  level debug
  <logfile>
    path events
    format %(message)s
  </logfile>
  <logfile>
    path STDOUT
    level warn
  </logfile>
</eventlog>
""")
    result = box.zd("-Cconf", "show", "config")
    assert (result.status, result.err) == (0, "")
    assert re.search(r"^runner\s*\{", result.out, re.M)
    box.write("again", result.out)
    # All of it is understood; there is just no such program here.
    check = box.zd("-Cagain", "check", "--json")
    assert [one["text"] for one in json.loads(check.out)["problems"]] == [
        "program: unable to execute '/srv/bin/run': No such file or directory"]
    assert values(box, "-Cagain") == values(box, "-Cconf")
    assert values(box, "-Cagain")["program"] == [
        "/srv/bin/run", '"a', 'b"', "it's", "$x", "{y}", "\\", "#"]
    assert box.zd("-Cagain", "show", "config").out == result.out
    for name in ("conf", "again"):
        lines = box.zd("-C", name, "-penv", "fg").out.splitlines()
        assert 'Q=it\'s "$" /srv \\ #' in lines


def some_text(chance):
    parts = ["a", "B7", " ", "  ", "'", '"', "\\", "$", "${x}", "#", "{", "}",
             "=", ",", "*", "//", "/*", "é", "\u202e", "%", "(", ")", "+",
             "~", ";", "|", "\t", "-", "\x7f", "\x1b"]
    text = "".join(chance.choice(parts) for _ in range(chance.randint(1, 9)))
    return text.strip() or "x"


def quoted(text):
    """A native value: single quotes, in which only \\ and ' are special."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


@pytest.mark.parametrize("seed", range(12))
def test_show_config_property(box, seed):
    """parse(print(x)) is x, for random values of every key."""
    chance = random.Random(seed)
    words = [some_text(chance) for _ in range(chance.randint(1, 5))]
    lines = ["program = {" + ", ".join(map(quoted, words)) + "}",
             "start-test-program = {" + quoted(some_text(chance)) + "}",
             "socket-name = " + quoted("s" + some_text(chance).replace(
                 "/", "-")),
             "logfile = " + quoted(some_text(chance)),
             "transcript = " + quoted(some_text(chance)),
             "prompt = " + quoted(some_text(chance)),
             "pid-file = " + quoted(some_text(chance)),
             "backoff-limit = %d" % chance.randint(1, 10000),
             "umask = %o" % chance.randint(0, 0o777),
             "exit-codes = {" + ", ".join(
                 str(chance.randint(0, 255))
                 for _ in range(chance.randint(0, 5))) + "}",
             "forever = " + chance.choice(["on", "off"]),
             "hang-around = " + chance.choice(["yes", "no"]),
             "start-seconds = %dms" % chance.randint(0, 100000),
             "stop-timeout = %d" % chance.randint(0, 100000)]
    pairs = ["V%d = %s" % (n, quoted(some_text(chance))) for n in range(4)]
    chance.shuffle(lines)
    box.write("conf", "runner {\n" + "\n".join(lines) +
              "\n}\nenvironment {\n" + "\n".join(pairs) + "\n}\n")
    told = values(box, "-Cconf")
    assert told["program"] == words
    printed = box.zd("-Cconf", "show", "config")
    assert printed.status == 0, printed
    box.write("again", printed.out.encode("utf-8", "surrogateescape"))
    assert values(box, "-Cagain") == told
    assert box.zd("-Cagain", "show", "config").out == printed.out


# --- broken files and commands -------------------------------------------------

def test_every_command_refuses_a_broken_file(box):
    box.conf("program sleep 5", "nonsense 3")
    for command in ("start", "stop", "status", "restart", "kill", "fg",
                    "wait", "logtail", "reopen_transcript", "show"):
        broken(box.zd("-Cconf", command), "conf:3", "nonsense")
    broken(box.zd("-Cconf"), "conf:3", "nonsense")
    for command in ("help", "version"):
        assert box.zd("-Cconf", command).status in (0, 2), command


def test_a_world_writable_file_is_refused_by_root(box):
    os.chmod(box.write("conf", "<runner>\n program sleep 5\n</runner>\n"),
             0o666)
    result = box.zd("-Cconf", "status")
    if ROOT:
        assert result.status == 2, result
        assert "conf" in result.err and "writ" in result.err
    else:
        assert result.status == 3, result
