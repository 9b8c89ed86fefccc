"""What Chinese text says, wherever it stands: width, likeness, numerals, quantities, dates, differences. Pure."""
