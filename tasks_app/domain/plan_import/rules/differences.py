"""What an import would change in the stored plan: task by task, word by word."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tasks_app.choices import AssignmentRole
from tasks_app.language.comparing import compared
from tasks_app.plan_reading.content import DeadlineContent, MeasureContent
from tasks_app.plan_reading.plain import as_plain, reader_of

from .content import AssignmentContent, PlanContent, TaskContent
from .matching import match_tasks

ASSIGNMENTS = "责任分工"
NUMBER, SECTION = "序号", "工作任务"
# A task of which only these differ stays what it was, in another place.
PLACES = frozenset({NUMBER, "原序号", SECTION})
# What a page can show at a time; beyond it the counts tell.
MOST_SHOWN = 300
TITLE_SHOWN = 60


class Change(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One text before and after."""

    label: str
    before: str
    after: str
    is_list: bool = False

    def pieces(self) -> Iterator[tuple[str, str]]:
        """Return ("same" | "gone" | "new", words) in reading order: lists by name, texts by character."""
        return compared(self._split(self.before), self._split(self.after))

    def _split(self, text: str) -> list[str]:
        return re.split("(、)", text) if self.is_list else list(text)


@dataclass(frozen=True, slots=True)
class TaskChange:
    """What becomes of one task; `old` or `new` is None where there is none."""

    kind: Change
    old: TaskContent | None
    new: TaskContent | None
    fields: tuple[FieldChange, ...] = ()

    @property
    def task(self) -> TaskContent:
        """The task as it will be, or as it was if it goes."""
        task = self.new or self.old
        assert task is not None  # noqa: S101 - one of the two is always there
        return task

    @property
    def is_moved(self) -> bool:
        """The words stay, the place in the table is another."""
        return self.kind is Change.CHANGED and {field.label for field in self.fields} <= PLACES


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes of one import, counted in tasks."""

    tasks: tuple[TaskChange, ...]
    plan: tuple[FieldChange, ...]

    @property
    def is_empty(self) -> bool:
        """Nothing at all would change."""
        return not self.plan and all(change.kind is Change.UNCHANGED for change in self.tasks)

    def of_kind(self, kind: str) -> list[TaskChange]:
        """Return the changes of one kind."""
        return [change for change in self.tasks if change.kind == kind]

    def counts(self) -> dict[str, int]:
        """Return {"added": …, "changed": …, "removed": …, "unchanged": …}."""
        return {kind.value: len(self.of_kind(kind)) for kind in Change}


@dataclass(frozen=True, slots=True)
class ShownTask:
    """One task that changes, as a page shows it."""

    number: int
    title: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """A difference as it is kept with the preview: the counts in full, of each kind the first few hundred.

    `given` are the tasks, in words, that each known unit did not have before.
    """

    counts: dict[str, int]
    plan: tuple[FieldChange, ...]
    tasks: dict[str, tuple[ShownTask, ...]]
    is_empty: bool
    given: dict[int, tuple[str, ...]] = field(default_factory=dict)

    KINDS = ("added", "changed", "moved", "removed")

    def as_json(self) -> dict[str, Any]:
        """Return what PlanImport.summary stores."""
        return as_plain(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Summary":
        """Return the summary that `as_json` stored."""
        return reader_of(cls)(stored)


def summary_of(changes: Difference) -> Summary:
    """Return what a page shows of `changes`; what only moved is counted apart from what is worded anew."""
    groups: dict[str, list[TaskChange]] = {kind: [] for kind in (*Summary.KINDS, Change.UNCHANGED.value)}
    for change in changes.tasks:
        groups["moved" if change.is_moved else change.kind.value].append(change)
    shown = {
        kind: tuple(ShownTask(c.task.number, c.task.title, c.fields) for c in groups[kind][:MOST_SHOWN])
        for kind in Summary.KINDS
    }
    counts = {kind: len(found) for kind, found in groups.items()}
    return Summary(counts, changes.plan, shown, changes.is_empty, _given(changes))


def _given(changes: Difference) -> dict[int, tuple[str, ...]]:
    """Return {unit: the tasks that are new to it}; nothing where no table was stored."""
    if all(change.old is None for change in changes.tasks):
        return {}
    found: dict[int, list[str]] = defaultdict(list)
    for change in changes.tasks:
        if change.new is None:
            continue
        had = {a.unit for a in change.old.assignments} if change.old and change.old.is_active else set()
        for assignment in change.new.assignments:
            if assignment.unit and assignment.unit not in had:
                found[assignment.unit].append(f"{change.new.number}. {change.new.title[:TITLE_SHOWN]}")
    return {unit: tuple(tasks) for unit, tasks in found.items()}


def difference(stored: PlanContent | None, new: PlanContent) -> Difference:
    """Compare what is stored with what an import brings; tasks that are 停办 and stay so are left out."""
    old_tasks = stored.tasks if stored else ()
    changes = tuple(
        _task_change(old, task)
        for old, task in match_tasks(old_tasks, new.tasks)
        if task is not None or (old is not None and old.is_active)
    )
    plan = tuple(_plan_fields(stored, new)) if stored else ()
    return Difference(changes, plan)


def _task_change(old: TaskContent | None, new: TaskContent | None) -> TaskChange:
    if old is None:
        return TaskChange(Change.ADDED, None, new)
    if new is None:
        return TaskChange(Change.REMOVED, old, None)
    fields = tuple(_task_fields(old, new))
    return TaskChange(Change.CHANGED if fields else Change.UNCHANGED, old, new, fields)


def _task_fields(old: TaskContent, new: TaskContent) -> Iterator[FieldChange]:
    return _changed(
        ("状态", "在办" if old.is_active else "停办", "在办"),
        (NUMBER, str(old.number), str(new.number)),
        ("原序号", old.printed, new.printed),
        ("主要目标要求", old.title, new.title),
        (SECTION, old.section, new.section),
        *_measures(old, new),
        ("责任单位（原文）", old.units_text, new.units_text),
        (ASSIGNMENTS, _assignments(old.assignments), _assignments(new.assignments)),
        ("完成时限", _deadlines(old.deadlines), _deadlines(new.deadlines)),
        ("目标值", old.target, new.target),
        ("备注", old.remarks, new.remarks),
    )


def words_changed(old: TaskContent, new: TaskContent) -> Iterator[FieldChange]:
    """Yield what a task says in other words than its like in another year's table, measures as one text."""
    return _changed(
        ("主要目标要求", old.title, new.title),
        ("细化措施", _texts("\n", old.measures), _texts("\n", new.measures)),
        ("责任单位（原文）", old.units_text, new.units_text),
        ("完成时限", _texts("；", old.deadlines), _texts("；", new.deadlines)),
        ("目标值", old.target, new.target),
    )


