"""The full names of Word's elements; python-docx works each out anew, which for a long table takes most of the time."""

from functools import cache

from docx.oxml.ns import qn as full_name


@cache
def qn(name: str) -> str:
    """Return "{…/wordprocessingml/2006/main}tbl" for "w:tbl"."""
    return full_name(name)
