"""Dates as people write them: taken apart, decided from the whole file, put on terms."""
