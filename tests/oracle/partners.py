"""Partners, counted once more in plain loops."""

from collections import Counter, defaultdict
from datetime import date
from math import nan, prod

import pandas as pd

from tests.oracle.school import OPEN, School, day_of, frame, in_order
from tests.oracle.together import _participations, _status_at


def partner_diversity(school: School, on: date | None = None) -> pd.DataFrame:
    """With how many others each learner works, how evenly, and what drawing from whoever was there would give."""
    day = on or school.last_day
    times: dict[str, Counter[str]] = defaultdict(Counter)
    chances: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    episodes: dict[str, set[str]] = defaultdict(set)
    for (learner, episode), (partners, available) in _choices(school, day).items():
        episodes[learner].add(episode)
        times[learner].update(partners)
        for other in available:
            chances[learner][other].append(len(partners) / len(available))
    rows = []
    for learner, known in school.learners.items():
        joined, left = day_of(known.get("joined")), day_of(known.get("left"))
        if (joined and joined > day) or (left and left < school.first_day):
            continue
        mine, drawn = times[learner], chances[learner]
        whole, squares = mine.total(), sum(n**2 for n in mine.values())
        second = sum(sum(q * (1 - q) for q in each) + sum(each) ** 2 for each in drawn.values())
        rows.append(
            (
                *(learner, known.get("class_id"), len(episodes[learner]), len(mine)),
                sum(1 - prod(1 - q for q in each) for each in drawn.values()) or 0.0,
                *(
                    (whole**2 / squares, whole**2 / second, whole**2 / squares / len(mine))
                    if whole
                    else (nan, nan, nan)
                ),
                next(iter(mine)) if len(mine) == 1 else None,
            )
        )
    rows.sort(key=lambda row: in_order((row[1], row[0])))
    rates = ("partners_by_chance", "effective_partners", "effective_by_chance", "evenness")
    types = {"episodes": "Int64", "partners": "Int64", **dict.fromkeys(rates, "float64")}
    found = frame(rows, learner_id="str", class_id="str", **types, only_with="str")
    if not school.parts:
        found = found.assign(episodes=pd.NA, partners=pd.NA, partners_by_chance=nan)
    return found.astype({"episodes": "Int64", "partners": "Int64"})


def _choices(school: School, day: date) -> dict[tuple[str, str], tuple[set[str], set[str]]]:
    """Whom each worked with in each episode, and who could have been there instead."""
    pairs = school.pairs(school.last_day)
    found: dict[tuple[str, str], tuple[set[str], set[str]]] = {}
    for taken, _ in _participations(school, day):
        others = {part.learner for part in school.parts if part.episode == taken.episode_id} - {taken.learner_id}
        if not others:
            continue
        _, available = found.setdefault((taken.learner_id, taken.episode_id), (others, set(others)))
        room, today = school.learners[taken.learner_id].get("class_id"), school.calendar.at(taken.time).date
        for other, known in school.learners.items():
            joined, left = day_of(known.get("joined")), day_of(known.get("left"))
            there = (joined or date.min) <= taken.time.date() <= (left or date.max)
            there &= school.away.get((other, today)) != 1 and other != taken.learner_id
            if there and known.get("class_id") == room:
                stood = _status_at(pairs.get((other, taken.goal_id or ""), []), taken.time)
                if taken.goal_id is None or stood in {*OPEN, "met"}:
                    available.add(other)
    return found
