"""Reporting periods (填报期) of a plan: opens, on time until, closes."""

from datetime import date

from django.db import models
from django.db.models import F, Q, UniqueConstraint

from tasks_app.choices import PeriodKind

from .plan import Plan


class PeriodQuerySet(models.QuerySet["ReportingPeriod"]):
    """Conditions on periods, each asked in one place."""

    def opened(self) -> "PeriodQuerySet":
        """Return those that were opened."""
        return self.filter(opened_at__isnull=False)

    def to_come(self) -> "PeriodQuerySet":
        """Return those that were not opened yet."""
        return self.filter(opened_at__isnull=True)

    def due_to_be_open(self, today: date) -> "PeriodQuerySet":
        """Return those whose day has come and that take reports on the day `today`: in no settled year."""
        takes_reports = Q(closes_on__isnull=True) | Q(closes_on__gte=today)
        return self.filter(takes_reports, opens_on__lte=today, plan__closed_at=None)


class ReportingPeriod(models.Model):
    """All three limits are days in Asia/Shanghai and include that day: "7月25日前" means until its end."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="periods", verbose_name="分解表")
    kind = models.CharField("填报期", max_length=20, choices=PeriodKind)
    opens_on = models.DateField("开放日")
    due_on = models.DateField("按期截止日")
    closes_on = models.DateField(
        "关闭日", null=True, blank=True, help_text="过了关闭日不能再补报；不填为一直可补报。"
    )
    # The day on which the limit was last moved while the period was open: its units are told.
    moved_on = models.DateField("截止日调整日期", null=True, blank=True, editable=False)
    opened_at = models.DateTimeField("实际开放时间", null=True, blank=True, editable=False)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "填报期"
        ordering = ["due_on"]
        constraints = [
            UniqueConstraint(fields=["plan", "kind"], name="period_kind_once"),
            models.CheckConstraint(condition=Q(due_on__gte=F("opens_on")), name="period_due_after_opening"),
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True) | Q(closes_on__gte=F("due_on")),
                name="period_closes_after_due",
            ),
            models.CheckConstraint(condition=Q(kind__in=PeriodKind.values), name="period_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.plan.year}年{self.get_kind_display()}"
