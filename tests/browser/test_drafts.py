"""What is typed into the journal is not lost: Python dies, restarts, is gone, runs again; the browser is closed."""

import nbformat
import pytest
from playwright.sync_api import expect

import reflectlab
from reflectlab.explore import Choice, JournalView
from reflectlab.journal import Journal
from tests.browser.conftest import MODEL
from tests.browser.lab import jupyterlab
from tests.browser.test_lab import RUN
from tests.browser.watching import PATIENCE, Watched

from .answering import Answering

pytestmark = pytest.mark.browser

DEAD = "(place) => { window.models[place].send = () => { throw new Error('the kernel is gone'); }; }"


@pytest.fixture
def journal(tmp_path):
    kept = Journal(tmp_path / "journal.sqlite")
    kept.write("Everyone wanted to read theirs aloud.", class_id="Room 5", about="Room 5", day="2026-07-29")
    return kept


def view_of(journal):
    return JournalView(Choice(reflectlab.example(), day="2026-08-03"), journal)


@pytest.fixture
def shown(stage, journal):
    made = Answering(stage, view_of(journal), "journal")
    made.page.get_by_label("What did I notice?").wait_for()
    return made


def again(shown, journal, place, log=None):
    """Take the view away, as when a cell runs again, and show a new one of a new Python."""
    shown.page.evaluate("(place) => { window.ends[place](); document.getElementById(place).remove(); }", shown.place)
    other = JournalView(Choice(log), journal) if log is not None else view_of(journal)
    shown.widget, shown.place = other, place
    shown.widget.send = lambda content, buffers=None: shown.waiting.append(content)
    state = {"esm": str(shown.widget._esm), "css": "", "place": place, "state": {}}
    shown.page.evaluate(MODEL, state)
    shown.page.get_by_label("What did I notice?").wait_for()


def test_what_was_typed_stands_in_the_form_when_the_cell_has_run_again(shown, journal):
    page = shown.page
    page.get_by_label("About").select_option("Hēmi")
    page.get_by_label("Goal", exact=True).select_option("Open with a hook")
    page.get_by_label("What did I notice?").click()
    page.keyboard.type("Half a thought")
    again(shown, journal, "second")
    expect(page.get_by_label("What did I notice?")).to_have_value("Half a thought")
    expect(page.get_by_label("About").locator("option:checked")).to_have_text("Hēmi")
    expect(page.get_by_label("Goal", exact=True).locator("option:checked")).to_have_text("Open with a hook")
    page.get_by_role("button", name="Keep this note").click()
    page.get_by_text("Kept: Hēmi · Open with a hook.").wait_for()
    again(shown, journal, "third")
    expect(page.get_by_label("What did I notice?")).to_have_value("")
    assert journal.notes()["noticed"].tolist() == ["Half a thought", "Everyone wanted to read theirs aloud."]


def test_a_note_that_no_python_heard_is_offered_again_and_kept_once(shown, journal):
    page = shown.page
    page.evaluate(DEAD, "journal")
    page.get_by_label("What did I notice?").fill("Written to nobody.")
    page.get_by_role("button", name="Keep this note").click()
    expect(page.get_by_text("Python has not answered")).to_be_visible(timeout=20_000)
    again(shown, journal, "second")
    expect(page.get_by_label("What did I notice?")).to_have_value("Written to nobody.")
    expect(page.get_by_text("Keep it again: it will be there once.")).to_be_visible()
    page.get_by_role("button", name="Keep this note").click()
    page.get_by_text("Kept: Room 5.").wait_for()
    assert journal.notes()["noticed"].tolist().count("Written to nobody.") == 1


def test_a_note_that_was_kept_without_an_answer_is_there_once(shown, journal):
    page = shown.page
    page.evaluate("(place) => { window.models[place].tell = () => {}; }", "journal")
    page.get_by_label("What did I notice?").fill("The answer got lost.")
    page.get_by_role("button", name="Keep this note").click()
    page.wait_for_timeout(500)
    assert "The answer got lost." in journal.notes()["noticed"].tolist()
    again(shown, journal, "second")
    expect(page.get_by_label("What did I notice?")).to_have_value("The answer got lost.")
    page.get_by_role("button", name="Keep this note").click()
    page.get_by_text("Kept: Room 5.").wait_for()
    assert journal.notes()["noticed"].tolist().count("The answer got lost.") == 1


