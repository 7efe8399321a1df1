"""What changes when root starts it: users, owners, directories."""

import grp
import os
import pwd
import re
import shutil
import signal

import pytest

from support import NOBODY, until

pytestmark = [pytest.mark.root]
SLEEP = ("-p", "sleep 100")


def identity(pid):
    """uids, gids and groups of a process."""
    with open(f"/proc/{pid}/status") as status:
        text = status.read()
    return [[int(n) for n in re.search(rf"^{key}:(.*)$", text, re.M)
             .group(1).split()] for key in ("Uid", "Gid", "Groups")]


def capabilities(pid):
    with open(f"/proc/{pid}/status") as status:
        return [int(value, 16) for value in re.findall(
            r"^Cap(?:Inh|Prm|Eff|Amb):\t(\w+)$", status.read(), re.M)]


def is_nobody(pid):
    uid, gid, groups = identity(pid)
    assert uid == [NOBODY.pw_uid] * 4, uid
    assert gid == [NOBODY.pw_gid] * 4, gid
    assert 0 not in groups and set(groups) <= {NOBODY.pw_gid}, groups
    assert capabilities(pid) == [0, 0, 0, 0]


def owner(box, name):
    entry = os.lstat(box.at(name))
    return entry.st_uid, entry.st_gid


@pytest.fixture
def open_box(box):
    """A folder in which the user may make files."""
    os.chown(box.path, NOBODY.pw_uid, NOBODY.pw_gid)
    return box


@pytest.mark.parametrize("user", ["nobody", str(NOBODY.pw_uid)])
def test_program_and_supervisor_run_as_the_user(open_box, user):
    box = open_box
    box.conf("program sleep 100", f"user {user}", "transcript out",
             rest="<eventlog>\n <logfile>\n  path ev\n </logfile>\n"
                  "</eventlog>\n")
    pid = box.up("-Cconf")
    is_nobody(pid)
    is_nobody(box.manager())
    until(lambda: box.exists("ev"))
    for name in ("zdsock", ".zdsock.lock", ".zdsock.state", ".zdsock.out",
                 "out", "ev"):
        assert owner(box, name)[0] == NOBODY.pw_uid, name
    for command in ("status", "restart", "kill", "stop"):
        assert box.zd("-Cconf", command).status == 0, command


def test_a_caller_that_ignores_its_children(open_box):
    """Ignored, SIGCHLD is inherited, and no child leaves a status."""
    box = open_box
    result = box.zd("-u", "nobody", "-z", box.at("run"), *SLEEP, "start",
                    preexec_fn=lambda: signal.signal(
                        signal.SIGCHLD, signal.SIG_IGN))
    assert result.status == 0, result
    assert owner(box, "run") == (NOBODY.pw_uid, NOBODY.pw_gid)


def test_foreground_runs_as_the_user(box):
    result = box.zd("-u", "nobody", "-p", "id -u", "fg")
    assert result.out == f"id -u\n{NOBODY.pw_uid}\n", result
    result = box.zd("-u", "nobody", "-p", "id -G", "fg")
    assert result.out == f"id -G\n{NOBODY.pw_gid}\n", result


def test_daemon_off_runs_as_the_user(open_box):
    box = open_box
    box.conf("program id -u", "user nobody", "daemon off")
    result = box.zd("-Cconf", "start")
    assert result.out == f"{NOBODY.pw_uid}\n", result


def test_home_and_user_are_not_touched(open_box):
    open_box.up(*SLEEP, "-u", "nobody", home="/root", env={"USER": "root"})
    with open(f"/proc/{open_box.pid()}/environ", "rb") as file:
        words = file.read().split(b"\0")
    assert b"HOME=/root" in words and b"USER=root" in words


def test_missing_directories_are_made_for_the_user(box):
    """One level, owned by the user, never group-writable; seen at once."""
    box.conf("program sleep 100", "user nobody", f"directory {box.path}/work",
             f"socket-name {box.path}/run/sock", "transcript out")
    for _ in range(2):
        pid = box.up("-Cconf", preexec_fn=lambda: os.umask(0))
        for name in ("work", "run"):
            assert owner(box, name) == (NOBODY.pw_uid, NOBODY.pw_gid)
            assert os.stat(box.at(name)).st_mode & 0o022 == 0
        assert owner(box, "work/out")[0] == NOBODY.pw_uid
        assert os.readlink(f"/proc/{pid}/cwd") == box.at("work")
        assert box.zd("-Cconf", "stop").status == 0


def test_missing_directories_without_a_user(box):
    """Root's own then; this too in one go."""
    box.up(*SLEEP, "-z", "work", "-s", "run/sock")
    assert owner(box, "work") == owner(box, "run") == (0, 0)


def test_directories_that_exist_keep_their_owner(box):
    os.mkdir(box.at("work"))
    box.conf("program sleep 100", "user nobody", "directory work")
    os.chown(box.path, NOBODY.pw_uid, 0)
    box.up("-Cconf")
    assert owner(box, "work") == (0, 0)


