"""What stands on a page: for the teacher the class and each of its children, for a family one child."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

import pandas as pd
from matplotlib.axes import Axes

from ... import measure, show
from ...language import counted, gettext, translatable
from ...log import Day, ProgressLog
from ...problems import left_out
from ...show.parts.words import called
from ..choice import Choice, day_text
from ..paper import LOOK_AT_FIRST
from ..views import HAPPENED, INVITATIONS, Measured, Pictures, Tables, spoken
from ..widgets.table import shown_text
from .picture import Codes, PagePicture, page_picture

CLASSMATE = translatable("a classmate")

_STANDS = translatable(
    {"set": "not started yet", "working": "working on it", "stuck": "stuck", "met": "met", "dropped": "dropped"}
)


@dataclass(frozen=True)
class PageTable:
    """A table: its caption, its headings, its rows as text, and the code of the child of each row."""

    caption: str
    columns: list[str]
    rows: list[list[str]]
    learners: list[str | None] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    """A part of a page: a heading, a sentence, more of them in a list, pictures and tables; of one child, or of all.

    `learner` is the code of the child it is about, and `name` what the child is called.
    """

    heading: str
    parts: list[PagePicture | PageTable]
    text: str = ""
    said: Sequence[str] = ()
    learner: str | None = None
    name: str = ""


@dataclass(frozen=True)
class Contents:
    """A page: what it is called, of when it is, and its sections; `first` is the code of the child shown first."""

    title: str
    heading: str
    sections: list[Section]
    words: Sequence[tuple[str, str]]
    first: str | None = None


_WORDS = translatable(
    [
        ["Own goals", "the goals that a child works towards; a goal that was dropped is no more one of them."],
        [
            "Block",
            "a goal, from the day it was set to the day it was met: hollow before it was started, hatched while stuck.",
        ],
        ["Mark", "a time at which a child worked with somebody."],
        [
            "Flag",
            "the day by which a goal is due: filled where that is over and the goal still open, grey where it is met.",
        ],
        ["Shared goal", "both had the goal open."],
        ["Gave support, sought support", "one had met the goal already, and the other had it open."],
        ["Stuck", "noted as stuck, and not as met or worked on since."],
        ["Days", "school days: without weekends, holidays and closed days."],
    ]
)
"""What the words of a page mean."""


class _Drawn:
    """Draws the pictures of a page one by one."""

    def __init__(self, learners: Codes, goals: Codes) -> None:
        self.learners, self.goals, self._numbers = learners, goals, count(1)

    def __call__(self, axes: Axes, follow: str = "learner") -> PagePicture:
        return page_picture(axes, self.learners, self.goals, next(self._numbers), follow)


def for_teacher(log: ProgressLog, class_id: str | None, learner_id: str | None, day: Day | None) -> Contents:
    """Return the page of a class: its board, its children one by one, completion, working together, invitations."""
    choice = Choice(log, class_id=class_id, learner_id=learner_id, day=day)
    measured = Measured(choice)
    pictures, tables = Pictures(choice, measured), Tables(choice, measured)
    codes = Codes("c", choice.members)
    draw = _Drawn(codes, Codes("g", choice.goals["goal_id"]))
    first = codes(choice.learner_id)
    together: list[PagePicture | PageTable] = [draw(axes) for axes in _together(choice, measured, pictures)]
    sections = [
        *_first(tables),
        Section(gettext("The class"), [draw(pictures.board())], _missing(log)),
        *_each_child(choice, pictures, tables, draw),
        Section(gettext("Invitations"), [_invitations(tables, codes)], gettext(_WHO_COULD)),
        Section(gettext("Own goals met"), [draw(pictures.completion())]),
        Section(gettext("Working together"), together),
    ]
    title = _so_far(choice.class_id or gettext("The class"))
    return Contents(title, _when(log, choice), sections, _words(), first)


_WHO_COULD = translatable("Who could work with whom this week, if they choose to.")


def _so_far(who: str) -> str:
    return gettext("{who}: the term so far", who=who)


def _words() -> list[tuple[str, str]]:
    return [(gettext(word), gettext(meaning)) for word, meaning in _WORDS]


def for_family(log: ProgressLog, learner_id: str, day: Day | None) -> Contents:
    """Return the page of a child for the family, on which nothing tells of another child."""
    choice = _OneChild(log, learner_id=learner_id, day=day)
    measured = Measured(choice)
    codes = Codes("c", [learner_id])
    draw = _Drawn(codes, Codes("g", choice.goals["goal_id"]))
    name = choice.names[learner_id]
    together = _unnamed(Tables(choice, measured).happened())
    pathway = draw(_pathway_alone(choice, measured), "goal")
    parts: list[PagePicture | PageTable] = [pathway, _own_goals(choice, measured), together]
    sections = [Section(gettext("The goals, and how long each took"), parts)]
    return Contents(_so_far(name), _when(log, choice), sections, _words())


class _OneChild(Choice):
    """What is looked at where one child has a name and every other one has none."""

    @property
    def names(self) -> dict[str, str]:
        """What the child is called; who else there is, is a classmate."""
        return {key: name if key == self.learner_id else gettext(CLASSMATE) for key, name in self._called.items()}


def _missing(log: ProgressLog) -> str:
    number = len(left_out(log.problems))
    if not number:
        return ""
    problems = counted(number, "problem")
    return gettext("Not all of the file is on this page: {problems}. `reflectlab check` names each.", problems=problems)


def _when(log: ProgressLog, choice: Choice) -> str:
    days = gettext("from {first} to {last}", first=day_text(log.first_day), last=day_text(choice.day))
    parts = (choice.class_id, days)
    return ", ".join(part for part in parts if part)


def _first(tables: Tables) -> Iterator[Section]:
    said = tables.digest()["sentence"].tolist()
    if said:
        yield Section(gettext(LOOK_AT_FIRST), [], said=said)


def _each_child(choice: Choice, pictures: Pictures, tables: Tables, draw: _Drawn) -> Iterator[Section]:
    for learner in choice.members:
        choice.learner_id = learner
        name = choice.names[learner]
        parts: list[PagePicture | PageTable] = [draw(pictures.pathway(learner), "goal")]
        invited = _invitations(tables, draw.learners, learner)
        parts += [invited] if invited.rows else []
        happened = tables.happened()
        if len(happened):
            parts.append(_table(happened, spoken(HAPPENED), gettext("What happened, and with whom")))
        yield Section(f"{name}", parts, learner=draw.learners(learner), name=name)


def _invitations(tables: Tables, codes: Codes, learner: str | None = None) -> PageTable:
    rows = tables.invitations(learner)
    columns = {name: head for name, head in spoken(INVITATIONS).items() if learner is None or name != "learner"}
    caption = gettext(
        "Invitations for this week" if learner else "The class's invitations, those stuck the longest first"
    )
    return _table(rows, columns, caption, [codes(one) for one in rows["learner_id"]] if learner is None else [])


def _table(rows: pd.DataFrame, columns: dict[str, str], caption: str, learners: Sequence[str | None] = ()) -> PageTable:
    shown = {name: head for name, head in columns.items() if name in rows}
    cells = [[shown_text(row[name]) for name in shown] for row in rows.to_dict("records")]
    return PageTable(caption, list(shown.values()), cells, list(learners))


def _together(choice: Choice, measured: Measured, pictures: Pictures) -> Iterator[Axes]:
    yield pictures.partners()
    yield pictures.collaboration()
    ties = measure.network(measured.class_log, on=choice.day)
    yield show.plot_network(ties, learners=choice.members, names=choice.names)


def _pathway_alone(choice: Choice, measured: Measured) -> Axes:
    """Draw the term of the child from rows in which whoever else took part has no id."""
    learner = str(choice.learner_id)
    stretches, episodes = measured.stretches(), measured.episodes()
    mine = episodes[episodes["learner_id"] == learner]
    others = episodes[episodes["episode_id"].isin(mine["episode_id"]) & (episodes["learner_id"] != learner)]
    number = others.groupby("episode_id")["learner_id"].transform("nunique")
    once = others.assign(learner_id=number.map(_classmates)).drop_duplicates("episode_id")
    absences, learners, due = choice.log.absences, choice.learners, measured.due()
    return show.plot_pathway(
        stretches[stretches["learner_id"] == learner],
        pd.concat([mine, once]).assign(episode_id=lambda rows: pd.factorize(rows["episode_id"])[0].astype(str)),
        learner=learner,
        names={learner: choice.names[learner]},
        titles=choice.titles,
        strands=choice.goal_strands,
        today=choice.day,
        start=choice.begin,
        calendar=choice.log.calendar.days,
        absences=absences[absences["learner_id"] == learner],
        learners=learners[learners["learner_id"] == learner],
        due=None if due is None else due[due["learner_id"] == learner],
    )


def _classmates(number: int) -> str:
    return gettext(CLASSMATE) if number == 1 else gettext("{number} classmates", number=number)


def _own_goals(choice: Choice, measured: Measured) -> PageTable:
    """List the goals of the child, and where each stands since when."""
    rows = measured.status()
    rows = rows[(rows["learner_id"] == choice.learner_id) & (rows["status"] != "dropped")].sort_values("since")
    titles, strands = dict(choice.titles), dict(choice.goal_strands)
    told = rows.assign(
        goal=[called(titles, key) for key in rows["goal_id"]],
        strand=[shown_text(strands.get(key)) for key in rows["goal_id"]],
        stands=[gettext(_STANDS.get(status, status)) for status in rows["status"]],
        since=rows["since"].dt.normalize(),
    )
    return _table(told, spoken(_OWN_GOALS), gettext("Own goals"))


_OWN_GOALS = translatable({"goal": "Goal", "strand": "Strand", "stands": "Where it stands", "since": "Since"})


def _unnamed(happened: pd.DataFrame) -> PageTable:
    """List what happened to the child without notes, which may be about anybody, and with how many classmates."""
    number = happened["people"].map(len)
    rows = happened.assign(**{"with": ["" if not n else _classmates(int(n)) for n in number]})
    columns = {name: head for name, head in spoken(HAPPENED).items() if name != "note"}
    return _table(rows, columns, gettext("What happened, and with how many"))
