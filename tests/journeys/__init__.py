"""Whole reporting periods in a real browser against the running program."""
