"""SQLite as Django speaks it, with an order among the writers of one process (ADR 26)."""
