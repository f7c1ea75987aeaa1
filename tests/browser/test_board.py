"""The board in Voilà, in a real browser, as a teacher uses it."""

import re

import psutil
import pytest
from playwright.sync_api import expect

import reflectlab
from reflectlab.show.parts.words import isolated
from tests.browser.lab import board_app
from tests.browser.pointer import click, place_of, point
from tests.browser.watching import PATIENCE, Watched
from tests.hard_names import EMOJI, LONG, MARKUP, MATHEMATICS, NAMES, RIGHT_TO_LEFT, UNDERSCORE, hard_log

pytestmark = pytest.mark.browser

CLASS, PATHWAY = ".reflectlab-figure >> nth=0", ".reflectlab-figure >> nth=1"
HAPPENED, INVITATIONS = ".reflectlab-table >> nth=1", ".reflectlab-table >> nth=2"
TIP = f"{CLASS} >> .reflectlab-tip"

EVERYTHING = """() => {
  const found = [document.title, document.URL];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE || node.nodeType === Node.COMMENT_NODE) found.push(node.data);
    for (const { name, value } of node.attributes ?? []) found.push(`${name}=${value}`);
    if (typeof node.value === "string") found.push(node.value);
    if (node.shadowRoot) walk(node.shadowRoot);
    if (node.contentDocument) walk(node.contentDocument);
    node.childNodes.forEach(walk);
  };
  walk(document);
  return found.join("\\n");
}"""
"""All text of the page, the values of all attributes and fields, and all of that in its frames."""

GONE = f"""(parts) => {{
  const found = ({EVERYTHING})().replaceAll("\\u00a0", " ");
  return !parts.some((part) => found.includes(part));
}}"""
"""Whether none of these is in the page any more."""

PAPER = "window.print = () => { top.printed = document.documentElement.outerHTML; };"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def hard(home):
    reflectlab.save_tables(hard_log(), home / "log")
    return home / "log"


def opened(browser, address):
    """A page with the board on it, ready to be worked with."""
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    context.set_default_timeout(PATIENCE)
    context.add_init_script(PAPER)
    watched = Watched(context.new_page())
    watched.page.goto(address, wait_until="commit")
    watched.page.locator(INVITATIONS).locator("td").first.wait_for()
    watched.page.locator(".reflectlab-journal textarea").first.wait_for()
    return watched


@pytest.fixture(scope="module")
def board(browser, hard, home):
    """The board of the class with hard names; it is shared, so each test picks what it needs."""
    with board_app(hard, home) as address:
        watched = opened(browser, address)
        yield watched
        watched.page.context.close()
        assert watched.troubles == []
        assert watched.outside == []


def test_the_first_picture_does_not_wait_for_the_scripts(browser, hard, home):
    """The class stands on the page as soon as it is drawn; the board takes its place, and nothing of it stays."""
    with board_app(hard, home) as address:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        held = []
        page.route("**/voila.js", lambda route: held.append(route))
        page.goto(address, wait_until="commit")
        picture = page.locator(".reflectlab-first img")
        expect(picture).to_be_visible(timeout=PATIENCE)
        assert re.match(r"Class board|Room|.*\d+ learners", picture.get_attribute("alt"))
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 600
        expect(page.locator("#loading")).to_be_hidden()
        assert page.locator(".reflectlab-canvas").count() == 0
        for route in held:
            route.continue_()
        page.locator(CLASS).locator("svg").wait_for()
        expect(page.locator(".reflectlab-first")).to_have_count(0)
        expect(page.locator(".reflectlab-still")).to_have_count(0)
        page.close()


def test_a_page_whose_kernel_ends_before_its_scripts_are_there_opens_anew(browser, hard, home):
    with board_app(hard, home) as address:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        held = []
        page.route("**/voila.js", lambda route: held.append(route), times=1)
        page.goto(address, wait_until="commit")
        page.locator(".reflectlab-first img").wait_for()
        [server] = [each for each in psutil.Process().children() if "reflectlab" in each.cmdline()]
        for kernel in [kernel for nursery in server.children() for kernel in nursery.children()]:
            kernel.kill()
        for route in held:
            route.continue_()
        page.locator(CLASS).locator("svg").wait_for()
        expect(page.locator(".reflectlab-first")).to_have_count(0)
        page.close()


@pytest.fixture
def page(board):
    yield board.page
    board.page.mouse.move(1, 1)


def pick(page, name):
    page.get_by_label("Learner", exact=True).select_option(name)
    shown(page, name)


