"""Parquet of any type in any column: each row is loaded or listed, and a damaged file is one sentence."""

import base64
import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet

import reflectlab
from reflectlab.errors import NotALogError, ReflectLabError

EVENTS = {
    "time": ["2026-07-20 09:00:00"] * 3,
    "learner_id": ["a", "b", "c"],
    "goal_id": ["hook"] * 3,
    "event": ["started", "met", "stuck"],
    "chosen_by": ["learner"] * 3,
    "note": ["x"] * 3,
    "row": [1, 2, 3],
    "class_id": ["Room 5"] * 3,
}
ODD = {
    "bytes": pl.Series([b"007", b"\xff\xfe", None], dtype=pl.Binary),
    "yes or no": pl.Series([True, False, None]),
    "no number": pl.Series([1.5, float("nan"), None]),
    "without end": pl.Series([float("inf"), -0.0, 1e300]),
    "money": pl.Series(["1.50", "2.00", None]).cast(pl.Decimal(10, 2)),
    "length": pl.Series([1, 2, None]).cast(pl.Duration("us")),
    "hour": pl.Series([dt.time(9), None, dt.time(1)]),
    "first day": pl.Series([dt.date(2026, 7, 20), None, dt.date(1, 1, 1)]),
    "last day": pl.Series([dt.datetime(2026, 7, 20, 9), None, dt.datetime(9999, 12, 31)]),
    "zone": pl.Series([dt.datetime(2026, 7, 20, 9)] * 3).dt.replace_time_zone("Pacific/Auckland"),
    "words": pl.Series(["a", "b", None]).cast(pl.Enum(["a", "b"])),
    "nothing": pl.Series([None] * 3),
    "large": pl.Series([2**64 - 1, 0, None], dtype=pl.UInt64),
    "larger": pl.Series([1, 2**100, None], dtype=pl.Int128),
}


def written(folder: Path, **columns: object) -> Path:
    path = folder / "log.parquet"
    pl.DataFrame(EVENTS).with_columns(**columns).write_parquet(path)
    return path


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("column", EVENTS)
def test_each_row_is_loaded_or_listed(tmp_path: Path, column: str, odd: str) -> None:
    path = written(tmp_path, **{column: ODD[odd]})
    try:
        account = reflectlab.load(path, tz="Pacific/Auckland").account
    except ReflectLabError:
        return  # as one sentence
    assert (account["read"] == account["loaded"] + account["listed"]).all()


@pytest.mark.parametrize(
    "ids", [[7, 8, 12], [7.0, 8.0, 12.0], [b"7", b"8", b"12"]], ids=["whole numbers", "with a fraction of 0", "bytes"]
)
def test_an_id_that_is_no_text_is_as_it_is_written(tmp_path: Path, ids: list[object]) -> None:
    log = reflectlab.load(written(tmp_path, learner_id=pl.Series(ids)), tz="Pacific/Auckland")
    assert log.events["learner_id"].tolist() == ["7", "8", "12"]
    assert log.problems["code"].tolist() == ["unknown_column"]  # the class, which has its place in a roster


@pytest.mark.parametrize("damaged", ["PANIC", "ABORT"])
def test_a_damaged_file_is_one_sentence(tmp_path: Path, damaged: str, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "log.parquet").write_bytes(base64.b64decode(globals()[damaged]))
    with pytest.raises(NotALogError, match=r"^log.parquet cannot be read as Parquet \([^\n]+\)\.$"):
        reflectlab.load(tmp_path / "log.parquet")
    assert capfd.readouterr() == ("", "")


def test_text_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    """Parquet says of a column that it is text, and Arrow believes it; Polars would come to grief over it."""
    ends = pa.py_buffer(np.array([0, 2, 4], dtype=np.int32))
    bytes_as_text = pa.Array.from_buffers(pa.string(), 2, [None, ends, pa.py_buffer(b"ab\xff\xfe")])
    table = pa.table({"learner_id": bytes_as_text, "time": ["2026-07-20"] * 2, "goal_id": ["hook"] * 2})
    parquet.write_table(table, tmp_path / "log.parquet")
    with pytest.raises(NotALogError, match=r"^log.parquet cannot be read as Parquet \(Column 0: .*Invalid UTF8"):
        reflectlab.load(tmp_path / "log.parquet")


