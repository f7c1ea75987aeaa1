"""The cells of a workbook by calamine; those of an XLS or XLSB in a process of its own, which it may end.

The sectors of an XLS can lead in a circle and its head can tell of sizes that it does not have: calamine then takes
memory without end, or ends the process that it is in; what it says as it gives up stays there too. This file is what
that process runs: it imports nothing of ours.
"""

import io
import pickle
import re
import subprocess
import sys
from typing import Any

import python_calamine as calamine

CellsOfSheet = tuple[str, list[list[Any]], bool, Any]
"""A sheet: its name, its rows from the first, whether it is shown, and the ranges of its merged cells."""

_LEAST, _TIMES = 300 * 2**20, 20
"""How many bytes the other process may take beyond what Python does: so many, and so many times the file."""

_SECONDS = 120


def cells_of(data: bytes) -> list[CellsOfSheet]:
    """Return the sheets of a workbook; what fails is raised as calamine raises it."""
    with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        found = []
        for about in book.sheets_metadata:
            if about.typ == calamine.SheetTypeEnum.WorkSheet:
                sheet = book.get_sheet_by_name(about.name)
                rows = sheet.to_python(skip_empty_area=False)
                visible = about.visible == calamine.SheetVisibleEnum.Visible
                found.append((about.name, rows, visible, sheet.merged_cell_ranges or ()))
        return found


def cells_apart(data: bytes, times: float = 1) -> list[CellsOfSheet]:
    """Return the sheets of a workbook that another process reads, which may take so many `times` the usual memory."""
    most = int(times * (_LEAST + _TIMES * len(data)))
    command = [sys.executable, "-I", __file__, str(most)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS * times, check=False)
    except subprocess.TimeoutExpired:
        raise ValueError("it takes minutes") from None
    if done.returncode:
        raise ValueError("it is damaged, and takes more memory than such a file may")
    found, error = pickle.loads(done.stdout)
    if error is not None:
        raise getattr(calamine, error[0], ValueError)(error[1])
    return list(found)


def _main() -> None:
    data = sys.stdin.buffer.read()
    _limit(int(sys.argv[1]))
    try:
        told: Any = cells_of(data), None
    except BaseException as error:  # noqa: BLE001 - a panic of the library derives from BaseException
        told = None, (type(error).__name__, str(error))
    sys.stdout.buffer.write(pickle.dumps(told))


def _limit(most: int) -> None:
    """Let this process take no more memory, where the system can be told so."""
    if sys.platform == "linux":
        import resource
        from pathlib import Path

        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + most,) * 2)


_DIGITS_AND_MARKS = re.compile(r"""(?:0|-|\s|\\.|"[^"]*"|[()/_])*""")

_SHARE = re.compile(r"0(?:\.(0+))?%")


def as_shown(value: str, code: str) -> str | None:
    """Return a number as its format shows it; None where it is no whole number, or the format is another.

    Examples
    --------
    >>> as_shown("7", "000"), as_shown("1234567", '"R"000-0000'), as_shown("0.85", "0%"), as_shown("0.5", "000")
    ('007', 'R123-4567', '85%', None)
    """
    try:
        number = float(value)
    except ValueError:
        return None
    if share := _SHARE.fullmatch(code):
        return f"{number * 100:.{len(share[1] or '')}f}%"
    if not number.is_integer() or number < 0 or number >= 1e15:
        return None
    pieces = re.findall(r'"[^"]*"|\\.|.', code)
    digits = str(int(number)).rjust(pieces.count("0"), "0")
    extra, rest = len(digits) - pieces.count("0"), iter(digits)
    shown = []
    for piece in pieces:
        if piece == "0":
            taken = extra + 1 if extra else 1
            extra = 0
            shown.append("".join(next(rest) for _ in range(taken)))
        else:
            shown.append(piece.strip('"') if piece.startswith('"') else piece[-1])
    return "".join(shown)


def adds(code: str) -> bool:
    """Tell whether a format shows more of a number than its digits.

    >>> adds("000"), adds("0")
    (True, False)
    """
    digits = code.count("0")
    plain = _DIGITS_AND_MARKS.fullmatch(code) is not None and digits > 0 and code != "0"
    return plain or _SHARE.fullmatch(code) is not None


if __name__ == "__main__":
    _main()
