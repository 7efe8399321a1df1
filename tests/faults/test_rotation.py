"""Rotation: every line once and whole, in one file of those that remain."""

import gzip
import json
import os
import re
import shutil
import time

import pytest

from support import (LINE, LOG, ROOT, alive, attach, content, cpu_seconds, everything,
                     numbers, processes, rotated, until)

# A tenth of it is enough to notice; `make torture` wants all.
COUNT = 150000 if os.environ.get("ZD_TORTURE") else 15000
STAMP = {
    "utc": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ",
    "local": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d ",
    "monotonic": r"\[\d+\.\d{3}\] ",
}


def said(box, line):
    """Whether line has been written; until then nothing is at rest."""
    try:
        return any(line in content(box.at(file)) for file in rotated(box))
    except FileNotFoundError:
        return False


def unstamped(text, stamps):
    lines = text.splitlines(keepends=True)
    pattern = re.compile(STAMP[stamps])
    assert all(pattern.match(line) for line in lines)
    return "".join(pattern.sub("", line, 1) for line in lines)


def check(box, count=COUNT, stamps=None, name="out"):
    parts = everything(box, name)
    if stamps:
        parts = [unstamped(part, stamps) for part in parts]
    parts = [re.sub(r"(?m)^(\S+ )?--- zdaemon: .* ---\n", "", part)
             for part in parts]
    assert numbers("".join(parts)) == list(range(1, count + 1))


def talking(box, *keys, rest="", count=COUNT):
    box.script("talk", f"seq -f '{LINE}' 1 {count}\necho > done\n"
               "exec sleep 100\n")
    box.conf("program ./talk", "transcript out", "start-seconds 0", *keys,
             rest=rest)
    box.up("-Cconf")


def rotate(box):
    result = box.zd("-Cconf", "rotate")
    assert (result.status, result.all) == (0, ""), result


@pytest.mark.parametrize("keys", [
    (), ("transcript-timestamps utc",), ("transcript-timestamps local",),
    ("transcript-timestamps monotonic", "transcript-marks on"),
    ("transcript-compress gzip",), ("transcript-compress xz -0",),
    ("transcript-rotate-names dated", "transcript-marks on"),
    ("transcript-rotate-names dated", "transcript-compress gzip",
     "transcript-timestamps utc")])
def test_many_rotations_at_full_speed(box, keys):
    """36 and more by size, and some that are asked for."""
    stamps = [key.split()[1] for key in keys if "timestamps" in key]
    width = 24 + (25 if stamps else 0)
    size = COUNT * width // 36
    talking(box, f"transcript-max-size {size}", "transcript-keep 100", *keys)
    while not box.exists("done"):
        rotate(box)
    if any("compress" in key for key in keys):
        until(lambda: not [name for name in os.listdir(box.path)
                           if re.fullmatch(r"out\.(\d+|\d+T[\d.]+Z|part)",
                                           name)], 20)
    until(lambda: said(box, f"{COUNT:09}, of many\n"))
    check(box, stamps=stamps[0] if stamps else None)
    assert len(rotated(box)) >= 20
    for name in rotated(box)[:-1]:
        assert len(content(box.at(name))) < size + 2 * 65536 + 200


def test_event_log_in_the_same_file(box):
    """Entries stand between lines, in whatever file; nothing is torn."""
    talking(box, f"transcript-max-size {COUNT * 24 // 36}",
            "transcript-keep 100", rest=LOG.format("out"))
    while not box.exists("done"):
        rotate(box)
        assert box.zd("-Cconf", "reopen_transcript").status == 0
    rotate(box)
    until(lambda: said(box, f"{COUNT:09}, of many\n"))
    text = "".join(everything(box))
    entries = re.findall(r"(?m)^------\n\S+ \S+ \S+ .*\n", text)
    assert len([one for one in entries if "rotated" in one]) >= 1
    rest = re.sub(r"(?m)^------\n\S+ \S+ \S+ .*\n", "", text)
    assert numbers(rest) == list(range(1, COUNT + 1))


def test_renamed_from_outside_at_full_speed(box):
    """As logrotate does it without copytruncate."""
    talking(box)
    number = 0
    while not box.exists("done") or number < 36:
        number += 1
        os.rename(box.at("out"), box.at(f"out.{1000 - number}"))
        assert box.zd("-Cconf", "reopen_transcript").status == 0
    until(lambda: said(box, f"{COUNT:09}, of many\n"))
    check(box)


