"""The sheets of a workbook, their cells as Python values: by calamine, and where that fails by openpyxl."""

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import python_calamine as calamine

from ...errors import NotALogError
from .raw import File

Range = tuple[tuple[int, int], tuple[int, int]]
"""The first and the last cell of merged ones: row and column, from 0."""


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its rows from the first, whether it is shown, and which of its cells are merged."""

    name: str
    rows: list[list[Any]]
    visible: bool = True
    merged: Sequence[Range] = ()


def sheets_in(file: File) -> list[Sheet]:
    """Return the sheets of a workbook; raise `NotALogError` where none of the two libraries can read it."""
    try:
        return _by_calamine(file)
    except calamine.PasswordError:
        raise NotALogError(f"{file.name} is locked with a password. Save a copy without one.") from None
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of the library derives from BaseException
        sheets = _by_openpyxl(file)
        if sheets:
            return sheets
        reason = " ".join(str(error).split())[:200]
        raise NotALogError(
            f"{file.name} cannot be read as a workbook ({reason}). "
            "Open it in a spreadsheet and save it as .xlsx or as CSV."
        ) from None


def _by_calamine(file: File) -> list[Sheet]:
    with calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.data)) as book:
        sheets = []
        for about in book.sheets_metadata:
            if about.typ == calamine.SheetTypeEnum.WorkSheet:
                sheet = book.get_sheet_by_name(about.name)
                rows = sheet.to_python(skip_empty_area=False)
                visible = about.visible == calamine.SheetVisibleEnum.Visible
                sheets.append(Sheet(about.name, rows, visible, sheet.merged_cell_ranges or ()))
        return sheets


def _by_openpyxl(file: File) -> list[Sheet]:
    """Read what calamine cannot: slower by far, and less strict. Nothing where that fails too."""
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what it does not keep, such as drawings
            book = openpyxl.load_workbook(io.BytesIO(file.data), data_only=True)
        return [_sheet(sheet) for sheet in book.worksheets]
    except Exception:  # noqa: BLE001 - what fails is a damaged file, and the first reader has said why
        return []


def _sheet(sheet: Any) -> Sheet:
    rows = [["" if cell.value is None or cell.data_type == "e" else cell.value for cell in row] for row in sheet.rows]
    merged = [((one.min_row - 1, one.min_col - 1), (one.max_row - 1, one.max_col - 1)) for one in sheet.merged_cells]
    return Sheet(sheet.title, rows, sheet.sheet_state == "visible", merged)
