"""The board in German and in te reo Māori, worked through in a real browser: nothing of it is read in English."""

import pytest

import reflectlab
from tests.bracketed import english_phrases
from tests.browser.lab import board_app
from tests.browser.test_board import CLASS, INVITATIONS, PAPER
from tests.browser.watching import PATIENCE, Watched

pytestmark = pytest.mark.browser

READ = """() => {
  const found = [document.title];
  const told = ["title", "placeholder", "aria-label", "alt"];
  const walk = (node) => {
    if (["SCRIPT", "STYLE"].includes(node.tagName)) return;
    if (node.nodeType === Node.TEXT_NODE) found.push(node.data);
    for (const name of told) if (node.getAttribute?.(name)) found.push(node.getAttribute(name));
    if (node.contentDocument) walk(node.contentDocument);
    node.childNodes.forEach(walk);
  };
  walk(document.querySelector(".reflectlab-board"));
  document.querySelectorAll("iframe.reflectlab-paper").forEach(walk);
  return found.join("\\n");
}"""
"""All that is read of the board and of what goes to the printer."""

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
