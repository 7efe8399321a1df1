"""What the design forbids, read from the sources and from the programs."""

import os
import re
import shutil
import subprocess

import pytest

from support import until

ROOMS = ["base", "protocol", "process", "options", "supervisor", "control",
         "shell"]     # from the bottom up: a room includes those before it
FORBIDDEN = {("control", "supervisor"), ("shell", "supervisor")}
ONLY = {"histedit.h": {"shell/bindings.c", "shell/editline.c",
                       "shell/history.c"},
        "confuse.h": {"options/conf.c"}}
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^">]+)[">]')


def sources(source):
    top = os.path.join(source, "src")
    for folder, _, names in os.walk(top):
        for name in sorted(names):
            if name.endswith((".c", ".h")):
                path = os.path.join(folder, name)
                yield os.path.relpath(path, top), path


def includes(path):
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            found = INCLUDE.match(line)
            if found:
                yield number, found.group(1) == '"', found.group(2)


def test_the_rooms_are_all_there(source):
    found = {name.split("/")[0] for name, _ in sources(source)}
    assert found == set(ROOMS)


def test_includes_run_downwards(source):
    wrong = []
    for name, path in sources(source):
        room = name.split("/")[0]
        for number, own, target in includes(path):
            other = target.split("/")[0]
            if not own or target == "config.h" or other not in ROOMS:
                continue
            if (ROOMS.index(other) > ROOMS.index(room)
                    or (room, other) in FORBIDDEN):
                wrong.append(f"{name}:{number}: {target}")
    assert not wrong


def test_own_includes_name_their_room(source):
    """"room/file.h" and config.h, nothing relative, nothing by luck."""
    wrong = []
    for name, path in sources(source):
        for number, own, target in includes(path):
            if own and target != "config.h" and (
                    target.split("/")[0] not in ROOMS):
                wrong.append(f"{name}:{number}: {target}")
    assert not wrong


def test_config_h_comes_first(source):
    wrong = []
    for name, path in sources(source):
        if name.endswith(".c"):
            first = next(includes(path), None)
            if first is None or first[2] != "config.h":
                wrong.append(name)
    assert not wrong


def test_libraries_stay_in_their_room(source):
    wrong = []
    for name, path in sources(source):
        for number, _, target in includes(path):
            if target in ONLY and name not in ONLY[target]:
                wrong.append(f"{name}:{number}: {target}")
    assert not wrong


def test_headers_are_guarded(source):
    wrong = []
    for name, path in sources(source):
        if not name.endswith(".h"):
            continue
        guard = re.sub(r"\W", "_", name).upper()
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if f"#ifndef {guard}\n#define {guard}\n" not in text:
            wrong.append(name)
    assert not wrong


def test_every_source_is_distributed(source):
    """What is in src/ is in a fragment, or a tarball would miss it."""
    listed = ""
    for folder, _, names in os.walk(os.path.join(source, "src")):
        for name in names:
            if name.endswith(".am"):
                with open(os.path.join(folder, name)) as file:
                    listed += file.read()
    missing = [name for name, _ in sources(source)
               if not re.search(rf"(?<![\w/-])src/{re.escape(name)}(?!\w)",
                                listed)]
    assert not missing


def test_the_machine_knows_no_system(source):
    """fsm.c: no clock, pid, descriptor, log or errno inside."""
    allowed = {"config.h", "assert.h", "stdbool.h", "stddef.h", "stdint.h",
               "limits.h", "string.h", "supervisor/fsm.h",
               "protocol/event.h", "protocol/runstate.h"}
    for name in ("fsm.c", "fsm.h"):
        path = os.path.join(source, "src/supervisor", name)
        assert {target for _, _, target in includes(path)} <= allowed


def tool(name):
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"needs {name}")
    return path


def needed(program):
    out = subprocess.run([tool("readelf"), "-d", program],
                         capture_output=True, text=True, check=True).stdout
    return {re.sub(r"\.so.*", "", name) for name in
            re.findall(r"\(NEEDED\).*\[(.*)\]", out)}


def instrumented(program):
    return needed(program) & {"libasan", "libubsan", "libclang_rt"}


def test_zdrun_needs_libc_only(programs):
    if instrumented(programs.zdrun):
        pytest.skip("built with sanitizers")
    assert needed(programs.zdrun) <= {"libc", "ld-linux-x86-64",
                                      "ld-linux-aarch64"}


def test_zdaemon_does_without_the_editor(programs):
    assert not needed(programs.zdaemon) & {"libedit", "libncurses",
                                           "libtinfo", "libncursesw"}


def test_zdshell_has_it(programs):
    assert "libedit" in needed(programs.zdshell)


