"""Made-up frames in the form of the measures, to draw from; every name is fictional."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

NAMES = [
    "Aroha", "Ben", "Chloë", "Daniel", "Eru", "Fatima", "Grace", "Hēmi", "Isla", "Jasper", "Kiri", "Leo", "Mia",
    "Ngaio", "Oliver", "Priya", "Quinn", "Rua", "Sofia", "Tāne", "Uma", "Viliami", "Wren", "Xavier", "Yuki", "Zara",
]  # fmt: skip
HARD_NAMES = [
    "Tūhoromātakā Ngā Mānuka-Wharenui o te Awa Whakarongo ki Te Tai Tokerau",
    "Wilhelmina-Alexandrina Featherstonehaugh-Cholmondeley van der Westhuizen",
    "$x_1$", "_name", "<img src=x>", "山田 はな", "מרים לוי", "مريم حسن", "김 하늘", "Ōtāne & Sons", "सिया शर्मा",
    "Zoë 🎉",
]  # fmt: skip
LONG = "the long name of somebody whose parents liked every single one of them"
STRANDS = ["Ideas", "Structure", "Sentences", "Vocabulary", "Spelling"]
GOALS = {
    "hook": ("Open with a hook", "Ideas"),
    "show": ("Show, don't tell", "Ideas"),
    "detail": ("Add one telling detail", "Ideas"),
    "para": ("Paragraph for each idea", "Structure"),
    "order": ("Put events in order", "Structure"),
    "ending": ("End where it began", "Structure"),
    "starts": ("Vary sentence starts", "Sentences"),
    "joins": ("Join sentences three ways", "Sentences"),
    "verbs": ("Strong verbs", "Vocabulary"),
    "exact": ("The exact word", "Vocabulary"),
    "speech": ("Speech marks", "Spelling"),
    "endings": ("Doubling and -ing", "Spelling"),
}
DAY = pd.Timedelta(days=1)


@dataclass
class Room:
    """The frames of one made-up class, and what its pictures need beside them."""

    stretches: pd.DataFrame
    episodes: pd.DataFrame
    names: dict[str, str]
    titles: dict[str, str]
    strands: dict[str, str]
    calendar: pd.DataFrame

    @property
    def extras(self) -> dict[str, object]:
        """The options that every lane picture takes."""
        return {"names": self.names, "titles": self.titles, "strands": self.strands, "calendar": self.calendar}


def calendar(
    start: str = "2026-07-20", weeks: int = 10, closed: tuple[str, ...] = ("2026-08-14",), term: str = "Term 3"
):
    """Return a term of school days."""
    days = pd.bdate_range(start, periods=5 * weeks)
    frame = pd.DataFrame({"date": days.astype("datetime64[us]"), "term_id": term})
    frame["week"] = np.arange(len(frame)) // 5 + 1
    frame = frame[~frame["date"].isin(pd.to_datetime(list(closed)))].reset_index(drop=True)
    return frame.assign(day=range(1, len(frame) + 1), school_day=range(1, len(frame) + 1))


def room(
    learners: int = 26, *, seed: int = 5, names: list[str] | None = None, until: int = 42, together: float = 0.14,
    ahead: bool = False, dates_only: bool = False,
) -> Room:  # fmt: skip
    """Return a class as of school day `until`; `ahead` sets several goals on the first day."""
    called = names or (NAMES * 2)[:learners]
    stretches, episodes = _made(_ids(learners), seed, until, together, ahead, dates_only)
    titles = {goal: title for goal, (title, _) in GOALS.items()}
    strands = {goal: strand for goal, (_, strand) in GOALS.items()}
    names = dict(zip(_ids(learners), called, strict=False))
    return Room(stretches.copy(), episodes.copy(), names, titles, strands, calendar())


def _ids(learners):
    return tuple(f"l{number:02d}" for number in range(learners))


@cache
def _made(ids, seed, until, together, ahead, dates_only):
    rng = np.random.default_rng(seed)
    days = calendar()
    rows = [row for learner in ids for row in _goals_of(rng, learner, until, ahead)]
    stretches = _frame(rows, days, dates_only)
    return stretches, _episodes(rng, stretches, days, until, together, dates_only)


def _goals_of(rng, learner, until, ahead):
    """Return (learner, goal, status, start, stop) in school days, one goal after another, some side by side."""
    now = float(rng.integers(0, 6)) + rng.uniform(0, 0.9)
    taken = rng.permutation(list(GOALS))[:9]
    for goal in taken:
        if now >= until:
            return
        begins = now
        if ahead or rng.random() < 0.25:
            set_at = 0.1 if ahead else max(now - rng.uniform(1, 4), 0)
            yield learner, goal, "set", set_at, begins
        long = rng.gamma(4, 1.6) + 1
        ends = begins + long
        if rng.random() < 0.3:
            stuck = begins + long * 0.3, begins + long * 0.65
            parts = [("working", begins, stuck[0]), ("stuck", *stuck), ("working", stuck[1], ends)]
        else:
            parts = [("working", begins, ends)]
        for status, start, stop in parts:
            if start < until:
                yield learner, goal, status, start, stop if stop < until else None
        if ends < until:
            yield learner, goal, "dropped" if rng.random() < 0.04 else "met", ends, None
        now = ends + (-min(3, long / 2) if rng.random() < 0.2 else rng.exponential(0.8))
    if now < until:
        yield learner, "show", "set", now, None


def _frame(rows, days, dates_only):
    frame = pd.DataFrame(rows, columns=["learner_id", "goal_id", "status", "start", "stop"])
    frame = frame.drop_duplicates(["learner_id", "goal_id", "status", "start"])
    start, stop = frame["start"].astype(float), frame["stop"].astype(float)
    frame["start"], frame["stop"] = _times(start, days, dates_only), _times(stop, days, dates_only)
    frame["start_day"] = start.astype(int) + 1
    frame["stop_day"] = stop.fillna(len(days) - 1).astype(int) + 1
    frame.insert(1, "class_id", "Room 5")
    return frame.reset_index(drop=True)


def _times(places, days, dates_only):
    whole = np.floor(places.fillna(0)).astype(int).clip(0, len(days) - 1)
    dates = pd.Series(days["date"].to_numpy()[whole], index=places.index)
    clock = pd.to_timedelta(8 * 60 + ((places - whole) * 8 * 60).fillna(0).round(), unit="min")
    times = dates if dates_only else dates + clock
    return times.astype("datetime64[us]").where(places.notna())


def _episodes(rng, stretches, days, until, together, dates_only):
    rows = []
    begun = {learner: own[["start_day", "goal_id"]].to_numpy() for learner, own in stretches.groupby("learner_id")}
    learners = sorted(begun)
    for number in range(int(len(learners) * until * together / 2) if len(learners) > 1 else 0):
        place = rng.uniform(0, until)
        many = 3 if rng.random() < 0.25 and len(learners) > 2 else 2
        who = rng.choice(learners, many, replace=False)
        goal = rng.choice(list(GOALS))
        kinds = {0: ["shared_goal"] * 3, 1: ["gave_support", "sought_support", "sought_support"], 2: ["other"] * 3}
        kind = kinds[rng.choice([0, 1, 2], p=[0.5, 0.42, 0.08])]
        chosen = rng.choice(["learner", "teacher", ""], p=[0.6, 0.25, 0.15]) or np.nan
        for learner, each in zip(who, kind, strict=False):
            mine = [own for day, own in begun[learner] if day <= place + 1]
            own = mine[-1] if mine and each != "gave_support" else goal
            rows.append((f"e{number}", place, int(place // 5) + 1, learner, own, np.nan, chosen, many - 1, each))
    columns = ["episode_id", "time", "week", "learner_id", "goal_id", "role", "chosen_by", "partners", "kind"]
    frame = pd.DataFrame(rows, columns=columns).astype({"chosen_by": "str", "kind": "str"} if rows else {})
    frame["time"] = _times(frame["time"].astype(float), days, dates_only)
    frame = frame.assign(status="working", also_shared=False, ambiguous=False)
    frame["days_since_met"] = pd.array([pd.NA] * len(frame), dtype="Int64")
    return frame.sort_values(["time", "episode_id", "learner_id"], ignore_index=True)


def completion(groups: list[str], *, column: str = "class_id", weeks: int = 0, seed: int = 1) -> pd.DataFrame:
    """Return shares of goals met, with intervals about as wide as they would be."""
    rng = np.random.default_rng(seed)
    rows = []
    for group in groups:
        goals = int(rng.integers(8, 160))
        for week in range(1, (weeks or 1) + 1):
            rate = (0.35 + 0.5 * rng.random()) * (week / weeks if weeks else 1)
            met = round(goals * rate)
            half = 1.96 * np.sqrt(0.25 / goals)
            low, high = max(met / goals - half, 0), min(met / goals + half, 1)
            rows.append((group, "Term 3", week, goals, met, 3, 0, 24, met / goals, low, high))
    columns = ["term_id", "week", "goals", "met", "dropped", "left_open", "learners", "rate", "low", "high"]
    frame = pd.DataFrame(rows, columns=[column, *columns])
    return frame if weeks else frame.drop(columns=["term_id", "week"])


def time_to_goal(groups: list[str] | None = None, *, column: str = "strand", seed: int = 1) -> pd.DataFrame:
    """Return curves of goals met by day."""
    rng = np.random.default_rng(seed)
    frames = []
    for group in groups or [""]:
        days = np.unique(np.clip(rng.gamma(3, 3, 150).round(), 1, 34)).astype(int)
        share = 1 - np.exp(-days / rng.uniform(6, 14))
        risk = np.maximum((150 * (1 - share)).astype(int), 1)
        wide = 0.03 + 0.004 * days
        frame = {
            "days": days,
            "at_risk": risk,
            "met": 3,
            "dropped": 0,
            "share_met": share,
            "low": np.maximum(share - wide, 0),
        }
        frame = pd.DataFrame({**frame, "high": np.minimum(share + wide, 1)})
        frames.append(frame.assign(**{column: group}) if groups else frame)
    return pd.concat(frames, ignore_index=True)


def transitions(goals: list[str], *, seed: int = 1, start: bool = True) -> pd.DataFrame:
    """Return steps between goals."""
    rng = np.random.default_rng(seed)
    rows = []
    for source in (["start"] if start else []) + list(goals):
        others = [goal for goal in goals if goal != source]
        n = rng.multinomial(int(rng.integers(2, 25)), rng.dirichlet(np.full(len(others), 0.5)))
        rows += [(source, goal, int(k), k / n.sum()) for goal, k in zip(others, n, strict=True) if k]
    return pd.DataFrame(rows, columns=["source", "target", "n", "p"])


def collaboration(
    groups: list[str] | None = None, *, column: str = "learner_id", weeks: int = 0, seed: int = 1
) -> pd.DataFrame:
    """Return counts of working together, by group or over weeks."""
    rng = np.random.default_rng(seed)
    keys = [{column: group} for group in groups] if groups else []
    keys = keys or [{"term_id": "Term 3", "week": week} for week in range(1, weeks + 1)]
    rows = []
    for key in keys:
        kinds = rng.multinomial(int(rng.integers(0, 24)), [0.5, 0.2, 0.25, 0.05])
        total = int(kinds.sum())
        known = int(rng.binomial(total, 0.8))
        counts = dict(zip(["shared_goal", "gave_support", "sought_support", "other"], map(int, kinds), strict=True))
        chosen = {"self_chosen": int(rng.binomial(known, 0.7)), "choice_known": known, "per_week": total / 9}
        rows.append({**key, "episodes": total, "participations": total, "minutes": 10.0 * total, **counts, **chosen})
    return pd.DataFrame(rows)


def comparison(groups: list[str] | None = None, *, split: bool = False, seed: int = 1) -> pd.DataFrame:
    """Return ratios of every estimator, of one group or several."""
    rng = np.random.default_rng(seed)
    kinds = ["any", "shared_goal", "sought_support"] if split else ["any"]
    estimators = {
        "within learners, adjusted for the goal": kinds,
        "within learners": ["any"],
        "between learners": kinds,
        "naive": ["any"],
    }
    rows = []
    for group in groups or [""]:
        for estimator, of in estimators.items():
            for kind in of:
                at, wide = np.log(0.5 if estimator == "naive" else 1.5) + rng.normal(0, 0.2), rng.uniform(0.1, 0.5)
                low, ratio, high = np.exp([at - wide, at, at + wide])
                rows.append((group, estimator, kind, ratio, low, high, 0.01, 612, 431, 290, 104))
    columns = ["class_id", "estimator", "kind", "hazard_ratio", "low", "high", "p_value", "goals", "met"]
    frame = pd.DataFrame(rows, columns=[*columns, "informative", "learners"])
    unused = [*([] if groups else ["class_id"]), *([] if split else ["kind"])]
    return frame.drop(columns=unused)


def comparison_curves(rates: tuple[float, float] = (0.1, 0.15), days: int = 30) -> pd.DataFrame:
    """Return the share of goals met over time, on their own and together, from day 2 on."""
    day = np.arange(2.0, days + 1)
    frames = []
    for exposure, rate in zip(("personalised", "collaborative"), rates, strict=True):
        share = 1 - np.exp(-rate * (day - 2))
        low, high = np.maximum(share - 0.05, 0), np.minimum(share + 0.05, 1)
        frame = {"exposure": exposure, "days": day, "at_risk": 40, "share_met": share, "low": low, "high": high}
        frames.append(pd.DataFrame(frame))
    return pd.concat(frames, ignore_index=True)


def network(learners: int = 26, *, ties: int = 90, seed: int = 1) -> pd.DataFrame:
    """Return who worked with whom; the last learner with nobody where there are more than three."""
    rng = np.random.default_rng(seed)
    ids = [f"l{number:02d}" for number in range(learners)][: max(learners - 1, 2) if learners > 3 else learners]
    rows = {}
    for _ in range(ties if len(ids) > 1 else 0):
        one, other = rng.choice(ids, 2, replace=False)
        kind = rng.choice(["support", "shared_goal", "other"], p=[0.4, 0.5, 0.1])
        pair = (one, other) if kind == "support" else tuple(sorted((one, other)))
        rows[(*pair, kind)] = int(rng.integers(1, 5))
    frame = [(*key, episodes, 10.0 * episodes) for key, episodes in sorted(rows.items())]
    return pd.DataFrame(frame, columns=["source", "target", "kind", "episodes", "minutes"])


def opportunities(learners: int = 26, *, each: int = 3, seed: int = 1) -> pd.DataFrame:
    """Return up to three invitations for each learner, those who are stuck first."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(learners):
        need = "stuck" if number < learners // 5 else rng.choice(["working", "set"])
        for place in range(each):
            goal, other = rng.choice(list(GOALS)), f"l{rng.integers(0, max(learners, 2)):02d}"
            kind = ["supporter", "same_goal", "teacher"][place if each == 3 else int(rng.integers(0, 3))]
            reason = _REASONS[kind].format(name=NAMES[int(other[1:]) % len(NAMES)], days=rng.integers(2, 20))
            rows.append((f"l{number:02d}", goal, need, kind, np.nan if kind == "teacher" else other, reason))
    columns = ["learner_id", "goal_id", "need", "suggestion", "with_learner_id", "reason"]
    return pd.DataFrame(rows, columns=columns)


_REASONS = {
    "supporter": "{name} met this goal {days} school days ago: you could ask about it.",
    "same_goal": "{name} has this goal too and has not started it yet: you could begin it together.",
    "teacher": "Nobody else in the class has it open or met it lately: you could talk about it with your teacher.",
}


def availability(table: pd.DataFrame, *, seed: int = 1) -> pd.DataFrame:
    """Return on how many days there was somebody to work with, for the groups or periods of a frame."""
    rng = np.random.default_rng(seed)
    keys = table[[column for column in ("learner_id", "class_id", "term_id", "week") if column in table]]
    on_goal = rng.integers(0, 40, len(keys))
    return keys.assign(days=45, days_on_goal=on_goal, days_with_anyone=rng.binomial(on_goal, 0.8))
