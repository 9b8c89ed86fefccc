"""The year's table and its reporting periods."""
