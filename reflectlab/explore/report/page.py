"""A page written: HTML in which every text is text, with the one script that it may run."""

import base64
import hashlib
import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from ...language import gettext, language, translatable
from ..widgets import STYLE, script, style, words_of
from .contents import Contents, PageTable, Section
from .picture import PagePicture

_HEAD = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; \
script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<title>{title}</title><style>{style}</style></head><body class="reflectlab-report">
"""


_HERE = Path(__file__).parent

_SHORT = 12
"""Up to how many rows a table stands on one page of paper."""


def page(contents: Contents) -> str:
    """Return the whole page as HTML."""
    code = f"\n{script(_HERE / 'report.js')}\n"
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    styles = STYLE + style(_HERE / "report.css")
    head = _HEAD.format(language=language(), hash=digest, title=escape(contents.title), style=styles)
    body = "\n".join([*_body(contents, words_of(code)), f'<script type="module">{code}</script>', "</body></html>"])
    return head + body + "\n"


def _body(contents: Contents, scripted: dict[str, str]) -> Iterator[str]:
    yield f"<header><h1>{_text(contents.title)}</h1><p>{_text(contents.heading)}</p></header><main>"
    children = [section for section in contents.sections if section.learner]
    for section in contents.sections:
        if children and section is children[0]:
            yield _picker(children)
        yield _section(section)
    words = "".join(_word(*each) for each in contents.words)
    yield f"</main><footer><h2>{_text(gettext('What the words mean'))}</h2><dl>{words}</dl></footer>"
    pictures = [part for section in contents.sections for part in section.parts if isinstance(part, PagePicture)]
    told = {"pictures": [_told(picture) for picture in pictures], "first": contents.first, "words": scripted}
    yield f'<script type="application/json" id="told">{_json(told)}</script>'


def _picker(children: list[Section]) -> str:
    options = "".join(f'<option value="{each.learner}">{_text(each.name)}</option>' for each in children)
    return (
        f'<div class="reflectlab-choose" hidden><label for="child">{_text(gettext("Child"))}</label> '
        f'<select id="child" class="reflectlab-input">{options}</select>'
        f"<span>{_text(gettext(_HOW_TO_CHOOSE))}</span></div>"
    )


_HOW_TO_CHOOSE = translatable("A click on a child in any picture chooses too. Printing gives every child, a page each.")


def _section(section: Section) -> str:
    about = f' data-child="{section.learner}"' if section.learner else ""
    text = f"<p>{_text(section.text)}</p>" if section.text else ""
    about += ' class="reflectlab-first"' if section.said else ""
    said = f"<ul>{''.join(f'<li>{_text(each)}</li>' for each in section.said)}</ul>" if section.said else ""
    parts = "".join(_picture(each) if isinstance(each, PagePicture) else _table(each) for each in section.parts)
    return f"<section{about}><h2>{_text(section.heading)}</h2>{text}{said}{parts}</section>"


def _picture(picture: PagePicture) -> str:
    return f'<div class="reflectlab-still"><div class="reflectlab-canvas">{picture.svg}</div></div>'


def _table(table: PageTable) -> str:
    head = "".join(f'<th scope="col">{_text(column)}</th>' for column in table.columns)
    codes = table.learners or [None] * len(table.rows)
    rows = "".join(_row(cells, code) for cells, code in zip(table.rows, codes, strict=True))
    caption = f"<caption>{_text(table.caption)}</caption>"
    none = _text(gettext("There is none."))
    none = "" if table.rows else f"<p>{none}</p>"
    short = " reflectlab-short" if len(table.rows) <= _SHORT else ""
    body = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
    return f'<div class="reflectlab-table{short}"><table>{caption}{body}</table>{none}</div>'


def _row(cells: list[str], code: str | None) -> str:
    first, *rest = map(_text, cells)
    about = f' data-learner="{code}"' if code else ""
    first = f'<button type="button" class="reflectlab-link">{first}</button>' if code else first
    return f"<tr{about}>{''.join(f'<td>{cell}</td>' for cell in (first, *rest))}</tr>"


def _word(word: str, meaning: str) -> str:
    return f"<dt>{_text(word)}</dt><dd>{_text(meaning)}</dd>"


def _text(text: str) -> str:
    return escape(text, quote=True)


def _told(picture: PagePicture) -> dict[str, Any]:
    return {
        "title": picture.title,
        "description": picture.description,
        "marks": picture.marks,
        "follow": picture.follow,
    }


def _json(told: dict[str, Any]) -> str:
    """Return JSON that ends no element, whatever is in it."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
