"""The rules of a release: in English as they stand in its manifest, and in the language of who reads them."""

from collections.abc import Mapping
from typing import Any

from ..language import gettext, translatable
from .disclosure.attack import WIDTH
from .disclosure.suppression import DOMINANT
from .rates import FEWEST_TOLD, ROUND

_RULES: Mapping[str, str] = translatable(
    {
        "learners": "No rate is told of fewer than {fewest} learners, who are told as 10 to 20, 21 to 40, 41 to 100.",
        "bands": "Rates are bands, wider the smaller the group, after NCES, SLDS Technical Brief 3 (2011).",
        "rounding": "Goals, participations and weeks are rounded to {ten}; intervals are made of what is told.",
        "interval": "By all that is told, and was before, every count can lie between numbers {width} apart or more.",
        "one_class": "No figure of several classes of which one makes up more than {most} %.",
    }
)

_NUMBERS = {"fewest": FEWEST_TOLD, "ten": ROUND, "width": WIDTH, "most": round(100 * DOMINANT)}

RULES = {name: rule.format(**_NUMBERS) for name, rule in _RULES.items()}
"""The rules as a manifest has them, whatever language is spoken: a bundle is the same in each."""


def rules_in_words(manifest: Mapping[str, Any]) -> list[str]:
    """Return the rules of a release to be read; one that is not of today stands as it was written.

    >>> rules_in_words({"rules": {"bands": RULES["bands"], "other": "Ask the office."}})[1]
    'Ask the office.'
    """
    return [
        gettext(_RULES[name], **_NUMBERS) if RULES.get(name) == text else text
        for name, text in manifest["rules"].items()
    ]
