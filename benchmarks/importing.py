"""What `import reflectlab` costs beside `import pandas, matplotlib.figure`, in fresh processes: at most 1.3 times."""

import subprocess
import sys
from statistics import median
from time import perf_counter

RUNS = 11


def main() -> None:
    base, ours = "import pandas, matplotlib.figure", "import reflectlab"
    times: dict[str, list[float]] = {base: [], ours: []}
    for _ in range(RUNS):
        for code, taken in times.items():
            start = perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            taken.append(perf_counter() - start)
    middle = {code: median(taken) for code, taken in times.items()}
    for code, seconds in middle.items():
        print(f"{code:>34} {1000 * seconds:6.0f} ms")
    print(f"{'ratio':>34} {middle[ours] / middle[base]:6.2f}")
