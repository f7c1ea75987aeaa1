"""What follows from the readers, and a reader of somebody else's."""

import importlib
import re
from pathlib import Path

import pytest

import reflectlab
from reflectlab import ArgumentError, NotALogError
from reflectlab.load.readers import READERS, Reader, register
from tests.load.conftest import Load, balanced, listed

BADGES = "Badge,Awarded to,Awarded on\nhook,Aroha,20/07/2026\nverbs,Hēmi,31/07/2026\nhook,,31/07/2026\nhook,Ben,soon\n"
readers = importlib.import_module("reflectlab.load.readers")  # `reflectlab.load` is also the function


@pytest.fixture(autouse=True)
def _none_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_registered", {})


@pytest.fixture
def example(root: Path) -> str:
    page = (root / "docs" / "formats.md").read_text("utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    return str(code)


def needs(reader: Reader) -> str:
    return ", ".join(f"`{(reader.headers[column])[0]}`" for column in reader.needed)


def test_the_list_of_formats_is_that_of_the_readers(root: Path) -> None:
    page = (root / "docs" / "formats.md").read_text("utf-8")
    rows = [f"| `{reader.name}` | {reader.what} | {needs(reader)} |" for reader in READERS]
    made = "\n".join(["| `format` | what it is | columns that it needs |", "|---|---|---|", *rows])
    written = page.split("<!-- formats -->\n")[1].split("\n<!-- end of formats -->")[0]
    assert written == made, f"write this list into docs/formats.md:\n{made}"


def test_a_reader_from_outside_is_asked(load: Load, example: str) -> None:
    with pytest.raises(NotALogError, match="no log that we know"):
        load(BADGES)
    assert len([line for line in example.splitlines() if line.strip()]) <= 20
    exec(example, {})
    log = load(BADGES)
    assert log.events[["learner_id", "goal_id", "event"]].to_numpy().tolist() == [
        ["Aroha", "hook", "met"],
        ["Hēmi", "verbs", "met"],
    ]
    assert [row for row, _ in listed(log)] == [4, 5]
    assert log.events.equals(load(BADGES, format="badges").events)
    assert log.events.equals(load("Badges of room 5\n\n" + BADGES).events.assign(row=log.events["row"]))


def test_what_follows_from_the_readers_follows_from_that_one_too(load: Load, example: str, tmp_path: Path) -> None:
    exec(example, {})
    with pytest.raises(ArgumentError, match=r"'badges', .*got 'badge'"):
        load(BADGES, format="badge")
    with pytest.raises(NotALogError, match='no column "Awarded on", as the format badges has'):
        load(BADGES.replace("Awarded on", "on"))
    (tmp_path / "badges.csv").write_text(BADGES, encoding="utf-8")
    (tmp_path / "roster.csv").write_text("learner_id,name\n1,Aroha\n2,Hēmi\n", encoding="utf-8")
    log = balanced(reflectlab.load(tmp_path))
    assert log.events["learner_id"].tolist() == ["1", "2"]


def test_what_the_caller_says_of_columns_comes_first(load: Load, example: str) -> None:
    exec(example, {})
    columns = {"time": "Awarded on", "learner_id": "Awarded to", "goal_id": "Badge", "event": "=worked"}
    assert set(load(BADGES, columns=columns).events["event"]) == {"worked"}


def test_a_name_of_ours_is_not_given_again() -> None:
    with pytest.raises(ArgumentError, match='a reader called "grid" already'):
        register(Reader(name="grid", what="another grid", read=lambda raws, context: readers.Found()))
