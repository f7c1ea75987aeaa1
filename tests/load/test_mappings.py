"""What was kept of a file, used by `load`, `check` and `app`."""

import pandas as pd
import pytest
from typer.testing import CliRunner

import reflectlab as rl
from reflectlab.cli import app
from reflectlab.errors import ArgumentError, ExistsError, ReflectLabError
from reflectlab.load.mappings import Mappings

GERMAN = (
    "Datum;Kind;Ziel;Was\n3. April;Anna;Haken;erreicht\n4. April;Bem;Hakn;angefangen\n4. April;Ben;Haken;erreicht\n"
)
HEADERS = ["Datum", "Kind", "Ziel", "Was"]
SAID = {
    "columns": {"time": "Datum", "learner_id": "Kind", "goal_id": "Ziel", "event": "Was"},
    "words": {"erreicht": "met", "angefangen": "started"},
    "year": 2025,
    "same": {"Bem": "Ben"},
    "same_goals": {"Hakn": "Haken"},
}


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A data folder in which something was kept for `klasse.csv`, which lies beside it."""
    monkeypatch.setenv("REFLECTLAB_DATA", str(tmp_path / "data"))
    Mappings().keep(HEADERS, SAID, name="klasse.csv")
    (tmp_path / "klasse.csv").write_text(GERMAN, encoding="utf-8")
    return tmp_path


def told(log):
    return log.events[["time", "learner_id", "goal_id", "event"]].astype(str).to_numpy().tolist()


WHOLE = [
    ["2025-04-03", "Anna", "Haken", "met"],
    ["2025-04-04", "Ben", "Haken", "started"],
    ["2025-04-04", "Ben", "Haken", "met"],
]


def test_what_was_kept_is_used_and_one_remark_says_so(kept):
    log = rl.load(kept / "klasse.csv", mapping=True)
    assert told(log) == WHOLE
    [remark] = log.problems.loc[log.problems["code"] == "kept_mapping", "message"]
    assert "What you kept for files with these headers was used" in remark
    assert '"erreicht": "met"' in remark
    assert log.account[["read", "loaded", "listed"]].to_numpy().tolist() == [[3, 3, 0]]


def test_nothing_is_used_unless_it_is_asked_for(kept):
    with pytest.raises(ReflectLabError):
        rl.load(kept / "klasse.csv")


def test_a_year_and_names_count_for_the_file_of_that_name_only(kept):
    (kept / "other.csv").write_text(GERMAN, encoding="utf-8")
    with pytest.raises(ReflectLabError, match="year"):
        rl.load(kept / "other.csv", mapping=True)
    log = rl.load(kept / "other.csv", mapping=True, year=2024)
    assert {row[1] for row in told(log)} == {"Anna", "Bem", "Ben"}
    assert {row[0][:4] for row in told(log)} == {"2024"}


def test_what_the_caller_says_counts_more(kept):
    log = rl.load(kept / "klasse.csv", mapping=True, year=2023, words={"erreicht": "stuck"})
    assert [row[3] for row in told(log)] == ["stuck", "started", "stuck"]
    assert log.first_day.year == 2023


def test_a_folder_or_a_file_of_it_is_named(kept, tmp_path):
    [file] = (kept / "data" / "mappings").iterdir()
    for place in (file, file.parent, str(file)):
        assert told(rl.load(kept / "klasse.csv", mapping=place)) == WHOLE
    with pytest.raises(ReflectLabError, match="cannot be used"):
        rl.load(kept / "klasse.csv", mapping=tmp_path / "nowhere.json")
    with pytest.raises(ArgumentError, match="mapping"):
        rl.load(kept / "klasse.csv", mapping=3)


def test_check_uses_it_and_says_so_in_one_line_unless_told_not_to(kept):
    done = CliRunner().invoke(app, ["check", str(kept / "klasse.csv")])
    assert done.exit_code == 0, done.output
    assert done.output.count("What you kept for files with these headers was used") == 1
    assert "--no-mapping" in done.output
    refused = CliRunner().invoke(app, ["check", "--no-mapping", str(kept / "klasse.csv")])
    assert refused.exit_code == 2


def test_app_is_given_it_and_says_so(kept, monkeypatch):
    served = []
    monkeypatch.setattr("reflectlab.serve.app.serve", lambda log, said, **_: served.append(rl.load(log, **said)))
    done = CliRunner().invoke(app, ["app", "--no-browser", str(kept / "klasse.csv")])
    assert done.exit_code == 0, done.output
    assert "What you kept for files with these headers was used" in done.output
    assert told(served[0]) == WHOLE


def test_two_files_with_the_same_headers_keep_their_own_and_share_the_rest(kept):
    mappings = Mappings()
    mappings.keep(HEADERS, {**SAID, "year": 2026}, name="other.csv")
    assert mappings.find(HEADERS, "klasse.csv")["year"] == 2025
    assert mappings.find(HEADERS, "other.csv")["year"] == 2026
    with pytest.raises(ExistsError):
        mappings.keep(HEADERS, {**SAID, "year": 2027}, name="other.csv")
    with pytest.raises(ExistsError):
        mappings.keep(HEADERS, {**SAID, "words": {}}, name="third.csv")


def test_goals_are_joined_as_children_are(tmp_path):
    path = tmp_path / "log.csv"
    rows = ["20 July,Ben,hook,started", "21 July,Ben,hok,met", "22 July,Zoe,verbs,met"]
    path.write_text("\n".join(["date,learner,goal,what happened", *rows]), encoding="utf-8")
    log = rl.load(path, year=2026, same_goals={"hok": "hook"})
    assert log.goals["goal_id"].tolist() == ["hook", "verbs"]
    assert rl.completion(log, by=())[["goals", "met"]].to_numpy().tolist() == [[2, 2]]
    vain = rl.load(path, year=2026, same_goals={"nothing": "hook"})
    assert "said_in_vain" in vain.problems["code"].tolist()


def test_a_goal_is_joined_with_one_of_a_table_of_goals(tmp_path):
    pd.DataFrame({"goal_id": ["g1"], "title": ["hook"]}).to_csv(tmp_path / "goals.csv", index=False)
    path = tmp_path / "log.csv"
    path.write_text("date,learner,goal,what happened\n2026-07-20,Ben,anchor,met\n", encoding="utf-8")
    log = rl.load([path, tmp_path / "goals.csv"], same_goals={"anchor": "hook"})
    assert log.events["goal_id"].tolist() == ["g1"]
    with pytest.raises(ArgumentError, match="not among the goals"):
        rl.load([path, tmp_path / "goals.csv"], same_goals={"anchor": "nothing"})
