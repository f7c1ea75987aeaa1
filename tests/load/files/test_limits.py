"""No small file eats the memory of the machine: how far its cells reach is found before the memory is taken."""

import io
import os
import re
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import parquet

import reflectlab
from reflectlab import ArgumentError, NotALogError
from reflectlab.load.files.archives import Archive
from reflectlab.load.files.far_cells import extents_of
from reflectlab.load.files.raw import Extent, File, column_letter, column_number
from reflectlab.load.options import Options
from tests.load.files.test_opendocument import HEADER, ods, row, text

ROWS = [("Date", "Learner", "Goal", "What happened"), ("2026-08-03", "Aroha", "Hook", "started")]
CEILING = 600 * 2**20
"""Of the address space beyond what Python and the libraries take: far below what the cells between would need."""


def xlsx(path: Path, row_: int, column: int, cell: str) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Log")
        for number, cells in enumerate(ROWS):
            sheet.write_row(number, 0, cells)
        sheet.write(row_, column, cell)
    return path


def wide_csv(path: Path) -> Path:
    path.write_text(f"{','.join(ROWS[0])}{',' * 100_000}\n{','.join(ROWS[1])}{',' * 100_000}\n", "utf-8")
    return path


def alike(path: Path) -> Path:
    """Thirty million equal rows of Parquet in a few hundred kB."""
    same = pa.nulls(10**6, pa.int8()).fill_null(0)
    named = zip(("time", "learner_id", "goal_id", "event"), ROWS[1], strict=True)
    table = pa.table({name: pa.DictionaryArray.from_arrays(same, pa.array([value])) for name, value in named})
    with parquet.ParquetWriter(path, table.schema) as writer:
        for _ in range(30):
            writer.write_table(table)
    return path


def repeated(path: Path) -> Path:
    cells = re.sub(r"<table:table-cell", '<table:table-cell table:number-columns-repeated="500"', text("x"))
    return ods(path, Log=HEADER + row(text(*ROWS[1]) + cells, ' table:number-rows-repeated="1000000"'))


FILES: dict[str, Callable[[Path], Path]] = {
    "far.xlsx": lambda path: xlsx(path, 1_048_575, 16_383, "x"),
    "wide.csv": wide_csv,
    "repeated.ods": repeated,
    "alike.parquet": alike,
}


def read_in_little_memory(path: Path) -> str:
    """Load a file in a process that may not take much; return what it said."""
    code = "import resource, sys, reflectlab, reflectlab.load.assemble\n"
    code += "size = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
    code += f"resource.setrlimit(resource.RLIMIT_AS, (size + {CEILING},) * 2)\n"
    code += "try:\n    print(len(reflectlab.load(sys.argv[1]).events))\n"
    code += "except reflectlab.ReflectLabError as error:\n    print(type(error).__name__, error)\n"
    run = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "POLARS_MAX_THREADS": "1"},
    )
    assert run.returncode == 0, run.stderr[-500:]
    return run.stdout.strip()


@pytest.mark.skipif(sys.platform != "linux", reason="the ceiling is set as Linux does it")
@pytest.mark.parametrize("name", FILES)
def test_what_is_too_large_is_refused_before_memory_is_taken(tmp_path: Path, name: str) -> None:
    said = read_in_little_memory(FILES[name](tmp_path / name))
    assert said.startswith(f"NotALogError {name}")
    assert "was not opened: it" in said


@pytest.mark.skipif(sys.platform != "linux", reason="the ceiling is set as Linux does it")
@pytest.mark.parametrize("column", [0, 30])
def test_a_stray_blank_far_below_costs_nothing(tmp_path: Path, column: int) -> None:
    assert read_in_little_memory(xlsx(tmp_path / "log.xlsx", 1_048_575, column, " ")) == "1"


def test_beside_a_far_blank_merged_cells_are_filled(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "log.xlsx") as book:
        sheet = book.add_worksheet("Log")
        for number, cells in enumerate([*ROWS, ("", "Ben", "Hook", "met"), ("2026-08-04", "Ben", "Vary", "met")]):
            sheet.write_row(number, 0, cells)
        sheet.merge_range("A2:A3", "2026-08-03")
        sheet.write(1_048_575, 40, " ")
    log = reflectlab.load(tmp_path / "log.xlsx")
    assert log.events["time"].dt.strftime("%d").tolist() == ["03", "03", "04"]
    assert "merged_cells" in log.problems["code"].tolist()


def test_the_advice_to_raise_the_limits_is_followed(tmp_path: Path) -> None:
    header = [*ROWS[0], *(f"goal {number}" for number in range(6000))]
    (tmp_path / "wide.csv").write_text(f"{','.join(header)}\n{','.join(ROWS[1])}{',' * 6000}\n", "utf-8")
    with pytest.raises(NotALogError, match=r"6,004 columns, more than 5,000.*load\(\.\.\., raise_limits=2\)"):
        reflectlab.load(tmp_path / "wide.csv")
    assert len(reflectlab.load(tmp_path / "wide.csv", raise_limits=2).events) == 1


