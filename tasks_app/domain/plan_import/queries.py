"""Looks: the units a table may name, the plan as it is stored, and what an import would change."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q

from tasks_app.choices import DeadlineKind
from tasks_app.language.text import squash
from tasks_app.models import (
    Assignment,
    Deadline,
    HeadingMeaning,
    Measure,
    Plan,
    PlanImport,
    Section,
    Task,
    Unit,
)
from tasks_app.plan_reading.checks import YEARS, check_city, in_order, run_checks, without_knock_on
from tasks_app.plan_reading.content import DeadlineContent, MeasureContent
from tasks_app.plan_reading.mends import UnitChoice, UnitDecision
from tasks_app.plan_reading.plain import as_plain
from tasks_app.plan_reading.problems import Problem
from tasks_app.plan_reading.table.fields import Field
from tasks_app.plan_reading.table.understanding import Understanding
from tasks_app.plan_reading.units.aside import is_only_a_name
from tasks_app.plan_reading.units.cells import MentionKind
from tasks_app.plan_reading.units.names import KnownUnit, UnitIndex

from .rules.content import NO_FIGURES, AssignmentContent, PlanContent, TaskContent, figures_of
from .rules.differences import Change, Difference, difference
from .rules.matching import YearsCompared, carry_over, compare_years
from .rules.resolving import UnknownName, name_problems, resolve


@dataclass(frozen=True, slots=True)
class Examination:
    """A file held against the database. `content` is None when there is no table to speak of."""

    understanding: Understanding
    content: PlanContent | None
    problems: list[Problem]
    difference: Difference = field(default_factory=lambda: Difference((), ()))
    base: str = ""
    open_names: list[UnknownName] = field(default_factory=list)

    @property
    def has_known_year(self) -> bool:
        """Tell whether it is clear which year's plan this is."""
        return self.content is not None and self.content.year in YEARS


def unit_index(issuer: Unit) -> UnitIndex:
    """Return the units below `issuer` by all their names; those out of use are known as such.

    A unit that was merged into another is that one now: its names lead there.
    """
    here = Q(parent=issuer) | Q(pk=issuer.parent_id)
    tree = list(Unit.objects.filter(here).prefetch_related("aliases").order_by("position", "code"))
    units = [unit for unit in tree if unit.pk != issuer.parent_id]
    province = next((unit.name for unit in tree if unit.pk == issuer.parent_id), "")
    names = {unit.pk: [alias.name for alias in unit.aliases.all()] for unit in units}
    for unit in units:
        if unit.successor_id in names:
            names[unit.successor_id] += [unit.name, *names[unit.pk]]
    known = (
        KnownUnit(u.pk, u.name, u.short_name, u.kind, tuple(names[u.pk]), u.is_active)
        for u in units
        if u.successor_id is None
    )
    return UnitIndex(known, city=issuer.name, province=province)


def learned_headings(issuer: Unit) -> dict[str, Field]:
    """Return what admins of `issuer` have said of headings before."""
    known = HeadingMeaning.objects.filter(issuer=issuer).values_list("heading", "field")
    return {heading: Field[name] for heading, name in known if name in Field.__members__}


def examine(
    understanding: Understanding,
    *,
    issuer: Unit,
    decisions: Mapping[str, UnitDecision] | None = None,
    document_number: str = "",
    issued_on: date | None = None,
) -> Examination:
    """Look the units up, run every check, and compare with the plan of that year.

    `decisions` say what names stand for that are no known units, by name without spaces.
    """
    parsed = understanding.plan
    if parsed is None:
        return Examination(understanding, None, understanding.problems)
    index = unit_index(issuer)
    resolved = resolve(parsed, index, decisions)
    problems = [*understanding.problems, *check_city(parsed, issuer.name), *run_checks(parsed)]
    problems += without_knock_on([*resolved.problems, *name_problems(resolved.open_names)], problems)
    file_content = replace(
        resolved.content,
        document_number=document_number or resolved.content.document_number,
        issued_on=issued_on,
    )
    plan = Plan.objects.of_year(issuer.pk, file_content.year).first()
    stored = stored_content(plan) if plan else None
    content = carry_over(file_content, stored, last_imported(plan) if plan else None)
    return Examination(
        understanding=understanding,
        content=content,
        problems=in_order(problems),
        difference=difference(stored, content),
        base=revision_of(plan),
        open_names=resolved.open_names,
    )


def revision_of(plan: Plan | None) -> str:
    """Return what names a stored plan as it is now, "" for none."""
    return f"{plan.pk}:{plan.revision}" if plan else ""


def is_stale(plan_import: PlanImport) -> bool:
    """Tell whether the stored plan is no longer the one that the preview was compared with."""
    return revision_of(plan_of(plan_import)) != plan_import.base


def plan_of(plan_import: PlanImport) -> Plan | None:
    """Return the stored plan that an import is about, None if there is none yet."""
    return Plan.objects.of_year(plan_import.issuer_id, plan_import.year).first()


