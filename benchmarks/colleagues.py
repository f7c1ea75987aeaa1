"""Twenty colleagues on one board: picks, changes of day and notes, each in a browser of their own.

`python -m benchmarks colleagues` runs two minutes; `REFLECTLAB_SECONDS=600` makes it the ten that were promised. Memory
is what the processes take together, with what they share counted once (the proportional set size). An error is whatever
a page or the server complains of, and a note that the page calls kept and the journal lacks.
"""

import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Page, sync_playwright

import reflectlab as rl
from tests.browser.lab import QUIET, board_app
from tests.browser.watching import Watched

COLLEAGUES = 20

PAUSE = 5.0
"""How many seconds a colleague looks at the board before the next pick."""

NOTE_EVERY = 6
"""After how many looks a colleague writes a note."""

_PICTURES = "[...document.querySelectorAll('svg')].map((each) => each.innerHTML).join()"


@dataclass
class Done:
    """What the colleagues did: how long each redraw took in seconds, by its kind, and what was kept of their notes."""

    redraws: dict[str, list[float]] = field(default_factory=lambda: {"day": [], "pick": []})
    notes: list[str] = field(default_factory=list)


def main() -> None:
    """Print the errors, the memory and the time of a redraw."""
    seconds = float(os.environ.get("REFLECTLAB_SECONDS", "120"))
    with tempfile.TemporaryDirectory() as home:
        rl.save_tables(rl.simulate(classes=1, learners=30, seed=1), Path(home) / "log")
        with board_app(Path(home) / "log", Path(home)) as address, sync_playwright() as tool:
            chromium = os.environ.get("REFLECTLAB_CHROMIUM", "/usr/bin/chromium")
            browser = tool.chromium.launch(executable_path=chromium, args=list(QUIET))
            pages = [_page(browser, address) for _ in range(COLLEAGUES)]
            print(f"memory as {COLLEAGUES} boards are open: {_memory(home):.0f} MB", flush=True)
            done = _looked([each.page for each in pages], seconds)
            _say(done, seconds, _errors(done, pages, Path(home), address))
            print(f"memory of the server and all kernels: {_memory(home):.0f} MB")
            for each in pages:
                each.page.close(run_before_unload=True)
            time.sleep(5)
            print(f"5 s after the pages are closed: {_memory(home):.0f} MB")
            browser.close()


def _page(browser: Any, address: str) -> Watched:
    watched = Watched(browser.new_context().new_page())
    watched.page.goto(address, timeout=120_000)
    watched.page.locator("svg [data-mark]").first.wait_for(timeout=120_000)
    return watched


def _looked(pages: list[Page], seconds: float) -> Done:
    """Let each page be used in turn: a day, a child, a day, a child, and now and then a note."""
    end, done, turn = time.monotonic() + seconds, Done(), 0
    while time.monotonic() < end:
        began = time.monotonic()
        page, looks = pages[turn % len(pages)], turn // len(pages)
        if looks % NOTE_EVERY == NOTE_EVERY - 1:
            done.notes.append(_noted(page, f"Look {looks} of colleague {turn % len(pages)}."))
        else:
            kind, act = ("pick", _pick) if looks % 2 else ("day", _change_day)
            done.redraws[kind].append(_timed(page, looks // 2, act))
        turn += 1
        time.sleep(max(0.0, PAUSE / len(pages) - (time.monotonic() - began)))
    return done


def _timed(page: Page, number: int, act: Any) -> float:
    """Return how long it takes until a picture is drawn anew."""
    page.evaluate(f"() => {{ window.before = {_PICTURES}; }}")
    began = time.monotonic()
    act(page, number)
    page.wait_for_function(f"() => {_PICTURES} !== window.before", timeout=30_000, polling=20)
    return time.monotonic() - began


def _change_day(page: Page, number: int) -> None:
    page.get_by_label("As of").press("ArrowRight" if number % 2 else "ArrowLeft")


def _pick(page: Page, number: int) -> None:
    page.get_by_label("Learner", exact=True).first.select_option(index=1 + number % 20)


def _noted(page: Page, words: str) -> str:
    page.get_by_label("What did I notice?").fill(words)
    page.get_by_role("button", name="Keep this note").click()
    page.wait_for_function(
        "() => document.querySelector('.reflectlab-kept-note').innerText.startsWith('Kept')", timeout=30_000
    )
    return words


def _errors(done: Done, pages: list[Watched], home: Path, address: str) -> list[str]:
    kept = set(rl.Journal(home / "kept" / "journal.sqlite").notes()["noticed"])
    said = (home / "reflectlab.log").read_text().partition(address)[2].strip()
    lost = [f"lost: {note}" for note in done.notes if note not in kept]
    return [*(trouble for each in pages for trouble in each.troubles), *lost, *([said] if said else [])]


def _say(done: Done, seconds: float, errors: list[str]) -> None:
    print(f"{COLLEAGUES} pages, {seconds:.0f} s: {len(done.notes)} notes, {len(errors)} errors {errors[:3]}")
    for kind, times in done.redraws.items():
        slow = statistics.quantiles(times, n=20)[-1]
        print(f"{len(times)} redraws of a {kind}: median {statistics.median(times) * 1000:.0f} ms, ", end="")
        print(f"95 % {slow * 1000:.0f} ms", flush=True)


def _memory(home: str) -> float:
    servers = [one for one in psutil.process_iter(["cmdline"]) if f"{home}/log" in (one.info["cmdline"] or [])]
    family = [one for server in servers for one in (server, *server.children(recursive=True))]
    return sum(_share(one) for one in family) / 2**20


def _share(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss if sys.platform == "linux" else process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
