"""A teacher and a colleague, two accounts of one computer and neither of them its administrator, whose umask is 000.

The teacher runs the board, or the lab; the colleague looks, with tools of their own, at processes, ports, sockets and
files. Only the administrator can be both, and Python has to lie where both can run it.
"""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import sync_playwright

from tests.browser.lab import QUIET, _free_port
from tests.colleague import OPENED, PRINTS, SOMEBODY, come_by, holding

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only the administrator can be two users"),
]

TEACHER = 54322

NAME, NOTE, TITLE = "Arohanui Kea-Weka", "He whispered thanks to me.", "Semicolons in long sentences"
TYPED = "She hid her draft from the boys again."
ROWS = f"date,learner,goal,what happened\n2026-07-20,{NAME},{TITLE},started\n2026-07-21,{NAME},{TITLE},stuck\n"
ROOT = Path(__file__).resolve().parents[2]
SECONDS = 12.0


@dataclass
class Home:
    """The teacher's home, which everybody may look into, and a folder of temporary files for all."""

    place: Path

    @property
    def home(self) -> Path:
        """Where the teacher's files are."""
        return self.place / "home"

    def environment(self) -> dict[str, str]:
        """Return what a program of the teacher is told, and nothing of the administrator's."""
        home = str(self.home)
        told = {"HOME": home, "TMPDIR": str(self.place / "tmp"), "DISPLAY": ":99", "LANG": "C.UTF-8"}
        told |= {"REFLECTLAB_DATA": f"{home}/kept", "BROWSER": f"{self.place / 'browser'} %s", "USER": "teacher"}
        return told | {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}

    @contextmanager
    def runs(self, *command: str) -> Iterator[Path]:
        """Let the teacher run a module, with a umask that hides nothing; give what it says on their screen."""
        said = self.home / "screen.txt"
        said.touch(0o600)
        with said.open("w") as out:
            act = [sys.executable, "-m", *command]
            options = {**as_user(TEACHER), "umask": 0, "cwd": self.home, "env": self.environment()}
            running = subprocess.Popen(act, stdout=out, stderr=out, **options)
        try:
            yield said
        finally:
            running.terminate()
            running.wait(90)


def as_user(number: int) -> dict[str, object]:
    """Return the arguments of `Popen` that make a process another user's."""
    return {"user": number, "group": number, "extra_groups": []}


@pytest.fixture
def home(missing: Callable[[str], None]) -> Iterator[Home]:
    """A home with a log that only the teacher may read, and a journal with a note."""
    tried = [sys.executable, "-c", "import voila, sys; sys.path.insert(0, sys.argv[1]); import reflectlab", str(ROOT)]
    try:
        subprocess.run(tried, check=True, capture_output=True, cwd="/", env={"HOME": "/"}, **as_user(TEACHER))
    except (OSError, subprocess.CalledProcessError):
        missing(f"{sys.executable} lies where other users of this computer cannot run it")
    place = Path(tempfile.mkdtemp(prefix="two-accounts-"))
    place.chmod(0o755)
    (place / "tmp").mkdir()
    (place / "tmp").chmod(0o1777)
    (place / "browser").write_text("#!/bin/sh\nsleep 60\n")
    (place / "browser").chmod(0o755)
    made = Home(place)
    made.home.mkdir()
    (made.home / "log.csv").write_text(ROWS)
    (made.home / "log.csv").chmod(0o600)
    for each in (made.home, made.home / "log.csv"):
        os.chown(each, TEACHER, TEACHER)
    writes = f"import reflectlab; reflectlab.Journal().write({NOTE!r}, day='2026-07-21')"
    told = made.environment()
    subprocess.run([sys.executable, "-c", writes], check=True, umask=0, env=told, cwd=made.home, **as_user(TEACHER))
    yield made
    shutil.rmtree(place)


def address_in(said: Path) -> str:
    """Return the address with a token that a server says."""
    end = time.monotonic() + 120
    while not (found := re.search(r"http://127\S+token=\S+", said.read_text())):
        assert time.monotonic() < end, said.read_text()
        time.sleep(0.2)
    return found.group()


def meanwhile(home: Home, act: Callable[[], object]) -> dict[str, str]:
    """Return what the colleague comes by while something is done."""
    wrong: list[Exception] = []

    def try_it() -> None:
        time.sleep(1)
        try:
            act()
        except Exception as error:  # noqa: BLE001 - told by the test, in which it is raised again
            wrong.append(error)

    acting = threading.Thread(target=try_it)
    acting.start()
    found = come_by(SECONDS, [home.place, Path("/dev/shm"), Path(f"/run/user/{TEACHER}")], {TEACHER})
    acting.join()
    assert wrong == []
    return found


