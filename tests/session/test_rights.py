"""The files of a session where others have a hand in: the start-up file, the
history, what was seen of a log, the editrc.  A file that is not ours is refused
in one line; nothing of it runs, nothing of anybody's is touched, and nothing
hangs."""

import os
import stat

import pytest

from support import NOBODY

STATE = "home/.local/state/zdaemon"


@pytest.fixture
def home(box):
    """Whose home it is: ours."""
    os.makedirs(box.at(STATE))
    os.makedirs(box.at("home/.config/zdaemon"))
    box.conf(program="sleep 100", transcript="out")
    box.write("out", "one\ntwo\n")
    return box.at("home")


def give_away(home):
    """It is nobody's, with all that is in it."""
    for folder, names, files in os.walk(home):
        for name in [".", *names, *files]:
            os.lchown(os.path.join(folder, name), NOBODY.pw_uid,
                      NOBODY.pw_gid)


def state_name(box, open_terminal, home, ending):
    """The name that a session of ours gives its file."""
    terminal = open_terminal("-C", "conf", home=home)
    terminal.wait_prompt()
    terminal.send("\x04")
    terminal.finish()
    name, = [name for name in os.listdir(box.at(STATE))
             if name.endswith(ending)]
    return os.path.join(box.at(STATE), name)


def begin(open_terminal, home, **options):
    terminal = open_terminal("-C", "conf", home=home, cols=200, **options)
    terminal.wait_prompt()
    return terminal


def said(terminal, path, reason):
    """One line says that this file is refused, and why."""
    told = [line for line in terminal.lines if path in line]
    assert len(told) == 1, terminal
    assert reason in told[0], terminal


def put_fifo(path):
    if os.path.exists(path):
        os.unlink(path)
    os.mkfifo(path)


# --- what is no file -----------------------------------------------------------

def test_a_fifo_hangs_no_session(box, open_terminal, home):
    """In the place of each file, and nobody writes to it."""
    files = [os.path.join(home, ".config/zdaemon/rc"),
             os.path.join(home, ".editrc"),
             state_name(box, open_terminal, home, ".history"),
             state_name(box, open_terminal, home, ".seen")]
    for path in files:
        put_fifo(path)
    terminal = begin(open_terminal, home)
    for path in files:
        said(terminal, path, "it is a FIFO")
    assert terminal.run("version")[0].startswith("zdaemon ")
    assert all(stat.S_ISFIFO(os.lstat(path).st_mode) for path in files)


@pytest.mark.parametrize("name", [".config/zdaemon/rc", ".editrc"])
def test_a_file_without_an_end_is_refused(box, open_terminal, home, name):
    path = os.path.join(home, name)
    box.write(path, "# x")
    os.truncate(path, 1 << 40)
    terminal = begin(open_terminal, home)
    said(terminal, path, "it is larger than 1048576 bytes")


def test_a_directory_in_the_place_of_each_file(open_terminal, home):
    for name in (".config/zdaemon/rc", ".editrc"):
        os.mkdir(os.path.join(home, name))
    terminal = begin(open_terminal, home)
    for name in (".config/zdaemon/rc", ".editrc"):
        said(terminal, os.path.join(home, name), "it is a directory")


@pytest.mark.parametrize("name", [".config/zdaemon/rc", ".editrc"])
def test_what_everybody_can_write_is_not_obeyed(box, open_terminal, home,
                                                name):
    path = os.path.join(home, name)
    box.write(path, "alias v = version\n", 0o666)
    terminal = begin(open_terminal, home)
    said(terminal, path, "it can be written by everybody")
    assert terminal.run("alias") == []
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o666


def test_a_directory_that_everybody_can_write(box, open_terminal, home):
    """Anybody could replace the file, whoever wrote this one."""
    path = os.path.join(home, ".config/zdaemon/rc")
    box.write(path, "alias v = version\n")
    os.chmod(os.path.dirname(path), 0o777)
    terminal = begin(open_terminal, home)
    said(terminal, path, f"'{os.path.dirname(path)}' can be written by "
                         "everybody")
    assert terminal.run("alias") == []


def test_ones_own_links_are_followed(box, open_terminal, home):
    """As of those who keep their files elsewhere."""
    os.mkdir(box.at("dotfiles"))
    box.write("dotfiles/rc", "alias v = version\n")
    os.symlink("../../../dotfiles/rc",
               os.path.join(home, ".config/zdaemon/rc"))
    terminal = begin(open_terminal, home)
    assert terminal.run("alias") == ["alias v = version"]


# --- root in the home of another -----------------------------------------------

