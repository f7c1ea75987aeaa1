"""A language in which every message is in brackets: what is read outside them was written past the catalogue."""

import ast
import io
import re
from collections.abc import Collection, Iterable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po, write_po
from ipywidgets import HTML

import reflectlab
from tests.told import told_marks

TEMPLATE = Path(reflectlab.__file__).parent / "locale" / "reflectlab.pot"

_INNERMOST = re.compile(r"⟦[^⟦⟧]*⟧")

_TAG = re.compile(r"<style.*?</style>|<script.*?</script>|<metadata.*?</metadata>|<!--.*?-->|<[^>]*>", re.DOTALL)

_INLINE = re.compile(r"</?(?:i|b|em)>")

_ENGLISH = re.compile(r"[A-Za-z]{2,}")


def bracketed(folder: Path) -> str:
    """Write the catalogue of that language, and return its path."""
    catalogue = read_po(io.BytesIO(TEMPLATE.read_bytes()), locale="en")
    for message in catalogue:
        if message.id:
            one, *several = [message.id] if isinstance(message.id, str) else message.id
            message.string = (f"⟦{one}⟧", f"⟦{several[0]}⟧") if several else f"⟦{one}⟧"
    target = folder / "bracketed.po"
    with target.open("wb") as out:
        write_po(out, catalogue)
    return str(target)


def past_the_catalogue(texts: Iterable[str], data: Collection[str]) -> list[str]:
    """Return the lines in which English is read outside the brackets, beside what the log holds."""
    whole = "\n".join(texts)
    for text in sorted(filter(None, data), key=len, reverse=True):
        whole = whole.replace(text, " ")
    while (shorter := _INNERMOST.sub(" ", whole)) != whole:
        whole = shorter
    return [line for line in whole.split("\n") if _ENGLISH.search(line)]


def written_in(html: str) -> list[str]:
    """Return the texts of a page or a drawing."""
    text = unescape(_TAG.sub("\n", _INLINE.sub("", html)))
    return [line.strip() for line in text.split("\n") if line.strip()]


READ = ("description", "text", "title", "label", "labels", "_options_labels", "placeholder", "tooltip", "words")


def shown_by(widget: Any) -> Iterator[str]:
    """Yield what is read of a widget and of those in it."""
    picture, content = getattr(widget, "picture", None), getattr(widget, "content", None)
    if isinstance(picture, dict) and picture:
        yield from (picture["title"], picture["description"], *written_in(picture["svg"]))
        yield from (mark["text"] for mark in told_marks(picture))
    if isinstance(content, dict):
        yield from (content.get("caption", ""), content.get("empty", ""), *content.get("columns", ()))
        yield from (text for row in content.get("rows", ()) for text in _of_row(row))
    yield from _strings(widget.value if isinstance(widget, HTML) else None)
    for name in READ:
        yield from _strings(getattr(widget, name, None))
    for child in getattr(widget, "children", ()):
        yield from shown_by(child)


def _of_row(row: dict[str, Any]) -> Iterator[str]:
    yield from (*row["cells"], row.get("label") or "", *(label for label, _ in row.get("options", ())))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from written_in(value)
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in _strings(each))
    elif isinstance(value, list | tuple):
        yield from (text for each in value for text in _strings(each))


_PHRASE = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")


def english_phrases(code: str) -> list[str]:
    """Return the English of the messages, as far as it is two words or more and not the same in this language."""
    file = TEMPLATE.parent / code / "LC_MESSAGES" / "reflectlab.po"
    found: set[str] = set()
    for message in read_po(io.BytesIO(file.read_bytes()), locale=code):
        ids = [message.id] if isinstance(message.id, str) else message.id
        for part in (part for each in ids for part in re.split(r"\{[^}]*\}|[\n.:;,()]", each)):
            if _PHRASE.search(part) and part.strip() not in str(message.string):
                found.add(part.strip())
    return sorted(found)


_LOOKED_UP = ("gettext", "ngettext", "translatable", "chained", "counted", "number_of", "day_in_words")

_TOLD_OTHERWISE = ("Argument", "Option", "Typer")
"""What the command's own help is given."""

_SAID = re.compile(r"^[A-Z][a-z]+ [a-z]|(?<![-\w])[a-z]{3,} [a-z]{3,}(?![-\w])")


def said_past_the_catalogue(module: Path) -> list[str]:
    """Return the texts of two words and more in a module that are not looked up, told in an error or documentation."""
    tree = ast.parse(module.read_text("utf-8"))
    left_out: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            looked_up = name in (*_LOOKED_UP, *_TOLD_OTHERWISE) or name.endswith("Error")
            left_out.update(map(id, ast.walk(node)) if looked_up else ())
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            left_out.add(id(node.value))
        elif isinstance(node, ast.AnnAssign):
            left_out.update(map(id, ast.walk(node.annotation)))
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in left_out]
    return [text.value for text in texts if isinstance(text.value, str) and _SAID.search(text.value)]
