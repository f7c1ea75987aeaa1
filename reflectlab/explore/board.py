"""`TeacherBoard`: a class, a child, and what happened between them, each view tied to all others."""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import ipywidgets as widgets
from matplotlib.axes import Axes

from ..journal import Journal
from ..language import counted, day_in_words, gettext, translatable
from ..log import Day, ProgressLog
from ..problems import left_out
from ..show.parts.words import isolated
from .choice import Choice
from .paper import LOOK_AT_FIRST, Paper, Wanted
from .pickers import Redraw, controls, name_switch
from .sections.folded import Folded, Opened
from .take_away import PAGES, page_to_take
from .views import HAPPENED, INVITATIONS, Measured, Pictures, Tables, quiet_line, spoken
from .widgets.figure import Drawn, FigureView, opaque
from .widgets.journal import JournalView
from .widgets.print import PrintButton, Wants
from .widgets.save import SavedFile
from .widgets.still import Still
from .widgets.table import TableView
from .widgets.text import TextView

_CLASS = ("class_id", "strand", "start", "day", "hidden")

_NAMELESS = ("class_id", "strand", "start", "day")

_LEARNER = ("learner_id", "strand", "start", "day", "hidden")

_PATHWAY = (*_LEARNER, "noted")

_AHEAD, _OTHERS = 60, 4
"""How many pathways are drawn ahead, and of every other view how many pictures are kept."""


class Pathways:
    """The pathways of one choice of day, goals and names, each drawn once; another choice takes their place.

    >>> kept = Pathways(lambda learner_id: Drawn([], {"title": learner_id}))
    >>> kept("ben", "Monday") is kept("ben", "Monday")
    True
    >>> kept("hemi", "Tuesday").page["title"], list(kept.drawn)
    ('hemi', ['hemi'])
    """

    def __init__(self, draw: Callable[[str], Drawn]) -> None:
        self._draw, self._choice = draw, ()
        self.drawn: dict[str, Drawn] = {}

    def __call__(self, learner_id: str, *choice: Any) -> Drawn:
        """Return the pathway of a learner."""
        if choice != self._choice:
            self._choice, self.drawn = choice, {}
        if learner_id not in self.drawn:
            self.drawn[learner_id] = self._draw(learner_id)
        return self.drawn[learner_id]


def _below(name: str) -> Any:
    """Return a property: a view that stands below the class, drawn by the time that somebody asks for it."""

    def view(board: "TeacherBoard") -> FigureView | TableView:
        board._redraw.finish()
        found: FigureView | TableView = getattr(board, f"_{name}")
        return found

    return property(view)


