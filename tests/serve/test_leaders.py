"""The served review: by raw requests and websocket messages no child can be had, and nothing of a visitor's is run."""

import asyncio
import json
import re
import struct
import sys
import urllib.request
import uuid
from datetime import timedelta
from itertools import accumulate
from urllib.parse import urlsplit

import pytest

import reflectlab
from reflectlab.share import publish
from tests.bracketed import bracketed
from tests.browser.lab import _address_in, _free_port, _started, leaders_app
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


def framed(channel, header, content):
    """A message as the newer protocol of Jupyter's websockets has it: offsets, then the parts one after another."""
    parts = [channel.encode(), header.encode(), b"{}", b"{}", json.dumps(content).encode()]
    ends = list(accumulate((len(part) for part in parts), initial=8 * (len(parts) + 2)))
    return struct.pack(f"<{len(ends) + 1}Q", len(ends), *ends) + b"".join(parts)


async def said(address, kernel, cookies, kinds, newer=False):
    """Send messages of some kinds to a kernel over its websocket, and return what comes back."""
    from tornado.gen import with_timeout
    from tornado.httpclient import HTTPRequest
    from tornado.websocket import websocket_connect

    parts = urlsplit(address)
    url = f"ws://{parts.netloc}/api/kernels/{kernel}/channels?{parts.query}"
    asked = HTTPRequest(url, headers={"Cookie": cookies}, connect_timeout=20)
    socket = await websocket_connect(asked, subprotocols=["v1.kernel.websocket.jupyter.org"] if newer else None)
    for kind, content in kinds:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": "s", "username": "", "version": "5.3"}
        for channel in ("shell", "control", "stdin", "iopub"):
            message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": channel}
            if newer:  # the kind of message twice, for readers that differ in which of the two they take
                told = json.dumps(header)
                allowed = '"msg_type": "kernel_info_request"'
                for each in (told, told.replace("{", f"{{{allowed}, ", 1), f"{told.removesuffix('}')}, {allowed}}}"):
                    await socket.write_message(framed(channel, each, content), binary=True)
            else:
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


@pytest.mark.parametrize("newer", [False, True])
def test_nothing_of_a_visitor_is_run(served, tmp_path, newer):
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
        ("create_subshell_request", {}),
        ("is_complete_request", {"code": code}),
        ("comm_info_request", {}),
        ("input_reply", {"value": code}),
        ("usage_request", {}),
    ]
    heard = asyncio.run(said(address, kernel, cookies, kinds, newer))
    told = b"\n".join(each if isinstance(each, bytes) else str(each).encode() for each in heard)
    assert not set(re.findall(rb"\w+_reply", told)) - {b"kernel_info_reply"}
    assert not (tmp_path / "run").exists()
    assert not holds_a_child(log, told)


def test_what_is_allowed_is_answered_so_silence_means_something(served):
    address, _ = served
    kernel, cookies = opened(address)
    for newer in (False, True):
        heard = asyncio.run(said(address, kernel, cookies, [("kernel_info_request", {})], newer))
        told = b"".join(each if isinstance(each, bytes) else str(each).encode() for each in heard)
        assert b"kernel_info_reply" in told


@pytest.mark.parametrize("way", ["channels", "/voila/query/", "/voila/execution/"])
@pytest.mark.parametrize("pretend", [{}, {"Origin": "https://example.org"}, {"Authorization": "token wrong"}])
def test_without_the_token_no_websocket_is_opened(served, way, pretend):
    from tornado.httpclient import HTTPClientError, HTTPRequest
    from tornado.websocket import websocket_connect

    address, _ = served
    kernel, _ = opened(address)
    path = f"/api/kernels/{kernel}/channels" if way == "channels" else f"{way}{kernel}"
    asked = HTTPRequest(f"ws://{urlsplit(address).netloc}{path}", headers=pretend, connect_timeout=20)

    async def tried():
        return await websocket_connect(asked)

    with pytest.raises(HTTPClientError) as refused:
        asyncio.run(tried())
    assert refused.value.code in (302, 403, 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
@pytest.mark.parametrize("token", [True, False])
def test_no_other_method_does_or_tells_anything(served, method, token):
    address, log = served
    for path in PATHS:
        data = b'{"name": "python3", "path": "/"}' if method in ("POST", "PUT", "PATCH") else None
        status, body = ask(address, path, token, method=method, data=data)
        assert status in (204, 302, 403, 404, 405, 500) or (method == "HEAD" and token), (path, status)
        assert not holds_a_child(log, body)
        assert b"Traceback" not in body


@pytest.mark.parametrize("query", ["template=../../own", "theme=../../etc", "x=%0d%0aSet-Cookie:a"])
def test_what_is_asked_with_a_query_changes_nothing(served, query):
    address, log = served
    status, body = ask(f"{address}&{query}", "/")
    assert status in (200, 400)
    assert b"Traceback" not in body
    assert not holds_a_child(log, body)


THIEF = """
from reflectlab.serve import leaders
leaders._NOTEBOOK["cells"][0]["source"] = '''
import os, pathlib
from IPython.display import display, HTML
def tried(what):
    try:
        return str(what())
    except OSError as error:
        return type(error).__name__
path = pathlib.Path({log!r})
found = [tried(lambda: (path / "learners.csv").read_text()), tried(lambda: os.listdir(path)),
         tried(lambda: pathlib.Path({key!r}).read_text()), tried(lambda: path.joinpath("new").write_text("x"))]
own = os.listdir(os.environ["REFLECTLAB_BUNDLE"])
display(HTML("<p>tried: " + " | ".join(found) + "</p><p>bundle: " + str(len(own)) + "</p>"))
'''
leaders.serve_bundle({bundle!r}, port={port})
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock is Linux's")
def test_the_process_can_read_no_log_even_if_its_own_program_wanted_to(tmp_path):
    """The notebook behind the page is one that tries to read the log, and a key: Linux refuses it."""
    log = reflectlab.simulate(classes=3, learners=22, seed=1)
    reflectlab.save_tables(log, tmp_path / "log")
    publish(log, tmp_path / "bundle")
    (tmp_path / "project.key").write_text("secret")
    told = {name: str(tmp_path / name) for name in ("log", "bundle")} | {"key": str(tmp_path / "project.key")}
    with _started(["-c", THIEF.format(**told, port=_free_port())], tmp_path) as server:
        address = _address_in(tmp_path / "-c.log", server)
        if "cannot hold" in (tmp_path / "-c.log").read_text():
            pytest.skip("this kernel has no Landlock")
        _, body = ask(address, "/")
    assert b"tried: " + b" | ".join([b"PermissionError"] * 4) in body
    assert b"bundle: 4" in body
    assert not holds_a_child(log, body)
    assert not (tmp_path / "log" / "new").exists()


@pytest.mark.parametrize(("own", "asked"), [(False, "Welcher Bereich liegt zurück?"), (True, "⟦Which strand lags?⟧")])
def test_the_review_is_served_in_a_language_or_in_a_catalogue_of_ones_own(tmp_path, own, asked):
    publish(reflectlab.simulate(classes=3, learners=22, seed=1), tmp_path / "bundle")
    told = bracketed(tmp_path) if own else "de"
    with leaders_app(tmp_path / "bundle", tmp_path, REFLECTLAB_LANGUAGE=told) as address:
        status, body = ask(address, "/")
    assert status == 200
    assert json.dumps(asked)[1:-1] in body.decode()  # the page is told of its cell in JSON
    assert b"\\u003eWhich strand lags?" not in body
