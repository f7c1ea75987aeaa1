"""What the reader of a comparison has to know, in plain sentences."""

from collections.abc import Iterator

import narwhals as nw
import numpy as np
import pandas as pd

from ...language import gettext, ngettext, number_in_words, translatable
from ...log import ProgressLog
from ..episodes import with_goal
from ..shared import reported
from ..statistics import Z
from .checks import cannot_tell_because
from .models.estimates import telling
from .models.stuck import told_weighed
from .parts import Part
from .plan import GOOD, power_of
from .writing import at_midnight

ASSOCIATION = translatable(
    "An association, not proof: children choose when to work together, and on what. Within learners, all that is "
    "stable about a child cancels; what differs between a child's goals, or from one day to the next, does not."
)

STUCK = translatable(
    "Looking for help when stuck is a reason to work together that is also a reason to be slow, which pulls ratios "
    "down: where children found company ten times as often while stuck, a true ratio of 1.5 came out as 1.39 on "
    "average in simulated classes, and a true 1 as 0.93."
)

OWN_GOALS = translatable(
    "Goals are allowed for as far as several learners have them; what is hard for one child alone is not. Where a "
    "child's own hard goals drew company, a true 1 came out as 0.62; where own easy ones did, as 1.57."
)

WRITTEN = translatable(
    "How the log is written pulls ratios up as well as down: where one goal met in ten was shown to a partner minutes "
    "before, a true 1 came out as 1.43; where episodes were noted more often (.9) when the goal was met within three "
    "days than else (.4), as 1.65; where half of the episodes were not written down, a true 1.5 as 1.34."
)

AVERAGE = translatable(
    "The ratio is an average over goals and days: an effect of 2.5 that wears off after three days came out as 2.12; "
    "where help on one goal helps the others half as much, a true 1.5 came out as 1.27."
)

PULLED = translatable(
    "Ratios away from 1 are pulled towards it: where the effect was immediate, a true 1.5 came out as 1.45 in "
    "simulated classes, and a true 2 as 1.86."
)
"""These figures are those of docs/recovery.md."""

PLANNED = 1.5
"""How likely this ratio is to be found is said where it is not."""


def cannot_tell(part: Part) -> list[str]:
    """Return why the log cannot tell, for one group."""
    return [_of(part, cannot_tell_because(doubt)) for doubt in part.doubts]


def _of(part: Part, said: str) -> str:
    """Return what is said of a group, behind its name."""
    of = ", ".join(map(str, part.key.values()))
    return f"{of}: {said}" if of else said


def caveats(
    log: ProgressLog, seen: pd.DataFrame, parts: list[Part], adjust: list[str], *, unit: str, drawn: bool
) -> tuple[str, ...]:
    """Return the caveats of a comparison of the goals of `seen_goals`; `drawn` tells whether there are curves."""
    found = [
        gettext(ASSOCIATION),
        *_numbers(log, parts),
        *_reasons(parts),
        *_too_few(parts),
        *_left_out(seen, parts),
        *_not_noted(parts),
        *_same_day(log, seen, unit),
        *_written(log),
        gettext(STUCK),
        *_weighed(parts),
        *_dropped(parts),
        gettext(OWN_GOALS),
        gettext(AVERAGE),
        *_others(parts, adjust),
    ]
    if not drawn:
        found.append(
            gettext("There are no curves: there is no ratio, or on no day are 10 goals of either sort at risk.")
        )
    return tuple(found)


def _numbers(log: ProgressLog, parts: list[Part]) -> Iterator[str]:
    """Say what it rests on, and who is missing."""
    roster = log.reported(log.frame("learners")).select("learner_id").collect()["learner_id"].n_unique()
    learners = len({code for part in parts for code in part.goals.learner.tolist()})
    goals = sum(len(part.goals) for part in parts)
    met = sum(int(part.goals.met.sum()) for part in parts)
    yield gettext(
        "It rests on {learners}, {goals} and {met} met.",
        learners=ngettext("{number} learner", "{number} learners", learners),
        goals=ngettext("{number} goal", "{number} goals", goals),
        met=met,
    )
    silent = learners - len({code for part in parts for code in telling(part.goals)})
    if silent and learners > silent:
        yield ngettext(
            "{number} learner of {learners} cannot be compared with themselves: they never had goals of both sorts "
            "under way for as long when one was met.",
            "{number} learners of {learners} cannot be compared with themselves: they never had goals of both sorts "
            "under way for as long when one was met.",
            silent,
            learners=learners,
        )
    if roster > learners:
        yield ngettext(
            "{number} learner on the roster had no goal under way and is missing.",
            "{number} learners on the roster had no goal under way and are missing.",
            roster - learners,
        )


def _reasons(parts: list[Part]) -> Iterator[str]:
    for part in parts:
        for estimates in part.found.values():
            for each in estimates:
                if each.reason:
                    named = [", ".join(map(str, part.key.values())), gettext(each.estimator), each.exposure]
                    of = ", ".join(name for name in named if name)
                    yield gettext("No ratio {of}: {why}.", of=of, why=each.reason)


