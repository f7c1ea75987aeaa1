"""The rules that a row has to keep, and what is said of a row that breaks one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw

from ..errors import likely
from ..language import gettext, translatable
from ..problems import Problem
from ..schema import CHOOSERS, EVENTS, PARTS, PLACE, ROLES
from .frames import once
from .status import with_statuses

SAMPLE = 5
"""How many rows of each kind of problem are shown where the log is too large to list them all."""


@dataclass(frozen=True)
class Rule:
    """A way in which a row can be wrong: the column, the code, when it is, and what to say of a value.

    Where a value that could not be read is missing in its column, `written` is the column that has its text.
    """

    code: str
    column: str
    broken: nw.Expr
    message: str
    hint: str
    allowed: Sequence[str] = ()
    written: str | None = None

    def say(self, value: str | None) -> str:
        """Return the message for a value."""
        return gettext(self.message, value=value, column=self.column)

    def problem(self, value: str | None, place: dict[str, Any]) -> Problem:
        """Return the problem of one row."""
        near = likely(value, self.allowed) if value and self.allowed else None
        hint = gettext(self.hint, words=", ".join(self.allowed)) if "{words}" in self.hint else self.hint
        return Problem(self.code, self.say(value), hint, column=self.column, value=value, suggestion=near, **place)


_DATE = translatable("Write it as 2026-07-20 or 2026-07-20 09:30.")

MISSING_LEARNER = Rule(
    "missing_learner",
    "learner_id",
    nw.col("learner_id").is_null(),
    translatable("This row does not say which learner."),
    translatable("Write the learner."),
)

MISSING_TIME = Rule("missing_time", "time", nw.col("time").is_null(), translatable("This row has no date."), _DATE)

UNKNOWN_LEARNER = Rule(
    "unknown_learner",
    "learner_id",
    nw.col("_on_roster").is_null(),
    translatable('"{value}" is not on the roster.'),
    translatable("Correct the name, or add the learner to the roster."),
)

UNKNOWN_GOAL = Rule(
    "unknown_goal",
    "goal_id",
    nw.col("_in_catalogue").is_null() & ~nw.col("goal_id").is_null(),
    translatable('"{value}" is not among the goals.'),
    translatable("Correct the goal, or add it to the goals table."),
)

BAD_MINUTES = Rule(
    "bad_minutes",
    "minutes",
    ~nw.col("_bad_minutes").is_null()
    | (nw.col("minutes") < 0)
    | (nw.col("minutes") > 24 * 60)
    | (nw.col("minutes") != nw.col("minutes")),
    translatable('"{value}" is not a number of minutes of one day: the row is in the log without it.'),
    translatable("Write a number such as 25, or leave it empty."),
    written="_bad_minutes",
)
"""A remark: the row is good without its minutes."""

BAD_DUE = Rule(
    "bad_due",
    "due",
    ~nw.col("_bad_due").is_null(),
    translatable('"{value}" is not a date: the row is in the log without this due day.'),
    translatable("Write it as 2026-08-14."),
    written="_bad_due",
)
"""A remark too: whatever happened has happened, whenever it was due."""


def checked(frame: nw.LazyFrame, rules: Sequence[Rule], *, scanned: bool = False) -> tuple[nw.LazyFrame, list[Problem]]:
    """Split a normalised table into the rows that keep the rules and a problem for each that does not.

    A row is listed for the first rule that it breaks; of a scanned log a few of each kind, and how many there are.
    """
    if not scanned:
        frame = once(frame)
        if all_kept(frame, rules):
            return frame, []
    number = nw.lit(-1)
    for index, rule in reversed(list(enumerate(rules))):
        number = nw.when(rule.broken).then(nw.lit(index)).otherwise(number)
    marked = frame.with_columns(_rule=number)
    if scanned:
        listed = _sampled(marked.filter(nw.col("_rule") >= 0), rules)
    else:
        marked = once(marked)  # it is asked twice
        listed = _listed(marked.filter(nw.col("_rule") >= 0), rules)
    return marked.filter(nw.col("_rule") < 0).drop("_rule"), listed


def all_kept(frame: nw.LazyFrame, rules: Sequence[Rule]) -> bool:
    """Tell whether no row of a frame breaks a rule."""
    if not rules:
        return True
    broken = nw.any_horizontal(*(rule.broken for rule in rules), ignore_nulls=True)
    return not len(frame.filter(broken).select(rules[0].column).head(1).collect())


def emptied(frame: nw.LazyFrame, rules: Sequence[Rule], *, scanned: bool = False) -> tuple[nw.LazyFrame, list[Problem]]:
    """Empty the cells that break one of some rules, each of its column, and keep their rows; remark on them."""
    broken = {f"_{n}": nw.when(rule.broken).then(nw.lit(1)).otherwise(nw.lit(0)).max() for n, rule in enumerate(rules)}
    any_is = frame.select(**broken).collect()
    problems: list[Problem] = []
    for n, rule in enumerate(rules):
        if any_is[f"_{n}"][0]:
            problems += checked(frame, [rule], scanned=scanned)[1]
            frame = frame.with_columns(nw.when(~rule.broken).then(nw.col(rule.column)).alias(rule.column))
    return frame, problems


def event_rules(learners: Sequence[str], goals: Sequence[str], *, roster: bool, catalogue: bool) -> list[Rule]:
    """Return the rules of the events table."""
    missing_goal = Rule(
        "missing_goal",
        "goal_id",
        nw.col("goal_id").is_null(),
        gettext("This event has no goal."),
        gettext("Write the goal."),
    )
    hint = gettext("Write one of: {words}.", words=", ".join(EVENTS))
    text = gettext("This row has no event.")
    missing_event = Rule("missing_event", "event", nw.col("event").is_null(), text, hint)
    return [
        _bad_time("time"),
        MISSING_TIME,
        MISSING_LEARNER,
        missing_goal,
        missing_event,
        _word("unknown_event", "event", EVENTS),
        *_known(learners, goals, roster=roster, catalogue=catalogue),
    ]


def collaboration_rules(learners: Sequence[str], goals: Sequence[str], *, roster: bool, catalogue: bool) -> list[Rule]:
    """Return the rules of the collaborations table."""
    missing_episode = Rule(
        "missing_episode",
        "episode_id",
        nw.col("episode_id").is_null(),
        gettext("This row does not say which episode it belongs to."),
        gettext("Give everyone who worked together then the same episode_id."),
    )
    return [
        missing_episode,
        _bad_time("time"),
        MISSING_TIME,
        MISSING_LEARNER,
        *_known(learners, goals, roster=roster, catalogue=catalogue),
    ]


def absence_rules(learners: Sequence[str], *, roster: bool) -> list[Rule]:
    """Return the rules of the absences table."""
    return [
        _bad_time("date"),
        replace(MISSING_TIME, column="date", broken=nw.col("date").is_null()),
        MISSING_LEARNER,
        _word("unknown_part", "part", PARTS),
        *_known(learners, (), roster=roster, catalogue=False),
    ]


_TWICE = translatable(
    {
        "duplicate_participant": '"{value}" is in this episode already.',
        "duplicate_learner": '"{value}" is on the roster already: a learner belongs to one class.',
        "duplicate_goal": 'The goal "{value}" is there already.',
    }
)


def duplicate_rule(keys: Sequence[str], code: str) -> Rule:
    """Return the rule that a row does not repeat an earlier one; it needs the column `_copy`, from 1."""
    hint = gettext("Keep one of the rows, or give it another id.")
    return Rule(code, keys[-1], nw.col("_copy") > 1, _TWICE[code], hint)


def numbered_copies(frame: nw.LazyFrame, keys: Sequence[str]) -> nw.LazyFrame:
    """Count the rows that share `keys`, in the order of the file, in the column `_copy`."""
    if _are_unique(frame, keys):
        return frame.with_columns(_copy=nw.lit(1))
    return frame.with_columns(_copy=nw.col(keys[-1]).cum_count().over(*keys, order_by=["file", "sheet", "row"]))


def _are_unique(frame: nw.LazyFrame, keys: Sequence[str]) -> bool:
    """Tell whether no two rows share keys; of those on Polars whether none share a hash, which is quicker."""
    if not frame.implementation.is_polars():
        return not len(frame.group_by(*keys).agg(_rows=nw.len()).filter(nw.col("_rows") > 1).head(1).collect())
    import polars as pl

    hashes = frame.to_native().select(pl.struct(keys).hash()).collect().to_series()
    return bool(hashes.n_unique() == len(hashes))


def roster_rules() -> list[Rule]:
    """Return the rules of the learners table."""
    return [
        MISSING_LEARNER,
        _bad_time("joined"),
        Rule(
            "bad_time",
            "left",
            nw.col("left") < nw.col("joined"),
            gettext("This learner left before joining."),
            gettext("Correct one of the two dates."),
        ),
        duplicate_rule(["learner_id"], "duplicate_learner"),
    ]


def goal_rules() -> list[Rule]:
    """Return the rules of the goals table."""
    text, hint = gettext("This row has no goal_id."), gettext("Write one.")
    missing = Rule("missing_goal", "goal_id", nw.col("goal_id").is_null(), text, hint)
    return [missing, duplicate_rule(["goal_id"], "duplicate_goal")]


def remarks_on(rows: nw.LazyFrame, code: str, column: str, say: Callable[[str], str], hint: str) -> list[Problem]:
    """Return remarks on rows that were loaded all the same."""
    rule = Rule(code, column, nw.lit(True), "{value}", hint)
    found = _listed(rows.with_columns(_rule=nw.lit(0)), [rule])
    return [Problem(**{**_fields(problem), "message": say(problem.value or "")}) for problem in found]


def _listed(bad: nw.LazyFrame, rules: Sequence[Rule]) -> list[Problem]:
    columns = [rule.column for rule in rules]
    values = [nw.col(column).cast(nw.String).alias(f"_value_{column}") for column in dict.fromkeys(columns)]
    written = dict.fromkeys(rule.written for rule in rules if rule.written)
    text = bad.select("_rule", *written, *PLACE, *values).collect()
    problems = []
    for row in text.iter_rows(named=True):
        rule = rules[row["_rule"]]
        value = (row[rule.written] if rule.written else None) or row[f"_value_{rule.column}"]
        problems.append(rule.problem(value, {name: row[name] for name in PLACE}))
    return problems


def _sampled(bad: nw.LazyFrame, rules: Sequence[Rule]) -> list[Problem]:
    counts = bad.group_by("_rule").agg(rows=nw.len()).sort("_rule").collect()
    problems = []
    for number, rows in counts.iter_rows():
        some = _listed(bad.filter(nw.col("_rule") == number).sort("row").head(SAMPLE), rules)
        of_all = " " + gettext("One of {number} such rows.", number=rows) if rows > SAMPLE else ""
        problems += [Problem(**{**_fields(problem), "message": problem.message + of_all}) for problem in some]
    return problems


def _fields(problem: Problem) -> dict[str, Any]:
    return {name: getattr(problem, name) for name in Problem.__slots__}


def _bad_time(column: str) -> Rule:
    unread = ~nw.col("_bad_time").is_null()
    return Rule("bad_time", column, unread, translatable('"{value}" is not a date.'), _DATE, written="_bad_time")


def _word(code: str, column: str, allowed: Sequence[str]) -> Rule:
    unknown = ~nw.col(column).is_in(list(allowed)) & ~nw.col(column).is_null()
    hint = translatable("It must be one of: {words}.")
    return Rule(code, column, unknown, translatable('"{value}" is no {column}.'), hint, allowed)


def _emptying(code: str, column: str, allowed: Sequence[str]) -> Rule:
    """Return the rule of a word that is left out where it is unknown, and costs no row."""
    rule = _word(code, column, allowed)
    return replace(rule, message=translatable('"{value}" is no {column}: the row is in the log without it.'))


def _known(learners: Sequence[str], goals: Sequence[str], *, roster: bool, catalogue: bool) -> list[Rule]:
    rules = []
    if roster:
        rules.append(replace(UNKNOWN_LEARNER, allowed=learners))
    if catalogue:
        rules.append(replace(UNKNOWN_GOAL, allowed=goals))
    return rules


CELL_RULES = {
    "events": [_emptying("unknown_chosen_by", "chosen_by", CHOOSERS), BAD_DUE],
    "collaborations": [
        _emptying("unknown_chosen_by", "chosen_by", CHOOSERS),
        _emptying("unknown_role", "role", ROLES),
        BAD_MINUTES,
    ],
    "goals": [BAD_DUE],
}
"""The rules of cells that are emptied where they break them: who chose, which role, how long and
by when cost no row."""


_SOFT = ("started", "worked", "stuck")
"""The events that say of a goal that it is worked on, and leave one that was met at met."""


def after_met(events: nw.LazyFrame) -> nw.LazyFrame:
    """Return the events that say of a goal that had been met that it is worked on, and leave it at met.

    Notes
    -----
    Statuses are found for few: the goals with such an event after the instant of the first `met`. One of that very
    instant comes before it. Two goals may share a number for their names; then both are looked at.
    """
    import polars as pl

    met, soft = pl.col("event") == "met", pl.any_horizontal(pl.col("event") == word for word in _SOFT)
    spell = pl.col("learner_id").hash() ^ pl.col("goal_id").hash(1)
    rows = events.to_native().select("event", "instant", spell=spell)
    first = rows.filter(met).group_by("spell").agg(first=pl.col("instant").min())
    late = rows.filter(soft).join(first, on="spell").filter(pl.col("instant") > pl.col("first"))
    some = late.select(pl.col("spell").unique()).collect()["spell"]
    if some.is_empty():
        return events.with_columns(status=nw.lit(None, nw.String)).head(0)
    theirs: nw.LazyFrame = nw.from_native(events.to_native().filter(spell.is_in(some.implode())))
    told = with_statuses(once(theirs), held=True)
    return told.filter(nw.col("event").is_in(list(_SOFT)) & (nw.col("status") == "met"))
