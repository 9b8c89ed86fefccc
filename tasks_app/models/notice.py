"""Escalation: 三色督查单, and the suggestions that the office decided not to follow."""

from django.db import models
from django.db.models import Q, UniqueConstraint

from tasks_app.choices import NoticeColour, NoticeState

from .person import User
from .plan import Plan, Task
from .report import Report
from .unit import Unit

OPEN_STATES = [
    NoticeState.DRAFT,
    NoticeState.HEARING,
    NoticeState.ISSUED,
    NoticeState.ACKNOWLEDGED,
    NoticeState.REPLIED,
]
UNANSWERED_STATES = frozenset({NoticeState.ISSUED, NoticeState.ACKNOWLEDGED})
# A unit knows of a 督查单 from the day it was asked for its objection.
TOLD = Q(objection_due_on__isnull=False) & ~Q(state=NoticeState.DRAFT)
NUMBERED_STATES = [
    NoticeState.ISSUED,
    NoticeState.ACKNOWLEDGED,
    NoticeState.REPLIED,
    NoticeState.CLOSED,
    NoticeState.RAISED,
]


class NoticeQuerySet(models.QuerySet["SupervisionNotice"]):
    """Conditions on 督查单, each asked in one place."""

    def open(self) -> "NoticeQuerySet":
        """Return those that are not over."""
        return self.filter(state__in=OPEN_STATES)

    def in_running_years(self) -> "NoticeQuerySet":
        """Return those of years that are not settled: nothing is waited for in one that is."""
        return self.filter(plan__closed_at=None)

    def told(self) -> "NoticeQuerySet":
        """Return those that their units know of."""
        return self.filter(TOLD)

    def issued(self) -> "NoticeQuerySet":
        """Return those that were issued, whatever became of them."""
        return self.filter(issued_at__isnull=False)

    def unanswered(self) -> "NoticeQuerySet":
        """Return those issued that their units have to reply to."""
        return self.filter(state__in=UNANSWERED_STATES)

    def replied(self) -> "NoticeQuerySet":
        """Return those whose reply the office has to judge."""
        return self.filter(state=NoticeState.REPLIED)


class SupervisionNotice(models.Model):
    """督查单: one thing each (一事一单), issued by a person, numbered per issuer and year when it is issued.

    `thing` names the one thing in a word that does not change (domain/escalation/rules.py); while one notice
    of a thing is open there is no second one. `predecessor` is the notice of the colour before.
    """

    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="发出单位")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="notices", verbose_name="分解表")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="notices", verbose_name="被督查单位")
    thing = models.CharField("事项标识", max_length=80)
    report = models.ForeignKey(
        Report, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name="填报"
    )
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name="任务"
    )
    colour = models.CharField("颜色", max_length=6, choices=NoticeColour)
    state = models.CharField("状态", max_length=12, choices=NoticeState, default=NoticeState.DRAFT)
    year = models.PositiveSmallIntegerField("年份", null=True, blank=True)
    number = models.PositiveIntegerField("编号", null=True, blank=True)
    title = models.CharField("事由", max_length=200)
    grounds = models.TextField("督查依据")
    requirement = models.TextField("督办要求")
    # Why an important matter starts at orange, or further up, at once.
    higher_because = models.CharField("直接使用较高颜色的理由", max_length=300, blank=True)
    predecessor = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="successor", verbose_name="上一单"
    )
    objection_due_on = models.DateField("申辩截止日", null=True, blank=True)
    reply_due_on = models.DateField("回复截止日")
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="拟稿人")
    drafted_at = models.DateTimeField("拟稿时间")
    issued_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签发人"
    )
    issued_at = models.DateTimeField("签发时间", null=True, blank=True)
    replied_at = models.DateTimeField("最近回复时间", null=True, blank=True)
    closed_at = models.DateTimeField("了结时间", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "督查单"
        ordering = ["-drafted_at", "-pk"]
        constraints = [
            UniqueConstraint(fields=["issuer", "year", "number"], name="notice_number_once_a_year"),
            UniqueConstraint(
                fields=["thing"], condition=Q(state__in=OPEN_STATES), name="notice_one_open_per_thing"
            ),
            models.CheckConstraint(condition=Q(state__in=NoticeState.values), name="notice_state_known"),
            models.CheckConstraint(condition=Q(colour__in=NoticeColour.values), name="notice_colour_known"),
            models.CheckConstraint(
                condition=Q(
                    state__in=NUMBERED_STATES,
                    year__isnull=False,
                    number__isnull=False,
                    issued_at__isnull=False,
                    issued_by__isnull=False,
                )
                | Q(
                    state__in=[NoticeState.DRAFT, NoticeState.HEARING],
                    year__isnull=True,
                    number__isnull=True,
                    issued_at__isnull=True,
                    issued_by__isnull=True,
                )
                | Q(state=NoticeState.WITHDRAWN),
                name="notice_issued_has_number_and_person",
            ),
            models.CheckConstraint(
                condition=~Q(state=NoticeState.HEARING) | Q(objection_due_on__isnull=False),
                name="notice_hearing_has_limit",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(grounds="") & ~Q(requirement=""), name="notice_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_colour_display()}督查单：{self.title}"


class SetAside(models.Model):
    """A suggestion that a person decided not to follow, with the reason; it is not suggested again."""

    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    thing = models.CharField("事项标识", max_length=120)
    reason = models.CharField("理由", max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "暂不督办"
        ordering = ["-at"]
        constraints = [
            UniqueConstraint(fields=["issuer", "thing"], name="set_aside_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="set_aside_has_reason"),
        ]

    def __str__(self) -> str:
        return self.reason
