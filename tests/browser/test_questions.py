"""Seven questions of a teacher, on a class with planted truths: each is answered on the board, in at most one click."""

import re

import pytest
from playwright.sync_api import expect

import reflectlab
from reflectlab import ProgressLog
from tests.browser.lab import board_app
from tests.browser.pointer import click
from tests.browser.watching import PATIENCE, Watched
from tests.measure.planted import simulated, with_planted

pytestmark = pytest.mark.browser

FIRST, HAPPENED, INVITATIONS = (f".reflectlab-table >> nth={place}" for place in range(3))
PATHWAY = ".reflectlab-figure >> nth=1"


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    reflectlab.save_tables(ProgressLog.from_tables(**with_planted(simulated(3))), home / "log")
    with board_app(home / "log", home) as address:
        watched = Watched(browser.new_page(viewport={"width": 1366, "height": 900}))
        watched.page.set_default_timeout(PATIENCE)
        watched.page.goto(address, wait_until="commit")
        watched.page.locator(INVITATIONS).locator("td").first.wait_for()
        yield watched.page
        assert watched.axe(".reflectlab-board") == []
        watched.page.close()
        assert (watched.troubles, watched.outside) == ([], [])


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "who is stuck, since when, and has nobody",
            "Planted 1 has been stuck on “nobody-has-it” for 9 school days, since ",
        ),
        ("who could help whom", "Planted 2 has met “met-by-one”, which Planted 1 is stuck on"),
        (
            "who is always alone, and had anybody",
            "Planted 3 has worked with nobody so far, though on 20 of the last 20",
        ),
        ("which goals are slow for all", "“slow” is slow for everybody: 7 have begun it"),
        ("what changed since last month", "goals met, "),
        ("who only ever works with one partner", "Planted 4 has worked with Planted 5 only, all 9 times."),
    ],
)
def test_it_is_answered_without_a_click(page, question, answer):
    expect(page.locator(FIRST)).to_contain_text(answer)


def test_how_one_childs_term_went_is_one_click_on_the_sentence_that_speaks_of_the_child(page, screenshots):
    click(page, page.locator(FIRST).get_by_role("button", name="Planted 4 has worked with"))
    expect(page.locator(PATHWAY)).to_have_attribute("aria-label", "Planted 4")
    expect(page.locator(HAPPENED).locator("caption")).to_contain_text("Planted 4")
    page.screenshot(path=screenshots / "questions.png", full_page=True)


def test_a_sentence_about_the_class_is_no_button(page):
    expect(page.locator(FIRST).get_by_role("button", name=re.compile("^Since"))).to_have_count(0)


def test_which_goals_are_slow_who_is_stuck_on_each_and_who_could_help_is_one_click(page):
    click(page, page.get_by_role("button", name="Goals: how long each takes"))
    rows = page.locator(".reflectlab-section tbody tr")
    expect(rows.first.locator("td").first).to_have_text("slow")
    page.locator(".reflectlab-section select").select_option("most stuck first")
    helped = page.locator(".reflectlab-section tr", has_text="met-by-one")
    expect(helped.get_by_role("button")).to_have_text(["Planted 1", "Planted 2"])
    click(page, helped.get_by_role("button", name="Planted 2"))
    expect(page.locator(PATHWAY)).to_have_attribute("aria-label", "Planted 2")


def test_the_matrix_frames_who_has_one_partner_and_the_network_goes_week_by_week(page, screenshots):
    click(page, page.get_by_role("button", name="Partners: who works with whom"))
    section = page.locator(".reflectlab-section").last
    expect(section.locator("[data-mark][aria-label='Planted 4 has only ever worked with Planted 5']")).to_have_count(1)
    network = section.locator(".reflectlab-figure").last
    expect(network).to_have_attribute("aria-label", "Who worked with whom: all weeks so far")
    page.get_by_label("Network of").press("Home")
    expect(network).to_have_attribute("aria-label", "Who worked with whom: Week 1")
    section.screenshot(path=screenshots / "partners.png")
