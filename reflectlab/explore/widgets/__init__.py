"""The scripts and the style of the widgets: each script beside its module, what all share in `shared/`."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ...language import ENGLISH, gettext, language

_HERE = Path(__file__).parent

_IMPORT = re.compile(r'^import \{[^}]*\} from "((?:\.\.?/)+[\w./]+)";\n', re.MULTILINE)


_WORD = re.compile(r'\.word\(\s*"((?:[^"\\]|\\.)*)"')


class Worded(anywidget.AnyWidget):
    """A widget whose script has words of its own: `words` has them in the language that was spoken when it was made."""

    words = traitlets.Dict().tag(sync=True)
    lang = traitlets.Unicode().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        spoken = language()
        super().__init__(words=words_of(str(self._esm)), lang="" if spoken == ENGLISH else spoken, **traits)


def words_of(code: str) -> dict[str, str]:
    """Return the words of a script in the language that is spoken; none in English, in which they stand there.

    >>> words_of(script("print.js"))
    {}
    """
    return {} if language() == ENGLISH else {word: gettext(word) for word in messages_of(code)}


@lru_cache(32)
def messages_of(code: str) -> list[str]:
    """Return the messages of a script: what its `word` is given.

    >>> messages_of('this.word("Print")')
    ['Print']
    """
    return [found.replace('\\"', '"') for found in _WORD.findall(code)]


def style(file: str | Path) -> str:
    """Return a style, of this folder where the file is no whole path."""
    return (_HERE / file).read_text(encoding="utf-8")


STYLE = style("shared/board.css")


def script(file: str | Path) -> str:
    """Return a script with what it imports before it, as one text: that is how a page is given it.

    The file is of this folder where it is no whole path.

    >>> script("text.js").startswith("// What the scripts of all widgets share.")
    True
    """
    return "\n".join(_with_imports((_HERE / file).resolve(), {}).values())


def _with_imports(file: Path, found: dict[Path, str]) -> dict[Path, str]:
    """Return each script once, behind those that it imports."""
    text = file.read_text(encoding="utf-8")
    for needed in _IMPORT.findall(text):
        other = (file.parent / needed).resolve()
        if other not in found:
            _with_imports(other, found)
    found[file] = _IMPORT.sub("", text)
    return found
