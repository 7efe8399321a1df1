"""What other programs are told of zdaemon: the unit for systemd and the rules
for logrotate say what zdaemon understands."""

import os
import re
import shlex

from support import until


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


def test_unit_keeps_what_adoption_needs(source):
    """Its socket in the directory that survives a restart, and processes that
    nobody else kills."""
    unit = text(source, "contrib/systemd/zdaemon@.service.in")
    for line in ("RuntimeDirectoryPreserve=restart", "KillMode=process",
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
