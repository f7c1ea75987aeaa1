"""A picture in the form in which it stands on a page: its drawing, and what its marks stand for in codes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from matplotlib.axes import Axes

from ...show import alt_text, marks, to_svg
from ..widgets.figure import packed, title_of

_LEFT_OUT = re.compile(r"<!--.*?-->|<metadata>.*?</metadata>|<style\b.*?</style>", re.DOTALL)

_TAG = re.compile(r"<[^>]*>")

_OWN = re.compile(r'(\bid="|url\(#|<use [^>]*?href="#)')


@dataclass
class Codes:
    """What stands for the ids of one kind on a page: a letter and a number, by which nobody is known elsewhere.

    >>> codes = Codes("c", ["aroha", "ben"])
    >>> codes("ben"), codes("aroha"), codes("somebody else")
    ('c2', 'c1', None)
    """

    letter: str
    ids: Iterable[str]
    _codes: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._codes = {one: f"{self.letter}{number}" for number, one in enumerate(self.ids, start=1)}

    def __call__(self, one: object) -> str | None:
        """Return the code of an id; None for what is not on the page."""
        return self._codes.get(one) if isinstance(one, str) else None


@dataclass(frozen=True)
class PagePicture:
    """A picture of a page; `of` is the code of the child whose picture it is."""

    svg: str
    title: str
    description: str
    marks: dict[str, Any]
    follow: str = "learner"


def page_picture(axes: Axes, learners: Codes, goals: Codes, number: int, follow: str = "learner") -> PagePicture:
    """Return a picture as the page holds it; its own ids begin with its number, as those of a page have to differ."""
    told = packed(marks(axes), learners, goals, lambda _: None)
    return PagePicture(for_page(to_svg(axes), f"f{number}-"), title_of(axes), alt_text(axes), told, follow)


def for_page(svg: str, prefix: str) -> str:
    """Return a drawing without a style for all of the page, and with ids of its own."""
    return _TAG.sub(lambda tag: _OWN.sub(rf"\1{prefix}", tag[0]), _LEFT_OUT.sub("", svg))
