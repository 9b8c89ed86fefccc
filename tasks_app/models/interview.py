"""Escalation: 提醒约谈 with its list of corrections, and the dated, signed steps of notices and interviews."""

from django.db import models
from django.db.models import Q, UniqueConstraint

from tasks_app.choices import InterviewState, StepKind

from .notice import SupervisionNotice
from .person import User
from .plan import Plan
from .unit import Unit

S = InterviewState


class Interview(models.Model):
    """提醒约谈: proposal → notice → record → list of corrections → 销号.

    `thing` as in SupervisionNotice; year and number are given when the notice of the interview goes out.
    """

    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="约谈单位")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="interviews", verbose_name="分解表")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="interviews", verbose_name="被约谈单位")
    thing = models.CharField("事项标识", max_length=80)
    notice = models.ForeignKey(
        SupervisionNotice,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="interviews",
        verbose_name="督查单",
    )
    state = models.CharField("状态", max_length=12, choices=InterviewState, default=InterviewState.PROPOSED)
    year = models.PositiveSmallIntegerField("年份", null=True, blank=True)
    number = models.PositiveIntegerField("编号", null=True, blank=True)
    title = models.CharField("约谈事由", max_length=200)
    grounds = models.TextField("约谈依据")
    interviewee = models.CharField("被约谈人（姓名、职务）", max_length=100, blank=True)
    interviewer = models.CharField("约谈人（姓名、职务）", max_length=100, blank=True)
    planned_at = models.DateTimeField("约谈时间", null=True, blank=True)
    place = models.CharField("约谈地点", max_length=100, blank=True)
    held_on = models.DateField("实际约谈日期", null=True, blank=True)
    record = models.TextField("约谈记录", blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间")
    closed_at = models.DateTimeField("了结时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "提醒约谈"
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            UniqueConstraint(fields=["issuer", "year", "number"], name="interview_number_once_a_year"),
            UniqueConstraint(
                fields=["thing"],
                condition=Q(state__in=[S.PROPOSED, S.NOTIFIED, S.HELD, S.CORRECTING]),
                name="interview_one_open_per_thing",
            ),
            models.CheckConstraint(condition=Q(state__in=S.values), name="interview_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=[S.PROPOSED, S.WITHDRAWN])
                | Q(year__isnull=False, number__isnull=False, planned_at__isnull=False),
                name="interview_notified_has_number_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[S.HELD, S.CORRECTING, S.CLOSED])
                | (Q(held_on__isnull=False) & ~Q(record="")),
                name="interview_held_has_record",
            ),
        ]

    def __str__(self) -> str:
        return f"约谈{self.unit}：{self.title}"


class Correction(models.Model):
    """One item of an interview's list of corrections, with its limit; verified one by one."""

    interview = models.ForeignKey(Interview, models.PROTECT, related_name="corrections", verbose_name="约谈")
    number = models.PositiveSmallIntegerField("序号")
    text = models.TextField("整改事项")
    due_on = models.DateField("整改时限")
    answer = models.TextField("整改情况", blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField("报告时间", null=True, blank=True)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField("核验时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "整改事项"
        ordering = ["number"]
        constraints = [
            UniqueConstraint(fields=["interview", "number"], name="correction_number_once"),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True) | Q(answered_at__isnull=False),
                name="correction_answered_before_verified",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="correction_answer_has_person",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="correction_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:30]}"


class EscalationStep(models.Model):
    """台账: one dated and signed step of a 督查单 or a 约谈. Written once, never changed."""

    notice = models.ForeignKey(SupervisionNotice, models.PROTECT, null=True, related_name="steps")
    interview = models.ForeignKey(Interview, models.PROTECT, null=True, related_name="steps")
    kind = models.CharField("步骤", max_length=12, choices=StepKind)
    text = models.TextField("内容", blank=True)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经办人")
    # As it was: people change posts, the ledger does not.
    by_name = models.CharField("经办人姓名", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "督办台账"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(notice__isnull=False, interview__isnull=True)
                | Q(notice__isnull=True, interview__isnull=False),
                name="step_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(kind__in=StepKind.values), name="step_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.by_name}"
