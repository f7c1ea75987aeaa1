"""Write the messages that people read into `reflectlab/locale`, for each language what it has of them: `make words`.

A message is what stands in a call of `gettext`, `ngettext`, `chained`, `counted` or `number_of`, the pattern of a call
of `day_in_words`, every text within `translatable(...)` but for the keys of a mapping, and in a script what
`this.word(...)` is given.
"""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from reflectlab.language import counting

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "reflectlab" / "locale"
TEMPLATE = LOCALE / "reflectlab.pot"

_HEAD = """# What people read of reflectlab, in LANGUAGE.
# Whoever speaks it well is asked to correct it: CONTRIBUTING.md, "Other languages", says how.
#"""

Message = str | tuple[str, str]

_WORD = re.compile(r'\.word\(\s*"((?:[^"\\]|\\.)*)"')

_OF_THE_DAY = re.compile(
    rb'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid|Project-Id).*\n',
    re.MULTILINE,
)

_FIRST = ("gettext", "translatable", "chained")


def messages() -> dict[Message, set[str]]:
    """Return every message of the package, and the files in which it stands."""
    found: dict[Message, set[str]] = {}
    for path in sorted((ROOT / "reflectlab").rglob("*")):
        if path.suffix in (".py", ".js"):
            text = path.read_text("utf-8")
            for message in _of_script(text) if path.suffix == ".js" else _of_module(ast.parse(text)):
                found.setdefault(message, set()).add(path.relative_to(ROOT).as_posix())
    both = {message[0] for message in found if isinstance(message, tuple)}
    return {message: files for message, files in found.items() if message not in both}


def _of_script(text: str) -> Iterator[str]:
    yield from (found.replace('\\"', '"') for found in _WORD.findall(text))


def _of_module(tree: ast.Module) -> Iterator[Message]:
    for node in ast.walk(tree):
        name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if not isinstance(node, ast.Call) or not node.args:
            continue
        if name in _FIRST:
            yield from _texts(node.args[0])
        elif name == "day_in_words" and len(node.args) > 1:
            yield from _texts(node.args[1])
        elif name == "ngettext":
            yield from zip(_texts(node.args[0]), _texts(node.args[1]), strict=True) if len(node.args) > 2 else ()
        elif name in ("counted", "number_of"):
            yield from (counting(*each) for each in [[t for arg in node.args[1:] for t in _texts(arg)]] if each)


def _texts(node: ast.expr) -> Iterator[Message]:
    """Yield the texts of an expression: one or the other, values of a mapping, items of a list; a tuple is a plural."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))
    elif isinstance(node, ast.Dict):
        yield from (text for value in node.values for text in _texts(value))
    elif isinstance(node, ast.Tuple):
        one, several = (str(text) for each in node.elts for text in _texts(each))
        yield one, several
    elif isinstance(node, ast.List):
        yield from (text for each in node.elts for text in _texts(each))


def template() -> Catalog:
    """Return the messages without a translation."""
    made = Catalog(project="reflectlab", header_comment=_HEAD, charset="utf-8", fuzzy=False)
    for message, files in sorted(messages().items(), key=lambda each: (sorted(each[1]), str(each[0]))):
        made.add(message, locations=[(file, None) for file in sorted(files)])
    return made


def catalogue(file: Path, language: str) -> Catalog:
    """Return the catalogue of a language with each message of today: those that are new have no translation yet."""
    made = template()
    made.locale = language
    made.header_comment = _HEAD.replace("LANGUAGE", made.locale.get_display_name("en"))
    before = read_po(io.BytesIO(file.read_bytes()), locale=language) if file.exists() else Catalog(language)
    for message in made:
        earlier = before.get(message.id) if message.id else None
        if earlier is not None:
            message.string, message.flags = earlier.string, earlier.flags
            message.user_comments = earlier.user_comments
    return made


def written(found: Catalog) -> bytes:
    """Return a catalogue as its file holds it: nothing in it is of the day on which it was made."""
    out = io.BytesIO()
    write_po(out, found, width=110, include_lineno=False, omit_header=False)
    return _OF_THE_DAY.sub(b"", out.getvalue())


def catalogues() -> dict[Path, bytes]:
    """Return each file of messages, as it is to be."""
    files = {file: file.parent.parent.name for file in sorted(LOCALE.glob("*/LC_MESSAGES/reflectlab.po"))}
    return {TEMPLATE: written(template()), **{file: written(catalogue(file, code)) for file, code in files.items()}}


if __name__ == "__main__":
    for file, content in catalogues().items():
        file.write_bytes(content)