PANIC = (
    "UEFSMRUEFS4VQEwVAhUAAAAotS/9IBe5AAATAAAAMjAyNi0wNy0yMCAwOTowMDowMBUAFRAVIiwVZBUQFQYVBhw2ACgTMjAyNi0wNy0yMCAw"
    "OTowMDowMBgTMjAyNi0wNy0yMCAwOTowMDowMAAAACi1L/0gCEEAAAIAAABkAQBkFQwZNQAGEBkYBHRpbWUVDBZkFtYBFvoBJmImCBw2ACgT"
    "MjAyNi0wNy0yMCAwOTowMDowMBgTMjAyNi0wNy0yMCAwOTowMDowMAAAFQQVqAUV9AFMFWQVAAAAKLUv/WBUAIUDACKECw7ApQ3/frK7N+3k"
    "Kh5tpfeAZLCiubjxs6K5uCFnRXNxw2dFc3Gj4axoLm4EJIEwIODXQ8YNNmTcYEMMXjZk3GBDxg02ZNzBywwZN9iQcYMNGXfwsiHjBhsybrAh"
    "eFwNDjzWRO5YE7lju4kIqQgVABVkFXYsFWQVEBUGFQYcNgAoAmE5GAJhMAAAACi1L/0gMpEBAAIAAABkAQYPQCAMRGEcSKIsTOM8UCRNVGVd"
    "WKZtXOd9YCiOZGmeaKqubOu+cCxNVGVdFQwZNQAGEBkYCmxlYXJuZXJfaWQVDBZkFuQGFsIDJqoFJpgDHDYAKAJhORgCYTAAABUEFRAVIkwV"
    "AhUAAAAotS/9IAhBAAAEAAAAaG9vaxUAFRAVIiwVZBUQFQYVBhw2ACgEaG9vaxgEaG9vawAAACi1L/0gCEEAAAIAAABkAQBkFQwZNQAGEBkY"
    "B2dvYWxfaWQVDBZkFnwWoAEm+AcmvAccNgAoBGhvb2sYBGhvb2sAABUEFQ4VIEwVAhUAAAAotS/9IAc5AAADAAAAc2V0FQAVEBUiLBVkFRAV"
    "BhUGHDYAKANzZXQYA3NldAAAACi1L/0gCEEAAAIAAABpAQBkFQwZNQAGEBkYBWV2ZW50FQwWZBZ2FpoBJvgJJr4JHDYAKANzZXQYA3NldAAA"
    "GRECGRgTMjAyNi0wNy0yMCAwOTowMDowMBkYEzIwMjYtMDctMjAgMDk6MDA6MDAVABkWAAAZEQIZGAJhMBkYAmE5FQAZFgAAGRECGRgEaG9v"
    "axkYBGhvb2sVABkWAAAZEQIZGANzZXQZGANzZXQVABkWAAAZHBZiFaABFgAAABkcFqoFFbABFgAAABkcFvgHFWQWAAAAGRwW+AkVYBYAAAAV"
    "AhlcSARyb290FQgAFQwlAhgEdGltZSUATBwAAAAVDCUCGApsZWFybmVyX2lkJQBMHAAAABUMJQIYB2dvYWxfaWQlAEwcAAAAFQwlAhgFZXZl"
    "bnQlAEwcAAAAFmQZHBlMJtwCHBUMGTUABhAZGAR0aW1lFQwWZBbWARb6ASZiJggcNgAoEzIwMjYtMDctMjAgMDk6MDA6MDAYEzIwrTYtMDct"
    "MjAgMDk6MDA6MDAAABaaDRUWFrILFWoAJuwIHBUMGTUABhAZGApsZWFybmVyX2lkFQwWZBbkBhbCAyaqBSaYAxw2ACgCYTkYAmEwAAAWsA0V"
    "GBacDBUmACaYCRwVDBk1AAYQGRgHZ29hbF9pZBUMFmQWfBagASb4Bya8Bxw2ACgEaG9vaxgEaG9vawAAFsgNFRYWyAwVLgAmkgscFQwZNQAG"
    "EBkYBWV2ZW50FQwWZBZ2FpoBJvgJJr4JHDYAKANzZXQYA3NldAAAFt4NFRYW8AwVKgAWrAoWZCYIFvYHFAAAGRwYDEFSUk9XOnNjaGVtYRjU"
    "Ai8vLy8vL1VBQUFBRUFBQUE4di8vL3hRQUFBQUVBQUVBQUFBS0FBc0FDQUFLQUFRQStQLy8vd3dBQUFBSUFBZ0FBQUFFQUFRQUFBQ01BQUFB"
    "WEFBQUFEQUFBQUFFQUFBQWNQLy8veGdBQUFBUUFBQUFDQUFBQUFFVUFBQUFBQUFBY1AvLy93VUFBQUJsZG1WdWRBQUFBSmovLy84WUFBQUFF"
    "QUFBQUFnQUFBQUJGQUFBQUFBQUFKai8vLzhIQUFBQVoyOWhiRjlwWkFEQS8vLy9HQUFBQUJBQUFBQUlBQUFBQVJRQUFBQUFBQURBLy8vL0Nn"
    "QUFBR3hsWVhKdVpYSmZhV1FBQU96Ly8vOHNBQUFBSUFBQUFCZ0FBQUFCRkFBQUVBQVNBQVFBRUFBUkFBZ0FBQUFNQUFBQUFBRDgvLy8vQkFB"
    "RUFBUUFBQUIwYVcxbEFBPT0AGE5Qb2xhcnMgKHB5dGhvbikgdmVyc2lvbiAyLjEuMCAoYnVpbGQgN2Y5MDJiZDNmZmQyN2ZmODJkMTQyNzhh"
    "MDlhMjk1ZmYyZjdhZWQ5MikZTBwAABwAABwAABwAAABLAwAAUEFSMQ=="
)
"""A file of 50 rows of which three bytes were changed: Polars gives up on it, and says so on standard error."""