def test_foreground_makes_them_too(box):
    box.zd("-u", "nobody", "-p", "true", "-z", "work", "fg")
    assert owner(box, "work") == (NOBODY.pw_uid, NOBODY.pw_gid)


def test_a_link_in_place_of_the_directory(box):
    """What a link points to is never given away."""
    os.mkdir(box.at("precious"))
    os.symlink("precious", box.at("run"))
    box.zd(*SLEEP, "-u", "nobody", "-s", "run/sock", "start")
    assert owner(box, "precious") == (0, 0)
    os.symlink("nowhere", box.at("dangling"))
    box.zd(*SLEEP, "-u", "nobody", "-z", "dangling", "start")
    assert not box.exists("nowhere")


def test_the_user_may_not_write_there(box):
    """Rights are dropped first: a folder of root's refuses the socket."""
    result = box.zd(*SLEEP, "-u", "nobody", "start")
    assert result.status == 1, result
    assert "Permission denied" in result.all
    until(lambda: not box.strays())
    assert box.listing() == []


def test_log_files_are_opened_as_the_user(open_box):
    box = open_box
    box.write("secret", "root's\n", 0o600)
    result = box.zd(*SLEEP, "-u", "nobody", "-t", "secret", "start")
    assert result.status == 1, result
    assert "secret" in result.all and "Permission denied" in result.all
    assert box.read("secret") == "root's\n"


def test_root_follows_no_link_to_a_log(box):
    box.write("precious", "root's\n")
    os.symlink("precious", box.at("out"))
    result = box.zd(*SLEEP, "-t", "out", "start")
    assert result.status == 1, result
    assert "out" in result.all
    assert box.read("precious") == "root's\n"


def test_after_the_drop_links_are_followed(open_box):
    box = open_box
    os.mkdir(box.at("logs"))
    os.chown(box.at("logs"), NOBODY.pw_uid, 0)
    os.symlink("logs/real", box.at("out"))
    box.up(*SLEEP, "-u", "nobody", "-t", "out")
    assert box.exists("logs/real")


def test_unknown_users(box):
    for user in ("no-such-user", "4294967295", "-1", "99999999999"):
        result = box.zd(*SLEEP, "-u", user, "start")
        assert result.status == 2, result
        assert user in result.err


def test_a_number_without_an_entry_is_a_user(open_box):
    """Its group has the same number, and it is in no other."""
    box = open_box
    os.chown(box.path, 54321, 54321)
    pid = box.up(*SLEEP, "-u", "54321")
    for one in pid, box.manager():
        assert identity(one) == [[54321] * 4, [54321] * 4, [54321]]
    box.down(*SLEEP, "-u", "54321")


def test_root_by_name_is_no_change(box):
    pid = box.up(*SLEEP, "-u", "root")
    assert identity(pid)[0] == [0, 0, 0, 0]


def test_supplementary_groups_are_the_users(open_box):
    """Not those of the caller."""
    member = [entry for entry in pwd.getpwall()
              if any(entry.pw_name in group.gr_mem
                     for group in grp.getgrall()) and entry.pw_uid]
    box = open_box
    result = box.zd(*SLEEP, "-u", "nobody", "start",
                    preexec_fn=lambda: os.setgroups([4, 24]))
    assert result.status == 0, result
    is_nobody(box.pid())
    box.down("-u", "nobody")
    if member:
        entry = member[0]
        wanted = {group.gr_gid for group in grp.getgrall()
                  if entry.pw_name in group.gr_mem}
        result = box.zd("-u", entry.pw_name, "-p", "id -G", "fg")
        assert wanted <= {int(n) for n in result.out.split("\n")[1].split()}


def test_world_writable_configuration_is_refused(box):
    box.conf("program sleep 100")
    os.chmod(box.at("conf"), 0o666)
    for command in ("start", "status"):
        result = box.zd("-Cconf", command)
        assert result.status == 2, result
        assert "conf" in result.err and "writ" in result.err, result


@pytest.mark.parametrize("what", ["group", "owner"])
def test_doubtful_configuration_is_warned_of_on_start(box, what):
    box.conf("program sleep 100")
    if what == "group":
        os.chmod(box.at("conf"), 0o664)
    else:
        os.chown(box.at("conf"), NOBODY.pw_uid, NOBODY.pw_gid)
    result = box.zd("-Cconf", "start")
    assert result.status == 0, result
    assert result.err.count("conf") == 1, result
    for command in ("status", "stop"):
        result = box.zd("-Cconf", command)
        assert (result.status, result.err) == (0, ""), result


def test_setuid_installation_is_refused(box):
    """Never meant to be installed setuid: no rights come from it."""
    path = box.at("zdaemon-setuid")
    shutil.copy(box.programs.zdaemon, path)
    os.chmod(path, 0o4755)
    result = box.run([path, "-p", "id -u", "fg"], user="nobody")
    assert "\n0\n" not in result.out, result