class TeacherBoard(Still, widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """The board a teacher works with: pick a child in any view, and all show that child.

    It says in a few sentences what to look at first (`reflectlab.digest`), each a way to the child it speaks of; below
    stand the class board; one child's pathway, what happened and with whom; completion so far; working together, with
    how often there was somebody to work with; and this week's invitations. Pickers above choose the class, the learner,
    the goals, and the period: a term, or from one day to another. *Hide names* is for a projector: learners are
    numbered then, everywhere. *Print* gives one page a learner.

    Parameters
    ----------
    log : ProgressLog
    class_id, learner_id : str, optional
        What to look at first; the first class of the log, and its first learner, by default.
    day : date or str, optional
        The day to look from at first; the last day of the log by default.
    journal : Journal, optional
        Your journal, to be shown below the child's pathway; none by default.
    at_once : bool, default True
        Whether all is drawn by the time that the board is shown; else what stands below the class follows the end of
        the cell. Before it is shown, what stands below is drawn when it is asked for.

    Attributes
    ----------
    choice : Choice
        What is being looked at: its `class_id, learner_id, strand, order, start, day` and `hidden` may be set and
        observed.
    class_board, pathway, completion, collaboration, partners : FigureView
    digest, happened, invitations : TableView
    journal : JournalView or None
    goals : Folded
        A section that is drawn when its `fold` is opened: how long each goal takes, who is stuck, who could help.
    company : Folded
        Another: who works with whom, with how many others and how evenly, and that week by week.

    Examples
    --------
    >>> import reflectlab
    >>> board = TeacherBoard(reflectlab.example(), learner_id="ben")
    >>> board.pathway.title
    'Ben'
    >>> board.class_board.choose(learner_id="hemi")
    >>> board.choice.learner_id, board.pathway.title
    ('hemi', 'Hēmi')
    """

    pathway, happened, invitations = _below("pathway"), _below("happened"), _below("invitations")
    partners, collaboration, completion = _below("partners"), _below("collaboration"), _below("completion")

    def __init__(
        self,
        log: ProgressLog,
        *,
        class_id: str | None = None,
        learner_id: str | None = None,
        day: Day | None = None,
        journal: Journal | None = None,
        at_once: bool = True,
    ) -> None:
        self.choice = Choice(log, class_id=class_id, learner_id=learner_id, day=day)
        self.journal = None if journal is None else JournalView(self.choice, journal)
        self._group = secrets.token_hex(8)
        self._redraw = Redraw(self.choice)
        self._measured = measured = Measured(self.choice)
        notes = None if self.journal is None else self.journal.days
        self._pictures, self._tables = Pictures(self.choice, measured, notes), Tables(self.choice, measured, notes)
        self._make_first()
        self._at_once, self._redraw.patient = at_once, True
        self._make_views()
        self._redraw.patient = not at_once
        self.choice.observe(lambda _: self._keep(), ["learner_id", "hidden"])
        self._keep()
        super().__init__(self._laid_out(), layout=widgets.Layout(overflow="visible"))
        self.add_class("reflectlab-board")

    def __repr__(self) -> str:
        return f"TeacherBoard({self.choice.class_id or 'class'})"

    def still(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield what it leaves in a notebook."""
        if self._at_once:
            self._redraw.finish()
        yield from super().still()

    def _make_first(self) -> None:
        self.class_board = self._picture(_kept(self._pictures.board), (*_CLASS, "order", "noted"))
        self.digest = TableView(
            columns={"sentence": gettext("from what had been noted by this day")},
            caption=gettext(LOOK_AT_FIRST),
            about="learner_id",
            empty=gettext("Nothing to be told of these goals on this day."),
            group=self._group,
        )
        self._redraw.add(lambda: self.digest.show(self._tables.digest()), (*_CLASS, "noted"))
        self._picks(self.digest)

    def _make_views(self) -> None:
        self._pathways = Pathways(lambda learner_id: Drawn.of(self._pictures.pathway(learner_id)))
        self._pathway = self._picture(self._pathways, _PATHWAY, follow="goal")
        self.class_board.observe(self._look_ahead, "pointed")
        self._happened = TableView(group=self._group, people={"with": "people"})
        self._redraw.add(self._draw_happened, _LEARNER)
        self._invitations = TableView(columns=spoken(INVITATIONS), about="learner_id", group=self._group)
        self._redraw.add(self._draw_invitations, _CLASS)
        self._partners = self._picture(_kept(self._pictures.partners), _CLASS)
        self._collaboration = self._picture(_kept(self._pictures.collaboration), _NAMELESS)
        self._completion = self._picture(_kept(self._pictures.completion), _NAMELESS)
        self.goals = self._folded(gettext("Goals: how long each takes, who is stuck on it, and who could help"), _goals)
        self.company = self._folded(gettext("Partners: who works with whom, how varied, and week by week"), _company)
        self._picks(self._happened)
        self._picks(self._invitations)
        self._redraw.at_rest(self._draw_ahead)

    def _picture(self, drawn: Callable[..., Drawn], needs: Sequence[str], follow: str = "learner") -> FigureView:
        view = FigureView(group=self._group, follow=follow)
        self._redraw.add(lambda: view.show(drawn(*self._chosen(needs))), needs)
        self._picks(view)
        return view

    def _folded(self, title: str, make: Callable[[Opened], list[widgets.Widget]]) -> Folded:
        return Folded(title, make, self._redraw, self.choice, self._measured, self._picks, self._group)

    def _chosen(self, needs: Sequence[str]) -> list[Any]:
        return [getattr(self.choice, name) for name in needs]

    def _look_ahead(self, change: Any) -> None:
        """Draw the pathway of the child that is pointed at: it is there by the time that somebody clicks."""
        learner = next((key for key in self.choice.members if opaque(key) == change["new"].get("learner")), None)
        if learner is not None:
            self._redraw.later(lambda: self._pathways(learner, *self._chosen(_PATHWAY[1:])))

    def _draw_ahead(self) -> Iterator[Drawn]:
        """Draw the pathways of the class that are not there yet, so that the next pick finds its picture."""
        for learner in self.choice.members[:_AHEAD]:
            if learner not in self._pathways.drawn:
                yield self._pathways(learner, *self._chosen(_PATHWAY[1:]))

    def _picks(self, view: FigureView | TableView) -> None:
        """Let a pick in a view be the learner that all views show."""

        def pick(change: Any) -> None:
            learner = change["new"].get("learner_id")
            if learner in self.choice.members:
                self.choice.learner_id = learner
            if self.journal is not None:
                self.journal.goal_id = change["new"].get("goal_id")
                if change["new"].get("what") == "note":
                    self.journal.look_at_learner()
            self._keep()

        view.observe(pick, "selected")

    def _keep(self) -> None:
        for view in (self.digest, self.class_board, self._pathway, self._partners, self._invitations):
            view.keep(self.choice.learner_id)

    def _draw_happened(self) -> None:
        rows = self._tables.happened()
        columns = {name: title for name, title in spoken(HAPPENED).items() if name in rows}
        name = isolated(self.choice.names.get(self.choice.learner_id or "", ""))
        self._happened.show(rows, columns=columns, caption=gettext("{name}: what happened, and with whom", name=name))

    def _draw_invitations(self) -> None:
        day = day_in_words(self.choice.day, "d MMMM")
        caption = gettext("Invitations for the week of {day}: who could work with whom, if they choose to", day=day)
        self._invitations.show(self._tables.invitations(), caption=caption)

    def _file(self, paper: Paper, wants: Wants, kind: str) -> SavedFile:
        return page_to_take(self.choice, kind) if kind in PAGES else paper.file(Wanted.of(wants), kind)

    def _laid_out(self) -> list[widgets.Widget]:
        pickers = controls(self.choice, ("class", "learner", "strand", "order", "term", "start", "day"))
        paper = Paper(self._pictures, self._tables, self.journal)
        printing = PrintButton(
            lambda wants: paper.pages(Wanted.of(wants)),
            lambda wants, kind: self._file(paper, wants, kind),
            lambda wants: paper.left_out(Wanted.of(wants)),
            paper.remark,
            has_notes=self.journal is not None,
        )
        self._pathway.add_class("reflectlab-wide")
        self._happened.add_class("reflectlab-slim")
        return [
            _row("pickers", pickers, name_switch(self.choice), printing),
            *_missing(self.choice.log),
            self.digest,
            self.class_board,
            quiet_line(_HOW_STUCK_ENDS, "reflectlab-beside"),
            _row("pair", self._pathway, self._happened),
            _row("pair", *([self.journal] if self.journal is not None else []), self._invitations),
            _row("pair", self._partners, widgets.VBox([self._collaboration, self._completion])),
            self.goals,
            self.company,
        ]


def _goals(opened: Opened) -> list[widgets.Widget]:
    from .sections.goals import goals_section

    return goals_section(opened)


def _company(opened: Opened) -> list[widgets.Widget]:
    from .sections.partners import partners_section

    return partners_section(opened)


def _kept(draw: Callable[[], Axes]) -> Callable[..., Drawn]:
    """Return what draws once for what is chosen, for the last few choices."""
    return lru_cache(_OTHERS)(lambda *_: Drawn.of(draw()))


_HOW_STUCK_ENDS = translatable(
    "Stuck lasts until something later is noted on that goal: a <i>worked</i> or <i>met</i> ends it, also on the same "
    "day. Days are school days. Who is not in the class on the day that is shown is not counted."
)


def _missing(log: ProgressLog) -> list[TextView]:
    """Say that something of the file is not in the log, where it is so."""
    number = len(left_out(log.problems)) if log.problem_list else 0
    said = gettext(
        "Not all of your file is on this board: {problems}. To see each and what to do: reflectlab check, followed by "
        "the name of the file.",
        problems=counted(number, "problem"),
    )
    return [TextView(said)] if number else []


def _row(kind: str, *views: widgets.Widget) -> widgets.Box:
    """Return views beside one another where there is room, else below."""
    made = widgets.Box(views)
    made.add_class(f"reflectlab-{kind}")
    return made
