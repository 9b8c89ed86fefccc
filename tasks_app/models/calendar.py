"""The working-day calendar: days that differ from plain Monday to Friday."""

from django.db import models

from tasks_app.choices import DayKind


class SpecialDay(models.Model):
    """A holiday on a weekday or a make-up working day (调休) on a weekend. A year counts as entered if it has any."""

    day = models.DateField("日期", unique=True)
    kind = models.CharField("类别", max_length=10, choices=DayKind)
    name = models.CharField("名称", max_length=30)

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=DayKind.values), name="special_day_kind_known")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
