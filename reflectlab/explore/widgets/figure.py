"""`FigureView`: a picture that answers a pointer or a key at once."""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...language import gettext
from ...show import alt_text, marks, to_svg
from . import STYLE, Worded, script
from .still import Still

_SECRET = secrets.token_bytes(16)

_NOTHING = -1

Mark = dict[str, str | None]


@dataclass(frozen=True)
class Drawn:
    """A picture as a page is told of it, and what its marks stand for: drawn once, it can be shown again."""

    told: list[Mark]
    page: Mapping[str, Any]

    @classmethod
    def of(cls, figure: Axes | Figure) -> "Drawn":
        """Draw a figure."""
        told = marks(figure)
        page = {
            "svg": to_svg(figure),
            "marks": packed(told),
            "title": title_of(figure),
            "description": alt_text(figure),
        }
        return cls(told, page)


class FigureView(Still, Worded):
    """A picture in a notebook: hover to read, click or use the arrow keys and Enter to pick.

    The picture stays as it was drawn. What a mark stands for is told beside it in words that the page shows as
    text, whatever is in them; ids of learners, goals and episodes stay in Python. Views of one `group` light up
    the same learner or goal together, without asking Python.

    Parameters
    ----------
    figure : Axes or Figure, optional
        What a `plot_` function returned, or any figure of matplotlib.
    group : str, optional
        Views with the same text belong together; by default a view stands alone.
    follow : {"learner", "goal"}
        What lights up with the mark that is pointed at.

    Attributes
    ----------
    pointed : dict
        The learner that is pointed at in the page, as `learner`; told a moment after the pointer has come to rest.
    selected : dict
        What the mark that is picked stands for: `what, text, learner_id, goal_id, episode_id`; empty where none is.
        Observe it to act on a pick.

    Examples
    --------
    >>> import reflectlab
    >>> from reflectlab.show import plot_board
    >>> log = reflectlab.example()
    >>> view = FigureView(plot_board(reflectlab.stretches(log), reflectlab.episodes(log)))
    >>> view.description
    'Class board. 4 learners. ...'
    >>> view.choose(learner_id="ben")
    >>> view.selected["learner_id"]
    'ben'
    """

    _esm = script("figure.js")
    _css = STYLE

    picture = traitlets.Dict().tag(sync=True)
    pick = traitlets.Dict({"drawn": 0, "mark": _NOTHING}).tag(sync=True)
    kept = traitlets.Dict().tag(sync=True)
    pointed = traitlets.Dict().tag(sync=True)
    group = traitlets.Unicode().tag(sync=True)
    follow = traitlets.Enum(["learner", "goal"], "learner").tag(sync=True)
    selected = traitlets.Dict()

    def __init__(self, figure: Axes | Figure | None = None, *, group: str = "", follow: str = "learner") -> None:
        self._told: list[Mark] = []
        self._drawn = 0
        super().__init__(group=group or secrets.token_hex(8), follow=follow)
        if figure is not None:
            self.draw(figure)

    @property
    def title(self) -> str:
        """What the picture is called."""
        return str(self.picture.get("title", ""))

    @property
    def description(self) -> str:
        """What the picture shows, in words."""
        return str(self.picture.get("description", ""))

    @property
    def marks(self) -> list[Mark]:
        """What the marks stand for, as `reflectlab.show.marks` tells it."""
        return [dict(mark) for mark in self._told]

    def still(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield what it leaves in a notebook."""
        yield "picture", self.picture

    def draw(self, figure: Axes | Figure) -> None:
        """Show another picture; what is picked stays picked if it is there too.

        Parameters
        ----------
        figure : Axes or Figure
        """
        self.show(Drawn.of(figure))

    def show(self, drawn: Drawn) -> None:
        """Show what has been drawn before, as `draw` does.

        Parameters
        ----------
        drawn : Drawn
        """
        again = next((mark for mark in drawn.told if _same(mark, self.selected)), None)
        self._told, self._drawn = drawn.told, self._drawn + 1
        with self.hold_sync():
            self.picture = {"drawn": self._drawn, **drawn.page}
            self.pick = self._pick_of(again)

    def choose(self, *, learner_id: str | None = None, goal_id: str | None = None) -> None:
        """Pick the first mark of a learner, a goal, or a learner's goal; without either, pick nothing.

        Parameters
        ----------
        learner_id, goal_id : str, optional
        """
        wanted = {"learner_id": learner_id, "goal_id": goal_id}
        wanted = {name: value for name, value in wanted.items() if value is not None}
        fits = (mark for mark in self._told if wanted and wanted.items() <= mark.items())
        self.pick = self._pick_of(next(fits, None))

    def keep(self, learner_id: str | None) -> None:
        """Keep the lane of a learner lit; a mark of another learner is picked no more.

        Parameters
        ----------
        learner_id : str or None
        """
        if self.selected and self.selected["learner_id"] != learner_id:
            self.choose()
        self.kept = {"learner": opaque(learner_id)}

    def _pick_of(self, mark: Mark | None) -> dict[str, int]:
        return {"drawn": self._drawn, "mark": _number(mark) if mark else _NOTHING}

    @traitlets.observe("pick")
    def _on_pick(self, change: Any) -> None:
        if change["new"].get("drawn") != self._drawn:
            return
        number = change["new"].get("mark")
        mark = next((mark for mark in self._told if _number(mark) == number), None)
        if mark or change["old"].get("drawn") == self._drawn:  # else it is the pick of a picture that is gone
            self.kept = {"learner": opaque(mark["learner_id"] if mark else None)}
        self.selected = _meaning(mark) if mark else {}


@lru_cache(8192)
def opaque(key: str | None) -> str | None:
    """Return what stands for an id in a page: the same in all views, and nothing can be told from it.

    >>> opaque("aroha") == opaque("aroha") != opaque("ben")
    True
    """
    if key is None:
        return None
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8, key=_SECRET).hexdigest()


Code = Callable[[str | None], str | None]


def packed(
    marks: Iterable[Mark], learner: Code = opaque, goal: Code = opaque, episode: Code = opaque
) -> dict[str, Any]:
    """Return marks as a page is given them: what several have in common, as who is meant, is told once, in codes.

    A row is the number of a mark, its text, and the places of its `what, learner, goal` and `episode` among the words;
    `toldMarks` of `figure.js` reads it.

    >>> ids = {"learner_id": "ben", "goal_id": "hook", "episode_id": None}
    >>> packed([{"url": "#m3", "text": "Ben: met", "what": "goal", **ids}], goal=str.upper, learner=str.upper)
    {'words': ['goal', 'BEN', 'HOOK', None], 'rows': [[3, 'Ben: met', 0, 1, 2, 3]]}
    """
    words: dict[str | None, int] = {}

    def place(word: str | None) -> int:
        return words.setdefault(word, len(words))

    rows = [
        [
            _number(mark),
            mark["text"],
            place(mark["what"]),
            place(learner(mark["learner_id"])),
            place(goal(mark["goal_id"])),
            place(episode(mark["episode_id"])),
        ]
        for mark in marks
    ]
    return {"words": list(words), "rows": rows}


def _number(mark: Mark) -> int:
    return int((mark["url"] or "#m-1")[2:])


def _same(mark: Mark, selected: Mark) -> bool:
    """Return whether a mark stands for what is selected, though it may have come further since."""
    return bool(selected) and all(mark[name] == selected[name] for name in selected if name != "text")


def _meaning(mark: Mark) -> Mark:
    return {name: value for name, value in mark.items() if name != "url"}


def title_of(figure: Axes | Figure) -> str:
    """Return what a picture is called."""
    axes = figure.axes if isinstance(figure, Figure) else [figure]
    titles = [ax.get_title(loc=place).replace("\n", " ") for ax in axes for place in ("left", "center")]
    return next((title for title in titles if title), gettext("Picture"))
