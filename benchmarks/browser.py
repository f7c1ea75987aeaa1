"""The board in Chromium, by a real pointer: from the click to the picture that has changed on the screen.

It is served as `reflectlab app` serves it. A child is picked by a click on a name of the class board, a day by a click
on the slider; the clock runs from when the browser hears of the click to when it has painted the new picture. A hand
rests on what it is about to click; `at once` is a click as no hand does it. A highlight asks nothing of Python.
"""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from shutil import which
from typing import Any

import numpy as np

import reflectlab as rl

PICKS, WARM = 40, 3

REST_OF_A_HAND = 250
"""How many milliseconds a pointer is on a name before the click."""

CLASSES = {"30 learners, 10 weeks": (30, 10, (150, 250)), "60 learners, 40 weeks": (60, 40, (300, None))}
"""Learners, weeks, and under how many milliseconds half and 95 % of the redraws should be."""

CLOCK = """(place) => {
  const seen = document.querySelectorAll(".reflectlab-figure")[place].querySelector(".reflectlab-canvas");
  window.took = new Promise((done) => {
    let start = 0;
    addEventListener("pointerdown", () => (start = performance.now()), { capture: true, once: true });
    new MutationObserver((_, watch) => {
      watch.disconnect();
      requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
    }).observe(seen, { childList: true });
  });
}"""

LIGHT = """() => {
  window.lit = new Promise((done) => {
    let start = 0;
    addEventListener("pointermove", () => (start ||= performance.now()), { capture: true });
    new MutationObserver((_, watch) => {
      if (!document.querySelector(".reflectlab-lit")) return;
      watch.disconnect();
      requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
    }).observe(document.querySelector(".reflectlab-board"), { subtree: true, attributeFilter: ["class"] });
  });
}"""

REST = """() => new Promise((done) => {
  let waiting = setTimeout(done, 1000);
  new MutationObserver(() => { clearTimeout(waiting); waiting = setTimeout(done, 1000); })
    .observe(document.querySelector(".reflectlab-board"), { childList: true, subtree: true, attributes: true });
})"""
"""Waits until nothing has changed on the board for a second: then the other views are drawn too."""

BOARD, PATHWAY = 0, 1


def main() -> None:
    try:
        from playwright.sync_api import sync_playwright

        from tests.browser.lab import QUIET, board_app
    except ImportError as error:
        print(f"not timed: {error}")
        return
    path = which("chromium") or which("chromium-browser") or which("google-chrome")
    if path is None:
        print("not timed: there is no Chromium here")
        return
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=list(QUIET))
        for words, (learners, weeks, wanted) in CLASSES.items():
            _time(browser, board_app, words, rl.simulate(classes=1, learners=learners, weeks=weeks, seed=1), wanted)
        browser.close()


def _time(browser: Any, served: Any, words: str, log: rl.ProgressLog, wanted: tuple[float, float | None]) -> None:
    with tempfile.TemporaryDirectory() as home:
        rl.save_tables(log, Path(home) / "log")
        with served(Path(home) / "log", Path(home)) as address:
            at_once = partial(_child, rest=0)
            picks = min(PICKS, len(log.learners) - WARM)  # nobody twice: a picture that has been drawn is kept
            say(f"{words}: a child", _repeated(browser, address, _child, picks), wanted)
            say(f"{words}: a child, at once", _repeated(browser, address, at_once, picks), wanted)
            say(f"{words}: a day", _repeated(browser, address, _day, PICKS), wanted)
            say(f"{words}: highlight", _repeated(browser, address, _highlight, PICKS), (50, 50))


def _repeated(browser: Any, address: str, pick: Callable[[Any, int], float], picks: int) -> list[float]:
    """Return the times of so many picks on a page that is opened anew."""
    page = browser.new_page(viewport={"width": 1366, "height": 900})
    page.goto(address, wait_until="commit", timeout=120_000)
    page.locator(".reflectlab-table td").first.wait_for(timeout=120_000)
    times = []
    for number in range(WARM + picks):
        page.evaluate(REST)
        times.append(pick(page, number))
    page.close()
    return times[WARM:]


def _child(page: Any, number: int, rest: float = REST_OF_A_HAND) -> float:
    names = page.locator(".reflectlab-figure").nth(BOARD).locator("[data-mark][aria-label$='own goals met']")
    box = _seen(names.nth((1 + 7 * number) % names.count()))
    return _clicked(page, PATHWAY, box["x"] + min(12, box["width"] / 2), box["y"] + box["height"] / 2, rest)


def _day(page: Any, number: int) -> float:
    box = _seen(page.get_by_label("As of"))
    return _clicked(page, BOARD, box["x"] + box["width"] * (0.2 + 0.017 * (number * 13 % 43)), box["y"] + 8)


def _highlight(page: Any, number: int) -> float:
    marks = page.locator(".reflectlab-figure").nth(BOARD).locator("[data-mark]")
    box = _seen(marks.nth(5 + 11 * number % (marks.count() - 5)))
    page.mouse.move(2, 2)
    page.evaluate(LIGHT)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    return float(page.evaluate("window.lit"))


def _seen(mark: Any) -> Any:
    mark.scroll_into_view_if_needed()
    return mark.bounding_box()


def _clicked(page: Any, place: int, x: float, y: float, rest: float = 0) -> float:
    page.mouse.move(x, y)
    page.wait_for_timeout(rest)
    page.evaluate(CLOCK, place)
    page.mouse.click(x, y)
    return float(page.evaluate("window.took"))


def say(what: str, times: list[float], wanted: tuple[float, float | None]) -> None:
    median, most = np.percentile(times, [50, 95])
    asked = ", ".join(f"{each} ms" for each in wanted if each)
    print(f"{what:>36}: median {median:4.0f} ms, 95 % under {most:4.0f} ms of {len(times)} (wanted: {asked})")
