"""A real browser, and a page in it that shows our widgets without a notebook around them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.browser.lab import QUIET
from tests.browser.watching import AXE, PATIENCE, Watched

_HERE = "http://127.0.0.1:1/"
MODEL = """
async ({esm, css, state, place}) => {
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
  const heard = {};
  const model = {
    state,
    saved: 0,
    get: (name) => model.state[name],
    set: (name, value) => { model.state[name] = value; (heard[`change:${name}`] ?? []).forEach((call) => call()); },
    save_changes: () => { model.saved += 1; },
    tell: (messages) => messages.forEach(({ inBytes = [], ...told }) => {
      const buffers = inBytes.map((each) => Uint8Array.from(atob(each), (sign) => sign.charCodeAt(0)));
      (heard["msg:custom"] ?? []).forEach((call) => call(told, buffers));
    }),
    send: async (content, _, buffers = []) => {
      (window.sent ??= []).push(content);
      const text = (bytes) => bytes.reduce((told, byte) => told + String.fromCharCode(byte), "");
      const told = buffers.map((each) => btoa(text(new Uint8Array(each))));
      if (window.toPython) model.tell(await window.toPython(place, content, told));
    },
    on: (names, call) => names.split(" ").forEach((name) => (heard[name] ??= []).push(call)),
    off: (names, call) => names.split(" ").forEach((name) => {
      heard[name] = (heard[name] ?? []).filter((other) => other !== call);
    }),
  };
  const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
  const widget = (await import(url)).default;
  const el = document.createElement("div");
  el.id = place;
  document.querySelector("main").append(el);
  const end = await widget.render({ model, el });
  (window.models ??= {})[place] = model;
  (window.ends ??= {})[place] = end;
}
"""


@pytest.fixture(scope="session")
def browser(missing: Any) -> Iterator[Browser]:
    """Chromium, as it is installed on this machine."""
    path = which("chromium") or which("chromium-browser") or which("google-chrome")
    if path is None:
        missing("there is no Chromium here: install the package chromium")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=path, args=list(QUIET))
        yield opened
        opened.close()


@dataclass
class Stage(Watched):
    """A page with widgets on it and no notebook around them."""

    def show(self, widget: Any, place: str) -> None:
        """Put a widget on the page, in the element with this id."""
        state = {name: value for name, value in widget.get_state().items() if not name.startswith("_")}
        told = {
            "esm": str(widget._esm),
            "css": str(widget._css),
            "place": place,
            "state": json.loads(json.dumps(state)),
        }
        self.page.evaluate(MODEL, told)

    def get(self, place: str, trait: str) -> Any:
        """Return what a trait is in the page."""
        return self.page.evaluate("([place, trait]) => window.models[place].get(trait)", [place, trait])

    def set(self, place: str, trait: str, value: Any) -> None:
        """Set a trait as Python does."""
        self.page.evaluate("([place, trait, value]) => window.models[place].set(trait, value)", [place, trait, value])


@pytest.fixture
def stage(browser: Browser) -> Iterator[Stage]:
    """An empty page; when the test ends, nothing may have gone wrong in it and nothing been asked of the network."""
    yield from _stage(browser.new_context(viewport={"width": 1280, "height": 900}))


@pytest.fixture
def fingers(browser: Browser) -> Iterator[Stage]:
    """The same on a tablet, where there is no pointer."""
    yield from _stage(browser.new_context(viewport={"width": 768, "height": 1024}, has_touch=True, is_mobile=True))


def _stage(context: BrowserContext) -> Iterator[Stage]:
    made = Stage(context.new_page())
    made.page.on("console", lambda said: made.troubles.append(said.text) if said.type == "warning" else None)
    body = '<!doctype html><html lang="en"><title>Widgets</title><main><h1>Widgets</h1></main></html>'
    made.page.route(_HERE, lambda route: route.fulfill(body=body, content_type="text/html"))
    made.page.goto(_HERE)
    yield made
    context.close()
    assert made.troubles == []
    assert made.outside == []


@pytest.fixture(scope="session", autouse=True)
def axe(missing: Any) -> None:
    """axe-core, which is fetched from npm and no part of the project."""
    if not AXE.is_file():
        missing("axe-core is not here: run `make browser`, which installs it")


@pytest.fixture(scope="session")
def screenshots(root: Path) -> Path:
    """Where screenshots are kept to be looked at."""
    folder = root / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