def shown(page, name):
    """Wait until every view shows this learner."""
    expect(page.locator(PATHWAY)).to_have_attribute("aria-label", name)
    expect(page.locator(HAPPENED).locator("caption")).to_contain_text(name)
    expect(page.get_by_label("Learner", exact=True).locator("option:checked")).to_have_text(name)
    lit = page.locator(INVITATIONS).locator("tr.reflectlab-kept td:first-child")
    expect(lit.filter(has_not_text=name)).to_have_count(0)
    expect(page.locator(CLASS).locator(".reflectlab-band")).to_have_count(1)


def mark_of(page, name, number=0):
    """A mark of a learner on the class board."""
    return page.locator(CLASS).locator(f'[data-mark][aria-label^="{isolated(name)}:"]').nth(number)


@pytest.mark.parametrize("name", [MARKUP, RIGHT_TO_LEFT, EMOJI, MATHEMATICS, UNDERSCORE, LONG])
def test_a_click_picks_a_child_in_every_view(page, name):
    pick(page, UNDERSCORE if name != UNDERSCORE else EMOJI)
    click(page, mark_of(page, name))
    shown(page, name)


def test_a_row_picks_a_child_in_every_view(page):
    pick(page, EMOJI)
    page.locator(INVITATIONS).get_by_role("button", name=MATHEMATICS, exact=True).first.click()
    shown(page, MATHEMATICS)


def test_the_keyboard_picks_a_child_in_every_view(page):
    pick(page, EMOJI)
    canvas = page.locator(CLASS).get_by_role("listbox")
    for _ in NAMES:
        canvas.press("ArrowUp")
    canvas.press("Home")
    for _ in range(len(NAMES)):
        here = canvas.get_attribute("aria-activedescendant")
        text = page.locator(f"#{here}").get_attribute("aria-label")
        if text.startswith(isolated(RIGHT_TO_LEFT)):
            break
        canvas.press("ArrowDown")
    canvas.press("Enter")
    shown(page, RIGHT_TO_LEFT)


@pytest.mark.parametrize("name", NAMES.values())
def test_a_name_is_text_everywhere(page, name, screenshots):
    pick(page, name)
    point(page, mark_of(page, name))
    expect(page.locator(TIP)).to_have_text(re.compile(re.escape(name)))
    board = squeezed(page.locator(CLASS).locator("svg").text_content())
    title = squeezed(page.locator(PATHWAY).locator("svg").text_content())
    assert squeezed(name) in board
    assert squeezed(name) in title
    assert name in plain(page.get_by_label("Learner", exact=True).locator("option").all_text_contents())
    assert name in page.get_by_label("About").locator("option").all_text_contents()
    assert page.locator("img").count() == 0
    assert page.locator("mjx-container, .MathJax").count() == 0
    page.screenshot(path=screenshots / f"board-name-{list(NAMES.values()).index(name)}.png")


def plain(texts):
    """Texts with the spaces that ipywidgets makes wide in its pickers as they were."""
    return [text.replace("\xa0", " ") for text in texts]


def squeezed(text):
    return re.sub(r"\s", "", text)


def test_names_stand_in_the_invitations(page):
    told = page.locator(INVITATIONS).locator("td").all_text_contents()
    assert MARKUP in " ".join(told)
    assert set(page.locator(INVITATIONS).get_by_role("button").all_text_contents()) <= set(NAMES.values())


def test_a_child_is_lit_in_all_views_without_the_kernel(page):
    pick(page, MATHEMATICS)
    point(page, mark_of(page, MATHEMATICS))
    assert MATHEMATICS in page.locator("tr.reflectlab-lit td:first-child").all_text_contents()


def test_another_day_is_another_day_everywhere(page):
    slider = page.get_by_label("As of")
    slider.press("Home")
    expect(page.locator(CLASS)).to_have_attribute("aria-label", re.compile("20 July 2026"))
    expect(page.locator(INVITATIONS).locator("caption")).to_contain_text("20 July")
    slider.press("End")
    expect(page.locator(CLASS)).to_have_attribute("aria-label", re.compile("7 August 2026"))
    expect(page.locator(INVITATIONS).locator("caption")).to_contain_text("7 August")


