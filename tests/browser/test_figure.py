"""`FigureView` in a real browser."""

import pytest

import reflectlab
from reflectlab.explore.widgets.figure import FigureView, opaque
from reflectlab.show import plot_board, plot_pathway
from reflectlab.simulate import simulate
from tests.browser.pointer import click, place_of, point

pytestmark = pytest.mark.browser

HARD_NAMES = {
    "aroha": "<img src=x onerror=alert(1)>",
    "ben": "מרים לוי",
    "chloe": "Zoë 🦊 & $x_1$",
    "hemi": "_" + "Wilhelmina-Alexandrina Featherstonehaugh " * 2,
}


def board(log, names, **options):
    titles, strands = (log.goals.set_index("goal_id")[name] for name in ("title", "strand"))
    days = log.calendar.days
    options = {"names": names, "titles": titles, "strands": strands, "calendar": days, **options}
    return plot_board(reflectlab.stretches(log), reflectlab.episodes(log), **options)


@pytest.fixture(scope="module")
def log():
    return reflectlab.example()


@pytest.fixture(scope="module")
def class_of_30():
    return simulate(classes=1, learners=30, seed=1)


@pytest.fixture
def view(class_of_30):
    names = class_of_30.learners.set_index("learner_id")["name"]
    return FigureView(board(class_of_30, names), group="one")


def test_every_mark_is_there(stage, view, screenshots):
    stage.show(view, "board")
    assert stage.page.locator("[data-mark]").count() == len(view.marks)
    assert stage.page.locator("a, script, style:not(head style), foreignObject").count() == 0
    stage.page.screenshot(path=screenshots / "figure.png", full_page=True)


def test_a_picture_that_is_to_come_is_none_yet(stage, view):
    stage.show(FigureView(group="one"), "empty")
    stage.show(view, "board")
    stage.page.locator("#board .reflectlab-canvas[role=listbox]").wait_for()
    empty = stage.page.locator("#empty .reflectlab-canvas")
    assert [empty.get_attribute(name) for name in ("role", "aria-label")] == [None, None]


def test_hover_reads_a_mark_and_lights_the_learner_everywhere(stage, view, class_of_30, screenshots):
    stage.show(view, "board")
    other = FigureView(view_of_pathway(class_of_30), group="one", follow="goal")
    stage.show(other, "pathway")
    mark = next(mark for mark in view.marks if mark["what"] == "goal" and mark["learner_id"] == "L003")
    number = mark["url"][2:]
    stage.page.locator(f"#board [data-mark='{number}']").hover()
    tip = stage.page.locator("#board .reflectlab-tip")
    assert tip.is_visible()
    assert tip.text_content() == mark["text"]
    lit = stage.page.locator("#board .reflectlab-lit").count()
    assert lit == sum(mark["learner_id"] == "L003" for mark in view.marks)
    goals = [each["goal_id"] for each in other.marks]
    assert stage.page.locator("#pathway .reflectlab-lit").count() == goals.count(mark["goal_id"]) > 0
    stage.page.screenshot(path=screenshots / "figure-hover.png", full_page=True)
    stage.page.mouse.move(2, 2)
    assert stage.page.locator(".reflectlab-lit").count() == 0
    assert tip.is_hidden()


def test_what_a_finger_taps_is_told_until_it_taps_elsewhere(fingers, view, class_of_30):
    fingers.show(view, "board")
    fingers.show(FigureView(view_of_pathway(class_of_30), group="one", follow="goal"), "pathway")
    page = fingers.page
    mark = page.locator("#board [data-mark='40']")
    page.touchscreen.tap(*place_of(mark))
    assert page.locator("#board .reflectlab-tip").text_content() == mark.get_attribute("aria-label")
    assert page.locator("#board .reflectlab-tip").is_visible()
    assert page.locator("#board .reflectlab-lit").count() > 1
    other = page.locator("#pathway [data-mark='3']")
    page.touchscreen.tap(*place_of(other))
    assert page.locator("#pathway .reflectlab-tip").text_content() == other.get_attribute("aria-label")
    assert page.locator("#board .reflectlab-tip").is_hidden()
    assert page.locator("#pathway .reflectlab-lit").count() > 0
    page.touchscreen.tap(3, 3)
    assert page.locator(".reflectlab-tip >> visible=true").count() == 0
    assert page.locator(".reflectlab-lit").count() == 0


def view_of_pathway(log):
    options = {
        name: log.goals.set_index("goal_id")[column] for name, column in (("titles", "title"), ("strands", "strand"))
    }
    names = log.learners.set_index("learner_id")["name"]
    return plot_pathway(reflectlab.stretches(log), reflectlab.episodes(log), learner="L003", names=names, **options)


def test_a_click_picks_and_another_unpicks(stage, view):
    stage.show(view, "board")
    stage.page.locator("[data-mark='40']").click()
    assert stage.get("board", "pick") == {"drawn": 1, "mark": 40}
    assert stage.page.locator("[aria-selected=true]").get_attribute("data-mark") == "40"
    assert stage.page.locator(".reflectlab-band").count() == 1
    stage.page.locator("[data-mark='40']").click()
    assert stage.get("board", "pick")["mark"] == -1
    assert stage.page.locator(".reflectlab-band").count() == 0


