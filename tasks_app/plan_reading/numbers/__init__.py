"""Reads dates and numbers with a target out of official prose."""
