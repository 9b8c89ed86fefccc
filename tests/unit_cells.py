"""What the tests of cells of units share: the real units, and a cell written in short."""

import csv

from tasks_app.choices import AssignmentRole
from tasks_app.plan_reading.units.cells import MentionKind, UnitCell, read_unit_cell
from tasks_app.plan_reading.units.names import KnownUnit, UnitIndex
from tests.cast import FIXTURES

LEAD, SUPPORT = AssignmentRole.LEAD, AssignmentRole.SUPPORT
MARKS = {LEAD: "=牵头", SUPPORT: "=配合", None: ""}


def known_units() -> UnitIndex:
    with (FIXTURES / "units.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return UnitIndex(
        KnownUnit(pk, r["name"], r["short_name"], r["kind"], tuple(filter(None, r["aliases"].split("|"))))
        for pk, r in enumerate(rows, start=1)
    )


KNOWN, NONE = known_units(), UnitIndex([])


def plain(cell: UnitCell) -> str:
    """A cell in short: names with their roles, ~ before a collective and # before all counties."""
    kinds = {MentionKind.UNIT: "", MentionKind.COLLECTIVE: "~", MentionKind.ALL_COUNTIES: "#"}
    return " ".join(f"{kinds[m.kind]}{m.name}{MARKS[m.role]}" for m in cell.mentions)


def both(text: str, **options) -> UnitCell:
    """The cell, which must read the same with all units known and with none."""
    cell = read_unit_cell(text, NONE, **options)
    assert read_unit_cell(text, KNOWN, **options) == cell
    return cell
