"""Board, review and wizard in German and in te reo Māori, in a real browser: nothing of them is read in English."""

import re

import pytest

import reflectlab
from reflectlab.share import publish
from tests.bracketed import english_phrases
from tests.browser.lab import board_app, leaders_app, wizard_app
from tests.browser.test_board import CLASS, INVITATIONS, PAPER
from tests.browser.watching import PATIENCE, Watched
from tests.explore.wizard.messy import HEADER, ROWS, TITLES, messy_workbook

pytestmark = pytest.mark.browser

READ = """(place) => {
  const found = [document.title];
  const told = ["title", "placeholder", "aria-label", "alt"];
  const walk = (node) => {
    if (["SCRIPT", "STYLE"].includes(node.tagName)) return;
    if (node.nodeType === Node.TEXT_NODE) found.push(node.data);
    for (const name of told) if (node.getAttribute?.(name)) found.push(node.getAttribute(name));
    if (node.contentDocument) walk(node.contentDocument);
    node.childNodes.forEach(walk);
  };
  walk(document.querySelector(place ?? ".reflectlab-board"));
  document.querySelectorAll("iframe.reflectlab-paper").forEach(walk);
  return found.join("\\n");
}"""
"""All that is read of the board, or of another place, and of what goes to the printer."""

SPILLING = """() => [...document.querySelectorAll(".reflectlab-board :is(button, label, .reflectlab-table)")]
  .filter((node) => node.getClientRects().length && node.getBoundingClientRect().right > innerWidth + 1)
  .map((node) => node.textContent.slice(0, 60))"""
"""What stands out of the page at its right."""


@pytest.fixture(scope="module")
def class_log(root, tmp_path_factory):
    school = reflectlab.load(root / "data" / "sample")
    one_class = school.select(class_id=school.learners["class_id"].iloc[0])
    learners = one_class.learners
    folder = tmp_path_factory.mktemp("class") / "log"
    tables = {"events": one_class.events, "collaborations": one_class.collaborations, "goals": one_class.goals}
    reflectlab.save_tables(reflectlab.ProgressLog.from_tables(**tables, learners=learners), folder)
    return folder, learners, one_class.goals


@pytest.mark.parametrize("code", ["de", "mi"])
def test_a_class_is_worked_through_without_a_word_of_english(browser, class_log, code, tmp_path, screenshots):
    folder, learners, goals = class_log
    with board_app(folder, tmp_path, REFLECTLAB_LANGUAGE=code) as address:
        context = browser.new_context(viewport={"width": 1366, "height": 900})
        context.set_default_timeout(PATIENCE)
        context.add_init_script(PAPER)
        watched = Watched(context.new_page())
        page = watched.page
        page.goto(address, wait_until="commit")
        page.locator(INVITATIONS).locator("td").first.wait_for()
        page.locator(".reflectlab-journal textarea").first.wait_for()
        page.locator(".reflectlab-more summary").click()
        for fold in page.locator(".reflectlab-fold button").all():
            fold.click()
        page.locator(".reflectlab-day").nth(2).wait_for()
        read = [page.evaluate(READ)]
        for what in ("goal", "stuck", "learner"):
            mark = page.locator(f"{CLASS} >> [data-mark]").nth({"goal": 0, "stuck": 20, "learner": 60}[what])
            mark.hover(force=True)
            read.append(page.locator(f"{CLASS} >> .reflectlab-tip").text_content())
        for width in (1366, 800):
            page.set_viewport_size({"width": width, "height": 6000})
            page.locator(".reflectlab-board").evaluate("node => node.scrollIntoView()")
            page.wait_for_timeout(300)
            page.screenshot(path=screenshots / f"board-{code}-{width}.png", full_page=True)
            assert page.evaluate(SPILLING) == []
        page.locator(".reflectlab-print > button").first.click()
        page.wait_for_function("top.printed")
        read += [page.evaluate(READ), page.evaluate("top.printed")]
        whole = "\n".join(read)
        assert page.locator(".reflectlab-print").get_attribute("lang") == code
        context.close()
        assert (watched.troubles, watched.outside) == ([], [])
    for own in sorted({*learners["name"], *goals["title"], *goals["strand"]}, key=len, reverse=True):
        whole = whole.replace(own, " ")
    assert [phrase for phrase in english_phrases(code) if phrase in whole] == []