def stranger_fifo(box, path):
    """A FIFO that commands wait in, as another user has it."""
    put_fifo(path)
    fd = os.open(path, os.O_RDWR)
    os.write(fd, b"!touch obeyed\n")
    return fd


@pytest.mark.root
@pytest.mark.parametrize("kind", ["file", "fifo", "link"])
def test_root_obeys_no_startup_file_of_another(box, open_terminal, home, kind):
    """HOME is that user's, as with `sudo -E'."""
    path = os.path.join(home, ".config/zdaemon/rc")
    fd = -1
    if kind == "fifo":
        fd = stranger_fifo(box, path)
    else:
        box.write("roots", "!touch obeyed\n")
        if kind == "link":
            os.symlink(box.at("roots"), path)
        else:
            box.write(path, "!touch obeyed\n")
    give_away(home)
    terminal = begin(open_terminal, home)
    said(terminal, path, {"link": "is another user's link"}.get(
        kind, f"'{home}' belongs to another user"))
    assert terminal.run("version")[0].startswith("zdaemon ")
    assert not box.exists("obeyed")
    if fd != -1:
        os.close(fd)


@pytest.mark.root
def test_a_file_of_another_in_roots_own_home(box, open_terminal, home):
    path = box.write(os.path.join(home, ".config/zdaemon/rc"),
                     "!touch obeyed\n")
    os.chown(path, NOBODY.pw_uid, -1)
    terminal = begin(open_terminal, home)
    said(terminal, path, "it belongs to another user")
    assert not box.exists("obeyed")


@pytest.mark.root
def test_root_keeps_no_history_behind_a_users_link(box, open_terminal, home):
    """The link's target keeps its mode and its bytes."""
    history = state_name(box, open_terminal, home, ".history")
    box.write("precious", "precious\n", 0o644)
    os.unlink(history)
    os.symlink(box.at("precious"), history)
    give_away(home)
    terminal = begin(open_terminal, home)
    said(terminal, history, f"'{home}' belongs to another user")
    terminal.run("version")
    assert box.read("precious") == "precious\n"
    assert stat.S_IMODE(os.stat(box.at("precious")).st_mode) == 0o644


@pytest.mark.root
def test_root_makes_nothing_in_the_home_of_another(box, open_terminal):
    """No directory, no history, no mark."""
    box.conf(program="sleep 100", transcript="out")
    box.write("out", "one\n")
    os.mkdir(box.at("home"))
    os.symlink(box.at("elsewhere"), box.at("home/.local"))
    os.mkdir(box.at("elsewhere"))
    give_away(box.at("home"))
    terminal = begin(open_terminal, box.at("home"))
    assert terminal.text.count("history is not kept: unable to open") == 1
    terminal.run("version")
    terminal.send("\x04")
    terminal.finish()
    assert os.listdir(box.at("home")) == [".local"]
    assert os.listdir(box.at("elsewhere")) == []


@pytest.mark.root
def test_root_lets_no_editrc_of_another_bind_keys(box, open_terminal, home):
    """One that makes a line of commands of a harmless key."""
    path = box.write(os.path.join(home, ".editrc"),
                     'bind -s v "!touch obeyed\\n"\n')
    os.chown(path, NOBODY.pw_uid, -1)
    terminal = begin(open_terminal, home)
    said(terminal, path, "it belongs to another user")
    assert terminal.run("version")[0].startswith("zdaemon ")
    assert not box.exists("obeyed")


@pytest.mark.root
def test_a_mark_of_another_is_not_read(box, open_terminal, home):
    seen = state_name(box, open_terminal, home, ".seen")
    os.chown(seen, NOBODY.pw_uid, -1)
    before = box.read(seen)
    terminal = begin(open_terminal, home)
    said(terminal, seen, "it belongs to another user")
    box.write("out", "one\ntwo\nthree\n")
    terminal.send("\x04")
    terminal.finish()
    assert box.read(seen) == before


# --- an ordinary user in the home of another -----------------------------------

@pytest.mark.root
def test_a_user_obeys_no_startup_file_of_another(box, open_terminal, home):
    path = os.path.join(home, ".config/zdaemon/rc")
    box.write(path, "!touch obeyed\n")
    os.chmod(box.path, 0o1777)
    for folder, names, files in os.walk(home):
        for name in [".", *names, *files]:
            os.lchown(os.path.join(folder, name), 12345, 12345)
    terminal = open_terminal(
        home=home, cols=200, argv=[
            "setpriv", f"--reuid={NOBODY.pw_uid}", f"--regid={NOBODY.pw_gid}",
            "--clear-groups", *box.session(), "-C", "conf"])
    terminal.wait_prompt()
    said(terminal, path, f"'{home}' belongs to another user")
    assert not box.exists("obeyed")
