"""Dates: read as they are meant, decided from all of a file, or asked for; never guessed."""

from datetime import datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflectlab import AmbiguousDateError
from reflectlab.load.clean.dates.columns import Where, read_dates
from reflectlab.load.options import Options


def read(*texts: str, others: list[str] | None = None, **options: Any) -> pl.DataFrame:
    where = Where("log.csv", "date", lambda: [pl.Series(others or [], dtype=pl.String)])
    return read_dates(pl.Series(texts, dtype=pl.String), Options.checked(**options), where)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-07-20", "2026-07-20T00:00"),
        ("2026-7-2", "2026-07-02T00:00"),
        ("2026/07/20 9:05", "2026-07-20T09:05"),
        ("2026-07-20T09:15:01.5", "2026-07-20T09:15:01.5"),
        ("2025-01-01 08:27:07.712698221", "2025-01-01T08:27:07.712698"),
        ("20/07/2026", "2026-07-20T00:00"),
        ("20.7.26 9.05", "2026-07-20T09:05"),
        ("30/06/18, 22:22", "2018-06-30T22:22"),
        ("07/20/2026 12:30 AM", "2026-07-20T00:30"),
        ("Monday, 20 July 2026", "2026-07-20T00:00"),
        ("20th Jul 2026 at 3:15 p.m.", "2026-07-20T15:15"),
        ("July 20, 2026", "2026-07-20T00:00"),
        ("21 November 2020, 10:32:05 AM", "2020-11-21T10:32:05"),
        ("04/04/2026", "2026-04-04T00:00"),
    ],
)
def test_dates_as_people_write_them(text: str, moment: str) -> None:
    assert read(text)["time"].to_list() == [datetime.fromisoformat(moment)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-02-30", "no day of the calendar"),
        ("31/04/2026", "no day of the calendar"),
        ("20010720", "a number"),
        ("4600", "a number"),
        ("0026-07-20", "the year 26"),
        ("soon", "not a date"),
        ("2026-07-20 25:00", "not a date"),
        ("2026-07-20 13:00 pm", "not a date"),
        ("2026-07-20x", "not a date"),
        ("2026-07-2009:15:00", "not a date"),
    ],
)
def test_what_is_no_date_is_said_to_be_none(text: str, why: str) -> None:
    result = read("20/07/2026", text)
    assert result["time"].to_list() == [datetime(2026, 7, 20), None]
    assert why in result["why"][1]


def test_zoned_times_become_the_wall_clock_of_the_school() -> None:
    times = read("2026-07-19T21:15:00Z", "2026-07-20 09:15+12:00", "2026-07-20 09:15", tz="Pacific/Auckland")["time"]
    assert times.unique().to_list() == [datetime(2026, 7, 20, 9, 15)]


def test_one_date_decides_for_all() -> None:
    assert read("03/04/2026", "25/04/2026")["time"][0] == datetime(2026, 4, 3)
    assert read("03/04/2026", "04/25/2026")["time"][0] == datetime(2026, 3, 4)


def test_another_column_of_the_file_decides_too() -> None:
    assert read("03/04/2026", others=["x", "25/12/2025"])["time"][0] == datetime(2026, 4, 3)


def test_a_mark_elsewhere_is_no_date() -> None:
    with pytest.raises(AmbiguousDateError):
        read("03/04/2026", others=["8/20"])


def test_a_date_that_nothing_decides_is_asked_for() -> None:
    with pytest.raises(AmbiguousDateError, match=r'log\.csv: in the column "date", "03/04/2026".*dayfirst=True'):
        read("2026-07-20", "03/04/2026")
    assert read("03/04/2026", dayfirst=True)["time"][0] == datetime(2026, 4, 3)
    assert read("03/04/2026", dayfirst=False)["time"][0] == datetime(2026, 3, 4)


