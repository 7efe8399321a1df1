"""Who may do what: the socket's mode and group, directories that others could
lead astray, and refusals that are told."""

import os
import re
import stat

import pytest

from support import NOBODY, Traced, alive, as_stranger, gone, serving, until

pytestmark = pytest.mark.root

GROUP = 4242        # of nobody we know


def shared(box, mode, *keys, log=False):
    os.chmod(box.path, 0o755)
    box.conf("program sleep 100", f"socket-mode {mode}", *keys,
             rest="<eventlog>\n <logfile>\n  path ev\n </logfile>\n"
             "</eventlog>\n" if log else "")
    return box.up("-Cconf")


def may(box, *groups):
    """What a stranger in these groups may do: "look", "control" or "none"."""
    def ask(*words):
        return box.zd("-s", "zdsock", *words, preexec_fn=as_stranger(*groups))

    look, control = ask("status"), ask("kill", "WINCH")
    tree = ask("tree")
    for one in (look, control, tree):
        assert one.status in (0, 4), one
        assert one.status == 0 or "ermission denied" in one.all, one
    assert look.status == tree.status
    assert look.status == 0 or control.status == 4
    return ("control" if control.status == 0 else
            "look" if look.status == 0 else "none")


@pytest.mark.parametrize("mode,member,other,real", [
    ("600", "none", "none", 0o600), ("640", "look", "none", 0o660),
    ("660", "control", "none", 0o660), ("664", "control", "look", 0o666),
    ("604", "none", "look", 0o606), ("666", "control", "control", 0o666)])
def test_socket_mode_and_group(box, mode, member, other, real):
    pid = shared(box, mode, f"socket-group {GROUP}")
    there = os.stat(box.at("zdsock"))
    assert stat.S_IMODE(there.st_mode) == real
    assert (there.st_uid, there.st_gid) == (0, GROUP)
    assert may(box, GROUP) == member
    assert may(box, 4241, 4243) == other
    assert box.pid() == pid


@pytest.mark.parametrize("count", [63, 64, 1000])
def test_a_member_of_many_groups(box, count):
    """However many there are, ours is among them, or it is not."""
    shared(box, "660", f"socket-group {GROUP}")
    others = range(5000, 5000 + count)
    assert may(box, 5000, *others) == "none"
    assert may(box, 5000, *others, GROUP) == "control"
    assert may(box, 5000, GROUP, *others) == "control"


def test_a_mode_without_a_group(box):
    """Its digit for the group is nobody's, and check says so."""
    shared(box, "660")
    assert stat.S_IMODE(os.stat(box.at("zdsock")).st_mode) == 0o600
    assert may(box, GROUP) == "none"
    result = box.zd("-Cconf", "check")
    assert re.search(r"conf:3: .*socket-group", result.all), result


def test_who_may_look_cannot_control(box):
    """Over the wire, whatever its client pretends to be."""
    pid = shared(box, "644")
    script = ("import socket,sys\nfor line in sys.argv[1:]:\n"
              " s=socket.socket(socket.AF_UNIX)\n s.connect('zdsock')\n"
              " s.sendall(line.encode()+b'\\n')\n print(s.recv(999))\n")
    words = ["stop", "exit", "restart", "start", "kill 9",
             "reopen_transcript", "rotate"]
    result = box.run(["python3", "-c", script, *words],
                     preexec_fn=as_stranger())
    assert result.out.count("Permission denied") == len(words), result
    assert result.out.count("may look, but not control") == len(words)
    assert box.pid() == pid and alive(pid)


def test_refusals_are_logged_with_who_it_was(box):
    """The uid and pid of the peer; and nobody fills the log by asking."""
    shared(box, "604", log=True)
    child = box.later("-s", "zdsock", "kill", preexec_fn=as_stranger())
    assert box.finish(child).status == 4
    assert f"refused uid {NOBODY.pw_uid}, pid {child.pid}" in box.read("ev")
    script = ("import socket\nfor _ in range(500):\n"
              " s=socket.socket(socket.AF_UNIX)\n s.connect('zdsock')\n"
              " s.sendall(b'stop\\n')\n s.recv(999)\n s.close()\n")
    result = box.run(["python3", "-c", script], preexec_fn=as_stranger())
    assert result.status == 0, result
    assert box.read("ev").count("refused uid") <= 2 + result.seconds
    assert box.zd("-s", "zdsock", "status").status == 0


@pytest.mark.parametrize("line,why", [
    ("socket-mode 777", "is no mode such as 600"),
    ("socket-mode 440", "is no mode such as 600"),
    ("socket-mode 620", "is no mode such as 600"),
    ("socket-mode 0", "is no mode such as 600"),
    ("socket-mode rw", "is no mode such as 600"),
    ("socket-group no-such-group", "group 'no-such-group' not found")])
