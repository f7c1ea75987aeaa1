"""The environment variables by which a kernel is told what to show."""

LOG = "REFLECTLAB_LOG"
"""Where the log of the board is."""

SAID = "REFLECTLAB_LOG_IS"
"""The arguments of `load`, as JSON."""

BUNDLE = "REFLECTLAB_BUNDLE"
"""Where the bundle of a leader's review is."""
