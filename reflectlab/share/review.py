"""What a bundle answers: frames for the pictures, and six answers in words, made of what was released and no more."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..language import gettext, listed, ngettext, translatable
from .bundle import Bundle
from .groups import CLASS, EXPOSURE, NOT_KNOWN, SCHOOL, STRAND, WEEK
from .rates import design_effect

KIND_TITLES = translatable(
    {
        "shared_goal": "On a goal they share",
        "gave_support": "Supported somebody",
        "sought_support": "Were supported",
        "other": "Something else",
    }
)

_CHANCE = ("rate_low", "rate_high", "learners", "size")

_Z = {"95": 1.959964, "998": 3.090232}

_COMPARED = translatable(
    {"met": "own goals met", "set_by": "goals set by learners", "chose": "company chosen by learners"}
)

_CHOSEN = {
    "set_by": translatable(
        {
            "school": "Of the goals, learners set {share}.",
            "classes": "Of the goals, learners set {share} in the classes.",
            "both": "Of the goals, learners set {share} ({span} by class).",
        }
    ),
    "chose": translatable(
        {
            "school": "Of the times together, learners chose {share}.",
            "classes": "Of the times together, learners chose {share} in the classes.",
            "both": "Of the times together, learners chose {share} ({span} by class).",
        }
    ),
}

_CHANGED = translatable(
    {
        True: "{what}: {then} then, {now} now, more than chance would make",
        False: "{what}: {then} then, {now} now, no more than chance may make",
    }
)

THIN = 0.6
"""A class in which something was written in fewer of the learners' weeks than this is told apart."""


@dataclass(frozen=True)
class LeaderAnswer:
    """A leader's question, its answer in a sentence or two, and the section it is read from."""

    question: str
    text: str
    section: str


def human_order(label: object) -> tuple[tuple[bool, int, str], ...]:
    """Return by what labels are sorted as people count: Room 5 before Room 10.

    >>> sorted(["Room 10", "Room 5", "Hall"], key=human_order)
    ['Hall', 'Room 5', 'Room 10']
    """
    parts = [part for part in re.split(r"(\d+)", str(label)) if part]
    return tuple((not part.isdigit(), int(part) if part.isdigit() else 0, part.casefold()) for part in parts)


def this_term(bundle: Bundle) -> dict[str, Any]:
    """Return the last term of a bundle."""
    found: dict[str, Any] = bundle.manifest["terms"][-1]
    return found


def last_term(bundle: Bundle) -> dict[str, Any] | None:
    """Return the term before it, if the bundle has one."""
    terms: list[dict[str, Any]] = bundle.manifest["terms"]
    return terms[-2] if len(terms) > 1 else None


def bands(bundle: Bundle, question: str, by: Sequence[str]) -> pd.DataFrame:
    """Return the rates of a question, as `show.plot_bands` takes them: this term beside the last, in human order."""
    now, then = this_term(bundle), last_term(bundle)
    rows = bundle.rates[(bundle.rates["question"] == question) & bundle.rates["by"].isin(by)]
    keys = ["by", "label", "part"]
    table = rows[rows["term_id"] == now["term_id"]]
    before = rows[rows["term_id"] == (then or {"term_id": None})["term_id"]]
    names = {"band": "before", "rate_low": "before_low", "rate_high": "before_high", "learners": "before_learners",
             "size": "before_size"}  # fmt: skip
    table = table.merge(before[[*keys, *names]].rename(columns=names), on=keys, how="left")
    order = {each: place for place, each in enumerate(by)}
    places = sorted(table.index, key=lambda row: (order[table["by"][row]], human_order(table["label"][row])))
    table = table.loc[places].reset_index(drop=True)
    table["label"] = table["label"].mask(table["by"] == SCHOOL, gettext("The school"))
    table["label"] = table["label"].mask(table["label"] == NOT_KNOWN, gettext("not known"))
    above = table["by"].isin(levels(bundle)) & table["label"].str.isdigit()
    table["label"] = table["label"].mask(above, table["by"].map(readable).str.capitalize() + " " + table["label"])
    return pd.DataFrame(table)


def levels(bundle: Bundle) -> list[str]:
    """Return the columns of the roster that stand above the classes, such as the year."""
    found: list[str] = bundle.manifest["levels"]
    return found


def readable(column: str) -> str:
    """Return the name of a column as a heading says it.

    >>> readable("home_language")
    'home language'
    """
    return column.replace("_", " ")


