"""The app's board while its kernel, its server or its browser is killed as notes are written, and what is left."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from typing import Any, NoReturn
from uuid import uuid4

import psutil
from playwright.sync_api import BrowserType, Error, Page, expect, sync_playwright

import reflectlab
from reflectlab.journal import Journal
from tests.browser.lab import QUIET, _address_in, _free_port, _started

VICTIMS = ("kernel", "server", "browser")

WORDS = "asked for help without being told to, read hers aloud and let Ben find the verb in it; twice in one lesson"

_LONGEST = 2.5
"""Seconds, from the first key on, within which something is killed: twice of what a note takes."""

_PATIENCE = 300_000
"""Milliseconds that a server, or a page, may take to start on a machine that has much else to do."""

_LAG = 0.3
"""Seconds within which what was typed is to be safe from the end of the browser."""


@dataclass
class Writing:
    """A note as it is written: what was typed by when, when something was killed, whether the page said it is kept."""

    words: str
    typed: list[tuple[float, str]] = field(default_factory=list)
    killed: float = 0.0
    kept: bool = False

    def by(self, moment: float) -> str:
        """Return what had been typed at a moment."""
        return "".join(piece for at, piece in self.typed if at <= moment)


@dataclass
class Outcome:
    """What became of the notes of some rounds."""

    killed: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    offered: int = 0
    lost: list[str] = field(default_factory=list)
    emptied: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)


class Board:
    """The board of a class in a browser of its own, and what has to live for that."""

    def __init__(self, chromium: BrowserType, path: str, home: Path) -> None:
        self.chromium, self.path, self.home, self.port = chromium, path, home, _free_port()
        self.profile = home / "profile"
        reflectlab.save_tables(reflectlab.example(), home / "log")
        self.running = {"server": ExitStack(), "browser": ExitStack()}
        self.start_server()
        self.start_browser()
        self.open()

    def start_server(self) -> None:
        """Start the app, on the port where it was."""
        command = ["reflectlab", "app", str(self.home / "log"), "--no-browser", f"--port={self.port}"]
        self.server = self.running["server"].enter_context(_started(command, self.home))
        self.address = _address_in(self.home / "reflectlab.log", self.server, _PATIENCE / 1000)
        assert f":{self.port}/" in self.address

    def start_browser(self) -> None:
        """Start a browser on the profile that it had."""
        options = {"executable_path": self.path, "args": list(QUIET), "viewport": {"width": 1280, "height": 900}}
        context = self.chromium.launch_persistent_context(self.profile, **options)
        self.running["browser"].callback(lambda: suppressed(context.close))
        self.page: Page = context.pages[0]

    def open(self) -> None:
        """Open the board."""
        self.page.goto(self.address, wait_until="commit", timeout=_PATIENCE)
        self.noticed.wait_for(timeout=_PATIENCE)

    @property
    def noticed(self) -> Any:
        """The field for what was noticed."""
        return self.page.get_by_label("What did I notice?")

    @property
    def said(self) -> Any:
        """What the page says of the note."""
        return self.page.locator(".reflectlab-kept-note")

    def pids(self, victim: str) -> list[int]:
        """Return the processes of a victim."""
        if victim == "server":
            return [self.server.pid]
        if victim == "kernel":
            [nursery] = psutil.Process(self.server.pid).children()
            return [kernel.pid for kernel in nursery.children()]
        ours = f"--user-data-dir={self.profile}"
        browsers = [each for each in psutil.process_iter(["cmdline"]) if ours in (each.info["cmdline"] or ())]
        return [each.pid for each in browsers]

    def restart(self, victim: str) -> None:
        """Start what died, and open the board again."""
        if victim in self.running:
            self.running[victim].close()
            getattr(self, f"start_{victim}")()
        self.open()

    def close(self) -> None:
        """End all of it."""
        for each in self.running.values():
            each.close()


@contextmanager
def board_that_is_killed(
    missing: Callable[[str], NoReturn], home: Path, chromium: BrowserType | None = None
) -> Iterator[Board]:
    """Give the board in a browser of its own, which has what it keeps in a folder, as the app has.

    Where Playwright runs already, `chromium` is its own.
    """
    path = which("chromium") or which("chromium-browser") or which("google-chrome")
    if path is None:
        missing("there is no Chromium here: install the package chromium")
    with ExitStack() as running:
        board = Board(chromium or running.enter_context(sync_playwright()).chromium, path, home)
        running.callback(board.close)
        yield board


def suppressed(act: Any) -> None:
    """Do what may fail because it is done."""
    with suppress(Error):
        act()


def written_while_killed(board: Board, rounds: int, *, seed: int) -> Outcome:
    """Write a note in each round while the kernel, the server or the browser is killed, a third of the rounds each."""
    rng, outcome = random.Random(seed), Outcome()
    victims = [VICTIMS[number % 3] for number in range(rounds)]
    rng.shuffle(victims)
    for number, victim in enumerate(victims):
        writing = Writing(f"{number} {uuid4().hex[:8]} {WORDS}"[: rng.randrange(30, 110)].strip())
        outcome.killed[victim] += 1
        write(board, writing, victim, rng.uniform(0.05, _LONGEST))
        board.restart(victim)
        look(board, writing, victim, outcome)
    return outcome


def write(board: Board, writing: Writing, victim: str, after: float) -> None:
    """Type a note and keep it by pointer, until something is killed."""
    pids = board.pids(victim)
    assert pids
    killer = threading.Timer(after, kill, [pids, writing])
    with suppress(Error):
        board.noticed.click()
        killer.start()
        for start in range(0, len(writing.words), 5):
            piece = writing.words[start : start + 5]
            board.page.keyboard.type(piece, delay=5)
            writing.typed.append((time.monotonic(), piece))
        board.page.get_by_role("button", name="Keep this note").click(timeout=3000)
        while not writing.kept and (not writing.killed or time.monotonic() < writing.killed + 0.3):
            writing.kept = board.said.inner_text(timeout=1000).startswith("Kept")
            board.page.wait_for_timeout(10)
    killer.join()


def kill(pids: list[int], writing: Writing) -> None:
    """End processes as a crash does, all at once."""
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            psutil.Process(pid).kill()
    writing.killed = time.monotonic()


def look(board: Board, writing: Writing, victim: str, outcome: Outcome) -> None:
    """Look for a note: where the page said so it is in the journal, else it is there or still offered; then keep it."""
    there = times_in(board, writing.words)
    outcome.acknowledged += writing.kept
    if writing.kept and not there:
        outcome.lost.append(f"{victim}: {writing.words}")
    known = writing.by(writing.killed - _LAG) if victim == "browser" else writing.by(float("inf"))
    if not there and known:
        with suppress(AssertionError):
            expect(board.noticed).not_to_have_value("", timeout=10_000)
        offered = board.noticed.input_value()
        outcome.offered += 1
        if not (offered.startswith(known) and writing.words.startswith(offered)):
            outcome.emptied.append(f"{victim}: {known!r} became {offered!r}")
    board.page.wait_for_timeout(300)
    if words := board.noticed.input_value():
        board.page.get_by_role("button", name="Keep this note").click()
        expect(board.said).to_contain_text("Kept", timeout=20_000)
        if times_in(board, words.strip()) != 1:
            outcome.twice.append(f"{victim}: {words}")


def times_in(board: Board, words: str) -> int:
    """Return how often a note is in the journal's file."""
    return Journal(board.home / "kept" / "journal.sqlite").notes()["noticed"].tolist().count(words)
