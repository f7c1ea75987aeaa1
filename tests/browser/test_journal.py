"""`JournalView` in a real browser."""

import pytest

import reflectlab
from reflectlab.explore import Choice, JournalView
from reflectlab.journal import Journal
from reflectlab.log import ProgressLog

from .answering import Answering

pytestmark = pytest.mark.browser

HARD_NAMES = [
    "<img src=x onerror=alert(1)>",
    "מרים לוי",
    "Zoë 🦊",
    "$x_1$ and _x",
    "Wilhelmina-Alexandrina Featherstonehaugh-" * 2,
]


@pytest.fixture
def journal(tmp_path):
    kept = Journal(tmp_path / "journal.sqlite")
    kept.write("Everyone wanted to read theirs aloud.", class_id="Room 5", about="Room 5", day="2026-07-29")
    for day, name in [("2026-07-30", "Ben"), ("2026-07-31", "Aroha")]:
        kept.write(f"{name} asked for help.", "Pairs.", class_id="Room 5", learner_id="ben", about=name, day=day)
    return kept


@pytest.fixture
def view(journal):
    return JournalView(Choice(reflectlab.example(), day="2026-08-03"), journal)


@pytest.fixture
def shown(stage, view):
    return Answering(stage, view, "journal")


@pytest.fixture
def page(shown):
    shown.page.get_by_label("What did I notice?").wait_for()
    return shown.page


def notes(page):
    return page.locator(".reflectlab-notes article").all_inner_texts()


def test_a_note_is_written_by_keyboard_and_stands_beside_the_form(page, journal, screenshots):
    page.get_by_label("About").select_option("Hēmi")
    page.get_by_label("Goal", exact=True).select_option("Open with a hook")
    page.get_by_label("What did I notice?").fill("He helped.\nTwice.")
    page.keyboard.press("Tab")
    page.keyboard.type("Ask him to show us.")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Kept: Hēmi · Open with a hook.").wait_for()
    assert page.get_by_label("What did I notice?").input_value() == ""
    [note] = journal.notes(learner_id="hemi").to_dict("records")
    assert (note["noticed"], note["will_try"]) == ("He helped.\nTwice.", "Ask him to show us.")
    assert str(note["day"])[:10] == "2026-08-03"
    assert notes(page)[0].startswith("Hēmi · Open with a hook\n")
    page.screenshot(path=screenshots / "journal.png", full_page=True)
    page.set_viewport_size({"width": 420, "height": 900})
    page.screenshot(path=screenshots / "journal-narrow.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= 420")


def test_what_cannot_be_kept_stays_in_the_form(page, view, tmp_path, screenshots):
    page.get_by_role("button", name="Keep this note").click()
    assert "Write what you noticed" in page.get_by_role("status").first.inner_text()
    (tmp_path / "file").write_text("")
    view.journal = Journal(tmp_path / "file" / "journal.sqlite")
    page.get_by_label("What did I notice?").fill("Not to be lost.")
    page.get_by_role("button", name="Keep this note").click()
    page.get_by_text("Not kept.").wait_for()
    assert page.get_by_label("What did I notice?").input_value() == "Not to be lost."
    page.screenshot(path=screenshots / "journal-refused.png", full_page=True)


def test_who_writes_on_while_a_note_is_kept_loses_nothing(page, journal):
    page.get_by_label("What did I notice?").fill("First.")
    page.evaluate("""() => {
      const form = document.querySelector("form");
      form.requestSubmit();
      const field = form.querySelector("textarea");
      field.value = "First. And more.";
    }""")
    page.get_by_text("Kept").wait_for()
    assert page.get_by_label("What did I notice?").input_value() == "First. And more."


def test_a_search_finds_and_a_picker_narrows(page):
    assert len(notes(page)) == 3
    page.get_by_label("Search").fill("aloud")
    page.get_by_text("1 note", exact=True).wait_for()
    assert "read theirs aloud" in notes(page)[0]
    page.get_by_label("Search").fill("")
    page.get_by_label("Show").select_option("Aroha")
    page.get_by_text("No notes yet.").wait_for()


def test_the_form_follows_the_choice_but_not_while_a_note_is_written(shown, page, view):
    view.choice.learner_id = "ben"
    shown.tell()
    about = page.get_by_label("About").locator("option:checked")
    assert about.inner_text() == "Ben"
    page.get_by_label("What did I notice?").fill("About Ben …")
    view.choice.learner_id = "hemi"
    shown.tell()
    assert about.inner_text() == "Ben"
    page.get_by_role("button", name="Keep this note").click()
    page.get_by_text("Kept: Ben").wait_for()
    page.get_by_label("Search").focus()
    page.get_by_text("About Ben …").wait_for()
    assert about.inner_text() == "Hēmi"


def test_what_is_chosen_in_the_form_stays_chosen_when_the_notes_are_read_again(page):
    page.get_by_label("About").select_option("Hēmi")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.wait_for_timeout(300)
    assert page.get_by_label("About").locator("option:checked").inner_text() == "Hēmi"


def test_two_notebooks_stay_in_step(page, journal):
    Journal(journal.path).write("Written elsewhere.", class_id="Room 5", day="2026-08-03")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.get_by_text("Written elsewhere.").wait_for()
    Journal(journal.path).write("And again.", class_id="Room 5", day="2026-08-03")
    page.get_by_label("Search").focus()
    page.get_by_text("And again.").wait_for()


def test_the_journal_shuts_nobody_out(stage, page):
    page.get_by_label("What did I notice?").fill("Something.")
    assert stage.axe("#journal") == []


def test_projector_mode_leaves_no_name_and_no_note_in_the_page(shown, page, view, screenshots):
    page.get_by_label("What did I notice?").fill("Half a thought about Ben")
    view.choice.hidden = True
    shown.tell()
    page.get_by_text("the journal is closed").wait_for()
    left = page.content()
    assert not [word for word in ("Ben", "Aroha", "asked", "Hēmi", "thought") if word in left]
    page.screenshot(path=screenshots / "journal-hidden.png", full_page=True)
    view.choice.hidden = False
    shown.tell()
    assert page.get_by_label("What did I notice?").input_value() == "Half a thought about Ben"


def test_notes_go_out_as_markdown(page):
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="Save these notes as Markdown").click()
    assert downloaded.value.suggested_filename == "journal.md"
    assert "**I noticed:** Ben asked for help." in downloaded.value.path().read_text(encoding="utf-8")


def test_names_and_notes_are_text_whatever_is_in_them(stage, journal, screenshots):
    log = reflectlab.example()
    learners = log.learners.assign(name=HARD_NAMES[:4])
    log = ProgressLog.from_tables(events=log.events, learners=learners, goals=log.goals)
    for name in HARD_NAMES:
        journal.write(name, f"{name}\n{name}", class_id="Room 5", about=name, day="2026-08-03")
    page = Answering(stage, JournalView(Choice(log), journal), "journal").page
    page.get_by_label("What did I notice?").wait_for()
    assert page.locator("img").count() == 0
    assert page.get_by_label("About").locator("option").all_text_contents()[1:] == HARD_NAMES[:4]
    shown = page.locator(".reflectlab-notes .reflectlab-about").all_text_contents()
    assert shown[: len(HARD_NAMES)] == HARD_NAMES[::-1]
    page.screenshot(path=screenshots / "journal-names.png", full_page=True)
    page.set_viewport_size({"width": 420, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth <= 420")
