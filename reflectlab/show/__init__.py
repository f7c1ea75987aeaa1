"""Pictures of what was measured: DataFrames in, matplotlib Axes out, and never a number that was not measured.

Each `plot_` function takes the frame of the measure of that name, draws into a figure of its own or into the `ax` it
is given, and returns the Axes; `alt_text`, `marks`, `to_svg` and `to_png` take what it returned.
"""

from .board import plot_board
from .collaboration import plot_collaboration
from .comparison import plot_comparison
from .completion import plot_completion
from .network import plot_network
from .network_matrix import plot_network_matrix
from .opportunities import plot_opportunities
from .parts.picture import alt_text, marks, to_png, to_svg
from .pathway import plot_pathway
from .plan import plot_plan
from .table import ShownTable, show_table
from .time_to_goal import plot_time_to_goal
from .transitions import plot_transitions

__all__ = [
    "ShownTable",
    "alt_text",
    "marks",
    "plot_board",
    "plot_collaboration",
    "plot_comparison",
    "plot_completion",
    "plot_network",
    "plot_network_matrix",
    "plot_opportunities",
    "plot_pathway",
    "plot_plan",
    "plot_time_to_goal",
    "plot_transitions",
    "show_table",
    "to_png",
    "to_svg",
]
