"""Reminders (提醒、催报): the ladder, the ledger of what became due, the day's message and its deliveries."""

from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q, UniqueConstraint

from tasks_app.choices import OUTGOING, Channel, DeliveryState

from .interview import Interview
from .matter import Matter
from .notice import SupervisionNotice
from .person import User
from .plan import Plan
from .report import Report
from .unit import Unit

DOUBTFUL = (DeliveryState.UNCERTAIN, DeliveryState.FAILED)
# What a row of the ledger may be about: one of these, which one its kind says (domain/reminders/kinds).
THINGS = ("report", "notice", "interview", "matter")


class ReminderRung(models.Model):
    """One rung of a plan's ladder for one kind of obligation, `offset` working days from the limit.

    -10 is before it, 0 on the day, 1 after; -100 is the day on which a period opens. `repeat_every` working
    days make the last rung come again and again. `channel` is tried first, the others that are set up after
    it. Empty words are the program's own (domain/reminders/wording.py).
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="rungs", verbose_name="分解表")
    kind = models.CharField("事项", max_length=12)
    offset = models.SmallIntegerField("相对时限（工作日）")
    repeat_every = models.PositiveSmallIntegerField("之后每隔（工作日）", null=True, blank=True)
    tells_filler = models.BooleanField("填报员", default=True)
    tells_signer = models.BooleanField("审签人", default=False)
    tells_office = models.BooleanField("市医改办", default=False)
    channel = models.CharField("首选渠道", max_length=10, choices=Channel, default=Channel.EMAIL)
    words = models.TextField("措辞", blank=True, max_length=500)

    class Meta:
        verbose_name = verbose_name_plural = "提醒规则"
        ordering = ["kind", "offset"]
        constraints = [
            UniqueConstraint(fields=["plan", "kind", "offset"], name="rung_offset_once"),
            models.CheckConstraint(
                condition=Q(repeat_every__isnull=True) | Q(repeat_every__gt=0, offset__gt=0),
                name="rung_repeats_only_after_limit",
            ),
            models.CheckConstraint(
                condition=Q(tells_filler=True) | Q(tells_signer=True) | Q(tells_office=True),
                name="rung_tells_somebody",
            ),
            models.CheckConstraint(condition=~Q(kind=""), name="rung_has_kind"),
        ]

    def __str__(self) -> str:
        return f"T{self.offset:+d}" if self.offset else "T"


class MessageQuerySet(models.QuerySet["Message"]):
    """Conditions on messages, each asked in one place."""

    def of_the_day(self, day: date) -> "MessageQuerySet":
        """Return the one message of `day` of each unit, without what was told at once."""
        return self.filter(day=day, is_at_once=False)


class Message(models.Model):
    """What one unit is told on one day, all it owes in one: the database allows no second one that day.

    The office is told of its own matters in the same way, as the people of the city's unit. What is told at once
    (当即告知) has a message of its own beside it.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="messages", verbose_name="单位")
    day = models.DateField("日期")
    is_at_once = models.BooleanField("当即告知", default=False)
    subject = models.CharField("标题", max_length=200)
    body = models.TextField("内容")
    created_at = models.DateTimeField("生成时间")

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提醒消息"
        ordering = ["-created_at", "unit__position"]
        constraints = [
            UniqueConstraint(
                fields=["unit", "day"], condition=Q(is_at_once=False), name="message_one_per_unit_and_day"
            )
        ]

    def __str__(self) -> str:
        return self.subject


