"""Names that are looked up at each start: the program, its directory, its test."""

import os
import shutil

from support import until


def release(box, number):
    """A release of the program that says its number in its own words."""
    folder = f"r/{number}"
    os.makedirs(box.at(folder), exist_ok=True)
    box.script(f"{folder}/app", f"echo release {number}\nexec sleep 100{number}\n")


def deploy(box, number):
    """Has the link `current` lead to a release, as a deployment does."""
    os.symlink(f"r/{number}", box.at("new"))
    os.rename(box.at("new"), box.at("current"))


def place(box):
    """The last word of the running program, and the directory it is in."""
    pid = box.pid()
    until(lambda: words(pid)[0] == "sleep", what="the program itself")
    return words(pid)[1], os.readlink(f"/proc/{pid}/cwd")


def words(pid):
    with open(f"/proc/{pid}/cmdline") as line:
        return line.read().split("\0")[:-1]


def test_a_directory_that_is_a_link_is_looked_up_at_each_start(box):
    release(box, 1)
    release(box, 2)
    deploy(box, 1)
    box.conf("program ./app", "directory current")
    box.up("-Cconf")
    assert place(box) == ("1001", box.at("r/1"))
    deploy(box, 2)
    assert box.zd("-Cconf", "restart").status == 0
    assert place(box) == ("1002", box.at("r/2"))
    # The old release can be removed: nobody is in it any more.
    shutil.rmtree(box.at("r/1"))
    assert os.readlink(f"/proc/{box.manager()}/cwd") == box.at("r/2")
    assert box.zd("-Cconf", "restart").status == 0
    assert place(box) == ("1002", box.at("r/2"))
    box.down("-Cconf")


def test_a_directory_that_is_gone_at_a_restart(box):
    os.mkdir(box.at("d"))
    box.conf("program sleep 100", "directory d", "hang-around on")
    box.up("-Cconf")
    os.rename(box.at("d"), box.at("e"))
    result = box.zd("-Cconf", "restart")
    assert result.status == 1, result
    assert f"unable to change into '{box.at('d')}': No such file" in result.all
    os.rename(box.at("e"), box.at("d"))
    box.up("-Cconf")
    assert box.zd("-Cconf", "shutdown").status == 0


def test_the_path_is_searched_at_each_start(box):
    """A program put into an earlier directory of PATH counts from the next
    restart, and one that was moved is found where it is."""
    os.makedirs(box.at("first"))
    os.makedirs(box.at("second"))
    box.script("second/app", "exec sleep 1002\n")
    box.conf("program app", rest="<environment>\n PATH "
             f"{box.path}/first:{box.path}/second:/bin:/usr/bin\n</environment>\n")
    box.up("-Cconf")
    assert place(box)[0] == "1002"
    box.script("first/app", "exec sleep 1001\n")
    assert box.zd("-Cconf", "restart").status == 0
    assert place(box)[0] == "1001"
    os.unlink(box.at("first/app"))
    assert box.zd("-Cconf", "restart").status == 0
    assert place(box)[0] == "1002"
    box.down("-Cconf")


def test_the_start_test_is_looked_up_each_time(box):
    """It is installed while start waits, then moved before a restart."""
    os.makedirs(box.at("bin"))
    box.script("bin/ready", "exit 0\n")
    box.conf("program sleep 100", "start-test-program ready", rest="<environment>\n"
             f" PATH {box.path}/early:{box.path}/bin:/bin:/usr/bin\n</environment>\n")
    box.up("-Cconf")
    os.rename(box.at("bin"), box.at("early"))
    assert box.zd("-Cconf", "restart").status == 0
    box.down("-Cconf")