def _texts(joint: str, parts: Iterable[MeasureContent | DeadlineContent]) -> str:
    return joint.join(part.text for part in parts)


def _changed(*texts: tuple[str, str, str]) -> Iterator[FieldChange]:
    for label, before, after in texts:
        if before != after:
            yield FieldChange(label, before, after, is_list=label == ASSIGNMENTS)


def _measures(old: TaskContent, new: TaskContent) -> Iterator[tuple[str, str, str]]:
    before = {m.number: m for m in old.measures}
    after = {m.number: m for m in new.measures}
    for number in sorted(before.keys() | after.keys()):
        a, b = before.get(number), after.get(number)
        yield f"措施{number}", a.text if a else "", b.text if b else ""
        if a and b:
            yield f"措施{number}的序号", "有" if a.is_numbered else "无", "有" if b.is_numbered else "无"
            yield f"措施{number}的完成时限", _deadlines(a.deadlines), _deadlines(b.deadlines)


def _assignments(assignments: tuple[AssignmentContent, ...]) -> str:
    return "、".join(
        f"{a.name}（{AssignmentRole(a.role).label}{'，推定' if a.is_assumed else ''}）" for a in assignments
    )


def _deadlines(deadlines: tuple[DeadlineContent, ...]) -> str:
    return "；".join(f"{d.text}（{d.due_on}）" if d.due_on else d.text for d in deadlines)


def _plan_fields(stored: PlanContent, new: PlanContent) -> Iterator[FieldChange]:
    return _changed(
        ("标题", stored.title, new.title),
        ("文号", stored.document_number, new.document_number),
        ("印发日期", str(stored.issued_on or ""), str(new.issued_on or "")),
        ("工作任务及顺序", "\n".join(stored.sections), "\n".join(new.sections)),
    )
