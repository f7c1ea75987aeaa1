"""When things happened, and spreadsheets as they are: each input that was misread, and others of the same kind."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

import reflectlab
from reflectlab import AmbiguousDateError, MissingColumnError, ProgressLog
from reflectlab.problems import KEPT
from tests.load.conftest import balanced

HEADER = ["date", "learner", "goal", "what happened"]

Book = Callable[..., Path]


def loaded(path: Path, **options: Any) -> ProgressLog:
    return balanced(reflectlab.load(path, **options))


def times(log: ProgressLog) -> list[str]:
    return [f"{time:%m-%d %H:%M}" if time.hour else f"{time:%m-%d}" for time in log.events["time"]]


def codes(log: ProgressLog) -> list[str]:
    return log.problems["code"].tolist()


def left_out(log: ProgressLog) -> pd.DataFrame:
    return log.problems[~log.problems["code"].isin(KEPT)]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a class log of four columns, or another header."""

    def written(text: str, header: str = ",".join(HEADER), name: str = "log.csv") -> Path:
        (tmp_path / name).write_text(f"{header}\n{text}", "utf-8")
        return tmp_path / name

    return written


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Writes a workbook of one sheet, and lets something be done with it before it is closed."""

    def written(rows: list[list[Any]], dress: Callable[[Any, Any], None] = lambda book, sheet: None) -> Path:
        path = tmp_path / "log.xlsx"
        with xlsxwriter.Workbook(path, {"default_date_format": "d/m/yyyy"}) as one:
            sheet = one.add_worksheet("log")
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            dress(one, sheet)
        return path

    return written


def july(*days: int) -> list[dt.date]:
    return [dt.date(2026, 7, day) for day in days]


# dates carried down


def test_a_date_written_once_a_day_counts_for_the_rows_below(write: Callable[..., Path]) -> None:
    path = write("20/07/2026,Aroha,hook,started\n,Ben,hook,started\n ,Chloe,hook,started\n22/07/2026,Ben,hook,met\n")
    log = loaded(path)
    assert times(log) == ["07-20", "07-20", "07-20", "07-22"]
    assert log.problems[["row", "code"]].values.tolist() == [[3, "carried_date"]]
    assert "2 rows" in log.problems["message"][0]
    assert left_out(loaded(path, fill_dates=False))["code"].tolist() == ["missing_time", "missing_time"]


def test_what_is_said_of_one_row_is_said_of_one(write: Callable[..., Path]) -> None:
    path = write("20/07/2026,Aroha,hook,started\n,Ben,hook,started\n")
    assert loaded(path).problems["message"].tolist() == ["This row has no date; it was read with the date above it."]
    with pytest.raises(reflectlab.StrictError, match=r"^A row could not be used: \S+, row 3: "):
        reflectlab.load(path, fill_dates=False, strict=True)


def test_nothing_is_carried_on_from_what_is_no_date_or_from_nothing(write: Callable[..., Path]) -> None:
    log = loaded(write(",Ben,hook,started\n20/07/2026 9:15,Aroha,hook,started\nsoon,Ben,hook,met\n,Chloe,hook,met\n"))
    assert left_out(log)[["row", "code"]].values.tolist() == [[2, "missing_time"], [4, "bad_time"], [5, "missing_time"]]


def test_what_is_carried_is_the_day_and_not_the_time_of_day(write: Callable[..., Path]) -> None:
    assert times(loaded(write("2026-07-20 09:15,Aroha,hook,started\n,Ben,hook,met\n"))) == ["07-20 09:15", "07-20"]


# swapped dates


def test_swapped_dates(cases: Path) -> None:
    with pytest.raises(AmbiguousDateError, match=r'swapped day and month.*date_format="swapped"'):
        loaded(cases / "swapped_dates.xlsx")
    log = loaded(cases / "swapped_dates.xlsx", date_format="swapped")
    assert times(log)[:6] == ["07-01", "07-03", "07-06", "07-08", "07-10", "07-13"]
    assert (len(log.events), codes(log)) == (12, [])


@pytest.mark.parametrize(
    ("cells", "texts", "right"),
    [
        ([dt.date(2026, 2, 8), dt.date(2026, 4, 8), dt.date(2026, 12, 8)], ["13/08/2026", "14/08/2026"], "08-02"),
        ([dt.date(2026, 9, 3), dt.date(2026, 9, 5)], ["9/14/2026", "9/17/2026"], None),
        ([dt.datetime(2026, 5, 3, 9, 15), dt.date(2026, 6, 3)], ["13.3.2026 10:00", "20.3.2026"], "03-05 09:15"),
    ],
)
def test_the_trace_of_swapped_dates(book: Book, cells: list[Any], texts: list[str], right: str | None) -> None:
    path = book([HEADER, *([day, "Aroha", "hook", "worked"] for day in [*cells, *texts])])
    if right is None:  # March and May would be further apart than September: nothing is swapped
        assert times(loaded(path))[:2] == ["09-03", "09-05"]
        return
    with pytest.raises(AmbiguousDateError, match="swapped"):
        loaded(path)
    assert times(loaded(path, date_format="swapped"))[0] == right


# numbers that are dates


def test_serials_mixed(cases: Path) -> None:
    log = loaded(cases / "serials_mixed.xlsx")
    assert (len(log.events), codes(log)) == (12, ["normalised"])
    assert times(log)[:4] == ["07-01", "07-03", "07-06", "07-08"]
    same = loaded(cases / "serials_mixed.xlsx", date_format="excel")
    assert times(same) == times(log)


@pytest.mark.parametrize("numbers", [["46224", "46226.5"], ["20260721", "20260723"], ["1784592000", "1784764800"]])
def test_numbers_among_dates(write: Callable[..., Path], numbers: list[str]) -> None:
    rows = [f"{day},Aroha,hook,worked\n" for day in ["20/07/2026", *numbers, "25/07/2026"]]
    log = loaded(write("".join(rows)))
    assert [time[:5] for time in times(log)] == ["07-20", "07-21", "07-23", "07-25"]
    assert codes(log) == ["normalised"]


def test_mmdd_numbers(cases: Path) -> None:
    said = {
        "columns": {"time": "date", "goal_id": "assID", "learner_id": "lname", "event": "grade"},
        "words": {"N": "started", "I": "worked", "S": "met"},
    }
    with pytest.raises(AmbiguousDateError, match=r"month, day, from 6 February to 17 May; .*%m%d") as asked:
        loaded(cases / "mmdd_numbers.csv", **said)
    assert str(asked.value).index("%m%d") < (str(asked.value) + "excel").index("excel")
    log = loaded(cases / "mmdd_numbers.csv", **said, date_format="%m%d", year=2026)
    assert (times(log), codes(log)) == (["02-06", "02-13", "02-20", "05-17"], ["likely_holiday"])
    odd = loaded(cases / "mmdd_numbers.csv", **said, date_format="excel").problems.set_index("code").loc["odd_span"]
    assert "far from today" in odd["message"]
    assert 'date_format="%m%d"' in odd["hint"]


@pytest.mark.parametrize(
    ("numbers", "offered", "said"),
    [
        (["20260720", "20260925"], "20 July 2026 to 25 September 2026", {"date_format": "%Y%m%d"}),
        (["1784541600000", "1784714400000"], "20 July 2026 to 22 July 2026", {"date_format": "unix_ms"}),
        (["2007", "2507"], "20 July to 25 July", {"date_format": "%d%m", "year": 2026}),
    ],
)
def test_a_column_of_numbers_is_asked_about(
    write: Callable[..., Path], numbers: list[str], offered: str, said: dict[str, Any]
) -> None:
    path = write("".join(f"{number},Aroha,hook,worked\n" for number in numbers))
    with pytest.raises(AmbiguousDateError) as asked:
        loaded(path)
    message = str(asked.value)
    first = message[: message.index("so say: ") if "so say: " in message else message.index(").")]
    assert offered in first
    assert f'date_format="{said["date_format"]}"' in first
    assert times(loaded(path, **said))[0][:5] == "07-20"


@pytest.mark.parametrize(
    ("days", "odd"), [(("1926-07-20", "1926-07-21"), "far"), (("2016-01-01", "2026-07-01"), "three")]
)
def test_a_span_that_can_hardly_be_is_remarked_on(write: Callable[..., Path], days: tuple[str, str], odd: str) -> None:
    log = loaded(write("".join(f"{day},Aroha,hook,worked\n" for day in days)))
    assert [odd in message for message in log.problems.query("code == 'odd_span'")["message"]] == [True]


# time of day


def test_date_and_time(cases: Path) -> None:
    log = loaded(cases / "date_and_time.csv")
    assert (times(log), codes(log)) == (["07-20 14:30", "07-20 09:10", "07-21 10:00"], [])


@pytest.mark.parametrize(
    ("header", "row", "time"),
    [
        ("Time,Date,Learner,Goal,What happened", "2:30 pm,20/07/2026,Aroha,hook,met", "07-20 14:30"),
        ("Date,Learner,Goal,What happened,Clock", "20 July 2026,Aroha,hook,met,9.05", "07-20 09:05"),
        ("Day,Time,Learner,Goal,What happened", "20/07/2026,afternoon,Aroha,hook,met", "07-20 12:00"),
    ],
)
def test_a_day_and_a_time_of_day_are_one_time(write: Callable[..., Path], header: str, row: str, time: str) -> None:
    log = loaded(write(f"{row}\n", header))
    assert (times(log), codes(log)) == ([time], [])


def test_a_time_of_day_that_cannot_be_read_costs_itself(write: Callable[..., Path]) -> None:
    rows = "20/07/2026,9:15,Aroha,hook,met\n20/07/2026,9.30,Ben,hook,met\n20/07/2026,soon,Chloe,hook,met\n"
    log = loaded(write(rows, "Date,Time,Learner,Goal,What happened"))
    assert times(log) == ["07-20 09:15", "07-20 09:30", "07-20"]
    assert log.problems[["row", "column", "code", "value"]].values.tolist() == [[4, "Time", "normalised", "soon"]]


def test_date_and_time_of_any_table_and_of_a_spreadsheet(book: Book) -> None:
    rows = [["When", "Time", "Kid", "Goal", "Did"], [dt.date(2026, 7, 20), dt.time(9, 10), "Aroha", "hook", "met"]]
    rows.append(["", dt.time(10, 0), "Ben", "hook", "met"])
    log = loaded(book(rows), columns={"time": "When", "learner_id": "Kid", "event": "Did"})
    assert (times(log), codes(log)) == (["07-20 09:10", "07-20 10:00"], ["carried_date"])


def test_half_days(cases: Path) -> None:
    log = loaded(cases / "absences.csv")
    assert {"07-23", "07-23 12:00"} <= set(times(log))
    assert "bad_time" not in codes(log)


@pytest.mark.parametrize(
    ("day", "time"),
    [
        ("Thu 23 July 2026 a.m.", "07-23"),
        ("23.07.2026, pm", "07-23 12:00"),
        ("jeudi 23 juillet 2026 à 14h30", "07-23 14:30"),
        ("Do, 23. Juli 2026", "07-23"),
        ("23 de julho de 2026", "07-23"),
        ("2026年7月23日", "07-23"),
    ],
)
def test_half_days_and_other_languages(write: Callable[..., Path], day: str, time: str) -> None:
    log = loaded(write(f'"{day}",Aroha,hook,met\n'))
    assert (times(log), codes(log)) == ([time], [])


def test_datetime_loop(cases: Path) -> None:
    path = cases / "datetime_loop.csv"
    with pytest.raises(MissingColumnError, match='"learner_id": "anoname"'):
        loaded(path)
    with pytest.raises(MissingColumnError) as asked:
        loaded(path, columns={"learner_id": "anoname"})
    assert 'columns={"learner_id": "anoname", "goal_id": ...}' in str(asked.value)
    said = {"learner_id": "anoname", "goal_id": "information"}
    log = loaded(path, columns=said, words={"course view": "started", "resource add": "worked"})
    assert log.events["time"].astype(str).tolist() == ["2017-07-10 12:35:00", "2017-07-11 12:30:00"]


@pytest.mark.parametrize("header", ["day,leaner,goal,what hapened", "when,lerner,which goal,what happend"])
def test_a_hint_followed_makes_nothing_worse(write: Callable[..., Path], header: str) -> None:
    path = write("20/07/2026,Aroha,hook,met\n", header)
    _, slip, _, event = header.split(",")
    with pytest.raises(MissingColumnError) as asked:
        loaded(path)
    assert f'columns={{"learner_id": "{slip}", "event": "{event}"}}' in str(asked.value)
    assert len(loaded(path, columns={"learner_id": slip, "event": event}).events) == 1


# terms


def test_terms1(cases: Path) -> None:
    log = loaded(cases / "terms1")
    assert [day.isoformat() for day in log.calendar.terms[0].closed] == ["2026-08-07", "2026-08-21"]
    assert codes(log) == []


@pytest.mark.parametrize(
    ("closed", "days", "said"),
    [
        ("24/08/2026 - 26/08/2026", 3, []),
        ("7 August 2026; 21 August 2026", 2, []),
        ("07.08.2026, 21.08.2026", 2, []),
        ('"August 7, 2026; August 21, 2026"', 2, []),
        ("07/08/2026; after lunch", 1, ["bad_closed_day"]),
    ],
)
def test_closed_days_are_read_as_start_and_end_are(tmp_path: Path, closed: str, days: int, said: list[str]) -> None:
    (tmp_path / "log.csv").write_text(f"{','.join(HEADER)}\n20/07/2026,Aroha,hook,met\n")
    cell = closed if closed.startswith('"') else f'"{closed}"'
    (tmp_path / "terms.csv").write_text(f"term_id,title,start,end,closed\nt3,Term 3,20/07/2026,25/09/2026,{cell}\n")
    log = loaded(tmp_path)
    assert (len(log.calendar.terms[0].closed), codes(log)) == (days, said)


TWO_TERMS = "2026-06-29,Aroha,hook,started\n2026-07-03,Aroha,hook,worked\n2026-07-20,Aroha,hook,worked\n"


def test_two_terms_without_a_table(write: Callable[..., Path]) -> None:
    log = loaded(write(TWO_TERMS))
    assert codes(log) == ["likely_holiday"]
    assert 'terms=[("2026-06-29", "2026-07-03"), ("2026-07-20", "2026-07-20")]' in log.problems["hint"][0]
    told = loaded(
        write(TWO_TERMS), terms={"Term 2": ("2026-05-04", "2026-07-03"), "Term 3": ("2026-07-20", "2026-09-25")}
    )
    assert [term.title for term in told.calendar.terms] == ["Term 2", "Term 3"]
    assert codes(told) == []


def test_two_weeks_are_no_holiday_and_terms_are_said_in_one_place(write: Callable[..., Path]) -> None:
    assert codes(loaded(write("2026-07-06,Aroha,hook,started\n2026-07-20,Aroha,hook,met\n"))) == []
    path = write("t3,Term 3,2026-07-20,2026-09-25\n", "term_id,title,start,end", "terms.csv")
    write(TWO_TERMS)
    with pytest.raises(reflectlab.ArgumentError, match="terms"):
        loaded(path.parent, terms=[("2026-07-20", "2026-09-25")])
    with pytest.raises(reflectlab.ArgumentError, match="terms"):
        loaded(path.parent, terms=["2026-07-20"])


# spreadsheets as they are


def test_hidden_sheet(cases: Path) -> None:
    log = loaded(cases / "hidden_sheet.xlsx")
    remark = log.problems.set_index("code").loc["hidden_rows"]
    assert (remark["sheet"], "6 rows" in remark["message"]) == ("old draft", True)
    assert "hidden=False" in remark["hint"]
    shown = loaded(cases / "hidden_sheet.xlsx", hidden=False)
    assert (shown.events["time"].dt.year.unique().tolist(), shown.account["sheet"].tolist()) == ([2026], ["Term 3"])
    assert "left_hidden" in codes(shown)


def _rows(*days: int) -> list[list[Any]]:
    return [HEADER, *([day, "Aroha", "hook", "worked"] for day in july(*days))]


def test_hidden_rows_and_filtered_rows(book: Book) -> None:
    def hide(_: Any, sheet: Any) -> None:
        sheet.set_row(2, None, None, {"hidden": True})

    def sift(_: Any, sheet: Any) -> None:
        sheet.autofilter("A1:D4")
        sheet.filter_column("D", "x == started")
        for row in (1, 3):
            sheet.set_row(row, None, None, {"hidden": True})

    for dress, rows, word in ((hide, [3], "hidden"), (sift, [2, 4], "filtered out")):
        path = book(_rows(20, 21, 22), dress)
        log = loaded(path)
        assert log.problems[["row", "code"]].values.tolist() == [[rows[0], "hidden_rows"]]
        said = f"{len(rows)} rows are {word}" if len(rows) > 1 else f"This row is {word}"
        assert log.problems["message"][0].startswith(said)
        left = loaded(path, hidden=False)
        assert left_out(left)[["row", "code"]].values.tolist() == [[row, "left_hidden"] for row in rows]
        assert len(left.events) == 3 - len(rows)


def test_merged_dates(cases: Path) -> None:
    log = loaded(cases / "merged_dates.xlsx", fill_dates=False)
    assert (times(log), codes(log)) == (["07-20", "07-20", "07-20", "07-22", "07-22"], ["merged_cells"])


def test_merged_names_and_a_merged_title(book: Book) -> None:
    def merge(_: Any, sheet: Any) -> None:
        sheet.merge_range("A1:D1", "Room 5")
        sheet.merge_range("B3:B4", "Aroha")

    rows = [
        ["Room 5"],
        HEADER,
        *([day, "", goal, "met"] for day, goal in zip(july(20, 21), ["hook", "end"], strict=True)),
    ]
    log = loaded(book(rows, merge))
    assert (log.events["learner_id"].tolist(), codes(log)) == (["Aroha", "Aroha"], ["merged_cells"])


def test_numeric_ids(cases: Path) -> None:
    ids = loaded(cases / "numeric_ids.xlsx").events["learner_id"].tolist()
    assert ids == ["100000", "200000", "1234567890123456", "007", "1E+21", "300000.5", "007"]


@pytest.mark.parametrize(
    ("form", "shown"), [("00000", "00042"), ('"R"00-00', "R00-42"), ("0", "42"), ("General", "42"), ("#,##0.00", "42")]
)
def test_numbers_as_the_spreadsheet_shows_them(book: Book, form: str, shown: str) -> None:
    def dress(one: Any, sheet: Any) -> None:
        sheet.write_number("B2", 42, one.add_format({"num_format": form}))

    assert loaded(book(_rows(20, 21), dress)).events["learner_id"].tolist() == [shown, "Aroha"]


def test_dimension_whole_rows(cases: Path) -> None:
    log = loaded(cases / "dimension_whole_rows.xlsx")
    assert (times(log), log.events["event"].tolist(), codes(log)) == (["07-20", "07-22"], ["started", "met"], [])


@pytest.mark.parametrize("wrong", [b'<dimension ref="1:4"/>', b'<dimension ref="A:D"/>'])
def test_what_the_first_reader_cannot_read_the_second_does(book: Book, wrong: bytes) -> None:
    path = book([*_rows(20, 21), [dt.datetime(2026, 7, 22, 9, 15), 7, "hook", "met"]])
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<dimension ref="A1:D4"/>', wrong))
    path.write_bytes(out.getvalue())
    log = loaded(path)
    assert times(log) == ["07-20", "07-21", "07-22 09:15"]
    assert log.events["learner_id"].tolist() == ["Aroha", "Aroha", "7"]


def test_a_workbook_of_another_program_is_read_alike(tmp_path: Path) -> None:
    one = openpyxl.Workbook()
    for row in _rows(20, 21, 22):
        one.active.append(row)
    one.active.row_dimensions[3].hidden = True
    one.active["B2"] = 7
    one.active["B2"].number_format = "000"
    one.save(tmp_path / "log.xlsx")
    log = loaded(tmp_path / "log.xlsx")
    assert (log.events["learner_id"].tolist(), codes(log)) == (["007", "Aroha", "Aroha"], ["hidden_rows"])


def test_a_row_above_the_header_of_a_sheet_is_listed_as_in_a_csv_file(book: Book) -> None:
    header = ["Date", "Name", "Goal", "What happened"]
    rows = [["Room 5"], ["2026-07-20", "Aroha", "hook", "started"], header, ["2026-07-21", "Ben", "hook", "started"]]
    log = balanced(reflectlab.load(book(rows)))
    assert log.problems[["row", "code"]].to_numpy().tolist() == [[2, "above_header"]]
    assert log.events["learner_id"].tolist() == ["Ben"]
