"""Looks at a stored preview for the pages: beside the file, its problems, the form of one row, beside last year."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tasks_app.choices import Severity
from tasks_app.documents.grid import Sheet, Workbook
from tasks_app.documents.stored_grid import unpack
from tasks_app.language.text import squash
from tasks_app.models import ImportSource, PlanImport
from tasks_app.plan_reading.mends import MendedRow, Mends, UnitChoice, UnitDecision
from tasks_app.plan_reading.plain import reader_of
from tasks_app.plan_reading.row_as_read import row_as_read
from tasks_app.plan_reading.table.fields import Field
from tasks_app.plan_reading.units.cells import MentionKind
from tasks_app.plan_reading.units.names import KnownUnit, UnitIndex

from .queries import learned_headings, years_compared
from .rules.content import Figures, PlanContent, TaskContent
from .rules.differences import FieldChange, words_changed
from .rules.side_by_side import PAGE, Locations, Part, SideBySide, TaskBlock

YEAR_KINDS = {"changed": "调整", "new": "新增", "gone": "不再列入", "continued": "延续"}


@dataclass(frozen=True, slots=True)
class YearRow:
    """A task of this year's table and the one it continues; one of them is None for what is new or gone."""

    this: TaskContent | None
    last: TaskContent | None

    @property
    def fields(self) -> list[FieldChange]:
        """What differs between the two years; nothing where there is but one."""
        return [*words_changed(self.last, self.this)] if self.this and self.last else []


def years_side_by_side(plan_import: PlanImport) -> dict[str, list[YearRow]]:
    """Return the rows of each of YEAR_KINDS in the order of the table; {} without a table of last year."""
    content = PlanContent.from_json(plan_import.content or {})
    compared = years_compared(content, plan_import.issuer)
    if compared is None:
        return {}
    tasks = {task.number: task for task in content.active_tasks}
    return {
        "changed": [YearRow(tasks[number], old) for number, old in sorted(compared.changed.items())],
        "new": [YearRow(task, None) for task in compared.new],
        "gone": [YearRow(None, task) for task in compared.gone],
        "continued": [YearRow(tasks[number], old) for number, old in sorted(compared.continued.items())],
    }


ANCHOR_OF_MENDS = "mends"
NAMES_AT_A_TIME = 25


@dataclass(frozen=True, slots=True)
class LinkedProblem:
    """A problem with the page and the anchor where it stands."""

    severity: str
    message: str
    page: int
    anchor: str


@dataclass(frozen=True, slots=True)
class OpenName:
    """A name somebody has to decide on, or has decided on: `places` are (label of a task, page, anchor)."""

    key: str
    name: str
    written: str
    count: int
    is_collective: bool
    likely: tuple[KnownUnit, ...]
    places: tuple[tuple[str, int, str], ...]
    decision: UnitDecision | None


@dataclass(frozen=True, slots=True)
class RowToMend:
    """One row of the file for its form.

    `fields` are what the table has, `parts` the row as it is read now: one, or two where it was split.
    """

    sheet: str
    row: int
    cells: tuple[tuple[str, str], ...]
    fields: tuple[Field, ...]
    parts: tuple[MendedRow, ...]
    is_mended: bool
    is_left_out: bool
    before: TaskContent | None
    page: int
    anchor: str


