"""What all black-box tests use: runs with a deadline, waits that poll,
a folder for each test, and a sweep that finds whatever a test left."""

import atexit
import bz2
import contextlib
import ctypes
import ctypes.util
import errno
import glob
import gzip
import lzma
import os
import pwd
import re
import resource
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import threading
import time

import pytest

ROOT = os.geteuid() == 0
NOBODY = pwd.getpwnam("nobody")
SPECIAL = ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "GCOV_PREFIX",
           "GCOV_PREFIX_STRIP", "LLVM_PROFILE_FILE")


def as_stranger(*groups):
    """A user of no account, in these further groups."""
    def become():
        os.setgroups(groups)
        os.setgid(NOBODY.pw_gid)
        os.setuid(NOBODY.pw_uid)
    return become


# How much longer than on an idle machine things may take: other tests run
# beside this one, and ZD_SLOW says that it is a slow build as well.
SLOW = 16 if os.environ.get("ZD_SLOW") else 4


# --- time ------------------------------------------------------------------

def until(predicate, timeout=5, what=None):
    """Polls until predicate() is true and returns what it gave."""
    deadline = time.monotonic() + timeout * SLOW
    while True:
        value = predicate()
        if value:
            return value
        if time.monotonic() > deadline:
            name = what or getattr(predicate, "__name__", "the condition")
            raise AssertionError(
                f"{name} not so within {timeout} s (last: {value!r})")
        time.sleep(0.01)


# --- processes -------------------------------------------------------------

def become_subreaper():
    """Every stray of a test becomes a child of this process."""
    libc = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
    libc.prctl(36, 1, 0, 0, 0)


class Process:
    """One line of the process table."""

    def __init__(self, pid):
        with open(f"/proc/{pid}/stat", "rb") as stat:
            text = stat.read().decode("utf-8", "replace")
        self.pid = pid
        self.name = text[text.index("(") + 1:text.rindex(")")]
        field = text[text.rindex(")") + 2:].split()
        self.state = field[0]
        self.parent = int(field[1])
        self.group = int(field[2])
        self.session = int(field[3])
        self.started = int(field[19])

    @property
    def words(self):
        try:
            with open(f"/proc/{self.pid}/cmdline", "rb") as line:
                return line.read().decode("utf-8", "replace").split("\0")[:-1]
        except OSError:
            return []

    def __repr__(self):
        return f"{self.pid} {self.state} {' '.join(self.words) or self.name}"


def process(pid):
    try:
        return Process(pid)
    except (OSError, ValueError):
        return None


def processes():
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            one = process(int(name))
            if one:
                found[one.pid] = one
    return found


def alive(pid):
    """Whether pid is there and no zombie."""
    one = process(pid)
    return bool(one) and one.state not in "ZX"


def gone(*pids):
    return lambda: not any(alive(pid) for pid in pids)


def descendants(root=None):
    """Everything below root but zombies, parents first."""
    table = processes()
    children = {}
    for one in table.values():
        children.setdefault(one.parent, []).append(one)
    found, todo = [], [root or os.getpid()]
    while todo:
        for child in children.get(todo.pop(), []):
            todo.append(child.pid)
            if child.state not in "ZX":
                found.append(child)
    return found


def reap():
    """Takes the statuses of strays that came to us."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def take(pid):
    """Takes the status of one that came to us; whether it is gone."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass
    return not process(pid)


