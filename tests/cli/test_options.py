"""The command line: every option, the forms it may take, what is refused."""

import json
import os
import pwd
import re

import pytest

from support import ROOT, until


def refused(result, *needles):
    """A usage error: two lines of a fixed form, nothing else, status 2."""
    assert result.status == 2, result
    assert result.out == "", result
    lines = result.err.splitlines()
    assert len(lines) == 2, result
    assert lines[0].startswith("Error: "), result
    assert lines[1] == f"For help, use {result.argv[0]} -h", result
    for needle in needles:
        assert needle in lines[0], result
    assert result.effort < 1, result


def values(box, *args):
    """{name: value} of show --json under these options."""
    result = box.zd(*args, "show", "--json")
    assert result.status == 0, result
    return {one["name"]: one["value"]
            for one in json.loads(result.out)["options"]}


def origins(box, *args):
    result = box.zd(*args, "show", "--json")
    assert result.status == 0, result
    return {one["name"]: one["origin"]
            for one in json.loads(result.out)["options"]}


# short, long, argument, key, value as JSON shows it
OPTIONS = [
    ("-b", "--backoff-limit", "7", "backoff-limit", 7),
    ("-f", "--forever", None, "forever", True),
    ("-l", "--logfile", "some log", "logfile", "some log"),
    ("-m", "--umask", "027", "umask", "027"),
    ("-p", "--program", "sleep 5", "program", ["sleep", "5"]),
    ("-s", "--socket-name", "sock", "socket-name", "sock"),
    ("-t", "--transcript", "out", "transcript", "out"),
    ("-T", "--start-timeout", "9", "start-timeout", 9),
    ("-x", "--exit-codes", "3,4", "exit-codes", [3, 4]),
    ("-z", "--directory", "sub", "directory", "sub"),
    ("-d", "--daemon", None, "daemon", True),
]


def same(value, wanted):
    if isinstance(wanted, str) and wanted.isdigit():     # octal, as a string
        return isinstance(value, str) and int(value, 8) == int(wanted, 8)
    return value == wanted


@pytest.mark.parametrize("short,long,argument,key,wanted", OPTIONS)
def test_each_form(box, short, long, argument, key, wanted):
    if argument is None:
        forms = [[short], [long], [long[:-1]]]
    else:
        forms = [[short, argument], [short + argument], [long, argument],
                 [f"{long}={argument}"], [f"{long[:-2]}={argument}"]]
    for form in forms:
        assert same(values(box, *form)[key], wanted), form
        assert origins(box, *form)[key] == "command line", form


@pytest.mark.parametrize("short,long,argument,key,wanted", OPTIONS)
def test_missing_argument(box, short, long, argument, key, wanted):
    if argument is None:
        refused(box.zd(f"{long}=yes", "status"), long)
    else:
        refused(box.zd(short), short)
        refused(box.zd(long), long)


@pytest.mark.parametrize("short,long,argument,key,wanted", OPTIONS)
def test_same_value_again_is_accepted(box, short, long, argument, key,
                                      wanted):
    form = [] if argument is None else [argument]
    assert same(values(box, short, *form, long, *form)[key], wanted)


@pytest.mark.parametrize("short,first,second", [
    ("-b", "3", "4"), ("-l", "a", "b"), ("-m", "022", "027"),
    ("-p", "sleep 1", "sleep 2"), ("-s", "a", "b"), ("-t", "a", "b"),
    ("-T", "1", "2"), ("-x", "1", "2"), ("-z", "a", "b")])
def test_conflicting_values(box, short, first, second):
    refused(box.zd(short, first, short, second, "status"), "conflicting",
            short)


def test_program_is_compared_by_its_words(box):
    assert values(box, "-p", "sleep 5", "-p", " sleep  5 ")["program"] == [
        "sleep", "5"]


def test_bundled_and_joined(box):
    box.conf("program sleep 5")
    told = values(box, "-dfCconf")
    assert told["forever"] is True
    assert told["program"] == ["sleep", "5"]


@pytest.mark.parametrize("form", [
    ["-C", "conf"], ["-Cconf"], ["--configure", "conf"],
    ["--configure=conf"], ["--conf", "conf"], ["--c", "conf"],
    ["--c=conf"]])
def test_configure_forms(box, form):
    box.conf("program sleep 5")
    assert values(box, *form)["program"] == ["sleep", "5"]


ZDAEMONS = ["backoff-limit", "configure", "daemon", "directory",
            "exit-codes", "forever", "help", "interactive", "logfile",
            "program", "schema", "socket-name", "start-timeout",
            "transcript", "umask", "user", "version"]


