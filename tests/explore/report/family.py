"""What can be read on a page, and whose it must not be: by other means than those that wrote the page."""

import json
import re
from html.parser import HTMLParser

from reflectlab import ProgressLog

_DRAWN = {"d", "style", "transform", "viewbox", "points", "clip-path", "x", "y", "width", "height", "id", "href"}
"""Attributes that hold places, and nothing that is read."""


class Readable(HTMLParser):
    """The words of a page, those of a picture among them, and of what its marks tell; not its script and style."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the attributes that may be read or heard."""
        told = dict(attrs)
        kind = told.get("type") or "code"
        self._inside = {"script": kind, "style": "code"}.get(tag, "")
        self.words += [value for name, value in attrs if value and name.lower() not in _DRAWN and "xmlns" not in name]

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Take a text."""
        if self._inside == "application/json":
            self.words += _texts(json.loads(data))
        elif not self._inside:
            self.words.append(data)


def _texts(told: object) -> list[str]:
    if isinstance(told, dict):
        return [text for value in told.values() for text in _texts(value)]
    if isinstance(told, list):
        return [text for value in told for text in _texts(value)]
    return [told] if isinstance(told, str) else []


def words_of(page: str) -> list[str]:
    """Return all that can be read on a page."""
    reader = Readable()
    reader.feed(page)
    return reader.words


def of_others(page: str, log: ProgressLog, learner: str) -> list[str]:
    """Return what a page tells of other children: names and parts of them, ids, and initials, its own ones aside.

    The titles of goals are taken out first: they are the class's, and have words such as "I".
    """
    learners = log.learners.set_index("learner_id")["name"]
    read = " ".join(words_of(page))
    for title in log.goals["title"]:
        read = read.replace(title, "")
    own = _called(learner, learners[learner])
    found = []
    for one, name in learners.drop(learner).items():
        called = _called(str(one), name) - own
        found += [text for text in called if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", read)]
        found += [text for text in (str(one), name) if text not in own and text in page]
    return found


def _called(one: str, name: str) -> set[str]:
    """Return all that tells who somebody is."""
    parts = name.split()
    initials = {f"{part[0]}." for part in parts} | {"".join(part[0] for part in parts)} | {part[0] for part in parts}
    return {one, name, *parts, *initials}
