"""The corpus of tables: each described once, written in every format that can carry it, with what it says."""
