"""JSON as it stands in files: documents, lines, and what is no record."""

import gzip
import json

import pytest

from reflectlab import NotALogError
from reflectlab.load.files.json import DEEPEST, RawRecords, as_table, read_json
from reflectlab.load.files.raw import File
from tests.load.conftest import Load, listed

RECORDS = [{"id": 1, "name": "Hēmi"}, {"id": 2, "name": "a\u2028b"}, {"id": 3}]
LINES = "".join(json.dumps(record) + "\n" for record in RECORDS)


def wrong(raw: RawRecords) -> list[tuple[int | None, str]]:
    return [(problem.row, problem.message) for problem in raw.problems]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(RECORDS),
        json.dumps(RECORDS, indent=2),
        json.dumps({"statements": RECORDS, "more": ""}),
        json.dumps({"sensor": "s", "data": RECORDS}, indent="\t"),
        json.dumps([RECORDS]),
        json.dumps([{"data": RECORDS[:1]}, {"data": RECORDS[1:]}]),
        json.dumps({"data": RECORDS[:2]}) + "\n" + json.dumps(RECORDS[2]),
        LINES,
        LINES.replace("\n", "\r\n"),
        "\n".join(json.dumps(record, ensure_ascii=False) for record in RECORDS),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_records_are_the_same_however_they_are_written(text: str, encoding: str) -> None:
    raw = read_json(File("log.json", text.encode(encoding)))
    assert (raw.records, raw.rows, raw.problems) == (RECORDS, [1, 2, 3], ())


def test_a_bad_line_is_listed_with_its_number() -> None:
    text = '\ufeff{"id": 1}\n\n   \n{"id": 2\n{"id": 3}\n7\n'
    raw = read_json(File("log.jsonl", text.encode()))
    assert (raw.rows, raw.rows_read) == ([1, 5], 4)
    assert wrong(raw) == [
        (4, "This is no record that can be read: Expecting ',' delimiter (column 9)."),
        (6, "This is no record that can be read: it is no object in braces."),
    ]


@pytest.mark.parametrize("name", ["log.jsonl", "log.json", "log.txt"])
def test_the_first_line_may_be_the_bad_one(name: str) -> None:
    assert read_json(File(name, b'{"id": \n{"id": 2}\n{"id": 3}\n')).rows == [2, 3]


def test_a_document_that_breaks_off_says_where() -> None:
    raw = read_json(File("log.json", json.dumps(RECORDS, indent=2)[:-20].encode()))
    assert (raw.records, raw.rows_read) == ([], 1)
    assert "(line 10, column 2)" in raw.problems[0].message


@pytest.mark.parametrize("shape", ["[", '{"a":', "[[],"])
@pytest.mark.parametrize("closed", [True, False])
def test_what_is_nested_too_deep_is_refused(load: Load, shape: str, closed: bool) -> None:
    text = shape * 10_000 + ("1" + {"[": "]", '{"a":': "}", "[[],": "]"}[shape] * 10_000) * closed
    with pytest.raises(NotALogError, match=rf"log\.json.*more than {DEEPEST} levels"):
        load(text, "log.json")


def test_brackets_in_texts_are_no_levels() -> None:
    record = {"a": "[{" * 10_000 + '\\"[', "b": [[]] * 500}
    assert read_json(File("log.json", json.dumps([record]).encode())).records == [record]


def test_a_deep_line_is_one_bad_line() -> None:
    raw = read_json(File("log.jsonl", ("[" * 5000 + "\n" + LINES).encode()))
    assert raw.rows == [2, 3, 4]
    assert "levels" in raw.problems[0].message


def test_numbers_and_letters_that_only_json_can_hold(load: Load) -> None:
    raw = read_json(File("log.jsonl", b'{"n": ' + b"9" * 5000 + b'}\n{"n": NaN, "half": "\\ud83d!", "\\ud83d": 1}\n'))
    assert wrong(raw)[0][1].endswith("it holds a number of thousands of digits.")
    assert as_table(raw).frame.rows() == [("NaN", "\ufffd!", "1", 2)]


@pytest.mark.parametrize("text", ["[]", "{}", '{"statements": []}', "[1, 2]", '"text"', "[[[]]]", "{", "[{]"])
def test_what_holds_no_record_is_one_clear_error(load: Load, text: str) -> None:
    with pytest.raises(NotALogError, match=r"log\.json"):
        load(text, "log.json")


def test_any_log_may_be_written_as_json(load: Load) -> None:
    rows = [
        {"date": "2026-07-20", "learner": "Aroha", "goal": 7, "what happened": "started", "with": None},
        {"date": "2026-07-21", "learner": "Ben", "goal": 7, "what happened": "jumped"},
    ]
    log = load(json.dumps(rows), "log.json")
    assert log.events[["learner_id", "goal_id", "event", "row"]].to_numpy().tolist() == [["Aroha", "7", "started", 1]]
    assert listed(log) == [(2, "unknown_word")]
    lines = gzip.compress("\n".join(map(json.dumps, rows)).encode())
    assert load(lines, "log.jsonl.gz").events.equals(log.events)


def test_other_json_is_told_how_it_could_be_read(load: Load) -> None:
    with pytest.raises(NotALogError, match=r"(?s)Its columns are: id, name\..*columns=\{"):
        load(LINES, "log.json")
