"""What an import would change in the stored plan: task by task, word by word."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tasks_app.choices import AssignmentRole

from .content import AssignmentContent, PlanContent, TaskContent, match_tasks

ASSIGNMENTS = "责任分工"


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
        """Yield ("same" | "gone" | "new", words) in reading order: lists by name, texts by character."""
        before, after = self._split(self.before), self._split(self.after)
        matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
        for kind, a, b, c, d in matcher.get_opcodes():
            if kind == "equal":
                yield "same", "".join(before[a:b])
                continue
            if b > a:
                yield "gone", "".join(before[a:b])
            if d > c:
                yield "new", "".join(after[c:d])

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
    pairs = [
        ("状态", "在办" if old.is_active else "停办", "在办"),
        ("序号", str(old.number), str(new.number)),
        ("主要目标要求", old.title, new.title),
        ("工作任务", old.section, new.section),
        *_measures(old, new),
        ("责任单位（原文）", old.units_text, new.units_text),
        (ASSIGNMENTS, _assignments(old.assignments), _assignments(new.assignments)),
    ]
    for label, before, after in pairs:
        if before != after:
            yield FieldChange(label, before, after, is_list=label == ASSIGNMENTS)


def _measures(old: TaskContent, new: TaskContent) -> Iterator[tuple[str, str, str]]:
    before = {m.number: m for m in old.measures}
    after = {m.number: m for m in new.measures}
    for number in sorted(before.keys() | after.keys()):
        a, b = before.get(number), after.get(number)
        yield f"措施{number}", a.text if a else "", b.text if b else ""
        if a and b and a.is_numbered != b.is_numbered:
            yield f"措施{number}的序号", "有" if a.is_numbered else "无", "有" if b.is_numbered else "无"


def _assignments(assignments: tuple[AssignmentContent, ...]) -> str:
    return "、".join(
        f"{a.name}（{AssignmentRole(a.role).label}{'，推定' if a.is_assumed else ''}）" for a in assignments
    )


def _plan_fields(stored: PlanContent, new: PlanContent) -> Iterator[FieldChange]:
    pairs = [
        ("标题", stored.title, new.title),
        ("文号", stored.document_number, new.document_number),
        ("印发日期", str(stored.issued_on or ""), str(new.issued_on or "")),
        ("工作任务及顺序", "\n".join(stored.sections), "\n".join(new.sections)),
    ]
    for label, before, after in pairs:
        if before != after:
            yield FieldChange(label, before, after)
