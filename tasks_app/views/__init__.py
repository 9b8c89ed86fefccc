"""What people see: a view parses, calls one query or one action, renders."""