def unique_prefixes(name):
    for end in range(1, len(name)):
        if [one for one in ZDAEMONS if one.startswith(name[:end])] == [name]:
            yield "--" + name[:end]


@pytest.mark.parametrize("name", ZDAEMONS)
def test_unique_prefixes_of_zdaemon_stay(box, name):
    """Our own long options never take a prefix that scripts may use."""
    box.conf("program sleep 5")
    arguments = {long[2:]: (argument, wanted)
                 for _, long, argument, _, wanted in OPTIONS}
    for prefix in unique_prefixes(name):
        if name in arguments:
            argument, wanted = arguments[name]
            form = [prefix] if argument is None else [prefix, argument]
            assert same(values(box, *form)[name], wanted), prefix
        elif name == "configure":
            assert values(box, prefix, "conf")["program"] == ["sleep", "5"]
        elif name == "user":
            refused(box.zd(prefix, "no-such-user", "status"), "no-such-user")
        elif name == "schema":
            assert box.zd(prefix, "x", "status").status == 3, prefix
        elif name == "interactive":
            result = box.zd(prefix, input="version\n")
            assert result.status == 0, prefix
        else:       # help, version
            assert box.zd(prefix).out == box.zd("--" + name).out != ""


@pytest.mark.parametrize("prefix", ["--s", "--d", "--u"])
def test_ambiguous_prefix(box, prefix):
    refused(box.zd(prefix, "x", "status"), prefix)


def test_unknown_options(box):
    refused(box.zd("-Q", "status"), "Q")
    refused(box.zd("--nonsense", "status"), "nonsense")
    refused(box.zd("-dQ", "status"), "Q")


def test_unknown_option_names_the_nearest(box):
    refused(box.zd("--sokcet-name", "x", "status"), "sokcet-name",
            "socket-name")


@pytest.mark.parametrize("option,value", [
    ("-b", "1o"), ("-b", ""), ("-b", "1.5"), ("-b", "99999999999999999999"),
    ("-m", "9"), ("-m", "rwx"), ("-m", ""), ("-m", "0x12"), ("-m", "77777"),
    ("-x", "a"), ("-x", "1,b"), ("-T", "soon"), ("-T", "5 parsecs"),
    ("--color", "mauve")])
def test_bad_values(box, option, value):
    typed = f"{option}={value}" if option.startswith("--") else None
    args = [typed] if typed else [option, value]
    refused(box.zd(*args, "status"), option, value)


def test_bad_value_names_the_option_as_typed(box):
    refused(box.zd("--backoff-limit=x", "status"), "--backoff-limit", "x")
    refused(box.zd("-bx", "status"), "-b")


def test_backoff_limit_may_be_negative(box):
    assert values(box, "-b", "-1")["backoff-limit"] == -1


def test_exit_codes_may_be_empty(box):
    assert values(box, "-x", "")["exit-codes"] == []


def test_exit_codes_are_parted_by_commas(box):
    assert values(box, "-x", " 0 , 2,-1 ")["exit-codes"] == [0, 2, -1]
    box.write("native", "runner { exit-codes = {0, 2, -1} }\n")
    assert values(box, "-Cnative")["exit-codes"] == [0, 2, -1]
    for text in "0 2", "0,", ",2", "0,,2", "-2", "256":
        result = box.zd("-x", text, "status")
        assert result.status == 2 and f"'{text}'" in result.err, result


@pytest.mark.parametrize("text", ["27", "027", "0o27", "0O027"])
def test_umask_as_octal_is_written(box, text):
    assert values(box, "-m", text)["umask"] == values(box, "-m", "27")["umask"]


def test_umask_zero_is_a_value(box):
    assert int(values(box, "-m", "0")["umask"], 8) == 0


def test_durations_with_units(box):
    assert values(box, "-T", "2m")["start-timeout"] == 120
    assert values(box, "-T", "1500ms")["start-timeout"] == 1.5


def test_defaults(box):
    told = values(box)
    assert told["backoff-limit"] == 10
    assert told["daemon"] is True
    assert told["directory"] is None
    assert told["exit-codes"] == [0, 2]
    assert told["forever"] is False
    assert told["hang-around"] is False
    assert told["default-to-interactive"] is True
    assert told["logfile"] is None
    assert told["program"] in (None, [])
    assert told["socket-name"] == "zdsock"
    assert told["start-seconds"] == 0.25
    assert told["start-timeout"] == 300
    assert told["stop-timeout"] == 300
    assert told["transcript"] in (None, "/dev/null")
    assert int(told["umask"], 8) == 0o022
    assert told["user"] is None
    assert set(origins(box).values()) == {"default"}


