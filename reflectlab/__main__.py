"""`python -m reflectlab` is the command `reflectlab`."""

from reflectlab.cli import app

app(prog_name="reflectlab")
