"""What stands beside the words of an entry: the state of each measure, values of indicators, evidence, presence."""

from django.db import models
from django.db.models import Q, UniqueConstraint

from tasks_app.choices import EvidenceKind, MeasureState

from .indicator import Indicator
from .person import User
from .plan import Measure
from .report import ProgressEntry


class MeasureProgress(models.Model):
    """Where a unit stands with one measure; a measure that nobody ticked has no row."""

    entry = models.ForeignKey(ProgressEntry, models.CASCADE, related_name="measures", verbose_name="工作进展")
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="+", verbose_name="措施")
    state = models.CharField("状态", max_length=12, choices=MeasureState)
    done_on = models.DateField("完成日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "措施进展"
        ordering = ["measure__number"]
        constraints = [
            UniqueConstraint(fields=["entry", "measure"], name="measure_progress_once"),
            models.CheckConstraint(
                condition=Q(state__in=MeasureState.values), name="measure_progress_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=MeasureState.DONE) | Q(done_on__isnull=True),
                name="measure_progress_date_only_when_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure}：{self.get_state_display()}"


class IndicatorValue(models.Model):
    """The number a unit gives for one indicator. `value` None is not known; it is not zero."""

    entry = models.ForeignKey(ProgressEntry, models.CASCADE, related_name="values", verbose_name="工作进展")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values", verbose_name="指标")
    value = models.DecimalField("数值", max_digits=18, decimal_places=4, null=True, blank=True)
    is_about = models.BooleanField("约数", default=False)
    forecast = models.DecimalField("预计至期末", max_digits=18, decimal_places=4, null=True, blank=True)
    as_of = models.DateField("数据截至", null=True, blank=True)
    source = models.CharField("数据来源", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "指标数值"
        ordering = ["indicator__position"]
        constraints = [UniqueConstraint(fields=["entry", "indicator"], name="indicator_value_once")]

    def __str__(self) -> str:
        return f"{self.indicator}：{self.value}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Conditions on files of evidence, each asked in one place."""

    def kept(self) -> "AttachmentQuerySet":
        """Return those that were not taken off the draft."""
        return self.filter(removed_at__isnull=True)


class Attachment(models.Model):
    """A file of evidence (佐证材料), kept in the database with the rest; only ever served as a download."""

    entry = models.ForeignKey(
        ProgressEntry, models.PROTECT, related_name="attachments", verbose_name="工作进展"
    )
    name = models.CharField("文件名", max_length=150)
    kind = models.CharField("类型", max_length=10, choices=EvidenceKind)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("内容指纹", max_length=64)
    content = models.BinaryField()
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("上传时间")
    # A file that a submission names stays readable there when the unit takes it off its draft.
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "佐证材料"
        ordering = ["uploaded_at", "pk"]
        constraints = [
            UniqueConstraint(
                fields=["entry", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="attachment_once_in_entry",
            ),
            models.CheckConstraint(condition=Q(kind__in=EvidenceKind.values), name="attachment_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Presence(models.Model):
    """Who has the boxes of an entry open just now; shown to others, locks nothing."""

    entry = models.ForeignKey(ProgressEntry, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField("最近活动")

    class Meta:
        verbose_name = verbose_name_plural = "在填人员"
        constraints = [UniqueConstraint(fields=["entry", "user"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user}：{self.entry_id}"