def test_hidden_names_are_nowhere_in_the_page(page, screenshots):
    parts = [*NAMES.values(), "img src", "&lt;img", "Wilhelmina", "Mereana", "Zoë", "מרים", "🦊"]
    pick(page, LONG)
    point(page, mark_of(page, LONG))
    hide = page.get_by_label("Hide names")
    hide.check()
    expect(page.locator(PATHWAY)).to_have_attribute("aria-label", re.compile(r"^Learner \d$"))
    expect(page.locator(".reflectlab-journal")).to_contain_text("Names are hidden")
    try:
        page.wait_for_function(GONE, arg=parts)
        for number in range(page.locator(CLASS).locator("[data-mark]").count()):
            if place := place_of(page.locator(CLASS).locator("[data-mark]").nth(number)):
                page.mouse.move(*place)
        page.get_by_role("button", name="Print: a page a learner").click()
        page.wait_for_function("window.printed")
        (found,) = plain([page.evaluate(EVERYTHING) + page.evaluate("window.printed")])
        page.screenshot(path=screenshots / "board-hidden.png", full_page=True)
        assert [name for name in parts if name in found] == []
        assert "Learner 1" in found
    finally:
        page.evaluate("delete window.printed")
        hide.uncheck()
        shown(page, LONG)


def test_print_gives_a_page_a_learner(page, browser, screenshots):
    page.get_by_role("button", name="Print: a page a learner").click()
    page.wait_for_function("window.printed")
    paper = browser.new_page()
    paper.set_content(page.evaluate("window.printed"))
    titles = [section.get_attribute("aria-label") for section in paper.locator("section").all()]
    assert titles == list(NAMES.values())
    assert paper.locator("img, script").count() == 0
    pdf = paper.pdf(prefer_css_page_size=True, path=screenshots / "print.pdf")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == len(NAMES)
    paper.set_viewport_size({"width": 1040, "height": 720})
    paper.screenshot(path=screenshots / "print.png", full_page=True)
    paper.close()
    page.evaluate("delete window.printed")


def test_ctrl_p_gives_whole_pages(page, screenshots):
    pdf = page.pdf(path=screenshots / "board-printed.pdf", format="A4", landscape=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 4


def test_no_view_shuts_anybody_out(board, screenshots):
    board.page.set_viewport_size({"width": 1366, "height": 3200})
    board.page.screenshot(path=screenshots / "board.png", full_page=True)
    found = board.axe(".reflectlab-board")
    board.page.set_viewport_size({"width": 1366, "height": 900})
    assert found == []


DARK = """() => {
  document.body.dataset.jpThemeLight = "false";
  const style = document.querySelector("link[href*='theme-light']");
  style.href = style.href.replace("theme-light", "theme-dark");
  return new Promise((done) => (style.onload = done));
}"""

LIGHT_AGAIN = """() => {
  document.body.dataset.jpThemeLight = "true";
  const style = document.querySelector("link[href*='theme-dark']");
  style.href = style.href.replace("theme-dark", "theme-light");
  return new Promise((done) => (style.onload = done));
}"""

GROUNDS = """() => [...document.querySelectorAll("body, .reflectlab-board, .reflectlab-table td, .reflectlab-beside p")]
  .map((node) => [getComputedStyle(node).backgroundColor, getComputedStyle(node).color].join(" on "))"""


def test_the_dark_theme_shuts_nobody_out_and_is_not_printed(board, screenshots):
    page = board.page
    page.evaluate(DARK)
    try:
        page.set_viewport_size({"width": 1366, "height": 3200})
        page.screenshot(path=screenshots / "board-dark.png", full_page=True)
        assert board.axe(".reflectlab-board") == []
        page.emulate_media(media="print")
        body, *ours = page.evaluate(GROUNDS)
        assert body.startswith("rgb(255, 255, 255)")
        assert set(ours) == {"rgba(0, 0, 0, 0) on rgb(34, 34, 34)"}
    finally:
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": 1366, "height": 900})
        page.evaluate(LIGHT_AGAIN)


def test_a_note_is_found_again_after_a_restart(browser, hard, tmp_path):
    words = "Asked for help without being told <b>to</b>."
    with board_app(hard, tmp_path) as address:
        first = opened(browser, address)
        pick(first.page, EMOJI)
        expect(first.page.get_by_label("About").locator("option:checked")).to_have_text(EMOJI)
        first.page.get_by_label("What did I notice?").fill(words)
        first.page.get_by_role("button", name="Keep this note").click()
        expect(first.page.locator(".reflectlab-journal [role=status]").first).to_contain_text("Kept")
        first.page.context.close()
    with board_app(hard, tmp_path) as address:
        again = opened(browser, address)
        expect(again.page.locator(".reflectlab-notes")).to_contain_text(words)
        expect(again.page.locator(".reflectlab-notes")).to_contain_text(EMOJI)
        assert again.page.locator(".reflectlab-notes b").count() == 0
        assert first.troubles + again.troubles + first.outside + again.outside == []
        again.page.context.close()
