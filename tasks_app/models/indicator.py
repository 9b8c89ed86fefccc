"""Indicators (量化指标): numbers named in the table, proposed by the import and decided by an admin."""

from django.db import models
from django.db.models import Q, UniqueConstraint

from tasks_app.choices import Comparator, IndicatorKind, IndicatorState

from .person import User
from .plan import Measure, Plan, Task


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    """Conditions on indicators, each asked in one place."""

    def in_use_of(self, plan: Plan) -> "IndicatorQuerySet":
        """Return those of the tasks of `plan` that are still to be done."""
        return self.filter(task__plan=plan, task__is_active=True)

    def proposed(self) -> "IndicatorQuerySet":
        """Return those that nobody has decided on."""
        return self.filter(state=IndicatorState.PROPOSED)

    def accepted(self) -> "IndicatorQuerySet":
        """Return those that are asked for."""
        return self.filter(state=IndicatorState.ACCEPTED)


class Indicator(models.Model):
    """One number with a target. `words` are the table's own; nobody is asked for it until it is accepted."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="indicators", verbose_name="任务")
    measure = models.ForeignKey(
        Measure, models.SET_NULL, null=True, blank=True, related_name="indicators", verbose_name="措施"
    )
    position = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("名称", max_length=200)
    kind = models.CharField("类别", max_length=12, choices=IndicatorKind)
    comparator = models.CharField("要求", max_length=10, choices=Comparator)
    value = models.DecimalField("目标值", max_digits=18, decimal_places=4)
    unit = models.CharField("计量单位", max_length=20, blank=True)
    due_on = models.DateField("期限", null=True, blank=True)
    words = models.CharField("原文", max_length=300)
    state = models.CharField("状态", max_length=10, choices=IndicatorState, default=IndicatorState.PROPOSED)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "量化指标"
        ordering = ["task__number", "position"]
        constraints = [
            UniqueConstraint(fields=["task", "position"], name="indicator_position_once"),
            models.CheckConstraint(condition=Q(kind__in=IndicatorKind.values), name="indicator_kind_known"),
            models.CheckConstraint(
                condition=Q(comparator__in=Comparator.values), name="indicator_comparator_known"
            ),
            models.CheckConstraint(
                condition=Q(state=IndicatorState.PROPOSED, decided_at__isnull=True)
                | (~Q(state=IndicatorState.PROPOSED) & Q(decided_at__isnull=False)),
                name="indicator_decided_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name
