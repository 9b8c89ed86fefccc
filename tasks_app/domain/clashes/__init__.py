"""Clashes: limits and rungs of a year that fall on days off, with a proposed day for each."""
