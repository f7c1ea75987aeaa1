"""Twenty colleagues on one board: picks and changes of day, each in a browser of their own.

`python -m benchmarks colleagues` runs two minutes; `REFLECTLAB_SECONDS=600` makes it the ten that were promised. Memory
is what the processes take together, with what they share counted once (the proportional set size).
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Page, sync_playwright

import reflectlab as rl
from tests.browser.lab import QUIET, board_app

COLLEAGUES = 20

PAUSE = 5.0
"""How many seconds a colleague looks at the board before the next pick."""


def main() -> None:
    """Print the errors, the memory and the time of a redraw."""
    seconds = float(os.environ.get("REFLECTLAB_SECONDS", "120"))
    with tempfile.TemporaryDirectory() as home:
        rl.save_tables(rl.simulate(classes=1, learners=30, seed=1), Path(home) / "log")
        with board_app(Path(home) / "log", Path(home)) as address, sync_playwright() as tool:
            chromium = os.environ.get("REFLECTLAB_CHROMIUM", "/usr/bin/chromium")
            browser = tool.chromium.launch(executable_path=chromium, args=list(QUIET))
            errors: list[str] = []
            pages = [_page(browser, address, errors) for _ in range(COLLEAGUES)]
            redraws = _looked(pages, seconds)
            print(f"{COLLEAGUES} pages, {seconds:.0f} s: {len(redraws)} redraws, {len(errors)} errors {errors[:3]}")
            slow = statistics.quantiles(redraws, n=20)[-1]
            print(f"redraw: median {statistics.median(redraws) * 1000:.0f} ms, 95 % {slow * 1000:.0f} ms")
            print(f"memory of the server and all kernels: {_memory(home):.0f} MB")
            for page in pages:
                page.close(run_before_unload=True)
            time.sleep(5)
            print(f"5 s after the pages are closed: {_memory(home):.0f} MB")
            browser.close()


def _page(browser: Any, address: str, errors: list[str]) -> Page:
    page: Page = browser.new_context().new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address, timeout=120_000)
    page.locator("svg [data-mark]").first.wait_for(timeout=120_000)
    return page


def _looked(pages: list[Page], seconds: float) -> list[float]:
    """Let each page be used in turn; return how long each change of day took until the board was drawn anew."""
    end, redraws, turn = time.monotonic() + seconds, [], 0
    while time.monotonic() < end:
        began = time.monotonic()
        page = pages[turn % len(pages)]
        before = page.locator("svg").first.inner_html()
        page.locator("input[type=range]").first.press("ArrowRight" if turn // len(pages) % 2 else "ArrowLeft")
        page.wait_for_function(
            "before => document.querySelector('svg').innerHTML !== before", arg=before, timeout=30_000, polling=20
        )
        redraws.append(time.monotonic() - began)
        turn += 1
        time.sleep(max(0.0, PAUSE / len(pages) - (time.monotonic() - began)))
    return redraws


def _memory(home: str) -> float:
    servers = [one for one in psutil.process_iter(["cmdline"]) if f"{home}/log" in (one.info["cmdline"] or [])]
    family = [one for server in servers for one in (server, *server.children(recursive=True))]
    return sum(_share(one) for one in family) / 2**20


def _share(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss if sys.platform == "linux" else process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