@pytest.mark.parametrize("times", [0, 0.5, -1, float("inf"), float("nan"), True, "2"])
def test_limits_are_raised_by_a_number(tmp_path: Path, times: object) -> None:
    with pytest.raises(ArgumentError, match="raise_limits"):
        reflectlab.load(tmp_path, raise_limits=times)


@pytest.mark.parametrize(("rows", "last"), [(450_000, "D"), (20_000, "CV")])
def test_a_full_sheet_of_many_rows_is_as_wide_as_it_is(rows: int, last: str) -> None:
    """However far the letters of its columns might reach, it is refused for none that it has not."""
    columns = column_number(last) + 1
    cells = "".join(f'<c r="{column_letter(n)}{{0}}"/>' for n in range(columns))
    sheet = "".join(f'<row r="{n}">{cells.format(n)}</row>' for n in range(1, rows + 1))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    ((_, extent),) = Archive(File("log.xlsx", out.getvalue()), times=100).extents()
    assert extent == Extent(rows, columns, rows * columns)
    extent.check("log.xlsx", Options())


def record(kind: int, data: bytes) -> bytes:
    return bytes([kind, len(data)]) + data


def test_how_far_the_cells_of_xlsb_and_xls_reach() -> None:
    rows = b"".join(
        record(0, struct.pack("<I", at) + bytes(13)) + record(7, struct.pack("<II", column, 0))
        for at, column in ((0, 0), (1, 3), (1_048_575, 16_383))
    )
    blank = record(1, struct.pack("<II", 20_000, 0))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.bin", rows + blank)
    file = File("log.xlsb", out.getvalue())
    assert [*extents_of(file, Archive(file))] == [("", Extent(1_048_576, 16_384, 3))]
    told = b"\x00\x02\x0e\x00" + struct.pack("<IIHHH", 0, 65_536, 0, 256, 0)
    assert [*extents_of(File("log.xls", b"\xd0\xcf\x11\xe0" + told), None)] == [("", Extent(65_536, 256, 5))]


NO_MORE = 0xFFFFFFFE


def compound(following: int = NO_MORE, small: int = NO_MORE, sizes: int = 0) -> bytes:
    """The head of an XLS, its table of which sector follows which, and an empty folder."""
    head = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0"))
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", head, 40, sizes, 1, 1, 0, 4096, small, sizes, NO_MORE, 0)
    struct.pack_into("<109I", head, 76, 0, *[0xFFFFFFFF] * 108)
    table = [0xFFFFFFFD, following, *[0xFFFFFFFF] * 126]
    return bytes(head) + struct.pack("<128I", *table) + bytes(512)


@pytest.mark.parametrize(
    "data", [compound(following=1), compound(small=1, following=1), compound(sizes=0xFFFFFFFF), compound()]
)
@pytest.mark.skipif(sys.platform != "linux", reason="the ceiling is set as Linux does it")
def test_an_xls_that_would_take_all_memory_ends_no_more_than_its_own_process(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "log.xls").write_bytes(data)
    assert read_in_little_memory(tmp_path / "log.xls").startswith("NotALogError log.xls cannot be read as a workbook")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no such files")
def test_what_has_no_end_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "log.csv")
    for path in (tmp_path / "log.csv", Path("/dev/zero")):
        with pytest.raises(NotALogError, match="a device or a pipe"):
            reflectlab.load(path)
    with pytest.raises(NotALogError, match="holds no file that a log could be in"):
        reflectlab.load(tmp_path)


def test_names_and_folders_that_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "circle.csv").symlink_to(tmp_path / "circle.csv")
    for path in (tmp_path / "circle.csv", tmp_path / ("x" * 300), tmp_path / "circle.csv" / "log.csv"):
        with pytest.raises(NotALogError, match=r"There is no file|cannot be read") as caught:
            reflectlab.load(path)
        assert len(str(caught.value)) < 400


@pytest.mark.parametrize("cut", [4, 12, 60, 200, -9, -1])
def test_damaged_parquet_is_one_sentence(tmp_path: Path, cut: int) -> None:
    out = io.BytesIO()
    pl.DataFrame({"time": ["2026-08-03"], "learner_id": ["a"], "goal_id": ["g"], "event": ["met"]}).write_parquet(out)
    data = bytearray(out.getvalue())
    (tmp_path / "log.parquet").write_bytes(data[:cut])
    with pytest.raises(NotALogError, match=r"log\.parquet"):
        reflectlab.load(tmp_path / "log.parquet")
    for at in range(8, len(data), 37):
        other = bytearray(data)
        other[at] ^= 0xFF
        (tmp_path / "log.parquet").write_bytes(other)
        try:
            reflectlab.load(tmp_path / "log.parquet")
        except reflectlab.ReflectLabError as error:
            assert "log.parquet" in str(error)  # noqa: PT017 - some bytes do no harm
