"""Text in whatever encoding, brought into UTF-8."""

import codecs

from ...errors import NotALogError
from ...problems import Problem

_ASCII = bytes(range(128))

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def as_utf8(data: bytes, file: str) -> tuple[bytes, list[Problem]]:
    """Return a text in UTF-8 without a mark, and a remark where its encoding had to be supposed.

    Parameters
    ----------
    data : bytes
    file : str
        Its name.

    Returns
    -------
    bytes
    list of Problem

    Raises
    ------
    NotALogError
        If it is empty or no text.
    """
    utf8, remarks = _brought(data, file)
    if not utf8[:4096].decode("utf-8", "ignore").strip() and not utf8.decode("utf-8").strip():
        raise NotALogError(f"{file} is empty: it has no header and no rows.")
    return utf8, remarks


def _brought(data: bytes, file: str) -> tuple[bytes, list[Problem]]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            body = data[len(mark) :]
            return (body if encoding == "utf-8" and _is_utf8(body) else _recoded(body, encoding, file)), []
    unmarked = _utf16_without_mark(data)
    if unmarked:
        return _recoded(data, unmarked, file), []
    if b"\0" in data:
        raise NotALogError(f"{file} is no table: it holds NUL characters, which no text file has. Export it again.")
    if _is_utf8(data):
        return data, []
    if _is_nearly_utf8(data):
        return _recoded(data, "utf-8", file), []
    text = (
        f"{file} is not written in UTF-8; it was read as Windows-1252 (Western European). If letters such as "
        "ā or é look wrong, that is why. The first of them is in this row."
    )
    hint = 'Save the file as "CSV UTF-8".'
    row = data[: len(data) - len(data.lstrip(_ASCII))].count(b"\n") + 1
    return _recoded(data, "cp1252", file), [Problem("normalised", text, hint, file=file, row=row)]


def _recoded(data: bytes, encoding: str, file: str) -> bytes:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "replace").count("\n") + 1
        raise NotALogError(
            f"{file} cannot be read as text: byte {error.start:,}, in line {line:,}, is not valid {encoding}. "
            'Open it where it was made and save it as "CSV UTF-8".'
        ) from None
    if "\0" in text:
        raise NotALogError(f"{file} is no table: it holds NUL characters, which no text file has. Export it again.")
    return text.encode("utf-8")


def _utf16_without_mark(data: bytes) -> str | None:
    """Return the encoding where nearly every second byte is zero."""
    head = data[:4096]
    half = max(len(head) // 2, 1)
    if head[1::2].count(0) / half > 0.7 and head[::2].count(0) == 0:
        return "utf-16-le"
    return "utf-16-be" if head[::2].count(0) / half > 0.7 and head[1::2].count(0) == 0 else None


def _is_nearly_utf8(data: bytes) -> bool:
    """Tell whether more letters beyond ASCII are whole in UTF-8 than are broken: a text in it that was damaged."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return len(text) - len(text.encode("ascii", "ignore")) - broken > broken


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), 1 << 20):
            decoder.decode(data[start : start + (1 << 20)])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
