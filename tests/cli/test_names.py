"""Names that are looked up at each start: the program, its directory, its test,
the transcript in that directory, and the compressor."""

import gzip
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


def says(box, name, *numbers):
    """Waits for a log that has the words of these releases, and no more."""
    lines = [f"release {number}" for number in numbers]
    until(lambda: box.exists(name) and box.lines(name) == lines,
          what=f"{name} with {lines}")


def test_the_transcript_goes_where_the_directory_leads(box):
    """A relative one; an absolute one stays, though its name leads elsewhere."""
    for number in (1, 2):
        release(box, number)
        with open(box.at(f"r/{number}/app"), "r+") as app:
            text = app.read().replace("exec", f"echo release {number} >&2\nexec")
            app.seek(0)
            app.write(text)
    deploy(box, 1)
    box.conf("program ./app", "directory current", "transcript out",
             f"transcript-stderr {box.path}/current/err")
    box.up("-Cconf")
    says(box, "r/1/out", 1)
    deploy(box, 2)
    assert box.zd("-Cconf", "restart").status == 0
    says(box, "r/2/out", 2)
    says(box, "r/1/out", 1)
    says(box, "r/1/err", 1, 2)
    assert not box.exists("r/2/err")
    # Nobody holds it any more, but for the absolute one.
    held = [os.readlink(f"/proc/{box.manager()}/fd/{fd}")
            for fd in os.listdir(f"/proc/{box.manager()}/fd")]
    assert box.at("r/1/out") not in held and box.at("r/2/out") in held
    box.down("-Cconf")


def test_a_transcript_that_was_renamed_waits_for_a_reopening(box):
    """The directory is the same, so a restart goes on in the renamed file."""
    release(box, 1)
    deploy(box, 1)
    box.conf("program ./app", "directory current", "transcript out")
    box.up("-Cconf")
    says(box, "r/1/out", 1)
    os.rename(box.at("r/1/out"), box.at("r/1/old"))
    assert box.zd("-Cconf", "restart").status == 0
    says(box, "r/1/old", 1, 1)
    assert not box.exists("r/1/out")
    assert box.zd("-Cconf", "reopen_transcript").status == 0
    assert box.zd("-Cconf", "restart").status == 0
    says(box, "r/1/out", 1)
    says(box, "r/1/old", 1, 1)
    box.down("-Cconf")


def test_a_transcript_that_cannot_follow(box):
    """The program runs all the same, each start tries again, and it is told."""
    release(box, 1)
    release(box, 2)
    deploy(box, 1)
    os.mkdir(box.at("r/1/log"))
    box.conf("program ./app", "directory current", "transcript log/out",
             rest="<eventlog>\n <logfile>\n path events\n </logfile>\n"
             "</eventlog>\n")
    box.up("-Cconf")
    says(box, "r/1/log/out", 1)
    deploy(box, 2)
    assert box.zd("-Cconf", "restart").status == 0
    assert place(box) == ("1002", box.at("r/2"))
    says(box, "r/1/log/out", 1, 2)
    assert "unable to reopen" in box.read("events"), box.read("events")
    assert f"{box.path}/current/log/out" in box.read("events")
    os.mkdir(box.at("r/2/log"))
    assert box.zd("-Cconf", "restart").status == 0
    says(box, "r/2/log/out", 2)
    says(box, "r/1/log/out", 1, 2)
    box.down("-Cconf")


def test_rotations_follow_the_directory(box):
    """Dated names are those of the new directory: one is kept there, and the
    old directory keeps its own."""
    release(box, 1)
    release(box, 2)
    deploy(box, 1)

    def dated(number):
        return [name for name in os.listdir(box.at(f"r/{number}"))
                if name.startswith("out.")]
    box.conf("program ./app", "directory current", "transcript out",
             "transcript-rotate-names dated", "transcript-keep 1")
    box.up("-Cconf")
    says(box, "r/1/out", 1)
    assert box.zd("-Cconf", "rotate").status == 0
    kept = dated(1)
    deploy(box, 2)
    for _ in range(3):
        assert box.zd("-Cconf", "restart").status == 0
        says(box, "r/2/out", 2)
        assert box.zd("-Cconf", "rotate").status == 0
    assert len(kept) == 1 and dated(1) == kept
    assert len(dated(2)) == 1
    box.down("-Cconf")


def test_the_compressor_is_looked_up_each_time(box):
    """It is installed when the supervisor runs already."""
    release(box, 1)
    deploy(box, 1)
    box.conf("program ./app", "directory current", "transcript out",
             "transcript-compress ./pack")
    box.up("-Cconf")
    says(box, "r/1/out", 1)
    box.script("r/1/pack", "exec gzip\n")
    assert box.zd("-Cconf", "rotate").status == 0
    until(lambda: box.exists("r/1/out.1.compressed"), what="the packed log")
    with gzip.open(box.at("r/1/out.1.compressed"), "rt") as packed:
        assert packed.read() == "release 1\n"
    box.down("-Cconf")
