"""The office reads: return or accept."""
