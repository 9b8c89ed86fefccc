"""Looks: the units a table may name, the plan as it is stored, and what an import would change."""

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Prefetch, Q

from tasks_app.choices import ImportState
from tasks_app.models import Assignment, Measure, Plan, PlanImport, Section, Task, Unit

from .rules.checks import YEARS, in_order, run_checks
from .rules.content import (
    AssignmentContent,
    Figures,
    MeasureContent,
    PlanContent,
    TaskContent,
    carry_over,
    figures_of,
    fingerprint,
    resolve,
)
from .rules.differences import Difference, difference
from .rules.problems import Problem, has_errors
from .rules.understanding import Understanding
from .rules.unit_names import KnownUnit, UnitIndex


@dataclass(frozen=True, slots=True)
class Examination:
    """A file held against the database. `content` is None when there is no table to speak of."""

    content: PlanContent | None
    problems: list[Problem]
    figures: Figures
    difference: Difference
    base_fingerprint: str

    @property
    def has_errors(self) -> bool:
        """Tell whether the import is forbidden."""
        return has_errors(self.problems)

    @property
    def is_presentable(self) -> bool:
        """Tell whether there is a table of a known year to be shown and stored as a preview."""
        return self.content is not None and self.content.year in YEARS and bool(self.content.tasks)


@dataclass(frozen=True, slots=True)
class Preview:
    """A stored preview for the page; `is_stale`: the stored plan is no longer what it was compared with."""

    content: PlanContent
    blocks: list[tuple[str, list[TaskContent]]]
    figures: Figures
    difference: Difference
    is_stale: bool


def unit_index(issuer: Unit) -> UnitIndex:
    """Return the units below `issuer` by all their names; those out of use are known as such."""
    units = Unit.objects.filter(parent=issuer).prefetch_related("aliases").order_by("position", "code")
    return UnitIndex(
        KnownUnit(
            pk=unit.pk,
            name=unit.name,
            short_name=unit.short_name,
            kind=unit.kind,
            aliases=tuple(alias.name for alias in unit.aliases.all()),
            is_active=unit.is_active,
        )
        for unit in units
    )


def examine(
    understanding: Understanding,
    *,
    issuer: Unit,
    document_number: str = "",
    issued_on: date | None = None,
) -> Examination:
    """Look the units up, run every check, and compare with the plan of that year."""
    parsed = understanding.plan
    if parsed is None:
        return Examination(
            None, understanding.problems, Figures(0, 0, 0, 0, 0), Difference((), ()), fingerprint(None)
        )
    index = unit_index(issuer)
    problems = in_order(understanding.problems + run_checks(parsed, index))
    file_content = resolve(parsed, index)
    file_content = replace(
        file_content,
        document_number=document_number or file_content.document_number,
        issued_on=issued_on,
    )
    plan = Plan.objects.filter(issuer=issuer, year=file_content.year).first()
    stored = stored_content(plan) if plan else None
    content = carry_over(file_content, stored, last_imported(plan) if plan else None)
    return Examination(
        content, problems, figures_of(content), difference(stored, content), fingerprint(stored)
    )


def stored_content(plan: Plan) -> PlanContent:
    """Return the plan as the database has it now, tasks that are 停办 included."""
    tasks = (
        Task.objects.filter(plan=plan)
        .order_by("number", "pk")
        .select_related("section")
        .prefetch_related(
            Prefetch("measures", Measure.objects.order_by("number")),
            Prefetch("assignments", Assignment.objects.select_related("unit").order_by("position", "pk")),
        )
    )
    return PlanContent(
        title=plan.title,
        year=plan.year,
        document_number=plan.document_number,
        issued_on=plan.issued_on,
        # A section that only holds what is 停办 is kept for those tasks, but is none of the table's any more.
        sections=tuple(
            Section.objects.filter(plan=plan)
            .annotate(all_tasks=Count("tasks"), active=Count("tasks", filter=Q(tasks__is_active=True)))
            .exclude(all_tasks__gt=0, active=0)
            .order_by("position")
            .values_list("title", flat=True)
        ),
        tasks=tuple(_task_content(task) for task in tasks),
    )


def last_imported(plan: Plan) -> PlanContent | None:
    """Return the content of the import that was applied last, None for a plan made otherwise."""
    latest = (
        PlanImport.objects.filter(plan=plan, state=ImportState.APPLIED).order_by("-applied_at", "-pk").first()
    )
    return PlanContent.from_json(latest.content) if latest else None


def preview_of(plan_import: PlanImport) -> Preview:
    """Return what a stored preview holds and what applying it would change now."""
    plan = Plan.objects.filter(issuer=plan_import.issuer_id, year=plan_import.year).first()
    stored = stored_content(plan) if plan else None
    content = PlanContent.from_json(plan_import.content)
    blocks = [
        (section, tasks)
        for section in ("", *content.sections)
        if (tasks := [task for task in content.tasks if task.section == section])
    ]
    return Preview(
        content=content,
        blocks=blocks,
        figures=figures_of(content),
        difference=difference(stored, content),
        is_stale=fingerprint(stored) != plan_import.base_fingerprint,
    )


def _task_content(task: Task) -> TaskContent:
    return TaskContent(
        number=task.number,
        title=task.title,
        section=task.section.title if task.section else "",
        units_text=task.units_text,
        measures=tuple(MeasureContent(m.number, m.text, m.is_numbered) for m in task.measures.all()),
        assignments=tuple(
            AssignmentContent(a.unit_id, a.unit.name, a.role, a.role_is_assumed)
            for a in task.assignments.all()
        ),
        pk=task.pk,
        is_active=task.is_active,
    )
