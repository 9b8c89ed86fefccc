"""Workbooks in the layout of the printed annex."""
