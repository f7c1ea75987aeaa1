"""How long it takes to protect and to audit the table of a district: 500 classes x 40 goals, within 10 minutes.

The last line is of the same with 25 schools above the classes, all in one set of sums.
"""

from time import perf_counter

import numpy as np
import pandas as pd

from reflectlab.share import suppress

CLASSES, GOALS = 500, 40


def main() -> None:
    chance = np.random.default_rng(1)
    print(f"{'mean count':>12}{'seconds':>10}{'cells':>8}{'primary':>9}{'shown':>8}{'narrowest':>11}")
    for mean, schools in ((4, False), (8, False), (15, False), (8, True)):
        counts = pd.DataFrame(chance.poisson(chance.gamma(4.0, mean / 4, size=(CLASSES, GOALS))))
        above = {"row": {place: f"School {place // 20}" for place in counts.index}} if schools else None
        began = perf_counter()
        found = suppress(counts, above=above)
        took = perf_counter() - began
        hidden = found.audit[found.audit["hidden"]]
        primary, width = (hidden["reason"] != "secondary").sum(), (hidden["high"] - hidden["low"]).min()
        shown = 1 - len(hidden) / len(found.audit)
        print(f"{mean:>12}{took:>10.0f}{len(found.audit):>8}{primary:>9}{shown:>8.1%}{width:>11.0f}")
