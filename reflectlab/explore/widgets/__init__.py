"""The scripts and the style of the widgets: each script beside its module, `page.js` and `board.css` for all."""

import re
from pathlib import Path

_HERE = Path(__file__).parent

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w.]+)";\n', re.MULTILINE)


def style(name: str) -> str:
    """Return a style of this folder."""
    return (_HERE / name).read_text(encoding="utf-8")


STYLE = style("board.css")


def script(name: str) -> str:
    """Return a script of this folder with what it imports before it, as one text: that is how a page is given it.

    >>> script("text.js").startswith("// What the scripts of all widgets share.")
    True
    """
    return "\n".join(_with_imports(name, {}).values())


def _with_imports(name: str, found: dict[str, str]) -> dict[str, str]:
    """Return each script once, behind those that it imports."""
    text = (_HERE / name).read_text(encoding="utf-8")
    for needed in _IMPORT.findall(text):
        if needed not in found:
            _with_imports(needed, found)
    found[name] = _IMPORT.sub("", text)
    return found
