"""Reporting a problem: what was told so far, what to ask next, and what counts as an answer."""
