"""The year's breakdown table (年度分解表): plan, sections, tasks, measures and who must act on them."""

from django.db import models
from django.db.models import Q, UniqueConstraint

from tasks_app.choices import AssignmentRole

from .unit import Unit


class Plan(models.Model):
    """One year's table, which belongs to the unit that issued it."""

    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="plans", verbose_name="印发单位")
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("标题", max_length=120)
    document_number = models.CharField("文号", max_length=60, blank=True)
    issued_on = models.DateField("印发日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "年度分解表"
        ordering = ["-year"]
        constraints = [UniqueConstraint(fields=["issuer", "year"], name="plan_one_per_issuer_and_year")]

    def __str__(self) -> str:
        return self.title


class Section(models.Model):
    """工作任务: one of the headings 一、二、…; `position` counts from 1 in the table's order."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="sections", verbose_name="分解表")
    position = models.PositiveSmallIntegerField("顺序")
    title = models.CharField("标题", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "工作任务"
        ordering = ["position"]
        constraints = [UniqueConstraint(fields=["plan", "position"], name="section_position_once")]

    def __str__(self) -> str:
        return self.title


class Task(models.Model):
    """主要目标要求: the unit of reporting. `number` is the one printed in the table."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="tasks", verbose_name="分解表")
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="工作任务"
    )
    number = models.PositiveSmallIntegerField("序号")
    title = models.CharField("主要目标要求", max_length=300)
    units_text = models.CharField("责任单位（原文）", max_length=500)
    is_active = models.BooleanField("在用", default=True, help_text="停办的任务保留已报内容，不再要求填报。")

    class Meta:
        verbose_name = verbose_name_plural = "主要目标要求"
        ordering = ["number"]
        constraints = [
            # A task that is 停办 keeps its number for those who reported on it; a later table may use it anew.
            UniqueConstraint(
                fields=["plan", "number"], condition=Q(is_active=True), name="task_number_once_in_use"
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="task_number_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Measure(models.Model):
    """细化措施: ①②… under a task; a task without numbered measures has one, number 1, unmarked in print."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="measures", verbose_name="任务")
    number = models.PositiveSmallIntegerField("序号")
    text = models.TextField("内容")
    is_numbered = models.BooleanField("原文带序号", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "细化措施"
        ordering = ["number"]
        constraints = [UniqueConstraint(fields=["task", "number"], name="measure_number_once")]

    def __str__(self) -> str:
        return self.text[:30]


class Assignment(models.Model):
    """One task given to one unit. The table does not name the lead; until confirmed it is assumed."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="assignments", verbose_name="任务")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments", verbose_name="责任单位")
    role = models.CharField("职责", max_length=10, choices=AssignmentRole)
    role_is_assumed = models.BooleanField("职责为推定", default=False)
    position = models.PositiveSmallIntegerField("顺序")

    class Meta:
        verbose_name = verbose_name_plural = "责任分工"
        ordering = ["position"]
        constraints = [
            UniqueConstraint(fields=["task", "unit"], name="assignment_once"),
            models.CheckConstraint(condition=Q(role__in=AssignmentRole.values), name="assignment_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}：{self.task}"
