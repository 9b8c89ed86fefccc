"""Filling in, signing off and submitting reports."""