def test_wrong_settings_are_told_with_their_line(box, line, why):
    box.conf("program sleep 100", line)
    result = box.zd("-Cconf", "start")
    assert result.status == 2, result
    assert re.search(r"conf:3: .*" + re.escape(why), result.all), result


def test_a_group_the_user_is_not_in(box):
    """The user cannot give the socket away: start says so at once."""
    box.belongs_to("nobody")
    box.conf("program sleep 100", "socket-mode 660", "socket-group 4242")
    result = box.zd("-Cconf", "start")
    assert result.status == 1, result
    assert "Operation not permitted" in result.all, result
    until(lambda: not box.strays())
    assert not box.exists("zdsock")


@pytest.mark.strace
@pytest.mark.parametrize("call", ["setuid", "setgid", "setgroups"])
@pytest.mark.parametrize("command", ["start", "fg"])
def test_a_drop_of_rights_that_did_not_happen(box, call, command):
    """Each says that it worked and did nothing: seen, and nothing is run."""
    os.chown(box.path, NOBODY.pw_uid, NOBODY.pw_gid)
    box.script("prog", "id > ran\nexec sleep 100\n")
    run = Traced(box, [f"{call}:retval=0"], "-p", "./prog", "-u", "nobody",
                 command, preexec_fn=lambda: os.setgroups([4, 24]))
    result = run.finish()
    assert result.status not in (0, 3, 4), result
    assert "Operation not permitted" in result.all, result
    until(lambda: not box.strays())
    assert not box.exists("ran")


def test_a_peer_who_is_nobody_to_us(box):
    """One who put a socket where everybody can write is not listened to."""
    os.chmod(box.path, 0o777)
    heard = []
    with serving(box.at("zdsock"),
                 lambda sock: heard.append(sock.recv(4096)), NOBODY):
        for command in ("status", "stop", "kill", "shutdown"):
            result = box.zd(command)
            assert result.status == 4, result
            assert f"uid {NOBODY.pw_uid} listens there" in result.all
    assert set(heard) == {b""}


# --- directories ----------------------------------------------------------------

def test_a_users_link_leads_root_nowhere(box):
    """A directory is asked for below a link that the user has made: nothing
    of root's is created or given away."""
    os.chmod(box.path, 0o755)
    for name in ("precious", "home"):
        os.mkdir(box.at(name), 0o755)
    os.chown(box.at("home"), NOBODY.pw_uid, NOBODY.pw_gid)
    os.symlink("../precious", box.at("home/run"))
    os.lchown(box.at("home/run"), NOBODY.pw_uid, NOBODY.pw_gid)
    for option in (["-s", "home/run/new/sock"], ["-z", "home/run/new",
                                                 "-s", "home/sock"]):
        result = box.zd("-p", "sleep 100", "-u", "nobody", *option, "start")
        assert result.status == 1, result
        assert "unable to make directory" in result.err, result
        assert os.listdir(box.at("precious")) == []


def test_roots_own_links_are_followed(box):
    """As /var/run is one to /run."""
    os.mkdir(box.at("real"), 0o755)
    os.symlink("real", box.at("link"))
    os.chmod(box.path, 0o755)
    pid = box.up("-p", "sleep 100", "-u", "nobody", "-s",
                 box.at("link/new/sock"), sock="link/new/sock")
    made = os.stat(box.at("real/new"))
    assert (made.st_uid, made.st_gid) == (NOBODY.pw_uid, NOBODY.pw_gid)
    assert box.zd("-s", box.at("link/new/sock"), "stop").status == 0
    until(gone(pid))


def test_in_a_folder_of_the_users_own(box):
    """Made with the user's rights: its owner from birth."""
    os.chmod(box.path, 0o755)
    os.mkdir(box.at("home"))
    os.chown(box.at("home"), NOBODY.pw_uid, NOBODY.pw_gid)
    box.up("-p", "sleep 100", "-u", "nobody", "-s", "home/run/sock")
    made = os.stat(box.at("home/run"))
    assert (made.st_uid, made.st_gid) == (NOBODY.pw_uid, NOBODY.pw_gid)
    assert stat.S_IMODE(made.st_mode) == 0o755


@pytest.mark.parametrize("mode, warnings", [(0o777, 1), (0o1777, 0)])
def test_a_socket_directory_that_others_can_write(box, mode, warnings):
    """In a sticky one, as /tmp is, nobody can replace it."""
    os.chmod(box.path, mode)
    result = box.zd("-p", "sleep 100", "start")
    assert result.status == 0, result
    assert result.err.count("everybody can write") == warnings, result
    result = box.zd("status")
    assert (result.status, result.err) == (0, ""), result