def test_dates_that_contradict_each_other_are_asked_for() -> None:
    with pytest.raises(AmbiguousDateError, match=r'"25/12/2026" and the month in "12/25/2026"'):
        read("25/12/2026", "12/25/2026")
    result = read("25/12/2026", "12/25/2026", dayfirst=True)
    assert "where the day is written first" in result["why"][1]


def test_a_year_is_asked_for_and_never_rolls_over() -> None:
    with pytest.raises(AmbiguousDateError, match="year=2026"):
        read("21 Nov, 10:32")
    with pytest.raises(AmbiguousDateError, match="year=2026"):
        read("1008", date_format="%m%d")
    assert read("1220", "0110", date_format="%m%d", year=2020)["time"].to_list() == [
        datetime(2020, 12, 20),
        datetime(2020, 1, 10),
    ]
    assert read("21 Nov, 10:32", year=2020)["time"].to_list() == [datetime(2020, 11, 21, 10, 32)]


def test_a_day_and_month_with_a_full_stop_after_each() -> None:
    assert read("20.7.", "3.8.", year=2026)["time"].to_list() == [datetime(2026, 7, 20), datetime(2026, 8, 3)]


def test_a_year_missing_from_one_date_is_listed() -> None:
    assert read("21 Nov 2020", "22 Nov")["why"].to_list() == [None, '"22 Nov" has no year.']


def test_a_date_shorter_than_its_format_is_remarked_on() -> None:
    result = read("1116", "116", "x", date_format="%m%d", year=2020)
    assert result["time"].to_list() == [datetime(2020, 11, 16), datetime(2020, 11, 6), None]
    assert "1106" in result["remark"][1]
    assert result["remark"][0] is None


def test_numbers_that_count_days_or_seconds() -> None:
    assert read("44084.5", date_format="excel")["time"][0] == datetime(2020, 9, 10, 12)
    assert read("42622.5", date_format="excel1904")["time"][0] == datetime(2020, 9, 10, 12)
    assert read("1600000000", date_format="unix", tz="Europe/Berlin")["time"][0] == datetime(2020, 9, 13, 14, 26, 40)
    assert read("1600000000000", date_format="unix_ms")["time"][0] == datetime(2020, 9, 13, 12, 26, 40)
    assert read("x", "1e99", "59", date_format="excel")["time"].to_list() == [None, None, None]


@pytest.mark.parametrize("number", ["46206", "46206.0", "20260703", "1783036800", "1783036800000"])
def test_numbers_beside_dates_are_read_as_what_is_of_the_same_time(number: str) -> None:
    result = read("2026-07-01", "06/07/2026", "15/07/2026", number, number)
    assert result["time"].to_list()[3:] == [datetime(2026, 7, 3)] * 2
    assert "2 of the dates of this column are numbers" in result["remark"][3]
    assert result["remark"].null_count() == 4


@pytest.mark.parametrize("form", ["excel", "swapped"])
def test_saying_what_numbers_are_loses_no_other_date(form: str) -> None:
    number = {"excel": "46206"}.get(form, "2026-03-07")
    times = read("2026-07-15", "16/07/2026", number, date_format=form)["time"].to_list()
    assert times == [datetime(2026, 7, 15), datetime(2026, 7, 16), datetime(2026, 7, 3)]


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (
            ("0206", "0213", "0517"),
            r'6 February to 17 May; .*date_format="%m%d", year=2026\)',
        ),
        (
            ("0602", "1302", "1705"),
            r'6 February to 17 May; .*date_format="%d%m", year=2026\)',
        ),
        (
            ("20260720", "20260925"),
            r'20 July 2026 to 25 September 2026; .*date_format="%Y%m%d"\)',
        ),
        (("1784505600", "1784592000"), r'seconds since 1970, .*date_format="unix"'),
        (("1784505600000", "1784592000000"), r'milliseconds since 1970, .*date_format="unix_ms"'),
        (("46223", "46225.5"), r'days of a spreadsheet, .*date_format="excel"'),
    ],
)
def test_a_column_of_numbers_is_asked_about_with_the_span_of_each_form(numbers: tuple[str, ...], said: str) -> None:
    with pytest.raises(AmbiguousDateError, match=said) as no:
        read(*numbers)
    assert no.value.argument == "date_format"


