"""Every branch of the rule of kinds: what `fixtures/kinds.md` says beside each row is what the log answers."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from reflectlab import ProgressLog, episodes
from tests.oracle import School
from tests.oracle import episodes as by_the_oracle

Engine = Callable[[Mapping[str, pd.DataFrame]], ProgressLog]

SECTIONS = {"With clock times": "Wed 10:00", "With dates only": "Wed"}
DAYS = {"Mon": "2026-07-20", "Tue": "2026-07-21", "Wed": "2026-07-22", "Thu": "2026-07-23"}
EXPECTED = ["stood", "kind", "shared too", "unsure"]


def section(title: str) -> pd.DataFrame:
    """Return the table below a heading of the fixture, one row a participation."""
    page = (Path(__file__).parent / "fixtures" / "kinds.md").read_text("utf-8")
    lines = page.split(f"## {title}\n")[1].split("\n## ")[0].splitlines()
    head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    table = pd.DataFrame(rows, columns=head)
    return table.assign(learner_id=table["episode"] + ": " + table["child"])


def tables(title: str) -> dict[str, pd.DataFrame]:
    """Return the log that a table tells."""
    told = section(title)
    came = told["came"].replace("", SECTIONS[title]).map(moment)
    together = {"episode_id": told["episode"], "time": came, "learner_id": told["learner_id"]}
    collaborations = pd.DataFrame({**together, "goal_id": told["noted goal"].replace("", None).astype("str")})
    happened = [
        (moment(when), learner, goal, event)
        for learner, history in zip(told["learner_id"], told["history"], strict=True)
        for goal, _, rest in (part.strip().partition(": ") for part in history.split(";"))
        for event, _, when in (each.strip().partition(" ") for each in rest.split(","))
    ]
    events = pd.DataFrame(happened, columns=["time", "learner_id", "goal_id", "event"])
    return {"events": events, "collaborations": collaborations}


def moment(text: str) -> pd.Timestamp:
    """Return a time of the week, such as `Wed 10:00` or `Wed`."""
    day, _, clock = text.partition(" ")
    return pd.Timestamp(f"{DAYS[day]} {clock or '0:00'}")


def answers(found: pd.DataFrame) -> dict[str, list[str]]:
    """Return what a log answers for each learner, in the words of the fixture."""
    flags = {column: found[column].map({True: "yes", False: ""}) for column in ("also_shared", "ambiguous")}
    words = found.assign(status=found["status"].fillna(""), **flags).set_index("learner_id")
    return words[["status", "kind", "also_shared", "ambiguous"]].apply(list, axis=1).to_dict()


@pytest.mark.parametrize("title", SECTIONS)
def test_kinds_are_those_of_the_fixture(engine: Engine, title: str) -> None:
    told = section(title).set_index("learner_id")
    expected = told[EXPECTED].apply(list, axis=1).to_dict()
    assert answers(episodes(engine(tables(title)))) == expected


@pytest.mark.parametrize("title", SECTIONS)
def test_the_oracle_reads_the_fixture_alike(title: str) -> None:
    told = section(title).set_index("learner_id")
    expected = told[EXPECTED].apply(list, axis=1).to_dict()
    assert answers(by_the_oracle(School.from_tables(**tables(title)))) == expected


def test_the_fixture_has_every_branch() -> None:
    told = pd.concat([section(title).assign(title=title) for title in SECTIONS])
    assert len(told) >= 40
    assert set(told["kind"]) == {"gave_support", "sought_support", "shared_goal", "other"}
    assert set(told["stood"]) == {"set", "working", "stuck", "met", "dropped", ""}
    assert {1, 2, 3, 4} == set(told.groupby(["title", "episode"]).size())
    assert not told["learner_id"].duplicated().any()
