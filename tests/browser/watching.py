"""A page that is watched: what went wrong in it, whom it asked, and whom it shuts out."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "build" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
"""The script of axe-core, which `make browser` installs."""

PATIENCE = 90_000
"""How long, in milliseconds, a test waits for what a slow machine has not yet shown."""

_HERE = re.compile(r"(http|ws)://127\.0\.0\.1(:\d+)?/|blob:|data:|about:")


@dataclass
class Watched:
    """A page, what went wrong in it, and what it asked for."""

    page: Page
    troubles: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Watch the page from now on."""
        self.page.on("console", lambda said: self.troubles.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("websocket", lambda socket: self.asked.append(socket.url))
        self.page.on("dialog", lambda dialog: (self.troubles.append(dialog.message), dialog.dismiss()))

    @property
    def outside(self) -> list[str]:
        """What it asked of anybody but this machine."""
        return [url for url in self.asked if not _HERE.match(url)]

    def axe(self, *places: str) -> list[str]:
        """Return what axe-core finds serious or critical in these places of the page."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("places => axe.run({ include: places.map((place) => [place]) })", list(places))
        return [
            f"{each['impact']}: {each['id']}: {[node['html'][:160] for node in each['nodes'][:3]]}"
            for each in found["violations"]
            if each["impact"] in ("serious", "critical")
        ]
