"""Reports (填报): one unit in one period, its entry for each task, every submission and every return."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q, UniqueConstraint

from tasks_app.choices import (
    LAGGING_STATUSES,
    CarriedText,
    Cause,
    Outlook,
    ProgressStatus,
    ReportState,
    ReturnCategory,
)
from tasks_app.clock import local_date

from .period import ReportingPeriod
from .person import User
from .plan import Task
from .unit import Unit, answered_for

# Still the unit's turn: nothing (or nothing new) has reached the office.
OWED_STATES = frozenset({ReportState.DRAFT, ReportState.SIGNING, ReportState.RETURNED})
FILED_STATES = frozenset({ReportState.SUBMITTED, ReportState.ACCEPTED})
# The office enters it for a unit that is cut off (代填); once submitted it is a report like any other.
BEING_ENTERED = Q(entered_by__isnull=False, state__in=OWED_STATES)


class ReportQuerySet(models.QuerySet["Report"]):
    """Conditions on reports, each asked in one place."""

    def owed(self, at: datetime) -> "ReportQuerySet":
        """Return those owed at the moment `at`: opened, not filed, not closed for ever, in no settled year."""
        can_be_filed = (
            Q(period__closes_on__isnull=True)
            | Q(period__closes_on__gte=local_date(at))
            | Q(returned_at__isnull=False)
        )
        return self.filter(can_be_filed, period__plan__closed_at__isnull=True, state__in=OWED_STATES)

    def answered_for(self) -> "ReportQuerySet":
        """Return those that somebody answers for; a form that a merged unit never filed is nobody's."""
        is_somebodys = Q(unit__is_active=True) | Q(first_submitted_at__isnull=False)
        return self.filter(answered_for(), is_somebodys)

    def filed(self) -> "ReportQuerySet":
        """Return those that the office has, accepted or not."""
        return self.filter(state__in=FILED_STATES)

    def not_filed(self) -> "ReportQuerySet":
        """Return those that are with their units, whether or not they can still be filed."""
        return self.filter(state__in=OWED_STATES)

    def drafts(self) -> "ReportQuerySet":
        """Return those that nobody has handed on."""
        return self.filter(state=ReportState.DRAFT)

    def being_filled(self) -> "ReportQuerySet":
        """Return those that wait for their fillers."""
        return self.filter(state__in=[ReportState.DRAFT, ReportState.RETURNED])

    def signing(self) -> "ReportQuerySet":
        """Return those that wait for their signers."""
        return self.filter(state=ReportState.SIGNING)

    def submitted(self) -> "ReportQuerySet":
        """Return those that wait for the office."""
        return self.filter(state=ReportState.SUBMITTED)

    def accepted(self) -> "ReportQuerySet":
        """Return those that are closed."""
        return self.filter(state=ReportState.ACCEPTED)

    def under_way(self) -> "ReportQuerySet":
        """Return those that wait for the office, or were returned and not filed again yet."""
        return self.filter(
            Q(state=ReportState.SUBMITTED) | Q(state__in=OWED_STATES, returned_at__isnull=False)
        )

    def left_the_unit(self) -> "ReportQuerySet":
        """Return those that the office may read: a draft is the unit's own until it was submitted once."""
        return self.filter(first_submitted_at__isnull=False)

    def being_entered(self) -> "ReportQuerySet":
        """Return those that the office is entering for their units (代填)."""
        return self.filter(BEING_ENTERED)


