"""The journal and the wizard in JupyterLab, with a kernel."""

import time

import nbformat
import pytest
from playwright.sync_api import expect

from reflectlab.journal import Journal
from tests.browser.lab import jupyterlab
from tests.browser.watching import PATIENCE, Watched
from tests.explore.wizard.messy import messy_workbook

pytestmark = pytest.mark.browser

JOURNAL = "from reflectlab import example, explore\nexplore.JournalView(explore.Choice(example(), day='2026-08-03'))"
WIZARD = ("from reflectlab import explore\nwizard = explore.LogWizard()\nwizard", "wizard.log.events['event'].tolist()")
GERMAN = "Datum;Kind;Ziel;Was\n25/04/2026;Anna <b>;Haken;erreicht\n26/04/2026;$x_1$;Haken;angefangen\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def address(home):
    (home / "work").mkdir()
    write(home / "work" / "journal.ipynb", JOURNAL)
    write(home / "work" / "wizard.ipynb", *WIZARD)
    (home / "work" / "klasse.csv").write_text(GERMAN, encoding="utf-8")
    with jupyterlab(home / "work", home) as found:
        yield found


def write(path, *cells):
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(made, path)


@pytest.fixture
def lab(browser, address):
    """A function that opens a notebook in a new page and runs it; nothing may go wrong in any of them."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(PATIENCE)
    pages = []

    def opened(name):
        watched = Watched(context.new_page())
        pages.append(watched)
        watched.page.goto(address.format(name))
        watched.page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
        watched.page.evaluate(RUN)
        return watched

    yield opened
    context.close()
    assert [trouble for watched in pages for trouble in watched.troubles] == []
    assert [url for watched in pages for url in watched.outside] == []


RUN = """async () => {
  const { commands, shell } = window.jupyterapp;
  await shell.currentWidget.sessionContext.ready;
  await shell.currentWidget.sessionContext.session.kernel.info;
  commands.execute("notebook:run-all-cells");
}"""
RESTART = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"


def test_a_note_is_found_again_after_a_restart_in_a_new_page(lab, home, screenshots):
    page = lab("journal.ipynb").page
    page.get_by_label("About").select_option("Ben")
    page.get_by_label("What did I notice?").fill("He asked Aroha.\nFirst time! <b>bold</b>")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Kept: Ben.").wait_for()
    page.screenshot(path=screenshots / "lab-journal.png")
    assert Journal(home / "kept" / "journal.sqlite").notes()["learner_id"].tolist() == ["ben"]
    page.evaluate(RESTART)
    page.close()
    page = lab("journal.ipynb").page
    page.get_by_label("Search", exact=True).fill("first aroha")
    note = page.locator(".reflectlab-notes article")
    note.wait_for()
    assert note.count() == 1
    assert "First time! <b>bold</b>" in note.inner_text()


def test_keys_typed_into_the_journal_are_no_commands_of_jupyterlab(lab):
    page = lab("journal.ipynb").page
    page.get_by_label("What did I notice?").click()
    page.keyboard.type("dd xx abc")
    assert page.get_by_label("What did I notice?").input_value() == "dd xx abc"
    assert page.locator(".jp-CodeCell").count() == 1


def test_the_wizard_maps_columns_and_words_by_dropdowns_and_gives_the_log(lab, screenshots):
    watched = lab("wizard.ipynb")
    page = watched.page
    page.get_by_label("Path of the file").fill("klasse.csv")
    page.keyboard.press("Enter")
    said = {"Datum": "the date", "Kind": "the learner", "Ziel": "the goal", "Was": "what happened"}
    for header, meaning in said.items():
        page.get_by_label(f"What {header} holds").select_option(meaning)
    for word, meaning in {"erreicht": "met the goal", "angefangen": "started on it"}.items():
        page.get_by_label(f"What {word} means").select_option(meaning)
    page.get_by_text("2 rows read = 2 rows in the log + 0 rows listed below.").wait_for()
    expect(page.get_by_role("cell", name="Anna <b>").first).to_be_visible()
    expect(page.get_by_role("cell", name="$x_1$").first).to_be_visible()
    assert watched.axe(".jp-OutputArea-output") == []
    whole(page, screenshots / "lab-wizard-whole.png")
    page.get_by_role("button", name="Remember this").click()
    page.get_by_text("Kept in").wait_for()
    page.locator(".jp-CodeCell").nth(1).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    page.get_by_text("['met', 'started']").wait_for()


def test_an_upload_reaches_the_wizard_and_a_copy_can_be_kept(lab, home, tmp_path):
    (tmp_path / "klasse zwei.csv").write_text(GERMAN, encoding="utf-8")
    page = lab("wizard.ipynb").page
    page.get_by_label("or upload one").set_input_files(tmp_path / "klasse zwei.csv")
    page.get_by_text("Uploaded: klasse zwei.csv").wait_for()
    page.get_by_label("What Datum holds").wait_for()
    page.get_by_text("klasse zwei.csv'").first.wait_for()
    page.get_by_role("button", name="Keep a copy of the file").click()
    page.get_by_text("Kept: ").wait_for()
    assert (home / "kept" / "files" / "klasse zwei.csv").read_text("utf-8") == GERMAN


def test_the_line_of_code_that_is_shown_after_an_upload_runs(lab, tmp_path):
    english = "date,learner,goal,what happened\n2026-04-25,Anna,hook,met\n2026-04-26,Ben,hook,started\n"
    (tmp_path / "room 6.csv").write_text(english, encoding="utf-8")
    page = lab("wizard.ipynb").page
    page.get_by_label("or upload one").set_input_files(tmp_path / "room 6.csv")
    page.get_by_text("2 rows read = 2 rows in the log + 0 rows listed below.").wait_for()
    line = page.locator("pre, code").filter(has_text="rl.load(").first.inner_text()
    cell = page.locator(".jp-CodeCell").nth(1)
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(f"import reflectlab as rl; {line}; log.events['event'].tolist()")
    page.keyboard.press("Shift+Enter")
    expect(cell.locator(".jp-OutputArea-output")).to_have_text("['met', 'started']")


def test_a_messy_sheet_becomes_the_board_by_pointing_only(lab, home, screenshots):
    messy_workbook(home / "work" / "room 5.xlsx")
    watched = lab("wizard.ipynb")
    page = watched.page
    page.get_by_label("Path of the file").fill("room 5.xlsx")
    page.get_by_role("button", name="Open", exact=True).click()
    page.get_by_label("Year").click()
    page.keyboard.press("Escape")
    page.keyboard.type("rdd")
    expect(page.locator(".jp-RawCell")).to_have_count(0)
    expect(page.locator(".jp-CodeCell")).to_have_count(2)
    page.get_by_label("Year").select_option("2026")
    for word, meaning in {"st": "started on it", "w/o": "worked on it", "stk": "got stuck"}.items():
        page.get_by_label(f"What {word} means").click()
        page.keyboard.type(meaning)
        page.keyboard.press("Enter")
    page.get_by_role("button", name="They are one: Bem and Ben").click()
    page.get_by_role("button", name="They are one: verbs and Verbs").click()
    page.get_by_text("5 children, with the rows of each").wait_for()
    page.get_by_text("3 goals, with the rows of each").wait_for()
    page.get_by_role("button", name="Show the board").click()
    page.get_by_text("5 learners. 4 of 6 own goals met so far. 1 is stuck today.").first.wait_for()
    assert watched.axe(".jp-OutputArea-output") == []
    whole(page, screenshots / "lab-wizard-messy.png")


def test_fifty_answers_given_quickly_are_right_each(lab, home):
    words = [f"{first}{second}" for first in "bcdfghjklm" for second in ("apo", "ilu", "ozo", "usk", "yra", "ewi")][:54]
    rows = [f"2026-{2 + n % 4:02}-{1 + n % 28:02},Child {n % 24},Goal {n % 15},{words[n % 54]}" for n in range(6000)]
    (home / "work" / "long.csv").write_text("\n".join(["date,learner,goal,what happened", *rows]), encoding="utf-8")
    said = {word: ("started on it", "worked on it", "got stuck")[n % 3] for n, word in enumerate(words[:50])}
    page = lab("wizard.ipynb").page
    page.get_by_label("Path of the file").fill("long.csv")
    page.keyboard.press("Enter")
    page.get_by_label(f"What {words[53]} means").wait_for()
    at = time.monotonic()
    for number, (word, meaning) in enumerate(said.items()):
        if number % 10 == 0:  # the pointer, and then the keyboard
            page.get_by_label(f"What {word} means").click()
            page.keyboard.type(meaning)
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("Tab")
            page.keyboard.type(meaning)
        at = max(at + 0.2, time.monotonic())
        page.wait_for_timeout(max(at - time.monotonic(), 0) * 1000)
    page.get_by_text("6,000 rows read = 5,556 rows in the log + 444 rows listed below.").wait_for()
    in_words = {"started on it": "started", "worked on it": "worked", "got stuck": "stuck"}
    right = {word: in_words[meaning] for word, meaning in said.items()}
    page.evaluate(WORDS)
    expect(page.locator(".jp-CodeCell").nth(1).locator(".jp-OutputArea-output")).to_have_text(str(right))
    shown = [page.get_by_label(f"What {word} means").locator(":checked").inner_text() for word in words]
    assert shown == [*said.values(), *["not said yet"] * 4]


WORDS = """() => {
  const { commands, shell } = window.jupyterapp;
  const cell = shell.currentWidget.content.widgets[1];
  cell.model.sharedModel.setSource("print(wizard.arguments['words'])");
  shell.currentWidget.content.activeCellIndex = 1;
  commands.execute("notebook:run-cell");
}"""


def whole(page, path):
    """Take a picture of all of an output, at 1280 and at 420 points."""
    page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
    for width, name in ((1280, path), (420, path.with_stem(f"{path.stem}-narrow"))):
        page.set_viewport_size({"width": width, "height": 3600})
        page.wait_for_timeout(500)
        page.locator(".jp-OutputArea-output").first.screenshot(path=name)