def test_python_picks(stage, view):
    stage.show(view, "board")
    stage.set("board", "kept", {"learner": opaque("L005")})
    assert stage.page.locator(".reflectlab-band").count() == 1
    stage.set("board", "pick", {"drawn": 1, "mark": 7})
    assert stage.page.locator(".reflectlab-picked").get_attribute("data-mark") == "7"


def test_keys_reach_every_mark_from_one_tab_stop(stage, view):
    stage.show(view, "board")
    page = stage.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "listbox"
    reached = set()
    for _ in range(30):
        page.keyboard.press("Home")
        while (here := active(page, "data-mark")) not in reached:
            reached.add(here)
            page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
    assert reached == {mark["url"][2:] for mark in view.marks}
    assert page.locator(".reflectlab-tip").text_content() == active(page)
    page.keyboard.press("Enter")
    assert page.locator("[aria-selected=true]").get_attribute("aria-label") == active(page)
    page.keyboard.press("Escape")
    assert page.locator(".reflectlab-tip").is_hidden()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def active(page, attribute="aria-label"):
    here = "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))"
    return page.evaluate(f"name => {here}.getAttribute(name)", attribute)


def test_names_are_text_whatever_is_in_them(stage, log, screenshots):
    view = FigureView(board(log, HARD_NAMES))
    stage.show(view, "board")
    page = stage.page
    assert page.locator("img").count() == 0
    drawn = page.locator("#board svg").text_content()
    for mark in view.marks:
        point(page, page.locator(f"[data-mark='{mark['url'][2:]}']"))
        assert page.locator(".reflectlab-tip").text_content() == mark["text"]
    assert "$x_1$" in drawn
    assert "<img src=x onerror=alert(1)>" in drawn.replace("\n", "")
    page.screenshot(path=screenshots / "figure-names.png", full_page=True)


EVIL = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10"
 onload="alert(1)"><style>* { fill: red } @import "http://example.org/x.css";</style><script>alert(2)</script>
<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><img src="x" onerror="alert(3)"/></body></foreignObject>
<html:img xmlns:html="http://www.w3.org/1999/xhtml" src="http://example.org/a.png"/>
<a xlink:href="javascript:alert(4)"><rect width="5" height="5" onclick="alert(5)"/></a>
<a xlink:href="#m1"><rect id="r" width="5" height="5" style="fill: url(http://example.org/b.svg#x)"/></a>
<image href="http://example.org/c.png" width="5" height="5"/><use href="http://example.org/d.svg#e"/>
<use xlink:href="#r" clip-path="url('#c')" style="fill: url(#r)"/>
<set attributeName="href" to="javascript:alert(6)"/><animate attributeName="x" onbegin="alert(7)"/>
<text font-size="1" x="6" y="8">kept <![CDATA[<b>text</b>]]></text></svg>"""


def test_only_a_drawing_comes_through(stage):
    view = FigureView()
    view.picture = {
        "drawn": 1,
        "svg": EVIL,
        "marks": {"words": [None], "rows": [[1, "x", 0, 0, 0, 0]]},
        "title": "t",
    }
    stage.show(view, "evil")
    page = stage.page
    click(page, page.locator("[data-mark]"))
    names = page.evaluate("[...document.querySelectorAll('#evil svg, #evil svg *')].map(node => node.localName)")
    assert set(names) <= {"svg", "g", "rect", "use", "text", "image"}
    kept = page.evaluate(
        "[...document.querySelectorAll('#evil svg *')].flatMap(n => [...n.attributes].map(a => `${a.name}=${a.value}`))"
    )
    assert not [each for each in kept if "http" in each or "javascript" in each or each.startswith("on")]
    assert page.locator("text").text_content() == "kept <b>text</b>"
    used = page.locator("use[clip-path]")
    assert used.get_attribute("clip-path") == f"url(#{page.locator('rect[id]').get_attribute('id')[:-1]}c)"


@pytest.mark.parametrize(
    "svg", ["", "no svg", "<svg", "<html xmlns='http://www.w3.org/1999/xhtml'/>", "<svg><a></svg>"]
)
def test_what_is_no_drawing_is_not_shown(stage, svg):
    view = FigureView()
    view.picture = {"drawn": 1, "svg": svg, "marks": {"words": [], "rows": []}, "title": "t", "description": "d"}
    stage.show(view, "none")
    assert stage.page.locator("#none svg").count() == 0


def test_two_pictures_share_no_id(stage, view):
    stage.show(view, "one")
    stage.show(view, "two")
    ids = stage.page.evaluate("[...document.querySelectorAll('[id]')].map(node => node.id)")
    assert len(ids) == len(set(ids))


def test_a_removed_view_hears_nothing_more(stage, view):
    stage.show(view, "one")
    stage.show(view, "two")
    stage.page.evaluate("window.ends.one()")
    stage.page.locator("#two [data-mark='3']").hover()
    assert stage.page.locator("#one .reflectlab-lit").count() == 0
    assert stage.page.locator("#two .reflectlab-lit").count() > 0
