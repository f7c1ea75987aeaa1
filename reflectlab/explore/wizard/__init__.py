"""The wizard: a file of any kind, asked about until it is a log."""

from .wizard import LogWizard

__all__ = ["LogWizard"]
