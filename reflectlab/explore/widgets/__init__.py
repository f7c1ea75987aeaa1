"""The scripts and the style of the widgets: each script beside its module, `page.js` and `board.css` for all."""

import re
from pathlib import Path

_HERE = Path(__file__).parent

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w.]+)";\n', re.MULTILINE)

STYLE = (_HERE / "board.css").read_text(encoding="utf-8")


def script(name: str) -> str:
    """Return a script of this folder with what it imports before it, as one text: that is how a page is given it.

    >>> script("text.js").startswith("// What the scripts of all widgets share.")
    True
    """
    text = (_HERE / name).read_text(encoding="utf-8")
    return "\n".join([*map(script, _IMPORT.findall(text)), _IMPORT.sub("", text)])