def looked_at(found: dict[str, str]) -> dict[str, int]:
    """Count what the colleague looked at; each kind must be there, or the attack was none."""
    pids = {each.pid for each in psutil.process_iter() if each.uids().real == TEACHER}
    ours = [where for where in found if any(where.startswith(f"/proc/{pid}/") for pid in pids)]
    counts = {
        "processes": len(pids),
        "of their parts": len(ours),
        "ports": len({where for where in found if where.startswith("zmq ")}),
        "pages asked for": len([where for where in found if where.startswith("http ")]),
        "named sockets of the teacher": len(named_sockets(pids)),
    }
    assert min(counts["processes"], counts["of their parts"], counts["ports"], counts["pages asked for"]) > 0, counts
    assert not [where for where in ours if found[where] == OPENED]
    return counts


def named_sockets(pids: set[int]) -> list[str]:
    """Return the names of the sockets that processes have in the file system, or in none."""
    return [each.laddr for each in psutil.net_connections("unix") if each.pid in pids and each.laddr]


def lying_open(home: Home) -> list[str]:
    """Return what somebody else could read of the teacher's files, save what holds nothing of a log."""
    files = (path for path in [*home.home.rglob("*"), *(home.place / "tmp").rglob("*")] if path.is_file())
    odd = (path for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077 and not hidden(path, home))
    return [str(path) for path in odd if not path.name.startswith("fontlist")]


def hidden(path: Path, home: Home) -> bool:
    """Return whether a folder around a file lets nobody else in."""
    between = (folder for folder in path.parents if home.place in folder.parents)
    return any(not stat.S_IMODE(folder.stat().st_mode) & 0o007 for folder in between)


def test_nothing_of_a_board_is_had(home: Home) -> None:
    with home.runs("reflectlab", "app", str(home.home / "log.csv"), f"--port={_free_port()}") as said:
        address = address_in(said)
        token = urlsplit(address).query.removeprefix("token=")
        found = meanwhile(home, lambda: write_a_note(address))
        counts = looked_at(found)
        started = [text for text in found.values() if str(home.place / "browser") in text and "file://" in text]
        assert started, "no browser was opened"
    kept = subprocess.run(
        [sys.executable, "-c", "import reflectlab; print(*reflectlab.Journal().notes()['noticed'])"],
        **{**as_user(TEACHER), "env": home.environment(), "capture_output": True, "text": True, "check": True},
    ).stdout
    assert TYPED in kept
    assert holding(found, [NAME, NOTE, TYPED, TITLE, token]) == []
    assert lying_open(home) == []
    assert counts["named sockets of the teacher"] == 0
    print(f"board: {counts}, {len(found):,} things read, nothing in any")  # noqa: T201 - a figure


def write_a_note(address: str) -> None:
    """Open the board in a browser that tells nobody of it, and write a note."""
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        page = browser.new_page()
        page.goto(address, timeout=120_000)
        page.get_by_label("What did I notice?").fill(TYPED, timeout=120_000)
        page.get_by_role("button", name="Keep this note").click()
        page.get_by_text("Kept").first.wait_for(timeout=60_000)
        browser.close()


def test_nothing_of_a_lab_is_had(home: Home) -> None:
    (home.home / "notebooks").mkdir()
    os.chown(home.home / "notebooks", TEACHER, TEACHER)
    port = _free_port()
    with home.runs("reflectlab", "lab", str(home.home / "notebooks"), f"--port={port}") as said:
        token = urlsplit(address_in(said)).query.removeprefix("token=")
        found = meanwhile(home, lambda: print_in_a_kernel(home, f"http://127.0.0.1:{port}/api/kernels?token={token}"))
        counts = looked_at(found)
    assert holding(found, [NAME, NOTE, token]) == []
    assert lying_open(home) == []
    assert counts["named sockets of the teacher"] == 0
    print(f"lab: {counts}, {len(found):,} things read, nothing in any")  # noqa: T201 - a figure


def print_in_a_kernel(home: Home, address: str) -> None:
    """Start a kernel of the lab, and let it print a name."""
    asked = urllib.request.Request(address, data=b"{}", method="POST")
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=60) as answer:
        kernel = json.load(answer)["id"]
    [file] = home.home.rglob(f"kernel-{kernel}.json")
    let_print(file)


def let_print(file: Path) -> None:
    """Let the kernel that a file leads to print a name."""
    command = [sys.executable, "-c", PRINTS, file]
    subprocess.run(command, input=NAME, text=True, check=True, timeout=120, stdout=subprocess.DEVNULL)


def test_a_kernel_that_is_not_ours_is_heard(home: Home) -> None:
    """The attack is one: a kernel as Jupyter starts it tells the colleague what it prints."""
    file = home.home / "open.json"
    with home.runs("ipykernel_launcher", "-f", str(file)):
        end = time.monotonic() + 60
        while not file.exists() and time.monotonic() < end:
            time.sleep(0.1)
        found = meanwhile(home, lambda: let_print(file))
    assert SOMEBODY != TEACHER
    assert any(where.startswith("zmq ") for where in holding(found, [NAME]))
