"""Moodle: its log, and its report on activity completion."""