ABORT = (
    "UEFSMRUEFRAVEEwVAhUAAAAABJQhB1cGABUAFRAVECwVAhUQFQYVBhw2ACgIAASUIQdXBgAYCAAElCEHVwYAAAAAAgAAAAIBAAMVBBk1AAYQ"
    "GRgEdGltZRUAFgIWjAEWjAEmMiYIHDYAKAgABJQhB1cGABgIAASUIQdXBgAAABUEFQ4VDkwVAhUAAAADAAAAMDA3FQAVEBUQLBUCFRAVBhUG"
    "HDYAKAMwMDcYAzAwNwAAAAIAAAACAQADFQwZNQAGEBkYCmxlYXJuZXJfaWQVABYCFnYWdiamAib+ARw2ACgDMDA3GAMwMDcAABUEFRAVEEwV"
    "AhUAAAAEAAAAaG9vaxUAFRAVECwVAhUQFQYVBhw2ACgEaG9vaxgEaG9vawAAAAIAAAACAQADFQwZNQAGEBkYB2dvYWxfaWQVABYCFnwWfCaA"
    "BCbWAxw2ACgEaG9vaxgEaG9vawAAFQQVDhUOTBUCFQAAAAMAAABzZXQVABUQFRAsFQIVEBUGFQYcNgAoA3NldBgDc2V0AAAAAgAAAAIBAAMV"
    "DBk1AAYQGRgFZXZlbnQVABYCFnYWdibaBSayBRw2ACgDc2V0GANzZXQAABUEFRYVFkwVAhUAAAAHAAAAbGVhcm5lchUAFRAVECwVAhUQFQYV"
    "Bhw2ACgHbGVhcm5lchgHbGVhcm5lcgAAAAIAAAACAQADFQwZNQAGEBkYCWNob3Nlbl9ieRUAFgIWjgEWjgEmsAcmgAccNgAoB2xlYXJuZXIY"
    "B2xlYXJuZXIAABUEFQ4VDkwVAhUAAAADAAAAJz0wFQAVEBUQLBVhFRAVBhUGHDYAKAMnPTEYAyc9MQAAAAIAAAACAQADFQwZNQAGEBkYBG5v"
    "dGUVABYCFnYWdiaqCSaCCRw2ACgDJz0xGAMnPTEAABUEFQgVCEwVAhUAAAADAAAAFQAVEBUQLBUCFRAVBhUGHDYAKAQDAAAAGAQDAAAAAAAA"
    "AgAAAAIBAAMVAhk1AAYQGRgDcm93FQAWAhZ0FnQm8AomzgocNgAoBAMAAAAYBAMAAAAAABkRAhkYCAAElCEHVwYAGRgIAASUIQdXBgAVABkW"
    "AAAZEQIZGAMwMDcZGAMwMDcVABkWAAAZEQIZGARob29rGRgEaG9vaxUAGRYAABkRAhkYA3NldBkYA3NldBUAGRYAABkRAhkYB2xlYXJuZXIZ"
    "GAdsZWFybmVyFQAZFgAAGRECGRgDJz0xGRgDJz0xFQAZFgAAGRECGRgEAwAAABkYBAMAAAAVABkWAAAZHBYyFWIWAAAAGRwWpgIVThYAAAAZ"
    "HBaABBVSFgAAABkcFtoFFU4WAAAAGRwWsAcVXhYAAAAZHBaqCRVOFgAAABkcFvAKFVIWAAAAFQIZjEgEcm9vdBUOABUEJQIYBHRpbWVsjBIc"
    "LAAAAAAAFQwlAhgKEGVhcm5lcl9pZCUATBwAAAAVDCUCGAdnb2FsX2lkJQBMHAAAABUMJQIYBWV2ZW50JQBMHAAAABUMJQIYCWNob3Nlbl9i"
    "eSUATBwAAAAVDCUCGARub3RlJQBMHAAAABUCJQIYA3JvdwAWAhkcGXwmvgEcFQQZNQAGEBkYBHRpbWUVABYCFowBFowBJjImCBw2ACgIAASU"
    "IQdXBgAYCAAElCEHVwYAAAAW7A4VFBaaDBU+ACacAxwVDBk1AAYQGRgKbGVhcm5lcl9pZBUAFgIWdhZ2JqYCJv4BHDYAKAMwMDcYAzAwNwAA"
    "FoAPFRYW2AwVKgAm/AQcFQwZNQAGEBkYB2dvYWxfaWQVABYCFnwWfCaABCbWAxw2ACgEaG9vaxgEaG9vawAAFpYPFRYWgg0VLgAm0AYcFQwZ"
    "NQAGEBkYBWV2ZW50FQAWAhZ2FnYm2gUmsgUcNgAoA3NldBgDc2V0AAAWrA8VFhawDRUqACa+CBwVDBk1AAYQGRgJY2hvc2VuX2J5FQAWAhaO"
    "ARaOASawByaABxw2ACgHbGVhcm5lchgHbGVhcm5lcgAAFsIPFRYW2g0VOgAmoAocFQwZNQAGEBkYBG5vdGUVABYCFnYWdiaqCSaCCRw2ACgD"
    "Jz0xGAMnPTEAABbYDxUWFpQOFSoAJuQLHBUCGTUABhAZGANyb3cVABYCFnQWdCbwCibOChw2ACgEAwAAABgEAwAAAAAAFu4PFRYWvg4VLgAW"
    "7AYWAiYIFuwGFAAAGRwYDEFSUk9XOnNjaGVtYRi8BS8vLy8vd1VDQUFBRUFBQUE4di8vL3hRQUFBQUVBQUVBQUFBS0FBc0FDQUFLQUFRQTFQ"
    "Ny8vd1FBQUFBSEFBQUFvQUVBQUd3QkFBQkFBUUFBbUFBQUFHZ0FBQUE4QUFBQUJBQUFBR2orLy84b0FBQUFFQUFBQUFnQUFBQUJBZ0FBQUFB"
    "QUFQVC8vLzhnQUFBQUFRQUFBQWdBQ1FBRUFBZ0FBd0FBQUhKdmR3Q2Mvdi8vR0FBQUFCQUFBQUFJQUFBQUFSUUFBQUFBQUFEYy92Ly9CQUFB"
    "QUc1dmRHVUFBQUFBeFA3Ly94Z0FBQUFRQUFBQUNBQUFBQUVVQUFBQUFBQUFCUC8vL3drQUFBQmphRzl6Wlc1Zllua0FBQURtLy8vL2xBQUFB"
    "SXdBQUFCb0FBQUFZQUFBQUJnQUFBQUJGQklBR2dBRUFCZ0FHUUFJQUF3QUVBQVVBQUVBQUFBRUFBQUE5UC8vL3lBQUFBQU1BQUFBQ0FBTUFB"
    "UUFDQUFJQUFBQU1Ec3dPM1V6TWpzQUFBQUFFQUFBQUY5UVRGOURRVlJGUjA5U1NVTkJURElBQUFBQUFBQUFBUGovLy84TUFBQUFDQUFJQUFB"
    "QUJBRDIvLy8vSUFBQUFBQUFCZ0FJQUFRQXJQLy8vd1VBQUFCbGRtVnVkQUFBQUpULy8vOFlBQUFBRUFBQUFBZ0FBQUFCRkFBQUFBQUFBTlQv"
    "Ly84SEFBQUFaMjloYkY5cFpBQzgvLy8vSEFBQUFCQUFBQUFJQUFBQUFSUUFBQUFBQUFEOC8vLy9CQUFFQUFvQUFBQnNaV0Z5Ym1WeVgybGtB"
    "QURzLy8vL01BQUFBQ0FBQUFBWUFBQUFBUW9BQUJBQUVnQUVBQkFBRVFBSUFBQUFEQUFBQUFBQSt2Ly8vd0lBQmdBR0FBUUFCQUFBQUhScGJX"
    "VUEAGE5Qb2xhcnMgKHB5dGhvbikgdmVyc2lvbiAyLjEuMCAoYnVpbGQgN2Y5MDJiZDNmZmQyN2ZmODJkMTQyNzhhMDlhMjk1ZmYyZjdhZWQ5"
    "MikZfBwAABwAABwAABwAABwAABwAABwAAACWBQAAUEFSMQ=="
)
"""A file found by fuzzing that tells of 2 EB: Polars ends the process."""
