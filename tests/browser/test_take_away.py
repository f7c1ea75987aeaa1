"""What is handed to the browser as a file: the page to take away, a family's page, a workbook; by pointer."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

import reflectlab
from reflectlab.explore import TeacherBoard, workbook_button
from reflectlab.explore.widgets.print import PrintButton
from tests.explore.test_board import all_of

from .answering import Answering

pytestmark = pytest.mark.browser


@pytest.fixture
def board():
    return TeacherBoard(reflectlab.example(), learner_id="ben")


@pytest.fixture
def shown(stage, board):
    return Answering(stage, all_of(board, PrintButton)[0], "print").page


def pressed(page, name):
    """Click on a button with the pointer, and return the file that the browser was handed."""
    box = page.get_by_role("button", name=name).bounding_box()
    with page.expect_download() as told:
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    return told.value


def test_a_button_saves_the_page_of_the_class(shown, screenshots):
    saved = pressed(shown, "Save the page to take away")
    assert saved.suggested_filename == "Room 5 2026-08-07.html"
    page = Path(saved.path()).read_text("utf-8")
    assert page == reflectlab.explore.report_page(reflectlab.example(), learner_id="ben")
    expect(shown.get_by_text("Room 5 2026-08-07.html is in your browser's downloads.")).to_be_visible()
    shown.screenshot(path=screenshots / "take-away.png")


def test_a_button_saves_the_page_of_a_child_that_names_no_other(shown):
    shown.get_by_text("What is printed, and saving").click()
    saved = pressed(shown, "Save this child's page for the family")
    assert saved.suggested_filename == "Ben 2026-08-07.html"
    page = Path(saved.path()).read_text("utf-8")
    assert "Ben" in page
    assert [name for name in ("Aroha", "Chloë", "Hēmi") if name in page] == []


def test_no_page_is_saved_where_names_are_hidden(shown, board):
    board.choice.hidden = True
    shown.get_by_role("button", name="Save the page to take away").click()
    expect(shown.get_by_text("take away the tick at Hide names")).to_be_visible()


def test_a_button_saves_a_workbook(stage, tmp_path, screenshots):
    shown = Answering(stage, workbook_button(), "workbook").page
    saved = pressed(shown, "Save a workbook to keep a log in")
    saved.save_as(tmp_path / "mine.xlsx")
    assert saved.suggested_filename == "my class log.xlsx"
    expected = reflectlab.new_workbook(tmp_path / "theirs.xlsx")
    assert sheets(tmp_path / "mine.xlsx") == sheets(expected)
    assert stage.axe("#workbook") == []
    shown.screenshot(path=screenshots / "workbook-button.png")


def sheets(file):
    import openpyxl

    return {sheet.title: [list(row) for row in sheet.values] for sheet in openpyxl.load_workbook(file)}
