"""What stands in a notebook where no Python runs: each widget's pictures and words as they were, without a script.

Jupyter keeps what a cell has shown. A widget is nothing without its kernel, so its pictures are kept beside it, each
with its sentence, and hidden as long as the widget itself is there: see `shared/board.css`.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

_WIDGET = "application/vnd.jupyter.widget-view+json"

_STYLE = """
.reflectlab-still figure { margin: 0 0 1rem } .reflectlab-still img { max-width: 100%; background: #fff }
.reflectlab-still figcaption { max-width: 60rem; font: 0.875rem/1.45 system-ui, sans-serif }
.reflectlab-still table td, .reflectlab-still table th {
  min-width: 3.5rem; padding-right: 1rem; text-align: left; vertical-align: top;
}
.reflectlab-still table td:first-child { min-width: 5.5rem }
.jp-OutputArea-child:has(.reflectlab-still) + .jp-OutputArea-child:has(> .jupyter-widgets:not(:has(*))) {
  display: none;
}
@media print { .reflectlab-still figure { break-inside: avoid } }
"""


class Still:
    """A widget that leaves its pictures and words in the notebook."""

    leaves_still = True
    """Whether it does; a page of its own has no notebook to leave them in."""

    def still(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield what it has to leave: what kind of thing, and what the page is told of it."""
        for child in getattr(self, "children", ()):
            yield from child.still() if isinstance(child, Still) else Still.still(child)

    def _ipython_display_(self, **_: Any) -> None:
        from IPython import display as ipython

        shown: Any = self
        display: Any = ipython.display
        left = list(self.still()) if self.leaves_still else []
        pictured = any(kind == "picture" and told.get("svg") for kind, told in left)
        if pictured:
            display(bundle(left), raw=True)
        live = {"version_major": 2, "version_minor": 0, "model_id": shown.model_id}
        display({_WIDGET: live, "text/plain": "" if pictured else repr(self)}, raw=True)


Left = list[tuple[str, Mapping[str, Any]]]


def bundle(left: Left) -> dict[str, str]:
    """Return what a notebook keeps of a widget: all as HTML and in words, and its first picture as SVG."""
    drawn = [told for kind, told in left if kind == "picture" and told.get("svg")]
    words = "\n".join(str(told["description"]) for told in drawn)
    return {"text/html": to_html(left), "image/svg+xml": _named(drawn[0]["svg"]), "text/plain": words}


def to_html(left: Left) -> str:
    """Return pictures, tables and words as HTML that asks nobody for anything.

    >>> '<p>Kept &amp; told.</p></div>' in to_html([("words", {"text": "Kept & told."})])
    True
    """
    makers = {"picture": _figure, "table": _table, "words": _paragraphs}
    parts = "".join(makers[kind](told) for kind, told in left)
    return f'<div class="reflectlab-still"><style>{_STYLE}</style>{parts}</div>'


def _figure(told: Mapping[str, Any]) -> str:
    if not told.get("svg"):
        return ""
    data, said = b64encode(_named(told["svg"]).encode("utf-8")).decode(), escape(str(told["description"]), quote=True)
    image = f'<img alt="{said}" src="data:image/svg+xml;base64,{data}">'
    return f"<figure>{image}<figcaption>{said}</figcaption></figure>"


def _named(svg: str) -> str:
    """Return an SVG that says it is one: what stands in a page need not."""
    return svg if "xmlns=" in svg[:2000] else svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def _table(told: Mapping[str, Any]) -> str:
    if not told.get("rows"):
        return ""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in told["columns"])
    rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row["cells"]) for row in told["rows"])
    body = "".join(f"<tr>{cells}</tr>" for cells in rows)
    return f"<table><caption>{escape(told['caption'])}</caption><thead><tr>{head}</tr></thead>{body}</table>"


def _paragraphs(told: Mapping[str, Any]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in str(told["text"]).split("\n") if line)
