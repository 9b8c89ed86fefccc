"""A plan with its units looked up: the one shape in which a file and the store are compared."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from tasks_app.choices import AssignmentRole
from tasks_app.language.text import squash
from tasks_app.plan_reading.content import DeadlineContent, IndicatorContent, MeasureContent
from tasks_app.plan_reading.plain import as_plain, reader_of


@dataclass(frozen=True, slots=True)
class AssignmentContent:
    """`unit` is 0 for a unit that is made when the import is applied."""

    unit: int
    name: str
    role: str
    is_assumed: bool


@dataclass(frozen=True, slots=True)
class TaskContent:
    """One task. `file_section` is the section that the file gave it, should an admin have moved it since;
    `pk` is 0 until it is stored; `rows` are where it stands in the file: [(sheet, row)], none in the store."""

    number: int
    title: str
    section: str
    units_text: str
    measures: tuple[MeasureContent, ...]
    assignments: tuple[AssignmentContent, ...]
    printed: str = ""
    deadlines: tuple[DeadlineContent, ...] = ()
    target: str = ""
    remarks: str = ""
    indicators: tuple[IndicatorContent, ...] = ()
    file_section: str = ""
    rows: tuple[tuple[str, int], ...] = ()
    pk: int = 0
    is_active: bool = True

    def units_by_role(self) -> list[tuple[str, list[AssignmentContent]]]:
        """Return [(label of a role, its units)], roles without units left out."""
        groups = [(role.label, [a for a in self.assignments if a.role == role]) for role in AssignmentRole]
        return [(label, units) for label, units in groups if units]

    @property
    def key(self) -> str:
        """The title for matching: spaces, width and the full stop do not make another task."""
        return squash(self.title).rstrip("。.")


@dataclass(frozen=True, slots=True)
class PlanContent:
    """The whole plan; sections in their order."""

    title: str
    year: int
    document_number: str
    issued_on: date | None
    sections: tuple[str, ...]
    tasks: tuple[TaskContent, ...]

    @property
    def active_tasks(self) -> tuple[TaskContent, ...]:
        """The tasks that are not 停办."""
        return tuple(task for task in self.tasks if task.is_active)

    @property
    def new_units(self) -> list[str]:
        """The names of the units that are made when the import is applied, in their order."""
        return list(dict.fromkeys(a.name for task in self.tasks for a in task.assignments if not a.unit))

    def as_json(self) -> dict[str, Any]:
        """Return what PlanImport.content stores."""
        return as_plain(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """Return the content that `as_json` stored."""
        return reader_of(cls)(stored)


@dataclass(frozen=True, slots=True)
class Figures:
    """How much a plan holds."""

    sections: int
    tasks: int
    measures: int
    units: int
    assignments: int

    LABELS = {
        "sections": ("工作任务", "项"),
        "tasks": ("主要目标要求", "项"),
        "measures": ("细化措施", "条"),
        "units": ("责任单位", "个"),
        "assignments": ("责任分工", "条"),
    }

    def labelled(self) -> list[tuple[str, int]]:
        """Return the figures with the words of the table."""
        return [(label, getattr(self, name)) for name, (label, _) in self.LABELS.items()]

    def __str__(self) -> str:
        return "、".join(f"{label}{getattr(self, name)}{of}" for name, (label, of) in self.LABELS.items())


NO_FIGURES = Figures(0, 0, 0, 0, 0)


def figures_of(content: PlanContent) -> Figures:
    """Return how much `content` holds; tasks that are 停办 do not count."""
    tasks = content.active_tasks
    return Figures(
        sections=len(content.sections),
        tasks=len(tasks),
        measures=sum(len(task.measures) for task in tasks),
        units=len({a.unit or a.name for task in tasks for a in task.assignments}),
        assignments=sum(len(task.assignments) for task in tasks),
    )
