"""Working together, in Polars by hand: where everybody stood when an episode began, and what that makes it."""

import polars as pl

from .polars_log import EVENT, INSTANT, KEY, TABLES, Log, Tables, settled, status
from .words import DROPPED, KINDS, MET, OPEN, STANDS_MET

DATE = 86_400_000_000

SCHOOL_WEEK = 5


def episodes(tables: Tables) -> pl.DataFrame:
    log = Log(tables)
    rows = participations(log, "episode_id", "role", "chosen_by").sort("time", "episode_id", "learner")
    ids = {"learner": log.learners["learner_id"], "goal": log.goals["goal_id"]}
    learner, goal = (pl.lit(every).gather(pl.col(name)) for name, every in ids.items())
    day = log.day(pl.col("time"))
    return rows.select(
        "episode_id",
        "time",
        week=pl.lit(pl.Series(log.clock.week)).gather(day),
        learner_id=learner,
        goal_id=goal,
        role="role",
        chosen_by="chosen_by",
        partners="partners",
        status=status(pl.col("code")),
        kind=pl.lit(pl.Series(KINDS)).gather(pl.col("kind")),
        also_shared="also_shared",
        ambiguous="ambiguous",
        days_since_met=pl.when(pl.col("code") == STANDS_MET).then(day - log.day(pl.col("met_at"))),
    )


def collaboration(tables: Tables) -> pl.DataFrame:
    log = Log(tables)
    rows = participations(log, "minutes", "chosen_by").filter(pl.col("partners") > 0)
    chosen, minutes = pl.col("chosen_by"), pl.col("minutes")
    flags = {kind: pl.col("kind") == number for number, kind in enumerate(KINDS)}
    flags |= {"self_chosen": (chosen == "learner").fill_null(value=False), "choice_known": chosen.is_not_null()}
    flags |= {"minutes_known": minutes.is_not_null()}
    numbers = rows.lazy().select("learner", "minutes", **{name: flag.cast(pl.Int64) for name, flag in flags.items()})
    sums = numbers.group_by("learner").agg(pl.col(*flags, "minutes").sum(), participations=pl.len().cast(pl.Int64))
    here = log.learners.lazy().with_row_index("learner").select(pl.col("learner").cast(pl.Int64), days=_present(log))
    both = here.join(sums, on="learner", how="left").filter(
        (pl.col("days") > 0) | pl.col("participations").is_not_null()
    )
    both = both.with_columns(pl.col(*flags, "participations").fill_null(0), pl.col("minutes").fill_null(0.0))
    known = (pl.col("minutes_known") > 0) | (pl.col("participations") == 0)
    told = pl.when(known).then("minutes")
    per_week = pl.col("participations") / pl.when(pl.col("days") > 0).then(pl.col("days") / SCHOOL_WEEK)
    return (
        both.sort("learner")
        .select(
            learner_id=pl.lit(log.learners["learner_id"]).gather("learner"),
            episodes="participations",
            participations="participations",
            minutes=told,
            minutes_known="minutes_known",
            participant_minutes=told,
            **{name: name for name in (*KINDS, "self_chosen", "choice_known")},
            per_week=per_week,
        )
        .collect()
    )


def _present(log: Log) -> pl.Expr:
    """Return on how many school days each learner was there."""
    first = log.day(pl.col("joined"), "next").fill_null(1)
    last = log.day(pl.col("left"), "upto").fill_null(log.today)
    return pl.min_horizontal(last, pl.lit(log.today)) - first + 1


def participations(log: Log, *columns: str) -> pl.DataFrame:
    """Return each participation with `kind`, a number, and what it follows from; `learner` and `goal` are numbers."""
    told = _with_goal(log, columns)
    there = _standing(log, _there(told, len(log.goals)))
    is_open, is_met = pl.col("code").is_in(OPEN), pl.col("code") == STANDS_MET
    mine = {"open": is_open.fill_null(value=False), "met": is_met.fill_null(value=False)}
    there = there.with_columns(**{name: flag.cast(pl.Int64) for name, flag in mine.items()})
    of_goal = pl.col("episode") * len(log.goals) + pl.col("goal")
    there = there.with_columns(place=of_goal).with_columns(
        *(pl.col(name).sum().over("place").name.suffix("_there") for name in ("open", "met", "met_now"))
    )
    rows = pl.concat([there.filter("own"), told.filter(pl.col("goal").is_null())], how="diagonal")
    return rows.with_columns(*(pl.col(name).fill_null(0) for name in _COUNTS)).with_columns(**_kinds())