CUT = """(place) => [...document.querySelectorAll(`${place} :is(button, label, h1, h2, th, td, select, .widget-label)`)]
  .filter((node) => node.getClientRects().length)
  .filter((node) => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflowX !== "visible")
  .map((node) => node.textContent.slice(0, 60))"""
"""What does not fit its place, and is cut there."""


def _looked_at(page, place, name, screenshots):
    """Take a picture at each width; nothing may be cut or stand out of the page."""
    for width in (1366, 800):
        page.set_viewport_size({"width": width, "height": 2400})
        page.wait_for_timeout(300)
        page.screenshot(path=screenshots / f"{name}-{width}.png", full_page=True)
        assert page.evaluate(CUT, place) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


@pytest.mark.parametrize("code", ["de", "mi"])
def test_a_review_is_read_without_a_word_of_english(browser, code, tmp_path, screenshots):
    log = reflectlab.simulate(classes=3, learners=22, seed=1)
    bundle = publish(log, tmp_path / "bundle")
    with leaders_app(tmp_path / "bundle", tmp_path, REFLECTLAB_LANGUAGE=code) as address:
        context = browser.new_context(viewport={"width": 1366, "height": 900}, color_scheme="dark")
        page = context.new_page()
        page.goto(address)
        page.locator(".reflectlab-review section").nth(6).wait_for()
        whole = page.evaluate(READ, ".reflectlab-review")
        assert page.locator("html").get_attribute("lang") == code
        _looked_at(page, ".reflectlab-review", f"review-{code}", screenshots)
        context.close()
    names = {*bundle.rates["label"], *bundle.steps["source"], *bundle.steps["target"], "A simulated term"}
    for own in sorted(filter(None, names), key=len, reverse=True):
        whole = whole.replace(own, " ")
    assert len(whole) > 5000
    assert [phrase for phrase in english_phrases(code) if re.search(rf"\b{re.escape(phrase)}\b", whole)] == []


YEAR = {"de": "Jahr", "mi": "Tau"}

MEANS = {"de": "Was {} bedeutet", "mi": "Te tikanga o {}"}

BOARD = {"de": "Die Tafel zeigen", "mi": "Whakaatu te papa"}


@pytest.mark.parametrize("code", ["de", "mi"])
def test_the_wizard_is_worked_through_without_a_word_of_english(browser, code, tmp_path, screenshots):
    file = messy_workbook(tmp_path / "messy.xlsx")
    with wizard_app(file, tmp_path, REFLECTLAB_LANGUAGE=code) as address:
        context = browser.new_context(viewport={"width": 1366, "height": 2400})
        context.set_default_timeout(PATIENCE)
        watched = Watched(context.new_page())
        page = watched.page
        page.goto(address, wait_until="commit")
        page.get_by_label(YEAR[code], exact=True).select_option("2026")
        page.get_by_label(MEANS[code].format("stk")).wait_for()
        read = [page.evaluate(READ, ".reflectlab-wizard")]
        for word, meaning in (("st", "started"), ("stk", "stuck"), ("w/o", "worked")):
            page.get_by_label(MEANS[code].format(word), exact=True).select_option(meaning)
        page.get_by_role("button", name=BOARD[code]).click()
        page.locator(".reflectlab-wizard .reflectlab-canvas svg").first.wait_for()
        read.append(page.evaluate(READ, ".reflectlab-wizard"))
        _looked_at(page, ".reflectlab-wizard", f"wizard-{code}", screenshots)
        context.close()
        assert (watched.troubles, watched.outside) == ([], [])
    whole = "\n".join(read).replace(str(tmp_path), " ")
    cells = {cell for row in (*ROWS, HEADER, TITLES) for cell in row if len(cell) > 1}
    for own in sorted(cells, key=len, reverse=True):
        whole = whole.replace(own, " ")
    assert len(whole) > 3000
    assert [phrase for phrase in english_phrases(code) if re.search(rf"\b{re.escape(phrase)}\b", whole)] == []
