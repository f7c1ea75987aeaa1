"""What may leave the room: aggregates for leaders, pseudonyms for researchers, and nothing that names a child.

`suppress` protects a table of counts; `publish` makes the bundle that a leader's notebook reads, and no other; `export`
writes a log for researchers; `erase` takes a learner out; `clean` takes out of a notebook what it showed.
"""

from .anonymity import k_anonymity, l_diversity
from .bundle import Bundle, read_bundle
from .cleaning import clean
from .disclosure.ledger import Ledger
from .disclosure.suppression import Suppressed, suppress
from .erasing import erase
from .exporting import export
from .pseudonyms import new_key
from .publishing import publish

__all__ = [
    "Bundle",
    "Ledger",
    "Suppressed",
    "clean",
    "erase",
    "export",
    "k_anonymity",
    "l_diversity",
    "new_key",
    "publish",
    "read_bundle",
    "suppress",
]
