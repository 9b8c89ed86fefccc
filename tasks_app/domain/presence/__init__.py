"""Who has which task of a report open just now: shown to colleagues, locks nothing."""
