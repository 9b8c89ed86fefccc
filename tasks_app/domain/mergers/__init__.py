"""Closing a unit, and merging it into another that takes its tasks, words and open matters over."""
