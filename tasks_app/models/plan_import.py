"""An import (导入): the file as it was read, what an admin mended, and what was shown before it was applied."""

from django.db import models
from django.db.models import F, Q, UniqueConstraint

from tasks_app.choices import ImportState

from .person import User
from .plan import Plan
from .unit import Unit


class PlanImportQuerySet(models.QuerySet["PlanImport"]):
    """Which imports are meant."""

    def reading(self) -> "PlanImportQuerySet":
        """Return those whose file was not read yet."""
        return self.filter(state=ImportState.READING)

    def previewed(self) -> "PlanImportQuerySet":
        """Return those that may still be mended and confirmed."""
        return self.filter(state=ImportState.PREVIEWED)

    def applied_to(self, plan: Plan) -> "PlanImportQuerySet":
        """Those that made `plan` what it is, the latest first."""
        return self.filter(plan=plan, state=ImportState.APPLIED).order_by("-applied_at", "-pk")


class PlanImport(models.Model):
    """One uploaded table as it was understood.

    `content` is the table (domain/plan_import/rules/content.py gives its shape), `problems` the list of
    {severity, sheet, row, column, message}, `mends` what was mended on the page (plan_reading/mends.py), `summary`
    what applying it would change (domain/plan_import/rules/differences.py). `base` names the stored plan and its
    revision that it was compared with: an import whose base has changed since is refused. `before` are the rows of
    that plan (domain/plan_import/snapshot.py), kept for undoing, `after` the plan's name and revision right after
    it was applied. `version` grows with each mend.
    """

    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="imports", verbose_name="印发单位")
    year = models.PositiveSmallIntegerField("年度", null=True)
    file_name = models.CharField("文件名", max_length=200)
    file_sha256 = models.CharField("文件指纹", max_length=64)
    given_year = models.PositiveSmallIntegerField("指定的年度", null=True, blank=True)
    given_document_number = models.CharField("指定的文号", max_length=60, blank=True)
    given_issued_on = models.DateField("指定的印发日期", null=True, blank=True)
    state = models.CharField("状态", max_length=12, choices=ImportState, default=ImportState.READING)
    rows_read = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    read_until = models.DateTimeField(null=True, blank=True)
    mends = models.JSONField("修补", default=dict)
    version = models.PositiveIntegerField(default=0)
    content = models.JSONField("内容", null=True)
    outline = models.JSONField("表的结构", default=dict)
    summary = models.JSONField("差别", default=dict)
    problems = models.JSONField("问题", default=list)
    base = models.CharField("比对基准", max_length=40, blank=True)
    before = models.JSONField("导入前", null=True)
    after = models.CharField("导入后", max_length=40, blank=True)
    plan = models.ForeignKey(Plan, models.SET_NULL, null=True, blank=True, related_name="imports")
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField("上传时间")
    applied_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    applied_at = models.DateTimeField("导入时间", null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    objects = PlanImportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "分解表导入"
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="plan_import_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=[ImportState.APPLIED, ImportState.UNDONE], applied_at__isnull=False)
                | (~Q(state__in=[ImportState.APPLIED, ImportState.UNDONE]) & Q(applied_at__isnull=True)),
                name="plan_import_applied_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state=ImportState.UNDONE, undone_at__isnull=False)
                | (~Q(state=ImportState.UNDONE) & Q(undone_at__isnull=True)),
                name="plan_import_undone_has_time",
            ),
            models.CheckConstraint(
                condition=Q(rows_read__lte=F("rows_total")), name="plan_import_reads_no_more_than_all"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportSource(models.Model):
    """What the file held: `upload` as it came until it was read, then `grid`, its cells (documents/stored_grid.py)."""

    plan_import = models.OneToOneField(PlanImport, models.CASCADE, related_name="source")
    upload = models.BinaryField(null=True)
    grid = models.BinaryField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "导入的原表"

    def __str__(self) -> str:
        return str(self.plan_import_id)


class HeadingMeaning(models.Model):
    """What an admin said a heading means (a Field of plan_reading/table/fields.py by name): for the next table."""

    issuer = models.ForeignKey(Unit, models.CASCADE, related_name="+", verbose_name="印发单位")
    heading = models.CharField("列名", max_length=60)
    field = models.CharField("含义", max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = "列名含义"
        constraints = [UniqueConstraint(fields=["issuer", "heading"], name="heading_meaning_once")]

    def __str__(self) -> str:
        return self.heading
