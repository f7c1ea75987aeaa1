"""Workbooks: cells as text, dates as ISO text in both date systems, and no panic of a library."""

import io
import zipfile
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

import reflectlab
from reflectlab import NotALogError
from reflectlab.load.files.raw import File
from reflectlab.load.files.workbook import _errors, read_workbook

MOMENTS = [datetime(2026, 7, 20), datetime(2026, 7, 20, 9, 37, 12), datetime(2026, 7, 20, 23, 59, 59)]


def workbook(sheets: dict[str, list[list[Any]]], **options: Any) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy hh:mm:ss", **options}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


@pytest.mark.parametrize("date_1904", [False, True])
def test_dates_read_alike_in_both_date_systems(date_1904: bool) -> None:
    data = workbook({"Log": [["date"], *([moment] for moment in MOMENTS)]}, date_1904=date_1904)
    (table,) = read_workbook(File("log.xlsx", data))
    assert table.frame["date"].to_list() == ["2026-07-20", "2026-07-20 09:37:12", "2026-07-20 23:59:59"]


def test_cells_become_text_and_keep_their_row() -> None:
    rows = [["Room 5"], [], ["id", "n", "", "when"], ["007", 7.0, True, time(9, 30)], [], ["NA", 0.25, "x", ""]]
    (table,) = read_workbook(File("log.xlsx", workbook({"Log": rows})))
    assert (table.sheet, table.header, table.header_row) == ("Log", ("id", "n", "(column C)", "when"), 3)
    assert table.frame.rows() == [("007", "7", "TRUE", "09:30:00", 4), ("NA", "0.25", "x", "", 6)]


def test_each_sheet_that_holds_anything_is_a_table() -> None:
    tables = read_workbook(File("log.xlsx", workbook({"One": [["a"], [1]], "None": [], "Two": [["b"], [2]]})))
    assert [table.sheet for table in tables] == ["One", "Two"]


def test_a_workbook_is_opened_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opened, own = [], zipfile.ZipFile.__init__

    def counted(*args: Any, **options: Any) -> None:
        opened.append(args)
        own(*args, **options)

    (tmp_path / "log.xlsx").write_bytes(_with_errors())
    monkeypatch.setattr(zipfile.ZipFile, "__init__", counted)
    assert "error_cell" in set(reflectlab.load(tmp_path / "log.xlsx").problems["code"])
    assert len(opened) == 1


@pytest.mark.parametrize("cut", [0.2, 0.6, 0.99])
def test_a_truncated_workbook_is_refused(cut: float) -> None:
    data = workbook({"Log": [["date", "learner"], ["2026-07-20", "a"]]})
    with pytest.raises(NotALogError, match=r"log\.xlsx"):
        read_workbook(File("log.xlsx", data[: int(len(data) * cut)]))


def test_what_would_unpack_to_too_much_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("xl/workbook.xml", b" " * 40 * 2**20)
    (tmp_path / "bomb.xlsx").write_bytes(out.getvalue())
    with pytest.raises(NotALogError, match="unpacks to more than 10 MB"):
        reflectlab.load(tmp_path / "bomb.xlsx")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", r"picture \(PNG\)"),
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04 and no more", "damaged"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "workbook"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"PAR1 and no more", "Parquet"),
    ],
)
def test_what_is_something_else_is_named_whatever_its_name_says(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "log.csv").write_bytes(data)
    with pytest.raises(NotALogError, match=said):
        reflectlab.load(tmp_path / "log.csv")


def _with_errors() -> bytes:
    """A sheet whose formulas failed, behind one that is no log, as a spreadsheet saves it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Über & mehr").write_formula("A1", "=NA()", None, "#N/A")
        sheet = book.add_worksheet("Log & notes")
        sheet.write_row("A2", ["date", "learner", "goal", "what happened", "minutes", "note"])
        sheet.write_row("A3", ["2026-07-20", "Aroha", "hook", "started"])
        sheet.write_formula("F3", '=IF(1>0,"<c>",1)', None, "#REF!")
        sheet.write_row("B4", ["Ben", "hook", "started"])
        sheet.write_formula("A4", "=1/0", None, "#DIV/0!")
        sheet.write_row("A5", ["2026-07-21", "Ben", "hook", "met", "", "#N/A is what I wrote"])
    return out.getvalue()


def test_each_error_of_a_formula_is_told_with_its_cell(tmp_path: Path) -> None:
    (tmp_path / "log.xlsx").write_bytes(_with_errors())
    log = reflectlab.load(tmp_path / "log.xlsx")
    errors = log.problems[log.problems["code"] == "error_cell"]
    assert errors[["sheet", "row", "column", "value"]].values.tolist() == [
        ["Log & notes", 3, "note", "#REF!"],
        ["Log & notes", 4, "date", "#DIV/0!"],
    ]
    assert errors["message"].str.contains("F3|A4").all()
    assert log.problems["code"].tolist() == ["error_cell", "error_cell", "missing_time"]
    assert log.account.loc[0, ["read", "loaded", "listed"]].tolist() == [3, 2, 1]
    assert log.events["note"].tolist()[1] == "#N/A is what I wrote"


def test_error_cells_of_other_writers() -> None:
    part = b"""<x:row><x:c r='B7' s="1" t='e'><x:f>A1&gt;2</x:f><x:v>#NAME?</x:v></x:c><x:c r="C7" t="e"/>
        <x:c r="D7" t="s"><x:v>3</x:v></x:c><x:c r="E7" t="e"><x:v>#NUM!</x:v></x:c></x:row>"""
    assert _errors(part) == [("B", 7, "#NAME?"), ("E", 7, "#NUM!")]
    assert _errors(b'<c r="A1" t="e">' * 20_000) == []


@pytest.mark.parametrize(("was", "becomes"), [(b'"UTF-8"', b'"UTF-6"'), (b'numFmtId="0"', b'numFmtId="x"')])
def test_damaged_styles_are_no_styles(was: bytes, becomes: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook({"Log": [["date", 7]]}))) as whole, zipfile.ZipFile(out, "w") as packed:
        for name in whole.namelist():
            data = whole.read(name)
            packed.writestr(name, data.replace(was, becomes) if name == "xl/styles.xml" else data)
    (table,) = read_workbook(File("log.xlsx", out.getvalue()))
    assert table.header == ("date", "7")