@pytest.mark.parametrize("form", ["-h", "--help", "--he"])
def test_help(box, form):
    result = box.zd(form)
    assert (result.status, result.err) == (0, "")
    for option in ("-b", "-C", "-d", "-f", "-h", "-i", "-l", "-m", "-p",
                   "-s", "-S", "-t", "-T", "-u", "-x", "-X", "-z",
                   "--backoff-limit", "--configure", "--daemon", "--forever",
                   "--help", "--interactive", "--logfile", "--umask",
                   "--program", "--socket-name", "--schema", "--transcript",
                   "--start-timeout", "--user", "--exit-codes", "--version",
                   "--directory", "--json", "--plain", "--color", "-y",
                   "-c"):
        assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])",
                         result.out), option
    assert re.search(r"\bstart\b", result.out)
    assert not [line for line in result.out.splitlines()
                if len(line) > 80 and box.programs.zdaemon not in line]


def test_help_wins_over_what_follows(box):
    assert box.zd("-h", "--nonsense").status == 0


def test_version(box, source):
    with open(os.path.join(source, "configure.ac")) as file:
        version = re.search(r"AC_INIT\(\[zdaemon\], \[([^]]+)\]",
                            file.read()).group(1)
    for form in (["--version"], ["version"]):
        result = box.zd(*form)
        assert (result.status, result.err) == (0, "")
        assert len(result.out.splitlines()) == 1
        assert version in result.out.split()


def test_options_end_at_the_first_word(box):
    """`kill -234` and `fg -h` hand the word on."""
    result = box.zd("kill", "-234")
    assert result.status == 2
    assert "invalid signal '-234'" in result.all
    result = box.zd("-p", "echo", "fg", "-h", "-b", "x", "--", "--version")
    assert result.status == 0
    assert result.out == ("echo -h -b x -- --version\n"
                          "-h -b x -- --version\n")


def test_two_dashes_end_the_options(box):
    result = box.zd("-p", "echo", "--", "fg", "x")
    assert (result.status, result.out) == (0, "echo x\nx\n")


def test_no_program(box):
    for command in ("start", "restart", "fg", "foreground"):
        refused(box.zd(command), "program")


def test_program_is_not_needed_to_ask(box):
    """`-s SOCKET status` works alone, and so do all but three commands."""
    box.up("-p", "sleep 100", "-s", "sock")
    assert box.zd("-s", "sock", "status").status == 0
    assert box.zd("-s", "sock", "stop").status == 0
    assert box.zd("-s", "sock", "status").status == 3


def test_override(box):
    box.conf("program sleep 5", "backoff-limit 3")
    told = values(box, "-Cconf", "-X", "runner/backoff-limit=4",
                  "-Xforever=yes")
    assert told["backoff-limit"] == 4
    assert told["forever"] is True
    where = origins(box, "-Cconf", "-X", "backoff-limit=4")
    assert where["backoff-limit"] == "-X"
    assert where["program"] == "conf:2"


def test_named_option_is_stronger_than_override(box):
    box.conf("program sleep 5", "backoff-limit 3")
    for args in (["-b", "5", "-X", "runner/backoff-limit=4"],
                 ["-X", "runner/backoff-limit=4", "-b", "5"]):
        assert values(box, "-Cconf", *args)["backoff-limit"] == 5


def test_override_of_native_file(box):
    box.write("conf", 'runner { program = "sleep 5" }\n')
    assert values(box, "-Cconf", "-X", "backoff-limit=4")[
        "backoff-limit"] == 4


def test_override_reaches_the_supervisor(box):
    box.conf("program sleep 100", "backoff-limit 3")
    box.up("-Cconf", "-X", "runner/backoff-limit=4")
    assert box.status()["backofflimit"] == "4"


@pytest.mark.parametrize("override", [
    "runner/nonsense=1", "nonsense=1", "runner//backoff-limit=1",
    "runner/backoff-limit", "runner/backoff-limit=x", "=1", "",
    "nonsense/backoff-limit=1", "runner/umask=9"])
def test_bad_overrides(box, override):
    box.conf("program sleep 5")
    refused(box.zd("-Cconf", "-X", override, "status"))


def test_override_given_twice(box):
    box.conf("program sleep 5")
    refused(box.zd("-Cconf", "-Xbackoff-limit=1", "-Xbackoff-limit=2",
                   "status"), "backoff-limit")


def test_override_needs_a_file(box):
    refused(box.zd("-Xbackoff-limit=1", "status"), "-X")


def test_schema_is_accepted_in_silence(box):
    box.conf("program sleep 5")
    result = box.zd("-S", "/no/such/schema.xml", "-Cconf", "status")
    assert (result.status, result.out, result.err) == (
        3, "daemon manager not running\n", "")