def signal_quietly(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def memory_kb(pid):
    """The resident memory of a process."""
    with open(f"/proc/{pid}/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize() // 1024


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        field = stat.read().rsplit(")", 1)[1].split()
    return (int(field[11]) + int(field[12])) / os.sysconf("SC_CLK_TCK")


def descriptors(pid):
    """{number: what it is open on} of a process."""
    found = {}
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            found[int(name)] = os.readlink(f"/proc/{pid}/fd/{name}")
        except OSError:
            pass
    return found


def signal_sets(pid):
    """The blocked, ignored and caught signals of a process, as sets."""
    sets = {}
    with open(f"/proc/{pid}/status") as status:
        for line in status:
            name, _, value = line.partition(":")
            if name in ("SigBlk", "SigIgn", "SigCgt"):
                bits = int(value, 16)
                sets[name] = {n + 1 for n in range(64) if bits >> n & 1}
    return sets


# --- where the programs are ------------------------------------------------

class Programs:
    """zdaemon, and where its two helpers are."""

    def __init__(self, zdaemon, zdrun, zdshell):
        self.zdaemon, self.zdrun, self.zdshell = zdaemon, zdrun, zdshell


def is_open(path):
    """Whether everybody may pass through all directories above path."""
    while path != "/":
        path = os.path.dirname(path)
        if not os.stat(path).st_mode & 0o001:
            return False
    return True


def open_copy(build):
    """A build directory of copies that nobody, too, can run."""
    copy = tempfile.mkdtemp(prefix="zd-programs-")
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    os.chmod(copy, 0o755)
    for name in ("zdaemon", "zdrun", "zdshell", "config.status"):
        shutil.copy(os.path.join(build, name), copy)
        os.chmod(os.path.join(copy, name), 0o755)
    return copy


def find_programs():
    build = os.environ.get("ZDAEMON_BUILD")
    if build:
        build = os.path.abspath(build)
        if os.getuid() == 0 and not is_open(os.path.join(build, "zdaemon")):
            build = open_copy(build)
        return Programs(*(os.path.join(build, name)
                          for name in ("zdaemon", "zdrun", "zdshell")))
    bindir = os.environ.get("ZDAEMON_BINDIR")
    if bindir:
        bindir = os.path.abspath(bindir)
        libexec = os.environ.get("ZDAEMON_LIBEXECDIR") or os.path.join(
            os.path.dirname(bindir), "libexec", "zdaemon")
        return Programs(os.path.join(bindir, "zdaemon"),
                        os.path.join(libexec, "zdrun"),
                        os.path.join(libexec, "zdshell"))
    return None


# --- a run -----------------------------------------------------------------

class Result:
    """How a run ended: status is the exit status, or -N for signal N."""

    def __init__(self, argv, status, out, err, seconds):
        self.argv, self.status, self.seconds = argv, status, seconds
        self.raw_out, self.raw_err = out, err
        self.out = out.decode("utf-8", "surrogateescape")
        self.err = err.decode("utf-8", "surrogateescape")

    @property
    def effort(self):
        """The time it would have taken on an idle machine, at the least."""
        return self.seconds / SLOW

    @property
    def all(self):
        return self.out + self.err

    def __repr__(self):
        return (f"\n  run:    {self.argv}\n  status: {self.status}"
                f"  ({self.seconds:.2f} s)\n  out:    {self.out!r}"
                f"\n  err:    {self.err!r}")


def environment(home="/proc/nonexistent", extra=None):
    """A scrubbed environment; a value None in extra takes a name away."""
    env = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:"
                   "/sbin:/bin",
           "HOME": home, "LC_ALL": "C.UTF-8", "TERM": "dumb"}
    for name in SPECIAL:
        if name in os.environ:
            env[name] = os.environ[name]
    for name, value in (extra or {}).items():
        if value is None:
            env.pop(name, None)
        else:
            env[name] = value
    return env


def as_user(user):
    """Arguments for Popen that make the child run as that user."""
    if user is None or not ROOT:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


DOTS = r"(?:\. )*\n"        # zdaemon's line of dots, a dot for each second


class Box:
    """A folder with a space in its name in which a test lives."""

    count = 0

    def __init__(self, programs):
        Box.count += 1
        self.reports = f"/tmp/zds-{os.getpid()}-{Box.count}"
        self.programs = programs
        self.path = tempfile.mkdtemp(prefix="zd ", dir="/tmp")
        os.chmod(self.path, 0o755)
        self.background = []
        self.strays_expected = False
        self.user = None
        self.env = {}       # for all that is run in it
        reap()
        self.before = {one.pid for one in descendants()}

    # files
    def at(self, *names):
        return os.path.join(self.path, *names)

    def write(self, name, text, mode=None):
        data = text if isinstance(text, bytes) else text.encode()
        with open(self.at(name), "wb") as file:
            file.write(data)
        if mode is not None:
            os.chmod(self.at(name), mode)
        if self.user and ROOT:
            entry = pwd.getpwnam(self.user)
            os.chown(self.at(name), entry.pw_uid, entry.pw_gid)
        return self.at(name)

    def speaking(self, name):
        """The writing end of a FIFO, once there is somebody to hear."""
        def hear():
            try:
                return os.open(self.at(name), os.O_WRONLY | os.O_NONBLOCK) + 1
            except OSError as error:
                if error.errno in (errno.ENXIO, errno.ENOENT):
                    return 0
                raise
        end = until(hear, what=f"a reader of {name}") - 1
        os.set_blocking(end, True)
        return os.fdopen(end, "w")

    def say(self, name, text):
        """Writes into a FIFO."""
        with self.speaking(name) as end:
            end.write(text)

    def script(self, name, text):
        """An executable shell script; its path, absolute."""
        return self.write(name, "#!/bin/sh\n" + text, 0o755)

    def conf(self, *keys, name="conf", rest="", **options):
        """A <runner> file from lines and key=value pairs; its name."""
        lines = ["<runner>"] + ["  " + key for key in keys]
        for key, value in options.items():
            lines.append(f"  {key.replace('_', '-')} {value}")
        self.write(name, "\n".join(lines) + "\n</runner>\n" + rest)
        return name

    def read(self, name, default=None):
        try:
            with open(self.at(name), "rb") as file:
                return file.read().decode("utf-8", "surrogateescape")
        except FileNotFoundError:
            if default is None:
                raise
            return default

    def lines(self, name):
        return self.read(name, "").splitlines()

    def exists(self, name):
        return os.path.lexists(self.at(name))

    def listing(self):
        """What a plain ls shows."""
        return sorted(n for n in os.listdir(self.path) if n[0] != ".")

    def belongs_to(self, user):
        """From now on the folder and all runs are that user's (for root)."""
        if ROOT:
            self.user = user
            entry = pwd.getpwnam(user)
            os.chown(self.path, entry.pw_uid, entry.pw_gid)

    # runs
    def zd(self, *args, timeout=20, input=None, stdout=subprocess.PIPE,
           program=None, **options):
        """Runs zdaemon to its end; fails if that takes too long."""
        argv = [program or self.programs.zdaemon, *args]
        return self.run(argv, timeout=timeout, input=input, stdout=stdout,
                        **options)

    def run(self, argv, timeout=20, input=None, stdout=subprocess.PIPE,
            **options):
        data = input.encode() if isinstance(input, str) else input
        began = time.monotonic()
        child = self.popen(
            argv, stdin=subprocess.DEVNULL if data is None
            else subprocess.PIPE, stdout=stdout, **options)
        try:
            out, err = child.communicate(data, timeout=timeout * SLOW)
        except subprocess.TimeoutExpired as late:
            child.kill()
            raise AssertionError(
                f"no end within {timeout} s (or its output is held open): "
                f"{argv}\n  out: {late.stdout!r}\n  err: {late.stderr!r}"
            ) from None
        self.background.remove(child)
        return Result(argv, child.returncode, out or b"", err or b"",
                      time.monotonic() - began)

    def popen(self, argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
              stderr=subprocess.PIPE, env=None, home="/proc/nonexistent",
              user=None, cwd=None, **options):
        """A run in the background, ended at the end of the test."""
        env = {**self.sanitizers(), **self.env, **(env or {})}
        child = subprocess.Popen(
            argv, stdin=stdin, stdout=stdout, stderr=stderr,
            env=environment(home, env), cwd=cwd or self.path,
            start_new_session=True, **as_user(user or self.user), **options)
        self.background.append(child)
        return child

    def sanitizers(self, leaks=True):
        """Where sanitizers report, as nobody sees a daemon's complaints."""
        if not os.environ.get("ZD_SANITIZERS"):
            return {}
        return {name: ":".join(filter(None, [
            os.environ.get(name), f"log_path={self.reports}",
            "verify_asan_link_order=0" if "LD_PRELOAD" in self.env else "",
            "" if leaks else "detect_leaks=0"]))
            for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS")}

    def session(self):
        """What opens a session; `make valgrind` has a look at it."""
        if not os.environ.get("ZD_VALGRIND"):
            return [self.programs.zdaemon]
        return ["valgrind", "-q", f"--log-file={self.reports}.%p",
                "--child-silent-after-fork=yes", "--leak-check=full",
                "--errors-for-leak-kinds=definite,indirect,possible",
                "--show-leak-kinds=definite,indirect,possible",
                "--error-exitcode=99",
                self.programs.zdshell]

    def later(self, *args, **options):
        """zdaemon in the background."""
        return self.popen([self.programs.zdaemon, *args], **options)

    def finish(self, child, timeout=20):
        """The end of a run that was begun with later or popen."""
        try:
            out, err = child.communicate(timeout=timeout * SLOW)
        except subprocess.TimeoutExpired as late:
            raise AssertionError(
                f"no end within {timeout} s: {child.args}\n"
                f"  out: {late.stdout!r}\n  err: {late.stderr!r}") from None
        return Result(child.args, child.returncode, out or b"", err or b"", 0)

    # the supervisor
    def ask(self, request, sock="zdsock", timeout=10):
        """What the supervisor answers to a request line."""
        return ask(self.at(sock), request, timeout)

    def status(self, sock="zdsock"):
        """The status reply as a dictionary; None if nobody answers."""
        try:
            reply = self.ask("status", sock)
        except OSError:
            return None
        return dict(line.split("=", 1) for line in reply.splitlines()
                    if "=" in line) or None

    def pid(self, sock="zdsock"):
        status = self.status(sock)
        return int(status["application"]) if status else 0

    def manager(self, sock="zdsock"):
        status = self.status(sock)
        return int(status["manager"]) if status else 0

    def up(self, *args, sock="zdsock", **options):
        """start, which must succeed; the program's pid."""
        result = self.zd(*args, "start", **options)
        assert result.status == 0, result
        found = re.search(r"daemon process started, pid=(\d+)\n", result.out)
        assert found, result
        return int(found.group(1))

    def down(self, *args, **options):
        """stop, which must succeed and leave nothing running."""
        manager = self.manager(options.get("sock", "zdsock"))
        result = self.zd(*args, "stop", **options)
        assert result.status == 0, result
        if manager:
            until(gone(manager), what="the end of the supervisor")
        return result

    # the end
    def strays(self):
        reap()
        return [one for one in descendants() if one.pid not in self.before]

    def close(self):
        """Ends what runs; a list of what should not have been there."""
        for child in self.background:
            if child.poll() is None:
                child.kill()
                child.wait()
            for stream in (child.stdin, child.stdout, child.stderr):
                if stream:
                    stream.close()
        left = []
        supervisors = [one for one in self.strays() if is_zdrun(one)]
        kept = {one.pid for boss in supervisors
                for one in [boss, *descendants(boss.pid)]}

        def orphans():
            return [one for one in self.strays()
                    if one.pid not in kept and one.name != "strace"]

        if not self.strays_expected:
            try:
                until(lambda: not orphans(), 1)
            except AssertionError:
                left += [f"left: {one}" for one in orphans()]
        # CONT only for who is stopped: one that is at its end already may be
        # looked at by its leak checker, whose STOP it would undo, and both
        # wait for ever.
        for one in supervisors:
            if one.state == "T":
                signal_quietly(one.pid, signal.SIGCONT)
            signal_quietly(one.pid, signal.SIGTERM)
        try:
            until(lambda: not self.strays(), 1 if left else 5)
        except AssertionError:
            if not self.strays_expected:
                left += [f"does not end: {one}" for one in self.strays()]
        deadline = time.monotonic() + 10
        while self.strays() and time.monotonic() < deadline:
            for one in self.strays():
                signal_quietly(one.pid, signal.SIGKILL)
            time.sleep(0.01)
        for name in glob.glob(self.reports + ".*"):
            with open(name, errors="replace") as report:
                left += filter(None, [report.read(5000)])
            os.unlink(name)
        if not os.environ.get("ZD_KEEP"):
            shutil.rmtree(self.path, ignore_errors=True)
        return left


def is_zdrun(one):
    try:
        name = os.path.basename(os.readlink(f"/proc/{one.pid}/exe"))
    except OSError:
        name = one.name
    return name.split(" ")[0].startswith("zdrun")


# --- for fixtures ----------------------------------------------------------

def closing(box, node):
    """Ends what a test left; that fails a test that had passed."""
    left = box.close()
    report = getattr(node, "report_call", None)
    if left and (report is None or report.passed):
        pytest.fail("the test left behind:\n  " + "\n  ".join(left),
                    pytrace=False)


def copy_build(build, copy, rooms):
    """A copy of a build directory in which some rooms are to be made anew.

    Without the lists of what each object depends on: they may name the
    source by a path that is none from there.  What is made there counts no
    lines: the place of the counts will be gone when it runs.
    """
    def ignore(folder, names):
        """What is not to be copied, and what cannot be: a demonstration that
        runs has its socket in there."""
        return [name for name in names
                if name in ("_inst", "demo")
                or name.endswith((".Po", ".log"))
                or not stat.S_IFMT(os.lstat(os.path.join(folder, name)).st_mode)
                in (stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK)]

    shutil.copytree(build, copy, symlinks=True, ignore=ignore)
    with open(os.path.join(copy, "Makefile"), "r+") as makefile:
        text = makefile.read()
        makefile.seek(0)
        makefile.write(re.sub(r"(?m)^(HARD_CFLAGS = .*) --coverage",
                              r"\1", text))
        makefile.truncate()
    for room in rooms:
        for name in os.listdir(os.path.join(copy, "src", room)):
            if name.endswith((".o", ".a")):
                os.unlink(os.path.join(copy, "src", room, name))


def copied_make(copy, source, log, *words):
    """make in a copy of a build directory; the original stays as it is."""
    subprocess.run(
        ["make", "-C", copy, f"srcdir={source}", f"top_srcdir={source}",
         f"VPATH={source}", "AUTOCONF=:", "AUTOMAKE=:", "ACLOCAL=:",
         "AUTOHEADER=:", *words],
        check=True, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
        timeout=300, env={**environment(), "MAKEFLAGS": ""})


# --- output that can be checked ----------------------------------------------

LINE = "line %09.0f, of many"       # for seq -f


def numbers(text):
    """The numbers of such lines, each of which must be whole."""
    lines = text.split("\n")
    assert lines.pop() == "", f"ends within a line: {text[-60:]!r}"
    for line in lines:
        assert len(line) == 23 and line[:5] == "line ", repr(line)
    return [int(line[5:14]) for line in lines]


# --- rotated logs ------------------------------------------------------------

LOG = "<eventlog>\n <logfile>\n path {}\n </logfile>\n</eventlog>\n"
OPENERS = {".gz": gzip.open, ".xz": lzma.open, ".bz2": bz2.open}


def content(path):
    opener = OPENERS.get(os.path.splitext(path)[1], open)
    with opener(path, "rb") as file:
        return file.read().decode()


def rotated(box, name="out"):
    """The rotated files, the oldest first, and then the present one."""
    found = []
    for file in os.listdir(box.path):
        match = re.fullmatch(re.escape(name) + r"\.(\d+)(\.\w+)?", file)
        if match:
            found.append((-int(match.group(1)), file))
        elif re.fullmatch(re.escape(name) + r"\.\d{8}T.*", file):
            found.append((0, file))
    return [file for _, file in sorted(found)] + [name]


def everything(box, name="out"):
    """All that was written, from files each of which must end whole."""
    parts = [content(box.at(file)) for file in rotated(box, name)]
    for part in parts:
        assert part == "" or part.endswith("\n"), part[-80:]
    return parts


# --- libraries before the C library --------------------------------------------

def preloaded(folder, source):
    """A shared library of that C text, for LD_PRELOAD."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("needs a C compiler")
    path = os.path.join(str(folder), "shim")
    with open(path + ".c", "w") as file:
        file.write(source)
    subprocess.run([compiler, "-O1", "-fPIC", "-shared", "-o", path + ".so",
                    path + ".c"], check=True)
    return path + ".so"


@contextlib.contextmanager
def serving(path, answer, user=None):
    """A peer at path, there as that user: answer(sock) gets each connection,
    one after the other."""
    with socket.socket(socket.AF_UNIX) as listener:
        os.seteuid(user.pw_uid if user else os.geteuid())
        try:        # the credentials are those of the one who listens
            listener.bind(path)
            listener.listen(8)
        finally:
            os.seteuid(os.getuid())

        def serve():
            while True:
                try:
                    sock = listener.accept()[0]
                except OSError:
                    return              # shut down, below
                with sock:
                    sock.settimeout(10 * SLOW)
                    answer(sock)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


# --- calls that fail ---------------------------------------------------------

def injecting(*inject, paths=()):
    """strace's arguments to make calls fail or wait; the rest runs free."""
    calls = ",".join(one.split(":")[0] for one in inject)
    return ["strace", "-qq", "-o", "/dev/null", "-e", "trace=" + calls,
            *[word for path in paths for word in ("-P", path)],
            *[word for one in inject for word in ("-e", "inject=" + one)]]


def traced(pid):
    with open(f"/proc/{pid}/status") as status:
        return re.search(r"^TracerPid:\t(\d+)", status.read(),
                         re.M).group(1) != "0"


def attach(box, pid, *inject, paths=()):
    """strace on a running supervisor, not on what it forks; it is at work
    when this returns."""
    child = box.popen([*injecting(*inject, paths=paths), "-p", str(pid)])
    until(lambda: traced(pid))
    return child


class Traced:
    """A run of zdaemon under strace that ends when zdaemon does, however
    long what it started goes on; its output is in files for that."""

    count = 0

    def __init__(self, box, inject, *args, paths=(), **options):
        Traced.count += 1
        self.box, self.name = box, f".traced.{Traced.count}"
        self.began = time.monotonic()
        with open(box.at(self.name + ".out"), "wb") as out, open(
                box.at(self.name + ".err"), "wb") as err:
            self.child = box.popen(
                [*injecting(*inject, paths=paths), "-f", "-D", "--seccomp-bpf",
                 box.programs.zdaemon, *args],
                stdout=out, stderr=err, env=box.sanitizers(leaks=False),
                **options)

    def finish(self, timeout=20):
        until(lambda: self.child.poll() is not None, timeout,
              f"the end of {self.child.args}")
        seconds = time.monotonic() - self.began
        text = []
        for name in (self.name + ".out", self.name + ".err"):
            with open(self.box.at(name), "rb") as file:
                text.append(file.read())
            os.unlink(self.box.at(name))
        return Result(self.child.args, self.child.returncode, *text, seconds)


# --- the wire --------------------------------------------------------------

def connect(path, timeout=10):
    """A connection to a socket whose path may be long."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.settimeout(timeout * SLOW)
    folder = None
    try:
        if len(os.fsencode(path)) > 107:
            folder = os.open(os.path.dirname(path), os.O_PATH)
            path = f"/proc/self/fd/{folder}/{os.path.basename(path)}"
        deadline = time.monotonic() + timeout * SLOW
        while True:
            try:
                sock.connect(path)
                break
            except BlockingIOError:     # the queue is full for the moment
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
    except BaseException:
        sock.close()
        raise
    finally:
        if folder is not None:
            os.close(folder)
    return sock


def read_all(sock, limit=1 << 20):
    data = b""
    while len(data) < limit:
        try:
            part = sock.recv(65536)
        except ConnectionResetError:
            break
        if not part:
            break
        data += part
    return data


def ask(path, request, timeout=10):
    """One request as zdaemon's own client sends it; the reply as text."""
    data = request if isinstance(request, bytes) else request.encode() + b"\n"
    with connect(path, timeout) as sock:
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
        return read_all(sock).decode("utf-8", "surrogateescape")
