"""Killed, or failed, at each system call.

Whatever a supervisor or a client does to the outside is done once while
at-call lists its system calls, and then once more for each of them: with
SIGKILL at its entry, with the call failing, and with all calls of its name
failing from there on.  The next `start` follows, and the promises are the same
each time: one copy of the program, the same pid where it lives on, every line
in the transcript once and whole, old logs there, `status` true, nothing left
beside the socket, no file of another touched.

make check tries what fits into a minute, in an order that SEED chooses; make
torture tries all of it.  ZD_CRASHPOINTS names a directory where it keeps what
was tried and how that went, so that it can be interrupted; ZD_CRASHPOINT is a
pattern of those to be tried, such as "0.1 17 kill" or ".* openat=.*".
"""

import collections
import contextlib
import errno
import fcntl
import glob
import gzip
import os
import random
import re
import resource
import shutil
import signal
import struct
import subprocess
import time

import pytest

import support
from support import ROOT, SLOW, alive, process

WHOLE = bool(os.environ.get("ZD_TORTURE"))
SANITIZED = bool(os.environ.get("ZD_SANITIZERS"))   # they need all calls
SEED = 12
SECONDS = 60            # for all cases of a make check
LIMIT = 15 * max(1, SLOW // 4)          # for whatever has to come to an end
UNSUPPORTED = 77

# What each call can fail with, in our hands; nothing for those that cannot.
# What is missing here fails the test.
ERRORS = {name: errors.split() for names, errors in (
    ("openat open", "EACCES EMFILE ENOSPC"),
    ("read:file pread64", "EIO"),
    ("read:pipe read:anon_inode", "EINTR"),
    ("write:file pwrite64 pwritev", "ENOSPC EIO"),
    ("write:pipe write:anon_inode read:socket write:socket", ""),
    ("splice", "EINVAL ENOSPC EINTR"),
    ("close", "EIO"),
    ("fstat newfstatat stat lstat statx", "EACCES ENOMEM"),
    ("rename renameat renameat2", "EPERM ENOSPC"),
    ("link linkat", "EPERM EMLINK ENOSPC"),
    ("unlink unlinkat", "EPERM EIO"),
    ("mknod mknodat", "EACCES ENOSPC"),
    ("mkdir mkdirat", "EACCES ENOSPC"),
    ("fsync fdatasync", "EIO ENOSPC"),
    ("ftruncate fallocate", "ENOSPC EIO"),
    ("lseek", ""),
    ("chdir fchdir getcwd", "EACCES ENOENT"),
    ("chown fchown fchownat chmod fchmod fchmodat", "EPERM EIO"),
    ("access faccessat faccessat2", "EACCES"),
    ("readlink readlinkat", "EACCES ENOENT"),
    ("getdents64", "EIO"),
    ("flock", "EINTR ENOLCK"),
    ("fcntl", ""),
    ("ioctl", "EINVAL"),
    ("dup dup2 dup3", "EMFILE"),
    ("pipe pipe2 socketpair", "EMFILE"),
    ("memfd_create", "EMFILE ENOMEM"),
    ("socket", "EMFILE ENOBUFS"),
    ("bind", "EADDRINUSE EACCES"),
    ("listen", "EADDRINUSE"),
    ("connect", "ECONNREFUSED EAGAIN"),
    ("accept accept4", "EMFILE ECONNABORTED EINTR"),
    ("getsockopt setsockopt getsockname getpeername", "ENOBUFS"),
    ("sendto sendmsg", "EPIPE EINTR"),
    ("recvfrom recvmsg", "ECONNRESET EINTR"),
    ("shutdown", "ENOTCONN"),
    ("poll ppoll", "EINTR ENOMEM"),
    ("inotify_init1", "EMFILE"),
    ("inotify_add_watch", "ENOSPC"),
    ("inotify_rm_watch", "EINVAL"),
    ("pidfd_open", "EMFILE ENOSYS"),
    ("pidfd_send_signal kill tgkill", "EPERM"),
    ("clone clone3 fork vfork", "EAGAIN ENOMEM"),
    ("execve", "ENOMEM ETXTBSY"),
    ("wait4 waitid", "EINTR"),
    ("prctl", "EINVAL"),
    ("setsid", "EPERM"),
    ("setuid setgid setresuid setresgid setgroups", "EPERM EAGAIN"),
    ("brk mmap", "ENOMEM"),
    ("mprotect munmap mremap", "ENOMEM"),
    ("close_range", "ENOSYS"),
    ("copy_file_range sendfile", "EIO"),
    ("prlimit64 getrlimit setrlimit", "EPERM"),
    ("sysinfo", "EINVAL"),
    ("sched_getaffinity", "EINVAL"),
    ("getrandom", "EAGAIN"),
    ("nanosleep clock_nanosleep", "EINTR"),
    ("sigaltstack", "ENOMEM"),
    ("rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending pause "
     "restart_syscall exit exit_group umask uname getpid getppid getuid "
     "geteuid getgid getegid gettid getpgrp getpgid getsid getresuid "
     "getresgid getgroups arch_prctl set_tid_address set_robust_list rseq "
     "futex madvise clock_gettime gettimeofday alarm setitimer times getrusage "
     "setpgid sched_yield personality membarrier", ""),
) for name in names.split()}

# Errors that come to stay.
LASTING = {"ENOSPC", "EIO", "EMFILE", "EACCES", "EPERM", "ENOMEM", "EAGAIN",
           "ENOSYS", "EINVAL"}

LINE = re.compile(rb"line (\d{7}) (\d{7})\n")
OURS = re.compile(rb"(?m)^(?:\S+ )?--- zdaemon: .* ---\n|"
                  rb"^------\n|"
                  rb"^\d{4}-\d\d-\d\dT[\d:]+ [A-Z]+ .*\n")
STAMP = re.compile(rb"(?m)^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ")
OLD = 6                 # lines that stand in old logs already
BUFFER = 65536          # bytes that a kill may cost where they are copied

# What others have put beside ours, and must find again.
FOREIGN = [".zdsock.out.mine", ".zdrun.mine", ".zdsock.lock.old", "out.mine",
           "out.1.orig", ".zdsock.state.orig", "conf.orig"]


class Broken(AssertionError):
    """A promise that was not kept."""


def promise(kept, *text):
    if not kept:
        raise Broken(" ".join(str(one) for one in text))


def by_number(trace):
    """As at-call wants it: errors by their numbers."""
    return [re.sub(r"=(\w+)", lambda match: f"={getattr(errno, match[1])}",
                   word) for word in trace]


# --- one run ------------------------------------------------------------------

Hit = collections.namedtuple("Hit", "who call name program pid")


class Scene:
    """A directory where one thing is done, with at-call in attendance."""

    def __init__(self, case, box):
        self.case, self.box = case, box
        self.tracer = self.hit = self.result = None
        self.killed = False
        self.clients = 0
        self.pid = self.manager = 0
        # Nobody can look for leaks in what is traced.
        box.env = box.sanitizers(leaks=False)
        if case.user:
            box.belongs_to(case.user)
        os.mkdir(box.at(".harness"))
        for name in FOREIGN:
            box.write(name, name + "\n")
        box.write("number", f"{OLD}\n")
        for number in 1, 2, 3:
            first = OLD - 2 * number + 1
            box.write(f"out.{number}", "".join(
                f"line {n:07} {n - first:07}\n" for n in (first, first + 1)))
        shutil.copy(built("numbered"), box.path)
        box.conf("program ./numbered " + case.words, "transcript out",
                 "start-seconds 0", "stop-timeout 5", "transcript-keep 50",
                 *case.keys, rest=case.rest)
        self.programs = box.programs
        if case.replaces:
            self.programs = self.copy_programs()
        if case.prepare:
            case.prepare(self)
        self.before = {name: self.look(name) for name in FOREIGN}
        self.at_first = set(os.listdir(box.path))

    def copy_programs(self):
        """What it starts can be replaced."""
        built = os.path.dirname(self.box.programs.zdrun)
        os.mkdir(self.box.at("programs"))
        for name in "zdaemon", "zdrun", "config.status":
            shutil.copy(os.path.join(built, name), self.box.at("programs"))
        return support.Programs(self.box.at("programs", "zdaemon"),
                                self.box.at("programs", "zdrun"), None)

    def look(self, name):
        path = self.box.at(name)
        stat = os.lstat(path)
        with open(path, "rb") as file:
            return (file.read(), stat.st_ino, stat.st_mtime_ns, stat.st_mode,
                    stat.st_uid, stat.st_nlink)

    # waiting
    def orphans(self):
        """What came to us: children, but not those that we began."""
        known = {child.pid for child in self.box.background}
        with open("/proc/thread-self/children") as children:
            return set(map(int, children.read().split())) - known

    def reap(self):
        for pid in self.orphans():
            os.waitpid(pid, os.WNOHANG)

    def complaints(self):
        """What sanitizers had to say."""
        for name in glob.glob(self.box.reports + ".*"):
            with open(name, errors="replace") as report:
                yield report.read(2000)

    def close(self):
        """Nothing of it goes on, whatever became of it."""
        for child in self.box.background:
            child.kill()
            child.communicate()
        while self.orphans():
            for pid in self.orphans():
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        for name in glob.glob(self.box.reports + ".*"):
            os.unlink(name)
        shutil.rmtree(self.box.path)

    def wait(self, predicate, what, limit=LIMIT):
        end = time.monotonic() + limit
        while True:
            self.reap()
            value = predicate()
            if value:
                return value
            promise(time.monotonic() < end, f"within {limit} s: no", what)
            time.sleep(0.005)

    # clients
    def begin(self, *words, trace=None):
        """A run of zdaemon, its output in files that nobody waits for."""
        argv = [self.programs.zdaemon, "-Cconf", *words]
        self.clients += 1
        said = [f".harness/{self.clients}.{end}" for end in ("out", "err")]
        with open(self.box.at(said[0]), "wb") as out, open(
                self.box.at(said[1]), "wb") as err:
            if trace is None:
                child = self.box.popen(argv, stdout=out, stderr=err)
            else:
                child = self.box.popen(
                    ["sh", "-c", 'read -r go; exec "$@" </dev/null', "sh",
                     *argv], stdin=subprocess.PIPE, stdout=out, stderr=err)
                self.attach(child.pid, trace)
                child.stdin.write(b"\n")
                child.stdin.close()
        child.args, child.said = list(words), said
        return child

    def end(self, child):
        self.wait(lambda: child.poll() is not None, f"end of {child.args}")
        self.box.background.remove(child)
        return self.result_of(child)

    def result_of(self, child):
        """What it said so far, and how it ended if it has."""
        return support.Result(child.args, child.returncode, *(
            self.box.read(name).encode() for name in child.said), 0)

    def client(self, *words):
        """What the case is about: traced if it is the client's."""
        trace = self.trace if self.case.traced == "client" else None
        self.result = self.end(self.begin(*words, trace=trace))
        return self.result

    # the tracer
    def attach(self, pid, words):
        with open(self.box.at(".harness", "trace"), "wb") as out:
            self.tracer = self.box.popen(
                [built("at-call"), str(pid), *by_number(words)],
                stdout=out, user="root" if ROOT else None)
        self.wait(lambda: self.box.read(".harness/trace") or
                  self.tracer.poll() is not None, "tracer")
        if self.tracer.poll() == UNSUPPORTED:
            pytest.skip("needs ptrace(2)")

    def detach(self):
        """What was hit, or all calls that were listed."""
        self.tracer.terminate()
        self.box.finish(self.tracer)
        self.tracer = None
        hits = [Hit(who, int(call), name, program, int(pid))
                for who, call, name, program, pid in (
                    line.split(" ") for line in
                    self.box.lines(".harness/trace")[1:])]
        self.hit = hits[0] if hits and self.trace else None
        self.killed = self.hit is not None and self.trace[-1] == "kill"
        return hits

    # what is so
    def running(self):
        """The pid of the program that runs, by its lock; 0 without one."""
        ask = struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        try:
            with open(self.box.at("lock"), "rb+") as lock:
                answer = fcntl.fcntl(lock, fcntl.F_GETLK, ask)
        except FileNotFoundError:
            return 0
        kind, _, _, _, pid = struct.unpack("hhqqi", answer)
        return 0 if kind == fcntl.F_UNLCK else pid

    def supervisor(self):
        """The status of the one that answers; {} if there is none."""
        return self.box.status() or {}

    # the story
    def up(self):
        if self.case.foreground:
            child = self.begin("start")
            self.wait(lambda: self.supervisor().get("state") == "up" or
                      child.poll() is not None, "supervisor")
            promise(child.poll() in (None, 0), "start:",
                    self.result_of(child))
        else:
            result = self.end(self.begin("start"))
            promise(result.status == 0, "start:", result)
        self.wait(lambda: self.running(), "run")
        status = self.supervisor()
        promise(status.get("application") == str(self.running()),
                f"status names pid {status.get('application')}, "
                f"but {self.running()} runs")
        promise(status["state"] == "up", "state", status["state"])
        return self.running(), int(status["manager"])

    def act(self, trace):
        self.trace = trace
        if self.case.begins == "up":
            self.pid, self.manager = self.up()
            self.wait(lambda: int(self.box.read("number")) > OLD + 1, "lines")
        if self.case.before:
            self.case.before(self)
        if self.case.traced == "supervisor":
            self.attach(self.manager, trace)
        self.case.act(self)
        hits = self.detach()
        if self.killed:
            self.wait(lambda: not alive(self.hit.pid), "end by SIGKILL")
        return hits

    def is_mute(self):
        """All that the client writes fails, its reasons included."""
        return (self.case.traced == "client" and self.trace and
                re.fullmatch(r"write:file=.*\+", self.trace[-1]))

    def judge(self):
        """What the client said is so; what lives on is known."""
        if self.result is not None and self.result.status > 0:
            promise(self.result.all.strip() or self.is_mute(),
                    "failed without a word", self.result)
        if self.result is not None and self.result.status == 0:
            self.case.truth(self)
        if self.case.keeps and self.pid:
            promise(self.running() == self.pid,
                    f"{self.pid} has not lived on, but {self.running()}")

    def go_on(self):
        """The next start, then a stop."""
        before = self.running()
        pid, manager = self.up()
        if before and alive(before):
            promise(pid == before, f"{before} was running, now {pid}")
        if self.case.keeps and self.pid:
            promise(pid == self.pid, f"{self.pid} was running, now {pid}")
        promise(not self.box.exists("copies"), "a second copy")
        last = int(self.box.read("number"))
        self.wait(lambda: b"line %07d" % (last + 2) in self.text("out") or (
            self.case.foreground and int(self.box.read("number")) > last),
            "output")
        stop = self.end(self.begin("shutdown"))
        promise(stop.status == 0, "shutdown:", stop)
        promise(not self.running(), "runs after a stop")
        self.wait(lambda: not alive(manager), "end of the supervisor")
        status = self.end(self.begin("status"))
        promise(status.status == 3, "status after a stop:", status)

    def left(self):
        """Nothing beside the socket, and the files of others as they were."""
        allowed = re.compile(
            r"(out|err)(\.\d+(\.gz)?)?|lock|\.zdsock\.lock|shared"
            r"(\.\d+)?|moved")
        self.wait(lambda: not self.orphans(), "end of what it started")
        left = [name for name in os.listdir(self.box.path)
                if name not in self.at_first and not allowed.fullmatch(name)]
        promise(not left, "left:", left)
        promise(not [*self.complaints()], *self.complaints())
        for name in FOREIGN:
            promise(self.box.exists(name) and
                    self.look(name) == self.before[name],
                    f"{name} was touched")

    # the transcript
    def logs(self, name):
        """Its files, the oldest first."""
        found = []
        for file in os.listdir(self.box.path):
            match = re.fullmatch(re.escape(name) + r"\.(\d+)(\.gz)?", file)
            if match:
                found.append((-int(match.group(1)), file))
        moved = ["moved"] if self.box.exists("moved") else []
        return [file for _, file in sorted(found)] + moved + [name]

    def text(self, name):
        parts = []
        for file in self.logs(name):
            if not self.box.exists(file):
                continue
            with (gzip.open if file.endswith(".gz") else open)(
                    self.box.at(file), "rb") as log:
                parts.append(log.read())
        return b"".join(parts)

    def whole(self, name, first):
        """Every line from first on, once and whole."""
        text = OURS.sub(b"", self.text(name))
        if self.case.stamped:
            text = STAMP.sub(b"", text)
        at, number, run, lost = 0, first - 1, None, 0
        for match in LINE.finditer(text):
            torn = text[at:match.start()]
            found, owner = int(match.group(1)), match.group(2)
            promise(found > number, f"{name}: line {found} after {number}")
            missing = found - number - 1
            if missing or torn:
                between = f"{name}: {missing} lines missing before " \
                    f"{found}, torn {torn!r}"
                # The last words of one that ended on its own.
                ended = run is not None and owner != run and self.killed
                copied = self.case.copies and self.killed and not lost
                lost = missing * len(match.group()) + len(torn)
                promise(ended or (copied and lost <= BUFFER), between)
            at, number, run = match.end(), found, owner
        promise(not text[at:], f"{name}: ends with {text[at:][:80]!r}")
        promise(number == int(self.box.read("number")),
                f"{name}: ends with line {number}, not "
                f"{self.box.read('number')}")


# --- what is done -------------------------------------------------------------

class Case:
    """One thing that a supervisor or a client does."""

    def __init__(self, act, traced="supervisor", begins="up", keys=(),
                 words="", rest="", prepare=None, before=None, keeps=False,
                 truth=lambda scene: None, foreground=False, user=None,
                 replaces=False, copies=False, stamped=False, err=False):
        self.act, self.traced, self.begins = act, traced, begins
        self.keys, self.words, self.rest = keys, words, rest
        self.prepare, self.before, self.keeps = prepare, before, keeps
        self.truth, self.foreground, self.user = truth, foreground, user
        self.replaces, self.copies, self.stamped = replaces, copies, stamped
        self.err = err
        # The supervisor, as at-call names it.
        self.boss = "0.1.1" if traced == "client" and not foreground else "0"


def commands(*words):
    def act(scene):
        scene.client(*words)
    return act


def starts(scene):
    """In the foreground too, as the supervisor's own life begins with it."""
    if not scene.case.foreground:
        scene.client("start")
        return
    child = scene.begin("start", trace=scene.trace)
    scene.wait(lambda: scene.supervisor().get("state") == "up" or
               child.poll() is not None, "start")


def signals(number, done):
    """A signal to the supervisor, and what shows that it was heard."""
    def act(scene):
        support.signal_quietly(scene.manager, number)
        settles(scene, done)
    return act


def settles(scene, done):
    """Until it is done, or there is nobody to do it."""
    scene.wait(lambda: not alive(scene.manager) or done(scene) or
               late(scene), "sign of it")


def late(scene):
    """Where a call fails once nobody can tell whether it still will."""
    scene.since = getattr(scene, "since", None) or time.monotonic()
    return time.monotonic() - scene.since > (8 if scene.trace else LIMIT)


def crashes(scene):
    os.kill(scene.pid, signal.SIGUSR1)
    settles(scene, lambda scene: scene.running() not in (0, scene.pid) and
            scene.supervisor().get("state") == "up")


def gives_up(scene):
    os.kill(scene.pid, signal.SIGUSR1)
    settles(scene, lambda scene: False)


def is_gone(scene):
    promise(not scene.running(), "said to be stopped, and runs")


def is_up(scene):
    """With start-seconds 0 that is all that was promised of a child that was
    killed on its way to its exec."""
    if scene.killed and scene.hit.who.startswith(scene.case.boss + "."):
        return
    scene.wait(lambda: scene.running(), "run after start")
    status = scene.supervisor()
    promise(scene.killed or status.get("application") == str(scene.running()),
            "said to be started:", status)


def is_another(scene):
    is_up(scene)
    promise(scene.running() != scene.pid, "said to be restarted")


def is_rotated(scene):
    promise(len(scene.logs("out")) > 4, "said to be rotated")


def is_moved(scene):
    promise(scene.box.exists("out"), "said to be reopened")


def moves(scene):
    """As logrotate does."""
    os.rename(scene.box.at("out"), scene.box.at("moved"))


def nearly_full(scene):
    """The size at which it is rotated is near."""
    text = "".join(f"line {n:07} {0:07}\n" for n in range(OLD + 1, OLD + 194))
    scene.box.write("out", text)
    scene.box.write("number", f"{OLD + 193}\n")


def limit(scene, size):
    """How large the files of the supervisor can be, if it is still there."""
    with contextlib.suppress(ProcessLookupError):
        resource.prlimit(scene.manager, resource.RLIMIT_FSIZE,
                         (size, resource.RLIM_INFINITY))


def fills(scene):
    """Like a full disk: nothing fits until the limit goes."""
    size = os.stat(scene.box.at("out")).st_size + 30
    last = int(scene.box.read("number"))
    limit(scene, size)
    settles(scene, lambda scene: int(scene.box.read("number")) > last + 4)
    limit(scene, resource.RLIM_INFINITY)
    settles(scene, lambda scene: b"line %07d" % (last + 4) in
            scene.text("out"))


def is_killed(scene):
    """The supervisor that the next start takes over from."""
    os.kill(scene.manager, signal.SIGKILL)
    scene.wait(lambda: not process(scene.manager), "end of the supervisor")


def is_down(scene):
    """A supervisor without a program."""
    scene.up()
    scene.end(scene.begin("stop"))
    scene.wait(lambda: not scene.running(), "stop")
    scene.manager = int(scene.supervisor()["manager"])


def spoils(scene):
    """The zdrun that is installed now cannot take over."""
    path = scene.box.at("programs", "zdrun")
    scene.box.write("programs/new", "#!/bin/sh\nexit 3\n", 0o755)
    os.rename(path, scene.box.at("programs", "zdrun.good"))
    os.rename(scene.box.at("programs", "new"), path)


def mends(scene):
    os.rename(scene.box.at("programs", "zdrun.good"),
              scene.box.at("programs", "zdrun"))


def refused(scene):
    scene.client("upgrade")
    mends(scene)
    promise(scene.result.status != 0, "an upgrade to a script")


UTC = dict(keys=["transcript-timestamps utc"], copies=True, stamped=True)
APART = dict(keys=["transcript-stderr err"], words="both", err=True)
SHARED = dict(rest="<eventlog>\n<logfile>\npath out\n</logfile>\n</eventlog>\n",
              copies=True)
NOBODY = dict(user="nobody")
OFF = dict(keys=["daemon off"], foreground=True)
CASES = {
    "start": Case(starts, "client", "down", truth=is_up),
    "start as a user": Case(starts, "client", "down", truth=is_up, **NOBODY),
    "start with stamps": Case(starts, "client", "down", truth=is_up, **UTC),
    "start with stderr apart": Case(starts, "client", "down", truth=is_up,
                                    **APART),
    "start with a shared log": Case(starts, "client", "down", truth=is_up,
                                    **SHARED),
    "start with daemon off": Case(starts, "client", "down", **OFF),
    "start with a test": Case(starts, "client", "down", truth=is_up,
                              keys=["start-test-program true"]),
    "start while down": Case(commands("start"), begins="down", before=is_down,
                             keys=["hang-around on"], truth=is_up),
    "stop": Case(commands("stop"), truth=is_gone),
    "stop, client": Case(commands("stop"), "client", truth=is_gone),
    "shutdown": Case(commands("shutdown"), truth=is_gone),
    "restart": Case(commands("restart"), truth=is_another),
    "restart, client": Case(commands("restart"), "client", truth=is_another),
    "crash": Case(crashes),
    "give up": Case(gives_up, keys=["backoff-limit 1"]),
    "rotate": Case(commands("rotate"), keeps=True, truth=is_rotated),
    "rotate with stamps": Case(commands("rotate"), keeps=True,
                               truth=is_rotated, **UTC),
    "rotate with stderr apart": Case(commands("rotate"), keeps=True,
                                     truth=is_rotated, **APART),
    "rotate a shared log": Case(commands("rotate"), keeps=True,
                                truth=is_rotated, **SHARED),
    "rotate and compress": Case(commands("rotate"), keeps=True,
                                keys=["transcript-compress gzip"],
                                truth=is_rotated),
    "rotate as a user": Case(commands("rotate"), keeps=True, truth=is_rotated,
                             **NOBODY),
    "rotate by size": Case(
        lambda scene: settles(scene, lambda scene: len(scene.logs("out")) > 4),
        keeps=True, keys=["transcript-max-size 4096"], prepare=nearly_full),
    "reopen": Case(commands("reopen_transcript"), before=moves, keeps=True,
                   truth=is_moved),
    "reopen with stamps": Case(commands("reopen_transcript"), before=moves,
                               keeps=True, truth=is_moved, **UTC),
    "reopen a shared log": Case(commands("reopen_transcript"), before=moves,
                                keeps=True, truth=is_moved, **SHARED),
    "reopen by HUP": Case(
        signals(signal.SIGHUP, lambda scene: scene.box.exists("out")),
        before=moves, keeps=True),
    "upgrade": Case(commands("upgrade"), keeps=True),
    "upgrade with stamps": Case(commands("upgrade"), keeps=True, **UTC),
    "upgrade with stderr apart": Case(commands("upgrade"), keeps=True,
                                      **APART),
    "upgrade, client": Case(commands("upgrade"), "client", keeps=True),
    "refused upgrade": Case(refused, before=spoils, keeps=True,
                            replaces=True),
    "adoption": Case(starts, "client", before=is_killed, keeps=True,
                     truth=is_up),
    "adoption with stamps": Case(starts, "client", before=is_killed,
                                 keeps=True, truth=is_up, **UTC),
    "adoption with stderr apart": Case(starts, "client", before=is_killed,
                                       keeps=True, truth=is_up, **APART),
    "adoption by stop": Case(commands("stop"), "client", before=is_killed,
                             truth=is_gone),
    "TERM": Case(signals(signal.SIGTERM, lambda scene: False)),
    "TERM with daemon off": Case(
        signals(signal.SIGTERM, lambda scene: False), **OFF),
    # What waits for room is in memory.
    "full disk": Case(fills, keeps=True, copies=True),
    "full disk with stamps": Case(fills, keeps=True, **UTC),
    "status, client": Case(commands("status"), "client", keeps=True),
}


# --- all of them --------------------------------------------------------------

def built(name):
    """A program that belongs to these tests."""
    path = os.path.abspath(os.path.join(
        os.environ.get("ZDAEMON_BUILD", ""), "tests/faults", name))
    if not os.access(path, os.X_OK):
        pytest.skip("needs a build directory")
    return path


def run(case, programs, trace):
    """One point: what was hit, or all calls; raises Broken."""
    scene = Scene(case, support.Box(programs))
    try:
        hits = scene.act(trace)
        scene.judge()
        scene.go_on()
        if not case.foreground:
            scene.whole("out", 1)
        if case.err:
            scene.whole("err", OLD + 1)
        scene.left()
        return hits
    except Broken as broken:
        if scene.tracer and not scene.hit:
            scene.detach()
        raise Broken(f"{broken} (hit: {scene.hit and scene.hit[:4]}, "
                     f"result: {scene.result})") from None
    finally:
        scene.close()


def points(calls):
    """Each kill, each failure, and failures that last from the first on."""
    found, first = [], set()
    for call in calls:
        promise(call.name in ERRORS, "no errors known of", call.name)
        place = (call.who, str(call.call))
        found.append((*place, "kill"))
        if SANITIZED:
            continue
        for error in ERRORS[call.name]:
            found.append((*place, f"{call.name}={error}"))
            if error in LASTING and (call.who, call.name, error) not in first:
                first.add((call.who, call.name, error))
                found.append((*place, f"{call.name}={error}+"))
    return found


class Notes:
    """What was tried of a case, and how it went; kept if there is a place."""

    def __init__(self, name):
        folder = os.environ.get("ZD_CRASHPOINTS")
        self.path = folder and os.path.join(folder, name.replace(" ", "-"))
        self.tried, self.wrong = {}, []
        if self.path and os.path.exists(self.path):
            with open(self.path) as file:
                for line in file:
                    point, _, how = line.rstrip("\n").partition("\t")
                    self.add(tuple(point.split(" ")), how)

    def add(self, point, how):
        self.tried[point] = how
        if how not in ("kept", "not reached"):
            self.wrong.append(f"{' '.join(point)}: {how}")

    def note(self, point, how):
        how = " ".join(how.split())
        self.add(point, how)
        if self.path:
            with open(self.path, "a") as file:
                file.write(f"{' '.join(point)}\t{how}\n")


def chosen(calls):
    """The points to try, in the order in which they are tried."""
    only = os.environ.get("ZD_CRASHPOINT", ".*")
    found = [point for point in points(calls)
             if re.fullmatch(only, " ".join(point))]
    if not WHOLE:
        random.Random(SEED).shuffle(found)
    return found


def attempt(case, programs, point):
    try:
        return "kept" if run(case, programs, list(point)) else "not reached"
    except Broken as broken:
        return str(broken)


@pytest.mark.parametrize("name", CASES)
def test_every_call(programs, name):
    case, notes = CASES[name], Notes(name)
    if case.user and not ROOT:
        pytest.skip("needs root")
    end = time.monotonic() + SECONDS / len(CASES)
    calls = run(case, programs, [])
    if not calls:
        pytest.skip("needs PTRACE_GET_SYSCALL_INFO (Linux 5.3)")
    found = chosen(calls)
    for point in found:
        if point in notes.tried:
            continue
        if not WHOLE and time.monotonic() > end:
            break
        notes.note(point, attempt(case, programs, point))
    print(f"{name}: {len(notes.tried)} of {len(found)} points tried "
          f"(seed {SEED}), {len(notes.wrong)} wrong")
    assert not notes.wrong, "\n".join(notes.wrong)
