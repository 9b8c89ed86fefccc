"""Operation: the heart-beat of the jobs, and the private calendar link of each unit."""

from django.db import models

from .person import User
from .unit import Unit


class JobRun(models.Model):
    """The last run of one job, whichever worker ran it."""

    job = models.CharField("作业", max_length=60, unique=True)
    started_at = models.DateTimeField("最近开始")
    finished_at = models.DateTimeField("最近完成", null=True, blank=True)
    failed_at = models.DateTimeField("最近失败", null=True, blank=True)
    error = models.CharField("最近的错误", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "作业运行"
        ordering = ["job"]

    def __str__(self) -> str:
        return self.job


class CalendarFeed(models.Model):
    """The private .ics link of a unit. The link is signed over unit and `version`: a new version ends the old link."""

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="feed", verbose_name="单位")
    version = models.PositiveIntegerField("版本", default=1)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="生成人")
    made_at = models.DateTimeField("生成时间")

    class Meta:
        verbose_name = verbose_name_plural = "日历订阅"

    def __str__(self) -> str:
        return f"{self.unit}的日历订阅"
