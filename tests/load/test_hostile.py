"""Every kind of hostile file beside a clean twin: read equal to it, or refused by one clear error; soon, and in little.

`TWINS` are read equal: the same events and episodes, in the same rows. `LISTED` are equal but for rows that are named.
`REFUSED` end in one error that names the file. What is packed is in `test_archives`, what is deep in `test_any_json`.
"""

import io
import tracemalloc
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
import pytest
import xlsxwriter

from reflectlab import NotALogError, ProgressLog
from tests.load.conftest import Load, listed

HEADER = ["date", "learner", "goal", "what happened", "with", "minutes", "note"]
ROWS = [
    ["2026-07-20", "Chloë", "hook", "started", "", "", "first"],
    ["2026-07-21", "007", "hook", "worked", "Chloë", "2.5", 'says "yes", twice'],
    ["2026-07-22", "NA", "1e5", "met", "", "", "é"],
    ["2026-07-23", "None", "hook", "stuck", "", "", ""],
    ["2026-07-24", "1e5", "null", "worked with", "007; NA", "15", "a\nb"],
]


def text(delimiter: str = ",", end: str = "\n", rows: list[list[str]] = ROWS, header: list[str] = HEADER) -> str:
    return end.join(delimiter.join(quoted(cell, delimiter) for cell in row) for row in [header, *rows]) + end


def quoted(cell: str, delimiter: str) -> str:
    plain = not any(letter in cell for letter in (delimiter, '"', "\n"))
    return cell if plain else '"' + cell.replace('"', '""') + '"'


CLEAN = text()


def each(change: Callable[[str], str]) -> str:
    """The log, every cell of its rows changed."""
    return text(rows=[[change(cell) for cell in row] for row in ROWS])


def workbook(date_1904: bool = False, merged: bool = False) -> bytes:
    """The log as a workbook, its dates and numbers as such."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": date_1904}) as book:
        sheet, day = book.add_worksheet("Term 3"), book.add_format({"num_format": "d mmm yyyy"})
        if merged:
            sheet.merge_range(0, 0, 0, 3, "Room 5")
        top = 1 if merged else 0
        sheet.write_row(top, 0, HEADER)
        for number, row in enumerate(ROWS, start=top + 1):
            sheet.write_datetime(number, 0, pd.Timestamp(row[0]).to_pydatetime(), day)
            for place, cell in enumerate(row[1:], start=1):
                if cell and place == 5:
                    sheet.write_number(number, place, float(cell))
                else:
                    sheet.write_string(number, place, cell)
    return out.getvalue()


def serial(first: str) -> str:
    """The log with days counted as spreadsheets do."""
    count = [str((pd.Timestamp(row[0]) - pd.Timestamp(first)).days) for row in ROWS]
    return text(rows=[[day, *row[1:]] for day, row in zip(count, ROWS, strict=True)])


TWINS: dict[str, tuple[str | bytes, dict[str, Any]]] = {
    "utf-8 with a mark": (CLEAN.encode("utf-8-sig"), {}),
    "utf-16 le": (b"\xff\xfe" + CLEAN.encode("utf-16-le"), {}),
    "utf-16 be": (b"\xfe\xff" + CLEAN.encode("utf-16-be"), {}),
    "utf-16 le, tabs": (b"\xff\xfe" + text("\t").encode("utf-16-le"), {}),
    "utf-16 without a mark": (CLEAN.encode("utf-16-le"), {}),
    "utf-32": (CLEAN.encode("utf-32"), {}),
    "cp1252": (CLEAN.encode("cp1252"), {}),
    "semicolons, decimal commas": (text(";").replace("2.5", "2,5"), {}),
    "bars": (text("|"), {}),
    "sep=": ("sep=;\n" + text(";"), {}),
    "bare cr": (text(end="\r").replace("a\nb", "a\nb"), {}),
    "cr lf": (text(end="\r\n"), {}),
    "mixed line ends": (CLEAN.replace("first\n", "first\r\n").replace("é\n", "é\r"), {}),
    "no line end at the end": (CLEAN.rstrip("\n"), {}),
    "line ends after the end": (CLEAN + "\n\n\r\n", {}),
    "quotes round everything": (
        "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [HEADER, *ROWS]),
        {},
    ),
    "blanks after the commas": ("\n".join(", ".join(quoted(c, ",") for c in row) for row in [HEADER, *ROWS]), {}),
    "delimiters at the ends of rows": (text(rows=[[*row, ""] for row in ROWS]), {}),
    "a delimiter at the end of the header": (text(header=[*HEADER, ""]), {}),
    "comment lines": ("% kept by room 5\n# since July\n" + CLEAN, {}),
    "a title, blank rows": ("Room 5\n\n" + CLEAN, {}),
    "a blank column": (text(header=["", *HEADER], rows=[["", *row] for row in ROWS]), {}),
    "a second column of the same name": (text(header=[*HEADER, "note"], rows=[[*row, ""] for row in ROWS]), {}),
    "trailing spaces": (each(lambda cell: f" {cell}  " if cell and "\n" not in cell and '"' not in cell else cell), {}),
    "no-break spaces": (
        each(lambda cell: f"{cell}\u00a0" if cell and "\n" not in cell and '"' not in cell else cell),
        {},
    ),
    "names in nfd": (each(lambda cell: unicodedata.normalize("NFD", cell)), {}),
    "names in both forms": (CLEAN.replace(",Chloë,2", "," + unicodedata.normalize("NFD", "Chloë") + ",2"), {}),
    "days of excel": (serial("1899-12-30"), {"date_format": "excel"}),
    "days of excel since 1904": (serial("1904-01-01"), {"date_format": "excel1904"}),
    "a workbook": (workbook(), {}),
    "a workbook since 1904": (workbook(date_1904=True), {}),
    "a merged title": (workbook(merged=True), {}),
}


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[list[Any]], list[list[Any]]]:
    import reflectlab

    file = tmp_path_factory.mktemp("twin") / "log.csv"
    file.write_text(CLEAN, "utf-8")
    return told(reflectlab.load(file))


def told(log: ProgressLog) -> tuple[list[list[Any]], list[list[Any]]]:
    """What a log says: its events, and who was together, in order; blanks around notes are theirs."""
    events = log.events[["time", "learner_id", "goal_id", "event", "note"]].fillna("").astype(str)
    together = log.collaborations[["time", "learner_id", "goal_id", "minutes", "note"]].astype(str)
    return strip(events), sorted(strip(together))


def strip(frame: pd.DataFrame) -> list[list[Any]]:
    return [[unicodedata.normalize("NFC", str(cell).strip()) for cell in row] for row in frame.to_numpy().tolist()]


@contextmanager
def small(megabytes: int = 64) -> Iterator[None]:
    """Within so many megabytes of Python's."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < megabytes * 2**20


