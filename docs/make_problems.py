"""Write the list of problems in `docs/problems.md`: `make problems` does it."""

from collections.abc import Mapping
from pathlib import Path

from reflectlab.problems import CODES, Code

PAGE = Path(__file__).parent / "problems.md"

_HEAD = """# What can be wrong in a file

`log.problems` lists what was wrong, each with its place, a sentence on what was found and one on what to do. Its
column `code` says what kind of problem it is, by one of the words below; they are the same in every release. A row of a
file is in the log, or it is listed: `log.account` counts both.

This page is made from the table in `reflectlab/problems.py` with `make problems`.
"""

_PARTS = {
    "Rows that were left out": "Put them right in the file and load it again. With `strict=True` they are an error.",
    "What a log has no place for": "It was left out too, and nobody did wrong: `strict=True` lets it be.",
    "Remarks": "These rows are in the log.",
}


def page() -> str:
    """Return the page."""
    kept = {code: kind for code, kind in CODES.items() if kind.kept}
    meant = {code: kind for code, kind in CODES.items() if kind.as_meant}
    wrong = {code: kind for code, kind in CODES.items() if code not in kept | meant}
    parts = zip(_PARTS.items(), (wrong, meant, kept), strict=True)
    return "\n".join([_HEAD, *(_part(title, text, kinds) for (title, text), kinds in parts)])


def _part(title: str, text: str, kinds: Mapping[str, Code]) -> str:
    rows = [f"| `{code}` | {kind.means} | {kind.todo} |" for code, kind in kinds.items()]
    return "\n".join(
        [f"## {title}", "", text, "", "| Code | What was found | What to do |", "|---|---|---|", *rows, ""]
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
