"""The page to take away in a real browser, opened from a file: it answers without a kernel and asks nobody."""

import re
import subprocess
from pathlib import Path
from shutil import which

import pytest

import reflectlab
from reflectlab.explore import save_report
from tests.browser.watching import Watched

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def log():
    return reflectlab.simulate(classes=1, learners=12, weeks=8, seed=7)


@pytest.fixture(scope="module")
def files(log, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    child = log.learners["learner_id"].iloc[2]
    return {
        "teacher": save_report(log, folder / "teacher.html"),
        "family": save_report(log, folder / "family.html", audience="family", learner_id=child),
    }


@pytest.fixture
def opened(browser, files):
    contexts, seen = [], []

    def show(name, *, width=1280, scheme="light", scripts=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts
        )
        contexts.append(context)
        watched = Watched(context.new_page())
        seen.append(watched)
        watched.page.goto(files[name].as_uri())
        if scripts:
            watched.page.locator(".reflectlab-ready").wait_for(state="attached")
        return watched

    yield show
    for context in contexts:
        context.close()
    for watched in seen:
        assert watched.troubles == []
        assert [url for url in watched.asked if not url.startswith(("file:", "blob:"))] == []


def middle(locator):
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def board(page):
    return page.locator(".reflectlab-figure").first


def shown(page):
    return page.locator("section[data-child]:visible h2").all_text_contents()


def mark_of(page, name):
    """The block of a child on the class board."""
    return board(page).locator(f"[data-mark][aria-label^='{name}:'][aria-label*='(']").first


def test_a_pointer_reads_a_mark_and_lights_its_child(opened, log):
    page = opened("teacher").page
    name = log.learners["name"].iloc[3]
    mark = mark_of(page, name)
    page.mouse.move(*middle(mark))
    assert board(page).locator(".reflectlab-tip").text_content() == mark.get_attribute("aria-label")
    assert board(page).locator(".reflectlab-lit").count() > 1
    page.mouse.move(2, 2)
    assert board(page).locator(".reflectlab-tip").is_hidden()
    assert page.locator(".reflectlab-lit").count() == 0


def test_a_click_on_a_child_in_any_view_shows_that_child(opened, log):
    page = opened("teacher").page
    names = log.learners["name"].tolist()
    assert shown(page) == names[:1]
    page.mouse.click(*middle(mark_of(page, names[3])))
    assert shown(page) == [names[3]]
    assert page.locator("#child option:checked").text_content() == names[3]
    assert board(page).locator(".reflectlab-band").count() == 1
    page.locator("#child").select_option(label=names[5])
    assert shown(page) == [names[5]]
    assert board(page).locator(".reflectlab-picked").count() == 0, "what was picked of another is picked no more"
    row = page.locator("tr[data-learner] button").first
    page.mouse.click(*middle(row))
    assert shown(page) == [row.text_content()]
    assert (
        page.locator("tr.reflectlab-kept button").all_text_contents()
        == [row.text_content()] * page.locator("tr.reflectlab-kept").count()
    )


def test_a_picture_is_walked_and_picked_by_keys(opened):
    page = opened("teacher").page
    before = shown(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "listbox"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    here = page.evaluate("document.activeElement.getAttribute('aria-activedescendant')")
    told = page.locator(f"#{here}").get_attribute("aria-label")
    page.keyboard.press("Enter")
    assert shown(page) != before
    assert told.startswith(shown(page)[0])


@pytest.mark.parametrize("name", ["teacher", "family"])
@pytest.mark.parametrize(("width", "scheme"), [(800, "dark"), (1280, "light"), (1920, "dark")])
def test_it_fits_and_shuts_nobody_out(opened, screenshots, name, width, scheme):
    watched = opened(name, width=width, scheme=scheme)
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
    watched.page.screenshot(path=screenshots / f"report-{name}-{width}-{scheme}.png", full_page=True)
    assert watched.axe("body") == []


def test_without_scripts_every_picture_and_every_child_stands_there(opened, log):
    page = opened("teacher", scripts=False).page
    assert page.locator("svg[aria-label]:visible").count() == len(log.learners) + 5
    assert shown(page) == log.learners["name"].tolist()


def test_what_a_familys_page_draws_and_tells_is_of_one_child(opened, log):
    page = opened("family").page
    child, *others = [log.learners["name"].iloc[2], *log.learners["name"].drop(log.learners.index[2])]
    marks = page.locator("[data-mark]")
    told = []
    for number in range(marks.count()):
        page.mouse.move(*middle(marks.nth(number)))
        told.append(page.locator(".reflectlab-tip").text_content())
    drawn = " ".join([page.locator("body").inner_text(), *page.locator("text").all_text_contents(), *told])
    assert child in drawn
    assert [name for name in others if name in drawn] == []


@pytest.mark.parametrize("name", ["teacher", "family"])
def test_it_prints_on_a4_each_child_on_a_page_of_its_own(opened, log, screenshots, name):
    page = opened(name).page
    file = screenshots / f"report-{name}.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    if which("pdfinfo"):
        said = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
        assert "(A4)" in said
    page.emulate_media(media="print")
    assert page.locator("section[data-child]:visible").count() == (len(log.learners) if name == "teacher" else 0)
    assert page.locator(".reflectlab-choose").is_hidden() or name == "family"
    tall = page.evaluate(
        "Math.max(...[...document.querySelectorAll('svg')].map(s => s.getBoundingClientRect().height))"
    )
    assert tall <= 186 / 25.4 * 96, "no picture is taller than what a page leaves"


def test_a_pdf_is_made_by_the_browser_of_this_machine(log, tmp_path: Path):
    child = log.learners["learner_id"].iloc[0]
    file = save_report(log, tmp_path / "child.pdf", audience="family", learner_id=child)
    assert file.read_bytes().startswith(b"%PDF")


def test_a_printed_class_is_a_small_file(browser, tmp_path):
    log = reflectlab.simulate(classes=1, learners=30, seed=1)
    page = browser.new_page()
    page.goto(save_report(log, tmp_path / "class.html").as_uri())
    hatched = page.locator('[style*="url("]').count()
    assert hatched > 20
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 31
    assert len(pdf) < 3_000_000
    assert page.locator('[style*="url("]').count() == hatched, "on the screen it is as it was"
    page.close()
