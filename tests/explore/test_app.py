"""The board's page: for this machine, behind a token, and no file from its folder for anybody."""

import json
import socket
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

import reflectlab
from reflectlab import cli
from tests.browser.lab import board_app

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


def ask(address, path, token=True):
    """Return the status and what comes back, without following anybody anywhere."""
    parts = urlsplit(address)
    query = f"?{parts.query}" if token else ""
    opener = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{parts.netloc}{path}{query}", timeout=20) as answer:
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
    from reflectlab.explore import app, shown

    (tmp_path / "odd.csv").write_text(ODD)
    for name in (shown.LOG, shown.SAID, "REFLECTLAB_DATA"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setattr(app.BoardServer, "launch_instance", lambda *_, **__: None)
    monkeypatch.setattr("logging.captureWarnings", lambda _: None)
    monkeypatch.setattr("gc.freeze", lambda: None)
    monkeypatch.setattr("os.umask", lambda _: None)
    monkeypatch.setattr("reflectlab.explore.kernels._CAN_FORK", False)
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
