"""Reads the cells of responsible units and finds each name among the known units."""
