"""`python -m reflectlab` is the command `reflectlab`."""

from .cli import app

app(prog_name="reflectlab")
