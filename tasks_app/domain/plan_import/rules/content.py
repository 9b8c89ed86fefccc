"""A plan with its units looked up: the one shape in which a file and the store are compared."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any, Self

from tasks_app.choices import AssignmentRole
from tasks_app.language.text import squash


@dataclass(frozen=True, slots=True)
class DeadlineContent:
    """A limit as written, the day that was understood (ISO, "" for none) and its DeadlineKind."""

    text: str
    due_on: str
    kind: str


@dataclass(frozen=True, slots=True)
class IndicatorContent:
    """A number proposed as indicator; `measure` is 0 for the task itself, `value` a decimal as text."""

    measure: int
    name: str
    kind: str
    comparator: str
    value: str
    unit: str
    due_on: str
    words: str


@dataclass(frozen=True, slots=True)
class MeasureContent:
    number: int
    text: str
    is_numbered: bool
    deadlines: tuple[DeadlineContent, ...] = ()


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
        plain = _plain(self)
        issued_on = self.issued_on.isoformat() if self.issued_on else None
        return plain | {"issued_on": issued_on, "tasks": [_task_as_json(task) for task in self.tasks]}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """Return the content that `as_json` stored."""
        issued_on = date.fromisoformat(stored["issued_on"]) if stored["issued_on"] else None
        tasks = tuple(_task_from_json(task) for task in stored["tasks"])
        return cls(**stored | {"tasks": tasks, "sections": tuple(stored["sections"]), "issued_on": issued_on})


def _plain(part: Any) -> dict[str, Any]:
    """Return the fields of one part by name; dataclasses.asdict copies all below it and is ten times slower."""
    names, values = _FIELDS[type(part)]
    return dict(zip(names, values(part), strict=True))


def _task_as_json(task: TaskContent) -> dict[str, Any]:
    measures = [_plain(m) | {"deadlines": [_plain(d) for d in m.deadlines]} for m in task.measures]
    return _plain(task) | {
        "measures": measures,
        "assignments": [_plain(a) for a in task.assignments],
        "deadlines": [_plain(d) for d in task.deadlines],
        "indicators": [_plain(i) for i in task.indicators],
    }


_PARTS = (DeadlineContent, IndicatorContent, MeasureContent, AssignmentContent, TaskContent, PlanContent)
_FIELDS: dict[type, tuple[tuple[str, ...], Callable[[Any], Any]]] = {
    part: (part.__match_args__, attrgetter(*part.__match_args__)) for part in _PARTS
}


def _task_from_json(stored: dict[str, Any]) -> TaskContent:
    measures = tuple(
        MeasureContent(**m | {"deadlines": tuple(DeadlineContent(**d) for d in m.get("deadlines", ()))})
        for m in stored["measures"]
    )
    # A content stored before tables gave rows, deadlines or indicators lacks them.
    fields = {name: value for name, value in stored.items() if name != "row"}
    return TaskContent(
        **fields
        | {
            "measures": measures,
            "assignments": tuple(AssignmentContent(**a) for a in stored["assignments"]),
            "deadlines": tuple(DeadlineContent(**d) for d in stored.get("deadlines", ())),
            "indicators": tuple(IndicatorContent(**i) for i in stored.get("indicators", ())),
            "rows": tuple((sheet, row) for sheet, row in stored.get("rows", ())),
        }
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """How much a plan holds."""

    sections: int
    tasks: int
    measures: int
    units: int
    assignments: int

    def labelled(self) -> list[tuple[str, int]]:
        """Return the figures with the words of the table."""
        labels = ("工作任务", "主要目标要求", "细化措施", "责任单位", "责任分工")
        return list(
            zip(labels, (self.sections, self.tasks, self.measures, self.units, self.assignments), strict=True)
        )

    def __str__(self) -> str:
        return (
            f"工作任务{self.sections}项、主要目标要求{self.tasks}项、细化措施{self.measures}条、"
            f"责任单位{self.units}个、责任分工{self.assignments}条"
        )


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


def fingerprint(content: PlanContent | None) -> str:
    """Return a hash that changes with anything stored of a plan."""
    text = json.dumps(content.as_json() if content else None, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
