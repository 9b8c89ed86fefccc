"""Backups: one file with all that is stored, an empty place filled from it, and sending held back after that."""
