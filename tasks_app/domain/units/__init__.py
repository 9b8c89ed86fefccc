"""The tree of units (省 → 市 → 县 and bureaus) and the other names a table may call them by."""
