"""Where no Python runs, each picture stands with its sentence: opened again, exported without a network, printed."""

import json
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.lab import jupyterlab
from tests.browser.test_lab import RUN
from tests.browser.watching import PATIENCE, Watched

pytestmark = pytest.mark.browser

CELLS = (
    "import reflectlab\nfrom reflectlab import explore\nexplore.TeacherBoard(reflectlab.example())",
    "explore.class_board(reflectlab.example())",
)
SENTENCE = "4 learners. 3 of 6 own goals met so far. 1 is stuck today."


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """A notebook that was run from top to bottom and saved, as Jupyter's own tools do it."""
    folder = tmp_path_factory.mktemp("work")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "board.ipynb")
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "notebook", "--execute", "--inplace"]
    subprocess.run([*command, str(folder / "board.ipynb")], check=True, capture_output=True)
    return folder / "board.ipynb"


def test_a_saved_notebook_carries_each_picture_and_its_sentence(executed):
    outputs = [cell["outputs"] for cell in json.loads(executed.read_text("utf-8"))["cells"]]
    for output in outputs:
        still = output[0]["data"]
        svg, page = ("".join(still[kind]) for kind in ("image/svg+xml", "text/html"))
        assert "<svg" in svg
        assert SENTENCE in svg
        assert SENTENCE in page
        assert SENTENCE in "".join(still["text/plain"])
        pictures = re.findall(r'<img alt="([^"]+)" src="data:image/svg\+xml;base64', page)
        assert all(len(alt) > 30 for alt in pictures)
        assert not re.findall(r'(?:src|href)="(?!data:)', page)
    assert len(re.findall("<figure>", "".join(outputs[0][0]["data"]["text/html"]))) == 5


def test_it_stands_there_when_opened_again_and_makes_room_for_the_widget(browser, executed, tmp_path, screenshots):
    (tmp_path / "work").mkdir()
    shutil.copy(executed, tmp_path / "work" / "board.ipynb")
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(PATIENCE)
    with jupyterlab(tmp_path / "work", tmp_path) as address:
        watched = Watched(context.new_page())
        page = watched.page
        page.goto(address.format("board.ipynb"))
        still = page.locator(".reflectlab-still").first
        expect(still.locator("figcaption").first).to_contain_text(SENTENCE)
        picture = still.locator("img").first
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("(image) => image.complete && image.naturalWidth > 100")
        page.wait_for_timeout(3000)
        assert page.get_by_text("model not found").count() == 0 or not page.get_by_text("model not found").is_visible()
        page.screenshot(path=screenshots / "still-opened-again.png")
        page.evaluate(RUN)
        page.locator(".reflectlab-figure").nth(5).wait_for()
        expect(still).to_be_hidden()
        assert watched.outside == []
    context.close()


def test_it_stands_in_a_page_exported_for_a_place_without_a_network(browser, executed, tmp_path, screenshots):
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--output-dir", str(tmp_path)]
    subprocess.run([*command, str(executed)], check=True, capture_output=True)
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, offline=True)
    page = context.new_page()
    page.goto((tmp_path / "board.html").as_uri(), wait_until="domcontentloaded")
    expect(page.locator("figcaption").first).to_contain_text(SENTENCE)
    assert page.locator(".reflectlab-still img").count() == 6
    for image in page.locator(".reflectlab-still img").all():
        assert image.evaluate("(image) => image.decode().then(() => image.naturalWidth > 100)")
    assert page.get_by_text(re.compile(r"PickedPicture\(|TeacherBoard\(Room|object at")).count() == 0
    page.pdf(path=screenshots / "still.pdf")
    page.screenshot(path=screenshots / "still-exported.png")
    context.close()


def test_another_class_in_the_parameters_cell_gives_that_class(root, tmp_path):
    notebook = nbformat.read(root / "notebooks" / "teacher_reflection.ipynb", 4)
    [place] = [at for at, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", ())]
    told = f'source = {str(root / "data" / "sample")!r}\nclassroom = "Room 7"'
    last = next(at for at, cell in enumerate(notebook.cells) if "TeacherBoard(" in cell.source)
    cells = [*notebook.cells[: place + 1], nbformat.v4.new_code_cell(told), *notebook.cells[place + 1 : last + 1]]
    notebook.cells = cells  # as papermill does: a cell of its own, behind the one with the tag
    nbformat.write(notebook, tmp_path / "room7.ipynb")
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "notebook", "--execute", "--inplace"]
    subprocess.run([*command, str(tmp_path / "room7.ipynb")], check=True, capture_output=True)
    outputs = nbformat.read(tmp_path / "room7.ipynb", 4).cells[-1].outputs
    page = "".join("".join(output.data.get("text/html", "")) for output in outputs if "data" in output)
    assert "Room 7 · Wednesday 16 September 2026. 25 learners" in page
    assert "Room 5" not in page
