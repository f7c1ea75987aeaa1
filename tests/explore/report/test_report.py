"""The page to take away: what is on it, what is not, and how it is written. `tests/browser` opens it."""

import re
import stat
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from typer.testing import CliRunner

import reflectlab
from reflectlab import cli
from reflectlab.explore import report_page, save_report
from reflectlab.explore.report import paper
from reflectlab.explore.report.picture import for_page
from tests.explore.report.family import of_others, words_of

EVIL = '</script><script>alert(1)</script><img src=x onerror="alert(2)">&amp; "\''


@pytest.fixture(scope="module")
def log():
    return reflectlab.simulate(classes=2, learners=7, weeks=5, goals=6, seed=4)


@pytest.fixture(scope="module")
def page(log):
    return report_page(log)


def run(*arguments):
    result = CliRunner().invoke(cli.app, [str(each) for each in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return SimpleNamespace(code=result.exit_code, said=result.output)


def test_a_teachers_page_has_each_child_and_each_picture(log, page):
    first = log.learners["class_id"].min()
    names = log.learners.loc[log.learners["class_id"] == first, "name"].tolist()
    assert re.findall(r'<section data-child="c\d+"><h2>([^<]*)</h2>', page) == names
    drawn = [re.search(r'aria-label="([^"]*)"', each)[1] for each in re.findall(r"<svg [^>]*>", page)]
    assert len(drawn) == len(names) + 5
    for title in (first, "Own goals met so far", "Who worked with others", "Who works with whom"):
        assert any(each.startswith(title) for each in drawn), title
    other = log.learners.loc[log.learners["class_id"] != first, "learner_id"]
    assert not [one for one in other if re.search(rf"\b{one}\b", " ".join(words_of(page)))]


def test_no_id_of_the_log_is_on_a_page(log, page):
    assert not [one for one in log.learners["learner_id"] if one in page]


def test_it_asks_nobody_for_anything(page):
    assert "default-src 'none'" in page
    assert not re.search(r'(?:src|href)="(?!#|data:)', page)
    assert set(re.findall(r"https?://[^\s\"'<]+", page)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert "@import" not in page


def test_ids_differ_and_what_they_name_is_there(page):
    page = page[: page.index('<script type="application/json"')]
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    used = {*re.findall(r"url\(#([^)]*)\)", page), *re.findall(r'<use [^>]*?href="#([^"]*)"', page)}
    assert used <= set(ids)


def test_ids_are_those_of_the_page_and_words_stay_words():
    drawn = '<g id="a"><path d="M1.23 -0.5L20 3.99" style="fill: url(#h)"/><text>id="a" 3.14159</text></g>'
    kept = '<g id="f1-a"><path d="M1.23 -0.5L20 3.99" style="fill: url(#f1-h)"/><text>id="a" 3.14159</text></g>'
    assert for_page(drawn, "f1-") == kept


def named(name, title="Tell a fact", room="Room 5"):
    day = "2026-07-20"
    people = pd.DataFrame({"learner_id": ["a", "b"], "name": [name, "Ben"], "class_id": room})
    events = pd.DataFrame(
        {"time": day, "learner_id": ["a", "b"], "goal_id": "g", "event": "started", "note": [name, None]}
    )
    together = pd.DataFrame({"episode_id": "e", "time": day, "learner_id": ["a", "b"], "goal_id": "g"})
    goals = pd.DataFrame({"goal_id": ["g"], "title": [title], "strand": [title]})
    return reflectlab.ProgressLog.from_tables(events=events, collaborations=together, learners=people, goals=goals)


def names_in(page):
    """Return what elements and attributes a page has."""
    found = set()
    reader = HTMLParser()
    reader.handle_starttag = lambda tag, attrs: found.update([tag, *(name for name, _ in attrs)])
    reader.feed(page)
    return found


@pytest.mark.parametrize("audience", ["teacher", "family"])
def test_every_text_of_the_log_is_text(audience):
    made = report_page(named(EVIL, EVIL, EVIL), audience=audience, learner_id="a")
    assert made.count("<script") == made.count("</script") == 2
    assert not {"img", "onerror"} & names_in(made)
    read = words_of(made)
    assert any("alert(1)" in text for text in read)
    assert "alert(1)" not in made.split('<script type="module">')[1]


def test_notes_are_the_teachers_only():
    log = named("Aroha")
    assert "Note" in report_page(log)
    family = report_page(log, audience="family", learner_id="a")
    assert "Note" not in family
    assert "a classmate" in family


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_familys_page_tells_of_no_other_child(seed):
    log = reflectlab.simulate(classes=2, learners=6, weeks=4, goals=5, seed=seed)
    for learner in log.learners["learner_id"]:
        assert of_others(report_page(log, audience="family", learner_id=learner), log, learner) == []


def test_what_tells_of_another_child_would_be_found(log):
    """The search itself is tried: on the teacher's page it finds every classmate."""
    first, *others = log.learners.loc[log.learners["class_id"] == log.learners["class_id"].min(), "learner_id"]
    found = of_others(report_page(log), log, first)
    names = log.learners.set_index("learner_id")["name"]
    assert {names[one] for one in others} <= set(found)


def test_several_classmates_are_counted():
    people = ["a", "b", "c", "d"]
    events = pd.DataFrame({"time": "2026-07-20", "learner_id": people, "goal_id": "g", "event": "started"})
    together = pd.DataFrame({"episode_id": "e", "time": "2026-07-21", "learner_id": people, "goal_id": "g"})
    log = reflectlab.ProgressLog.from_tables(events=events, collaborations=together)
    read = words_of(report_page(log, audience="family", learner_id="b"))
    assert "3 classmates" in read
    assert any("3 classmates" in text and text != "3 classmates" for text in read), "and so when a mark is pointed at"


def test_a_class_of_thirty_is_under_three_megabytes():
    log = reflectlab.simulate(classes=1, learners=30, weeks=10, seed=1)
    assert len(report_page(log).encode()) < 3_000_000


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"audience": "family"}, "must be named"),
        ({"audience": "parents"}, "audience"),
        ({"class_id": "Room 99"}, "Room 99"),
        ({"learner_id": "nobody"}, "nobody"),
    ],
)
def test_what_cannot_be_made_is_refused(log, options, why):
    with pytest.raises(reflectlab.ArgumentError, match=why):
        report_page(log, **options)


