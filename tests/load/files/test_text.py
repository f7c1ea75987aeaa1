"""Text files: every cell as it is written, every row under its own number, nothing shifted."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflectlab import NotALogError
from reflectlab.load.files.raw import ROW, File, RawTable, unique_names, without_blank_rows
from reflectlab.load.files.text import Dialect, Layout, irregular, read_text, regular

KNOWN = frozenset({"date", "learner", "goal"})


def cells(data: str | bytes) -> list[tuple[object, ...]]:
    return read_text(File("log.csv", data.encode() if isinstance(data, str) else data), KNOWN).frame.rows()


def listed(table: RawTable) -> list[tuple[int | None, str]]:
    return sorted((problem.row, problem.code) for problem in table.problems if not problem.kept)


def test_cells_stay_as_they_are_written() -> None:
    ids = ["007", "NA", "1e5", "null", "None", "-0", "1.0", "TRUE", "0x1F", " x "]
    text = "learner,goal\n" + "".join(f"{one},g\n" for one in ids)
    assert [row[0] for row in cells(text)] == ids


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found_out(delimiter: str, end: str) -> None:
    rows = [["date", "learner", "goal"], ["2026-07-20", "Hēmi", "1,5"], ["2026-07-21", "a b", "x;y"]]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    assert cells(out.getvalue()) == [("2026-07-20", "Hēmi", "1,5", 2), ("2026-07-21", "a b", "x;y", 3)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_are_found_out(encoding: str) -> None:
    text = "date,learner,goal\n2026-07-20,Hēmi,こ\n2026-07-21,Chloë,b\n"
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    assert cells((mark + text).encode(encoding)) == [("2026-07-20", "Hēmi", "こ", 2), ("2026-07-21", "Chloë", "b", 3)]


def test_windows_1252_is_read_with_a_remark() -> None:
    table = read_text(File("log.csv", "learner,goal\nChloë,“hook”\n".encode("cp1252")))
    assert table.frame.rows() == [("Chloë", "“hook”", 2)]
    assert [(problem.code, problem.kept) for problem in table.problems] == [("normalised", True)]


def test_comments_blank_rows_and_titles_count_as_rows_and_are_no_data() -> None:
    text = "% it's a \"comment\nRoom 5\n\ndate,learner,goal\n2026-07-20,a,g\n\n , ,\n% end,,\n2026-07-21,b,h\n"
    table = read_text(File("log.csv", text.encode()), KNOWN)
    assert table.header_row == 4
    assert table.frame.rows() == [("2026-07-20", "a", "g", 5), ("2026-07-21", "b", "h", 9)]


def test_a_cell_with_line_ends_is_in_one_row() -> None:
    text = 'learner,goal\n"a\nb","c ""d"", e"\nx,y\n'
    assert cells(text) == [("a\nb", 'c "d", e', 2), ("x", "y", 3)]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("a", "ragged_row"),
        ("a,b,c", "ragged_row"),
        ('a,"b', "bad_quote"),
        ('a,"b"c', "bad_quote"),
        ("a,b,", "ragged_row"),
    ],
)
def test_a_row_out_of_form_is_listed_and_the_others_are_not_touched(row: str, code: str) -> None:
    table = read_text(File("log.csv", f'learner,goal\nx,y\n{row}\n"p\nq",r\ns,t\n'.encode()))
    assert [(problem.code, problem.row, problem.value) for problem in table.problems] == [(code, 3, row)]
    assert table.frame.rows() == [("x", "y", 2), ("p\nq", "r", 4), ("s", "t", 5)]
    assert table.rows_read == 4


def test_delimiters_at_the_end_of_every_row_are_no_cells() -> None:
    assert cells("learner,goal\na,b,\nc,d,\n") == [("a", "b", 2), ("c", "d", 3)]
    assert cells("learner,goal,\na,b\nc,d\n") == [("a", "b", "", 2), ("c", "d", "", 3)]


def test_a_delimiter_that_is_missing_in_the_header_shifts_no_cells() -> None:
    table = read_text(
        File("log.csv", b"date,learnergoal,note\n1,a,b,\n2,c,d,\n"), frozenset({"date", "learner", "note"})
    )
    assert listed(table) == [(2, "ragged_row"), (3, "ragged_row")]
    assert table.frame.is_empty()


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ('7"a, b",c', None),  # a delimiter is missing before the quote: three cells, two of them wrong
        ('Chair 24",b', ('Chair 24"', "b")),
        ("37°36'37.8\"N 121°2'17.9\"W,b", ("37°36'37.8\"N 121°2'17.9\"W", "b")),
        ('" ""a""",b', (' "a"', "b")),
    ],
)
def test_a_quote_inside_a_cell_is_a_letter_unless_the_row_can_be_read_in_two_ways(
    row: str, cells: tuple[str, ...] | None
) -> None:
    width = 3 if row.startswith("7") else 2
    header, fine = ",".join(["learner", "goal", "note"][:width]), ",".join(["x", "y", "z"][:width])
    table = read_text(File("log.csv", "\n".join([header, *[fine] * 9, row]).encode()))
    last = table.frame.rows()[-1][:-1]
    assert (last, listed(table)) == ((cells, []) if cells else (tuple(fine.split(",")), [(11, "bad_quote")]))


