from datetime import date

import pandas as pd
import pytest

from reflectlab.errors import ArgumentError
from reflectlab.log.calendar import Calendar, Term, format_closed, one_term, parse_closed, sorted_terms

TERM = Term("t3", "Term 3", date(2026, 7, 20), date(2026, 9, 25), closed=(date(2026, 8, 7),))
NEXT = Term("t4", "Term 4", date(2026, 10, 12), date(2026, 12, 18))


def test_weekends_and_closed_days_do_not_count():
    assert len(Calendar((TERM,)).days) == 10 * 5 - 1


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 7, 1), 1),  # before the term: its first school day
        (date(2026, 7, 20), 1),
        (date(2026, 7, 24), 5),
        (date(2026, 7, 25), 6),  # a Saturday belongs to Monday
        (date(2026, 8, 7), 15),  # a closed Friday belongs to Monday
        (date(2026, 8, 10), 15),
        (date(2026, 9, 30), 50),  # between terms: the first day of the next
        (date(2026, 10, 12), 50),
        (date(2027, 1, 1), 99),  # after the last school day: that one
    ],
)
def test_school_day_of_a_date(day, expected):
    calendar = Calendar((TERM, NEXT))
    assert calendar.school_day(day) == expected
    table = calendar.dates(date(2026, 6, 1), date(2027, 2, 1)).set_index("date")
    assert table.loc[pd.Timestamp(day), "school_day"] == expected


def test_day_and_week_count_from_one_in_each_term_and_school_day_across_them():
    days = Calendar((TERM, NEXT)).days
    firsts = days.groupby("term_id").first()
    assert firsts[["day", "week"]].eq(1).all(axis=None)
    assert days["school_day"].tolist() == list(range(1, 100))
    assert days.groupby("term_id")["week"].max().tolist() == [10, 10]


def test_a_week_without_a_school_day_is_no_week():
    holiday = tuple(date(2026, 8, day) for day in range(3, 8))
    days = Calendar((Term("t", "T", TERM.start, TERM.end, closed=holiday),)).days
    assert days["week"].max() == 9
    assert days.loc[days["date"] == "2026-08-10", "week"].item() == 3


def test_a_term_that_starts_midweek_has_its_first_week_up_to_sunday():
    days = Calendar((Term("t", "T", date(2026, 7, 23), date(2026, 7, 28)),)).days
    assert days["week"].tolist() == [1, 1, 2, 2]


def test_dates_tell_whether_a_term_holds_them():
    inside = Calendar((TERM, NEXT)).dates(date(2026, 9, 25), date(2026, 9, 26))["in_term"]
    assert inside.tolist() == [True, False]


def test_terms_that_overlap_are_refused():
    late = Term("x", "X", date(2026, 9, 25), date(2026, 10, 1))
    with pytest.raises(ArgumentError, match='"x" starts on 2026-09-25, "t3" ends on 2026-09-25'):
        Calendar(sorted_terms([late, TERM]))


def test_a_term_of_a_weekend_is_refused():
    with pytest.raises(ArgumentError, match="no school day"):
        Calendar((Term("w", "W", date(2026, 7, 25), date(2026, 7, 26)),))


def test_closed_days_round_trip_and_ranges_are_days():
    days = parse_closed("2026-08-07, 2026-08-24..2026-08-26")
    assert len(days) == 4
    assert parse_closed(format_closed(days)) == days
    assert parse_closed(None) == parse_closed("  ") == ()


def test_a_closed_day_that_is_no_date_is_named():
    with pytest.raises(ArgumentError, match=r'"7 August"|"7"'):
        parse_closed("7 August")


def test_the_term_of_a_log_that_ends_on_a_weekend_ends_on_its_monday():
    assert one_term(date(2026, 7, 20), date(2026, 7, 25)).end == date(2026, 7, 27)