def step_words(bundle: Bundle, most: int = 12) -> list[str]:
    """Return the steps from goal to goal that most learners took, in words."""
    rows = bundle.steps[bundle.steps["term_id"] == this_term(bundle)["term_id"]].head(most)
    words = [_step(str(row.learners), source=row.source, target=row.target) for row in rows.itertuples()]
    return words or [gettext("No step from one goal to another was taken by ten learners or more.")]


def _step(learners: str, **goals: Any) -> str:
    """Return a step in words; how many took it is a band, which a bundle has in English."""
    low, *high = re.findall(r"\d+", learners)
    if high:
        return gettext("{low} to {high} learners: {source}, then {target}", low=low, high=high[0], **goals)
    return gettext("over {number} learners: {source}, then {target}", number=low, **goals)


def _kinds_told(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(label=[gettext(KIND_TITLES[part]) for part in table["part"]]).astype({"label": "str"})


def kinds(bundle: Bundle) -> pd.DataFrame:
    """Return the kinds of working together in the school, this term beside the last."""
    table = bands(bundle, "kinds", [SCHOOL])
    return _kinds_told(table)


def weeks(bundle: Bundle) -> pd.DataFrame:
    """Return the shares of the kinds of working together, week by week, as `show.plot_weeks` takes them."""
    table = bands(bundle, "kinds", [WEEK])
    table = table.assign(week=pd.to_numeric(table["label"], errors="coerce"))
    table = table.dropna(subset=["week"]).astype({"week": "int64"})
    return _kinds_told(table)[["label", "week", "rate", "low", "high"]]


def days(bundle: Bundle) -> pd.DataFrame:
    """Return how many school days goals of each strand take in this term, as `show.plot_days` takes them."""
    table = bundle.times[bundle.times["term_id"] == this_term(bundle)["term_id"]]
    places = sorted(table.index, key=lambda row: (table["by"][row] != SCHOOL, human_order(table["label"][row])))
    table = table.loc[places].reset_index(drop=True)
    table["label"] = table["label"].mask(table["by"] == SCHOOL, gettext("All goals"))
    return pd.DataFrame(table)


def funnel(bundle: Bundle) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return classes and the limits about the school's rate, as `show.plot_funnel` takes them.

    The middle is that of the classes' rates, which one class unlike the others does not move. A class is unlike the
    others where its whole band lies outside the limits that 998 of 1,000 classes keep, all of them alike. Limits are
    wider by the design effect of several goals a learner; each class is also drawn towards the middle by as much as
    chance weighs in it, by the moments of the classes that are told.
    """
    table = bands(bundle, "met", [CLASS]).dropna(subset=["rate"])
    if len(table) < 2:
        table = table.head(0)
        return table.assign(shrunk=pd.Series(dtype=float), unlike=pd.Series(dtype=bool)), pd.DataFrame()
    target = float(table["rate"].median())
    size = table["size"].to_numpy(dtype=float)
    effect = float(np.mean([_effect(row) for _, row in table.iterrows()]))
    limits = _limits(target, effect, float(size.max()))
    variance = target * (1 - target) * effect / size
    rate = table["rate"].to_numpy(dtype=float)
    between = max(float(np.mean((rate - target) ** 2 - variance)), 0.0)
    shrunk = target + (rate - target) * between / (between + variance)
    low, high = (np.interp(size, limits["size"], limits[f"{side}_998"]) for side in ("low", "high"))
    unlike = (table["rate_high"].to_numpy() < low) | (table["rate_low"].to_numpy() > high)
    return table.assign(shrunk=shrunk, unlike=unlike).reset_index(drop=True), limits


def _limits(target: float, effect: float, most: float) -> pd.DataFrame:
    size = np.linspace(5, 1.1 * most, 80)
    error = np.sqrt(target * (1 - target) * effect / size)
    sides = {f"{side}_{part}": np.clip(target + sign * z * error, 0, 1)
             for part, z in _Z.items() for side, sign in (("low", -1), ("high", 1))}  # fmt: skip
    return pd.DataFrame({"size": size, "target": target, **sides})


def thin(bundle: Bundle) -> list[str]:
    """Return the classes in which too little was written down for their figures to say much."""
    table = bands(bundle, "recorded", [CLASS])
    return table.loc[table["rate_high"] <= THIN, "label"].tolist()


def answers(bundle: Bundle) -> list[LeaderAnswer]:
    """Return six questions that a leader comes with, answered, each with the section it is read from."""
    return [
        LeaderAnswer(gettext("Which strand lags?"), _lagging(bundle), gettext("Strands")),
        LeaderAnswer(gettext("Which strand takes long?"), _slow(bundle), gettext("Strands")),
        LeaderAnswer(gettext("Who chose?"), _choice(bundle), gettext("Who chose")),
        LeaderAnswer(gettext("Did it change since last term?"), _change(bundle), gettext("This term beside the last")),
        LeaderAnswer(gettext("Is any class unlike the others, beyond chance?"), _unlike(bundle), gettext("Classes")),
        LeaderAnswer(gettext("Do all groups get there?"), _equity(bundle), gettext("Groups")),
    ]


def _lagging(bundle: Bundle) -> str:
    table = bands(bundle, "met", [STRAND]).dropna(subset=["rate"])
    if len(table) < 2:
        return gettext("There are not enough goals in two strands to compare them.")
    lowest = table.sort_values(["rate", "low"]).iloc[0]
    others = table[table["label"] != lowest["label"]]
    if (table["band"] == lowest["band"]).all():
        return gettext("None: {share} of the goals are met in every strand that can be told.", share=lowest["band"])
    near = [str(row["label"]) for _, row in others.sort_values("rate").iterrows() if not _apart(lowest, row)]
    said = gettext(
        "Lowest is {strand}: {share} of its goals are met; {span} in the others.",
        strand=lowest["label"],
        share=lowest["band"],
        span=_span(others),
    )
    if near:
        return f"{said} {gettext('It may be chance that it lies below {strands}.', strands=and_so_on(near))}"
    return f"{said} {gettext('That is beyond chance.')}"


def _apart(one: "pd.Series[Any]", other: "pd.Series[Any]", z: float = _Z["95"]) -> bool:
    """Tell whether two rates are further apart than chance would put them, wherever in their bands they lie."""
    gap = max(one["rate_low"] - other["rate_high"], other["rate_low"] - one["rate_high"])
    variance = 0.0
    for each in (one, other):
        middle = min(max((each["rate_low"] + each["rate_high"]) / 2, 0.02), 0.98)
        variance += middle * (1 - middle) * _effect(each) / each["size"]
    return bool(gap > z * variance**0.5)


def _effect(row: "pd.Series[Any]") -> float:
    return design_effect(int(re.findall(r"\d+", row["learners"])[0]) + row["learners"].startswith("over"), row["size"])


def and_so_on(words: Sequence[str], most: int = 3) -> str:
    """Return some words as a sentence has them.

    >>> and_so_on(["Ideas", "Voice"]), and_so_on(["a", "b", "c", "d", "e"])
    ('Ideas and Voice', 'a, b, c and 2 others')
    """
    rest = len(words) - most
    return listed([*words[:most], ngettext("{number} other", "{number} others", rest)] if rest > 1 else list(words))


def _span(table: pd.DataFrame) -> str:
    low, high = table.sort_values("rate")["band"].iloc[[0, -1]].tolist()
    return low if low == high else gettext("from {low} to {high}", low=low, high=high)


def _slow(bundle: Bundle) -> str:
    table = days(bundle)
    table = table[table["by"] == STRAND].dropna(subset=["half"])
    if len(table) < 2:
        return gettext("There are not enough goals in two strands to compare how long they take.")
    slowest = table.sort_values(["half", "three_quarters"]).iloc[-1]
    others = table[table["label"] != slowest["label"]]
    least, most = int(others["half"].min()), int(others["half"].max())
    span = f"{least}" if least == most else gettext("{low} to {high}", low=least, high=most)
    if int(slowest["half"]) == most:
        return ngettext(_ALL_ALIKE[0], _ALL_ALIKE[1], most, span=span)
    clear = bool((others["half_high"].fillna(10**6) < slowest["half_low"]).all())
    said = ngettext(_LONGEST[0], _LONGEST[1], int(slowest["half"]), strand=slowest["label"], span=span)
    return f"{said} {gettext('That is beyond chance.' if clear else 'Their intervals meet: it may be chance.')}"


_ALL_ALIKE = translatable(
    (
        "None by itself: half of the goals are met within {span} school day in all strands that can be told.",
        "None by itself: half of the goals are met within {span} school days in all strands that can be told.",
    )
)

_LONGEST = translatable(
    (
        "Longest is {strand}: half of its goals are met within {number} school day, within {span} in the others.",
        "Longest is {strand}: half of its goals are met within {number} school days, within {span} in the others.",
    )
)


def _choice(bundle: Bundle) -> str:
    said = [_chosen(bands(bundle, question, [SCHOOL, CLASS]), told) for question, told in _CHOSEN.items()]
    return " ".join(filter(None, said)) or gettext("It was not noted often enough who chose.")


def _chosen(table: pd.DataFrame, told: Mapping[str, str]) -> str:
    table = table.dropna(subset=["rate"])
    whole, rooms = table[table["by"] == SCHOOL], table[table["by"] == CLASS]
    if whole.empty:
        return gettext(told["classes"], share=_span(rooms)) if len(rooms) else ""
    if len(rooms) > 1:
        return gettext(told["both"], share=whole["band"].iloc[0], span=_span(rooms))
    return gettext(told["school"], share=whole["band"].iloc[0])


def _change(bundle: Bundle) -> str:
    if last_term(bundle) is None:
        return gettext("This is the only term in the release: there is none to set beside it.")
    found = []
    for question, what in _COMPARED.items():
        table = bands(bundle, question, [SCHOOL]).dropna(subset=["rate", "before_low"])
        if len(table):
            row = table.iloc[0]
            then = pd.Series({name: row[f"before_{name.removeprefix('rate_')}"] for name in _CHANCE})
            changed = _CHANGED[_apart(row, then)]
            found.append(gettext(changed, what=gettext(what), then=row["before"], now=row["band"]))
    text = "; ".join(found)
    return f"{text[0].upper()}{text[1:]}." if text else gettext("Of too few to set the two terms side by side.")


def _unlike(bundle: Bundle) -> str:
    table, limits = funnel(bundle)
    return " ".join([_outside(table, limits), *_left_untold(bundle)])


def _outside(table: pd.DataFrame, limits: pd.DataFrame) -> str:
    if len(table) < 2 or limits.empty:
        return gettext("There are not two classes to compare.")
    named = [f"{label} ({band})" for label, band in table.loc[table["unlike"], ["label", "band"]].to_numpy().tolist()]
    if named:
        return gettext(
            "Yes: {classes}. The others lie where chance would scatter alike classes.", classes=", ".join(named)
        )
    return gettext("No: all {number} classes lie where chance would scatter classes that are alike.", number=len(table))


def _left_untold(bundle: Bundle) -> list[str]:
    """Return of how many classes nothing is told, and whose figures say little."""
    hidden, meagre = int(bands(bundle, "met", [CLASS])["rate"].isna().sum()), thin(bundle)
    said = []
    if hidden:
        said.append(ngettext("Of {number} class nothing is told.", "Of {number} classes nothing is told.", hidden))
    if meagre:
        said.append(
            gettext("Little was written down in {classes}: their figures say little.", classes=", ".join(meagre))
        )
    return said


def _equity(bundle: Bundle) -> str:
    compared = {each: bands(bundle, "met", [each]).dropna(subset=["rate"]) for each in bundle.manifest["attributes"]}
    found = [_by_group(readable(each), table) for each, table in compared.items() if len(table) > 1]
    if found:
        return " ".join(found)
    if compared:
        return gettext("The groups are too small to be compared without telling of few children.")
    return gettext(
        "The roster says of learners only their class: add a column (say, language or support) to compare groups."
    )


def _by_group(attribute: str, table: pd.DataFrame) -> str:
    low, high = table.sort_values("rate").iloc[0], table.sort_values("rate").iloc[-1]
    if low["band"] == high["band"]:
        return gettext("By {attribute}: {share} in all groups.", attribute=attribute, share=low["band"])
    z = _Z["95"] if len(table) == 2 else _Z["998"]  # the two furthest of several are apart by chance as well
    ends = {"one": f"{low['label']} {low['band']}", "other": f"{high['label']} {high['band']}"}
    return gettext(
        "By {attribute}: {one}, {other}: beyond chance."
        if _apart(low, high, z)
        else "By {attribute}: {one}, {other}: it may be chance.",
        attribute=attribute,
        **ends,
    )


def landmark_words(bundle: Bundle) -> str:
    """Return what came of goals with company and of those without by the middle of the term."""
    middle = bundle.manifest["landmark"]
    table = bands(bundle, "landmark", [EXPOSURE]).dropna(subset=["rate"]).set_index("label")
    if middle is None or len(table) < 2:
        return gettext("Of too few goals to set those with and without company side by side.")
    return gettext(
        "Of the goals open at the end of week {middle}, those that had been worked on with somebody were met by the "
        "end of week {last} in {together} of cases, the others in {alone}. An association, not proof: goals with "
        "company have mostly been under way for longer, and children choose.",
        middle=middle[0],
        last=middle[1],
        together=table["band"]["collaborative"],
        alone=table["band"]["personalised"],
    )
