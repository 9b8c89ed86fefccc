"""Samples (抽查): entries drawn by lot from what was filed in a period, by a seed from which anyone can draw again."""

from django.db import models
from django.db.models import UniqueConstraint

from .period import ReportingPeriod
from .person import User
from .report import ProgressEntry


class Sample(models.Model):
    """One drawing: `count` entries in all, or of each unit; `seed` and `drawn_from` are what it was drawn by."""

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="samples", verbose_name="填报期")
    seed = models.CharField("种子", max_length=32)
    count = models.PositiveSmallIntegerField("抽取项数")
    per_unit = models.BooleanField("每单位")
    # How many entries there were to draw from: who draws again should find as many.
    drawn_from = models.PositiveIntegerField("可抽项数")
    drawn_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="抽取人")
    drawn_at = models.DateTimeField("抽取时间")

    class Meta:
        verbose_name = verbose_name_plural = "抽查"
        ordering = ["-drawn_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.period}抽查（种子 {self.seed}）"


class SampledEntry(models.Model):
    """One entry of a sample, the `place`-th that was drawn."""

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="drawn", verbose_name="抽查")
    entry = models.ForeignKey(ProgressEntry, models.PROTECT, related_name="samples", verbose_name="工作进展")
    place = models.PositiveSmallIntegerField("次序")

    class Meta:
        verbose_name = verbose_name_plural = "抽中项"
        ordering = ["place"]
        constraints = [
            UniqueConstraint(fields=["sample", "entry"], name="sampled_once"),
            UniqueConstraint(fields=["sample", "place"], name="sampled_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.place}. {self.entry}"