def test_only_so_many_are_kept(box):
    box.script("talk", "mkfifo fifo; exec 3<> fifo\n"
               "while read -r n <&3; do echo \"$n\"; done\n")
    box.write("out.7", "kept when more were to be kept\n")
    box.conf("program ./talk", "transcript out", "transcript-keep 3")
    box.up("-Cconf")
    until(lambda: box.exists("fifo"))
    with box.speaking("fifo") as say:
        for number in range(6):
            say.write(f"{number}\n")
            say.flush()
            until(lambda: box.read("out") == f"{number}\n")
            rotate(box)
            assert box.read("out") == ""
    assert rotated(box) == ["out.7", "out.3", "out.2", "out.1", "out"]
    assert [box.read(f"out.{n}") for n in (1, 2, 3)] == ["5\n", "4\n", "3\n"]
    # An empty one is not rotated.
    rotate(box)
    assert box.read("out.1") == "5\n"


def test_a_large_one_goes_beside(box):
    """What frees it is no rest of the program: stop has nobody to name."""
    box.script("talk", "echo line; exec sleep 100\n")
    with open(box.at("out.1"), "w") as old:
        old.truncate(1 << 30)
    box.conf("program ./talk", "transcript out", "transcript-keep 1",
             "start-seconds 0")
    pid, manager = box.up("-Cconf"), box.manager()
    until(lambda: box.read("out") == "line\n")
    rotate(box)
    assert rotated(box) == ["out.1", "out"]
    assert box.read("out.1") == "line\n"
    # It is reaped, too.
    until(lambda: [one.pid for one in processes().values()
                   if one.parent == manager] == [pid])
    result = box.zd("-Cconf", "stop")
    assert (result.status, result.out.strip()) == (
        0, "daemon process stopped"), result


def test_mode_is_kept(box):
    box.script("talk", "echo one; exec sleep 100\n")
    box.conf("program ./talk", "transcript out")
    box.up("-Cconf")
    until(lambda: box.read("out", "") == "one\n")
    os.chmod(box.at("out"), 0o640)
    rotate(box)
    assert os.stat(box.at("out")).st_mode & 0o7777 == 0o640


def test_rotation_by_age(box):
    box.script("talk", "while :; do echo line; sleep 0.05; done\n")
    box.conf("program ./talk", "transcript out", "transcript-max-age 300ms")
    box.up("-Cconf")
    until(lambda: box.exists("out.3"), 10)
    assert set("".join(everything(box)).splitlines()) == {"line"}


def gone_from(box, how):
    """What others do to the transcript, and to the folder it is in."""
    path = box.at("sub", "out")
    if how == "removed":
        os.unlink(path)
    elif how == "emptied":
        os.truncate(path, 0)
    elif how == "renamed":
        os.rename(path, path + ".away")
    else:
        shutil.rmtree(box.at("sub"))


@pytest.mark.parametrize("how", ["removed", "emptied", "renamed", "no folder"])
def test_age_of_a_file_that_others_took(box, how):
    """A quiet program: nothing to rotate, and nothing to spin for."""
    os.mkdir(box.at("sub"))
    box.script("talk", "echo line\nread -r more < fifo\necho more\n"
               "exec sleep 100\n")
    os.mkfifo(box.at("fifo"))
    box.conf("program ./talk", "transcript sub/out",
             "transcript-max-age 1s", "start-seconds 0")
    box.up("-Cconf")
    until(lambda: box.read("sub/out", "") == "line\n")
    gone_from(box, how)
    manager = box.manager()
    # Its time has come when it waits for no deadline, or for a far one.
    time.sleep(1.1)
    before = cpu_seconds(manager)
    time.sleep(1)
    assert cpu_seconds(manager) - before < 0.1
    os.makedirs(box.at("sub"), exist_ok=True)
    box.write("fifo", "go\n")
    until(lambda: box.read("sub/out", "") == "more\n")


@pytest.mark.skipif(not ROOT, reason="only root can be somebody else")
def test_a_link_is_not_rotated(box):
    """It would stay where it is; so that is said, once, and by rotate."""
    box.belongs_to("nobody")
    box.script("talk", f"seq -f '{LINE}' 1 2000\necho > done\n"
               "exec sleep 100\n")
    os.symlink("real", box.at("out"))
    box.conf("program ./talk", "transcript out", "start-seconds 0",
             "transcript-max-size 4k", rest=LOG.format("events"))
    box.up("-Cconf")
    until(lambda: said(box, "000002000, of many\n"))
    check(box, count=2000)
    result = box.zd("-Cconf", "rotate")
    assert (result.status, "Too many levels" in result.err) == (1, True)
    assert box.read("events").count("unable to rotate") == 1
    assert rotated(box) == ["out"] and os.path.islink(box.at("out"))