def test_the_trace_of_a_spreadsheet_that_swapped_day_and_month_is_asked_about() -> None:
    texts = ["2026-01-07", "2026-03-07", "2026-08-07", "13/7/2026", "15/7/2026"]
    with pytest.raises(AmbiguousDateError, match=r'2026-07-01 to 2026-07-15\): .*date_format="swapped"') as no:
        read(*texts)
    assert "dayfirst=True" in str(no.value)
    turned = read(*texts, date_format="swapped")["time"].to_list()
    assert [(moment.month, moment.day) for moment in turned] == [(7, 1), (7, 3), (7, 8), (7, 13), (7, 15)]
    assert read(*texts, dayfirst=True)["time"][0] == datetime(2026, 1, 7)


@pytest.mark.parametrize(
    "texts",
    [
        ("2026-07-01", "2026-07-03"),
        ("2026-07-01", "2026-07-03", "13 July 2026"),
        ("2026-07-01", "2026-07-14", "15/07/2026"),
        ("2026-07-01", "08/07/2026", "15/07/2026"),
        ("2026-07-10", "15/07/2026"),
    ],
)
def test_ordinary_columns_have_no_such_trace(texts: tuple[str, ...]) -> None:
    assert read(*texts)["time"].null_count() == 0


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-07-23 am", "2026-07-23T00:00"),
        ("2026-07-23 PM", "2026-07-23T12:00"),
        ("23/07/2026 morning", "2026-07-23T00:00"),
        ("Thursday 23 July 2026, afternoon", "2026-07-23T12:00"),
        ("23/07/2026 (a.m.)", "2026-07-23T00:00"),
        ("23/07/2026 9am", "2026-07-23T09:00"),
        ("2017 July 10 12:35", "2017-07-10T12:35"),
        ("lundi 20 juillet 2026", "2026-07-20T00:00"),
        ("20 de julio de 2026, 9:15", "2026-07-20T09:15"),
        ("Mo., 20. Juli 2026 um 14:30 Uhr", "2026-07-20T14:30"),
        ("20 июля 2026 г.", "2026-07-20T00:00"),
        ("1er août 2026", "2026-08-01T00:00"),
        ("2026年7月20日", "2026-07-20T00:00"),
        ("2026년 7월 20일", "2026-07-20T00:00"),
        ("20 Hūrae 2026", "2026-07-20T00:00"),
    ],
)
def test_half_days_and_months_of_other_languages(text: str, moment: str) -> None:
    assert read(text)["time"].to_list() == [datetime.fromisoformat(moment)]


def test_the_dates_of_a_column_tell_its_language() -> None:
    assert read("3 listopad 2026", "srpanj 4 2026", "1 lipanj 2026")["time"].to_list()[0] == datetime(2026, 10, 3)
    assert read("3 listopad 2026", "1 czerwiec 2026")["time"].to_list()[0] == datetime(2026, 11, 3)
    assert "is not a date" in read("3 listopad 2026", "2026-11-04")["why"][0]


@given(st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31)), st.sampled_from(["iso", "space", "day", "text"]))
def test_what_is_written_comes_back(moment: datetime, how: str) -> None:
    written = {
        "iso": moment.isoformat(),
        "space": moment.isoformat(sep=" "),
        "day": f"{moment:%d/%m/}{moment.year:04} {moment:%H:%M:%S.%f}",
        "text": f"{moment.day} {moment:%B} {moment.year:04}, {moment:%I:%M:%S.%f %p}",
    }
    assert read(written[how], dayfirst=True)["time"].to_list() == [moment]