def _left_out(seen: pd.DataFrame, parts: list[Part]) -> Iterator[str]:
    number = int((~(seen["_stop"] > 0)).sum())
    if number:
        yield ngettext(
            "{number} goal is left out: nothing is known from before it ended, or it took no time at all.",
            "{number} goals are left out: nothing is known from before they ended, or they took no time at all.",
            number,
        )
    unknown = sum(part.unknown for part in parts)
    if unknown:
        yield ngettext(
            "{number} goal is left out where there is adjusting: a number to adjust for is not known.",
            "{number} goals are left out where there is adjusting: a number to adjust for is not known.",
            unknown,
        )


def _not_noted(parts: list[Part]) -> Iterator[str]:
    number, of = sum(part.not_noted for part in parts), sum(len(part.goals) for part in parts)
    if number:
        yield ngettext(
            "Of {number} goal of {all} nobody noted the beginning; the headline leaves it out, because a goal that is "
            "first mentioned late was under way before.",
            "Of {number} goals of {all} nobody noted the beginning; the headline leaves them out, because a goal that "
            "is first mentioned late was under way before.",
            number,
            all=of,
        )


def _same_day(log: ProgressLog, seen: pd.DataFrame, unit: str) -> Iterator[str]:
    met = seen["_ending"] == "met"
    same = int((met & (seen["_together"] == seen["_stop"])).sum())
    if log.dates_only:
        yield f"{ngettext(*_ON_THE_DAY, same)} {gettext(PULLED)}"
    elif same:
        yield ngettext(
            "{number} goal met at the very moment of the first episode counts as met alone.",
            "{number} goals met at the very moment of the first episode count as met alone.",
            same,
        )
    bare = 0 if log.dates_only else at_midnight(seen)
    if bare and unit == "school_days":
        yield gettext(
            "{number} of {met} goals were met at midnight: if these are dates without a clock time, they come before "
            "all that happened on that day.",
            number=bare,
            met=int(met.sum()),
        )


_ON_THE_DAY = translatable(
    (
        "The log has dates and no clock times: working together counts from the day after, and {number} goal met on "
        "the day of the first episode counts as met alone.",
        "The log has dates and no clock times: working together counts from the day after, and {number} goals met on "
        "the day of the first episode count as met alone.",
    )
)


def _written(log: ProgressLog) -> Iterator[str]:
    rows = reported(log, with_goal(log, log.last_day))
    lost = rows.filter(nw.col("goal").is_null()).select(nw.len()).collect().item()
    yield gettext(WRITTEN)
    if lost:
        yield ngettext(
            "{number} time a learner worked with somebody and no goal was noted: they count for none.",
            "{number} times a learner worked with somebody and no goal was noted: they count for none.",
            lost,
        )
    single = rows.filter(nw.col("partners") == 0)
    number = single.select(nw.col("episode_id").n_unique()).collect().item()
    if number:
        yield ngettext(
            "In {number} episode only one learner is noted: nobody worked together.",
            "In {number} episodes only one learner is noted: nobody worked together.",
            number,
        )


def _weighed(parts: list[Part]) -> Iterator[str]:
    yield from (_of(part, told_weighed(part.weighed)) for part in parts if part.weighed)


def _dropped(parts: list[Part]) -> Iterator[str]:
    for part in parts:
        found = part.dropping
        if found and not found.reason and abs(found.coefficient) > Z * found.error:
            ratios = (np.exp(found.coefficient + far * Z * found.error) for far in (0, -1, 1))
            ratio, low, high = (number_in_words(each, 2) for each in ratios)
            said = gettext(
                "Goals are dropped {ratio} times as often once worked on together, from {low} to {high}: more or fewer "
                "being met may come from that.",
                ratio=ratio,
                low=low,
                high=high,
            )
            yield _of(part, said)


def _too_few(parts: list[Part]) -> Iterator[str]:
    """Say how likely a ratio is to be found where that is not likely."""
    for part in parts:
        main = part.found[""][0]
        events, _, power, exaggeration = power_of(main.informative, PLANNED)
        if not main.reason and power < GOOD:
            said = gettext(
                "{events} goals met can tell: of 100 logs like this, {found} would find a true ratio of {ratio}, and "
                "those would find {times} times as much on average.",
                events=events,
                found=f"{100 * power:.0f}",
                ratio=number_in_words(PLANNED, 1),
                times=number_in_words(exaggeration, 1),
            )
            yield _of(part, said)


def _others(parts: list[Part], adjust: list[str]) -> Iterator[str]:
    if adjust:
        yield gettext(
            "Between learners is not corrected for differences between children beyond {columns}: where able children "
            "look for company more often, it finds an effect where there is none.",
            columns=", ".join(adjust),
        )
    else:
        yield gettext(
            "Between learners is not corrected for differences between children: where able children look for company "
            "more often, it finds an effect where there is none."
        )
    yield gettext(
        "The naive ratio is wrong and is shown as a warning: a goal that takes long has more time to be worked on "
        "together, so working together looks harmful."
    )
    classes = len({code for part in parts for code in part.goals.group.tolist()})
    if classes > 1:
        yield gettext(
            "Intervals do not allow for how {number} classes differ: sensitivity() leaves out each in turn.",
            number=classes,
        )