def test_rotation_that_fails_keeps_the_file(box):
    """An error to the one who asked; the output goes on."""
    os.mkdir(box.at("sub"))
    box.script("talk", "while :; do echo line; sleep 0.02; done\n")
    box.conf("program ./talk", "transcript sub/out", rest=LOG.format("events"))
    box.up("-Cconf")
    until(lambda: "line" in box.read("sub/out", ""))
    os.mkdir(box.at("sub/.out.next"))
    result = box.zd("-Cconf", "rotate")
    assert result.status == 1 and "unable to rotate" in result.err, result
    size = os.path.getsize(box.at("sub/out"))
    until(lambda: os.path.getsize(box.at("sub/out")) > size)
    until(lambda: "unable to rotate" in box.read("events"))


def with_old_logs(box, *keys):
    """A quiet program, and three old logs."""
    for number in (1, 2, 3):
        box.write(f"out.{number}", f"old {number}\n")
    box.script("talk", "echo new; exec sleep 100\n")
    box.conf("program ./talk", "transcript out", "start-seconds 0", *keys)
    box.up("-Cconf")
    until(lambda: box.read("out", "") == "new\n")


def old_logs(box):
    return [box.read(name) for name in rotated(box)]


ALL_LOGS = ["old 3\n", "old 2\n", "old 1\n", "new\n"]


def test_rotation_that_fails_keeps_every_old_log(box):
    """However often it is tried, and though no more are to be kept."""
    with_old_logs(box, "transcript-keep 3")
    os.mkdir(box.at(".out.next"))
    for _ in range(10):
        result = box.zd("-Cconf", "rotate")
        assert result.status == 1 and "File exists" in result.err, result
        assert old_logs(box) == ALL_LOGS
    os.rmdir(box.at(".out.next"))
    rotate(box)
    assert old_logs(box) == [*ALL_LOGS[1:], ""]


@pytest.mark.strace
@pytest.mark.parametrize("name", ["out", "out.1", "out.2", "out.3"])
def test_an_old_log_that_cannot_be_renamed(box, name):
    """None is renamed over another, and none is removed."""
    with_old_logs(box, "transcript-keep 3")
    tracer = attach(box, box.manager(), "rename:error=EPERM",
                    paths=[box.at(name)])
    for _ in range(3):
        result = box.zd("-Cconf", "rotate")
        assert result.status == 1 and "not permitted" in result.err, result
        assert old_logs(box) == ALL_LOGS
    tracer.terminate()
    box.finish(tracer)
    rotate(box)
    assert old_logs(box)[-4:] == [*ALL_LOGS[1:], ""]


def test_compressor_that_fails(box):
    """Told; the file stays as it is."""
    box.script("bad", "cat > /dev/null; exit 7\n")
    box.script("talk", "echo one; exec sleep 100\n")
    box.conf("program ./talk", "transcript out",
             "transcript-compress ./bad", rest=LOG.format("events"))
    box.up("-Cconf")
    until(lambda: box.read("out", "") == "one\n")
    rotate(box)
    until(lambda: "exit status 7" in box.read("events"))
    assert box.read("out.1") == "one\n"
    assert not box.exists("out.part")


def test_compressor_that_is_not_there(box):
    box.script("talk", "echo one; exec sleep 100\n")
    box.conf("program ./talk", "transcript out",
             "transcript-compress nosuchcompressor", rest=LOG.format("events"))
    box.up("-Cconf")
    until(lambda: box.read("out", "") == "one\n")
    rotate(box)
    until(lambda: "nosuchcompressor" in box.read("events"))
    assert box.read("out.1") == "one\n"


def test_compressor_outlives_a_crash(box):
    """What ends with the program is what it has started."""
    box.script("slow", "echo $$ >> compressors; sleep 1000 & cat go > /dev/null"
               "\nkill $!; exec gzip\n")
    box.script("talk", "echo $$ >> programs; echo line; sleep 1000 &\n"
               "mkfifo crash; read -r n < crash; rm crash; exit 1\n")
    os.mkfifo(box.at("go"))
    box.conf("program ./talk", "transcript out", "transcript-compress ./slow",
             "start-seconds 0", "kill-grace 0.2")
    box.up("-Cconf")
    until(lambda: box.read("out", "") == "line\n" and box.exists("crash"))
    rotate(box)
    compressor = int(until(lambda: box.read("compressors", "")))
    pid = box.pid()
    assert "(slow)" not in box.zd("-Cconf", "tree").out
    for _ in range(2):
        box.write("crash", "now\n")
        until(lambda: box.pid() not in (0, pid) and box.exists("crash"), 10)
        pid = box.pid()
    assert alive(compressor)
    box.write("go", "now\n")
    until(lambda: box.exists("out.1.compressed") and not box.exists("out.1"))
    assert gzip.decompress(open(box.at("out.1.compressed"), "rb").read()) == \
        b"line\n"
    assert box.lines("compressors") == [str(compressor)]
    assert len(box.lines("programs")) == 3


