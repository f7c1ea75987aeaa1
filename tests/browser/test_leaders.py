"""The served review in a real browser: what a leader sees and reads, and what a curious one finds behind it."""

import re
from urllib.parse import urlsplit

import pytest

import reflectlab
from reflectlab.share import publish
from tests.browser.lab import leaders_app

pytestmark = pytest.mark.browser

RUN = """
async (kernel) => {
  const heard = [];
  const socket = new WebSocket(`${location.origin.replace("http", "ws")}/api/kernels/${kernel}/channels`);
  socket.onmessage = ({ data }) => heard.push(typeof data === "string" ? data : "bytes");
  await new Promise((done) => { socket.onopen = done; socket.onerror = done; });
  for (const kind of ["execute_request", "complete_request", "inspect_request", "comm_open", "kernel_info_request"]) {
    const header = { msg_id: kind, msg_type: kind, session: "s", username: "", version: "5.3" };
    const content = { code: "import os; print(os.environ)", cursor_pos: 4, silent: false, data: {}, comm_id: "c" };
    socket.send(JSON.stringify({ header, parent_header: {}, metadata: {}, content, channel: "shell" }));
  }
  await new Promise((done) => setTimeout(done, 5000));
  return heard.join("\\n");
}
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    log = reflectlab.simulate(classes=3, learners=22, seed=1)
    publish(log, home / "bundle")
    with leaders_app(home / "bundle", home) as address:
        yield address, log


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    yield opened
    context.close()


def holds_a_child(log, text):
    words = [*log.learners["learner_id"], *log.learners["name"]]
    return [word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)]


def test_questions_stand_above_their_answers_and_nothing_is_cut(served, page):
    address, _ = served
    page.goto(address)
    asked = page.get_by_text("Which strand lags?", exact=True)
    asked.wait_for()
    left = {round(each.bounding_box()["x"]) for each in page.locator(".reflectlab-review p > b").all()}
    assert len(left) == 1
    wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1]
    for svg in page.locator(".reflectlab-review svg").all():
        assert svg.get_attribute("aria-label")
        assert svg.bounding_box()["width"] > 400


def test_no_answer_of_the_server_holds_a_child_and_no_code_of_the_visitor_runs(served, page):
    address, log = served
    bodies = []
    page.on("response", lambda answer: bodies.append(answer))
    page.goto(address)
    page.get_by_text("Which strand lags?", exact=True).wait_for()
    kernel = re.search(r'"kernelId":\s*"([0-9a-f-]{36})"', page.content()).group(1)
    heard = page.evaluate(RUN, kernel)
    assert "kernel_info_reply" in heard
    assert not re.search(r"(execute|complete|inspect)_reply|stream|REFLECTLAB", heard)
    texts = [page.content(), heard, *(each.text() for each in bodies if "html" in each.headers.get("content-type", ""))]
    for text in texts:
        assert not holds_a_child(log, text)


def test_without_the_token_there_is_only_a_way_to_sign_in(served, page):
    address, _ = served
    page.goto(f"http://{urlsplit(address).netloc}/")
    assert "/login" in page.url
    assert "strand" not in page.content()