def test_a_file_is_for_its_owner_and_replaces_nothing(log, tmp_path):
    file = save_report(log, tmp_path / "a.html")
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(reflectlab.ExistsError):
        save_report(log, file)
    save_report(log, file, overwrite=True)
    with pytest.raises(reflectlab.ArgumentError, match=r"\.html or \.pdf"):
        save_report(log, tmp_path / "a.docx")


def test_without_a_browser_there_is_no_pdf(log, tmp_path, monkeypatch):
    monkeypatch.setattr(paper.shutil, "which", lambda _: None)
    monkeypatch.setattr(paper, "_PLACES", ())
    with pytest.raises(reflectlab.MissingDependencyError, match="print it"):
        save_report(log, tmp_path / "a.pdf", audience="family", learner_id=log.learners["learner_id"].iloc[0])
    assert not [*tmp_path.iterdir()]


def test_the_command_writes_pages_and_asks_for_a_child(tmp_path: Path):
    tables = tmp_path / "tables"
    reflectlab.save_tables(reflectlab.example(), tables)
    page = tmp_path / "term.html"
    assert run("report", tables, "-o", page).code == 0
    assert "Hēmi" in page.read_text("utf-8")
    assert (again := run("report", tables, "-o", page)).code == 2
    assert "--overwrite" in again.said
    family = ("report", tables, "-o", page, "--overwrite", "--audience", "family")
    assert "--learner" in run(*family).said
    assert run(*family, "--learner", "BEN").code == 0
    text = page.read_text("utf-8")
    assert ("Ben" in text, "Aroha" in text) == (True, False)
    assert "--learner 'nobody'" in run(*family, "--learner", "nobody").said
    assert '--audience of a log is teacher or family; got "aunt"' in run(*family[:-1], "aunt").said


def test_a_name_that_two_have_is_asked_about(tmp_path: Path):
    people = pd.DataFrame({"learner_id": ["a", "b"], "name": "Ben", "class_id": ["Room 5", "Room 6"]})
    events = pd.DataFrame({"time": "2026-07-20", "learner_id": ["a", "b"], "goal_id": "g", "event": "met"})
    reflectlab.save_tables(reflectlab.ProgressLog.from_tables(events=events, learners=people), tmp_path / "t")
    family = ("report", tmp_path / "t", "-o", tmp_path / "x.html", "--audience", "family", "--learner", "Ben")
    assert "the id: a, b" in run(*family).said
    assert run(*family, "--class", "Room 6").code == 0


def test_what_to_look_at_first_stands_at_the_top_as_text_and_on_no_page_for_a_family(log, page):
    first = log.learners["class_id"].min()
    said = reflectlab.digest(log.select(class_id=first))["sentence"].tolist()
    head, rest = page.split("<h2>The class</h2>")
    listed = re.search(r"<h2>What to look at first</h2><ul>(.*?)</ul>", head)[1]
    assert [" ".join(words_of(each)) for each in listed.split("<li>")[1:]] == said
    assert "<button" not in listed
    assert "What to look at first" not in rest
    family = report_page(log, audience="family", learner_id=log.learners["learner_id"].iloc[0])
    assert "What to look at first" not in family


def test_a_class_of_a_log_without_classes_is_not_to_be_named(tmp_path):
    people = pd.DataFrame({"learner_id": ["aroha", "ben", "chloe", "hemi"]})
    log = reflectlab.ProgressLog.from_tables(events=reflectlab.example().events.drop(columns="row"), learners=people)
    with pytest.raises(
        reflectlab.ArgumentError, match=r"Room 5. is not in the log\. No class is named in it: leave this out\."
    ):
        save_report(log, tmp_path / "term.html", class_id="Room 5")
