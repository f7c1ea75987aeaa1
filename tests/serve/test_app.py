"""The board's page: for this machine, behind a token, and no file from its folder for anybody."""

import json
import re
import signal
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

import reflectlab
from reflectlab import cli
from tests.browser.lab import _address_in, _started, board_app

OPEN = {
    "Voila": {"ip": "0.0.0.0", "token": "", "open_browser": True},
    "VoilaConfiguration": {"file_allowlist": [".*"], "file_denylist": []},
}
PICTURE = b"\x89PNG a child's board"


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of a board, and the folder that it is served from, where somebody has left pictures."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("served")
    (home / ".jupyter").mkdir()
    (home / ".jupyter" / "voila.json").write_text(json.dumps(OPEN))
    reflectlab.save_tables(reflectlab.example(), home / "log")
    with board_app(home / "log", home, TMPDIR=str(folder)) as address:
        (root,) = folder.glob("reflectlab-*/board")
        yield address, root


def ask(address, path, token=True, **more):
    """Return the status and what comes back, without following anybody anywhere."""
    parts = urlsplit(address)
    query = f"?{parts.query}" if token else ""
    opener = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))
    try:
        asked = urllib.request.Request(f"http://{parts.netloc}{path}{query}", **more)
        with opener.open(asked, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_the_folder_holds_one_notebook_and_nothing_else(served):
    _, root = served
    assert [path.name for path in root.iterdir() if path.suffix != ".png"] == ["Class board.ipynb"]
    assert "aroha" not in (root / "Class board.ipynb").read_text().lower()


@pytest.mark.parametrize("name", ["board.png", "board.svg", "board.jpg", "log.csv", "Class%20board.ipynb"])
@pytest.mark.parametrize("token", [True, False])
def test_no_file_is_given_to_anybody(served, name, token):
    address, root = served
    left = root / name.replace("%20", " ")
    if not left.exists():
        left.write_bytes(PICTURE)
    status, body = ask(address, f"/voila/files/{name}", token)
    assert status == 403
    assert PICTURE not in body
    if left.suffix != ".ipynb":
        left.unlink()


@pytest.mark.parametrize("path", ["/", "/voila/render/x", "/api/kernels/00000000-0000-0000-0000-000000000000"])
def test_without_the_token_there_is_only_a_way_to_sign_in(served, path):
    address, _ = served
    status, body = ask(address, path, token=False)
    assert status in (302, 403)
    assert b"kernel" not in body.lower().replace(b"/api/kernels", b"")


def test_a_wrong_token_is_none(served):
    address, _ = served
    assert ask(address.replace("token=", "token=x"), "/")[0] == 302


def test_nobody_else_can_connect(served):
    port = urlsplit(served[0]).port
    with socket.socket() as other, pytest.raises(ConnectionRefusedError):
        other.connect(("127.0.0.2", port))  # another address of this machine: all of them, if it listened to all


def test_the_token_is_long_and_new(served):
    assert len(urlsplit(served[0]).query.removeprefix("token=")) >= 32


def test_a_file_that_is_no_log_is_refused(tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    done = CliRunner().invoke(cli.app, ["app", str(tmp_path / "x.csv"), "--no-browser"])
    assert done.exit_code == 2
    assert "x.csv" in done.stderr


ODD = "when,pupil,goal,event\n03/04/2026,Aroha,Hook,S\n05/04/2026,Ben,Hook,M\n06/04/2026,Ben,Hook,achived\n"
COLUMNS = ("time=when", "learner_id=pupil", "goal_id=goal", "event=event")
OPTIONS = [*(part for column in COLUMNS for part in ("--column", column)), "--word", "S=started", "--word", "M=met"]


def test_the_board_takes_the_options_that_check_takes(tmp_path, monkeypatch):
    """What the kernel loads is what the options say, by the environment that it has from the server."""
    from reflectlab.serve import app, shown, told

    (tmp_path / "odd.csv").write_text(ODD)
    for name in (told.LOG, told.SAID, "REFLECTLAB_DATA"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setattr(app.BoardServer, "launch_instance", lambda *_, **__: None)
    monkeypatch.setattr("logging.captureWarnings", lambda _: None)
    monkeypatch.setattr("gc.freeze", lambda: None)
    monkeypatch.setattr("os.umask", lambda _: None)
    monkeypatch.setattr("reflectlab.serve.kernels._CAN_FORK", False)
    done = CliRunner().invoke(cli.app, ["app", str(tmp_path / "odd.csv"), *OPTIONS, "--dayfirst"])
    assert done.exit_code == 0, done.output
    log = shown.board().choice.log
    assert log.events["event"].tolist() == ["started", "met"]
    assert log.first_day.isoformat() == "2026-04-03"


def test_the_terminal_has_our_lines_and_no_others(tmp_path):
    (tmp_path / "odd log.csv").write_text(ODD)
    with board_app(tmp_path / "odd log.csv", tmp_path, options=[*OPTIONS, "--dayfirst"]) as address:
        assert ask(address, "/")[0] == 200
    said = (tmp_path / "reflectlab.log").read_text().splitlines()
    assert "2 learners, 2026-04-03 to 2026-04-05" in said[0]
    assert f'1 problem. To see it: reflectlab check "{tmp_path / "odd log.csv"}" --column "time=when"' in said[1]
    assert said[2:] == [said[2], address]


PLANTED = (
    "voila",
    "jupyter_config",
    "jupyter_server_config",
    "jupyter_lab_config",
    "ipython_config",
    "ipython_kernel_config",
)


def test_no_program_of_the_current_folder_is_run(tmp_path, monkeypatch):
    """Nor is a broken configuration read, in the folder or in the home: nothing but our lines is said."""
    here = tmp_path / "downloads"
    here.mkdir()
    for name in (*PLANTED, "ipykernel_launcher", "sitecustomize"):
        (here / f"{name}.py").write_text(f"open({str(tmp_path / 'was run')!r}, 'a').write({name!r})\n")
        (here / f"{name}.json").write_text("{ this is no JSON")
    (tmp_path / ".jupyter").mkdir()
    (tmp_path / ".jupyter" / "voila.json").write_text("{ neither is this")
    reflectlab.save_tables(reflectlab.example(), tmp_path / "log")
    monkeypatch.chdir(here)
    root = str(Path(reflectlab.__file__).parent.parent)
    with board_app(tmp_path / "log", tmp_path, PYTHONSAFEPATH="1", PYTHONPATH=root) as address:
        assert ask(address, "/")[0] == 200
    assert not (tmp_path / "was run").exists()
    said = (tmp_path / "reflectlab.log").read_text().splitlines()
    assert said[-1] == address
    assert len(said) == 3


def _kernels(address):
    return re.findall(rb'"?kernelId"?: ?"([0-9a-f-]{36})"', ask(address, "/")[1])


def test_what_a_kernel_sends_is_compressed(served):
    address, _ = served
    parts, (kernel, *_) = urlsplit(address), _kernels(address)
    asked = (
        f"GET /api/kernels/{kernel.decode()}/channels?{parts.query} HTTP/1.1",
        f"Host: {parts.netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Extensions: permessage-deflate",
    )
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as to_server:
        to_server.sendall("\r\n".join([*asked, "", ""]).encode())
        answer = to_server.recv(4096).decode("latin-1")
    assert answer.startswith("HTTP/1.1 101")
    assert re.search("(?i)sec-websocket-extensions: permessage-deflate", answer)


def test_a_kernel_ends_with_its_page(served):
    address, _ = served
    (kernel,) = _kernels(address)
    path, here = f"/voila/api/shutdown/{kernel.decode()}", f"http://{urlsplit(address).netloc}"
    cookie = {"Cookie": _cookie(address)}
    for headers in ({}, {"Origin": "http://127.0.0.1:1"}, {"Origin": "https://example.org"}):
        assert ask(address, path, token=False, method="POST", headers=cookie | headers)[0] in (403, 404)
    assert ask(address, path, token=False, method="POST", headers={"Origin": here})[0] in (302, 403)
    assert ask(address, f"/api/kernels/{kernel.decode()}")[0] == 200
    assert ask(address, path, token=False, method="POST", headers=cookie | {"Origin": here})[0] == 204
    assert ask(address, f"/api/kernels/{kernel.decode()}")[0] == 404
    assert ask(address, path, token=False, method="POST", headers=cookie | {"Origin": here})[0] == 404


def _cookie(address):
    """Return what a browser that has opened the page sends with each request."""
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=60) as answer:
        return "; ".join(each.split(";")[0] for each in answer.headers.get_all("Set-Cookie"))


def test_a_log_that_is_gone_is_one_sentence_on_the_page(tmp_path):
    (tmp_path / "odd.csv").write_text(ODD)
    with board_app(tmp_path / "odd.csv", tmp_path, options=[*OPTIONS, "--dayfirst"]) as address:
        (tmp_path / "odd.csv").unlink()
        status, page = ask(address, "/")
        assert status == 200
        assert b"Traceback" not in page
        assert b"show_tracebacks" not in page
    said = (tmp_path / "reflectlab.log").read_text()
    assert said.splitlines()[-1] == address


def test_ctrl_c_is_no_traceback(tmp_path):
    """Neither while the server runs nor, once it has said its first words, while it starts."""
    reflectlab.save_tables(reflectlab.example(), tmp_path / "log")
    said = tmp_path / "reflectlab.log"
    for early in (True, False):
        with _started(["reflectlab", "app", str(tmp_path / "log"), "--no-browser"], tmp_path) as server:
            while early and "learners" not in said.read_text():
                assert server.poll() is None, said.read_text()
                time.sleep(0.05)
            if not early:
                _address_in(said, server)
            server.send_signal(signal.SIGINT)
            server.wait(60)
        assert "Traceback" not in said.read_text()


def test_the_option_before_the_command_says_the_language_of_the_page(tmp_path):
    reflectlab.save_tables(reflectlab.example(), tmp_path / "log")
    with board_app(tmp_path / "log", tmp_path, before=["--language", "de"]) as address:
        page = ask(address, "/")[1].decode()
    assert re.search(r'<html lang="de">', page)
    assert "<title>Klassentafel</title>" in page
    assert "Wird geöffnet …" in page
    assert not re.search("Opening|Class board|is stuck", page)
    said = (tmp_path / "reflectlab.log").read_text()
    assert "Die Adresse der Tafel folgt" in said
