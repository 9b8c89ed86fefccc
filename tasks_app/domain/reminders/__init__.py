"""Reminders: what is due by the ladder, one message a unit and day, its delivery."""