@pytest.mark.parametrize("name", TWINS)
def test_it_is_read_equal_to_its_clean_twin(
    load: Load, twin: tuple[list[list[Any]], list[list[Any]]], name: str
) -> None:
    data, options = TWINS[name]
    with small():
        log = load(data, "log.csv", **options)
    assert told(log) == twin
    assert listed(log) == []


def test_nfc_and_nfd_are_one_child(load: Load) -> None:
    log = load(CLEAN.replace(",Chloë,2", "," + unicodedata.normalize("NFD", "Chloë") + ",2"))
    assert sorted(log.learners["learner_id"]) == ["007", "1e5", "Chloë", "NA", "None"]


LISTED: dict[str, tuple[str | bytes, list[tuple[int, str]]]] = {
    "too few cells": (CLEAN.replace("2026-07-22,NA,1e5,met,,,é", "2026-07-22,NA,1e5,met"), [(4, "ragged_row")]),
    "too many cells": (CLEAN.replace(",met,,,é", ",met,,,é,,"), [(4, "ragged_row")]),
    "a comma that is not quoted": (CLEAN.replace(",met,,,é", ",met,,,so, é"), [(4, "ragged_row")]),
    "a comma lost before a quote": (CLEAN.replace(",met,,,é", ',met,,5"so, é"'), [(4, "bad_quote")]),
    "a quote that is not closed": (CLEAN.replace(",met,,,é", ',met,,,"é'), [(4, "bad_quote")]),
    "a quote after a quoted cell": (CLEAN.replace(",met,,,é", ',met,,,"é"x'), [(4, "bad_quote")]),
    "the header again": (
        CLEAN.replace("2026-07-23,None", CLEAN.split("\n")[0] + "\n2026-07-23,None"),
        [(5, "repeated_header")],
    ),
    "no such day": (CLEAN.replace("2026-07-22", "2026-02-30"), [(4, "bad_time")]),
    "an error of a spreadsheet": (CLEAN.replace("2026-07-22", "#VALUE!"), [(4, "bad_time")]),
    "a total below": (CLEAN + "Total,,,,,17.5,\n", [(7, "total_row")]),
    "a footer": (CLEAN + "Printed by the office\n", [(7, "ragged_row")]),
}


@pytest.mark.parametrize("name", LISTED)
def test_a_row_out_of_form_is_listed_and_the_others_equal_the_twin(
    load: Load, twin: tuple[list[list[Any]], list[list[Any]]], name: str
) -> None:
    data, expected = LISTED[name]
    with small():
        log = load(data)
    assert listed(log) == expected
    events = [
        event for event in twin[0] if event[1] != "NA" or name in ("the header again", "a total below", "a footer")
    ]
    assert told(log)[0] == events


