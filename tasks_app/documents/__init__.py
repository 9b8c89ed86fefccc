"""File formats; the only code that knows the spreadsheet libraries. Knows no model."""
