"""`python -m pracha`."""

from pracha.cli import app

app()
