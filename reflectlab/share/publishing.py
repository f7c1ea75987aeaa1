"""`publish`: what a leader needs of a log, as one set of tables that give no child away."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from .. import measure
from ..errors import ArgumentError
from ..language import gettext, translatable
from ..load.progress_bar import waiting
from ..log import ProgressLog
from .bundle import BUNDLE_VERSION, FORMAT, MANIFEST, RATE_COLUMNS, TIME_COLUMNS, Bundle, read_bundle
from .disclosure.rate_audit import Label, narrowed
from .disclosure.suppression import DOMINANT
from .groups import (
    CLASS,
    EXPOSURE,
    KINDS,
    NOT_KNOWN,
    QUESTIONS,
    SCHOOL,
    STRAND,
    TAKEN,
    WEEK,
    Group,
    attributes,
    groups,
    landmarks,
    levels,
)
from .rates import FEWEST_TOLD, ROUND, Band, ToldRates, coded, design_effect, interval, learner_words
from .rules import RULES
from .steps import steps

_NOTHING = translatable("Nothing of this log can be told: no group has {number} learners and enough goals.")

_TAKEN = translatable(
    "The roster has a column {name}, which a bundle has for something else: call it otherwise, say {other}."
)

COUNTED_PARTS: Mapping[str, tuple[str, ...]] = {
    "met": ("met",), "set_by": ("learner",), "chose": ("learner",), "kinds": KINDS, "recorded": ("recorded",),
    "landmark": ("met",),
}  # fmt: skip

Released = Mapping[tuple[str, str], Mapping[Label, ToldRates]]


def publish(log: ProgressLog, folder: str | Path, *, released: str | Path | Sequence[str | Path] = ()) -> Bundle:
    """Write what a school leader may see of a log into a folder: rates of groups, and no child.

    For the last term and the one before it: own goals met, by class, strand and any attribute of the learners; who set
    the goals and who chose to work together; kinds of working together, by class and week; how long goals of a strand
    take; goals met later with and without company by the middle of the term; and from which goal to which many learners
    went on. Columns of the roster that stand above the classes (a year, a school) are told beside them.

    Parameters
    ----------
    log : ProgressLog
    folder : str or Path
        Where the bundle is written. If it holds one already, that is a former release, and is replaced.
    released : str, Path or several, optional
        Other bundles that were released of this school.

    Returns
    -------
    Bundle
        As `read_bundle` reads it from the folder.

    Raises
    ------
    ArgumentError
        If nothing at all can be told of so few; if a column of the roster is called as something of a bundle is.

    Notes
    -----
    The rates of a question are released as one set of linked tables: a linear program for each count behind them, the
    hidden and the shown, is bounded by everything that is told, by what adds up, and by all former releases. Where it
    leaves an interval of less than 5, the smallest group in the same table is hidden as well. What was told of a group
    before is told again as long as it is still true, so that one child more or less does not show.

    Examples
    --------
    >>> import tempfile
    >>> import reflectlab
    >>> told = publish(reflectlab.simulate(classes=3, learners=22, seed=1), tempfile.mkdtemp())
    >>> told.rates.loc[told.rates["question"].eq("met") & told.rates["by"].eq("school"), "band"].tolist()
    ['85–90 %']
    """
    for name in attributes(log):
        if name in TAKEN:
            raise ArgumentError(gettext(_TAKEN, name=name, other=f"{name}_name"))
    place = Path(folder)
    others = [released] if isinstance(released, str | Path) else list(released)
    former = [read_bundle(path) for path in [*others, *([place] if (place / MANIFEST).is_file() else [])]]
    with waiting(gettext("Publishing")):
        bundle = _bundle(log, former)
    bundle.save(place)
    return read_bundle(place)


def _bundle(log: ProgressLog, released: Sequence[Bundle]) -> Bundle:
    former = [each for bundle in released for each in _ledger(bundle.manifest)]
    former = [each for number, each in enumerate(former) if each not in former[:number]]
    terms = _terms(log)
    found: list[Group] = []
    times = []
    for term in terms:
        first, last = date.fromisoformat(term["start"]), min(date.fromisoformat(term["end"]), log.last_day)
        found += groups(log, term["term_id"], first, last)
        own = log.select(start=first, end=last)
        times.append(_times(own, term["term_id"], [bundle.times for bundle in released]))
    whole = next(group for group in found[::-1] if group.question == "met" and group.by == SCHOOL)
    marked, weeks = landmarks(log, terms[-1]["term_id"], terms[-1]["weeks"])
    found += [replace(group, top=whole.top) for group in marked]
    several = log.learners["class_id"].nunique(dropna=False) > 1
    linked: dict[tuple[str, str], list[Group]] = {}
    for group in found:
        linked.setdefault((group.question, group.term), []).append(group)
    told = {key: _told(each, key, former, several) for key, each in linked.items()}
    if not any(told.values()):
        raise ArgumentError(gettext(_NOTHING, number=FEWEST_TOLD))
    rows = _rows(found, told, {SCHOOL, CLASS, STRAND, WEEK, EXPOSURE, *levels(log)})
    rates = _typed(pd.DataFrame(rows, columns=list(RATE_COLUMNS)))
    sizes = {label: one.size for (by, label), one in told["met", whole.term].items() if by == STRAND}
    taken = steps(own, whole.term, sizes)
    return Bundle(rates, pd.concat(times, ignore_index=True), taken, _manifest(log, terms, weeks, [*former, told]))


def _terms(log: ProgressLog) -> list[dict[str, Any]]:
    """Return the last term and the one before it, with how many weeks of each are over."""
    weeks, today = log.calendar.weeks, log.calendar.school_day(log.last_day)
    begun = [term for term in log.calendar.terms if term.start <= log.last_day]
    return [
        {
            "term_id": term.term_id,
            "title": term.title or term.term_id,
            "start": term.start.isoformat(),
            "end": term.end.isoformat(),
            "weeks": int(((weeks["term_id"] == term.term_id) & (weeks["last_day"] <= today)).sum()),
        }
        for term in begun[-2:]
    ]


def _told(
    found: Sequence[Group], key: tuple[str, str], former: Iterable[Released], several: bool
) -> dict[Label, ToldRates]:
    """Return what is told of the groups of a question and term; the smallest go until the audit is content."""
    before = [each[key] for each in former if key in each]
    told = {}
    for group in found:
        if group.by == CLASS or not (several and group.top > DOMINANT):
            kept = [each[label] for each in before[::-1] if (label := (group.by, group.label)) in each]
            same = next((each for each in kept if each.holds(group.counts, group.learners)), None)
            one = same or coded(group.learners, group.counts, QUESTIONS[group.question])
            if one:
                told[group.by, group.label] = one
    while told and (narrow := narrowed(found, told, before)):
        del told[_least(narrow, told)]
    return told


def _least(narrow: Sequence[Label], told: Mapping[Label, ToldRates]) -> Label:
    """Return what to leave out: a narrowed group that is told, else the smallest beside one that is not."""
    shown = [label for label in narrow if label in told]
    by = {by for by, _ in narrow}
    beside = [label for label in told if label[0] in by] or list(told)
    return min(shown or beside, key=lambda label: told[label].size)


def _rows(
    found: Sequence[Group], told: Mapping[tuple[str, str], Mapping[Label, ToldRates]], public: Collection[str]
) -> Iterable[tuple[Any, ...]]:
    for group in found:
        one = told[group.question, group.term].get((group.by, group.label))
        few = group.by not in (SCHOOL, CLASS, WEEK, EXPOSURE) and group.learners < FEWEST_TOLD
        private = group.by not in public or group.label == NOT_KNOWN or few
        if one is None and private:
            continue  # that there is such a child at all, or a strand for one, is not told
        for number, part in enumerate(COUNTED_PARTS[group.question]):
            name = (group.question, group.term, group.by, group.label, part)
            if one is None:
                yield (*name, None, None, None, None, None, None, None, None)
            else:
                yield (*name, *_cells(one, one.bands[number]))


def _cells(told: ToldRates, band: Band) -> tuple[Any, ...]:
    chance = interval(band, told.size, design_effect(told.learners, told.size))
    return (learner_words(told.learners), told.size, str(band), band.low, band.high, band.middle, *chance)


def _typed(rates: pd.DataFrame) -> pd.DataFrame:
    words = ("question", "term_id", "by", "label", "part", "learners", "band")
    numbers = ("rate_low", "rate_high", "rate", "low", "high")
    return rates.astype({**dict.fromkeys(words, "str"), **dict.fromkeys(numbers, "float64"), "size": "Int64"})


def _times(log: ProgressLog, term: str, former: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return how many school days goals take, by strand; what was told before, where it is a day off at most."""
    rows = []
    for by, name in ((SCHOOL, ()), (STRAND, (STRAND,))):
        curves = measure.time_to_goal(log, by=name)
        goals = measure.completion(log, by=("learner_id", CLASS, *name))
        goals = goals[goals["goals"] + goals["dropped"] > 0]
        had_by = goals.groupby(STRAND)["learner_id"].nunique() if name else pd.Series({"": FEWEST_TOLD})
        labels = had_by.index[had_by >= FEWEST_TOLD]
        for label in labels:
            own, curve = (table[table[STRAND] == label] if name else table for table in (goals, curves))
            rows.append((term, by, str(label), *_held((term, by, str(label)), _days(own, curve), former)))
    table = pd.DataFrame(rows, columns=list(TIME_COLUMNS))
    return table.astype({**dict.fromkeys(TIME_COLUMNS[:4], "str"), **dict.fromkeys(TIME_COLUMNS[4:], "Int64")})