@pytest.mark.parametrize("name", ["zdaemon", "zdrun", "zdshell"])
def test_no_setuid_installation(box, name):
    """One clear line, and nothing is run."""
    os.chmod(box.path, 0o755)
    path = box.write("copy", open(getattr(box.programs, name), "rb").read(),
                     0o4755)
    result = box.run([path, "-p", "id -u", "fg"], preexec_fn=as_stranger())
    assert result.status == 2, result
    assert "not to be installed setuid or setgid" in result.err, result
    assert len(result.all.splitlines()) == 1, result


# --- files of root's where a user has a hand in ---------------------------------

@pytest.fixture
def astray(box):
    """home is nobody's, and home/way leads to a directory of root's."""
    os.chmod(box.path, 0o755)
    for name in ("precious", "home"):
        os.mkdir(box.at(name), 0o755)
    os.symlink("../precious", box.at("home/way"))
    for name in ("home", "home/way"):
        os.lchown(box.at(name), NOBODY.pw_uid, NOBODY.pw_gid)
    return box


def test_a_log_is_not_written_behind_a_users_link(astray):
    """The link is no part of the last name, which O_NOFOLLOW would guard."""
    result = astray.zd("-p", "sleep 100", "-t", "home/way/out", "start")
    assert result.status == 1, result
    assert "home/way/out" in result.all, result
    assert os.listdir(astray.at("precious")) == []
    until(lambda: not astray.strays())


def test_a_log_behind_a_link_to_the_users_own(box):
    """As the `current' of a deployment: it works, and root's file in it too."""
    os.chmod(box.path, 0o755)
    os.makedirs(box.at("home/release"))
    os.symlink("release", box.at("home/current"))
    for name in ("home", "home/release", "home/current"):
        os.lchown(box.at(name), NOBODY.pw_uid, NOBODY.pw_gid)
    for _ in range(2):
        box.up("-p", "sh -c 'echo said; exec sleep 100'", "-t",
               "home/current/out")
        box.down()
    assert box.lines("home/release/out") == ["said", "said"]
    assert os.stat(box.at("home/release/out")).st_uid == 0


@pytest.mark.parametrize("how", ["-t", "-C"])
def test_a_users_second_name_of_roots_file_is_refused(box, how):
    """Where the system lets users link to files of others."""
    os.chmod(box.path, 0o755)
    os.mkdir(box.at("home"))
    box.write("precious", "program sleep 1\n", 0o600)
    os.link(box.at("precious"), box.at("home/file"))
    os.chown(box.at("home"), NOBODY.pw_uid, NOBODY.pw_gid)
    result = box.zd("-p", "sleep 100", how, "home/file", "start")
    assert result.status == (1 if how == "-t" else 2), result
    assert "home/file" in result.all, result
    assert box.read("precious") == "program sleep 1\n"
    until(lambda: not box.strays())


def test_a_socket_is_not_made_behind_a_users_link(astray):
    result = astray.zd("-p", "sleep 100", "-s", "home/way/sock", "start")
    assert result.status == 1, result
    assert "is where another user's link leads" in result.err, result
    assert os.listdir(astray.at("precious")) == []
    until(lambda: not astray.strays())


def test_a_pid_file_is_not_written_behind_a_users_link(astray):
    astray.write("precious/pid", "1\n")
    astray.conf("program sleep 100", "pid-file home/way/pid")
    astray.zd("-Cconf", "start")
    assert astray.zd("-Cconf", "status").status == 0
    assert astray.zd("-Cconf", "stop").status == 0
    assert os.listdir(astray.at("precious")) == ["pid"]
    assert astray.read("precious/pid") == "1\n"


def test_root_reads_no_configuration_behind_a_users_link(astray):
    """Nor one that is included; what it would tell of the file is not for
    others."""
    astray.write("precious/conf", "root:secret\n", 0o600)
    astray.write("including", "%include home/way/conf\n<runner>\n</runner>\n")
    for name in ("home/way/conf", "including"):
        result = astray.zd("-C", name, "status")
        assert result.status == 2, result
        assert "is where another user's link leads" in result.err, result
        assert "secret" not in result.all


@pytest.mark.parametrize("name", [".zdsock.lock", "out", ".zdsock.out"])
def test_a_fifo_in_the_place_of_a_file_hangs_nothing(box, name):
    """Another user's, in a directory where everybody can make one."""
    os.chmod(box.path, 0o1777)
    os.mkfifo(box.at(name), 0o666)
    os.chown(box.at(name), NOBODY.pw_uid, NOBODY.pw_gid)
    result = box.zd("-p", "sleep 100", "-t", "out", "start")
    assert result.status == 1, result
    assert name in result.all and result.effort < 5, result
    until(lambda: not box.strays())
