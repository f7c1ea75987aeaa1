"""The scripts and the style of the widgets: each script beside its module, what all share in `shared/`."""

import re
from pathlib import Path

_HERE = Path(__file__).parent

_IMPORT = re.compile(r'^import \{[^}]*\} from "((?:\.\.?/)+[\w./]+)";\n', re.MULTILINE)


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