def _held(key: tuple[str, str, str], days: list[Any], former: Sequence[pd.DataFrame]) -> list[Any]:
    """Return what was told last, where the same number of learners and days a day off at most are true now."""
    for table in former[::-1]:
        told = table[(table[list(TIME_COLUMNS[:3])] == list(key)).all(axis=1)]
        for row in told[list(TIME_COLUMNS[3:])].astype("object").to_numpy().tolist():
            pairs = [(None if pd.isna(then) else then, now) for then, now in zip(row, days, strict=True)]
            if pairs[0][0] == pairs[0][1] and all(_close(then, now) for then, now in pairs[1:]):
                return [then for then, _ in pairs]
    return days


def _close(then: int | None, now: int | None) -> bool:
    return then == now if then is None or now is None else abs(then - now) <= 1


def _days(goals: pd.DataFrame, curve: pd.DataFrame) -> list[Any]:
    learners, rooms = goals["learner_id"].nunique(), goals.groupby(goals[CLASS].fillna(NOT_KNOWN))["goals"].sum()
    if (
        learners < FEWEST_TOLD
        or goals["goals"].sum() < 2 * ROUND
        or (len(rooms) > 1 and rooms.max() > DOMINANT * rooms.sum())
    ):
        return [None] * 6
    quarter, half, most = (_reached(curve, "share_met", share) for share in (0.25, 0.5, 0.75))
    low, high = _reached(curve, "high", 0.5), _reached(curve, "low", 0.5)
    return [learner_words(learners), quarter, half, low, high, most]


