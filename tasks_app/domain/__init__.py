"""What the office does, one capability a folder; a capability imports only those listed above it.

Bottom-up: audit, access, calendar, plan, reporting, review, lagging, reminders, exports, plan_import.
"""
