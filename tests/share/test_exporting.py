"""What researchers get: no name, id, note or time, an order that tells nothing, and no two exports to be joined."""

import csv
import json
import os
import re

import numpy as np
import pandas as pd
import pytest

import reflectlab
from reflectlab.errors import ArgumentError, ExistsError
from reflectlab.journal import Journal
from reflectlab.share import clean, erase, export, k_anonymity, l_diversity, new_key

NOTE = "Aroha's mum said that Ben helps her at home"


@pytest.fixture
def log():
    made = reflectlab.simulate(classes=3, learners=22, seed=1)
    learners = made.learners.assign(
        language=np.resize(["English", "te reo Māori"], len(made.learners)),
        support=np.resize(["no", "no", "yes"], len(made.learners)),
        street=[f"{number} Kauri Street" for number in range(len(made.learners))],
    )
    events = made.events.assign(note=np.where(made.events.index % 7 == 0, NOTE, None))
    return reflectlab.ProgressLog.from_tables(
        events=events, collaborations=made.collaborations, learners=learners, goals=made.goals, terms=made.terms
    )


@pytest.fixture
def key(tmp_path):
    return new_key(tmp_path / "project.key")


def whole(folder):
    return "\n".join(path.read_text() for path in sorted(folder.iterdir()))


def test_a_search_of_the_whole_export_finds_no_name_id_note_or_time(log, key, tmp_path):
    export(log, tmp_path / "out", key=key, identifying=["language"], sensitive=["support"])
    text = whole(tmp_path / "out")
    times = {time.strftime(form) for time in log.events["time"] for form in ("%Y-%m-%d", "%H:%M:%S", "%d/%m/%Y")}
    goals = [*log.goals["goal_id"], *log.goals["title"]]
    rooms = log.learners["class_id"].unique()
    for word in [*log.learners["learner_id"], *log.learners["name"], *log.learners["street"], *rooms, *times]:
        assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text), word
    tables = "".join(path.read_text() for path in (tmp_path / "out").glob("*.csv"))
    assert not [word for word in goals if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", tables)]
    assert "mum" not in text
    assert key.read_text() not in text
    assert str(tmp_path) not in text


def test_the_codebook_tells_every_column(log, key, tmp_path):
    export(log, tmp_path / "out", key=key, identifying=["language"])
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text())
    assert {each["name"] for each in package["resources"]} == {"learners", "goals", "events", "collaborations"}
    for resource in package["resources"]:
        with (tmp_path / "out" / resource["path"]).open() as opened:
            head = next(csv.reader(opened))
        assert head == [field["name"] for field in resource["schema"]["fields"]]
        assert all(field["description"] for field in resource["schema"]["fields"])


def test_two_exports_with_different_keys_share_no_pseudonym(log, key, tmp_path):
    export(log, tmp_path / "one", key=key)
    export(log, tmp_path / "two", key=new_key(tmp_path / "other.key"))
    found = [set(re.findall(r"\b[0-9a-f]{32}\b", whole(tmp_path / name))) for name in ("one", "two")]
    assert len(found[0]) > len(log.learners)
    assert not found[0] & found[1]


def test_the_same_key_joins_what_belongs_together(log, key, tmp_path):
    export(log, tmp_path / "one", key=key)
    export(log, tmp_path / "two", key=key)
    assert whole(tmp_path / "one") == whole(tmp_path / "two")


def test_order_carries_no_information(log, key, tmp_path):
    export(log, tmp_path / "out", key=key)
    events = pd.read_csv(tmp_path / "out" / "events.csv")
    for values in (events["week"], events["learner"].rank(method="dense")):
        correlation = np.corrcoef(np.arange(len(events)), values.to_numpy(dtype=float))[0, 1]
        assert abs(correlation) < 4 / np.sqrt(len(events))
    changes = (events["learner"] != events["learner"].shift()).mean()
    assert changes > 0.9


def test_what_happened_is_all_there(log, key, tmp_path):
    export(log, tmp_path / "out", key=key)
    events = pd.read_csv(tmp_path / "out" / "events.csv")
    assert events["event"].value_counts().to_dict() == log.events["event"].value_counts().to_dict()
    assert events["week"].between(1, 10).all()


def test_few_who_are_alike_are_not_told_apart(log, key, tmp_path):
    learners = log.learners.assign(language=log.learners["language"].mask(log.learners.index == 7, "Tongan"))
    tables = {name: getattr(log, name) for name in ("events", "collaborations", "goals", "terms")}
    odd = reflectlab.ProgressLog.from_tables(learners=learners, **tables)
    export(odd, tmp_path / "out", key=key, identifying=["language"], sensitive=["support"])
    written = pd.read_csv(tmp_path / "out" / "learners.csv")
    assert "Tongan" not in whole(tmp_path / "out")
    assert k_anonymity(written, ["class", "language"]) >= 5
    assert l_diversity(written, ["class", "language"], "support") >= 2


