"""Indicators (量化指标): numbers named in the table, proposed by the import and decided by an admin."""

from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q, Subquery, Sum, UniqueConstraint

from tasks_app.choices import Comparator, IndicatorKind, IndicatorState, Reporters, Total, UnitKind

from .period import ReportingPeriod
from .person import User
from .plan import Measure, Plan, Task
from .unit import Unit


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

    def asked(self, of: int | None = None) -> "IndicatorQuerySet":
        """Return those that are asked for, once for each unit (`asked_unit`) that gives its number, or `of` one unit.

        A unit answers for those merged into it. `share_target` and `share_denominator` are what falls to it, None
        where nothing was said; `is_owner` tells that its number is the city's.
        """
        unit = models.F("task__assignments__unit")
        has_task = (
            self.accepted()
            .filter(task__is_active=True)
            .alias(
                asked_kind=models.F("task__assignments__unit__kind"),
                asked_is_active=models.F("task__assignments__unit__is_active"),
            )
        )
        shares = Share.objects.filter(_same_unit("unit", OuterRef("asked_unit")), indicator=OuterRef("pk"))
        summed = shares.order_by().values("indicator")
        is_owner = _same_unit("owner", models.F("asked_unit"))
        is_asked = (
            Q(reporters=Reporters.COUNTIES, asked_kind=UnitKind.COUNTY)
            | Q(Exists(shares), reporters=Reporters.CHOSEN)
            | is_owner
        )
        pairs = has_task.annotate(asked_unit=unit)
        if of is not None:
            pairs = pairs.filter(asked_unit=of)
        return pairs.filter(is_asked, asked_is_active=True).annotate(
            share_target=Subquery(summed.annotate(sum=Sum("target")).values("sum")),
            share_denominator=Subquery(summed.annotate(sum=Sum("denominator")).values("sum")),
            is_owner=ExpressionWrapper(is_owner, models.BooleanField()),
        )


def _same_unit(way: str, unit: models.F) -> Q:
    """Return the condition that `way` leads to `unit`, or to one merged into it."""
    return Q(**{way: unit}) | Q(**{f"{way}__successor": unit})


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
    # 填报口径: empty until an admin decides.
    reporters = models.CharField("谁报", max_length=10, choices=Reporters, blank=True)
    owner = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="报数单位"
    )
    total = models.CharField("怎样汇总", max_length=10, choices=Total, blank=True)
    baseline = models.DecimalField("基数", max_digits=18, decimal_places=4, null=True, blank=True)
    source = models.CharField("数据来源", max_length=200, blank=True)
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
            models.CheckConstraint(
                condition=Q(reporters="", total="", owner__isnull=True)
                | Q(reporters__in=[Reporters.COUNTIES, Reporters.CHOSEN], total__in=Total.values)
                | Q(reporters=Reporters.ONE, total=Total.OWNER),
                name="indicator_reporters_have_total",
            ),
            models.CheckConstraint(
                condition=Q(total=Total.OWNER, owner__isnull=False)
                | (~Q(total=Total.OWNER) & Q(owner__isnull=True)),
                name="indicator_owner_gives_total",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Share(models.Model):
    """份额: what of a number falls to one unit. Of chosen units it also says that they are asked."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="shares", verbose_name="指标")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    target = models.DecimalField("份额", max_digits=18, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField("分母", max_digits=18, decimal_places=4, null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "指标份额"
        ordering = ["unit__position"]
        constraints = [
            UniqueConstraint(fields=["indicator", "unit"], name="share_once"),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(denominator__gt=0),
                name="share_denominator_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}：{self.unit}"


class TotalRuling(models.Model):
    """Which of two values of a number is the city's in one period, as the office said."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="+", verbose_name="指标")
    period = models.ForeignKey(ReportingPeriod, models.CASCADE, related_name="+", verbose_name="填报期")
    holds = models.CharField("以何为准", max_length=10, choices=Total)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="认定人")
    decided_at = models.DateTimeField("认定时间")

    class Meta:
        verbose_name = verbose_name_plural = "全市数认定"
        ordering = ["pk"]
        constraints = [
            UniqueConstraint(fields=["indicator", "period"], name="total_ruling_once"),
            models.CheckConstraint(
                condition=Q(holds__in=[Total.OWNER, Total.SUM]), name="total_ruling_holds_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}：{self.get_holds_display()}"
