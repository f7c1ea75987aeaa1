"""The workbook, written: each sheet with its header, its formats, its lists to choose from, and what is known."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from .entries import GivenRows
from .guide import lines
from .sheets import EXAMPLE_ROW, FIRST, LISTS_SHEET, LOG_SHEET, SheetColumn, SheetPlan

_CARRIED = '=IF(AND(B{row}<>"",ISNUMBER(OFFSET(B{row},-1,-1))),OFFSET(B{row},-1,-1),"")'
"""The date of the row above, where this row has a learner; told from the column beside it, so that rows may go."""

_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "head": {"bold": True, "font_size": 12},
    "header": {"bold": True, "font_color": "#ffffff", "bg_color": "#30506b", "align": "left"},
    "example": {"italic": True, "font_color": "#6b6b6b", "bg_color": "#f3f3f1", "align": "left"},
    "gap": {"bg_color": "#f3f3f1"},
    "text": {"num_format": "@"},
    "date": {"num_format": "ddd d mmm yyyy", "align": "left"},
    "number": {"num_format": "0", "align": "left"},
}


def build(learners: GivenRows, goals: GivenRows, *, class_id: str = "") -> bytes:
    """Return the workbook as it is written to a file."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        looks = {name: book.add_format(look) for name, look in _LOOKS.items()}
        _guide(book.add_worksheet("Start here"), looks)
        _log(book.add_worksheet(LOG_SHEET.name), looks)
        in_a_class = [[name, room or class_id, *more] for name, room, *more in ([*each, ""] for each in learners)]
        known = {"Learners": in_a_class, "Goals": goals}
        for plan in LISTS_SHEET:
            _list(book.add_worksheet(plan.name), plan, known.get(plan.name, []), looks)
        book.get_worksheet_by_name(LOG_SHEET.name).activate()
    return out.getvalue()


def _guide(sheet: Worksheet, looks: dict[str, Any]) -> None:
    """Write the guide into one column: a sheet of one column is no table."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 100)
    for row, (text, kind) in enumerate(lines()):
        sheet.write_string(row, 0, text, looks[kind])
    _page(sheet, landscape=False)


def _log(sheet: Worksheet, looks: dict[str, Any]) -> None:
    _columns(sheet, LOG_SHEET, looks)
    for number, cell in enumerate(EXAMPLE_ROW):
        sheet.write(1, number, cell, looks["example"])
    for row in range(FIRST + 1, LOG_SHEET.rows):
        sheet.write_formula(row, 0, _CARRIED.format(row=row + 1), looks["date"], "")
    # The dates, which are ready down to the last row, are repeated beside what is printed: else each row would be.
    sheet.print_area(0, 1, sheet.xls_rowmax - 2, len(LOG_SHEET.columns) - 1)
    sheet.repeat_columns(0)


def _list(sheet: Worksheet, plan: SheetPlan, rows: Sequence[Sequence[str]], looks: dict[str, Any]) -> None:
    _columns(sheet, plan, looks)
    sheet.set_row(1, 5)
    for number in range(len(plan.columns)):
        sheet.write_blank(1, number, None, looks["gap"])
    for row, cells in enumerate(rows, start=FIRST):
        for number, (column, text) in enumerate(zip(plan.columns, cells, strict=False)):
            _cell(sheet, row, number, column, text, looks)


def _cell(sheet: Worksheet, row: int, number: int, column: SheetColumn, text: str, looks: dict[str, Any]) -> None:
    """Write what is known as text, and a date as a date where it is one beyond doubt."""
    try:
        day = date.fromisoformat(text) if column.holds == "date" else None
    except ValueError:
        day = None
    if day is not None:
        sheet.write_datetime(row, number, day, looks["date"])
    elif text:
        sheet.write_string(row, number, text, looks["text"])


def _columns(sheet: Worksheet, plan: SheetPlan, looks: dict[str, Any]) -> None:
    """Write the header, and make the columns below it ready."""
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 22)
    for number, column in enumerate(plan.columns):
        sheet.write_string(0, number, column.header, looks["header"])
        sheet.set_column(number, number, column.width, looks[column.holds])
        if allowed := _allowed(column):
            sheet.data_validation(FIRST, number, plan.rows - 1, number, allowed)
    _page(sheet, landscape=True)
    sheet.repeat_rows(0)


def _page(sheet: Worksheet, *, landscape: bool) -> None:
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.set_footer("&L&A&RPage &P of &N")
    if landscape:
        sheet.set_landscape()


def _allowed(column: SheetColumn) -> dict[str, Any]:
    """Return what may stand in a column, and what is said where it is something else."""
    tip = {"input_title": column.header, "input_message": column.tip} if column.tip else {}
    if column.choose:
        listed = column.choose if isinstance(column.choose, str) else list(column.choose)
        said = {"error_title": column.header, "error_message": _not_listed(column)}
        return {"validate": "list", "source": listed, "show_error": column.strict, **said, **tip}
    if column.holds == "date":
        said = {"error_title": column.header, "error_message": "Write a date, as 20/7/2026."}
        return {"validate": "date", "criteria": ">=", "value": date(1990, 1, 1), **said, **tip}
    if column.holds == "number":
        said = {"error_title": column.header, "error_message": "Write a number."}
        return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1440, **said, **tip}
    return {"validate": "any", **tip} if tip else {}


def _not_listed(column: SheetColumn) -> str:
    if isinstance(column.choose, str):
        sheet = column.choose[1:].split("!")[0]
        return f"This stands on no row of the sheet {sheet}. Choose from the list, or write it there first."
    return f"Choose from the list: {', '.join(column.choose)}."