REFUSED: dict[str, tuple[str, bytes, str]] = {
    "nothing": ("log.csv", b"", "is empty"),
    "blanks": ("log.csv", b" \r\n\t\n", "is empty"),
    "nul bytes": ("log.csv", CLEAN.replace("hook", "ho\0ok").encode(), "NUL"),
    "half a letter of utf-16": ("log.csv", b"\xff\xfe" + CLEAN.encode("utf-16-le")[:-1], "not valid utf-16"),
    "a broken letter of utf-8": ("log.csv", CLEAN.encode().replace("é".encode(), b"\xc3"), "line"),
    "a workbook cut short": ("log.xlsx", workbook()[:3000], "damaged|workbook"),
    "a workbook without its end": ("log.xlsx", workbook()[:-30], "damaged|workbook"),
    "a workbook with a password": (
        "log.xlsx",
        b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
        "password",
    ),
    "a picture": ("log.csv", b"\x89PNG\r\n\x1a\n\0\0", "picture"),
    "no log": ("log.csv", b"a,b\n1,2\n", "no log that we know"),
    "a web page": ("log.xls", b"<html><body><table><tr><td>date</td></tr></table></body></html>", "log.xls"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_by_one_clear_error(load: Load, name: str) -> None:
    file, data, said = REFUSED[name]
    with small(), pytest.raises(NotALogError, match=said) as caught:
        load(data, file)
    assert file in str(caught.value)


def test_a_cell_of_ten_megabytes_is_read(load: Load) -> None:
    large = "x" * 10_000_000
    with small(megabytes=256):
        log = load(CLEAN.replace("first", large))
    assert log.events["note"].iloc[0] == large


def test_an_open_quote_before_ten_megabytes_costs_no_more(load: Load) -> None:
    with small(megabytes=512):
        log = load(CLEAN + '2026-07-25,"Chloë,hook,met,,,\n' + "2026-07-25,Chloë,hook,met,,,\n" * 20_000)
    assert listed(log) == [(7, "bad_quote")]
    assert len(log.events) == 20_004


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ("2026-09-27 02:30", ["The clock never showed this"]),  # the clock went from 2:00 to 3:00
        ("2026-04-05 02:30", []),  # the clock said so twice: what was written is kept
        ("2026-09-27", []),
        ("2026-04-05T02:30:00+12:00", []),
    ],
)
def test_times_that_the_clock_left_out_are_remarked_on(load: Load, time: str, said: list[str]) -> None:
    log = load(f"date,learner,goal,what happened\n{time},Aroha,hook,met\n", tz="Pacific/Auckland")
    assert log.events["time"].iloc[0].strftime("%Y-%m-%d") == time[:10]
    assert listed(log) == []
    messages = log.problems.loc[log.problems["row"] == 2, "message"].tolist()
    assert [word for word in said if any(word in message for message in messages)] == said
    assert len(messages) == len(said)


def test_zoned_times_on_either_side_of_a_change_of_the_clock_read_as_the_wall_clock(load: Load) -> None:
    times = ["2026-09-26T13:59:59Z", "2026-09-26T14:00:00Z", "2026-04-04T13:30:00Z", "2026-04-04T14:30:00Z"]
    body = "".join(f"{moment},Aroha,g{number},met\n" for number, moment in enumerate(times))
    log = load("date,learner,goal,what happened\n" + body, tz="Pacific/Auckland")
    wall = [moment.isoformat() for moment in log.events.sort_values("row")["time"]]
    assert wall == ["2026-09-27T01:59:59", "2026-09-27T03:00:00", "2026-04-05T02:30:00", "2026-04-05T02:30:00"]


def without_a_name() -> bytes:
    """An archive whose one part has a name that `zipfile` takes for none."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("Qx", CLEAN)
    return out.getvalue().replace(b"Qx", b"\0x")


FUZZED = {
    "a header that is a pattern": ("log.csv", b"*,^.*$,goal\n1,2,3\n"),
    "a part without a name": ("log.zip", without_a_name()),
    "blanks in utf-16": ("log.json", b"\x0b\x00"),
    "blanks in utf-16, with a mark": ("log.csv", b"\xff\xfe\x0b\x00"),
}
"""What fuzzing found, as small as it would go."""


@pytest.mark.parametrize("name", FUZZED)
def test_what_fuzzing_found_ends_in_one_clear_error(load: Load, name: str) -> None:
    file, data = FUZZED[name]
    with pytest.raises(NotALogError, match=file):
        load(data, file)


def test_a_column_may_be_called_what_polars_takes_for_a_pattern(load: Load) -> None:
    log = load("date,learner,goal,what happened,*,^a$\n2026-07-20,Aroha,hook,met,x,y\n")
    assert log.problems["column"].tolist() == ["* (column E)", "^a$ (column F)"]