@pytest.mark.parametrize(
    "text",
    [
        'learner, goal, note\nOfa, "a, b", c\n"x", y, "z"\n',
        "'learner','goal','note'\n'Ofa','a, b','c'\n'x','y','z'\n",
    ],
)
def test_blanks_after_the_delimiter_and_single_quotes_are_found_out(text: str) -> None:
    table = read_text(File("log.csv", text.encode()))
    assert table.header == ("learner", "goal", "note")
    assert table.frame.rows() == [("Ofa", "a, b", "c", 2), ("x", "y", "z", 3)]


def test_an_apostrophe_before_a_name_is_no_quote() -> None:
    assert cells("learner,goal\n'Ofa,'a\n'Ana,b\n") == [("'Ofa", "'a", 2), ("'Ana", "b", 3)]


def test_rows_that_say_the_header_again_are_listed() -> None:
    table = read_text(File("log.csv", b"learner,goal\na,b\nlearner,goal\nc,d\n"))
    assert table.frame.rows() == [("a", "b", 2), ("c", "d", 4)]
    assert listed(table) == [(3, "repeated_header")]


def test_what_stands_below_a_header_in_another_order_is_listed_up_to_the_next_that_is_not() -> None:
    text = b"learner,goal,note\na,b,\ngoal,learner,\nd,c,\nf,e,\nlearner,goal,note\ng,h,\n"
    table = read_text(File("log.csv", text))
    assert table.frame.rows() == [("a", "b", "", 2), ("g", "h", "", 7)]
    assert listed(table) == [*((row, "other_header") for row in (3, 4, 5)), (6, "repeated_header")]
    assert table.rows_read == 6


def test_names_that_are_headers_too_are_no_header() -> None:
    table = read_text(File("log.csv", b"name,Ana,Ben,Zoe\nAna,Ben,Zoe,\nBen,Zoe,,Ana\n"))
    assert table.frame.height == 2


def test_rows_above_the_header_that_are_no_titles_are_listed() -> None:
    text = 'Room 5,\nx,y\n"a"b,c\nlearner,goal\na,b\n'
    table = read_text(File("log.csv", text.encode()), KNOWN)
    assert (table.header, table.frame.rows()) == (("learner", "goal"), [("a", "b", 5)])
    assert listed(table) == [(2, "above_header"), (3, "bad_quote")]


@pytest.mark.parametrize("broken", [b"\xc3", b"\x80", b"\xc3x\xab"])
@pytest.mark.parametrize("whole", ["Hēmi,ā", "Hēmi,a"])
def test_utf8_with_a_broken_letter_is_not_taken_for_windows_1252(whole: str, broken: bytes) -> None:
    data = f"learner,goal\n{whole}\nChloë,b\n".encode().replace("ë".encode(), broken)
    with pytest.raises(NotALogError, match=r"log\.csv .* line 3"):
        read_text(File("log.csv", data))


def test_headers_become_names_that_differ() -> None:
    table = read_text(File("log.csv", b"date,,date, goal \n1,2,3,4\n"))
    assert table.header == ("date", "(column B)", "date (column C)", "goal")


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_last_row_that_is_too_long_makes_up_for_none_that_is_too_short(end: str) -> None:
    table = read_text(File("log.csv", f"learner,goal\na,b\nc\nd,e,{end}".encode()))
    assert listed(table) == [(3, "ragged_row"), (4, "ragged_row")]


def test_a_cell_may_be_very_large() -> None:
    large = "x" * 3_000_000
    assert cells(f'learner,goal\n"{large}",b\nc,d\n') == [(large, "b", 2), ("c", "d", 3)]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n\r\n",
        b"% only\n% comments\n",
        b"a,b\n1,\x00\n",
        b"a,b\n\x81\x8d,2\n",
        "a\ud800".encode("utf-16", "surrogatepass"),
    ],
)
def test_what_is_no_text_or_holds_nothing_is_refused(data: bytes) -> None:
    with pytest.raises(NotALogError, match=r"log\.csv"):
        read_text(File("log.csv", data))


def test_many_open_quotes_cost_no_more_than_their_lines() -> None:
    text = "learner,goal\n" + 'a,"b\nc,d\n' * 4_000 + 'e,"'
    assert read_text(File("log.csv", text.encode())).rows_read >= 4_000


@given(st.text('a,"\n\r b', max_size=14), st.integers(1, 3))
def test_the_fast_way_finds_what_the_slow_way_finds(body: str, width: int) -> None:
    names = unique_names([f"h{number}" for number in range(width)])
    layout = Layout(Dialect(), list(names), 1, 1)
    header = b",".join(name.encode() for name in names) + b"\n"
    file = File("log.csv", header + body.encode())
    fast = regular(file, len(header), layout, names)
    if fast is None:
        return
    slow, problems = irregular(file, len(header), layout, names)
    assert without_blank_rows(fast, None).equals(without_blank_rows(slow, None))
    assert not problems


@given(st.lists(st.lists(st.text('a1,;"\n\r ē', max_size=5), min_size=2, max_size=2), max_size=8))
def test_what_a_csv_writer_writes_comes_back(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["learner", "goal"], *rows])
    frame = read_text(File("log.csv", out.getvalue().encode()), frozenset({"learner", "goal"})).frame
    expected = [(*row, number) for number, row in enumerate(rows, start=2) if any(cell.strip() for cell in row)]
    assert frame.select("learner", "goal", ROW).rows() == expected
