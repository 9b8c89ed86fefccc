"""Reads a grid as a table of tasks: headings, rows, numbers, measures."""
