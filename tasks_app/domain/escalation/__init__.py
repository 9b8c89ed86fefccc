"""Escalation: suggestions with their grounds, 三色督查单 and 提醒约谈; the program suggests, a person issues."""
