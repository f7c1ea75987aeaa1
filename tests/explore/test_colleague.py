"""A second user of the same computer, while the board or the lab runs: no name, no note and no token for them."""

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import reflectlab
from tests.browser.lab import _address_in, _free_port, _started
from tests.colleague import PRINTS, SOMEBODY, come_by, holding

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only the administrator can be two users"
)

NAME, NOTE, TITLE = "Arohanui Kea-Weka", "He whispered thanks to me.", "Semicolons in long sentences"


@pytest.fixture
def school() -> Iterator[Path]:
    """A folder that everybody may look into, as a home often is, and a umask that hides nothing."""
    place = Path(tempfile.mkdtemp(prefix="school-"))
    before = os.umask(0)
    place.chmod(0o755)
    (place / "tmp").mkdir()
    (place / "tmp").chmod(0o1777)
    (place / "home").mkdir()
    browser = place / "browser"
    browser.write_text("#!/bin/sh\nsleep 20\n")
    browser.chmod(0o755)
    log = place / "home" / "log.csv"
    rows = f"2026-07-20,{NAME},{TITLE},started\n2026-07-21,{NAME},{TITLE},stuck\n"
    log.write_text(f"date,learner,goal,what happened\n{rows}")
    log.chmod(0o600)
    reflectlab.Journal(place / "home" / "kept" / "journal.sqlite").write(NOTE, day="2026-07-21")
    yield place
    os.umask(before)
    shutil.rmtree(place)


def environment(school: Path) -> dict[str, str]:
    return {
        "TMPDIR": str(school / "tmp"),
        "DISPLAY": ":99",
        "BROWSER": f"{school / 'browser'} %s",
        "JUPYTER_RUNTIME_DIR": "",
        "IPYTHONDIR": str(school / "home" / ".ipython"),
        "MPLCONFIGDIR": "",
    }


def meanwhile(school: Path, act) -> dict[str, str]:
    """Return what the colleague comes by while something is done."""
    acting = threading.Thread(target=lambda: (time.sleep(1), act()))
    acting.start()
    found = come_by(8, [school, Path("/dev/shm")], {os.geteuid()})
    acting.join()
    assert any(where.startswith("http") for where in found), "the colleague did not even find the server"
    return found


def prints(name: str, connection: Path) -> None:
    """Let a kernel print a name."""
    asked = [sys.executable, "-c", PRINTS, connection]
    subprocess.run(asked, input=name, text=True, check=True, timeout=120, stdout=subprocess.DEVNULL)


def private(school: Path) -> list[str]:
    """Return what was written in the home and is not for its owner alone, save what holds nothing of a log."""
    files = (path for path in school.rglob("*") if path.parent != school and path.is_file())
    odd = (path for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077)
    return [str(path) for path in odd if path.suffix != ".log" and not path.name.startswith(("fontlist", "README"))]


def test_nothing_of_the_board_is_had_by_a_colleague(school):
    home = school / "home"
    command = ["reflectlab", "app", str(home / "log.csv"), f"--port={_free_port()}"]
    with _started(command, home, environment(school)) as server:
        said = home / "reflectlab.log"
        said.chmod(0o600)  # it stands for the teacher's own screen
        address = _address_in(said, server)
        token = urlsplit(address).query.removeprefix("token=")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        page = []

        def look():
            page.append(opener.open(address, timeout=60).read().decode())

        look()
        found = meanwhile(school, look)
        assert NAME in page[-1] or "widget" in page[-1]
        started = [
            text for where, text in found.items() if where.endswith("cmdline") and str(school / "browser") in text
        ]
        assert started, "no browser was opened"
    assert "file://" in started[0]
    assert holding(found, [NAME, NOTE, TITLE, token]) == []
    assert private(school) == []


def test_nothing_of_the_lab_is_had_by_a_colleague(school):
    home, port = school / "home", _free_port()
    (home / "notebooks").mkdir()
    command = ["reflectlab", "lab", str(home / "notebooks"), "--port", str(port)]
    with _started(command, home, environment(school)) as server:
        said = home / "reflectlab.log"
        said.chmod(0o600)
        address = _address_in_lab(said, server)
        token = urlsplit(address).query.removeprefix("token=")

        def work():
            asked = urllib.request.Request(
                f"http://127.0.0.1:{port}/api/kernels?token={token}", data=b"{}", method="POST"
            )
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=60) as answer:
                kernel = json.load(answer)["id"]
            (file,) = home.rglob(f"kernel-{kernel}.json")
            prints(NAME, file)

        work()
        found = meanwhile(school, work)
    assert holding(found, [NAME, NOTE, token]) == []
    assert private(school) == []


def _address_in_lab(said: Path, server) -> str:
    _address_in(said, server)
    deadline = time.monotonic() + 60
    while "token=" not in said.read_text() and time.monotonic() < deadline:
        time.sleep(0.2)
    return next(word for word in said.read_text().split() if "token=" in word)


def test_the_colleague_is_able_to_find_what_lies_open(school):
    """The attack is one: what is left open on purpose is found."""
    (school / "home" / "open.txt").write_text(NAME)
    assert os.geteuid() != SOMEBODY
    found = come_by(0.5, [school], {os.geteuid()})
    assert holding(found, [NAME]) == [str(school / "home" / "open.txt")]


def test_the_colleague_hears_a_kernel_that_is_open(school):
    """What is kept from them by the lab is had from a kernel that was started by hand."""
    file = school / "home" / "kernel.json"
    with subprocess.Popen([sys.executable, "-m", "ipykernel_launcher", "-f", file]) as kernel:
        try:
            deadline = time.monotonic() + 60
            while not file.exists() and time.monotonic() < deadline:
                time.sleep(0.1)
            found = meanwhile(school, lambda: prints(NAME, file))
        finally:
            kernel.kill()
    where = holding(found, [NAME])
    assert where
    assert all(each.startswith("zmq ") for each in where)
