"""Where learners stood as a moment came, beside a search through the events one by one."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from reflectlab.log.standing import CLOSING, stood
from reflectlab.schema import EVENTS

LEARNERS, GOALS = pl.Enum(["ana", "ben", "cai"]), pl.Enum(["hook", "ending"])

Asked = tuple[str, str, int]

SPELLS = st.tuples(st.sampled_from(["ana", "ben", "cai"]), st.sampled_from(["hook", "ending"]), st.integers(0, 4))

HAPPENED = st.tuples(SPELLS, st.sampled_from(EVENTS), st.integers(0, 4))


def _frame(rows: list[Asked]) -> pl.DataFrame:
    schema = {"learner_id": LEARNERS, "goal_id": GOALS, "instant": pl.Int64}
    return pl.DataFrame(rows, schema, orient="row")


def _searched(events: list[tuple[Asked, str, int]], one: Asked) -> tuple[int | None, int | None, int]:
    of_spell = [(n, at, event, code) for n, ((*who, at), event, code) in enumerate(events) if who == [*one[:2]]]
    seen = [each for each in of_spell if each[1] < one[2] or (each[1] == one[2] and each[2] not in CLOSING)]
    met = [n for n, at, event, _ in seen if event == "met"]
    now = any(at == one[2] and event == "met" for _, at, event, _ in of_spell)
    return (seen[-1][3] if seen else None), (met[-1] if met else None), int(now)


@given(st.lists(HAPPENED, max_size=30), st.lists(SPELLS, max_size=10))
def test_what_was_seen_as_a_moment_came(happened: list[tuple[Asked, str, int]], asked: list[Asked]) -> None:
    goals = list(GOALS.categories)
    events = sorted(happened, key=lambda each: (each[0][0], goals.index(each[0][1]), each[0][2]))
    frame = _frame([spell for spell, _, _ in events]).with_columns(
        event=pl.Series([event for _, event, _ in events], dtype=pl.Enum(EVENTS)),
        status_code=pl.Series([code for _, _, code in events], dtype=pl.Int8),
        school_day=pl.Series(range(len(events)), dtype=pl.Int64),
    )
    schema = {"status_code": pl.Int8, "met_day": pl.Int64, "met_now": pl.Int64}
    expected = pl.DataFrame([_searched(events, one) for one in asked], schema, orient="row")
    assert_frame_equal(stood(frame, _frame(asked)), expected)
