"""From what a picture is given to what it says: frames checked, names fit to be drawn, numbers and groups in words.

Frames and names come first, then what sentences are built of: numbers, kinds of working together, groups and periods.
Each picture says its own sentence; what is read on hovering and the legends stand with what they explain.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd

from ...errors import ArgumentError, need_columns, short
from ...language import counting, day_in_words, gettext, ngettext, translatable
from .style import Look, looks_of


def checked_frame(what: str, frame: Any, columns: Sequence[str], times: Sequence[str] = ()) -> pd.DataFrame:
    """Return a frame that has these columns, with its columns of times as times; raise where it is not such a frame."""
    if not isinstance(frame, pd.DataFrame):
        raise ArgumentError(f"must be a pandas DataFrame; got {type(frame).__name__}.", what)
    need_columns(what, map(str, frame.columns), columns)
    try:
        return frame.assign(**{column: pd.to_datetime(frame[column]) for column in times})
    except (TypeError, ValueError) as error:
        raise ArgumentError(f"must hold times in {', '.join(times)}: {error}", what) from None


def mapping(what: str, given: Any) -> dict[str, str]:
    """Return a mapping of texts from a mapping, a Series or None; missing values are left out."""
    if given is None:
        return {}
    if not isinstance(given, Mapping | pd.Series):
        raise ArgumentError(f"must be a mapping or a pandas Series; got {type(given).__name__}.", what)
    pairs: list[tuple[Any, Any]] = list(given.items())
    return {str(key): str(value) for key, value in pairs if not pd.isna(value)}


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as dictionaries."""
    columns = [str(column) for column in frame.columns]
    return [dict(zip(columns, row, strict=True)) for row in frame.itertuples(index=False, name=None)]


def participants(episodes: pd.DataFrame) -> dict[str, list[str]]:
    """Return who took part in each episode."""
    together: dict[str, list[str]] = {}
    for episode, learner in zip(episodes["episode_id"].astype(str), episodes["learner_id"].astype(str), strict=True):
        together.setdefault(episode, []).append(learner)
    return together


def called(names: Mapping[str, str], key: str) -> str:
    """Return the name of a learner or goal to be drawn; the id where there is none."""
    name = names.get(key)
    return plain(name if isinstance(name, str) and name.strip() else key)


def plain(value: object) -> str:
    """Return a name as one line that can be drawn: without control signs and marks that turn the text round.

    One that is longer than anybody reads is cut.

    >>> plain("Hēmi\\nT."), len(plain("a" * 10_000))
    ('Hēmi T.', 201)
    """
    return _one_line(str(value))


@lru_cache(8192)
def _one_line(text: str) -> str:
    turning = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    unfit = ("Cc", "Cs", "Zl", "Zp")
    kept = (" " if unicodedata.category(sign) in unfit else sign for sign in text if sign not in turning)
    return short(" ".join("".join(kept).split()))


def isolated(name: str) -> str:
    """Return a name to stand in a sentence: one written from right to left turns nothing round it.

    >>> isolated("Aroha"), isolated("أمل") == "\\u2068أمل\\u2069"
    ('Aroha', True)
    """
    turned = any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in name)
    return f"\u2068{name}\u2069" if turned else name


@dataclass(frozen=True)
class Words:
    """What learners and goals are called, and the strand and the look of each goal."""

    names: Mapping[str, str]
    titles: Mapping[str, str]
    strands: Mapping[str, str]
    looks: Mapping[str, Look]

    def learner(self, key: str) -> str:
        """Return what a learner is called."""
        return called(self.names, key)

    def learner_in_sentence(self, key: str) -> str:
        """Return what a learner is called within a sentence, whichever way the name is written."""
        return isolated(self.learner(key))

    def goal(self, key: str) -> str:
        """Return what a goal is called."""
        return called(self.titles, key)

    def strand(self, key: str) -> str:
        """Return the strand of a goal, an empty text where it has none."""
        strand = self.strands.get(key)
        return called(self.strands, key) if isinstance(strand, str) and strand else ""

    def look(self, key: str) -> Look:
        """Return the look of a goal."""
        return self.looks[key]


def words_of(names: Any, titles: Any, strands: Any, goals: Iterable[Any]) -> Words:
    """Return what everything is called and how it looks, for these goals at least."""
    by_goal = mapping("strands", strands)
    every = {goal: by_goal.get(goal, "") for goal in goals if isinstance(goal, str)}
    return Words(mapping("names", names), mapping("titles", titles), by_goal, looks_of({**by_goal, **every}))


