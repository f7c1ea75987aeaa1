"""Whether goals supported while the learner was stuck are met soon after: follow_through, one goal at a time."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from math import floor, inf, isfinite, nan
from typing import NamedTuple

from tests.oracle.progress import stretches
from tests.oracle.school import School, day_of
from tests.oracle.together import episodes

EVENING = 1 - 1e-9


class Wait(NamedTuple):
    """One stretch of being stuck; times in school days with their fractions, infinite if never."""

    start: float
    stop: float
    before: int
    helped: float
    met: float
    dropped: float
    seen: int

    def place(self, day: int) -> int:
        """How many school days the goal had been stuck by a day, that day counted."""
        return self.before + day - floor(self.start) + 1

    def day(self, place: int) -> int:
        """The school day on which it had been stuck for so many."""
        return floor(self.start) + place - self.before - 1


def follow_through(school: School, within: int = 5, on: date | None = None) -> tuple[float, ...]:
    """`supported, rate, not_yet_rate, unmatched`: each supported goal is compared at its place and hour."""
    waits = _waits(school, on)
    by_place = defaultdict(list)
    for wait in waits:
        if isfinite(wait.helped) and wait.start <= wait.helped and floor(wait.helped) + within <= wait.seen:
            hour = EVENING if school.dates_only else wait.helped % 1
            if floor(wait.helped) + hour < wait.stop:
                by_place[wait.place(floor(wait.helped))].append((wait, hour))
    matched, met, expected, unmatched = 0, 0, 0.0, 0
    for place, cases in by_place.items():
        beside = [[other for other in waits if _comparable(other, place, hour, within)] for _, hour in cases]
        kept = [case for (case, _), others in zip(cases, beside, strict=True) if others]
        unmatched += len(cases) - len(kept)
        matched += len(kept)
        met += sum(_soon(case, floor(case.helped) + within + 1) for case in kept)
        expected += len(kept) * _share_met([_ending(other, place, within) for others in beside for other in others])
    rates = (met / matched, expected / matched) if matched else (nan, nan)
    return matched, *rates, unmatched


def _waits(school: School, on: date | None) -> list[Wait]:
    day = on or school.last_day
    helped: dict[tuple[str, str], float] = defaultdict(lambda: inf)
    for row in episodes(school, on).itertuples(index=False):
        if row.kind == "sought_support":
            pair = row.learner_id, row.goal_id
            helped[pair] = min(helped[pair], _point(school, row.time.to_pydatetime()))
    found = []
    for pair, rows in stretches(school, on).groupby(["learner_id", "goal_id"]):
        left = day_of(school.learners[pair[0]].get("left"))
        seen = min(school.number(day), school.number(left) if left else school.number(day))
        before = 0
        for row in rows.itertuples(index=False):
            if row.status == "stuck":
                later = {
                    status: min(
                        (_point(school, r.start.to_pydatetime()) for r in rows.itertuples(index=False)
                         if r.status == status and r.start > row.start),
                        default=inf,
                    )
                    for status in ("met", "dropped")
                }  # fmt: skip
                ongoing = row.stop is None or row.stop != row.stop
                stop = inf if ongoing else _point(school, row.stop.to_pydatetime())
                start = _point(school, row.start.to_pydatetime())
                found.append(Wait(start, stop, before, helped[pair], later["met"], later["dropped"], seen))
                before += 0 if ongoing else row.stop_day - row.start_day
    return found


def _point(school: School, when: datetime) -> float:
    day = school.calendar.at(when)
    passed = (when - datetime.combine(day.date, time(0))) / timedelta(days=1)
    return day.number + min(max(passed, 0.0), EVENING)


def _comparable(wait: Wait, place: int, hour: float, within: int) -> bool:
    """Whether it was still stuck and not yet supported at that place and hour, with enough log left."""
    day = wait.day(place)
    there = place > wait.before and day + within <= wait.seen
    return there and wait.start <= day + hour < min(wait.stop, wait.helped)


def _soon(wait: Wait, until: float) -> bool:
    return wait.met < until and wait.met <= wait.dropped


def _ending(wait: Wait, place: int, within: int) -> tuple[float, int]:
    """When what came first came, counted from the day compared, and which: 0 met, 1 dropped, 2 censored."""
    came = [wait.met, wait.dropped, wait.helped]
    which = came.index(min(came))
    after = came[which] - wait.day(place)
    return (after, which) if after < within + 1 else (inf, 2)


def _share_met(endings: list[tuple[float, int]]) -> float:
    """The cumulative incidence of meeting the goal, dropping it competing (Aalen-Johansen)."""
    free, share, at_risk = 1.0, 0.0, len(endings)
    for when in sorted({when for when, _ in endings if isfinite(when)}):
        counts = [sum(ending == (when, which) for ending in endings) for which in range(3)]
        share += free * counts[0] / at_risk
        free *= 1 - (counts[0] + counts[1]) / at_risk
        at_risk -= sum(counts)
    return share