def test_zdrun_never_allocates_or_dies(programs):
    """xmalloc, which exits without memory, is not linked into it."""
    out = subprocess.run([tool("nm"), programs.zdrun], capture_output=True,
                         text=True)
    if "no symbols" in out.stderr or not out.stdout:
        pytest.skip("stripped")
    names = {line.split()[-1] for line in out.stdout.splitlines()}
    assert "main" in names
    assert not {name for name in names if re.match(
        r"x(malloc|calloc|realloc|strdup|strndup|asprintf|vasprintf)$",
        name)}
    assert not {name for name in names if name.split("@")[0] in (
        "getpwnam", "getpwuid", "getgrnam", "getgrouplist", "initgroups",
        "getaddrinfo", "system", "popen")}


# --- what the documents promise ----------------------------------------------

def test_promised_tests_exist(source):
    """SECURITY.md and doc/faults.md name tests, fuzz targets and files."""
    there = set()
    for folder, _, names in os.walk(os.path.join(source, "tests")):
        for name in names:
            if name.endswith(".py"):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    there |= set(re.findall(r"^def (test_\w+)\(", file.read(),
                                            re.M))
            there.add(name)
    missing = []
    for page in ("SECURITY.md", "doc/faults.md"):
        with open(os.path.join(source, page), encoding="utf-8") as file:
            text = file.read()
        named = re.findall(r"`(test_\w+)`", text)
        named += [f"{name}.c" for name in re.findall(r"`(test-\w+)`", text)]
        for target in re.findall(r"fuzz targets? ((?:`\w+`(?:, )?)+)", text):
            named += [f"fuzz-{name}.c" for name in re.findall(r"\w+", target)]
        assert len(named) > 20
        missing += [f"{page}: {name}" for name in named if name not in there]
    assert not missing


def read(source, *path):
    with open(os.path.join(source, *path), encoding="utf-8") as file:
        return file.read()


def quoted(source, path, pattern):
    """The names in a table of the sources."""
    found = re.findall(pattern, read(source, path), re.M)
    assert len(found) > 5, path
    return found


def test_the_protocol_names_all_that_is_spoken(source):
    """Requests, events with their fields, and the state."""
    named = set(re.findall(r"`([a-z_-]+)(?:=\w+| \[\w+\])?`",
                           read(source, "doc/protocol.md")))
    spoken = quoted(source, "src/protocol/request.c",
                    r'^\t\[REQUEST_\w+\] = "(.*)"')
    spoken += quoted(source, "src/protocol/event.c",
                     r'^\t\[EVENT_\w+\] = "(.*)"')
    spoken += quoted(source, "src/protocol/event.c", r'^\tROW\("(\w+)"')
    spoken += quoted(source, "src/protocol/state.c", r'^\t\{ "(\w+)", ')
    spoken += quoted(source, "src/protocol/runstate.c", r'= "(\w+)"')
    assert not sorted(set(spoken) - named)


def test_the_protocol_names_each_line_of_a_status(source, box):
    """As told after a crash, by one with both transcripts."""
    box.write("conf", "runner {\n  program = 'sleep 100'\n"
                      "  transcript = out\n  transcript-stderr = err\n}\n")
    assert box.zd("-Cconf", "start").status == 0
    assert box.zd("-Cconf", "kill", "KILL").status == 0
    until(lambda: "last_signal=9" in box.zd("-Cconf", "status", "-l").out)
    told = re.findall(r"^(\w+)=", box.zd("-Cconf", "status", "-l").out, re.M)
    assert len(told) > 30
    named = set(re.findall(r"`(\w+)`", read(source, "doc/protocol.md")))
    assert not [name for name in told if name not in named]
    box.zd("-Cconf", "stop")


def test_the_manual_names_the_environment(source):
    """What is asked for, and what the program is given."""
    page = read(source, "doc/zdaemon.1")
    asked = {name for _, path in sources(source) for name in
             re.findall(r'getenv\("(\w+)"\)', read(path))}
    assert {"PAGER", "TERM"} <= asked
    told = set(re.findall(r"^\.It Ev (\w+)", page, re.M))
    assert not (asked | {"ZDAEMON_COOKIE"}) - told


def test_the_manual_pages_are_clean(source):
    """As mandoc sees them; it need not know the pages they refer to."""
    for page in ("zdaemon.1", "zdaemon.conf.5"):
        out = subprocess.run(
            [tool("mandoc"), "-T", "lint", "-W", "style",
             os.path.join(source, "doc", page)],
            capture_output=True, text=True).stdout
        assert [line for line in out.splitlines()
                if "referenced manual not found" not in line] == []


def test_the_manual_pages_fit_a_terminal(source):
    """No line of theirs is longer than one of 80 columns."""
    for page in ("zdaemon.1", "zdaemon.conf.5"):
        out = subprocess.run(
            [tool("mandoc"), "-T", "utf8", "-O", "width=80",
             os.path.join(source, "doc", page)],
            capture_output=True, text=True).stdout
        text = re.sub(".\b", "", out)
        assert len(text.splitlines()) > 100
        assert not [line for line in text.splitlines() if len(line) > 80]


def test_the_map_has_every_room(source):
    """doc/map.md has a paragraph for each directory of src/, in order."""
    named = re.findall(r"(?m)^## (\w+)/$", read(source, "doc/map.md"))
    assert named == ROOMS[::-1]
