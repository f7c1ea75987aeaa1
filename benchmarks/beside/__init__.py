"""The measures beside the same ones written by hand in Polars and in pandas: `python -m benchmarks beside`.

Each engine has a process of its own, and they take turns. `warm` is a call in a process that holds the tables, `fresh`
a process that starts, reads what it needs and makes one measure. What is found is kept in build/, and written into
docs/scale.md with all that was found before of other sizes.
"""


def main() -> None:
    from .command import run  # not before: a process that is timed imports what it needs, and no more

    run()
