"""The measures of working together, warm: on a class of 30 over a term each under 60 ms, opportunities under 100 ms; on
a school of 2,000 learners each under 10 s. And their pictures of the class.
"""

import reflectlab as rl
from benchmarks.timing import milliseconds
from reflectlab.show import to_svg

MEASURES = (
    rl.collaboration,
    rl.network,
    rl.network_summary,
    rl.follow_through,
    rl.diversity,
    rl.availability,
    rl.availability_summary,
    rl.agency,
    rl.role_differences,
    rl.opportunities,
)


def main() -> None:
    one_class = rl.simulate(classes=1, learners=30, seed=1)
    school = rl.simulate(classes=80, learners=25, seed=1)
    print(f"{'':>22}{'a class of 30':>16}{'2,000 learners':>16}   (ms)")
    for measure in MEASURES:
        times = [
            milliseconds(lambda log=log, of=measure: of(log), runs) for log, runs in ((one_class, 15), (school, 1))
        ]
        print(f"{measure.__name__:>22}{times[0]:>16.1f}{times[1]:>16.0f}")
    network, invitations = rl.network(one_class), rl.opportunities(one_class)
    drawn = {
        "plot_network": lambda: to_svg(rl.plot_network(network)),
        "plot_network_matrix": lambda: to_svg(rl.plot_network_matrix(network)),
        "plot_opportunities": lambda: to_svg(rl.plot_opportunities(invitations)),
    }
    for name, draw in drawn.items():
        print(f"{name:>22}{milliseconds(draw, 3):>16.0f}")