_COUNTS = ("open", "met", "open_there", "met_there", "met_now_there")


def _with_goal(log: Log, columns: tuple[str, ...]) -> pl.DataFrame:
    """Return the participations with the beginning of their episode, and its goal where they recorded none."""
    number = pl.col("episode_id").cast(pl.Categorical).to_physical().cast(pl.Int64)
    rows = log.numbered("collaborations", "time", number.alias("episode"), *columns)
    begun = rows.group_by("episode").agg(
        pl.col("time").min(),
        partners=pl.len().cast(pl.Int64) - 1,
        low=pl.col("goal").min(),
        high=pl.col("goal").max(),
    )
    only = pl.when(pl.col("low") == pl.col("high")).then("low")
    both = rows.drop("time").join(begun, on="episode")
    return both.with_columns(goal=pl.coalesce("goal", only)).drop("low", "high").collect()


def _there(told: pl.DataFrame, goals: int) -> pl.DataFrame:
    """Add to the participations with a goal those, not their own, of whoever may have been there for any of several."""
    key = pl.col("learner") * goals + pl.col("goal")
    own = told.filter(pl.col("goal").is_not_null()).with_columns(key=key, own=pl.lit(value=True))
    any_goal = told.filter(pl.col("goal").is_null()).select("episode", "learner", "time")
    more = any_goal.join(own.select("episode", "goal").unique(), on="episode")
    return pl.concat([own, more.with_columns(key=key, own=pl.lit(value=False))], how="diagonal")


def _standing(log: Log, there: pl.DataFrame) -> pl.DataFrame:
    """Add how each stood when the episode began: after what came before, or in its instant but for met and dropped."""
    closes = EVENT.is_in([MET, DROPPED])
    met_at = pl.when(EVENT == MET).then(INSTANT.cast(pl.Datetime("us"))).forward_fill()
    events = settled(log).select("key", "code", moment=INSTANT * 2 + closes.cast(pl.Int64), met_at=met_at)
    here = there.with_columns(moment=pl.col("time").to_physical() * 2)
    if _dates_only(log):
        met = events.filter(pl.col("moment") % 2 == 1, pl.col("met_at").to_physical() * 2 == pl.col("moment") - 1)
        now = met.select("key", moment=pl.col("moment") - 1).unique().with_columns(met_now=pl.lit(1))
        here = here.join(now, on=["key", "moment"], how="left")
    else:
        here = here.with_columns(met_now=pl.lit(None, pl.Int32))
    back = (KEY.shift(1) == KEY) & (pl.col("moment") < pl.col("moment").shift(1))
    if events.select(back.any()).item():
        events = events.sort("key", "moment", maintain_order=True)
    # Both are in the order of time within each key, which is what is needed.
    return here.sort("moment").join_asof(events, on="moment", by="key", check_sortedness=False)


def _dates_only(log: Log) -> bool:
    late = [log.tables[name].filter(pl.col("time").to_physical() % DATE != 0).head(1) for name in TABLES[:2]]
    return all(frame.is_empty() for frame in pl.collect_all(late))


def _kinds() -> dict[str, pl.Expr]:
    is_open, is_met = pl.col("open") == 1, pl.col("met") == 1
    other_open, other_met = pl.col("open_there") > pl.col("open"), pl.col("met_there") > pl.col("met")
    gave, sought, shared = is_met & other_open, is_open & other_met, is_open & other_open
    numbers = {kind: KINDS.index(kind) for kind in KINDS}
    kind = pl.when(gave).then(numbers["gave_support"]).when(sought).then(numbers["sought_support"])
    kind = kind.when(shared).then(numbers["shared_goal"]).otherwise(numbers["other"])
    return {"kind": kind, "also_shared": sought & shared, "ambiguous": pl.col("met_now_there") > 0}
