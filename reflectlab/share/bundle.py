"""A bundle: what a leader may see, in three tables and a manifest, and nothing that it was made of."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import NotALogError
from ..language import gettext
from ..writing import refuse_place, write_folder

FORMAT, BUNDLE_VERSION = "reflectlab bundle", 2

MANIFEST, RATES, TIMES, STEPS = "manifest.json", "rates.parquet", "times.parquet", "steps.parquet"

FILES = (MANIFEST, RATES, TIMES, STEPS)

RATE_COLUMNS = (
    *("question", "term_id", "by", "label", "part", "learners", "size", "band", "rate_low", "rate_high", "rate"),
    *("low", "high"),
)

TIME_COLUMNS = ("term_id", "by", "label", "learners", "quarter", "half", "half_low", "half_high", "three_quarters")


@dataclass(frozen=True, eq=False)
class Bundle:
    """What was published of a log.

    Attributes
    ----------
    rates : pandas.DataFrame
        A row for each group and rate: `question` (`met`, `set_by`, `chose`, `kinds`, `recorded`, `landmark`),
        `term_id`, `by` and `label` (the group), `part` (of what the rate is the share), `learners` (a band), `size`
        (goals, participations or weeks, rounded to tens), `band` in words, `rate_low, rate_high` (between which the
        rate lies), `rate` (the middle), and about its 95 % interval `low, high`. Missing where nothing is told.
    times : pandas.DataFrame
        School days until a quarter, half and three quarters of the goals of a strand are met, `half` with its interval.
    steps : pandas.DataFrame
        From which goal to which at least ten learners went on: `source, target`, and `learners`, a band.
    manifest : dict
        The rules, versions, terms, and the ledger of what was released so far.
    """

    rates: pd.DataFrame
    times: pd.DataFrame
    steps: pd.DataFrame
    manifest: dict[str, Any]

    def __repr__(self) -> str:
        return self.in_words()

    def in_words(self) -> str:
        """Return how much was published."""
        told = self.rates["rate"].notna()
        return gettext(
            "Bundle: {terms}; {told} rates told, {untold} not, for too few are behind them.",
            terms=", ".join(term["title"] for term in self.manifest["terms"]),
            told=int(told.sum()),
            untold=int((~told).sum()),
        )

    def save(self, folder: Path) -> None:
        """Write the tables and the manifest, all at once: the ledger tells of the tables beside it."""
        refuse_place(folder, FILES)
        text = json.dumps(self.manifest, indent=1, ensure_ascii=False)
        tables = (table.to_parquet(index=False) for table in (self.rates, self.times, self.steps))
        write_folder(folder, dict(zip(FILES, (f"{text}\n".encode(), *tables), strict=True)))


def read_bundle(folder: str | Path) -> Bundle:
    """Read what `publish` wrote.

    Parameters
    ----------
    folder : str or Path

    Returns
    -------
    Bundle

    Raises
    ------
    NotALogError
        If it is no bundle.

    Examples
    --------
    >>> import tempfile
    >>> import reflectlab
    >>> from reflectlab.share import publish, read_bundle
    >>> folder = tempfile.mkdtemp()
    >>> publish(reflectlab.simulate(classes=3, seed=1), folder)
    Bundle: ...
    >>> sorted(read_bundle(folder).manifest["rules"])
    ['bands', 'interval', 'learners', 'one_class', 'rounding']
    """
    place = Path(folder)
    try:
        manifest: Mapping[str, Any] = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        if manifest.get("format") != FORMAT or manifest.get("version") != BUNDLE_VERSION:
            raise ValueError("another format")
        rates, times, steps = (pd.read_parquet(place / name) for name in (RATES, TIMES, STEPS))
    except (OSError, ValueError, AttributeError) as error:
        command = f"reflectlab publish LOG -o {place.name or 'bundle'}"
        text = gettext("{place} is no bundle of a release. Make one with: {command}", place=place, command=command)
        raise NotALogError(text) from error
    return Bundle(rates, times, steps, dict(manifest))
