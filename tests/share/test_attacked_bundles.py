"""Bundles of schools with years above classes, and of weeks that follow one another, attacked from outside.

Somebody has the bundles, knows which class is in which year, and nothing else; or knows as well which child left.
"""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

import reflectlab
from reflectlab.errors import ArgumentError
from reflectlab.explore import LeaderReview
from reflectlab.share import publish
from reflectlab.share.disclosure.rate_audit import narrowed
from reflectlab.share.groups import Group
from reflectlab.share.rates import coded

QUESTIONS = {"met": 1, "set_by": 1, "chose": 1, "kinds": 4, "recorded": 1}
OVERLAP = ("strand", "week")


def school(seed, classes=4, learners=22, small=None, **options):
    """A school of years and languages, with one class of which few are left."""
    log = reflectlab.simulate(classes=classes, learners=learners, seed=seed, **options)
    rooms = log.learners["class_id"].unique().tolist()
    chance = np.random.default_rng(seed)
    people = log.learners.assign(
        year=log.learners["class_id"].map({room: str(3 + place // 2) for place, room in enumerate(rooms)}),
        language=chance.choice(["English", "te reo Māori", "Tongan"], len(log.learners), p=[0.6, 0.3, 0.1]),
    )
    gone = people.loc[people["class_id"] == rooms[-1], "learner_id"].iloc[small:] if small else []
    return without(log, people, gone)


def without(log, people, gone):
    tables = {name: getattr(log, name) for name in ("events", "collaborations")}
    kept = {name: table[~table["learner_id"].isin(gone)] for name, table in tables.items()}
    people = people[~people["learner_id"].isin(gone)]
    return reflectlab.ProgressLog.from_tables(learners=people, goals=log.goals, terms=log.terms, **kept)


class Attacker:
    """What a bundle tells of the counts behind one question, as a linear program."""

    def __init__(self):
        self.number, self.upper, self.equal = {}, [], []

    def at(self, *what):
        return self.number.setdefault(what, len(self.number))

    def between(self, terms, low, high):
        self.upper.append((terms, high))
        self.upper.append(({place: -sign for place, sign in terms.items()}, -low))

    def reads(self, when, bundle, question, years):
        parts = range(QUESTIONS[question] + 1)
        rows = bundle.rates[bundle.rates["question"] == question]
        for (by, label), own in rows.groupby(["by", "label"], sort=False):
            goals = {self.at(when, by, label, part): 1.0 for part in parts}
            people = self.at(when, by, label, "learners")
            self.upper.append((dict.fromkeys(goals, -1.0) | {people: 1.0}, 0.0))
            if pd.isna(own["size"].iloc[0]):
                continue
            self.between(goals, own["size"].iloc[0] - 5, own["size"].iloc[0] + 5)
            ends = [int(word) for word in own["learners"].iloc[0].replace("over 300", "301 to 99999").split(" to ")]
            self.between({people: 1.0}, *ends)
            for part, row in enumerate(own.itertuples()):
                place = self.at(when, by, label, part)
                self.upper.append((dict.fromkeys(goals, -row.rate_high) | {place: 1 - row.rate_high}, 0.0))
                self.upper.append((dict.fromkeys(goals, row.rate_low) | {place: row.rate_low - 1}, 0.0))
        labels = rows.drop_duplicates(["by", "label"]).groupby("by")["label"].apply(list).to_dict()
        labels |= {"year": list(years)} if "year" in labels else {}
        for by, part in product(set(labels) - {"school", "language"}, [*parts, "learners"]):
            if part == "learners" and by in OVERLAP:
                continue
            self.adds(when, ("school", ""), [(by, label) for label in labels[by]], part)
        for year, part in product(labels.get("year", []), [*parts, "learners"]):
            self.adds(when, ("year", year), [("class_id", room) for room in years[year]], part)

    def adds(self, when, whole, groups, part):
        if groups:
            terms = {self.at(when, *group, part): 1.0 for group in groups} | {self.at(when, *whole, part): -1.0}
            self.equal.append(terms)

    def widths(self, wanted):
        """Between what each of some sums of counts lies."""
        size = len(self.number)
        upper, equal = (_matrix(rows, size) for rows in ([row for row, _ in self.upper], self.equal))
        most, none = [most for _, most in self.upper], np.zeros(len(self.equal))
        found = []
        for terms in wanted:
            ends = []
            for sign in (1, -1):
                aim = sign * _matrix([terms], size).toarray()[0]
                answer = linprog(aim, upper, most, equal, none, bounds=(0, 10**5), method="highs")
                assert answer.status == 0, answer.message
                ends.append(sign * answer.fun)
            found.append(ends[1] - ends[0])
        return found


def _matrix(rows, width):
    places = [(number, column, sign) for number, row in enumerate(rows) for column, sign in row.items()]
    lines, columns, signs = zip(*places, strict=True)
    return csr_matrix((signs, (lines, columns)), shape=(len(rows), width))


def years_of(log):
    people = log.learners.drop_duplicates("class_id")
    return people.groupby("year")["class_id"].apply(list).to_dict()


@pytest.mark.parametrize(("seed", "small"), [(1, None), (2, 8), (3, 11), (4, 3)])
def test_a_year_less_its_other_classes_tells_nothing_of_a_class(tmp_path, seed, small):
    log = school(seed, small=small)
    bundle = publish(log, tmp_path / "b")
    assert bundle.manifest["levels"] == ["year"]
    for question in QUESTIONS:
        attacker = Attacker()
        attacker.reads(0, bundle, question, years_of(log))
        widths = attacker.widths({place: 1.0} for place in attacker.number.values())
        assert min(widths) >= 5 - 1e-6, (question, list(attacker.number)[int(np.argmin(widths))])


def test_the_audit_knows_which_class_is_in_which_year():
    """What is told of a class and does not fit into its year could only be false: then nothing is taken to be safe."""
    people = [frozenset(f"{room}{number}" for number in range(25)) for room in "ABC"]
    whole = [("school", "", people[0] | people[1] | people[2]), ("year", "3", people[0] | people[1])]
    whole += [("year", "4", people[2]), *(("class_id", room, own) for room, own in zip("ABC", people, strict=True))]
    groups = [Group("met", "t1", by, label, len(own), (75, 25), members=own) for by, label, own in whole]
    fits = {("year", "3"): coded(50, (150, 50), 1), ("class_id", "A"): coded(25, (75, 25), 1)}
    assert narrowed(groups, fits) == []
    assert narrowed(groups, fits | {("year", "3"): coded(50, (45, 15), 1)})
    assert narrowed(groups, {("year", "4"): coded(25, (75, 25), 1), ("class_id", "C"): coded(25, (25, 75), 1)})
    assert narrowed(groups, {("year", "4"): coded(25, (75, 25), 1), ("class_id", "B"): coded(25, (25, 75), 1)}) == []


def test_years_stand_between_the_school_and_its_classes(tmp_path):
    review = LeaderReview(publish(school(1), tmp_path / "b"))
    labels = [text.get_text() for text in review.terms().texts]
    places = [labels.index(label) for label in ("The school", "Year 3", "Year 4", "Room 5", "Room 8")]
    assert places == sorted(places)
    assert not any("year" in text.get_text().lower() for text in review.groups().texts)


def released_twice(tmp_path, seed, who):
    log = school(seed)
    child = log.learners.iloc[who]
    then = publish(log, tmp_path / "then")
    later = without(log, log.learners, [child["learner_id"]])
    now = publish(later, tmp_path / "now", released=tmp_path / "then")
    return log, child, then, now


@pytest.mark.parametrize(("seed", "who"), [(1, 0), (2, 30), (3, 60), (5, 87)])
def test_who_knows_which_child_left_does_not_learn_what_it_met(tmp_path, seed, who):
    """All groups that it was not in are known to be the same; how many goals it had, and met, is not found."""
    log, child, then, now = released_twice(tmp_path, seed, who)
    for question in ("met", "set_by", "chose"):
        attacker = Attacker()
        for when, bundle in enumerate((then, now)):
            attacker.reads(when, bundle, question, years_of(log))
        own = {(by, child[by]) for by in ("class_id", "year", "language")} | {("school", "")}
        groups = {what[1:3] for what in attacker.number if what[1] not in OVERLAP} - own
        for group, part in product(groups, (0, 1)):
            if {(0, *group, part), (1, *group, part)} <= {*attacker.number}:
                attacker.equal.append({attacker.at(0, *group, part): 1.0, attacker.at(1, *group, part): -1.0})
        room = ("class_id", child["class_id"])
        gone = [{attacker.at(0, *room, part): 1.0, attacker.at(1, *room, part): -1.0} for part in (0, 1)]
        assert min(attacker.widths(gone)) >= 5 - 1e-6, question


@pytest.mark.parametrize(("seed", "who"), [(1, 0), (4, 50)])
def test_who_knows_which_child_moved_does_not_learn_what_it_met(tmp_path, seed, who):
    log = school(seed)
    child, rooms = log.learners.iloc[who], log.learners["class_id"].unique().tolist()
    to = next(room for room in rooms if room != child["class_id"])
    then = publish(log, tmp_path / "then")
    moved = log.learners.assign(class_id=log.learners["class_id"].mask(log.learners.index == who, to))
    now = publish(without(log, moved, []), tmp_path / "now", released=tmp_path / "then")
    attacker = Attacker()
    for when, bundle in enumerate((then, now)):
        attacker.reads(when, bundle, "met", years_of(log) if bundle.manifest["levels"] else {})
    for group, part in product([("school", ""), *(("class_id", room) for room in rooms)], (0, 1)):
        if group[1] not in (child["class_id"], to):
            attacker.equal.append({attacker.at(0, *group, part): 1.0, attacker.at(1, *group, part): -1.0})
    gone = [
        {attacker.at(0, "class_id", room, part): 1.0, attacker.at(1, "class_id", room, part): -1.0}
        for room, part in product((child["class_id"], to), (0, 1))
    ]
    assert min(attacker.widths(gone)) >= 5 - 1e-6


def test_days_that_are_one_off_are_told_as_before(tmp_path):
    _, _, then, now = released_twice(tmp_path, 1, 0)
    both = then.times.merge(now.times, on=["term_id", "by", "label"], suffixes=("", "_then"))
    for name in ("quarter", "half", "half_low", "half_high", "three_quarters"):
        assert not (both[name] - both[f"{name}_then"]).abs().eq(1).any()


def test_a_step_is_told_where_ten_learners_took_it_and_no_flow_is(tmp_path):
    log = reflectlab.simulate(classes=8, learners=26, seed=1)
    bundle = publish(log, tmp_path / "b")
    assert len(bundle.steps) > 3
    assert bundle.steps.columns.tolist() == ["term_id", "source", "target", "learners"]
    paths = reflectlab.pathways(log).sort_values(["learner_id", "position"])
    paths["then"] = paths.groupby("learner_id")["goal_id"].shift(-1)
    taken = paths.dropna(subset=["then"]).groupby(["goal_id", "then"])["learner_id"].nunique()
    titles = log.goals.set_index("goal_id")["title"]
    counted = {(titles[source], titles[target]): count for (source, target), count in taken.items()}
    for row in bundle.steps.itertuples():
        low, high = (int(each) for each in row.learners.split(" to "))
        assert 10 <= low <= counted[row.source, row.target] <= high


def test_a_goal_that_is_called_after_a_child_is_in_no_step(tmp_path):
    log = reflectlab.simulate(classes=8, learners=26, seed=1)
    plain = publish(log, tmp_path / "plain").steps
    name = log.learners["name"].iloc[5]
    goals = log.goals.assign(
        title=log.goals["title"].where(log.goals["title"] != plain["source"].iloc[0], f"As {name}")
    )
    tables = {each: getattr(log, each) for each in ("events", "collaborations", "learners", "terms")}
    named = publish(reflectlab.ProgressLog.from_tables(goals=goals, **tables), tmp_path / "named").steps
    assert not named.to_csv().count(name)
    assert len(named) < len(plain)


@pytest.mark.parametrize(("having_it", "named"), [(1, False), (9, False), (10, True)])
def test_a_strand_that_few_have_is_not_named(tmp_path, having_it, named):
    """It may be called after a child, or after what only one child needs."""
    log = reflectlab.simulate(classes=4, learners=22, seed=1)
    events = log.events.drop(columns="row")
    own = events[events["learner_id"].isin(log.learners["learner_id"].iloc[:having_it])]
    own = own.assign(goal_id=own["goal_id"].map("own {}".format))
    goals = log.goals.drop(columns="row", errors="ignore")
    more = goals.assign(goal_id=goals["goal_id"].map("own {}".format), strand="For Marama")
    tables = {"events": pd.concat([events, own]), "goals": pd.concat([goals, more])}
    others = {name: getattr(log, name) for name in ("collaborations", "learners", "terms")}
    publish(reflectlab.ProgressLog.from_tables(**tables, **others), tmp_path / "b")
    for name in ("rates", "times"):
        table = pd.read_parquet(tmp_path / "b" / f"{name}.parquet")
        assert ("For Marama" in set(table["label"])) == named


@pytest.mark.parametrize("small", [3, 12])
def test_what_all_of_a_small_class_are_is_not_named(tmp_path, small):
    """A column that is alike within each class stands above the classes, though it may be a language."""
    log = reflectlab.simulate(classes=4, learners=22, seed=1)
    last = log.learners["class_id"].unique()[-1]
    people = log.learners.assign(language=np.where(log.learners["class_id"] == last, "Tongan", "English"))
    gone = people.loc[people["class_id"] == last, "learner_id"].iloc[small:]
    bundle = publish(without(log, people, gone), tmp_path / "b")
    assert bundle.manifest["levels"] == ["language"]
    assert ("Tongan" in set(bundle.rates["label"])) == (small >= 10)
    assert last in set(bundle.rates["label"]), "which classes there are is no secret"


@pytest.mark.parametrize("name", ["school", "strand", "week", "exposure", "goals", "met"])
def test_a_column_that_is_called_as_something_of_a_bundle_is_refused(tmp_path, name):
    log = school(1, classes=2)
    with pytest.raises(ArgumentError, match=f"a column {name}, which .* say {name}_name"):
        publish(without(log, log.learners.rename(columns={"language": name}), []), tmp_path / "b")
    assert not (tmp_path / "b").exists()
