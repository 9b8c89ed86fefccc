"""Looks at one plan page by page: however long the table, a page takes the same few statements."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Prefetch, Q, QuerySet

from tasks_app.choices import AssignmentRole
from tasks_app.models import Assignment, Deadline, Indicator, Measure, Plan, Section, Task, Unit
from tasks_app.models.plan import TaskQuerySet

TASKS_PER_PAGE = 100


class UnitDuty(NamedTuple):
    """One unit that must act on a task; its role is assumed where the table does not say it."""

    unit: Unit
    is_assumed: bool


Duties = dict[int, dict[str, list[UnitDuty]]]  # {task: {role: units in the table's order}}


@dataclass(frozen=True, slots=True)
class TaskOfPage:
    """A task with all that the table says of it; roles without units are left out."""

    task: Task
    measures: list[tuple[Measure, list[Deadline]]]
    units: list[tuple[str, list[UnitDuty]]]
    deadlines: list[Deadline]
    indicators: list[Indicator]


@dataclass(frozen=True, slots=True)
class SectionOfPage:
    """A section, None for tasks that stand under none, with those of its tasks that are on this page."""

    section: Section | None
    tasks: list[TaskOfPage]


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A line of the table's contents: how many tasks, and the page that begins with the section."""

    section: Section | None
    count: int
    page: int

    @property
    def anchor(self) -> str:
        """Where it stands on its page."""
        return f"#section-{self.section.pk if self.section else 0}"


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One page of a plan; the figures are those of the whole."""

    sections: list[SectionOfPage]
    index: list[IndexEntry]
    page: Page
    figures: dict[str, int]
    assumed: int
    stopped: int


def plan_page(
    plan: Plan, number: str | int | None = 1, *, only_unit: Unit | None = None, stopped: bool = False
) -> PlanPage:
    """Return one page of the tasks in use, or of those that are 停办; what is no page is the nearest one."""
    all_tasks = _tasks(plan, only_unit)
    tasks = all_tasks.filter(is_active=not stopped)
    is_active = Q(is_active=True)
    counted = all_tasks.aggregate(
        sections=Count("section", filter=is_active, distinct=True),
        active=Count("pk", filter=is_active),
        stopped=Count("pk", filter=~is_active),
    )
    pages = Paginator(_with_all(in_order(tasks)), TASKS_PER_PAGE)
    pages.count = counted["stopped" if stopped else "active"]  # it would count them anew
    page = pages.get_page(number)
    blocks: list[SectionOfPage] = []
    duties = _duties([task.pk for task in page])
    for task in page:
        if not blocks or blocks[-1].section != task.section:
            blocks.append(SectionOfPage(task.section, []))
        blocks[-1].tasks.append(_task_of_page(task, duties[task.pk]))
    active = all_tasks.in_use().values("pk")
    index = _index(plan, tasks)
    assignments = Assignment.objects.filter(task__in=active).aggregate(
        count=Count("pk"),
        units=Count("unit", distinct=True),
        assumed=Count("pk", filter=Q(role_is_assumed=True)),
    )
    figures = {
        "工作任务": counted["sections"],
        "主要目标要求": counted["active"],
        "细化措施": Measure.objects.filter(task__in=active).count(),
        "责任单位": assignments["units"],
        "责任分工": assignments["count"],
    }
    return PlanPage(blocks, index, page, figures, assignments["assumed"], counted["stopped"])


def in_order(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Return `tasks` as the table prints them: those without a section first, then section by section."""
    return tasks.order_by(F("section__position").asc(nulls_first=True), "number", "pk")


def page_of_task(task: Task) -> int:
    """Return the page on which a task in use stands."""
    tasks = Task.objects.in_use().filter(plan=task.plan_id)
    if task.section is None:
        before = tasks.filter(section__isnull=True, number__lt=task.number)
    else:
        same = Q(section=task.section_id, number__lt=task.number)
        earlier = Q(section__isnull=True) | Q(section__position__lt=task.section.position)
        before = tasks.filter(same | earlier)
    return before.count() // TASKS_PER_PAGE + 1


def _tasks(plan: Plan, only_unit: Unit | None) -> TaskQuerySet:
    tasks = Task.objects.filter(plan=plan)
    return tasks.filter(assignments__unit=only_unit) if only_unit is not None else tasks


def _with_all(tasks: QuerySet[Task]) -> QuerySet[Task]:
    accepted = Indicator.objects.accepted().order_by("position")
    return tasks.select_related("section").prefetch_related(
        "predecessor__plan",  # in most years of few tasks, in the first of none
        Prefetch("measures", Measure.objects.order_by("number")),
        Prefetch("deadlines", Deadline.objects.order_by("position")),
        Prefetch("indicators", accepted),
    )


def _duties(tasks: Collection[int]) -> Duties:
    """Return who must act on `tasks`: three hundred rows of few units, which are read once. Two statements."""
    given = Assignment.objects.filter(task__in=tasks).order_by("position", "pk")
    rows = list(given.values_list("task_id", "role", "unit_id", "role_is_assumed"))
    units = Unit.objects.in_bulk({unit for _, _, unit, _ in rows})
    duties: Duties = defaultdict(lambda: defaultdict(list))
    for task, role, unit, is_assumed in rows:
        duties[task][role].append(UnitDuty(units[unit], is_assumed))
    return duties


def _task_of_page(task: Task, duties: dict[str, list[UnitDuty]]) -> TaskOfPage:
    deadlines: dict[int | None, list[Deadline]] = {}
    for deadline in task.deadlines.all():
        deadlines.setdefault(deadline.measure_id, []).append(deadline)
    return TaskOfPage(
        task=task,
        measures=[(measure, deadlines.get(measure.pk, [])) for measure in task.measures.all()],
        units=[(role.label, duties[role]) for role in AssignmentRole if role in duties],
        deadlines=deadlines.get(None, []),
        indicators=list(task.indicators.all()),
    )


def _index(plan: Plan, tasks: QuerySet[Task]) -> list[IndexEntry]:
    counts = dict(tasks.order_by().values_list("section").annotate(count=Count("pk", distinct=True)))
    sections: list[Section | None] = [None, *plan.sections.order_by("position")]
    index, passed = [], 0
    for section in sections:
        count = counts.get(section.pk if section else None, 0)
        if count:
            index.append(IndexEntry(section, count, passed // TASKS_PER_PAGE + 1))
            passed += count
    return index