def test_schema_makes_foreign_sections_welcome(box):
    """A file that also configures the program itself."""
    text = ("<zodb main>\n  <filestorage>\n    path x\n  </filestorage>\n"
            "</zodb>\n")
    box.conf("program sleep 5", rest=text)
    refused(box.zd("-Cconf", "status"), "conf:4", "zodb")
    assert values(box, "-Sx", "-Cconf")["program"] == ["sleep", "5"]
    box.conf("nonsense 5", rest=text)
    refused(box.zd("-Sx", "-Cconf", "status"), "conf:2", "nonsense")


def test_directory_and_socket_parents(box):
    """One missing level is made on start, two are refused."""
    refused(box.zd("-p", "sleep 100", "-z", "no/such/deep", "start"),
            "no/such")
    refused(box.zd("-p", "sleep 100", "-s", "no/such/sock", "start"),
            "no/such")
    box.up("-p", "sleep 100", "-z", "new", "-s", "run/sock")
    assert os.path.isdir(box.at("new"))
    assert os.path.isdir(box.at("run"))
    pid = box.pid("run/sock")
    assert os.readlink(f"/proc/{pid}/cwd") == box.at("new")
    assert box.down("-s", "run/sock").status == 0


def test_asking_makes_no_directory(box):
    assert box.zd("-z", "new", "-s", "run/sock", "status").status == 3
    assert box.listing() == []


def test_options_reach_the_supervisor(box):
    """What is typed for `start` is what the program gets."""
    os.mkdir(box.at("sub"))
    box.up("-p", "sleep 100", "-b", "7", "-m", "027", "-z", "sub", "-t",
           "out")
    status = box.status()
    assert status["backofflimit"] == "7"
    assert os.readlink(f"/proc/{status['application']}/cwd") == box.at("sub")
    with open(f"/proc/{status['application']}/status") as file:
        assert re.search(r"^Umask:\s*0027$", file.read(), re.M)
    assert box.exists("sub/out")


def test_umask_zero_is_handed_on(box):
    box.up("-p", "sleep 100", "-m", "0")
    with open(f"/proc/{box.pid()}/status") as file:
        assert re.search(r"^Umask:\s*0000$", file.read(), re.M)


def test_unknown_user(box):
    for command in ("start", "status"):
        refused(box.zd("-p", "sleep 100", "-u", "no-such-user", command),
                "no-such-user")


def test_user_without_root(nobody):
    """One's own name is accepted, any other is not."""
    box = nobody
    refused(box.zd("-p", "sleep 100", "-u", "root", "status"), "root")
    mine = "nobody" if ROOT else pwd.getpwuid(os.geteuid()).pw_name
    box.up("-p", "sleep 100", "-u", mine)
    assert box.down("-u", mine).status == 0


def test_json_and_plain_and_color(box):
    result = box.zd("--json", "status")
    assert result.status == 3
    assert json.loads(result.out)["pid"] is None
    for args in (["--plain"], ["--color=never"], ["--color=always"],
                 ["--color=auto"], ["-y"]):
        result = box.zd(*args, "status")
        assert (result.status, result.out) == (
            3, "daemon manager not running\n"), result


def test_default_to_interactive_off(box):
    """Without a command and without the session: a usage error."""
    box.conf("program sleep 5", "default-to-interactive no")
    result = box.zd("-Cconf")
    assert result.status == 2
    assert result.out == ""
    assert result.err.startswith("Error: ")


@pytest.mark.parametrize("args", [[], ["-i"]])
def test_session_from_a_pipe(box, args):
    """Commands from a pipe: no escape codes, the status of the last one."""
    box.conf("program sleep 100")
    result = box.zd("-Cconf", *args, input="start\nstatus\nstop\nquit\n")
    assert result.status == 0, result
    assert "\x1b" not in result.out
    assert "daemon process started, pid=" in result.out
    assert "program running; pid=" in result.out
    assert "daemon process stopped" in result.out


def test_batch(box):
    result = box.zd("-p", "sleep 100", "-c", "start; status; stop")
    assert result.status == 0, result
    assert re.search(r"started, pid=(\d+)\n(.*\n)*program running; pid=\1\n",
                     result.out), result
    assert until(lambda: not box.exists("zdsock"))


def test_no_file_is_looked_for(box):
    """Without -C nothing is read, wherever a file may lie."""
    for name in ("zdaemon.conf", "conf", ".zdaemon.conf", "zdaemon.cfg"):
        box.conf("program sleep 5", "nonsense 1", name=name)
    assert box.zd("status", home=box.path).status == 3