class Reminder(models.Model):
    """The ledger: this obligation reached this rung of this limit, and unit or office was told. Never deleted."""

    kind = models.CharField("事项", max_length=12)
    report = models.ForeignKey(
        Report, models.PROTECT, null=True, related_name="reminders", verbose_name="填报"
    )
    notice = models.ForeignKey(
        SupervisionNotice, models.PROTECT, null=True, related_name="reminders", verbose_name="督查单"
    )
    interview = models.ForeignKey(
        Interview, models.PROTECT, null=True, related_name="reminders", verbose_name="约谈"
    )
    matter = models.ForeignKey(
        Matter, models.PROTECT, null=True, related_name="reminders", verbose_name="事项"
    )
    due_on = models.DateField("所催时限")
    rung = models.SmallIntegerField("级次（工作日）")
    to_office = models.BooleanField("告知市医改办", default=False)
    message = models.ForeignKey(Message, models.PROTECT, related_name="reminders", verbose_name="消息")
    created_at = models.DateTimeField("生成时间")

    class Meta:
        verbose_name = verbose_name_plural = "催报台账"
        ordering = ["-created_at"]
        constraints = [
            *(
                UniqueConstraint(
                    fields=["kind", thing, "due_on", "rung", "to_office"],
                    condition=Q(**{f"{thing}__isnull": False}),
                    name=f"reminder_once_per_rung_of_{thing}",
                )
                for thing in THINGS
            ),
            models.CheckConstraint(
                condition=reduce(
                    or_, (Q(**{f"{thing}__isnull": thing != one for thing in THINGS}) for one in THINGS)
                ),
                name="reminder_of_one_thing",
            ),
            models.CheckConstraint(condition=~Q(kind=""), name="reminder_has_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} T{self.rung:+d}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Conditions on deliveries, each asked in one place."""

    def given(self, at: datetime | None = None) -> "DeliveryQuerySet":
        """Return those by which somebody was reminded (by the moment `at`): it left the house, or was read in it."""
        left = Q(state=DeliveryState.SENT, channel__in=OUTGOING)
        read = Q(read_at__isnull=False)
        if at is not None:
            left, read = left & Q(sent_at__lte=at), Q(read_at__lte=at)
        return self.filter(left | read)

    def outgoing(self) -> "DeliveryQuerySet":
        """Return those that leave the program."""
        return self.exclude(channel=Channel.IN_APP)

    def pending(self) -> "DeliveryQuerySet":
        """Return those that were not claimed for sending."""
        return self.filter(state=DeliveryState.PENDING)

    def doubtful(self) -> "DeliveryQuerySet":
        """Return those that wait for a person's decision: perhaps sent, or failed."""
        return self.filter(state__in=DOUBTFUL)

    def in_inboxes(self) -> "DeliveryQuerySet":
        """Return those that people read in the program."""
        return self.filter(channel=Channel.IN_APP, state=DeliveryState.SENT)

    def unread(self) -> "DeliveryQuerySet":
        """Return those that nobody has opened."""
        return self.filter(read_at__isnull=True)


def told_since(moment: datetime) -> Q:
    """Return the condition that a letter has left, for certain or perhaps, since `moment`."""
    return Q(sent_at__gt=moment) | Q(state=DeliveryState.UNCERTAIN, claimed_at__gt=moment)


class Delivery(models.Model):
    """One message to one person by one channel, and what became of it. The row is the queue."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="deliveries", verbose_name="消息")
    user = models.ForeignKey(User, models.PROTECT, related_name="deliveries", verbose_name="接收人")
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    address = models.CharField("地址", max_length=254, blank=True)
    state = models.CharField("结果", max_length=10, choices=DeliveryState, default=DeliveryState.PENDING)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    next_attempt_at = models.DateTimeField("下次发送")
    claimed_at = models.DateTimeField("领取时间", null=True, blank=True)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    # When it failed, was cancelled or came into doubt.
    settled_at = models.DateTimeField("了结时间", null=True, blank=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    error = models.CharField("错误", max_length=300, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "消息发送"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="delivery_queue"),
            # Whether a person or an address was written to within the last 24 hours is asked before each letter.
            models.Index(fields=["user", "sent_at"], name="delivery_user_sent"),
            models.Index(fields=["address", "sent_at"], name="delivery_address_sent"),
        ]
        constraints = [
            UniqueConstraint(fields=["message", "user", "channel"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.SENT, sent_at__isnull=False)
                | (~Q(state=DeliveryState.SENT) & Q(sent_at__isnull=True)),
                name="delivery_sent_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.SENDING) | Q(claimed_at__isnull=False),
                name="delivery_sending_has_claim",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message} → {self.user}"
