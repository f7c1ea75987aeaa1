"""School time as the x of a picture: one step a school day, the weeks and today; and what a lane says of days.

Weekends and closed days take no room. Of days a lane says when its learner was away, joined or left, and where a
teacher noted something: the day, and nothing of the words.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ...errors import ArgumentError, need_columns
from ...language import gettext, ngettext, translatable
from .drawing import boxes, one_line, text_size, write
from .picture import SMALL, Description, LegendEntry, PicturePage
from .style import HAIR, INK, SOFT, TODAY
from .words import Words, checked_frame, number_of, plain, short_day

_OPENS, _CLOSES = 8 * 3600, 16 * 3600

_MIDDAY = 0.5

_AWAY_COLUMNS = ["learner_id", "date", "part"]

_HALVES = {"am": (0.0, 0.5), "pm": (0.5, 1.0)}

_AWAY: dict[str, Any] = {
    "facecolor": "white",
    "edgecolor": "#999999",
    "linestyle": (0, (1, 1.5)),
    "linewidth": 0.7,
}

_AWAY_WORD = LegendEntry(translatable("away"), fill=_AWAY)

_STAY_COLUMNS = ["learner_id", "joined", "left"]

_NOT_HERE_LOOK: dict[str, Any] = {"facecolor": "#EEEEEE", "edgecolor": "#EEEEEE"}

_NOT_HERE = LegendEntry(translatable("not in the class"), fill=_NOT_HERE_LOOK)

_SIZE = 7.5

_NOTE_LOOK: dict[str, Any] = {"marker": "D", "s": 19, "facecolor": "#FFE08A", "edgecolor": INK, "linewidth": 0.8}

_NOTE = LegendEntry(translatable("your note"), marker=_NOTE_LOOK)


@dataclass(frozen=True)
class Week:
    """One week: its number, its term, and where it runs from and to."""

    number: int
    term: str
    start: int
    stop: int


@dataclass(frozen=True)
class Timeline:
    """The school days of a picture, and as of when it is drawn.

    A log that has `dates_only`, without clock times, has everything happen in the middle of its day. The school days
    `before` the first that is shown count where days are counted.
    """

    dates: np.ndarray
    weeks: tuple[Week, ...]
    today: date
    dates_only: bool
    before: np.ndarray

    @property
    def length(self) -> int:
        """How many school days there are."""
        return len(self.dates)

    @property
    def now(self) -> float:
        """Where today ends."""
        return float(np.searchsorted(self.dates, np.datetime64(self.today, "D"), side="right"))

    @property
    def end_of_today(self) -> pd.Timestamp:
        """The first instant after today."""
        return pd.Timestamp(self.today) + pd.Timedelta(days=1)

    def school_days_since(self, day: date, until: date | None = None) -> int:
        """Return how many school days have passed since a day, up to today or an earlier one."""
        last, dates = min(until or self.today, self.today), np.concatenate([self.before, self.dates])
        places = np.searchsorted(dates, np.array([day, last], dtype="datetime64[D]")).clip(0, len(dates) - 1)
        return max(int(places[1] - places[0]), 0)

    def days_before(self, day: date) -> int:
        """Return how many school days there are from a day to the first that is shown."""
        return len(self.before) - int(np.searchsorted(self.before, np.datetime64(day, "D")))

    def x(self, times: pd.Series) -> np.ndarray:
        """Return where times fall; missing stays missing."""
        days = times.to_numpy(dtype="datetime64[D]")
        place = np.searchsorted(self.dates, days)
        known = ~np.isnat(days)
        on_day = known & (self.dates[np.minimum(place, self.length - 1)] == days)
        seconds = (times - times.dt.normalize()).dt.total_seconds().fillna(0).to_numpy()
        within = np.clip((seconds - _OPENS) / (_CLOSES - _OPENS), 0, 1)
        share = np.where(on_day, within, 0.0)
        if self.dates_only:
            share = np.where(place < self.length, _MIDDAY, 0.0)
        return np.where(known, place + share, np.nan)


def timeline_of(
    calendar: pd.DataFrame | None, today: Any, start: Any, frames: list[tuple[pd.DataFrame, list[str]]]
) -> Timeline:
    """Return the timeline of these frames, each with its columns of times.

    Every weekday is a school day without a calendar, the last day in the frames is today if none is given, and the
    first school day is the first that is shown.
    """
    times = pd.concat([frame[column] for frame, columns in frames for column in columns], ignore_index=True).dropna()
    as_of = _today(today, times)
    given = None if calendar is None else _checked_calendar(calendar)
    days = _weekdays(times, as_of) if given is None or given.empty else given
    days = days.sort_values("date", ignore_index=True)
    begin = pd.Timestamp(date.min if start is None else day_given(start, "start"))
    first = min(begin, days["date"].iloc[-1])
    before, days = days[days["date"] < first], days[days["date"] >= first]
    return Timeline(
        dates=days["date"].to_numpy(dtype="datetime64[D]"),
        weeks=_weeks(days),
        today=as_of,
        dates_only=bool(len(times)) and bool((times == times.dt.normalize()).all()),
        before=before["date"].to_numpy(dtype="datetime64[D]"),
    )


def draw_weeks(page: PicturePage, timeline: Timeline, low: float, high: float) -> None:
    """Draw the week columns: hairlines between them, and their names below."""
    ax = page.ax
    bounds = sorted({week.start for week in timeline.weeks} | {timeline.length})
    ax.vlines(bounds, low, high, colors=HAIR, linewidths=0.8, zorder=0)
    shown = _week_labels(timeline, page.inner_width)
    named = {"size": SMALL + 0.5, "color": SOFT, "ha": "center", "label": "week"}
    below, scale = page.top + page.inner_height + 0.07, page.inner_width / timeline.length
    for middle, word in shown:
        page.write(page.left + middle * scale, below, word, **named)
    ax.set_xlim(0, timeline.length)
    terms = list(dict.fromkeys(week.term for week in timeline.weeks))
    if len(terms) > 1:
        _draw_terms(page, timeline, terms, low, high)


def weeks_height(timeline: Timeline) -> float:
    """Return the room that the names of weeks and terms take below."""
    return 0.28 + (0.18 if len({week.term for week in timeline.weeks}) > 1 else 0.0)


def draw_today(page: PicturePage, timeline: Timeline) -> None:
    """Draw the one strong line, a little higher than the lanes."""
    ax, stop = page.ax, 1 + 0.06 / page.inner_height
    options: dict[str, Any] = {"transform": ax.get_xaxis_transform(), "zorder": 6, "clip_on": False}
    ax.vlines([timeline.now], 0, stop, colors=TODAY, linewidths=1.4, **options)
    room = (1 - timeline.now / timeline.length) * page.inner_width
    word = gettext("today")
    near_edge = room < text_size(word, SMALL)[0] + 0.05
    shift = (-0.04 if near_edge else 0.04) / page.inner_width
    place = {"ha": "right" if near_edge else "left", "va": "bottom", "color": TODAY}
    write(ax, timeline.now / timeline.length + shift, 1 + 0.03 / page.inner_height, word, **place)


def _today(today: Any, times: pd.Series) -> date:
    if today is None:
        return times.max().date() if len(times) else date.today()
    return day_given(today, "today")


def day_given(day: Any, argument: str) -> date:
    """Return a day that was given for an argument; raise where it is none."""
    try:
        return pd.Timestamp(day).date()
    except (TypeError, ValueError):
        raise ArgumentError(f"must be a date such as 2026-09-15; got {day!r}.", argument) from None


def _weekdays(times: pd.Series, today: date) -> pd.DataFrame:
    first = min(times.min() if len(times) else pd.Timestamp(today), pd.Timestamp(today))
    last = max(times.max() if len(times) else pd.Timestamp(today), pd.Timestamp(today))
    monday = first.normalize() - pd.Timedelta(days=first.weekday())
    friday = last.normalize() + pd.Timedelta(days=max(4 - last.weekday(), 0))
    days = pd.bdate_range(monday, friday)
    week = (days - monday).days // 7 + 1
    return pd.DataFrame({"date": days, "term_id": "term", "week": week})


def _checked_calendar(calendar: Any) -> pd.DataFrame:
    if not isinstance(calendar, pd.DataFrame):
        wanted = "such as `log.calendar.days`"
        raise ArgumentError(f"must be a pandas DataFrame, {wanted}; got {type(calendar).__name__}.", "calendar")
    need_columns("calendar", calendar.columns, ["date", "term_id", "week"])
    return calendar.assign(date=pd.to_datetime(calendar["date"])).drop_duplicates("date")


def _weeks(days: pd.DataFrame) -> tuple[Week, ...]:
    weeks: list[Week] = []
    for place, (term, number) in enumerate(zip(days["term_id"].astype(str), days["week"], strict=True)):
        if weeks and (weeks[-1].term, weeks[-1].number) == (term, number):
            weeks[-1] = Week(number, term, weeks[-1].start, place + 1)
        else:
            weeks.append(Week(int(number), term, place, place + 1))
    return tuple(weeks)


def _week_labels(timeline: Timeline, width: float) -> list[tuple[float, str]]:
    """Return where the names of the weeks stand: `Week 1` where there is room, else `1`, else every other one."""
    places = [((week.start + week.stop) / 2, week) for week in timeline.weeks]
    for pattern, step in ((translatable("Week {number}"), 1), *(("{number}", step) for step in (1, 2, 5, 10))):
        chosen = places[::step]
        words = [(middle, gettext(pattern, number=week.number)) for middle, week in chosen]
        rights = [middle / timeline.length * width + text_size(word, SMALL + 0.5)[0] / 2 for middle, word in words]
        lefts = [middle / timeline.length * width - text_size(word, SMALL + 0.5)[0] / 2 for middle, word in words]
        if all(right + 0.05 < left for right, left in zip(rights, lefts[1:], strict=False)):
            return words
    return words[:1]


def _draw_terms(page: PicturePage, timeline: Timeline, terms: list[str], low: float, high: float) -> None:
    for term in terms:
        start = min(week.start for week in timeline.weeks if week.term == term)
        page.ax.vlines([start], low, high, colors="#999999", linewidths=0.9, zorder=0)
        x = page.left + start / timeline.length * page.inner_width
        y = page.top + page.inner_height + 0.28
        page.write(x, y, plain(term), size=SMALL, color=SOFT)


class Gap(NamedTuple):
    """School days in a row, or a half of one, on which a learner was away, in places of the timeline."""

    learner: str
    start: float
    stop: float
    first: pd.Timestamp
    last: pd.Timestamp


def gaps_of(absences: pd.DataFrame | None, timeline: Timeline) -> list[Gap]:
    """Return the gaps up to today; days without school are none."""
    if absences is None:
        return []
    table = checked_frame("absences", absences, _AWAY_COLUMNS, ["date"])
    known = table[table["date"] < timeline.end_of_today]
    place = np.searchsorted(timeline.dates, known["date"].to_numpy(dtype="datetime64[D]"))
    halves = set()
    for learner, day, at, part in zip(known["learner_id"], known["date"], place, known["part"], strict=True):
        if at < timeline.length and timeline.dates[at] == np.datetime64(day, "D"):
            start, stop = _HALVES.get(part, (0.0, 1.0))
            halves |= {(str(learner), float(at + half), day) for half in np.arange(start, stop, 0.5)}
    return _joined_halves(sorted(halves))


def _joined_halves(halves: Sequence[tuple[str, float, pd.Timestamp]]) -> list[Gap]:
    """Join half days that follow one another."""
    found = []
    for _, group in groupby(enumerate(halves), lambda each: (each[1][0], each[1][1] - each[0] / 2)):
        each = [half for _, half in group]
        found.append(Gap(each[0][0], each[0][1], each[-1][1] + 0.5, each[0][2], each[-1][2]))
    return found


def draw_gaps(
    ax: Axes,
    gaps: Collection[Gap],
    lanes: Mapping[str, tuple[float, float]],
    description: Description,
    words: Words,
) -> None:
    """Draw the gaps of these lanes, each from its low to its high, over their blocks and below the marks."""
    here = [gap for gap in gaps if gap.learner in lanes]
    if not here:
        return
    made = boxes(ax, [(gap.start, gap.stop, *lanes[gap.learner]) for gap in here], zorder=3.5, label="away", **_AWAY)
    made.set_urls([description.mark(_gap_text(gap, words), what="away", learner=gap.learner) for gap in here])


def _gap_text(gap: Gap, words: Words) -> str:
    """Return what is to be read on hovering over a gap."""
    name, first, last = words.learner_in_sentence(gap.learner), f"{gap.first:%Y-%m-%d}", f"{gap.last:%Y-%m-%d}"
    if gap.last != gap.first:
        return gettext("{name}: away, {first} to {last}", name=name, first=first, last=last)
    if gap.stop - gap.start == 0.5:
        return gettext("{name}: away, {day}, half a day", name=name, day=first)
    return gettext("{name}: away, {day}", name=name, day=first)


def gap_legend(gaps: Collection[Gap]) -> list[LegendEntry]:
    """Return the legend of gaps; none where there are none."""
    return [_AWAY_WORD.said] if gaps else []


@dataclass(frozen=True)
class Stay:
    """From when to when a learner is in the class, in places of the timeline; the days where somebody noted them."""

    start: float = 0.0
    stop: float = np.inf
    joined: pd.Timestamp | None = None
    left: pd.Timestamp | None = None
    here: bool = True

    def over_before(self, timeline: Timeline) -> bool:
        """Tell whether a learner had left before the first day that is shown, where that is not the first of all."""
        return bool(len(timeline.before)) and self.left is not None and self.left < pd.Timestamp(timeline.dates[0])

    def edges(self, now: float) -> list[tuple[float, float, str, pd.Timestamp]]:
        """Return the parts of a lane before the learner was there, and after: from, to, the word and the day."""
        found = []
        if self.joined is not None and self.start > 0:
            found.append((0.0, min(self.start, now), "joined" if self.start < now else "joins", self.joined))
        if self.left is not None and self.stop < now:
            found.append((max(self.stop, 0.0), now, "left", self.left))
        return found


Stays = Mapping[str, Stay]

ALWAYS = Stay()
"""Of whom nobody noted when they joined or left."""


def stays_of(learners: pd.DataFrame | None, timeline: Timeline) -> dict[str, Stay]:
    """Return the stay of each learner who joined or left; nobody is gone on the day that they leave."""
    if learners is None:
        return {}
    table = checked_frame("learners", learners, _STAY_COLUMNS, ["joined", "left"])
    table = table[table["joined"].notna() | table["left"].notna()]
    columns = (table[name] for name in _STAY_COLUMNS)
    return {str(learner): _stay(joined, left, timeline) for learner, joined, left in zip(*columns, strict=True)}


def _stay(joined: Any, left: Any, timeline: Timeline) -> Stay:
    today = pd.Timestamp(timeline.today)
    came, went = (None if pd.isna(day) else pd.Timestamp(day).normalize() for day in (joined, left))
    start = 0.0 if came is None else _place(timeline, came, "left")
    stop = np.inf if went is None else _place(timeline, went, "right")
    return Stay(start, stop, came, went, (came is None or came <= today) and (went is None or went >= today))


def _place(timeline: Timeline, day: pd.Timestamp, side: Any) -> float:
    return float(np.searchsorted(timeline.dates, np.datetime64(day, "D"), side=side))


def not_here(learners: Collection[str], stays: Stays, timeline: Timeline) -> str:
    """Return how many of these learners have left or not joined, in words; empty where all are there."""
    gone = [stays[key] for key in learners if key in stays and not stays[key].here]
    left = sum(stay.left is not None and stay.left < pd.Timestamp(timeline.today) for stay in gone)
    parts = []
    if left:
        parts.append(ngettext("{number} has left", "{number} have left", left))
    if later := len(gone) - left:
        parts.append(ngettext("{number} has not joined yet", "{number} have not joined yet", later))
    return ", ".join(parts)


def stay_sentences(stay: Stay, timeline: Timeline) -> list[str]:
    """Return when a learner joined and left, as far as that is within what is shown."""
    return [gettext(_ON[word], day=short_day(day)) for _, _, word, day in stay.edges(timeline.now)]


_STAY_WORDS = translatable({"joined": "joined", "joins": "joins", "left": "left"})

_ON = translatable({"joined": "Joined {day}", "joins": "Joins {day}", "left": "Left {day}"})

_NAMED_ON = translatable(
    {"joined": "{name}: joined {day}", "joins": "{name}: joins {day}", "left": "{name}: left {day}"}
)


def learners_here(learners: Collection[str], stays: Stays, timeline: Timeline) -> str:
    """Return how many learners there are today, and how many of those shown are not there."""
    here = sum(stays.get(key, ALWAYS).here for key in learners)
    gone = not_here(learners, stays, timeline)
    return f"{number_of(here, 'learner')} ({gone})" if gone else number_of(here, "learner")


def draw_stays(
    page: PicturePage,
    stays: Stays,
    lanes: Mapping[str, tuple[float, float]],
    timeline: Timeline,
    description: Description,
    words: Words,
    named: bool = True,
) -> None:
    """Draw the parts of these lanes in which their learners are not in the class, and where one begins or ends."""
    found = [(key, *edge) for key in lanes if key in stays for edge in stays[key].edges(timeline.now)]
    if not found:
        return
    edges = [(start, stop, *lanes[key]) for key, start, stop, _, _ in found]
    urls = [
        description.mark(
            gettext(_NAMED_ON[word], name=words.learner_in_sentence(key), day=short_day(day)), what=word, learner=key
        )
        for key, _, _, word, day in found
    ]
    boxes(page.ax, edges, zorder=1.5, label="not here", **_NOT_HERE_LOOK).set_urls(urls)
    borders = [(start if word == "left" else stop, *lanes[key]) for key, start, stop, word, _ in found]
    one_line(page.ax, borders, edgecolor=SOFT, linewidth=1.2, zorder=4, label="joined or left")
    if named:
        for key, start, stop, word, _ in found:
            _write_stay(page, timeline, (start, stop), sum(lanes[key]) / 2, word)


def _write_stay(page: PicturePage, timeline: Timeline, edge: tuple[float, float], y: float, word: str) -> None:
    """Write the word at the border, within the part of the lane in which nobody is there as far as there is room."""
    scale, said = page.inner_width / timeline.length, gettext(_STAY_WORDS[word])
    wide, (start, stop) = (text_size(said, _SIZE)[0] + 0.08) / scale, edge
    x = max(min(start, timeline.now - wide), 0.0) if word == "left" else max(stop - wide, 0.0)
    ground = {"bbox": {"facecolor": _NOT_HERE_LOOK["facecolor"], "linewidth": 0, "pad": 0.5}, "zorder": 4.5}
    there = {"transform": page.ax.transData, "va": "center", "size": _SIZE, "color": SOFT, "label": "joined or left"}
    write(page.ax, x + 0.04 / scale, y, said, **there, **ground)


def stay_legend(stays: Stays, learners: Collection[str], timeline: Timeline) -> list[LegendEntry]:
    """Return the legend of the parts in which nobody is there; none where there are none."""
    return [_NOT_HERE.said] if any(stays[key].edges(timeline.now) for key in learners if key in stays) else []


class Noted(NamedTuple):
    """The notes on a learner of one day, and where that day is on the timeline."""

    learner: str
    x: float
    day: pd.Timestamp
    notes: int


def notes_of(notes: pd.DataFrame | None, learners: Collection[str], timeline: Timeline) -> list[Noted]:
    """Return the notes on these learners, from the first day that is shown up to today."""
    if notes is None or notes.empty:
        return []
    table = checked_frame("notes", notes, ["learner_id", "day", "notes"], ["day"])
    table = table[table["day"] >= pd.Timestamp(timeline.dates[0])] if len(timeline.before) else table
    table = table[(table["day"] < timeline.end_of_today) & table["learner_id"].astype(str).isin(list(learners))]
    place = np.searchsorted(timeline.dates, table["day"].to_numpy(dtype="datetime64[D]")) + 0.5
    x = place.clip(0.5, max(timeline.now - 0.5, 0.5)).tolist()
    return list(map(Noted, table["learner_id"].astype(str), x, table["day"], table["notes"].astype(int)))


def draw_notes(
    ax: Axes, noted: Collection[Noted], heights: Mapping[str, float], description: Description, words: Words
) -> None:
    """Draw a mark for each day with notes, at the height of its learner."""
    if not noted:
        return
    urls = []
    for learner, _, day, number in noted:
        text = ngettext(
            "{name}: {number} note of yours, {day}",
            "{name}: {number} notes of yours, {day}",
            number,
            name=words.learner_in_sentence(learner),
            day=short_day(day),
        )
        urls.append(description.mark(text, what="note", learner=learner))
    x, y = [each.x for each in noted], [heights[each.learner] for each in noted]
    ax.scatter(x, y, zorder=5.5, clip_on=False, **_NOTE_LOOK).set_urls(urls)


def note_legend(noted: Collection[Noted]) -> list[LegendEntry]:
    """Return the legend of the notes; none where there are none."""
    return [_NOTE.said] if noted else []
