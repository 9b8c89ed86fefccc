"""Joins what a page break has cut in two: cells of units and of deadlines."""

from tasks_app.choices import AssignmentRole
from tasks_app.language.text import squash

from ..numbers.deadlines import read_deadline_cell

LABELS = (
    "牵头单位",
    "配合单位",
    "责任单位",
    "牵头部门",
    "配合部门",
    "责任部门",
    "牵头",
    "配合",
    "负责",
    "参与",
)


def join_units(before: str, after: str) -> str:
    """Return a cell of units that a page break cut in two as one.

    Whether it cut between two names or within one is for the reader of the cell to say, who knows the names.
    """
    first = after.lstrip()
    if squash(before) == squash(after):
        return before
    # 牵头单|位 is one word, whatever stands around it.
    is_cut = any(
        before.endswith(word[:cut]) and first.startswith(word[cut:])
        for word in LABELS
        for cut in range(1, len(word))
    )
    return f"{before}{first}" if is_cut else f"{before}\n{first}"


def are_one_deadline(before: str, after: str, year: int | None) -> bool:
    """Tell whether a page break cut one deadline: two put together would read as two."""
    return len(read_deadline_cell(before + after, year=year)) == 1


def column_role(name: str) -> AssignmentRole | None:
    """Return the role that a column gives, by the name of its field."""
    return {"LEAD": AssignmentRole.LEAD, "SUPPORT": AssignmentRole.SUPPORT}.get(name)
