"""Operation: the heart-beat of the jobs, the private calendar link of each unit, and sending held back."""

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


class SendingHoldQuerySet(models.QuerySet["SendingHold"]):
    """The conditions of holds."""

    def open(self) -> "SendingHoldQuerySet":
        """Those that nobody has released: while there is one, nothing leaves."""
        return self.filter(released_at__isnull=True)


class SendingHold(models.Model):
    """Nothing leaves from `held_at` until a person has seen what would and released it: after a restore.

    `backup_made_at` is the moment the data are from: what was sent after it, this database knows nothing of.
    """

    held_at = models.DateTimeField("暂停时间")
    backup_made_at = models.DateTimeField("备份时间")
    released_at = models.DateTimeField("放行时间", null=True, blank=True)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="放行人")

    objects = SendingHoldQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "暂停外发"
        ordering = ["-held_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(released_at__isnull=True, released_by__isnull=True)
                | models.Q(released_at__isnull=False, released_by__isnull=False),
                name="hold_released_has_person",
            ),
        ]

    def __str__(self) -> str:
        return "暂停外发"
