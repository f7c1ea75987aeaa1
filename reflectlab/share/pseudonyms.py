"""Pseudonyms that only the holder of a key can make again."""

import hmac
import os
import secrets
import stat
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from ..errors import ArgumentError, ExistsError

SHORTEST = 32
"""How many bytes a key has at least."""

DIGITS = 32
"""How many hexadecimal digits a pseudonym has: 128 bits."""


def new_key(path: str | Path) -> Path:
    """Make a key for one project, in a file that nobody but you can read.

    Parameters
    ----------
    path : str or Path
        Outside every folder that is handed on. A key that is there is never overwritten.

    Returns
    -------
    Path

    Examples
    --------
    >>> import tempfile
    >>> made = new_key(f"{tempfile.mkdtemp()}/project.key")
    >>> len(made.read_bytes())
    64
    """
    file = Path(path)
    try:
        made = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise ExistsError(f"{file} is there already, and a key that is lost is lost for good. Name another.") from None
    with os.fdopen(made, "w", encoding="ascii") as out:
        out.write(secrets.token_hex(32))
    return file


def pseudonyms(key: str | Path, folder: Path) -> Callable[[str, object], str]:
    """Return what turns a word of a kind, say `learner`, into its pseudonym.

    Raises ArgumentError if there is no key, or it is too short, readable by others, or in the folder that is written.
    """
    file = Path(key)
    if not file.is_file():
        how = f"from reflectlab.share import new_key; new_key({str(file)!r})"
        raise ArgumentError(f"must be the file of a key; {file} is none. Make one in Python: {how}", "key")
    if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise ArgumentError(f"must be a file that nobody else can read; {file} can be. Do: chmod 600 {file}", "key")
    if Path(os.path.realpath(file)).is_relative_to(os.path.realpath(folder)):
        raise ArgumentError(f"must be kept outside the export; {file} is in {folder}.", "key")
    secret = file.read_bytes().strip()
    if len(secret) < SHORTEST:
        raise ArgumentError(
            f"must have at least {SHORTEST} bytes; {file} has {len(secret)}. Make one with new_key.", "key"
        )

    def pseudonym(kind: str, word: object) -> str:
        return hmac.new(secret, f"{kind}\0{word}".encode(), sha256).hexdigest()[:DIGITS]

    return pseudonym
