"""Each notebook in JupyterLab, in a real browser, run from top to bottom; and the board in it."""

import shutil

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.lab import jupyterlab
from tests.browser.pointer import click
from tests.browser.watching import PATIENCE, Watched

pytestmark = pytest.mark.browser

NOTEBOOKS = ("teacher_reflection", "leader_review", "research_comparison", "your_own_log")
OURS = (".reflectlab-board", ".reflectlab-figure", ".reflectlab-table", ".reflectlab-words", ".reflectlab-journal")
TRACKER = '{"windowingMode": "none"}'
RUN_ALL = """async () => {
  const { commands, shell } = window.jupyterapp;
  const { sessionContext } = shell.currentWidget;
  await sessionContext.ready;
  await commands.execute("notebook:run-all-cells");
}"""
ERRORS = """() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells
  .flatMap((cell) => cell.outputs ?? []).filter((output) => output.output_type === "error")
  .map((output) => `${output.ename}: ${output.evalue}`)"""
COUNTED = """() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells
  .filter((cell) => cell.cell_type === "code").map((cell) => cell.execution_count)"""


@pytest.fixture(scope="module")
def address(root, tmp_path_factory):
    """JupyterLab on a copy of the notebooks and the sample, in a home of its own."""
    work, home = tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("home")
    shutil.copytree(root / "notebooks", work / "notebooks", ignore=shutil.ignore_patterns(".*"))
    shutil.copytree(root / "data", work / "data")
    for path in (work / "notebooks").glob("*.ipynb"):
        without_outputs(path)
    settings = home / ".jupyter" / "lab" / "user-settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text(TRACKER)
    with jupyterlab(work, home) as found:
        yield found


def without_outputs(path):
    """Write a notebook without what it said before, so that what is seen was made now."""
    notebook = nbformat.read(path, 4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, path)


@pytest.fixture
def lab(browser, address):
    context = browser.new_context(viewport={"width": 1500, "height": 1000})
    watched = Watched(context.new_page())
    watched.page.set_default_timeout(PATIENCE)
    yield lambda name: run(watched, address.format(f"notebooks/{name}.ipynb"))
    context.close()
    assert [trouble for trouble in watched.troubles if "reflectlab" in trouble or "anywidget" in trouble] == []
    assert watched.outside == []


def run(watched, address):
    page = watched.page
    page.goto(address, wait_until="commit")
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
    page.evaluate(RUN_ALL)
    assert page.evaluate(ERRORS) == []
    assert all(page.evaluate(COUNTED))
    return watched


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_from_top_to_bottom(lab, name, screenshots):
    watched = lab(name)
    if name != "leader_review":
        watched.page.locator(", ".join(OURS)).first.wait_for()
    watched.page.screenshot(path=screenshots / f"lab-{name}.png")
    watched.page.set_viewport_size({"width": 1500, "height": 3600})
    for board in watched.page.locator(".reflectlab-board").all():
        board.screenshot(path=screenshots / f"lab-{name}-board.png")
    ours = [place for place in OURS if watched.page.locator(place).count()]
    assert not ours or watched.axe(*ours) == []


def test_a_child_is_picked_on_the_board_in_the_notebook(lab, screenshots):
    page = lab("teacher_reflection").page
    board = page.locator(".reflectlab-board").first
    pathway = board.locator(".reflectlab-figure").nth(1)
    expect(pathway).to_have_attribute("aria-label", "Aroha")
    canvas = board.get_by_role("listbox").first
    canvas.focus()
    canvas.press("ArrowDown")
    canvas.press("ArrowDown")
    canvas.press("Enter")
    expect(pathway).not_to_have_attribute("aria-label", "Aroha")
    click(page, board.locator('[data-mark][aria-label^="Grace:"]').first)
    expect(pathway).to_have_attribute("aria-label", "Grace")
    expect(board.locator(".reflectlab-table").nth(1).locator("caption")).to_contain_text("Grace")
    expect(board.get_by_label("Learner", exact=True).locator("option:checked")).to_have_text("Grace")
    board.scroll_into_view_if_needed()
    page.screenshot(path=screenshots / "lab-board.png")
