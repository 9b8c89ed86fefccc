"""Pairs the tasks of two tables: two versions of one year's, or one year's and the next."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tasks_app.choices import AssignmentRole
from tasks_app.language.comparing import likeness
from tasks_app.language.text import squash

from .content import PlanContent, TaskContent

# A title that shares this much is the same task worded anew; with the same number a little less will do.
SAME_TITLE, SAME_NUMBER = 0.55, 0.4
# Each with each: beyond this the leftovers are compared by number alone.
MOST_PAIRS = 250_000

YEAR = re.compile(r"(?:19|20)\d\d年?")
Pairs = list[tuple[TaskContent | None, TaskContent | None]]


def match_tasks(old: tuple[TaskContent, ...], new: tuple[TaskContent, ...]) -> Pairs:
    """Pair the tasks of two versions: same number and text, same text, then what is most alike.

    Returns every task once, new ones in their order, then the old ones that have no counterpart.
    """
    matching = _Matching(old, new)
    matching.by(lambda task: (task.is_active, task.number, task.key))
    matching.by(lambda task: (task.is_active, task.key))
    # A task that was dropped and comes back.
    matching.by(lambda task: (True, task.number, task.key))
    matching.by(lambda task: (True, task.key))
    matching.by_likeness(lambda task: task.is_active)
    return matching.pairs()


def match_years(old: tuple[TaskContent, ...], new: tuple[TaskContent, ...]) -> Pairs:
    """Pair last year's tasks with this year's; numbers say nothing from one year to the next."""
    matching = _Matching(old, new)
    matching.by(lambda task: task.key)
    matching.by_likeness(lambda task: task.is_active, numbers_count=False)
    return matching.pairs()


class _Matching:
    def __init__(self, old: tuple[TaskContent, ...], new: tuple[TaskContent, ...]) -> None:
        self.left = {id(task): task for task in old}
        self.new = new
        self.partner: dict[int, TaskContent] = {}

    def pairs(self) -> Pairs:
        pairs: Pairs = [(self.partner.get(id(task)), task) for task in self.new]
        return pairs + [(task, None) for task in self.left.values()]

    def by(self, key: Callable[[TaskContent], object]) -> None:
        """Pair what has the same key."""
        candidates = {key(task): task for task in reversed(list(self.left.values()))}
        for task in self.new:
            if id(task) in self.partner:
                continue
            found = candidates.pop(key(task), None)
            if found is not None:
                self._pair(found, task)

    def by_likeness(self, may_match: Callable[[TaskContent], bool], *, numbers_count: bool = True) -> None:
        """Pair what is most alike, best first."""
        old = [task for task in self.left.values() if may_match(task)]
        new = [task for task in self.new if id(task) not in self.partner]
        if len(old) * len(new) > MOST_PAIRS:
            self._by_number(old, new)
            return
        scored = [
            (score, a, b)
            for a in old
            for b in new
            if (score := _score(a, b, numbers_count=numbers_count)) is not None
        ]
        for _, a, b in sorted(scored, key=lambda found: -found[0]):
            if id(a) in self.left and id(b) not in self.partner:
                self._pair(a, b)

    def _by_number(self, old: Sequence[TaskContent], new: Sequence[TaskContent]) -> None:
        numbered = {task.number: task for task in old}
        for task in new:
            found = numbered.get(task.number)
            if found is not None and _score(found, task, numbers_count=True) is not None:
                self._pair(found, task)

    def _pair(self, old: TaskContent, new: TaskContent) -> None:
        self.partner[id(new)] = self.left.pop(id(old))


def _score(old: TaskContent, new: TaskContent, *, numbers_count: bool) -> float | None:
    """Return how alike two tasks are, None if they are two tasks."""
    titles = likeness(old.key, new.key)
    if titles >= SAME_TITLE:
        return titles
    if numbers_count and old.number == new.number:
        # A title worded anew over measures that stayed is the same task too.
        measures = likeness(_measures(old), _measures(new))
        return titles if titles >= SAME_NUMBER or measures >= SAME_TITLE else None
    return None


def _measures(task: TaskContent) -> str:
    return "".join(measure.text for measure in task.measures)


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
        if kept is not None and (a.is_assumed or a.role == AssignmentRole.LOCAL):
            a = replace(a, role=kept.role, is_assumed=False)
        elif lead_is_known and a.is_assumed and a.role == AssignmentRole.LEAD:
            a = replace(a, role=AssignmentRole.SUPPORT.value)
        assignments.append(a)
    section = old.section if base_sections.get(old.number) == task.file_section else task.section
    return replace(task, assignments=tuple(assignments), section=section)


@dataclass(frozen=True, slots=True)
class YearsCompared:
    """This year's table beside last year's: {number this year: last year's task}, and what is gone."""

    continued: dict[int, TaskContent]
    changed: dict[int, TaskContent]
    new: list[TaskContent]
    gone: list[TaskContent]


def compare_years(last: PlanContent, this: PlanContent) -> YearsCompared:
    """Compare two years: continued is a task that says the same, changed one of a similar title or other words."""
    compared = YearsCompared({}, {}, [], [])
    for old, task in match_years(last.active_tasks, this.active_tasks):
        if task is None:
            if old is not None:
                compared.gone.append(old)
        elif old is None:
            compared.new.append(task)
        elif old.key == task.key and _words_of(old) == _words_of(task):
            compared.continued[task.number] = old
        else:
            compared.changed[task.number] = old
    return compared


def _words_of(task: TaskContent) -> tuple[object, ...]:
    """Return what a task asks of whom, apart from spaces and from the year in its limits."""
    limits = [*task.deadlines, *(limit for measure in task.measures for limit in measure.deadlines)]
    return (
        [squash(measure.text) for measure in task.measures],
        {(a.unit or a.name, a.role == AssignmentRole.LEAD and not a.is_assumed) for a in task.assignments},
        [YEAR.sub("", squash(limit.text)) for limit in limits],
        squash(task.target),
    )
