"""Fixtures of all black-box tests.

ZDAEMON_BUILD names a build directory with zdaemon, zdrun and zdshell in its
top; ZDAEMON_BINDIR the bin directory of an installation instead.  ZD_KEEP=1
keeps the folders of the tests, ZD_SLOW=1 gives slow builds more time.
"""

import fcntl
import os
import shutil
import signal
import subprocess

import pytest

import support


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    setattr(item, "report_" + report.when, report)


def pytest_configure(config):
    config.addinivalue_line("markers", "root: needs to run as root")
    config.addinivalue_line("markers", "strace: needs a working strace")


def pytest_make_parametrize_id(val):
    """Short names, whatever a test is fed with."""
    if isinstance(val, (str, bytes)) and len(val) > 24:
        return ascii(val[:24]).strip("b'\"") + "..."
    return None


def works_under_strace():
    strace = shutil.which("strace")
    return bool(strace) and subprocess.run(
        [strace, "-o", "/dev/null", "true"], capture_output=True
    ).returncode == 0


def pytest_collection_modifyitems(items):
    strace = None
    for item in items:
        if item.get_closest_marker("root") and not support.ROOT:
            item.add_marker(pytest.mark.skip(reason="needs root"))
        if item.get_closest_marker("strace"):
            if strace is None:
                strace = works_under_strace()
            if not strace:
                item.add_marker(pytest.mark.skip(reason="needs strace"))


@pytest.fixture(scope="session", autouse=True)
def alone():
    """A known umask, signals as a terminal gives them (a job in the
    background has some ignored), and all strays come to us."""
    os.umask(0o022)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    support.become_subreaper()


# No test takes a tenth as long; one that waits for ever is named, and does not
# hold up all the others.
LONGEST = 0 if os.environ.get("ZD_TORTURE") else 50 * support.SLOW


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item):
    def too_long(*_):
        raise AssertionError(f"{item.name}: no end within {LONGEST} s")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(LONGEST)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="session")
def programs():
    found = support.find_programs()
    if found is None:
        pytest.exit("set ZDAEMON_BUILD to a build directory, or "
                    "ZDAEMON_BINDIR to where zdaemon is installed", 4)
    for path in (found.zdaemon, found.zdrun, found.zdshell):
        if not os.access(path, os.X_OK):
            pytest.exit(f"{path}: no such program", 4)
    return found


@pytest.fixture
def box(programs, request):
    """A folder of the test's own, and everything to run in it."""
    box = support.Box(programs)
    yield box
    support.closing(box, request.node)


@pytest.fixture
def zd(box):
    """zd(*args): a one-shot run of zdaemon in the test's folder."""
    return box.zd


@pytest.fixture
def until():
    return support.until


@pytest.fixture
def nobody(box):
    """The same box, run by an ordinary user even where we are root."""
    box.belongs_to("nobody")
    return box


def install(build, source, prefix, log):
    """make install of a copy of the build, relinked for prefix.

    The place of zdrun and zdshell is compiled in, so what depends on it is
    made anew.
    """
    copy = os.path.join(os.path.dirname(prefix), "b")
    support.copy_build(build, copy, ["process"])
    for name in "src/process/installed.h", "contrib/systemd/zdaemon@.service":
        os.unlink(os.path.join(copy, name))
    support.copied_make(copy, source, log, "install-exec",
                        "install-systemdunitDATA", f"prefix={prefix}")
    shutil.rmtree(copy)


@pytest.fixture(scope="session")
def installed(programs):
    """The programs as installed: built once for all workers of a run."""
    if not os.environ.get("ZDAEMON_BUILD"):
        return programs
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    top = f"/tmp/zdi-{os.geteuid()}-{run[:12]}"
    os.makedirs(top, mode=0o755, exist_ok=True)
    prefix = os.path.join(top, "i")
    libexec = os.path.join(prefix, "libexec", "zdaemon")
    found = support.Programs(os.path.join(prefix, "bin", "zdaemon"),
                             os.path.join(libexec, "zdrun"),
                             os.path.join(libexec, "zdshell"))
    build = os.path.abspath(os.environ["ZDAEMON_BUILD"])
    with open(os.path.join(top, "lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(os.path.join(top, "log")):
            with open(os.path.join(top, "log"), "wb") as log:
                try:
                    install(build, source_directory(), prefix, log)
                except (OSError, subprocess.SubprocessError) as error:
                    log.write(f"\n{error}\n".encode())
        if not os.access(found.zdaemon, os.X_OK):
            with open(os.path.join(top, "log"), errors="replace") as log:
                pytest.fail(log.read()[-3000:], pytrace=False)
    return found


def source_directory():
    return os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def pytest_sessionfinish(session):
    """The one that runs the workers takes the installation away."""
    if hasattr(session.config, "workerinput"):
        return
    boss = session.config.pluginmanager.get_plugin("dsession")
    run = boss.nodemanager.testrunuid if boss else str(os.getpid())
    shutil.rmtree(f"/tmp/zdi-{os.geteuid()}-{run[:12]}", ignore_errors=True)


@pytest.fixture(scope="session")
def source():
    """The top of the source tree."""
    return source_directory()
