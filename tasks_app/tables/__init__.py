"""Paged, sortable lists (django-tables2)."""
