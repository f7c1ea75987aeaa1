"""Inputs that were misread, each an example of a kind: what they come to, and others of the same kinds."""
