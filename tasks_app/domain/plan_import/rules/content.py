"""A plan with its units looked up: the one shape in which a file and the store are compared."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Self

from tasks_app.choices import AssignmentRole, UnitKind

from .parsed import Field, ParsedPlan, ParsedTask, squash
from .unit_names import UnitIndex, split_lines


@dataclass(frozen=True, slots=True)
class MeasureContent:
    number: int
    text: str
    is_numbered: bool


@dataclass(frozen=True, slots=True)
class AssignmentContent:
    unit: int
    name: str
    role: str
    is_assumed: bool


@dataclass(frozen=True, slots=True)
class TaskContent:
    """One task. `file_section` is the section that the file gave it, should an admin have moved it since;
    `pk` is 0 until it is stored; `row` is where it stands in the file, 0 for what comes from the store."""

    number: int
    title: str
    section: str
    units_text: str
    measures: tuple[MeasureContent, ...]
    assignments: tuple[AssignmentContent, ...]
    file_section: str = ""
    row: int = 0
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

    def as_json(self) -> dict[str, Any]:
        """Return what PlanImport.content stores."""
        return asdict(self) | {"issued_on": self.issued_on.isoformat() if self.issued_on else None}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """Return the content that `as_json` stored."""
        tasks = tuple(
            TaskContent(
                **task
                | {
                    "measures": tuple(MeasureContent(**m) for m in task["measures"]),
                    "assignments": tuple(AssignmentContent(**a) for a in task["assignments"]),
                }
            )
            for task in stored["tasks"]
        )
        issued_on = date.fromisoformat(stored["issued_on"]) if stored["issued_on"] else None
        return cls(**stored | {"tasks": tasks, "sections": tuple(stored["sections"]), "issued_on": issued_on})


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


def figures_of(content: PlanContent) -> Figures:
    """Return how much `content` holds; tasks that are 停办 do not count."""
    tasks = content.active_tasks
    return Figures(
        sections=len(content.sections),
        tasks=len(tasks),
        measures=sum(len(task.measures) for task in tasks),
        units=len({a.unit for task in tasks for a in task.assignments}),
        assignments=sum(len(task.assignments) for task in tasks),
    )


def fingerprint(content: PlanContent | None) -> str:
    """Return a hash that changes with anything stored of a plan."""
    text = json.dumps(content.as_json() if content else None, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def resolve(plan: ParsedPlan, index: UnitIndex) -> PlanContent:
    """Look the units up; what is not known is left out, as the checks have said."""
    return PlanContent(
        title=plan.title,
        year=plan.year or 0,
        document_number=plan.document_number,
        issued_on=None,
        sections=tuple(section.title for section in plan.sections),
        tasks=tuple(_task(task, index) for task in plan.tasks),
    )


def _task(task: ParsedTask, index: UnitIndex) -> TaskContent:
    return TaskContent(
        number=task.number or 0,
        title=task.title,
        section=task.section,
        units_text=task.units_text,
        measures=tuple(MeasureContent(m.number, m.text, m.is_numbered) for m in task.measures),
        assignments=_assignments(task, index),
        file_section=task.section,
        row=task.place(Field.TITLE).row,
    )


def _assignments(task: ParsedTask, index: UnitIndex) -> tuple[AssignmentContent, ...]:
    """By custom the first bureau named leads; the table does not say so, hence assumed."""
    found: dict[int, AssignmentContent] = {}
    has_lead = False
    for mention in task.mentions:
        for name in split_lines(mention.text, index):
            for unit in index.find(name):
                if unit.pk in found or not unit.is_active:
                    continue
                role, is_assumed = AssignmentRole.LOCAL, False
                if unit.kind != UnitKind.COUNTY:
                    role = AssignmentRole.SUPPORT if has_lead else AssignmentRole.LEAD
                    has_lead = is_assumed = True
                found[unit.pk] = AssignmentContent(unit.pk, unit.name, role.value, is_assumed)
    return tuple(found.values())


def carry_over(new: PlanContent, stored: PlanContent | None, base: PlanContent | None) -> PlanContent:
    """Return `new` with what people have decided since: confirmed roles, moved tasks, the document's number.

    `base` is what was imported last. A task that the new file leaves where the last one had it, stays where
    an admin has moved it; one that the new file itself moves, moves.
    """
    if stored is None:
        return new
    pairs = match_tasks(stored.tasks, new.tasks)
    base_sections = {task.number: task.file_section for task in base.tasks} if base else {}
    old_of = {id(task): old for old, task in pairs if old is not None and task is not None}
    tasks = tuple(_kept(task, old_of.get(id(task)), base_sections) for task in new.tasks)
    sections = list(new.sections)
    sections += [s for s in stored.sections if s not in sections and any(t.section == s for t in tasks)]
    return replace(
        new,
        tasks=tasks,
        sections=tuple(sections),
        document_number=new.document_number or stored.document_number,
        issued_on=new.issued_on or stored.issued_on,
    )


def _kept(task: TaskContent, old: TaskContent | None, base_sections: dict[int, str]) -> TaskContent:
    if old is None:
        return task
    confirmed = {a.unit: a for a in old.assignments if not a.is_assumed}
    lead_is_known = any(a.role == AssignmentRole.LEAD for a in confirmed.values())
    assignments = []
    for a in task.assignments:
        kept = confirmed.get(a.unit)
        if kept is not None:
            a = replace(a, role=kept.role, is_assumed=False)
        elif lead_is_known and a.role == AssignmentRole.LEAD:
            a = replace(a, role=AssignmentRole.SUPPORT.value)
        assignments.append(a)
    section = old.section if base_sections.get(old.number) == task.file_section else task.section
    return replace(task, assignments=tuple(assignments), section=section)


def match_tasks(
    old: tuple[TaskContent, ...], new: tuple[TaskContent, ...]
) -> list[tuple[TaskContent | None, TaskContent | None]]:
    """Pair the tasks of two versions: same number and text, then same text, then same number.

    Returns every task once, new ones in their order, then the old ones that have no counterpart.
    """
    left = {id(task): task for task in old}
    partner: dict[int, TaskContent] = {}
    passes = (
        lambda task: (task.is_active, task.number, task.key),
        lambda task: (task.is_active, task.key),
        lambda task: (task.is_active, task.number),
        # A task that was dropped and comes back.
        lambda task: (True, task.number, task.key),
        lambda task: (True, task.key),
    )
    for key in passes:
        candidates = {key(task): task for task in reversed(list(left.values()))}
        for task in new:
            if id(task) in partner:
                continue
            found = candidates.pop(key(task), None)
            if found is not None:
                partner[id(task)] = left.pop(id(found))
    return [(partner.get(id(task)), task) for task in new] + [(task, None) for task in left.values()]
