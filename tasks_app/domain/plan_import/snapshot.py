"""The rows of a plan as they stand, kept with an import and put back exactly when it is undone."""

import json
from collections.abc import Collection, Iterable
from typing import Any

from django.core import serializers
from django.db.models import F, Model, Q, QuerySet

from tasks_app.models import (
    Assignment,
    Deadline,
    Indicator,
    Measure,
    MeasureProgress,
    Plan,
    ProgressEntry,
    Section,
    Task,
)

from .writing import ASIDE, BATCH

Rows = dict[str, list[Any]]
# What an import writes of the plan's own row.
PLAN_FIELDS = ("title", "document_number", "issued_on")
KEPT: dict[str, type[Model]] = {
    "sections": Section,
    "tasks": Task,
    "measures": Measure,
    "deadlines": Deadline,
    "assignments": Assignment,
    "indicators": Indicator,
    "ticks": MeasureProgress,
}


def rows_of(plan: Plan) -> dict[str, QuerySet[Any]]:
    """Return the rows that make a plan, and what units have ticked of its measures, by the names of KEPT."""
    of_task = Q(task__plan=plan)
    where = {"sections": Q(plan=plan), "tasks": Q(plan=plan), "ticks": Q(measure__task__plan=plan)}
    return {
        name: model._default_manager.filter(where.get(name, of_task)).order_by("pk")
        for name, model in KEPT.items()
    }


def snapshot(plan: Plan) -> dict[str, Any]:
    """Return the plan whole, for PlanImport.before."""
    kept = {name: json.loads(serializers.serialize("json", rows)) for name, rows in rows_of(plan).items()}
    own = json.loads(serializers.serialize("json", [plan], fields=PLAN_FIELDS))
    return kept | {"plan": own}


def put_back(plan: Plan, before: dict[str, Any]) -> None:
    """Make the rows of `plan` what `snapshot` saw, keys included; what came since goes.

    Entries in which nobody typed go with the tasks that came since. Raises ProtectedError when anything else
    stands on what must go.
    """
    wanted = {name: _objects(before[name]) for name in KEPT}
    keys = {name: [row.pk for row in rows] for name, rows in wanted.items()}
    there = rows_of(plan)
    there["deadlines"].delete()
    there["assignments"].delete()
    there["indicators"].exclude(pk__in=keys["indicators"]).delete()
    new_tasks = there["tasks"].exclude(pk__in=keys["tasks"])
    ProgressEntry.objects.untouched().filter(task__in=new_tasks.values("pk")).delete()
    new_tasks.delete()
    there["measures"].exclude(pk__in=keys["measures"]).delete()
    there["tasks"].update(is_active=False)  # numbers may change places: out of use, they are all free
    for name, steps_aside in (("sections", "position"), ("tasks", ""), ("measures", "number")):
        _match(there[name], wanted[name], steps_aside)
    there["sections"].exclude(pk__in=keys["sections"]).delete()
    _match(there["indicators"], wanted["indicators"], "position")
    _create(Deadline, wanted["deadlines"])
    _create(Assignment, wanted["assignments"])
    _put_ticks_back(there["ticks"], wanted["ticks"])
    (own,) = _objects(before["plan"])
    for field in PLAN_FIELDS:
        setattr(plan, field, getattr(own, field))
    plan.revision += 1
    plan.save(update_fields=[*PLAN_FIELDS, "revision"])


def _objects(rows: list[Any]) -> list[Any]:
    return [found.object for found in serializers.deserialize("python", rows)]


def _match(there: QuerySet[Any], wanted: Collection[Any], steps_aside: str) -> None:
    """Write `wanted` over the rows of the same keys and make those that are gone."""
    model = there.model
    present = set(there.values_list("pk", flat=True))
    if steps_aside:  # so that no two rows ever hold the same place
        there.update(**{steps_aside: F(steps_aside) + ASIDE})
    fields = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    known = [row for row in wanted if row.pk in present]
    model._default_manager.bulk_update(known, fields, batch_size=100)
    _create(model, (row for row in wanted if row.pk not in present))


def _create(model: type[Model], rows: Iterable[Any]) -> None:
    model._default_manager.bulk_create(rows, batch_size=BATCH)


def _put_ticks_back(there: QuerySet[Any], wanted: Collection[Any]) -> None:
    """Bring ticks back that went with their measures; others are the units' own business."""
    gone = {row.pk: row for row in wanted}
    for pk in there.filter(pk__in=list(gone)).values_list("pk", flat=True):
        del gone[pk]
    entries = set(
        ProgressEntry.objects.filter(pk__in={row.entry_id for row in gone.values()}).values_list(
            "pk", flat=True
        )
    )
    _create(MeasureProgress, (row for row in gone.values() if row.entry_id in entries))
