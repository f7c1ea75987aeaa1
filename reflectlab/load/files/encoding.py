"""Text in whatever encoding, brought into UTF-8."""

import codecs

from ...errors import NotALogError
from ...language import gettext, number_in_words
from ...problems import Problem
from .raw import File

_PLAIN = bytes(range(128))

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def as_utf8(file: File) -> tuple[File, list[Problem]]:
    """Return a text in UTF-8 without a mark, and a remark where its encoding had to be supposed."""
    data, remarks = _brought(file)
    if not data[:4096].decode("utf-8", "ignore").strip() and not data.decode("utf-8").strip():
        raise NotALogError(gettext("{name} is empty: it has no header and no rows.", name=file.name))
    return File(file.name, data), remarks


def _brought(file: File) -> tuple[bytes, list[Problem]]:
    data = file.data
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            body = data[len(mark) :]
            sound = encoding == "utf-8" and _is_utf8(body)
            return body if sound else _recoded(File(file.name, body), encoding), []
    unmarked = _utf16_without_mark(data)
    if unmarked:
        return _recoded(file, unmarked), []
    if b"\0" in data:
        raise NotALogError(_with_nul(file))
    if _is_utf8(data):
        return data, []
    if _is_nearly_utf8(data):
        return _recoded(file, "utf-8"), []
    return _recoded(file, "cp1252"), [_supposed(file)]


def _supposed(file: File) -> Problem:
    text = gettext(
        "{name} is not written in UTF-8; it was read as Windows-1252 (Western European). If "
        "letters such as ā or é look wrong, that is why. The first of them is in this row.",
        name=file.name,
    )
    row = file.data[: len(file.data) - len(file.data.lstrip(_PLAIN))].count(b"\n") + 1
    return Problem("normalised", text, gettext('Save the file as "CSV UTF-8".'), file=file.name, row=row)


def _with_nul(file: File) -> str:
    return gettext(
        "{name} is no table: it holds NUL characters, which no text file has. Export it again.", name=file.name
    )


def _recoded(file: File, encoding: str) -> bytes:
    try:
        text = file.data.decode(encoding)
    except UnicodeDecodeError as error:
        line = file.data[: error.start].decode(encoding, "replace").count("\n") + 1
        raise NotALogError(
            gettext(
                "{name} cannot be read as text: byte {start}, in line {line}, is not valid {encoding}. "
                'Open it where it was made and save it as "CSV UTF-8".',
                name=file.name,
                start=number_in_words(error.start),
                line=number_in_words(line),
                encoding=encoding,
            )
        ) from None
    if "\0" in text:
        raise NotALogError(_with_nul(file))
    return text.encode("utf-8")


def _utf16_without_mark(data: bytes) -> str | None:
    """Return the encoding where nearly every second byte is zero."""
    head = data[:4096]
    half = max(len(head) // 2, 1)
    if head[1::2].count(0) / half > 0.7 and head[::2].count(0) == 0:
        return "utf-16-le"
    return "utf-16-be" if head[::2].count(0) / half > 0.7 and head[1::2].count(0) == 0 else None


def _is_nearly_utf8(data: bytes) -> bool:
    """Tell whether as many letters beyond ASCII are whole in UTF-8 as are broken: a text in it that was damaged.

    What breaks one letter may leave two pieces of it.
    """
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return 2 * (len(text) - len(text.encode("ascii", "ignore")) - broken) >= broken


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
