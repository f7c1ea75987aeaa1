"""Every estimator that R has, to eight digits: `survival` and `cmprsk` on the rows that are exported."""

import shutil
import subprocess
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import NoReturn

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from reflectlab import ProgressLog, compare, simulate, spells, time_to_goal, to_counting_process
from reflectlab.measure.comparison.goals import as_goals, seen_goals, under_way
from reflectlab.measure.comparison.models.headline import company_rate

LOGS = {
    "times": {"difficulty": 0.7, "seed": 1},
    "dates": {"difficulty": 0.7, "mode": "dates", "seed": 2},
    "one class": {"classes": 1, "difficulty": 1.0, "seed": 4},
}

SCRIPT = """
suppressMessages({library(survival); library(cmprsk)}); options(digits = 15)
d <- read.csv("rows.csv", colClasses = c(learner_id = "character", goal_id = "character"))
tight <- coxph.control(eps = 1e-12, toler.chol = 1e-13, iter.max = 100, outer.max = 100, timefix = FALSE)
S <- Surv(d$start, d$stop, d$met)
say <- function(name, value, error)
  cat(name, ",", format(value, digits = 15), ",", format(error, digits = 15), "\\n", sep = "")
of <- function(name, fit) say(name, coef(fit)[1], sqrt(fit$var[1, 1]))
cat("name,value,error\\n")
of("within learners", coxph(S ~ collaborative + strata(learner_id), d, ties = "efron", control = tight))
of("between learners", coxph(S ~ collaborative + cluster(learner_id), d, ties = "efron", control = tight))
of("adjusted", coxph(S ~ collaborative + strand + cluster(learner_id), d, ties = "efron", control = tight))
ever <- ave(d$collaborative, d$learner_id, d$goal_id, FUN = max)
of("naive", coxph(S ~ ever, d, ties = "efron", control = tight))
goal <- coxph(S ~ collaborative + frailty(goal_id, dist = "gauss", sparse = FALSE, eps = 1e-11) + strata(learner_id),
              d, ties = "efron", control = tight)
of("goal only", goal); say("goal only: variance", goal$history[[1]]$theta, 0)
whole <- coxph(S ~ collaborative + company_rate + poly(begun, 2) +
               frailty(goal_id, dist = "gauss", sparse = FALSE, eps = 1e-11) + strata(learner_id),
               d, ties = "efron", control = tight)
of("headline", whole); say("headline: variance", whole$history[[1]]$theta, 0)
s <- read.csv("spells.csv"); found <- cuminc(s$days, s$ending, cencode = 0)
at <- timepoints(found, sort(unique(s$days)))$est[1, ]
for (k in seq_along(at)) say(paste("share met by", names(at)[k]), at[k], 0)
for (k in 1:2) { e <- d[d$collaborative == k - 1, ]
  e$why <- factor(ifelse(e$ending %in% c("met", "dropped"), e$ending, "open"), c("open", "met", "dropped"))
  e$row <- seq_len(nrow(e))
  curve <- survfit(Surv(start, stop, why) ~ 1, e, id = row)
  say(paste("delayed entry", k - 1), tail(curve$pstate[, 2], 1), 0) }
"""


@pytest.fixture(scope="module")
def rscript(missing: Callable[[str], NoReturn]) -> str:
    command = shutil.which("Rscript")
    packages = "quit(status = !all(c('survival', 'cmprsk') %in% rownames(installed.packages())))"
    if command is None or subprocess.run([command, "-e", packages], check=False).returncode:
        missing("R with survival and cmprsk is not here: apt-get install r-base-core r-cran-survival r-cran-cmprsk")
    return str(command)


@pytest.fixture(scope="module", params=LOGS)
def log(request: pytest.FixtureRequest) -> ProgressLog:
    return simulate(**LOGS[request.param])


