"""A picture's SVG with fewer bytes: what is seen, picked and read out stays as it was.

Places are kept to a hundredth of a point, which is less than a thirtieth of a pixel on the largest board; a box is
written as its sides; what all shapes of a group look like is said once, by the group, and the font once by the picture.
"""

import re
from collections.abc import Sequence
from functools import partial

_NUMBER = r"(-?\d+(?:\.\d\d?)?)\d*"

_FINER, _KEPT = re.compile(r"(\.\d\d)\d+"), r"\1"

_BETWEEN = re.compile(r">\s*\n\s*<")

_BOX = re.compile(
    rf'(?<=<path d=")M {_NUMBER} {_NUMBER} \nL {_NUMBER} \2\d* \nL \3\d* {_NUMBER} \nL \1\d* \4\d* \n'
    r'(?:L \1\d* \2\d* \n)?z\n(?=")'
)

_PATH = re.compile(r'(<path (?:id="\w+" )?d=")(M [^"]*)')

_UPRIGHT = re.compile(r"M(\S+) ([-\d.]+)L\1 ([-\d.]+)(?=M|$)")

_LEVEL = re.compile(r"M(\S+) ([-\d.]+)L([-\d.]+) \2(?=M|$)")

_SIDES = re.compile(r"M(\S+) ([-\d.]+)L([-\d.]+) \2L\3 ([-\d.]+)L\1 \4(?:L\1 \2)?z")

_USE = re.compile(rf'(?<=<use )(xlink:href="#\w+") x="{_NUMBER}" y="{_NUMBER}"')

_TEXT, _ALONE = re.compile(r"<text [^>]*>"), re.compile(r'<g id="text_\d+">(<text [^>]*>[^<]*</text>)</g>')

_NOT_TURNED = re.compile(r' transform="rotate\(-?0 [^"]*"')

_GROUP = '<g id="'

_LOOK = re.compile(r'<(?:path|use) [^>]*?((?: clip-path="[^"]*")? style="[^"]*")/>')

_OF_THE_WHOLE = re.compile(r"[ \"]opacity:")
"""What a group has as a whole is not what each of its shapes has."""


def slim(svg: str, fonts: Sequence[str] = ()) -> str:
    """Return an SVG of matplotlib with fewer bytes; a text in these fonts says nothing of them, as the whole has to.

    >>> slim('<a xlink:href="#m1" target="_blank"><path d="M 1.234 2 \\nL 3 2 \\nL 3 4 \\nL 1.234 4 \\nz\\n"/></a>')
    '<a xlink:href="#m1"><path d="M1.23 2H3V4H1.23z"/></a>'
    """
    tight = _BETWEEN.sub("><", svg).replace('" target="_blank">', '">')
    boxed = _PATH.sub(_drawn, _BOX.sub(r"M\1 \2H\3V\4H\1z", tight))
    said = [f"font-family: {font}; " for font in fonts]
    written = _ALONE.sub(r"\1", _TEXT.sub(partial(_text, said), _USE.sub(r'\1 x="\2" y="\3"', boxed)))
    first, *groups = written.split(_GROUP)
    return _GROUP.join([first, *map(_group, groups)])


def _drawn(found: re.Match[str]) -> str:
    """Return the data of a path, boxes and straight lines by their sides."""
    data = _FINER.sub(_KEPT, found[2]).replace(" \n", "").replace("\n", "")
    for sign in "MLCQ":
        data = data.replace(f"{sign} ", sign)
    data = _SIDES.sub(r"M\1 \2H\3V\4H\1z", data)
    return found[1] + _LEVEL.sub(r"M\1 \2H\3", _UPRIGHT.sub(r"M\1 \2V\3", data))


def _text(fonts: Sequence[str], found: re.Match[str]) -> str:
    """Return the tag of a text; its place stays as it is, or the row of pixels that it stands on could be another."""
    tag = _NOT_TURNED.sub("", found[0])
    for font in fonts:
        tag = tag.replace(font, "", 1)
    return tag


def _group(text: str) -> str:
    """Return what follows the beginning of a group; a look that all its shapes have is said once, by the group."""
    inside, end, after = text.partition("</g>")
    begin, defined, shapes = inside.rpartition("</defs>")
    found, number = _LOOK.search(shapes), shapes.count("<path ") + shapes.count("<use ")
    if not found or number < 2 or shapes.count(f"{found[1]}/>") < number or _OF_THE_WHOLE.search(found[1]):
        return text
    if "<g" in inside or "<text" in inside:
        return text
    name, quote, rest = (begin + defined + shapes.replace(f"{found[1]}/>", "/>")).partition('"')
    return f"{name}{quote}{found[1]}{rest}{end}{after}"
