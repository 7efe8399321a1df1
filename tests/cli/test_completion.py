"""The shells' completions ask the program and know nothing themselves."""

import os
import shutil
import subprocess

import pexpect
import pytest

import support

SHIMS = {"bash": "zdaemon.bash", "zsh": "_zdaemon", "fish": "zdaemon.fish"}
SHELLS = {
    "bash": ["bash", "--noprofile", "--rcfile", "rc", "-i"],
    "zsh": ["zsh", "-i"],
    "fish": ["fish", "-C", "source rc"],
}
# What each reads at its start: {shim} and {directory} of the completions.
RC = {
    "bash": "PS1=; . '{shim}'\n",
    "zsh": "PS1=; fpath=('{directory}' $fpath); autoload -Uz compinit; "
           "compinit -u -d dump; unsetopt zle_bracketed_paste\n",
    "fish": "source '{shim}'; function fish_prompt; end; "
            "function fish_greeting; end\n",
}


def shim(source, shell):
    return os.path.join(source, "contrib", "completions", SHIMS[shell])


class Shell:
    """A real shell in which zdaemon prints the words that it is given."""

    def __init__(self, box, source, name):
        box.script("bin-zdaemon", f"""case $1 in complete) exec '{
            box.programs.zdaemon}' "$@";; esac
for word; do printf '<%s>' "$word"; done >words.new; mv words.new words
""")
        os.makedirs(box.at("bin"), exist_ok=True)
        os.rename(box.at("bin-zdaemon"), box.at("bin/zdaemon"))
        path = shim(source, name)
        box.write("rc", RC[name].format(shim=path,
                                        directory=os.path.dirname(path)))
        shutil.copy(box.at("rc"), box.at(".zshrc"))
        env = support.environment(box.path, {
            "PATH": box.at("bin") + ":/usr/bin:/bin", "TERM": "xterm",
            "ZDOTDIR": box.path, "INPUTRC": "/dev/null"})
        self.box = box
        self.child = pexpect.spawn(
            SHELLS[name][0], SHELLS[name][1:], cwd=box.path, env=env,
            timeout=10 * support.SLOW, dimensions=(40, 200))
        self.child.send("echo rea''dy\r")
        self.child.expect("ready")

    def complete(self, line):
        """The words of the line, with a Tab at its end."""
        if self.box.exists("words"):
            os.unlink(self.box.at("words"))
        self.child.send("zdaemon " + line + "\t\r")
        support.until(lambda: self.box.exists("words"), 5, line)
        return self.box.read("words")[1:-1].split("><")

    def close(self):
        self.child.close(force=True)


@pytest.fixture(scope="module", params=list(SHELLS))
def shell(request, programs, source):
    if not shutil.which(request.param):
        pytest.skip(f"no {request.param} here")
    box = support.Box(programs)
    box.write("my.conf", "runner { program = x }\n")
    box.write("two words.conf", "runner { program = x }\n")
    for name in ("folder", "of logs"):
        os.mkdir(box.at(name))
        box.write(name + "/inside", "")
    opened = Shell(box, source, request.param)
    opened.name = request.param
    yield opened
    opened.close()
    box.close()


@pytest.mark.parametrize("line, words", [
    ("stat", ["status"]),
    ("kill HU", ["kill", "HUP"]),
    ("-C my", ["-C", "my.conf"]),
    ("--configure=my", ["--configure=my.conf"]),
    ("-C my.conf logt", ["-C", "my.conf", "logtail"]),
    ("-C folder/ins", ["-C", "folder/inside"]),
    ("-C tw", ["-C", "two words.conf"]),
    ("-C two\\ w", ["-C", "two words.conf"]),
    ("-C 'two words.conf' logt", ["-C", "two words.conf", "logtail"]),
    ('-C "two words.conf" logt', ["-C", "two words.conf", "logtail"]),
    ("logtail of\\ logs/in", ["logtail", "of logs/inside"]),
    ("-u nobod", ["-u", "nobody"]),
    ("-z fol", ["-z", "folder/"]),
    ("-X runner/stop-sig", ["-X", "runner/stop-signal="]),
    ("-X runner/stop-signal=QU", ["-X", "runner/stop-signal=QUIT"]),
    ("-X runner/transcript=my", ["-X", "runner/transcript=my.conf"]),
    ("-X runner/daemon=of", ["-X", "runner/daemon=off"]),
    ("--color=ne", ["--color=never"]),
    ("-c hist", ["-c", "history"]),
    ("-C ~/my", None),
])
def test_in_a_real_shell(shell, line, words):
    if line.startswith("-C ~"):
        words = ["-C", shell.box.at("my.conf")]
    assert shell.complete(line) == words


@pytest.mark.parametrize("quote", "'\"")
def test_an_open_quote_in_a_real_shell(shell, quote):
    """The shell closes it, or a second one typed does."""
    assert shell.complete(f"-C {quote}two w") == ["-C", "two words.conf"]


def test_names_that_no_line_holds(zd, box):
    """Half of such a name would be a candidate of its own."""
    for name in ("log\nstop", "log\ttab", "log good", "log\x1b[2J"):
        box.write(name, "")
    result = zd("complete", "logtail", "log")
    assert [line.split("\t")[0] for line in result.out.splitlines()] == [
        "log good"]
    box.conf("program x", "prompt a\tb")
    result = zd("complete", "-C", "conf", "show", "promp")
    assert result.out.count("\t") == 1 and result.out.count("\n") == 1


@pytest.mark.parametrize("words, expected", [
    (["-z", "f"], ["folder/"]), (["--directory=f"], ["--directory=folder/"]),
    (["-u", "nobod"], ["nobody"]), (["-p", "./pro"], ["./program"]),
    (["-p", "sh ./pro"], ["sh ./program"]),
    (["-X", "runner/kill-t"], ["runner/kill-tree="]),
    (["-X", "kill-tree=o"], ["kill-tree=on", "kill-tree=off"]),
    (["-X", "runner/on-lost="], ["runner/on-lost=restart",
                                 "runner/on-lost=stop"]),
    (["-X", "runner/socket-group=roo"], ["runner/socket-group=root"]),
    (["--color="], ["--color=auto", "--color=always", "--color=never"]),
    (["--color", ""], None),
    (["-c", "status; his"], ["status; history"]),
    (["--command=his"], ["--command=history"]),
    (["-dfC", "fil"], ["file"]), (["-b", "f"], []), (["-m", "f"], []),
    (["-q", "-C", "'fi"], ["file"]), (["-q", "he\\l"], ["help"])])
def test_arguments_of_options(zd, box, words, expected):
    os.mkdir(box.at("folder"))
    for name in ("file", "program"):
        box.write(name, "", 0o755)
    result = zd("complete", *words)
    assert (result.status, result.err) == (0, "")
    found = [line.split("\t")[0] for line in result.out.splitlines()]
    assert found == expected if expected is not None else "status" in found


def test_a_program_is_one_of_the_path(zd):
    found = zd("complete", "-p", "mkdi").out.splitlines()
    assert "mkdir\t" in found


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
