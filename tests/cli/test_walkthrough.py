"""The walk-through of zdaemon 2.0.4's documentation, section by section, with
the installed programs, by an ordinary user, in a folder with a space in its
name.  The expected texts are those of that documentation."""

import os
import re

import pytest

from support import DOTS, Box, alive, closing, until

STARTED = re.compile(DOTS + r"daemon process started, pid=(\d+)\n")
STOPPED = re.compile(DOTS + r"daemon process stopped\n")


@pytest.fixture
def here(installed, request):
    box = Box(installed)
    box.belongs_to("nobody")
    os.symlink(installed.zdaemon, box.at("zdaemon"))
    yield box
    closing(box, request.node)


def system(here, line):
    """What the shell line prints; it must succeed and not complain."""
    result = here.run(["sh", "-c", line])
    assert (result.status, result.err) == (0, ""), result
    return result.out


def started(text):
    found = STARTED.fullmatch(text)
    assert found, text
    return int(found.group(1))


def stop(here, line):
    assert STOPPED.fullmatch(system(here, line))


def conf(here, text):
    here.write("conf", text)


def test_echo_in_the_foreground(here):
    assert system(here, "./zdaemon -p 'echo hello world' fg") == (
        "echo hello world\n"
        "hello world\n")


def test_sleep_as_a_daemon(here):
    pid = started(system(here, "./zdaemon -p 'sleep 100' start"))
    assert alive(pid)
    assert system(here, "./zdaemon -p 'sleep 100' status") == (
        f"program running; pid={pid}\n")
    stop(here, "./zdaemon -p 'sleep 100' stop")
    assert not alive(pid)
    result = here.run(["sh", "-c", "./zdaemon -p 'sleep 100' status"])
    assert result.out == "daemon manager not running\n"
    assert result.status == 3


def test_configuration_file_and_socket(here):
    conf(here, """
<runner>
  program sleep 100
</runner>
""")
    pid = started(system(here, "./zdaemon -Cconf start"))
    assert system(here, "ls") == "conf\nzdaemon\nzdsock\n"
    assert system(here, "./zdaemon -Cconf status") == (
        f"program running; pid={pid}\n")
    stop(here, "./zdaemon -Cconf stop")
    assert system(here, "ls") == "conf\nzdaemon\n"


def test_socket_name(here):
    os.mkdir(here.at("tmp"))
    os.chmod(here.at("tmp"), 0o1777)      # as /tmp is
    conf(here, f"""
<runner>
  program sleep 100
  socket-name {here.at("tmp")}/demo.zdsock
</runner>
""")
    started(system(here, "./zdaemon -Cconf start"))
    assert system(here, "ls") == "conf\ntmp\nzdaemon\n"
    assert here.exists("tmp/demo.zdsock")
    stop(here, "./zdaemon -Cconf stop")
    assert not here.exists("tmp/demo.zdsock")


def test_words_after_start(here):
    conf(here, f"""
<runner>
  program sleep
  socket-name {here.path}/demo.zdsock
</runner>
""")
    pid = started(system(here, "./zdaemon -Cconf start 100"))
    with open(f"/proc/{pid}/cmdline", "rb") as line:
        assert line.read() == b"sleep\x00100\x00"
    assert system(here, "./zdaemon -Cconf status") == (
        f"program running; pid={pid}\n")
    stop(here, "./zdaemon -Cconf stop")


def test_environment_variables(here):
    conf(here, f"""
<runner>
  program env
  socket-name {here.path}/demo.zdsock
</runner>
<environment>
  LD_LIBRARY_PATH /home/foo/lib
  HOME /home/foo
</environment>
""")
    lines = system(here, "./zdaemon -Cconf fg").splitlines()
    assert lines[0] == "env"
    assert "LD_LIBRARY_PATH=/home/foo/lib" in lines
    assert "HOME=/home/foo" in lines
    assert "HOME=/nonexistent" not in lines


def test_transcript(here):
    data = open(here.write("data", ""), "a", buffering=1)
    data.write("rec 1\n")
    conf(here, """
<runner>
  program tail -f data
  transcript log
</runner>
""")
    started(system(here, "./zdaemon -Cconf start"))
    until(lambda: here.read("log", "") == "rec 1\n")

    os.rename(here.at("log"), here.at("log.1"))
    data.write("rec 2\n")
    until(lambda: here.read("log.1") == "rec 1\nrec 2\n")
    assert not here.exists("log")

    assert system(here, "./zdaemon -Cconf reopen_transcript") == ""
    data.write("rec 3\n")
    until(lambda: here.read("log", "") == "rec 3\n")
    assert here.read("log.1") == "rec 1\nrec 2\n"
    stop(here, "./zdaemon -Cconf stop")
    data.close()


def test_daemon_off_needs_a_file(here):
    """The documentation's own example: `daemon off` runs until the end, and
    tells of it on a standard error that is no terminal."""
    conf(here, """
<runner>
  program sleep 1
  daemon off
</runner>
""")
    result = here.run(["sh", "-c", "./zdaemon -Cconf start"])
    assert (result.status, result.out) == (0, "")
    assert re.fullmatch(r"zdrun: spawned process pid=(\d+)\n"
                        r"zdrun: pid \1: exit status 0; exiting now\n",
                        result.err)
    assert system(here, "ls") == "conf\nzdaemon\n"


def test_eventlog_section(here):
    conf(here, f"""
<runner>
  program sleep 100
  transcript out
</runner>
<eventlog>
  <logfile>
    path {here.path}/foo.log
  </logfile>

  <logfile>
    path STDOUT
  </logfile>
</eventlog>
""")
    pid = started(system(here, "./zdaemon -Cconf start"))
    until(lambda: f"spawned process pid={pid}" in here.read("foo.log", ""))
    until(lambda: f"spawned process pid={pid}" in here.read("out", ""))
    stop(here, "./zdaemon -Cconf stop")


@pytest.mark.parametrize("command", [
    "start", "stop", "restart", "status", "foreground", "fg", "kill",
    "reopen_transcript", "help"])
def test_help_knows_the_commands_of_the_documentation(here, command):
    assert command in system(here, f"./zdaemon help {command}")