def _reached(curve: pd.DataFrame, column: str, share: float) -> int | None:
    there = curve.loc[curve[column] >= share, "days"]
    return int(there.min()) if len(there) else None


def _manifest(
    log: ProgressLog, terms: list[dict[str, Any]], weeks: tuple[int, int] | None, releases: list[Any]
) -> dict[str, Any]:
    from .. import __version__

    return {
        "format": FORMAT,
        "version": BUNDLE_VERSION,
        "reflectlab": __version__,
        "rules": RULES,
        "terms": terms,
        "until": log.last_day.isoformat(),
        "landmark": list(weeks) if weeks else None,
        "attributes": [name for name in attributes(log) if name not in levels(log)],
        "levels": levels(log),
        "ledger": [_written(each) for each in releases],
    }


def _written(release: Released) -> list[dict[str, Any]]:
    return [
        {"question": question, "term_id": term, "by": by, "label": label, **asdict(told)}
        for (question, term), each in release.items()
        for (by, label), told in each.items()
    ]


def _ledger(manifest: Mapping[str, Any]) -> list[Released]:
    """Return what former releases told."""
    releases: list[Released] = []
    for written in manifest["ledger"]:
        release: dict[tuple[str, str], dict[Label, ToldRates]] = {}
        for each in written:
            bands = tuple(Band(band["low"], band["high"]) for band in each["bands"])
            told = ToldRates(each["learners"], each["size"], bands)
            release.setdefault((each["question"], each["term_id"]), {})[each["by"], each["label"]] = told
        releases.append(release)
    return releases
