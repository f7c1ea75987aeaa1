"""A click of a real pointer on a child's name, or anywhere in a lane, shows that child: in JupyterLab, in the app."""

import nbformat
import pytest
from playwright.sync_api import expect

import reflectlab
from reflectlab.explore import TableView
from reflectlab.explore.widgets.figure import FigureView
from reflectlab.show import plot_board, plot_collaboration, plot_pathway
from reflectlab.simulate import simulate
from tests.browser.lab import board_app, jupyterlab
from tests.browser.test_lab import RUN
from tests.browser.watching import PATIENCE, Watched
from tests.told import told_marks

pytestmark = pytest.mark.browser

SHARES = (0.01, 0.08, 0.3, 0.5, 0.7, 0.985)
"""Where in a lane is clicked, as shares of the picture: on the name, on blocks and marks, on the figures."""

LANE = """([place, name]) => {
  const canvas = [...document.querySelectorAll(".reflectlab-canvas")][place];
  const box = (node) => node.getBoundingClientRect();
  const text = [...canvas.querySelectorAll("text")].find((node) => node.textContent === name);
  const { left, width } = box(canvas.querySelector("svg"));
  const { top, height } = box(text);
  return { left, width, y: top + height / 2, name: box(text).left + box(text).width / 2 };
}"""


def clicked(page, name, share=None, picture=0):
    """Click with the pointer in the lane of a child: on the name, or at a share of the width of the picture."""
    canvas = page.locator(".reflectlab-canvas").nth(picture)
    canvas.locator("text", has_text=name).first.scroll_into_view_if_needed()
    lane = page.evaluate(LANE, [picture, name])
    page.mouse.move(1, 1)
    page.mouse.click(lane["name"] if share is None else lane["left"] + share * lane["width"], lane["y"])


@pytest.fixture(scope="module")
def log():
    return simulate(classes=1, learners=30, seed=1)


def named(log):
    titles = log.goals.set_index("goal_id")["title"]
    return {"names": log.learners.set_index("learner_id")["name"], "titles": titles}


@pytest.mark.parametrize("share", [None, *SHARES])
def test_every_part_of_a_lane_is_its_child(stage, log, share):
    stage.show(FigureView(plot_board(reflectlab.stretches(log), reflectlab.episodes(log), **named(log))), "board")
    told = {mark["mark"]: mark for mark in told_marks(stage.get("board", "picture"))}
    told_of = {mark["learner"]: mark["text"] for mark in told.values() if mark["what"] == "learner"}
    lanes = {key: text.split(":")[0].strip("\u2068\u2069") for key, text in told_of.items()}
    for name in list(lanes.values())[::6]:
        clicked(stage.page, name, share)
        assert lanes[told[stage.get("board", "pick")["mark"]]["learner"]] == name
        expect(stage.page.locator(".reflectlab-band")).to_have_count(1)


def test_there_is_a_hand_and_a_tip_on_a_name(stage, log):
    stage.show(FigureView(plot_board(reflectlab.stretches(log), reflectlab.episodes(log), **named(log))), "board")
    name = log.learners["name"].iloc[4]
    lane = stage.page.evaluate(LANE, [0, name])
    stage.page.mouse.move(lane["name"], lane["y"])
    expect(stage.page.locator(".reflectlab-tip")).to_contain_text(f"{name}:")
    under = "([x, y]) => getComputedStyle(document.elementFromPoint(x, y)).cursor"
    assert stage.page.evaluate(under, [lane["name"], lane["y"]]) == "pointer"


@pytest.mark.parametrize("share", [None, 0.02, 0.3, 0.6, 0.97])
def test_every_part_of_a_row_of_who_worked_with_others_is_its_child(stage, log, share):
    shown = FigureView(plot_collaboration(reflectlab.collaboration(log), names=named(log)["names"]))
    stage.show(shown, "partners")
    name = log.learners["name"].iloc[7]
    clicked(stage.page, name, share)
    number = stage.get("partners", "pick")["mark"]
    assert next(mark for mark in shown.marks if mark["url"] == f"#m{number}")["learner_id"] == "L008"


def test_a_name_on_a_pathway_is_a_way_to_that_child(stage, log):
    options = {"learner": "L003", **named(log)}
    view = FigureView(plot_pathway(reflectlab.stretches(log), reflectlab.episodes(log), **options), follow="goal")
    stage.show(view, "pathway")
    others = {mark["url"][2:]: mark["learner_id"] for mark in view.marks if mark["what"] == "learner"}
    assert others
    for number, learner in list(others.items())[:4]:
        box = stage.page.locator(f"[data-mark='{number}']").bounding_box()
        stage.page.mouse.click(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
        picked = stage.get("pathway", "pick")["mark"]
        assert others[str(picked)] == learner


def test_a_click_anywhere_in_a_row_of_a_table_picks_it(stage, log):
    frame = log.learners[["learner_id", "name", "class_id"]]
    stage.show(TableView(frame, columns={"name": "Child", "class_id": "Class"}, about="learner_id"), "table")
    box = stage.page.locator("tbody tr").nth(3).locator("td").nth(1).bounding_box()
    stage.page.mouse.click(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
    assert stage.get("table", "pick")["row"] == 3
    expect(stage.page.locator("tr.reflectlab-picked")).to_contain_text(frame["name"].iloc[3])


BOARD = "import reflectlab\nfrom reflectlab import explore\nexplore.TeacherBoard(reflectlab.example())"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module", params=["app", "lab"])
def board(request, browser, home):
    """The board of the example, in the app and in JupyterLab."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    watched = Watched(context.new_page())
    if request.param == "app":
        reflectlab.save_tables(reflectlab.example(), home / "log")
        with board_app(home / "log", home) as address:
            watched.page.goto(address, wait_until="commit")
            yield ready(watched.page)
    else:
        cell = nbformat.v4.new_code_cell(BOARD)
        (home / "work").mkdir()
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=kernel), home / "work" / "board.ipynb")
        with jupyterlab(home / "work", home) as address:
            watched.page.goto(address.format("board.ipynb"))
            watched.page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
            watched.page.evaluate(RUN)
            yield ready(watched.page)
    context.close()
    assert watched.outside == []


def ready(page):
    page.locator(".reflectlab-table td").first.wait_for()
    page.locator(".reflectlab-figure").nth(4).wait_for()
    return page


@pytest.mark.parametrize(
    ("name", "share"), [("Hēmi", None), ("Ben", 0.02), ("Chloë", 0.45), ("Aroha", 0.98), ("Hēmi", 0.7), ("Ben", None)]
)
def test_a_click_shows_the_child_everywhere(board, name, share):
    clicked(board, name, share)
    expect(board.locator(".reflectlab-figure").nth(1)).to_have_attribute("aria-label", name)
    expect(board.locator(".reflectlab-table").nth(1).locator("caption")).to_contain_text(name)
    expect(board.get_by_label("Learner", exact=True).locator("option:checked")).to_have_text(name)


def test_a_click_on_a_name_in_what_happened_shows_that_child(board):
    clicked(board, "Ben")
    expect(board.locator(".reflectlab-table").nth(1).locator("caption")).to_contain_text("Ben")
    link = board.locator(".reflectlab-table").nth(1).get_by_role("button", name="Aroha").first
    link.scroll_into_view_if_needed()
    box = link.bounding_box()
    board.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(board.locator(".reflectlab-figure").nth(1)).to_have_attribute("aria-label", "Aroha")
