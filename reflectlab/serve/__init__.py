"""A board, or a leader's review, as a page of its own: the server, its kernels, and what a kernel shows.

The server imports none of `explore`: what its kernels need is imported by the process that they are born of.
"""