def test_what_a_killed_supervisor_left_is_compressed(box):
    box.write("out.2", "two\n")
    box.write("out.3", "three\n")
    with gzip.open(box.at("out.3.gz"), "w") as whole:
        whole.write(b"three\n")
    box.write("out.part", "half")
    box.script("talk", "exec sleep 100\n")
    box.conf("program ./talk", "transcript out", "transcript-compress gzip")
    box.up("-Cconf")
    until(lambda: rotated(box) == ["out.3.gz", "out.2.gz", "out"])
    until(lambda: not box.exists("out.part"))
    assert content(box.at("out.2.gz")) == "two\n"


def test_without_a_transcript(box):
    box.conf("program sleep 100")
    box.up("-Cconf")
    result = box.zd("-Cconf", "rotate")
    assert result.status == 1 and "no transcript" in result.err, result


def test_line_without_an_end(box):
    """It is cut only a megabyte behind the limit."""
    box.script("talk", "head -c 3000000 /dev/zero | tr '\\0' x\necho > done\n"
               "exec sleep 100\n")
    box.conf("program ./talk", "transcript out", "transcript-max-size 100k")
    box.up("-Cconf")
    until(lambda: box.exists("done"), 20)
    until(lambda: sum(os.path.getsize(box.at(name))
                      for name in rotated(box)) == 3000000)
    sizes = [os.path.getsize(box.at(name)) for name in rotated(box)]
    assert all(size >= 100 * 1024 + (1 << 20) for size in sizes[:-1]), sizes
    assert len(sizes) == 3


# --- marks and the other stream ----------------------------------------------

def test_marks(box):
    box.script("talk", "echo line; printf prompt; exit 3\n")
    box.conf("program ./talk", "transcript out", "start-seconds 0",
             "transcript-marks on", "exit-codes 3")
    box.zd("-Cconf", "start")
    until(lambda: "exit status 3" in box.read("out", ""))
    assert re.fullmatch(
        STAMP["utc"] + r"--- zdaemon: started, pid \d+ ---\nline\nprompt\n" +
        STAMP["utc"] + r"--- zdaemon: pid \d+: exit status 3, up 0s ---\n",
        box.read("out"))


def test_stderr_apart(box):
    box.script("talk", "echo out; echo err >&2; exec sleep 100\n")
    box.conf("program ./talk", "transcript out", "transcript-stderr err",
             "transcript-timestamps utc")
    box.up("-Cconf")
    until(lambda: "err" in box.read("err", "") and "out" in box.read("out"))
    assert re.fullmatch(STAMP["utc"] + "out\n", box.read("out"))
    assert re.fullmatch(STAMP["utc"] + "err\n", box.read("err"))
    told = json.loads(box.zd("-Cconf", "status", "--json").out)
    assert told["transcript_stderr"] == {
        "path": box.at("err"), "bytes": len(box.read("err")), "dropped": 0,
        "waiting": 0, "error": None}
    assert f"transcript_stderr='{box.at('err')}'" in box.zd(
        "-Cconf", "status", "-l").out
    rotate(box)
    assert "err" in box.read("err.1") and "out" in box.read("out.1")
    box.down("-Cconf")
    assert not box.exists(".zdsock.err") and not box.exists(".zdsock.out")


def test_stderr_into_the_same_file(box):
    """One stream then, in the order of writing."""
    box.script("talk", "for n in 1 2 3; do echo o$n; echo e$n >&2; done\n"
               "exec sleep 100\n")
    box.conf("program ./talk", "transcript out", "transcript-stderr ./out")
    box.up("-Cconf")
    until(lambda: box.lines("out") == "o1 e1 o2 e2 o3 e3".split())


def test_stderr_alone(box):
    box.script("talk", "echo out; echo err >&2; exec sleep 100\n")
    box.conf("program ./talk", "transcript-stderr err")
    pid = box.up("-Cconf")
    until(lambda: box.read("err", "") == "err\n")
    assert os.readlink(f"/proc/{pid}/fd/1") == "/dev/null"
