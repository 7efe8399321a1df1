"""What other programs are told of zdaemon: the unit for systemd and the rules
for logrotate say what zdaemon understands."""

import os
import re
import shlex
import shutil
import signal
import subprocess

import pytest

from support import NOBODY, until


def text(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def test_unit_runs_what_is_installed(installed):
    prefix = os.path.dirname(os.path.dirname(installed.zdaemon))
    unit = text(prefix, "lib/systemd/system/zdaemon@.service")
    lines = re.findall(r"(?m)^Exec\w+=(.*)$", unit)
    assert len(lines) == 3
    for line in lines:
        words = shlex.split(line)
        assert words[0] == installed.zdaemon
        assert words[1:3] == ["-C", "/etc/zdaemon/%i.conf"]
    assert "@" not in re.sub(r"zdaemon@|(?m:^#.*$)", "", unit)


def test_unit_is_one_of_systemds(installed, tmp_path):
    """Its own checker knows every line, and finds what is to be run."""
    prefix = os.path.dirname(os.path.dirname(installed.zdaemon))
    shutil.copy(os.path.join(prefix, "lib/systemd/system/zdaemon@.service"),
                tmp_path / "zdaemon@web.service")
    result = subprocess.run(
        ["systemd-analyze", "verify", "--man=no",
         str(tmp_path / "zdaemon@web.service")],
        capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")


def test_unit_keeps_what_adoption_needs(source):
    """Its socket in the directory that survives a restart, and processes that
    nobody else kills."""
    unit = text(source, "contrib/systemd/zdaemon@.service.in")
    for line in ("RuntimeDirectoryPreserve=yes", "KillMode=process",
                 "Delegate=yes", "TimeoutSec=infinity"):
        assert re.search(f"(?m)^{line}$", unit), line
    assert "PIDFile=" not in unit


def test_unit_in_its_order(box, source):
    """The three commands as systemd calls them, and once more after a kill."""
    unit = text(source, "contrib/systemd/zdaemon@.service.in")
    command = {name: shlex.split(line)[3:] for name, line in
               re.findall(r"(?m)^Exec(\w+)=(.*)$", unit)}
    box.conf("program sleep 100", "transcript out")
    for name in ("Start", "Reload", "Stop"):
        result = box.zd("-Cconf", *command[name])
        assert result.status == 0, result
    until(lambda: not box.exists("zdsock"))


@pytest.mark.root
def test_unit_with_a_user(box):
    """RuntimeDirectory is root's; `start` makes the user's own below it, and
    what was killed is taken over there, as Restart= would have it."""
    os.mkdir(box.at("run"), 0o755)
    socket = box.at("run/web/socket")
    box.conf("program sleep 100", "user nobody", f"socket-name {socket}")
    pid = box.up("-Cconf")
    assert os.stat(box.at("run/web")).st_uid == NOBODY.pw_uid
    os.kill(box.manager("run/web/socket"), signal.SIGKILL)
    assert box.zd("-Cconf", "start").status == 0
    assert box.pid("run/web/socket") == pid
    assert box.zd("-Cconf", "shutdown").status == 0
    until(lambda: os.listdir(box.at("run/web")) == [".socket.lock"])


def test_unit_heeds_the_backoff_limit(box, source):
    """A supervisor that gives up exits, it is not killed: for systemd no
    reason to start it again."""
    unit = text(source, "contrib/systemd/zdaemon@.service.in")
    assert re.search("(?m)^Restart=on-abnormal$", unit)
    assert not re.search("(?m)^(RestartForceExitStatus|SuccessExitStatus)=",
                         unit)
    box.script("prog", "sleep 0.3; exit 3\n")
    box.conf("program ./prog", "daemon off", "backoff-limit 2",
             "start-seconds 0")
    assert box.zd("-Cconf", "start", timeout=30).status == 3


def test_logrotate_in_its_order(box, source):
    rules = text(source, "contrib/logrotate/zdaemon")
    line = re.search(r"postrotate\n(.*?)\n\s*endscript", rules, re.S)[1]
    words = shlex.split(line)
    assert words[:2] == ["zdaemon", "-C"]
    box.script("prog", "while :; do echo line; sleep 0.02; done\n")
    box.conf("program ./prog", "transcript out")
    box.up("-Cconf")
    os.rename(box.at("out"), box.at("out.old"))
    result = box.zd("-Cconf", *words[3:])
    assert result.status == 0, result
    until(lambda: "line\n" in box.read("out", ""))
