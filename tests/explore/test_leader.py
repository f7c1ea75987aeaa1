"""The leader's page and notebook hold what was released and nothing else, for schools of any size."""

import json
import re
from datetime import date

import numpy as np
import pandas as pd
import pytest

import reflectlab
from reflectlab.errors import ArgumentError, NotALogError
from reflectlab.explore import LeaderReview
from reflectlab.share import publish
from reflectlab.share.review import human_order


def review_of(tmp_path_factory, **options):
    log = reflectlab.simulate(**options)
    folder = tmp_path_factory.mktemp("review")
    publish(log, folder / "b")
    return log, LeaderReview(folder / "b")


@pytest.fixture(
    scope="module",
    params=[
        {"classes": 1, "learners": 26, "weeks": 4, "seed": 4},
        {"classes": 3, "learners": 24, "seed": 2},
        {"classes": 19, "learners": 22, "seed": 5},
    ],
    ids=["1 class, 4 weeks", "3 classes", "19 classes"],
)
def school(request, tmp_path_factory):
    return review_of(tmp_path_factory, **request.param)


def test_the_page_names_no_child_and_needs_nothing(school):
    log, review = school
    page = review.to_html()
    for word in [*log.learners["learner_id"], *log.learners["name"]]:
        assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", page)
    assert "<script" not in page
    assert not re.search(r"(src|href)=['\"]https?:", page)


def test_six_questions_are_answered_each_with_its_place(school):
    _, review = school
    assert len(review.answers) == 6
    page = review.to_html()
    for section in review.answers["section"]:
        assert f"<h2>{section}</h2>" in page


def test_no_count_stands_beside_its_percentage(school):
    _, review = school
    text = re.sub(r"<[^>]+>", " ", re.sub(r"<(svg|style).*?</\1>", " ", review.to_html(), flags=re.DOTALL))
    assert not re.search(r"\b\d+ of \d+\b", text.replace("19 of 20", "").replace("998 of 1,000", ""))
    assert not re.search(r"\b\d+ goals\b", text)


def test_pictures_lie_where_the_bundle_says(school):
    """Coordinates come from what was released: no finer number is in any picture."""
    _, review = school
    rates, times = review.bundle.rates, review.bundle.times
    told = {round(value, 6) for name in ("rate_low", "rate_high", "low", "high") for value in rates[name].dropna()}
    seen = 0
    for name in ("strands", "goals_set", "company_chosen", "terms", "together"):
        for bar in review.picture(name).patches:
            if round(bar.get_height(), 2) in (0.34, 0.14):
                assert {round(bar.get_x(), 6), round(bar.get_x() + bar.get_width(), 6)} <= told
                seen += 1
    assert seen
    days = {float(value) for name in ("half", "half_low", "quarter") for value in times[name].dropna()}
    ax = review.days()
    for dots in (each for each in ax.collections if each.get_offset_transform() == ax.transData):
        assert {float(x) for x, _ in dots.get_offsets()} <= days
    middles = {round(value, 6) for value in rates["rate"].dropna()}
    for panel in review.weeks().child_axes:
        for line in panel.lines:
            assert {round(float(y), 6) for y in line.get_ydata() if y == y} <= middles
    for line in review.classes().lines:
        if line.get_transform() == line.axes.transData:
            assert set(line.get_ydata()) <= {rates["rate"].median(), *rates["rate"]}


def test_the_same_bundle_gives_the_same_page(school):
    _, review = school
    assert review.to_html() == LeaderReview(review.bundle).to_html()


def test_document_and_slide(school):
    _, review = school
    assert review.to_pdf().startswith(b"%PDF")
    assert review.to_png("strands").startswith(b"\x89PNG")
    with pytest.raises(ArgumentError, match="must be one of classes"):
        review.to_png("league")


def test_every_text_of_a_picture_is_on_its_page(school):
    _, review = school
    for name, draw in review._pictures():
        figure = draw().get_figure(root=True)
        figure.canvas.draw()
        width, height = figure.canvas.get_width_height()
        ticked = [ax for ax in figure.axes if ax.axison]
        ticks = [text for ax in ticked for text in (*ax.get_xticklabels(), *ax.get_yticklabels())]
        for text in [*(text for ax in figure.axes for text in ax.texts), *ticks]:
            if text.get_text() and text.get_visible():
                box = text.get_window_extent()
                assert box.x0 > -2, (name, text.get_text())
                assert box.x1 < width + 2, (name, text.get_text())
                assert box.y0 > -2, (name, text.get_text())
                assert box.y1 < height + 2, (name, text.get_text())


