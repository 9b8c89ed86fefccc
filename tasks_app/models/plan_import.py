"""An import that was previewed: kept, so that what is applied is exactly what was shown."""

from django.db import models
from django.db.models import Q

from tasks_app.choices import ImportState

from .person import User
from .plan import Plan
from .unit import Unit


class PlanImport(models.Model):
    """One uploaded table as it was understood.

    `content` is the table (domain/plan_import/rules.py gives its shape), `problems` the list of
    {severity, sheet, row, column, message}, `base_fingerprint` that of the stored plan at preview:
    an import whose base has changed since is refused.
    """

    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="imports", verbose_name="印发单位")
    year = models.PositiveSmallIntegerField("年度")
    file_name = models.CharField("文件名", max_length=200)
    file_sha256 = models.CharField("文件指纹", max_length=64)
    state = models.CharField("状态", max_length=12, choices=ImportState, default=ImportState.PREVIEWED)
    content = models.JSONField("内容")
    problems = models.JSONField("问题", default=list)
    base_fingerprint = models.CharField("比对基准", max_length=64)
    plan = models.ForeignKey(Plan, models.SET_NULL, null=True, blank=True, related_name="imports")
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField("上传时间")
    applied_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    applied_at = models.DateTimeField("导入时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "分解表导入"
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ImportState.APPLIED, applied_at__isnull=False)
                | (~Q(state=ImportState.APPLIED) & Q(applied_at__isnull=True)),
                name="plan_import_applied_has_time",
            )
        ]

    def __str__(self) -> str:
        return self.file_name
