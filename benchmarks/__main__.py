"""Run the benchmarks: each module of this package that has a `main`."""

import sys
from importlib import import_module
from itertools import takewhile
from pkgutil import iter_modules

import benchmarks

wanted = list(takewhile(lambda argument: not argument.startswith("-"), sys.argv[1:]))  # `house` has an option
for module in sorted(info.name for info in iter_modules(benchmarks.__path__)):
    if module not in ("__main__", "timing", "walks") and (not wanted or module in wanted):
        print(f"\n== {module}")
        import_module(f"benchmarks.{module}").main()
