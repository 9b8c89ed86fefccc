"""Escalation: 提醒约谈; the items of its list of corrections are matters (models/matter.py)."""

from django.db import models
from django.db.models import Q, UniqueConstraint

from tasks_app.choices import InterviewState

from .notice import SupervisionNotice
from .person import User
from .plan import Plan
from .unit import Unit

OPEN_STATES = [
    InterviewState.PROPOSED,
    InterviewState.NOTIFIED,
    InterviewState.HELD,
    InterviewState.CORRECTING,
]
# A unit knows of a 约谈 from its notice on; one that was given up before stays the office's own.
TOLD = Q(number__isnull=False)


class InterviewQuerySet(models.QuerySet["Interview"]):
    """Conditions on 约谈, each asked in one place."""

    def in_running_years(self) -> "InterviewQuerySet":
        """Return those of years that are not settled: nothing is waited for in one that is."""
        return self.filter(plan__closed_at=None)

    def open(self) -> "InterviewQuerySet":
        """Return those that are not over."""
        return self.filter(state__in=OPEN_STATES)

    def not_given_up(self) -> "InterviewQuerySet":
        """Return those that are to be held, or were."""
        return self.exclude(state=InterviewState.WITHDRAWN)

    def told(self) -> "InterviewQuerySet":
        """Return those that their units know of."""
        return self.filter(TOLD)

    def called(self) -> "InterviewQuerySet":
        """Return those to which units are called and that were not held yet."""
        return self.filter(state=InterviewState.NOTIFIED)

    def correcting(self) -> "InterviewQuerySet":
        """Return those that ended in a list of corrections which is worked on."""
        return self.filter(state=InterviewState.CORRECTING)


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

    objects = InterviewQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提醒约谈"
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            UniqueConstraint(fields=["issuer", "year", "number"], name="interview_number_once_a_year"),
            UniqueConstraint(
                fields=["thing"],
                condition=Q(state__in=OPEN_STATES),
                name="interview_one_open_per_thing",
            ),
            models.CheckConstraint(
                condition=Q(state__in=InterviewState.values), name="interview_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[InterviewState.PROPOSED, InterviewState.WITHDRAWN])
                | Q(year__isnull=False, number__isnull=False, planned_at__isnull=False),
                name="interview_notified_has_number_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[InterviewState.HELD, InterviewState.CORRECTING, InterviewState.CLOSED]
                )
                | (Q(held_on__isnull=False) & ~Q(record="")),
                name="interview_held_has_record",
            ),
        ]

    def __str__(self) -> str:
        return f"约谈{self.unit}：{self.title}"
