"""What is read has an end."""

from pathlib import Path

from .errors import NotALogError

_LONGEST_NAME = 200


def refuse_endless(path: Path) -> None:
    """Raise `NotALogError` where a path leads to a device or a pipe, which may never end.

    Parameters
    ----------
    path : Path

    Examples
    --------
    >>> refuse_endless(Path("README.md"))
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        raise NotALogError(f"{short(path)} is no file with an end, but a device or a pipe: save it as a file.")


def short(path: Path) -> str:
    """Return a path, cut where it is longer than anybody reads.

    >>> short(Path("log.csv")), len(short(Path("x" * 300)))
    ('log.csv', 201)
    """
    text = str(path)
    return text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME]}…"
