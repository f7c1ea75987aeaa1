"""The nine measures on one class's log, warm: together under 250 ms; and on a school of 2,000 learners."""

import reflectlab as rl
from benchmarks.timing import milliseconds

NINE = (
    rl.spells,
    rl.stretches,
    rl.status,
    rl.completion,
    rl.time_to_goal,
    rl.pathways,
    rl.transitions,
    rl.episodes,
    rl.collaboration,
)


def main() -> None:
    one_class = rl.simulate(classes=1, learners=30, seed=1)
    school = rl.simulate(classes=80, learners=25, seed=1)
    print(f"{'':>16}{'a class of 30':>16}{'2,000 learners':>16}   (ms)")
    total = [0.0, 0.0]
    for measure in NINE:
        times = [milliseconds(lambda log=log, of=measure: of(log), runs) for log, runs in ((one_class, 9), (school, 1))]
        total = [sum(pair) for pair in zip(total, times, strict=True)]
        print(f"{measure.__name__:>16}{times[0]:>16.1f}{times[1]:>16.0f}")
    print(f"{'together':>16}{total[0]:>16.1f}{total[1]:>16.0f}")
