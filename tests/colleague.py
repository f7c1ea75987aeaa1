"""What another user of the same computer can come by, with tools of their own: processes, sockets, files."""

import encodings.idna  # noqa: F401 - looked for at the first address, where somebody else may not look
import json
import os
import socket
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import zmq

SOMEBODY = 54321
"""The number of a user who is neither the teacher nor the administrator, and owns nothing."""

OPENED = "could be opened. "
"""What is said of a socket, or of the memory of a process, that lets somebody in."""

PATHS = (
    "/", "/api/status", "/api/kernels", "/api/sessions", "/api/contents", "/api/terminals", "/files/log.csv",
    "/voila/files/log.csv", "/voila/files/Class%20board.ipynb", "/voila/render/x", "/lab", "/lab/api/workspaces",
    "/login?next=%2F", "/metrics", "/static/../../home/log.csv",
)  # fmt: skip
"""What is asked of each web server, without a token."""

PRINTS = """
import sys, time
from jupyter_client import BlockingKernelClient
client = BlockingKernelClient(connection_file=sys.argv[1])
client.load_connection_file()
client.start_channels()
client.kernel_info(reply=True, timeout=60)
name = input()
for _ in range(4):
    client.execute(f"print({name!r})", reply=True, timeout=60)
    time.sleep(0.5)
client.stop_channels()
"""
"""What lets a kernel print a name for two seconds; in a process of its own, for the client leaves its event loop open.

It waits for the replies: what is said to all can be lost to who has just come to listen.
"""


def come_by(seconds: float, places: list[Path], owners: set[int]) -> dict[str, str]:
    """Return what somebody else reads meanwhile, by where it was: run as root, it becomes that user in a child."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        context = zmq.Context()  # held to the end: to close it takes as long as a handshake that nobody answers
        try:
            os.close(reading)
            os.setgroups([])
            os.setgid(SOMEBODY)
            os.setuid(SOMEBODY)
            with os.fdopen(writing, "w") as out:
                json.dump(_gathered(context, seconds, places, owners), out)
        except Exception:  # noqa: BLE001 - told here, for whoever forked it hears of nothing
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        found = json.load(told)
    os.waitpid(child, 0)
    return found


def _gathered(context: zmq.Context, seconds: float, places: list[Path], owners: set[int]) -> dict[str, str]:
    found: dict[str, str] = {}
    heard: dict[int, list[zmq.Socket]] = {}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found |= dict(_processes())
        found |= {str(path): text for place in places for path, text in _files(place)}
        found |= dict(_unix_sockets(places))
        for port in set(_ports(owners)) - set(heard):
            heard[port] = [_listener(context, port), _speaker(context, port)]
            found |= {f"http {port}{path}": _asked(port, path) for path in PATHS}
        for port, sockets in heard.items():
            for each in sockets:
                found[f"zmq {port}"] = found.get(f"zmq {port}", "") + _said(each)
        time.sleep(0.05)
    return found


def _processes() -> Iterator[tuple[str, str]]:
    for process in Path("/proc").glob("[0-9]*"):
        for name in ("cmdline", "environ", "maps", "comm", "stack", "wchan", "auxv", "io"):
            if text := _read(process / name):
                yield f"{process}/{name}", text
        if _opens(process / "mem"):
            yield f"{process}/mem", OPENED
        try:
            for number in (process / "fd").iterdir():
                yield str(number), _read(number)
        except OSError:
            continue


def _opens(path: Path) -> bool:
    try:
        path.open("rb").close()
    except OSError:
        return False
    return True


def _unix_sockets(places: list[Path]) -> Iterator[tuple[str, str]]:
    """Yield what the sockets say whose names lie in the places."""
    for line in Path("/proc/net/unix").read_text().splitlines()[1:]:
        name = line.split(maxsplit=7)[7:]
        if name and any(name[0].startswith(str(place)) for place in places):
            yield f"unix {name[0]}", _heard_from(name[0])


def _heard_from(name: str) -> str:
    try:
        with socket.socket(socket.AF_UNIX) as asked:
            asked.settimeout(0.2)
            asked.connect(name)
            return OPENED + asked.recv(100_000).decode("utf-8", "replace")
    except TimeoutError:
        return OPENED
    except OSError:
        return ""


def _files(place: Path) -> Iterator[tuple[Path, str]]:
    for folder, _, names in os.walk(place):
        for name in names:
            if text := _read(Path(folder, name)):
                yield Path(folder, name), text


def _read(path: Path) -> str:
    try:
        return path.read_bytes()[:1_000_000].decode("utf-8", "replace") if path.is_file() else ""
    except OSError:
        return ""


def _ports(owners: set[int]) -> Iterator[int]:
    """Yield the ports that others listen on, on this computer."""
    lines = [line for name in ("tcp", "tcp6") for line in Path("/proc/net", name).read_text().splitlines()[1:]]
    for fields in map(str.split, lines):
        if fields[3] == "0A" and int(fields[7]) in owners:
            yield int(fields[1].split(":")[1], 16)


def _listener(context: zmq.Context, port: int) -> zmq.Socket:
    listener = context.socket(zmq.SUB)
    listener.subscribe(b"")
    listener.connect(f"tcp://127.0.0.1:{port}")
    return listener


def _speaker(context: zmq.Context, port: int) -> zmq.Socket:
    speaker = context.socket(zmq.DEALER)
    speaker.connect(f"tcp://127.0.0.1:{port}")
    return speaker


def _said(each: zmq.Socket) -> str:
    text = ""
    while each.poll(0):
        text += b" ".join(each.recv_multipart()).decode("utf-8", "replace")
    return text


def _asked(port: int, path: str) -> str:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as asked:
            asked.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
            return asked.recv(100_000).decode("utf-8", "replace")
    except OSError:
        return ""


def holding(found: dict[str, str], secrets: list[str], mine: Callable[[str], bool] = lambda _: False) -> list[str]:
    """Return where any of some secrets was found."""
    return [where for where, text in found.items() if any(each in text for each in secrets) and not mine(where)]