def test_another_log_is_offered_neither_the_draft_nor_the_notes(shown, journal):
    page = shown.page
    page.get_by_label("What did I notice?").fill("Kept beside the first.")
    page.get_by_role("button", name="Keep this note").click()
    page.get_by_text("Kept: Room 5.").wait_for()
    page.get_by_label("What did I notice?").fill("A draft of the first.")
    first = shown.widget.log_key
    page.wait_for_timeout(500)
    again(shown, journal, "second", reflectlab.simulate(classes=1, learners=12, seed=2))
    assert shown.widget.log_key != first
    expect(page.get_by_text(f"has the key {shown.widget.log_key}.")).to_be_visible()
    expect(page.locator(".reflectlab-notes")).to_contain_text("Everyone wanted to read theirs aloud.")
    expect(page.locator(".reflectlab-notes")).not_to_contain_text("Kept beside the first.")
    page.wait_for_timeout(500)
    expect(page.get_by_label("What did I notice?")).to_have_value("")
    again(shown, journal, "third")
    expect(page.get_by_label("What did I notice?")).to_have_value("A draft of the first.")
    expect(page.get_by_text(f"has the key {first}.")).to_be_visible()
    expect(page.locator(".reflectlab-notes")).to_contain_text("Kept beside the first.")


def test_a_note_is_changed_and_deleted_by_pointer(shown, journal, screenshots):
    page = shown.page
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.get_by_label("What did I notice?")).to_have_value("Everyone wanted to read theirs aloud.")
    page.get_by_label("About").select_option("Ben")
    page.get_by_label("What did I notice?").fill("Ben wanted to read his aloud.")
    page.screenshot(path=screenshots / "journal-change.png", full_page=True)
    page.get_by_role("button", name="Keep the change").click()
    page.get_by_text("The change is kept.").wait_for()
    [note] = journal.notes().to_dict("records")
    assert (note["noticed"], note["learner_id"], str(note["day"])[:10]) == (
        "Ben wanted to read his aloud.",
        "ben",
        "2026-07-29",
    )
    page.get_by_role("button", name="Delete", exact=True).click()
    assert len(journal.notes()) == 1
    page.get_by_role("button", name="Delete it for good?").click()
    page.get_by_text("The note is deleted.").wait_for()
    assert journal.notes().empty


CELL = "from reflectlab import example, explore\nexplore.JournalView(explore.Choice(example(), day='2026-08-03'))"
SHUT = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.shutdown()"
RESTART = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"


def test_in_jupyterlab_a_note_outlives_its_kernel(browser, tmp_path):
    (tmp_path / "work").mkdir()
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)], metadata=kernel)
    nbformat.write(made, tmp_path / "work" / "journal.ipynb")
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(PATIENCE)
    with jupyterlab(tmp_path / "work", tmp_path) as address:
        page = Watched(context.new_page()).page
        page.goto(address.format("journal.ipynb"))
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
        page.evaluate(RUN)
        page.get_by_label("What did I notice?").click()
        page.keyboard.type("Typed before all was run again.")
        page.evaluate(RUN)
        page.wait_for_timeout(3000)
        expect(page.get_by_label("What did I notice?")).to_have_value("Typed before all was run again.")
        page.evaluate(RESTART)
        page.wait_for_timeout(2000)
        page.get_by_role("button", name="Keep this note").click()
        expect(page.get_by_text("Python has not answered").first).to_be_visible(timeout=20_000)
        page.evaluate(RUN)
        page.get_by_text("Keep it again: it will be there once.").wait_for()
        page.get_by_role("button", name="Keep this note").click()
        page.get_by_text("Kept: Room 5.").wait_for()
        assert Journal(tmp_path / "kept" / "journal.sqlite").notes()["noticed"].tolist() == [
            "Typed before all was run again."
        ]
    context.close()
