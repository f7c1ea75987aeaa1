"""The teacher's journal: what did I notice, what will I try; kept in one file of the teacher's own."""

from ..writing import data_folder
from .journal import Journal

__all__ = ["Journal", "data_folder"]
