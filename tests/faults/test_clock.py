"""A wall clock that jumps by two hours, either way, at the worst moment:
nothing comes early, nothing waits for it, and nothing shown is absurd.

A shim before the C library moves the time that zdaemon, zdrun and the program
see; the monotonic clock, which every delay must be measured by, stays.
"""

import os
import signal
import time

import pytest

from support import alive, connect, gone, preloaded, read_all, until

SHIM = r"""
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <sys/time.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Read anew each time: it is changed while we run. */
static long
jump(void)
{
	const char *path = getenv("CLOCK_JUMP");
	char text[32] = "";
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);

	if (fd != -1 && read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	if (fd != -1)
		close(fd);
	return atol(text);
}

int
clock_gettime(clockid_t clock, struct timespec *now)
{
	int result = (int)syscall(SYS_clock_gettime, clock, now);

	if (result == 0 && clock == CLOCK_REALTIME)
		now->tv_sec += jump();
	return result;
}

int
gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	struct timespec exact;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &exact);
	now->tv_sec = exact.tv_sec;
	now->tv_usec = exact.tv_nsec / 1000;
	return 0;
}

time_t
time(time_t *at)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (at != NULL)
		*at = now.tv_sec;
	return now.tv_sec;
}
"""

BACK, FORWARD = -7200, 7200


@pytest.fixture(scope="session")
def shim(tmp_path_factory):
    return preloaded(tmp_path_factory.mktemp("clock"), SHIM)


class Clock:
    """The wall clock of all that is started in a box."""

    def __init__(self, box, shim):
        self.box, self.jumped = box, 0
        box.env = {"LD_PRELOAD": shim, "CLOCK_JUMP": box.write("jump", "0")}

    def jump(self, seconds):
        self.jumped += seconds
        self.box.write("jump.new", str(self.jumped))
        os.rename(self.box.at("jump.new"), self.box.at("jump"))


@pytest.fixture
def clock(box, shim):
    return Clock(box, shim)


def test_the_shim_moves_what_is_shown(box, clock):
    """Else the tests below could not fail."""
    box.up("-p", "sleep 100")
    before = float(box.status()["now"])
    clock.jump(FORWARD)
    assert 7100 < float(box.status()["now"]) - before < 7300
    clock.jump(2 * BACK)
    assert -7300 < float(box.status()["now"]) - before < -7100


@pytest.mark.parametrize("jump", [BACK, FORWARD])
def test_in_a_stop_that_is_ignored(box, clock, jump):
    """KILL comes when stop-timeout is over, not two hours later."""
    box.script("prog", "trap '' TERM\n: > ready\nwhile :; do sleep 0.05; "
               "done\n")
    box.conf("program ./prog", "stop-timeout 1", "kill-grace 0.1")
    pid = box.up("-Cconf")
    until(lambda: box.exists("ready"))
    stop = box.later("-Cconf", "stop")
    until(lambda: box.status()["state"] == "stopping")
    clock.jump(jump)
    result = box.finish(stop)
    assert result.status == 0, result
    assert not alive(pid)


@pytest.mark.parametrize("jump", [BACK, FORWARD])
def test_in_a_stop_that_takes_its_time(box, clock, jump):
    """The program has its say: no KILL before stop-timeout is over."""
    box.script("prog", "trap 'until test -e go; do sleep 0.02; done; "
               "echo bye > bye; exit 0' TERM\n: > ready\n"
               "while :; do sleep 0.02; done\n")
    box.conf("program ./prog", "stop-timeout 100")
    pid = box.up("-Cconf")
    until(lambda: box.exists("ready"))
    stop = box.later("-Cconf", "stop")
    until(lambda: box.status()["state"] == "stopping")
    clock.jump(jump)
    time.sleep(0.5)
    assert alive(pid) and stop.poll() is None
    box.write("go", "")
    assert box.finish(stop).status == 0
    assert box.read("bye") == "bye\n"


@pytest.mark.parametrize("jump", [BACK, FORWARD])
def test_in_back_off(box, clock, jump):
    """The delay is what it was: not skipped, not two hours."""
    box.script("prog", "cut -d' ' -f1 /proc/uptime >> runs\nexit 9\n")
    box.conf("program ./prog", "backoff-limit 100", "start-seconds 0")
    box.zd("-Cconf", "start")
    until(lambda: box.status()["backoff"] == "2")
    clock.jump(jump)
    until(lambda: box.status()["backoff"] == "3")   # no longer stay, then 1
    times = [float(line) for line in box.lines("runs")]
    assert len(times) == 3 and times[2] - times[1] > 1.8, times


@pytest.mark.parametrize("jump", [BACK, FORWARD])
def test_while_a_start_is_waited_for(box, clock, jump):
    """start-timeout is the client's, and not over early."""
    box.conf("program sleep 100", "start-timeout 100",
             "start-test-program test -e ready")
    start = box.later("-Cconf", "start")
    until(lambda: (box.status() or {}).get("testing") == "1")
    clock.jump(jump)
    time.sleep(0.5)
    assert start.poll() is None
    box.write("ready", "")
    result = box.finish(start)
    assert result.status == 0, result


@pytest.mark.parametrize("jump", [BACK, FORWARD])
def test_ages_are_no_matter_of_the_clock(box, clock, jump):
    """What is shown of a life is how long it was; also after an adoption."""
    pid = box.up("-p", "sleep 100")
    clock.jump(jump)
    assert 0 <= int(box.status()["uptime"]) < 1000000
    manager = box.manager()
    os.kill(manager, signal.SIGKILL)
    until(gone(manager))
    clock.jump(jump)
    assert box.zd("-p", "sleep 100", "start").status == 0
    assert box.pid() == pid
    assert 0 <= int(box.status()["uptime"]) < 1000000
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    until(lambda: box.pid() not in (0, pid))
    assert 0 <= int(box.status()["last_uptime"]) < 1000000


def test_a_slow_client_is_not_thrown_out(box, clock):
    pid = box.up("-p", "sleep 100")
    with connect(box.at("zdsock")) as slow:
        slow.sendall(b"sta")
        assert box.pid() == pid
        clock.jump(FORWARD)
        slow.sendall(b"tus\n")
        assert f"application={pid}\n".encode() in read_all(slow)


def test_a_silent_client_is_not_kept_for_hours(box, clock):
    box.up("-p", "sleep 100")
    with connect(box.at("zdsock")) as silent:
        assert box.pid()
        clock.jump(BACK)
        assert read_all(silent) in (b"", b"Command not terminated by "
                                    b"newline\n")
