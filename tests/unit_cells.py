"""What the tests of cells of units share: the real units, and a cell written in short."""

import csv
import json
from typing import Any

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


NANPING_COUNTIES = "延平区 建阳区 邵武市 武夷山市 建瓯市 顺昌县 浦城县 光泽县 松溪县 政和县".split()  # noqa: SIM905
# The same cells as another city writes them.
OF_NANPING = {
    "三明": "南平",
    "三元区": "延平区",
    "沙县区": "建阳区",
    "永安": "邵武",
    "沙县": "政和",
    "十一个": "十个",
    "11个": "10个",
    "11县": "10县",
}


def translated(case: Any) -> Any:
    """A case with the names and the number of Sanming's counties turned into Nanping's."""
    text = json.dumps(case, ensure_ascii=False)
    for ours, theirs in OF_NANPING.items():
        text = text.replace(ours, theirs)
    return json.loads(text)