class Report(models.Model):
    """Made for every unit that must report when the period opens: that freezes who is expected.

    `due_on` is the limit in force: the period's, that of a granted extension, or after a return the one the
    return set. `entered_by` is the person of the office who entered it for a unit that is cut off (代填).
    """

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="reports", verbose_name="填报期")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reports", verbose_name="填报单位")
    state = models.CharField("状态", max_length=10, choices=ReportState, default=ReportState.DRAFT)
    due_on = models.DateField("截止日")
    filler_name = models.CharField("填表人", max_length=30, blank=True)
    filler_phone = models.CharField("联系电话", max_length=30, blank=True)
    filled_on = models.DateField("填报时间", null=True, blank=True)
    # Grows with each saving of the three fields above, so that a stale page is noticed.
    header_version = models.PositiveIntegerField(default=0)
    sign_requested_at = models.DateTimeField("提交审签时间", null=True, blank=True)
    first_submitted_at = models.DateTimeField("首次报送时间", null=True, blank=True)
    submitted_at = models.DateTimeField("报送时间", null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    is_late = models.BooleanField("补报", default=False)
    returned_at = models.DateTimeField("退回时间", null=True, blank=True)
    # Set while it is back for tasks added after it was filed: entries added earlier stay as they were filed.
    added_since = models.DateTimeField("就新增任务补充，自", null=True, blank=True)
    accepted_at = models.DateTimeField("采纳时间", null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    entered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="代填人"
    )
    entered_because = models.CharField("代填原因", max_length=300, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "填报"
        ordering = ["unit__position"]
        constraints = [
            UniqueConstraint(fields=["period", "unit"], name="report_one_per_unit_and_period"),
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="report_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[ReportState.SUBMITTED, ReportState.ACCEPTED, ReportState.RETURNED])
                | Q(submitted_at__isnull=False, submitted_by__isnull=False, first_submitted_at__isnull=False),
                name="report_submitted_has_time_and_person",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.ACCEPTED, accepted_at__isnull=False, accepted_by__isnull=False)
                | (~Q(state=ReportState.ACCEPTED) & Q(accepted_at__isnull=True, accepted_by__isnull=True)),
                name="report_accepted_has_time_and_person",
            ),
            models.CheckConstraint(
                condition=Q(added_since__isnull=True) | Q(first_submitted_at__isnull=False, accepted_at=None),
                name="report_back_for_added_tasks_was_filed",
            ),
            models.CheckConstraint(
                condition=Q(entered_by__isnull=True, entered_because="")
                | (Q(entered_by__isnull=False) & ~Q(entered_because="")),
                name="report_entered_for_a_unit_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}{self.period}"


class ProgressEntryQuerySet(models.QuerySet["ProgressEntry"]):
    """Conditions on entries, each asked in one place."""

    def untouched(self) -> "ProgressEntryQuerySet":
        """Return those in which nobody wrote and on which nothing stands, a matter, say: they may go."""
        return self.filter(version=0, attachments=None, matters=None, practice=None)


class ProgressEntry(models.Model):
    """One task inside one report. `version` grows with each save, so that a stale page is noticed.

    `added_at` is set where the table gave the task to the unit after its report was made.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="entries", verbose_name="填报")
    task = models.ForeignKey(Task, models.PROTECT, related_name="entries", verbose_name="任务")
    progress = models.TextField("工作进展", blank=True, help_text="截至填报日的实际进展")
    forecast = models.TextField("预计至期末", blank=True)
    status = models.CharField("状态", max_length=12, choices=ProgressStatus, blank=True)
    outlook = models.CharField("预计", max_length=8, choices=Outlook, blank=True)
    cause = models.CharField("滞后原因", max_length=16, choices=Cause, blank=True)
    remarks = models.TextField("备注", blank=True)
    no_news = models.BooleanField("本期无新进展", default=False)
    no_news_reason = models.CharField("无新进展的原因", max_length=300, blank=True)
    carried = models.CharField(
        "沿用上期文字", max_length=10, choices=CarriedText, blank=True, default=CarriedText.NO
    )
    status_note = models.CharField("状态与措施不一致的说明", max_length=300, blank=True)
    # {key of a gentle question (domain/reporting/questions.py): the reason given}
    answers = models.JSONField("对提示的说明", default=dict, blank=True)
    # {key of a box (domain/reporting/entry_values.py): text that is no number or day, or waits for its tick}
    typed = models.JSONField("原样保留的文字", default=dict, blank=True)
    evidence_number = models.CharField("佐证材料文号", max_length=100, blank=True)
    added_at = models.DateTimeField("新增任务时间", null=True, blank=True)
    # Whether what was filed last contradicts itself: kept at filing, for pages that read no submission.
    in_doubt = models.BooleanField("待核", default=False)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField("保存时间", null=True, blank=True)
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ProgressEntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作进展"
        ordering = ["task__number"]
        constraints = [
            UniqueConstraint(fields=["report", "task"], name="entry_one_per_report_and_task"),
            models.CheckConstraint(
                condition=Q(status="") | Q(status__in=ProgressStatus.values), name="entry_status_known"
            ),
            models.CheckConstraint(condition=Q(carried__in=CarriedText.values), name="entry_carried_known"),
            models.CheckConstraint(
                condition=Q(outlook="") | Q(outlook__in=Outlook.values), name="entry_outlook_known"
            ),
            models.CheckConstraint(
                condition=Q(cause="") | Q(cause__in=Cause.values, status__in=LAGGING_STATUSES),
                name="entry_cause_of_what_lags",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}：{self.task}"


class KeptEntry(models.Func):
    """What a submission's content keeps of one task, null if nothing; the database takes it out of the rest."""

    output_field = models.JSONField()

    def __init__(self, task: int) -> None:
        super().__init__("content", task=task)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        of_task = "json_extract(value, '$.task') = %(task)d"
        entry = f"(SELECT value FROM json_each(%(expressions)s, '$.entries') WHERE {of_task})"  # noqa: S608
        return self.as_sql(compiler, connection, template=entry, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        entry = "jsonb_path_query_first(%(expressions)s, '$.entries[*] ? (@.task == %(task)d)')"
        return self.as_sql(compiler, connection, template=entry, **context)


class Submission(models.Model):
    """A report as it was when it left the unit, whole; never changed afterwards (a database trigger refuses)."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="submissions", verbose_name="填报")
    number = models.PositiveSmallIntegerField("第几次报送")
    receipt = models.CharField("回执号", max_length=40, unique=True)
    content = models.JSONField("内容")
    fingerprint = models.CharField("内容指纹", max_length=64)
    is_late = models.BooleanField("补报")
    # A supplement for tasks added since then: entries added earlier were locked and say what they said before.
    added_since = models.DateTimeField("就新增任务补充，自", null=True)
    submitted_at = models.DateTimeField("报送时间")
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "报送记录"
        ordering = ["number"]
        constraints = [UniqueConstraint(fields=["report", "number"], name="submission_number_once")]

    def __str__(self) -> str:
        return self.receipt


# Until December 2026 a return with a category alone had its label as words. Those rows are never changed, so
# neither are these words, whatever a category is called now.
FORMER_LABELS = {
    ReturnCategory.NO_SUBSTANCE: "无实质内容",
    ReturnCategory.NO_DATA: "无数据",
    ReturnCategory.OFF_TOPIC: "答非所问",
    ReturnCategory.NO_NEXT_STEP: "未写下一步",
    ReturnCategory.OTHER_SCOPE: "口径不符",
    ReturnCategory.FORMAT: "格式",
}


class ReturnReason(models.Model):
    """Why the office returned one submission: for one task, or for the report as a whole (no task).

    A category, words of the office's own, or both.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="return_reasons")
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="+")
    category = models.CharField("退回类别", max_length=20, choices=ReturnCategory, blank=True)
    text = models.TextField("退回理由", blank=True)
    returned_at = models.DateTimeField("退回时间")
    returned_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "退回理由"
        ordering = ["task__number"]
        constraints = [
            UniqueConstraint(fields=["submission", "task"], name="return_reason_once_per_task"),
            UniqueConstraint(
                fields=["submission"], condition=Q(task__isnull=True), name="return_reason_once_for_the_whole"
            ),
            models.CheckConstraint(condition=~Q(text="", category=""), name="return_reason_not_empty"),
        ]

    def __str__(self) -> str:
        return self.in_words[:30]

    @property
    def own_words(self) -> str:
        """What the office wrote beside the category, "" where it only chose one."""
        is_former = bool(self.category) and self.text == FORMER_LABELS[ReturnCategory(self.category)]
        return "" if is_former else self.text

    @property
    def in_words(self) -> str:
        """Return the words, or what the category is called."""
        return self.own_words or self.get_category_display()
