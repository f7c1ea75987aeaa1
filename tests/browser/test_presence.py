"""Who left is not stuck today; stuck days are one number with its date: by pointer, in the app and in JupyterLab."""

import re

import nbformat
import pytest
from playwright.sync_api import expect

import reflectlab
from tests.browser.lab import board_app, jupyterlab
from tests.browser.test_lab import RUN
from tests.browser.test_picking import LANE, clicked, ready
from tests.browser.watching import PATIENCE, Watched
from tests.show.test_presence import EVENTS, LEARNERS, TERM

pytestmark = pytest.mark.browser

CELL = "import reflectlab\nfrom reflectlab import explore\nexplore.TeacherBoard(reflectlab.load('../log'))"

STUCK = "stuck for 19 school days, since Mon 3 Aug"
"""Ben, on Friday 28 August, the last day of the log: four days of that week, and three whole weeks."""


@pytest.fixture(scope="module", params=["app", "lab"])
def board(request, browser, tmp_path_factory):
    """The board of four children, of whom Ana left while she was stuck."""
    home = tmp_path_factory.mktemp("home")
    (home / "work").mkdir()
    log = reflectlab.ProgressLog.from_tables(events=EVENTS, learners=LEARNERS, terms=TERM)
    reflectlab.save_tables(log, home / "log")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    watched = Watched(context.new_page())
    if request.param == "app":
        with board_app(home / "log", home) as address:
            watched.page.goto(address, wait_until="commit")
            yield ready(watched.page)
    else:
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        cells = [nbformat.v4.new_code_cell(CELL)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), home / "work" / "board.ipynb")
        with jupyterlab(home / "work", home) as address:
            watched.page.goto(address.format("board.ipynb"))
            watched.page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
            watched.page.evaluate(RUN)
            yield ready(watched.page)
    context.close()
    assert watched.outside == []


def test_who_left_while_stuck_is_not_stuck_today(board, screenshots):
    picture = board.locator(".reflectlab-figure").first
    expect(picture).to_contain_text("3 learners (1 has left)")
    expect(picture).to_contain_text("2 are stuck today")
    board.get_by_label("Order").click()
    board.keyboard.type("longest stuck first")
    board.keyboard.press("Enter")
    board.wait_for_function("(find) => eval(find)([0, 'Ana']).y > eval(find)([0, 'Caz']).y", arg=f"({LANE})")
    heights = [board.evaluate(LANE, [0, name])["y"] for name in ("Ben", "Caz", "Ana", "Dee")]
    assert heights == sorted(heights)
    board.screenshot(path=screenshots / "board-longest-stuck.png")


def test_stuck_days_are_one_number_with_its_date_wherever_they_stand(board):
    clicked(board, "Ben")
    expect(board.locator(".reflectlab-table").nth(1).locator("caption")).to_contain_text("Ben")
    told = [pointed_at(board, picture, "Ben: hook, stuck") for picture in (0, 1)]
    told += (
        board.locator(".reflectlab-table").nth(2).locator("tr", has_text="Ben").first.locator("td").all_inner_texts()
    )
    numbers = {found for text in told for found in re.findall(r"stuck [^;]*?\d+[^;]*", text)}
    assert {number.strip() for number in numbers} == {STUCK}
    assert pointed_at(board, 0, "Ana: hook").startswith("Ana: hook, stuck when leaving")


def pointed_at(page, picture, words):
    """Return what stands beside the pointer on a mark of a picture."""
    mark = page.locator(".reflectlab-figure").nth(picture).locator(f'[data-mark][aria-label*="{words}"]').first
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    page.mouse.move(1, 1)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tip = page.locator(".reflectlab-figure").nth(picture).locator(".reflectlab-tip")
    expect(tip).to_be_visible()
    return re.sub("[\u2068\u2069]", "", tip.inner_text())