def test_classes_stand_in_human_order():
    rooms = ["Room 10", "Room 5", "room 9", "10B", "7A"]
    assert sorted(rooms, key=human_order) == ["7A", "10B", "Room 5", "room 9", "Room 10"]


def test_a_class_unlike_the_others_is_named(tmp_path):
    log = reflectlab.simulate(classes=5, learners=26, seed=1)
    room = log.learners.loc[log.learners["class_id"] == "Room 7", "learner_id"]
    events = log.events[~(log.events["learner_id"].isin(room) & (log.events["event"] == "met"))]
    tables = {"collaborations": log.collaborations, "learners": log.learners, "goals": log.goals, "terms": log.terms}
    review = LeaderReview(publish(reflectlab.ProgressLog.from_tables(events=events, **tables), tmp_path / "b"))
    answer = review.answers["answer"].iloc[4]
    assert answer.startswith("Yes: Room 7")
    assert "Room 8" not in answer


def two_terms(less=0.0):
    """A school of the same learners in two terms, in the second of which a share of what was met is not."""
    logs = [reflectlab.simulate(classes=6, learners=24, seed=1, start=date(2026, month, 2)) for month in (2, 6)]
    tables = {}
    for name in ("events", "collaborations", "goals", "terms"):
        parts = [getattr(log, name).drop(columns="row", errors="ignore") for log in logs]
        for number, part in enumerate(parts):
            for column in {"goal_id", "episode_id", "term_id"} & {*part.columns}:
                part[column] = part[column] + f"-{number}"
        tables[name] = pd.concat(parts, ignore_index=True)
    events = tables["events"]
    second = events.index[(events["event"] == "met") & events["goal_id"].str.endswith("-1")]
    gone = np.random.default_rng(1).choice(second, int(less * len(second)), replace=False)
    people = logs[0].learners.drop(columns="row", errors="ignore")
    return reflectlab.ProgressLog.from_tables(learners=people, **{**tables, "events": events.drop(gone)})


def test_a_change_that_is_planted_is_told_from_chance(tmp_path):
    """Who set goals and who chose company was drawn alike in both terms; a fifth of what was met is taken away."""
    said = LeaderReview(publish(two_terms(less=0.2), tmp_path / "b")).answers["answer"].iloc[3].split("; ")
    assert said[0].startswith("Own goals met: ")
    assert said[0].endswith(" now, more than chance would make")
    assert [each.rstrip(".").endswith("no more than chance may make") for each in said[1:]] == [True, True]


def test_a_strand_and_a_group_that_are_behind_are_named(tmp_path):
    log = reflectlab.simulate(classes=6, learners=24, seed=2)
    support = np.resize(["no", "no", "yes"], len(log.learners))
    behind = log.learners.loc[support == "yes", "learner_id"]
    voice = log.goals.loc[log.goals["strand"] == log.goals["strand"].iloc[-1], "goal_id"]
    met = log.events["event"] == "met"
    lost = met & (np.random.default_rng(1).random(len(met)) < 0.6)
    tables = {"collaborations": log.collaborations, "goals": log.goals, "terms": log.terms}
    tables["learners"] = log.learners.assign(support=support)
    for gone, question, word in (
        (lost & log.events["learner_id"].isin(behind), 5, "By support: yes"),
        (lost & log.events["goal_id"].isin(voice), 0, f"Lowest is {log.goals['strand'].iloc[-1]}"),
        (lost & False, 5, ""),
    ):
        changed = reflectlab.ProgressLog.from_tables(events=log.events[~gone], **tables)
        answer = LeaderReview(publish(changed, tmp_path / f"{question}{word}")).answers["answer"].iloc[question]
        assert answer.startswith(word)
        assert ("beyond chance" in answer) == bool(word)


def test_a_log_is_no_bundle(tmp_path):
    reflectlab.save_tables(reflectlab.example(), tmp_path)
    with pytest.raises(NotALogError, match="reflectlab publish"):
        LeaderReview(tmp_path)


def test_the_stored_notebook_reads_a_bundle_and_holds_no_child(root):
    notebook = json.loads((root / "notebooks" / "leader_review.ipynb").read_text())
    sources = "".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    assert "load(" not in sources
    assert "publish(" not in sources
    stored = json.dumps(notebook, ensure_ascii=False)
    learners = pd.read_csv(root / "data" / "sample" / "learners.csv", dtype=str)
    for word in [*learners["learner_id"], *learners["name"]]:
        assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", stored)
    assert "application/vnd.jupyter.widget" not in stored
    assert str(root) not in stored
