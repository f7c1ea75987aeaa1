"""The key of a picture: only what is to be seen in it."""

from collections.abc import Collection

from .blocks import Words
from .kinds import GREYS, KINDS, MARKERS, WORDS
from .runs import Run
from .sheet import Key
from .style import INK, NO_STRAND, SOFT, Look, fill, plain, strand_looks

_GREY = Look("#999999")
_OPEN = Key("still open", fill={"facecolor": _GREY.pale})
_STUCK = Key("stuck", fill={"facecolor": "#777777", "edgecolor": "white", "hatch": "//////", "linewidth": 0})
_MET = Key("met", marker={"marker": "|", "s": 60, "color": INK, "linewidth": 2.2})
_WAITING = Key("set, not started", fill={"facecolor": "white", "edgecolor": "#777777", "linewidth": 0.8})
_DROPPED = Key("dropped", marker={"marker": "x", "s": 20, "color": SOFT, "linewidth": 1.2})


def strand_keys(words: Words, goals: Collection[str]) -> list[Key]:
    """Return the key to the strands of these goals; none where no goal has one."""
    found = {words.strands.get(goal, "") for goal in goals}
    looks = {strand: look for strand, look in strand_looks(words.strands.values()).items() if strand in found}
    keys = [Key(plain(strand), fill=fill(look)) for strand, look in looks.items()]
    return [*keys, Key("no strand", fill=fill(Look(NO_STRAND)))] if looks and "" in found else keys


def status_keys(found: Collection[Run]) -> list[Key]:
    """Return the key to how these runs stand."""
    keys = {
        _OPEN: any(run.open and run.started for run in found),
        _STUCK: any(run.stuck for run in found),
        _MET: any(run.met for run in found),
        _WAITING: any(run.waiting or not run.started for run in found),
        _DROPPED: any(run.status == "dropped" for run in found),
    }
    return [key for key, there in keys.items() if there]


def kind_keys(found: Collection[str], bars: bool = False) -> list[Key]:
    """Return the key to the marks of these kinds, and to the bars if there are any."""
    fills = {kind: {**GREYS[kind], "linewidth": 0.5} if bars else {} for kind in KINDS}
    return [Key(WORDS[kind], fill=fills[kind], marker=dict(MARKERS[kind])) for kind in KINDS if kind in found]
