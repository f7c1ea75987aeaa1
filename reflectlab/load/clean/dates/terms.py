"""Terms as a caller says them, and closed days as schools write them."""

import re
from collections.abc import Callable, Iterable, Sequence

import polars as pl

from ....language import gettext
from ...options import GivenTerm
from ..screen import TIME, Screen
from .columns import Where, read_dates

_APART = re.compile(r"[;\n]+")

_COMMA = re.compile(r",(?!\s*\d{4}\b)")

_RANGE = re.compile(r"\s*(?:\.\.+|–|—|\s-\s|\s(?:to|until|till|bis|al?|t/m)\s)\s*")


def given_terms(terms: Sequence[GivenTerm]) -> pl.DataFrame:
    """Return terms as a table of the log.

    >>> from datetime import date
    >>> given_terms([GivenTerm("Term 3", date(2026, 7, 20), date(2026, 9, 25))])["start"].to_list()
    [datetime.datetime(2026, 7, 20, 0, 0)]
    """
    rows = [(term.title, term.title, term.start, term.end) for term in terms]
    frame = pl.DataFrame(rows, ["term_id", "title", "start", "end"], orient="row")
    return frame.with_columns(pl.col("start", "end").cast(TIME))


def put_closed_days(screen: Screen, others: Callable[[], Iterable[pl.Series]]) -> None:
    """Bring closed days into the form of the log; what is no date is remarked on, and the term goes on without it."""
    texts = screen.frame["closed"].to_list()
    parts = {part for text in texts for part in _parts(text)}
    days = sorted({day for part in parts for day in _ends(part)})
    started = [screen.frame[name] for name in ("start", "end") if screen.has(name)]
    written = [series.dt.strftime("%Y-%m-%d") for series in started if series.dtype == TIME]
    where = Where(str(screen.raw), screen.headers["closed"], lambda: (*written, *others()))
    read = read_dates(pl.Series(days, dtype=pl.String), screen.options, where)["time"].to_list()
    known = {day: moment.date().isoformat() for day, moment in zip(days, read, strict=True) if moment}
    bad = {text: [part for part in _parts(text) if not all(day in known for day in _ends(part))] for text in texts}
    screen.remark(
        pl.col("closed").is_in([text for text, wrong in bad.items() if wrong]),
        "bad_closed_day",
        "closed",
        lambda text: gettext(
            '"{text}" is no day or range of days: the term is in the log without it.', text=bad[text][0]
        ),
        gettext("Write it as the start and the end of the term are, a range as 2026-08-24..2026-08-28."),
    )
    iso = {text: "; ".join(_iso(part, known) for part in _parts(text) if part not in bad[text]) for text in texts}
    screen.put(closed=pl.col("closed").replace_strict(iso, return_dtype=pl.String))


def _parts(text: str) -> list[str]:
    """Take the cell apart at semicolons; at commas and blanks only where that is how days are kept apart in it."""
    parts = [part.strip() for part in _APART.split(text)]
    finer = [one.strip() for part in parts for one in _COMMA.split(part)]
    return [one for part in finer for one in _at_blanks(part) if one]


def _at_blanks(part: str) -> list[str]:
    words = part.split()
    numbered = all(re.fullmatch(r"[\d./-]{6,}", word) and word.strip(".-") for word in words)
    return words if len(words) > 1 and numbered and not _RANGE.search(part) else [part]


def _ends(part: str) -> list[str]:
    return [end.strip() for end in _RANGE.split(part)][:2]


def _iso(part: str, known: dict[str, str]) -> str:
    return "..".join(known[end] for end in _ends(part))
