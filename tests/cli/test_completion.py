"""The shells' completions ask the program and know nothing themselves."""

import os
import shutil
import subprocess

import pytest

SHIMS = {"bash": "zdaemon.bash", "zsh": "_zdaemon", "fish": "zdaemon.fish"}


def shim(source, shell):
    return os.path.join(source, "contrib", "completions", SHIMS[shell])


def bash(box, source, *words):
    """What bash would offer for the last of the words."""
    script = ('. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
              '_zdaemon; printf "%s\\n" "${COMPREPLY[@]}"')
    result = subprocess.run(
        ["bash", "-c", script, "bash", shim(source, "bash"),
         box.programs.zdaemon, *words], cwd=box.path, timeout=20,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert result.stderr == b"", result
    return result.stdout.decode().split("\n")[:-1]


def test_bash(box, source):
    box.write("my.conf", "runner { program = x }\n")
    os.mkdir(box.at("folder"))
    assert bash(box, source, "sta") == ["start", "status"]
    assert bash(box, source, "kill", "HU") == ["HUP"]
    assert bash(box, source, "-C", "my") == ["my.conf"]
    assert bash(box, source, "-C", "fol") == ["folder/"]
    assert bash(box, source, "--configure", "=", "my") == ["my.conf"]
    assert bash(box, source, "-C", "my.conf", "lo") == ["logtail",
                                                        "logreopen"]
    assert "--configure" in bash(box, source, "--conf")
    assert bash(box, source, "nonsense", "x") == [""]


@pytest.mark.parametrize("words,expected", [
    (["stat"], "status\t"), (["help", "stop-t"], "stop-timeout\t"),
    (["-p", "x", "show", "transcr"], "transcript\tnot set"),
    (["logtail", "--no"], "--no-follow\t"), (["-"], "--json\t")])
def test_what_the_shims_ask(zd, words, expected):
    result = zd("complete", *words)
    assert (result.status, result.err) == (0, "")
    assert any(line.startswith(expected)
               for line in result.out.split("\n")), result


def test_no_name_stands_in_a_shim(zd, source):
    """What a shim listed would be a second list to keep."""
    names = {line.partition("\t")[0]
             for line in zd("complete", "").out.split("\n")}
    for shell in SHIMS:
        with open(shim(source, shell)) as text:
            words = set(text.read().replace("'", " ").split())
        assert not words & (names - {"complete", "", "shell"}), shell


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_can_read_theirs(source, shell):
    program = shutil.which(shell)
    if not program:
        pytest.skip(f"no {shell} here")
    subprocess.run([program, "-n", shim(source, shell)], check=True,
                   timeout=20)
