"""Measurements, as ratios within one run: what a ratio says survives a change of machine."""
