"""One more row in each of the two tables shows everywhere, with no other
edit: in help, on the command line, in files, in show, in completion."""

import os
import shutil
import socket
import subprocess

import pytest

import support
from support import copied_make, copy_build, until


@pytest.fixture(scope="session")
def planted(programs, source, tmp_path_factory):
    """The programs built with a command and an option more."""
    if not os.environ.get("ZDAEMON_BUILD"):
        pytest.skip("needs a build directory")
    build = str(tmp_path_factory.mktemp("rows") / "b")
    copy_build(os.environ["ZDAEMON_BUILD"], build,
               ["options", "supervisor", "control", "shell"])
    for name in ("zdaemon", "zdrun", "zdshell"):
        os.unlink(os.path.join(build, name))
    with open(build + ".log", "w+b") as log:
        try:
            copied_make(build, source, log, "-j2", "CFLAGS=-O0 -w",
                        "CPPFLAGS=-DCOMMAND_TEST_ROW -DOPTION_TEST_ROW",
                        "zdaemon", "zdrun", "zdshell")
        except subprocess.SubprocessError as error:
            log.seek(0)
            pytest.fail(f"{error}\n{log.read().decode()[-3000:]}",
                        pytrace=False)
    yield support.Programs(*(os.path.join(build, name) for name in
                             ("zdaemon", "zdrun", "zdshell")))
    shutil.rmtree(build)


def test_a_build_is_copied_while_a_demonstration_runs_in_it(tmp_path):
    """Its socket is no file to be copied, nor are the files beside it."""
    build = tmp_path / "b"
    for folder in ("src", "demo"):
        (build / folder).mkdir(parents=True)
    (build / "Makefile").write_text("all:\n")
    (build / "src" / "main.o").write_text("")
    os.mkfifo(build / "demo" / ".zdsock.out")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(build / "zdsock"))
        copy_build(str(build), str(tmp_path / "c"), [])
    found = sorted(str(path.relative_to(tmp_path / "c"))
                   for path in (tmp_path / "c").rglob("*"))
    assert found == ["Makefile", "src", "src/main.o"]


def test_an_added_row_shows_everywhere(box, planted):
    box.programs = planted
    zd = box.zd

    # the command
    assert zd("xyzzy").status == 0
    assert zd("xyz").out == zd("xyzzy").out
    assert "xyzzy" in zd("help").out
    assert "xyzzy" in zd("help", "xyzzy").out
    assert "xyzzy" in zd("--help").out
    assert "xyzzy" in zd("xyzyz").all
    assert zd("xyzzy", "x").status == 2
    assert "xyzzy" in zd("complete", "xy").out
    assert zd("self-test").status == 0
    assert "xyzzy" in zd(input="help\nquit\n").out

    # the option
    assert "test-row" in zd("--help").out
    assert "test-row" in zd("help", "test-row").out
    assert "test-row" in zd("complete", "--test").out
    assert "planted" in zd("show", "options").out
    assert '"planted"' in zd("show", "--json").out
    for args in (["-w", "a b"], ["-wa b"], ["--test-row=a b"],
                 ["--test", "a b"]):
        assert "a b" in zd(*args, "show").out, args
    box.conf("program sleep 100", "test-row one")
    assert "conf:3" in zd("-Cconf", "show", "test-row").out
    assert "two" in zd("-Cconf", "-Xtest-row=two", "show", "test-row").out
    box.write("native", "runner { test-row = 'three four' }\n")
    assert "three four" in zd("-Cnative", "show", "config").out
    box.conf("test-rwo x")
    assert "test-row" in zd("-Cconf", "status").err

    # and what is handed to the supervisor takes it along
    box.conf("program sleep 100", "test-row x" + "y" * 200)
    box.up("-Cconf")
    assert until(box.pid)


def test_the_rows_of_the_test_are_in_no_real_build(box):
    assert box.zd("xyzzy").status == 2
    assert "test-row" not in box.zd("--help").out