def stored_content(plan: Plan) -> PlanContent:
    """Return the plan as the database has it now, tasks that are 停办 included."""
    tasks = (
        Task.objects.filter(plan=plan)
        .order_by("number", "pk")
        .select_related("section")
        .prefetch_related(
            Prefetch("measures", Measure.objects.order_by("number")),
            Prefetch("assignments", Assignment.objects.select_related("unit").order_by("position", "pk")),
            Prefetch("deadlines", Deadline.objects.order_by("position")),
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
    content = PlanImport.objects.applied_to(plan).values_list("content", flat=True).first()
    return PlanContent.from_json(content) if content else None


def latest_import(plan: Plan) -> PlanImport | None:
    """Return the import that made the plan what it is, without its contents; None if none did."""
    return PlanImport.objects.applied_to(plan).only("pk", "file_name", "applied_at").first()


def years_compared(content: PlanContent, issuer: Unit) -> YearsCompared | None:
    """Compare a table with the issuer's of the year before; None if there is none."""
    last = Plan.objects.year_before(issuer.pk, content.year).first()
    return compare_years(stored_content(last), content) if last else None


def _task_content(task: Task) -> TaskContent:
    deadlines: dict[int | None, list[DeadlineContent]] = {}
    for d in task.deadlines.all():
        limit = DeadlineContent(d.text, d.due_on, DeadlineKind(d.kind))
        deadlines.setdefault(d.measure_id, []).append(limit)
    return TaskContent(
        number=task.number,
        printed=task.printed_number,
        title=task.title,
        section=task.section.title if task.section else "",
        units_text=task.units_text,
        measures=tuple(
            MeasureContent(m.number, m.text, m.is_numbered, tuple(deadlines.get(m.pk, ())))
            for m in task.measures.all()
        ),
        assignments=tuple(
            AssignmentContent(a.unit_id, a.unit.name, a.role, a.role_is_assumed)
            for a in task.assignments.all()
        ),
        deadlines=tuple(deadlines.get(None, ())),
        target=task.target,
        remarks=task.remarks,
        pk=task.pk,
        is_active=task.is_active,
    )


def decide_all(plan_import: PlanImport) -> dict[str, UnitDecision]:
    """Return a decision for each name that nobody knows: the known unit it certainly is, else a new one.

    A name for many units is left out: nobody can say here which are meant. A name with a date, a verb of duty
    or a number in it is left to be decided by itself: it is no unit, or one that was misread.
    """
    index = unit_index(plan_import.issuer)
    units = {unit.pk: unit for unit in index.units if unit.is_active}
    decisions = {}
    for name in plan_import.outline["names"]:
        certain = [
            pk for pk in name["likely"] if pk in units and index.certainly_means(name["name"], units[pk])
        ]
        if name["kind"] != MentionKind.UNIT.name:
            decision = UnitDecision(UnitChoice.LEAVE_OUT)
        elif certain:
            decision = UnitDecision(UnitChoice.MAP, (certain[0],))
        elif is_only_a_name(name["name"]):
            decision = UnitDecision(UnitChoice.CREATE)
        else:
            continue
        decisions[squash(name["name"])] = decision
    return decisions


def import_as_json(plan_import: PlanImport | None, problems: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what `import_plan --json` prints: figures, changes, problems, and all that was read."""
    content = PlanContent.from_json(plan_import.content) if plan_import and plan_import.content else None
    figures = figures_of(content) if content else NO_FIGURES
    counts = dict(plan_import.summary["counts"]) if plan_import and plan_import.summary else {}
    counts["changed"] = counts.get("changed", 0) + counts.pop("moved", 0)
    return {
        **asdict(figures),
        "changes": {kind.value: counts.get(kind.value, 0) for kind in Change},
        "problems": problems,
        "tables": [_table_as_json(plan_import, content)] if plan_import and content else [],
    }


def _table_as_json(plan_import: PlanImport, content: PlanContent) -> dict[str, Any]:
    outline = plan_import.outline
    return {
        "title": content.title,
        "year": content.year or None,
        "document_number": content.document_number,
        "sheets": [name for name, is_read in outline["sheets"] if is_read],
        "columns": [
            {
                "column": c["letter"],
                "heading": c["heading"],
                "field": c["field"].lower(),
                "known": c["is_known"],
            }
            for c in outline["columns"]
        ],
        "sections": list(content.sections),
        "tasks": [_task_as_json(task) for task in content.tasks],
        "unknown_units": [
            {"name": n["name"], "written": n["written"], "kind": n["kind"].lower(), "count": n["count"]}
            for n in outline["names"]
        ],
    }


TOLD = (
    "number",
    "section",
    "title",
    "measures",
    "deadlines",
    "target",
    "remarks",
    "units_text",
    "indicators",
)


def _task_as_json(task: TaskContent) -> dict[str, Any]:
    kept = as_plain(task)
    return {name: kept[name] for name in TOLD} | {
        "printed_number": task.printed,
        "units": [
            {"name": a.name, "role": a.role, "assumed": a.is_assumed, "known": bool(a.unit)}
            for a in task.assignments
        ],
        "rows": [{"sheet": sheet, "row": row} for sheet, row in task.rows],
    }
