"""The year's breakdown table (年度分解表): plan, sections, tasks, measures and who must act on them."""

from django.db import models
from django.db.models import Q, UniqueConstraint

from tasks_app.choices import AssignmentRole, DeadlineKind

from .unit import Unit


class PlanQuerySet(models.QuerySet["Plan"]):
    """Which plans are meant."""

    def running(self) -> "PlanQuerySet":
        """Return those whose year is not settled (办结)."""
        return self.filter(closed_at=None)

    def of_year(self, issuer: int, year: int | None) -> "PlanQuerySet":
        """The issuer's plan of a year: one at most."""
        return self.filter(issuer=issuer, year=year)

    def year_before(self, issuer: int, year: int | None) -> "PlanQuerySet":
        """The issuer's plan of the year before `year`: one at most, none where the year is not known."""
        return self.of_year(issuer, year - 1) if year else self.none()


class Plan(models.Model):
    """One year's table, which belongs to the unit that issued it.

    `revision` grows with every change of the table: an import that was compared with an older one is refused.
    `ends_on` is a day set by hand, None is the end of the last period. Once it is closed (办结) nobody is
    chased for anything of it.
    """

    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="plans", verbose_name="印发单位")
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("标题", max_length=120)
    document_number = models.CharField("文号", max_length=60, blank=True)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    ends_on = models.DateField("年度工作截止日", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    closed_by = models.ForeignKey(
        "User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办结人"
    )

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度分解表"
        ordering = ["-year"]
        constraints = [
            UniqueConstraint(fields=["issuer", "year"], name="plan_one_per_issuer_and_year"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="plan_closed_has_time_and_person",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Section(models.Model):
    """工作任务: one of the headings 一、二、…; `position` counts from 1 in the table's order."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="sections", verbose_name="分解表")
    position = models.PositiveSmallIntegerField("顺序")
    title = models.CharField("标题", max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "工作任务"
        ordering = ["position"]
        constraints = [UniqueConstraint(fields=["plan", "position"], name="section_position_once")]

    def __str__(self) -> str:
        return self.title


class TaskQuerySet(models.QuerySet["Task"]):
    """Conditions on tasks, each asked in one place."""

    def in_use(self) -> "TaskQuerySet":
        """Return those that are still to be done."""
        return self.filter(is_active=True)


class Task(models.Model):
    """主要目标要求: the unit of reporting. `number` is unique in the plan; `printed_number` is what the table
    prints where that is another, as in a table that numbers each section anew."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="tasks", verbose_name="分解表")
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="工作任务"
    )
    number = models.PositiveSmallIntegerField("序号")
    printed_number = models.CharField("原序号", max_length=20, blank=True)
    title = models.CharField("主要目标要求", max_length=1000)
    units_text = models.CharField("责任单位（原文）", max_length=1000)
    target = models.TextField("目标值（原文）", blank=True)
    remarks = models.TextField("备注", blank=True)
    is_active = models.BooleanField("在用", default=True, help_text="停办的任务保留已报内容，不再要求填报。")
    stopped_by = models.CharField("停办依据", max_length=120, blank=True)
    predecessor = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="successors", verbose_name="上年任务"
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "主要目标要求"
        ordering = ["number"]
        constraints = [
            # A task that is 停办 keeps its number for those who reported on it; a later table may use it anew.
            UniqueConstraint(
                fields=["plan", "number"], condition=Q(is_active=True), name="task_number_once_in_use"
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="task_number_positive"),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(stopped_by=""), name="task_in_use_is_not_stopped"
            ),
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


class Deadline(models.Model):
    """完成时限 of a task, or of one of its measures: as written, beside the last day that is in time."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="deadlines", verbose_name="任务")
    measure = models.ForeignKey(
        Measure, models.CASCADE, null=True, blank=True, related_name="deadlines", verbose_name="措施"
    )
    position = models.PositiveSmallIntegerField("顺序")
    text = models.CharField("原文", max_length=300)
    due_on = models.DateField("日期", null=True, blank=True)
    kind = models.CharField("类别", max_length=12, choices=DeadlineKind)

    class Meta:
        verbose_name = verbose_name_plural = "完成时限"
        ordering = ["position"]
        constraints = [
            UniqueConstraint(fields=["measure", "position"], name="deadline_position_once_in_measure"),
            UniqueConstraint(
                fields=["task", "position"],
                condition=Q(measure__isnull=True),
                name="deadline_position_once_in_task",
            ),
            models.CheckConstraint(condition=Q(kind__in=DeadlineKind.values), name="deadline_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=DeadlineKind.DATED, due_on__isnull=False)
                | (~Q(kind=DeadlineKind.DATED) & Q(due_on__isnull=True)),
                name="deadline_dated_has_day",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Conditions on assignments, each asked in one place."""

    def in_use(self) -> "AssignmentQuerySet":
        """Return those whose task is still to be done."""
        return self.filter(task__is_active=True)

    def asked(self) -> "AssignmentQuerySet":
        """Return those that a report is asked for: neither is the task stopped nor the unit closed."""
        return self.filter(task__is_active=True, unit__is_active=True)


class Assignment(models.Model):
    """One task given to one unit. The table does not name the lead; until confirmed it is assumed."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="assignments", verbose_name="任务")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments", verbose_name="责任单位")
    role = models.CharField("职责", max_length=10, choices=AssignmentRole)
    role_is_assumed = models.BooleanField("职责为推定", default=False)
    position = models.PositiveSmallIntegerField("顺序")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "责任分工"
        ordering = ["position"]
        constraints = [
            UniqueConstraint(fields=["task", "unit"], name="assignment_once"),
            models.CheckConstraint(condition=Q(role__in=AssignmentRole.values), name="assignment_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}：{self.task}"