def cannot_tell_sentences(*frames: pd.DataFrame) -> list[str]:
    """Return the sentences in which the measures that made these frames said what the log cannot tell."""
    return list(dict.fromkeys(sentence for frame in frames for sentence in frame.attrs.get("cannot_tell", ())))


def number_of(number: int, thing: str, things: str = "") -> str:
    """Return a number with its thing, in the singular where it is one.

    >>> number_of(1, "day"), number_of(2, "day")
    ('1 day', '2 days')
    """
    return ngettext(*counting(thing, things), number)


def short_day(day: date) -> str:
    """Return a day as it is told beside a figure.

    >>> short_day(date(2026, 8, 10))
    'Mon 10 Aug'
    """
    return day_in_words(day, "EEE d MMM")


def stuck_for(days: int, since: date) -> str:
    """Return for how many school days somebody has been stuck, always with the day since when.

    >>> stuck_for(5, date(2026, 8, 10)), stuck_for(0, date(2026, 8, 10))
    ('stuck for 5 school days, since Mon 10 Aug', 'stuck since today, Mon 10 Aug')
    """
    if not days:
        return gettext("stuck since today, {day}", day=short_day(since))
    return ngettext(
        "stuck for {number} school day, since {day}",
        "stuck for {number} school days, since {day}",
        days,
        day=short_day(since),
    )


_STANDS = translatable({"stuck": "stuck", "working": "working on it", "set": "not started yet"})


def stands_of(opportunities: pd.DataFrame, status: pd.DataFrame | None) -> list[str]:
    """Return where each learner stands on each goal, in words; for how long only where a `status` tells it."""
    dues = opportunities["due"] if "due" in opportunities else [None] * len(opportunities)
    return [f"{text}{due_text(due)}" for text, due in zip(_stands(opportunities, status), dues, strict=True)]


def due_text(due: Any) -> str:
    """Return when something is due, to stand behind what is said of it; nothing where there is no such day.

    >>> due_text(date(2026, 8, 14)), due_text(None)
    ('; due Fri 14 Aug', '')
    """
    return "" if pd.isna(due) else f"; {gettext('due {day}', day=short_day(due))}"


def _stands(opportunities: pd.DataFrame, status: pd.DataFrame | None) -> list[str]:
    if status is None:
        return [_need_in_words(need) for need in opportunities["need"]]
    told = checked_frame("status", status, ["learner_id", "goal_id", "status", "since", "days_in_status"], ["since"])
    told = told[told["status"] == "stuck"]
    keys = zip(told["learner_id"], told["goal_id"], strict=True)
    since = dict(zip(keys, zip(told["days_in_status"], told["since"], strict=True), strict=True))
    each = zip(*(opportunities[name] for name in ("learner_id", "goal_id", "need")), strict=True)
    return [
        stuck_for(*since[learner, goal]) if need == "stuck" and (learner, goal) in since else _need_in_words(need)
        for learner, goal, need in each
    ]


def _need_in_words(need: Any) -> str:
    return gettext(_STANDS.get(need, ""))


def part_of_noted(part: int, known: int, whole: int) -> str:
    """Return a part of what was noted, which may be less than the whole.

    >>> part_of_noted(2, 3, 3), part_of_noted(2, 3, 5)
    ('2 of 3 times', '2 of the 3 times noted')
    """
    if known == whole:
        return ngettext("{part} of {number} time", "{part} of {number} times", known, part=part)
    return ngettext("{part} of the {number} time noted", "{part} of the {number} times noted", known, part=part)


def some_of(some: float, known: float) -> str:
    """Return a part of so many.

    >>> some_of(2, 5)
    '2 of 5'
    """
    return gettext("{some} of {number}", some=f"{some:.0f}", number=f"{known:.0f}")


def own_choice(chosen_by: pd.Series) -> str:
    """Return how often learners chose it themselves, of the times that somebody noted who did; empty where nobody did.

    >>> own_choice(pd.Series(["learner", "teacher", None]))
    '1 of the 2 times noted'
    """
    known, chosen = int(chosen_by.isin(["learner", "teacher"]).sum()), int((chosen_by == "learner").sum())
    return part_of_noted(chosen, known, len(chosen_by)) if known else ""


def own_goals_in_words(met: int, goals: int) -> str:
    """Return how many of their own goals learners have met.

    >>> own_goals_in_words(1, 2)
    '1 of 2 own goals met'
    """
    return ngettext("{met} of {number} own goal met", "{met} of {number} own goals met", goals, met=met)


