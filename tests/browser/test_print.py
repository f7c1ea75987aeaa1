"""What is printed and saved by the buttons of the board, by pointer."""

import re

import pytest
from playwright.sync_api import expect

import reflectlab
from reflectlab.explore import TeacherBoard
from reflectlab.explore.widgets.print import PrintButton
from reflectlab.journal import Journal
from tests.explore.test_board import all_of

from .answering import Answering

pytestmark = pytest.mark.browser


@pytest.fixture
def shown(stage, tmp_path):
    journal = Journal(tmp_path / "journal.sqlite")
    journal.write("Asked for help.", learner_id="ben", class_id="Room 5", about="Ben", day="2026-08-03")
    board = TeacherBoard(reflectlab.example(), learner_id="ben", journal=journal)
    made = Answering(stage, all_of(board, PrintButton)[0], "print")
    made.widget.send = lambda content, buffers=None: made.waiting.append(content)
    return made


def paper(page):
    """The words of the page that goes to the printer."""
    page.wait_for_function("document.querySelector('iframe.reflectlab-paper')?.contentDocument.body.children.length")
    return page.evaluate("document.querySelector('iframe.reflectlab-paper').contentDocument.documentElement.outerHTML")


def test_the_button_gives_everybody_a_page_that_tells_of_nobody_else(shown):
    shown.page.get_by_role("button", name="Print: a page a learner").click()
    sections = re.findall(r"<section.*?</section>", paper(shown.page), re.DOTALL)
    assert len(sections) == 4
    names = ["Aroha", "Ben", "Chloë", "Hēmi"]
    for name, section in zip(names, sections, strict=True):
        assert name in section
        assert [other for other in names if other != name and other in section] == []


def test_one_child_with_notes_and_a_next_step(shown, screenshots):
    page = shown.page
    page.get_by_text("What is printed, and saving").click()
    page.get_by_label("Of whom").select_option("the child who is shown")
    page.get_by_label("with your notes").check()
    page.get_by_label("with a line for a next step").check()
    page.screenshot(path=screenshots / "print-options.png", full_page=True)
    page.get_by_role("button", name="Print", exact=True).click()
    told = paper(page)
    assert told.count("<section") == 1
    assert "Asked for help." in told
    assert "My next step:" in told
    assert shown.page.locator(".reflectlab-print").get_by_role("button", name="Save as PDF").is_visible()


def test_where_python_is_gone_the_button_says_so_and_can_be_used_again(shown):
    page = shown.page
    page.evaluate("() => { window.models.print.send = () => { throw new Error('gone'); }; }")
    button = page.get_by_role("button", name="Print: a page a learner")
    button.click()
    expect(page.get_by_text("Python has not answered")).to_be_visible()
    expect(button).to_be_enabled()
    assert page.locator("iframe").count() == 0


def test_the_options_shut_nobody_out(stage, shown):
    shown.page.get_by_text("What is printed, and saving").click()
    assert stage.axe("#print") == []


def test_the_class_board_has_what_to_look_at_first_above_it(shown):
    page = shown.page
    page.get_by_text("What is printed, and saving").click()
    page.get_by_label("What", exact=True).select_option("the class board")
    page.get_by_role("button", name="Print", exact=True).click()
    told = paper(page)
    assert re.search(
        r'<section class="told"[^>]*><header class=""></header><ul class=""><li class="">Aroha has met “', told
    )
    assert "<a " not in told.split("<svg")[0]
