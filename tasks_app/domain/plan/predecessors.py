"""Which task of last year's table a task continues: what may be chosen, and the choice."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tasks_app.choices import AuditAction
from tasks_app.domain import audit
from tasks_app.domain.moves import Refused
from tasks_app.models import Plan, Task, User


def possible_predecessors(plan: Plan) -> QuerySet[Task]:
    """Return the tasks of the issuer's table of the year before, in their order; none without such a table."""
    last_year = Plan.objects.year_before(plan.issuer_id, plan.year)
    return Task.objects.filter(plan__in=last_year).order_by("number", "pk")


@transaction.atomic
def set_predecessor(task_pk: int, predecessor: Task | None, *, by: User, at: datetime) -> Task:
    """Say which of last year's tasks this one continues, None for none; raise Refused."""
    task = Task.objects.select_for_update(of=("self",)).select_related("plan", "predecessor").get(pk=task_pk)
    if predecessor is not None and not possible_predecessors(task.plan).filter(pk=predecessor.pk).exists():
        raise Refused("所选任务不在上年的分解表里。")
    changes = audit.diff({"上年任务": task.predecessor}, {"上年任务": predecessor})
    if changes:
        task.predecessor = predecessor
        task.save(update_fields=["predecessor"])
        audit.record(AuditAction.PLAN_EDIT, task, by=by, at=at, changes=changes)
    return task