def test_the_published_examples_of_k_and_l():
    """Sweeney (2002), figure 2; Machanavajjhala et al. (2007), figures 2 and 3."""
    sweeney = pd.DataFrame(
        {
            "race": ["Black"] * 4 + ["White"] * 7,
            "birth": [1965, 1965, 1964, 1964, 1964, 1964, 1964, 1965, 1965, 1964, 1964][:11],
            "gender": ["m", "m", "f", "f", "f", "f", "m", "m", "m", "m", "m"],
            "zip": ["0214*"] * 4 + ["0213*"] * 5 + ["0213*"] * 2,
        }
    )
    assert k_anonymity(sweeney, list(sweeney)) == 2
    heart, viral, cancer = "heart disease", "viral infection", "cancer"
    four = pd.DataFrame(
        {
            "zip": ["130**"] * 4 + ["1485*"] * 4 + ["130**"] * 4,
            "age": ["< 30"] * 4 + [">= 40"] * 4 + ["3*"] * 4,
            "condition": [heart, heart, viral, viral, cancer, heart, viral, viral, cancer, cancer, cancer, cancer],
        }
    )
    assert k_anonymity(four, ["zip", "age"]) == 4
    assert l_diversity(four, ["zip", "age"], "condition") == 1
    three = four.assign(
        zip=["1305*"] * 4 + ["1485*"] * 4 + ["1306*"] * 4,
        age=["<= 40"] * 4 + ["> 40"] * 4 + ["<= 40"] * 4,
        condition=[heart, viral, cancer, cancer, cancer, heart, viral, viral, heart, viral, cancer, cancer],
    )
    assert k_anonymity(three, ["zip", "age"]) == 4
    assert l_diversity(three, ["zip", "age"], "condition") == 3


def test_a_key_that_is_missing_short_open_or_inside_is_refused(log, tmp_path):
    short, readable = tmp_path / "short.key", tmp_path / "readable.key"
    short.write_text("secret")
    short.chmod(0o600)
    new_key(readable)
    readable.chmod(0o644)
    (tmp_path / "out").mkdir()
    inside = new_key(tmp_path / "out" / "inside.key")
    for bad, why in ((tmp_path / "none", "is none"), (short, "at least 32 bytes"), (inside, "outside the export")):
        with pytest.raises(ArgumentError, match=why):
            export(log, tmp_path / "out", key=bad)
    if os.name == "posix":
        with pytest.raises(ArgumentError, match="chmod 600"):
            export(log, tmp_path / "out", key=readable)
        assert inside.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ExistsError):
        new_key(short)


def test_a_folder_that_holds_something_and_names_are_refused(log, key, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "old.csv").touch()
    with pytest.raises(ExistsError, match="holds something"):
        export(log, tmp_path / "full", key=key)
    with pytest.raises(ArgumentError, match="would tell who"):
        export(log, tmp_path / "out", key=key, identifying=["name"])


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1+1", "\t=1", "\r=1"])
def test_hostile_cells_are_inert(key, tmp_path, cell):
    made = reflectlab.simulate(classes=1, learners=20, seed=1)
    learners = made.learners.assign(language=cell)
    tables = {name: getattr(made, name) for name in ("events", "collaborations", "goals", "terms")}
    export(
        reflectlab.ProgressLog.from_tables(learners=learners, **tables),
        tmp_path / "out",
        key=key,
        identifying=["language"],
    )
    for path in (tmp_path / "out").glob("*.csv"):
        with path.open(newline="") as opened:
            for row in csv.reader(opened):
                assert not any(re.match(r"[=+\-@\t\r]", each) for each in row)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_learner_who_is_erased_is_nowhere(log, tmp_path, suffix):
    reflectlab.save_tables(log, tmp_path / "log", format=suffix)
    journal = Journal(tmp_path / "journal.sqlite")
    child, other = log.learners.iloc[0], log.learners.iloc[1]
    journal.write("Asked for help.", learner_id=child["learner_id"], about=child["name"], day="2026-08-01")
    journal.write(f"Helped {child['name']} again.", learner_id=other["learner_id"], about=other["name"])
    told = erase(tmp_path / "log", child["learner_id"], journal=journal)
    assert told.startswith(f"{int((log.events['learner_id'] == child['learner_id']).sum())}"[:1]) or told
    after = reflectlab.load(tmp_path / "log")
    words = after.events.to_csv() + after.collaborations.to_csv() + after.learners.to_csv()
    for word in (child["learner_id"], child["name"]):
        assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", words)
    assert len(after.events) == int((log.events["learner_id"] != child["learner_id"]).sum())
    assert journal.notes()["noticed"].tolist() == ["Helped (a learner) again."]
    assert child["name"].encode() not in (tmp_path / "journal.sqlite").read_bytes()
    with pytest.raises(ArgumentError, match="must be the id"):
        erase(tmp_path / "log", child["learner_id"], journal=journal)


def test_a_notebook_is_cleaned_of_what_it_showed(tmp_path, root):
    file = tmp_path / "a.ipynb"
    source = (root / "notebooks" / "teacher_reflection.ipynb").read_text()
    notebook = json.loads(source)
    notebook["metadata"]["widgets"] = {"state": "Aroha"}
    notebook["cells"][0]["attachments"] = {"picture.png": {}}
    notebook["cells"].append(
        {
            "cell_type": "code",
            "metadata": {"x": "/srv/ana"},
            "execution_count": 7,
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "Aroha"}],
            "source": [
                'log = load("/srv/ana/5A/log.xlsx")\n',
                "log2 = load(r'C:\\Users\\ana\\log.csv')\n",
                "a = 1 / 2",
            ],
            "id": "last",
        }
    )
    file.write_text(json.dumps(notebook))
    clean(file)
    text = file.read_text()
    assert "Aroha" not in text
    assert "ana" not in "".join(json.loads(text)["cells"][-1]["source"])
    assert json.loads(text)["cells"][-1]["source"][0] == 'log = load("log.xlsx")\n'
    assert json.loads(text)["cells"][-1]["source"][-1] == "a = 1 / 2"
    assert all(not cell.get("outputs") for cell in json.loads(text)["cells"])
