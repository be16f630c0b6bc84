"""Agencies in the console: the register, rules of responsibility, service levels, and what passes between agencies."""