class Preview:
    """One stored preview, its cells and its content read once for a request."""

    def __init__(self, plan_import: PlanImport) -> None:
        self.plan_import = plan_import
        self.content: Mapping[str, Any] = plan_import.content or {"tasks": [], "sections": []}
        self.outline: Mapping[str, Any] = plan_import.outline or {"sheets": [], "columns": [], "names": []}
        self.tasks: Sequence[Mapping[str, Any]] = self.content["tasks"]
        self.mends = Mends.from_json(plan_import.mends)
        self.locations = Locations(self.tasks, [name for name, _ in self.outline["sheets"]])
        self.workbook = _workbook(plan_import)
        sections, problems = self.content["sections"], plan_import.problems
        self.beside = SideBySide(self.workbook, self.outline, sections, problems, self.mends, self.locations)

    def page(self, number: int) -> list[TaskBlock]:
        """Return the blocks of one page, which counts from 1."""
        start = (number - 1) * PAGE
        return self.beside.blocks(self._contents(start, start + PAGE), start, len(self.tasks))

    def _contents(self, start: int, end: int) -> tuple[TaskContent, ...]:
        return reader_of(tuple[TaskContent, ...])(self.tasks[start:end])

    def problems(self) -> list[LinkedProblem]:
        """Return all problems, errors first, each with where it stands."""
        found = sorted(self.plan_import.problems, key=lambda p: p["severity"] != Severity.ERROR)
        return [LinkedProblem(p["severity"], p["message"], *self._place(p)) for p in found]

    def figures(self) -> Figures:
        """Return how much the table holds."""
        return Figures(
            sections=len(self.content["sections"]),
            tasks=len(self.tasks),
            measures=sum(len(task["measures"]) for task in self.tasks),
            units=len({a["unit"] or a["name"] for task in self.tasks for a in task["assignments"]}),
            assignments=sum(len(task["assignments"]) for task in self.tasks),
        )

    def names(self, index: UnitIndex, wanted: str = "") -> list[OpenName]:
        """Return the open names that a page shows; `wanted` is one decided already that is to be shown too."""
        units = {unit.pk: unit for unit in index.units if unit.is_active}
        shown = [self._open_name(found, units) for found in self.outline["names"][:NAMES_AT_A_TIME]]
        decision = self.mends.units.get(wanted)
        if decision is not None:
            likely = tuple(index.likely(wanted))
            shown.insert(0, OpenName(wanted, wanted, wanted, 0, True, likely, (), decision))
        return shown

    def row(self, sheet_index: int, row: int) -> RowToMend | None:
        """Return one row for its form; None where the file has no such row."""
        names = [name for name, _ in self.outline["sheets"]]
        sheet = next(
            (s for s in self.workbook.sheets if s.name in names[sheet_index : sheet_index + 1]), None
        )
        if sheet is None or row not in sheet.rows or not self.beside.is_below_headings(sheet.name, row):
            return None
        mended = self.mends.rows_for(sheet.name, row)
        read_as = self._as_read(sheet, row)
        part = self.beside.part(sheet.name, row)
        return RowToMend(
            sheet=sheet.name,
            row=row,
            cells=self.beside.cells(sheet.name, row),
            fields=tuple(read_as.texts),
            parts=mended or (read_as,),
            is_mended=mended is not None,
            is_left_out=mended == () or (mended is None and part is Part.OTHER),
            before=self._task_before(sheet.name, row),
            page=self.locations.page(sheet.name, row),
            anchor=self.locations.anchor(sheet.name, row),
        )

    def _place(self, problem: Mapping[str, Any]) -> tuple[int, str]:
        sheet, row = problem["sheet"], problem["row"]
        if not row or not self.beside.is_below_headings(sheet, row):
            return 1, ANCHOR_OF_MENDS
        return self.locations.place(sheet, row)

    def _open_name(self, found: Mapping[str, Any], units: Mapping[int, KnownUnit]) -> OpenName:
        return OpenName(
            key=squash(found["name"]),
            name=found["name"],
            written=found["written"],
            count=found["count"],
            is_collective=found["kind"] != MentionKind.UNIT.name,
            likely=tuple(units[pk] for pk in found["likely"] if pk in units),
            # Previews of an older program have no places.
            places=tuple(
                (place["label"], *self.locations.place(place["sheet"], place["row"]))
                for place in found.get("places", ())
            ),
            decision=None,
        )

    def _task_before(self, sheet: str, row: int) -> TaskContent | None:
        """Return the task that this row would go on with."""
        index = self.locations.before(sheet, row)
        return None if index is None else self._contents(index, index + 1)[0]

    def _as_read(self, sheet: Sheet, row: int) -> MendedRow:
        owner = self.locations.owners.get(self.locations.key(sheet.name, row))
        return row_as_read(
            self.workbook,
            (sheet.name, row),
            known=learned_headings(self.plan_import.issuer) | dict(self.mends.columns),
            mends=self.mends,
            columns=self.outline["columns"],
            goes_on=owner is not None and (sheet.name, row) != tuple(self.tasks[owner]["rows"][0]),
        )


def _workbook(plan_import: PlanImport) -> Workbook:
    """Return the cells of the file; imports of the program's first version have kept none."""
    source = ImportSource.objects.filter(plan_import=plan_import, grid__isnull=False).first()
    return unpack(bytes(source.grid or b"")) if source else Workbook(())


def page_of(plan_import: PlanImport, sheet: str, row: int) -> tuple[int, str]:
    """Return the page and the anchor of a row after the preview was understood anew."""
    content: Mapping[str, Any] = plan_import.content or {"tasks": []}
    return Locations(content["tasks"], [name for name, _ in plan_import.outline["sheets"]]).place(sheet, row)


def decided_names(mends: Mends, units: Iterable[KnownUnit]) -> list[tuple[str, str]]:
    """Return (name, what was decided about it) of each name, in words."""
    known = {unit.pk: unit.name for unit in units}
    return [(name, _decided(decision, known)) for name, decision in mends.units.items()]


SUGGESTED = {
    UnitChoice.CREATE: "将新建的单位",
    UnitChoice.MAP: "将按已登记单位处理",
    UnitChoice.LEAVE_OUT: "不是具体单位，将不导入",
    None: "含有日期、数字或分工用语，不会新建，请逐个选定",
}


def suggestions(
    plan_import: PlanImport, decisions: Mapping[str, UnitDecision], units: Iterable[KnownUnit]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (what would be done, [(name, what to look at)]) of one click for all names, what it would create first."""
    known = {unit.pk: unit.name for unit in units}
    lists: dict[str, list[tuple[str, str]]] = {words: [] for words in SUGGESTED.values()}
    for name in plan_import.outline["names"]:
        decision = decisions.get(squash(name["name"]))
        note = "、".join(known[pk] for pk in name["likely"] if pk in known)
        if decision and decision.choice is UnitChoice.MAP:
            note = f"→ {_decided(decision, known)}"
        elif note:
            note = f"名称相近的有：{note}"
        lists[SUGGESTED[decision.choice if decision else None]].append((name["written"], note))
    return [(words, names) for words, names in lists.items() if names]


def _decided(decision: UnitDecision, known: Mapping[int, str]) -> str:
    if decision.choice is UnitChoice.CREATE:
        return "新建"
    if decision.choice is UnitChoice.LEAVE_OUT:
        return "不导入"
    return "、".join(known.get(pk, "已停用的单位") for pk in decision.units)
