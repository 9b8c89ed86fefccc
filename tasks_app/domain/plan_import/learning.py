"""What an applied import teaches: new units, other names of known ones, meanings of headings."""

from dataclasses import replace
from datetime import datetime

from tasks_app.choices import AuditAction
from tasks_app.domain import audit
from tasks_app.domain.units.actions import add_alias, create_unit
from tasks_app.domain.units.queries import next_position
from tasks_app.models import HeadingMeaning, Unit, User
from tasks_app.plan_reading.mends import Mends, UnitChoice
from tasks_app.plan_reading.units.shapes import unit_kind_of

from .rules.content import PlanContent

CODE = "N{:04d}"
SHORT_NAME_LIMIT = 30


def learn(mends: Mends, *, issuer: Unit, by: User | None, at: datetime) -> None:
    """Remember what headings mean, and each name that was said to be one known unit as an alias of it."""
    for name, field in mends.columns.items():
        known, is_new = HeadingMeaning.objects.get_or_create(
            issuer=issuer, heading=name[:60], defaults={"field": field.name}
        )
        before = None if is_new else known.field
        if before != field.name:
            known.field = field.name
            known.save(update_fields=["field"])
            changes = {name: [before, field.value]}
            audit.record(AuditAction.PLAN_EDIT, known, by=by, at=at, changes=changes, note="记住列名的含义")
    for name, decision in mends.units.items():
        if decision.choice is UnitChoice.MAP and len(decision.units) == 1:
            unit = Unit.objects.filter(pk=decision.units[0], parent=issuer).first()
            if unit is not None:
                add_alias(unit, name, by=by, at=at)


def create_units(content: PlanContent, *, issuer: Unit, by: User | None, at: datetime) -> PlanContent:
    """Make the units that the table names and nobody knew, and return `content` with their keys."""
    made = {
        name: create_unit(
            parent=issuer,
            code=_free_code(),
            name=name,
            short_name=name.removeprefix("市")[:SHORT_NAME_LIMIT] or name,
            kind=unit_kind_of(name),
            position=next_position(issuer),
            by=by,
            at=at,
        ).pk
        for name in content.new_units
    }
    if not made:
        return content
    tasks = tuple(
        replace(
            task,
            assignments=tuple(a if a.unit else replace(a, unit=made[a.name]) for a in task.assignments),
        )
        for task in content.tasks
    )
    return replace(content, tasks=tasks)


def _free_code() -> str:
    taken = set(Unit.objects.filter(code__startswith="N").values_list("code", flat=True))
    return next(code for number in range(1, 10_000) if (code := CODE.format(number)) not in taken)
