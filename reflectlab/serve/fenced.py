"""A process that can read no log: Linux holds it, and all processes it starts, to the folders that are named."""

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446

_VERSION, _BENEATH, _NO_NEW_PRIVILEGES = 1, 1, 38

_RUN, _WRITE, _READ, _LIST, _REMOVE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 4

_ALL = (1 << 13) - 1
"""What the first version of Landlock can forbid of files and folders."""

SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc", "/proc", "/sys")
"""Where programs, fonts and time zones are."""


def fence(own: Path) -> bool:
    """Let this process read programs and its own folder from now on, and nothing else; tell whether that could be done.

    It is Landlock that holds it (Linux from 5.13 on), which nobody can take back, an administrator neither.
    """
    if sys.platform != "linux":
        return False
    kernel = ctypes.CDLL(None, use_errno=True)
    if kernel.syscall(_CREATE, None, 0, _VERSION) < 1:
        return False
    rules = kernel.syscall(_CREATE, struct.pack("=Q", _ALL), 8, 0)
    try:
        for place, rights in _places(own):
            _allow(kernel, rules, place, rights)
        kernel.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return bool(kernel.syscall(_RESTRICT, rules, 0) == 0)
    finally:
        os.close(rules)


def _places(own: Path) -> Iterable[tuple[str, int]]:
    package = Path(__file__).parents[1]
    read = _READ | _LIST | _RUN
    yield str(own), _ALL
    yield str(own.parent), _REMOVE  # to clear its own folder away at the end
    yield "/dev", _READ | _WRITE | _LIST
    for place in (*SYSTEM, sys.prefix, sys.base_prefix, str(package)):
        yield place, read
    for place in sys.path:
        packages = Path(place).name in ("site-packages", "dist-packages")
        yield place, read if packages else _LIST  # a folder of work has its logs beside its programs


def _allow(kernel: ctypes.CDLL, rules: int, place: str, rights: int) -> None:
    try:
        opened = os.open(place, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no right
    try:
        if kernel.syscall(_ADD, rules, _BENEATH, struct.pack("=Qi", rights, opened), 0):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), place)
    finally:
        os.close(opened)