def percent(share: float) -> str:
    """Return a share as whole percent; what is neither none nor all is never told as 0 or 100.

    >>> percent(0.754), percent(0.999), percent(1.0)
    ('75 %', '99 %', '100 %')
    """
    return gettext("{number} %", number=whole_percent(share))


def whole_percent(share: float) -> int:
    """Return the number of `percent`.

    >>> whole_percent(0.999)
    99
    """
    whole = round(100 * share)
    return min(max(whole, 1), 99) if 0 < share < 1 else whole


KINDS = ("shared_goal", "gave_support", "sought_support", "other")

KIND_WORDS = translatable(
    {
        "shared_goal": "shared goal",
        "gave_support": "gave support",
        "sought_support": "sought support",
        "other": "no open goal in common noted",
    }
)

_KIND_PHRASES = translatable(
    {
        "shared_goal": "{number} on a shared goal",
        "gave_support": "{number} giving support",
        "sought_support": "{number} seeking it",
        "other": "{number} with no open goal in common noted",
    }
)

_SEEKING = translatable("{number} seeking support")


def drawn_kind(row_kind: object) -> str:
    """Return a kind that can be drawn; what is not one is `other`."""
    return row_kind if isinstance(row_kind, str) and row_kind in KINDS else "other"


def kinds_in_words(found: Mapping[Any, int]) -> str:
    """Return how often it was of which kind, in words.

    >>> kinds_in_words({"shared_goal": 4, "gave_support": 0, "sought_support": 1})
    '4 on a shared goal, 1 seeking support'
    """
    phrases = _KIND_PHRASES if found.get("gave_support", 0) else {**_KIND_PHRASES, "sought_support": _SEEKING}
    return ", ".join(gettext(phrases[kind], number=found[kind]) for kind in KINDS if found.get(kind, 0))


PERIODS = ("term_id", "week")

_GROUPS = translatable("in {number} groups")

_MANY = translatable(
    {
        "class_id": "in {number} classes",
        "goal_id": "on {number} goals",
        "learner_id": "by {number} learners",
        "strand": "in {number} strands",
    }
)


def group_columns(frame: pd.DataFrame, measured: Sequence[str]) -> list[str]:
    """Return the columns that name a group: those that are neither measured nor a period."""
    return [column for column in frame.columns if column not in (*measured, *PERIODS)]


def in_groups(number: int, columns: Sequence[str]) -> str:
    """Return in how many groups, by the name of what they are.

    >>> in_groups(4, ["class_id"]), in_groups(26, ["learner_id"]), in_groups(2, ["class_id", "strand"])
    ('in 4 classes', 'by 26 learners', 'in 2 groups')
    """
    return gettext(_MANY.get(columns[0], _GROUPS) if len(columns) == 1 else _GROUPS, number=number)


def group_labels(frame: pd.DataFrame, columns: Sequence[str], names: Mapping[str, str]) -> pd.Series:
    """Return what the group of each row is called."""
    texts = [["" if pd.isna(value) else called(names, str(value)) for value in frame[column]] for column in columns]
    joined = [" · ".join(part for part in parts if part) or gettext("not noted") for parts in zip(*texts, strict=True)]
    return pd.Series(joined if columns else [""] * len(frame), index=frame.index, dtype="str")


def period_labels(frame: pd.DataFrame) -> tuple[pd.Series, list[str]]:
    """Return the place of each row's period, and what the periods are called.

    Weeks of one term are `Week 1`; of several, `Term 3 · 1`.
    """
    columns = [column for column in PERIODS if column in frame]
    keys = list(frame[columns].itertuples(index=False, name=None))
    periods = list(dict.fromkeys(keys))
    places = pd.Series([periods.index(key) for key in keys], index=frame.index, dtype="int64")
    return places, [_period(dict(zip(columns, key, strict=True)), frame) for key in periods]


def short_periods(periods: Sequence[str]) -> list[str]:
    """Return what stands below an axis: after `Week 1` the number is enough.

    >>> short_periods(["Week 1", "Week 2"]), short_periods(["t1 · 1", "t2 · 1"])
    (['Week 1', '2'], ['t1 · 1', 't2 · 1'])
    """
    return [*periods[:1], *(period.removeprefix(gettext("Week {number}", number="")) for period in periods[1:])]


def _period(key: dict[str, object], frame: pd.DataFrame) -> str:
    if "week" not in key:
        return plain(key["term_id"])
    several = "term_id" in frame and frame["term_id"].nunique() > 1
    return f"{plain(key['term_id'])} · {key['week']}" if several else gettext("Week {number}", number=key["week"])