@pytest.fixture(scope="module")
def by_r(rscript: str, log: ProgressLog, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """What R finds: a value and its error by name."""
    folder = tmp_path_factory.mktemp("r")
    rows, goals = to_counting_process(log), as_goals(under_way(seen_goals(log, "school_days")))
    frame = under_way(seen_goals(log, "school_days"))[["learner_id", "goal_id"]]
    rates = frame.assign(company_rate=company_rate(goals))
    rows.merge(rates, on=["learner_id", "goal_id"]).merge(log.goals[["goal_id", "strand"]], on="goal_id").to_csv(
        folder / "rows.csv", index=False
    )
    _taken(log).to_csv(folder / "spells.csv", index=False)
    (folder / "it.R").write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run([rscript, "it.R"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return pd.read_csv(StringIO(done.stdout), index_col="name")


def _taken(log: ProgressLog) -> pd.DataFrame:
    """Each goal taken up, in whole school days, and how it ended: 0 open, 1 met, 2 dropped."""
    from reflectlab.measure.time_to_goal import durations

    return durations(log, None).select("days", "ending").collect().to_pandas()


def mine(log: ProgressLog, estimator: str, adjust: str | tuple[str, ...] = ()) -> list[float]:
    terms = compare(log, adjust).coefficients.query("term == 'collaborative'").set_index("estimator")
    return terms.loc[estimator, ["coefficient", "standard_error"]].tolist()


@pytest.mark.parametrize("estimator", ["within learners", "between learners", "naive"])
def test_ratios(log: ProgressLog, by_r: pd.DataFrame, estimator: str):
    assert_allclose(mine(log, estimator), by_r.loc[estimator, ["value", "error"]].tolist(), rtol=1e-8)


def test_between_learners_adjusted(log: ProgressLog, by_r: pd.DataFrame):
    expected = by_r.loc["adjusted", ["value", "error"]].tolist()
    assert_allclose(mine(log, "between learners", "strand"), expected, rtol=1e-8)


def test_the_headline(log: ProgressLog, by_r: pd.DataFrame):
    enough = compare(log).table.iloc[0]["informative"] >= 100
    expected = by_r.loc["headline" if enough else "goal only", ["value", "error"]].tolist()
    assert_allclose(mine(log, "within learners, adjusted for the goal"), expected, rtol=1e-8)


def test_time_to_goal(log: ProgressLog, by_r: pd.DataFrame):
    table = time_to_goal(log)
    shares = by_r[by_r.index.str.startswith("share met by")]["value"]
    assert len(spells(log)) >= table["at_risk"].max()
    assert_allclose(table["share_met"], shares, rtol=1e-8)


def test_time_to_goal_from_a_later_day(log: ProgressLog, rscript: str, tmp_path: Path):
    from reflectlab.measure.time_to_goal import durations

    later = log.select(start="2026-08-17")
    durations(later, None).select("entry", "days", "ending").collect().to_pandas().to_csv(tmp_path / "late.csv")
    script = """
    suppressMessages(library(survival)); d <- read.csv("late.csv"); d$row <- seq_len(nrow(d))
    d$why <- factor(d$ending, 0:2)
    f <- survfit(Surv(entry, days, why) ~ 1, d, id = row)
    write.csv(data.frame(days = f$time, share = f$pstate[, 2]), "curve.csv", row.names = FALSE)
    """
    subprocess.run([rscript, "-e", script], cwd=tmp_path, capture_output=True, check=True)
    expected = pd.read_csv(tmp_path / "curve.csv").set_index("days")["share"]
    table = time_to_goal(later).set_index("days")
    assert table["met"].sum() < time_to_goal(log)["met"].sum()
    assert_allclose(table["share_met"], expected.loc[table.index], rtol=1e-8)


def test_goals_that_became_collaborative_enter_late(log: ProgressLog, by_r: pd.DataFrame):
    from reflectlab.measure.statistics import cumulative_incidence

    rows = to_counting_process(log)
    for exposed in (0, 1):
        own = rows[rows["collaborative"] == exposed]
        times = np.unique(own.loc[own["ending"].isin(["met", "dropped"]), "stop"])
        at_risk = ((own["start"].to_numpy() < times[:, None]) & (own["stop"].to_numpy() >= times[:, None])).sum(axis=1)
        met, dropped = (
            (own.loc[own["ending"] == why, "stop"].to_numpy() == times[:, None]).sum(axis=1)
            for why in ("met", "dropped")
        )
        share = cumulative_incidence(at_risk.astype(float), met, dropped)[-1]
        assert share == pytest.approx(by_r.loc[f"delayed entry {exposed}", "value"], rel=1e-8)
