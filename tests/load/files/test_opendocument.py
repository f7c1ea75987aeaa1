"""An OpenDocument sheet as LibreOffice writes it: what is hidden is remarked on, and numbers are as they are shown."""

import zipfile
from pathlib import Path

import pytest

import reflectlab
from reflectlab import ProgressLog
from tests.load.conftest import balanced

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "number")
)
MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
STYLES = '<number:number-style><number:number number:min-integer-digits="3"/></number:number-style>'


def text(*words: str) -> str:
    return "".join(
        f'<table:table-cell office:value-type="string"><text:p>{word}</text:p></table:table-cell>' for word in words
    )


def number(value: float, shown: str, kind: str = "float", columns: int = 1) -> str:
    about = f'office:value-type="{kind}" office:value="{value}"'
    repeated = f' table:number-columns-repeated="{columns}"' if columns > 1 else ""
    return f"<table:table-cell{repeated} {about}><text:p>{shown}</text:p></table:table-cell>"


def row(cells: str, about: str = "") -> str:
    return f"<table:table-row{about}>{cells}</table:table-row>"


def ods(path: Path, **sheets: str) -> Path:
    tables = "".join(f'<table:table table:name="{name}">{rows}</table:table>' for name, rows in sheets.items())
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    styles = f"<office:automatic-styles>{STYLES}</office:automatic-styles>"
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {SPACES}>{styles}{body}'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", f"{content}</office:document-content>")
    return path


def loaded(path: Path, **options: object) -> ProgressLog:
    return balanced(reflectlab.load(path, **options))


HEADER = row(text("Date", "Student ID", "Goal", "What happened"))
HIDDEN, FILTERED = ' table:visibility="collapse"', ' table:visibility="filter"'


def day(n: int, cell: str, about: str = "", event: str = "worked") -> str:
    return row(text(f"2026-08-0{n}") + cell + text("hook", event), about)


@pytest.mark.parametrize(("about", "said"), [(HIDDEN, "hidden"), (FILTERED, "filtered out")])
def test_rows_that_are_hidden(tmp_path: Path, about: str, said: str) -> None:
    alike = f' table:number-rows-repeated="2"{about}'
    path = ods(
        tmp_path / "log.ods", Log=HEADER + day(3, text("Ben")) + day(4, text("Ben"), alike) + day(5, text("Ben"))
    )
    log = loaded(path)
    assert len(log.events) == 4
    assert log.problems[["row", "code"]].values.tolist() == [[3, "hidden_rows"]]
    assert f"2 rows are {said}" in log.problems["message"][0]
    left = loaded(path, hidden=False)
    assert left.events["row"].tolist() == [2, 5]
    assert left.problems[["row", "code"]].values.tolist() == [[3, "left_hidden"], [4, "left_hidden"]]


@pytest.mark.parametrize(
    ("value", "shown", "kind", "read"),
    [
        (7, "007", "float", "007"),
        (1234567, "R123-4567", "float", "R123-4567"),
        (1234, "1,234", "float", "1234"),
        (7, "7.00", "float", "7"),
        (12, "12", "float", "12"),
        (0.85, "85%", "percentage", "85%"),
        (12000000000, "1.20E+10", "float", "12000000000"),
    ],
)
def test_a_number_is_what_it_is_shown_as(tmp_path: Path, value: float, shown: str, kind: str, read: str) -> None:
    path = ods(tmp_path / "log.ods", Log=HEADER + day(3, number(value, shown, kind)))
    assert loaded(path).events["learner_id"].tolist() == [read]


def test_cells_that_are_alike_and_written_once(tmp_path: Path) -> None:
    header = row(text("Date", "Student ID", "Goal", "What happened", "Note"))
    rows = row(text("2026-08-03") + number(7, "007", columns=2) + text("worked", "007"))
    (event,) = loaded(ods(tmp_path / "log.ods", Log=header + rows)).events.itertuples()
    assert (event.learner_id, event.goal_id, event.note) == ("007", "007", "007")


def test_each_sheet_has_its_own(tmp_path: Path) -> None:
    other = HEADER + day(3, number(8, "008")) + day(4, number(8, "008"), HIDDEN)
    path = ods(tmp_path / "log.ods", **{"A &amp; B": HEADER + day(3, number(7, "7")), "C": other})
    log = loaded(path)
    assert log.events["learner_id"].tolist() == ["7", "008", "008"]
    assert log.problems[["sheet", "row", "code"]].values.tolist()[-1] == ["C", 3, "hidden_rows"]
