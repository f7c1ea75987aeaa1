"""What goes on paper: nothing on a family's page tells of another child."""

import io
import json
import re
import zipfile

import pytest

import reflectlab
from reflectlab.errors import ArgumentError
from reflectlab.explore import Choice, JournalView
from reflectlab.explore.paper import Paper, Wanted
from reflectlab.explore.views import Pictures, Tables
from reflectlab.explore.widgets.print import PrintButton
from reflectlab.journal import Journal
from tests.explore.test_board import all_of


@pytest.fixture
def journal(tmp_path):
    kept = Journal(tmp_path / "journal.sqlite")
    kept.write("Asked Hēmi for help.", learner_id="ben", class_id="Room 5", about="Ben", day="2026-08-03")
    kept.write("Read aloud.", "Let him choose.", learner_id="ben", class_id="Room 5", about="Ben", day="2026-08-04")
    return kept


def paper_of(log, journal=None, **looked_at):
    choice = Choice(log, **looked_at)
    view = None if journal is None else JournalView(choice, journal)
    return Paper(Pictures(choice), Tables(choice), view)


def told(page):
    """All words of a page: what is drawn, what it is called, its tables and notes."""
    return json.dumps(page, ensure_ascii=False)


@pytest.mark.parametrize("others", ["classmate", "nobody"])
@pytest.mark.parametrize("seed", [3, 8])
def test_nothing_on_a_page_tells_of_another_child(others, seed):
    log = reflectlab.simulate(classes=1, learners=14, weeks=5, seed=seed)
    names = log.learners.set_index("learner_id")["name"]
    paper = paper_of(log)
    pages = paper.pages(Wanted(others=others, notes=True, step=True))
    assert [page["title"] for page in pages] == names.tolist()
    for learner, page in zip(names.index, pages, strict=True):
        words = set(re.findall(r"\w+", told(page)))
        for other, name in names.drop(learner).items():
            assert other not in words
            assert not (set(re.findall(r"\w+", name)) - set(re.findall(r"\w+", names[learner]))) & words
    assert any("classmate" in told(page) for page in pages) == (others == "classmate")


def test_others_stand_there_by_name_where_that_is_wanted():
    pages = paper_of(reflectlab.example()).pages(Wanted(others="named"))
    assert "Aroha" in told(pages[3])
    assert "Aroha met this goal" in pages[3]["rows"][0][-1]


def test_one_child_alone():
    [page] = paper_of(reflectlab.example(), learner_id="ben").pages(Wanted(one=True, invitations=False, step=True))
    assert (page["title"], page["rows"], page["step"]) == ("Ben", [], "My next step:")


def test_a_note_that_names_another_child_is_left_out(journal):
    paper = paper_of(reflectlab.example(), journal, learner_id="ben")
    wanted = Wanted(one=True, others="classmate", notes=True)
    [page] = paper.pages(wanted)
    assert [note["noticed"] for note in page["notes"]] == ["Read aloud."]
    assert paper.left_out(wanted) == 1
    [page] = paper.pages(Wanted(one=True, others="named", notes=True))
    assert [note["noticed"] for note in page["notes"]] == ["Read aloud.", "Asked Hēmi for help."]


def test_hidden_names_hide_others_and_the_childs_own_by_choice(journal):
    paper = paper_of(reflectlab.example(), journal, learner_id="ben")
    paper.choice.hidden = True
    assert not any(name in told(paper.pages(Wanted(notes=True))) for name in ("Ben", "Aroha", "Hēmi", "aloud"))
    [page] = paper.pages(Wanted(one=True, own=True, others="classmate"))
    assert page["title"] == "Ben"
    assert not any(name in told(page) for name in ("Aroha", "Hēmi", "Chloë"))


@pytest.mark.parametrize("what", ["board", "invitations", "notes"])
def test_the_class_is_printed_and_saved(what, journal):
    paper = paper_of(reflectlab.example(), journal)
    [page] = paper.pages(Wanted(what=what))
    assert page.get("svg", "<svg").startswith("<svg")
    name, kind, content = paper.file(Wanted(what=what), "pdf")
    assert (name.endswith("2026-08-07.pdf"), kind, content[:5]) == (True, "application/pdf", b"%PDF-")
    assert paper.file(Wanted(what=what), "png").content.startswith(b"\x89PNG")
    assert b"<svg" in paper.file(Wanted(what=what), "svg").content[:200]


def test_a_pdf_of_everybody_has_their_pages_and_pictures_come_in_a_zip():
    paper = paper_of(reflectlab.example())
    content = paper.file(Wanted(invitations=False), "pdf").content
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 4
    packed = zipfile.ZipFile(io.BytesIO(paper.file(Wanted(invitations=False), "svg").content))
    assert packed.namelist() == ["01 Aroha.svg", "02 Ben.svg", "03 Chloë.svg", "04 Hēmi.svg"]


def test_what_cannot_be_made_is_refused():
    with pytest.raises(ArgumentError, match="others"):
        Wanted(others="all")
    with pytest.raises(ArgumentError, match="kind"):
        paper_of(reflectlab.example()).file(Wanted(), "exe")


def test_the_page_asks_and_is_answered(tmp_path):
    board = reflectlab.explore.TeacherBoard(reflectlab.example(), learner_id="ben")
    button, heard = all_of(board, PrintButton)[0], []
    button.send = lambda content, buffers=None: heard.append((content, buffers))
    wants = {"what": "learners", "one": True, "others": "classmate", "invitations": True, "nonsense": 3, "step": "yes"}
    button._handle_custom_msg({"do": "print", "wants": wants}, [])
    assert [page["title"] for page in heard[0][0]["pages"]] == ["Ben"]
    button._handle_custom_msg({"do": "save", "kind": "svg", "wants": wants | {"what": "board"}}, [])
    assert heard[1][0]["file"] == "Room 5 class board 2026-08-07.svg"
    assert heard[1][1][0].startswith(b"<svg")
    button._handle_custom_msg({"do": "print", "wants": {"what": "everything"}}, [])
    assert "what" in heard[2][0]["trouble"]


def test_what_to_look_at_first_stands_over_the_class_board_and_on_nothing_that_is_handed_out():
    log = reflectlab.example()
    paper = paper_of(log)
    said = reflectlab.digest(log)["sentence"].tolist()
    assert [page.get("said") for page in paper.pages(Wanted(what="board"))] == [said]
    assert not [
        page for what in ("learners", "invitations") for page in paper.pages(Wanted(what=what)) if page.get("said")
    ]
    pages = [paper.file(Wanted(what=what), "pdf").content.count(b"/Type /Page ") for what in ("board", "invitations")]
    assert pages == [2, 1], "in words, and the picture"
