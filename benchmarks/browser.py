"""The board of 30 learners in Chromium: change to redraw at a median under 250 ms, 95 % under 400; hover under 50 ms.

It is served as `reflectlab app` serves it. A change is a picker of the page that is set; it is drawn when the new
picture is in the page and the browser has painted. Hovering asks nothing of Python.
"""

import tempfile
from pathlib import Path
from shutil import which

import numpy as np

import reflectlab as rl

RUNS = 30
CHANGE = """async (day) => {
  const slider = document.querySelector(".reflectlab-day input");
  const canvas = document.querySelector(".reflectlab-canvas");
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const drawn = new Promise((done) => new MutationObserver((_, seen) => { seen.disconnect(); done(); })
    .observe(canvas, { childList: true }));
  const start = performance.now();
  slider.value = day;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  slider.dispatchEvent(new Event("change", { bubbles: true }));
  await drawn;
  await painted();
  return performance.now() - start;
}"""
REST = """() => new Promise((done) => {
  let waiting = setTimeout(done, 1000);
  new MutationObserver(() => { clearTimeout(waiting); waiting = setTimeout(done, 1000); })
    .observe(document.querySelector(".reflectlab-board"), { childList: true, subtree: true, attributes: true });
})"""
"""Waits until nothing has changed on the board for a second: then the other views are drawn too."""

HOVER = """async (number) => {
  const mark = document.querySelectorAll(".reflectlab-canvas [data-mark]")[number];
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const start = performance.now();
  mark.dispatchEvent(new PointerEvent("pointerover", { bubbles: true, clientX: 400, clientY: 400 }));
  const lit = document.querySelectorAll(".reflectlab-lit").length;
  await painted();
  if (!lit || document.querySelector(".reflectlab-tip").hidden) throw new Error("nothing lit up");
  return performance.now() - start;
}"""


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
    with tempfile.TemporaryDirectory() as home, sync_playwright() as started:
        rl.save_tables(rl.simulate(classes=1, learners=30, seed=1), Path(home) / "log")
        with board_app(Path(home) / "log", Path(home)) as address:
            browser = started.chromium.launch(executable_path=path, args=list(QUIET))
            page = browser.new_page(viewport={"width": 1366, "height": 900})
            page.goto(address, wait_until="commit", timeout=120_000)
            page.locator(".reflectlab-table td").first.wait_for(timeout=120_000)
            page.evaluate(REST)
            changes = []
            for run in range(RUNS):
                changes.append(page.evaluate(CHANGE, 4 + run))
                page.evaluate(REST)
            hovers = [page.evaluate(HOVER, 7 * run) for run in range(RUNS)]
            browser.close()
    say("change to redraw", changes[2:], "250 and 400")
    say("hover, highlight", hovers[2:], "50 and 50")


def say(what: str, times: list[float], wanted: str) -> None:
    median, most = np.percentile(times, [50, 95])
    print(f"{what:>18}: median {median:4.0f} ms, 95 % under {most:4.0f} ms (wanted: {wanted} ms)")
