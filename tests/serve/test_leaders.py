"""The served review: by raw requests and websocket messages no child can be had, and nothing of a visitor's is run."""

import asyncio
import json
import re
import urllib.request
import uuid
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

import reflectlab
from reflectlab.share import publish
from tests.browser.lab import leaders_app
from tests.serve.test_app import ask

PATHS = (
    *("/", "/voila/render/Review.ipynb", "/voila/files/Review.ipynb", "/voila/files/../own/bundle/rates.parquet"),
    *(
        "/voila/files/%2e%2e/own/bundle/manifest.json",
        "/api/contents",
        "/api/kernels",
        "/api/sessions",
        "/api/terminals",
    ),
    *("/files/Review.ipynb", "/tree", "/lab", "/api/status", "/voila/static/../../../../etc/passwd", "/api/me"),
    *("/voila/templates/lab/static/../../../index.html.j2", "/api/shutdown", "/api/kernelspecs", "/metrics"),
)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    log = reflectlab.simulate(classes=3, learners=22, seed=1)
    reflectlab.save_tables(log, home / "log")
    publish(log, home / "bundle")
    with leaders_app(home / "bundle", home, REFLECTLAB_LOG=str(home / "log")) as address:
        yield address, log


def holds_a_child(log, body):
    text = body.decode("utf-8", "replace")
    words = [*log.learners["learner_id"], *log.learners["name"]]
    return [word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)]


def test_the_page_shows_the_review(served):
    address, log = served
    status, body = ask(address, "/")
    assert status == 200
    assert b"Is any class unlike the others" in body
    assert not holds_a_child(log, body)


@pytest.mark.parametrize("path", PATHS)
def test_no_path_gives_a_child_and_none_gives_anything_without_the_token(served, path):
    address, log = served
    status, body = ask(address, path)
    assert not holds_a_child(log, body)
    assert b"PAR1" not in body
    assert b"root:" not in body
    status, body = ask(address, path, token=False)
    assert status in (302, 403, 404, 405, 500)
    assert b"unlike" not in body


def opened(address, token=True):
    """The id of the kernel behind a page, and the cookies of the visitor."""
    jar = urllib.request.HTTPCookieProcessor()
    opener = urllib.request.build_opener(jar, urllib.request.ProxyHandler({}))
    with opener.open(address, timeout=60) as answer:
        page = answer.read().decode()
    kernel = re.search(r'"kernelId":\s*"([0-9a-f-]{36})"', page)
    return kernel and kernel.group(1), "; ".join(f"{each.name}={each.value}" for each in jar.cookiejar)


async def said(address, kernel, cookies, kinds):
    """Send messages of some kinds to a kernel over its websocket, and return what comes back."""
    from tornado.gen import with_timeout
    from tornado.httpclient import HTTPRequest
    from tornado.websocket import websocket_connect

    parts = urlsplit(address)
    url = f"ws://{parts.netloc}/api/kernels/{kernel}/channels?{parts.query}"
    socket = await websocket_connect(HTTPRequest(url, headers={"Cookie": cookies}, connect_timeout=20))
    for kind, content in kinds:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": "s", "username": "", "version": "5.3"}
        for channel in ("shell", "control"):
            message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": channel}
            await socket.write_message(json.dumps(message))
    heard = []
    try:
        while True:
            heard.append(await with_timeout(timedelta(seconds=4), socket.read_message()))
            if heard[-1] is None:
                break
    except Exception as error:  # noqa: BLE001 - silence is what is hoped for
        heard.append(type(error).__name__)
    socket.close()
    return heard


def test_nothing_of_a_visitor_is_run(served, tmp_path):
    address, log = served
    kernel, cookies = opened(address)
    if kernel is None:
        pytest.fail("the page names no kernel: look how Voilà tells it now")
    code = f"open({str(tmp_path / 'run')!r}, 'w').close(); print('r' + 'un')"
    kinds = [
        ("execute_request", {"code": code, "silent": False, "store_history": False, "allow_stdin": False}),
        ("complete_request", {"code": "open('", "cursor_pos": 6}),
        ("inspect_request", {"code": "review", "cursor_pos": 6, "detail_level": 1}),
        ("history_request", {"hist_access_type": "tail", "n": 10, "output": True, "raw": True}),
        ("comm_open", {"comm_id": "c", "target_name": "jupyter.widget", "data": {}}),
        ("shutdown_request", {"restart": True}),
        ("debug_request", {"type": "request", "command": "evaluate", "arguments": {"expression": code}}),
    ]
    heard = asyncio.run(said(address, kernel, cookies, kinds))
    replies = [json.loads(each)["msg_type"] for each in heard if each and each.startswith("{")]
    assert not {
        "execute_reply",
        "complete_reply",
        "inspect_reply",
        "history_reply",
        "debug_reply",
        "shutdown_reply",
    } & {*replies}
    assert not (tmp_path / "run").exists()
    assert not holds_a_child(log, "".join(filter(None, heard)).encode())
