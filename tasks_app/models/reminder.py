"""Reminders (提醒、催报): the ladder, the ledger of what became due, the day's message and its deliveries."""

from django.db import models
from django.db.models import Q, UniqueConstraint

from tasks_app.choices import Channel, DeliveryState

from .person import User
from .plan import Plan
from .report import Report
from .unit import Unit


class ReminderRung(models.Model):
    """One rung of a plan's ladder, `offset` working days from the limit: -10 before, 0 on the day, 1 after.

    `repeat_every` working days make the last rung come again and again until the report is filed.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="rungs", verbose_name="分解表")
    offset = models.SmallIntegerField("相对截止日（工作日）")
    repeat_every = models.PositiveSmallIntegerField("之后每隔（工作日）", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "提醒规则"
        ordering = ["offset"]
        constraints = [
            UniqueConstraint(fields=["plan", "offset"], name="rung_offset_once"),
            models.CheckConstraint(
                condition=Q(repeat_every__isnull=True) | Q(repeat_every__gt=0, offset__gt=0),
                name="rung_repeats_only_after_limit",
            ),
        ]

    def __str__(self) -> str:
        return f"T{self.offset:+d}" if self.offset else "T"


class Message(models.Model):
    """What one unit is told on one day, all it owes in one: the database allows no second one that day."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="messages", verbose_name="单位")
    day = models.DateField("日期")
    subject = models.CharField("标题", max_length=200)
    body = models.TextField("内容")
    created_at = models.DateTimeField("生成时间")

    class Meta:
        verbose_name = verbose_name_plural = "提醒消息"
        ordering = ["-created_at", "unit__position"]
        constraints = [UniqueConstraint(fields=["unit", "day"], name="message_one_per_unit_and_day")]

    def __str__(self) -> str:
        return self.subject


class Reminder(models.Model):
    """The ledger: this report (a unit in a period) reached this rung of this limit. Never deleted."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="reminders", verbose_name="填报")
    due_on = models.DateField("所催截止日")
    rung = models.SmallIntegerField("级次（工作日）")
    message = models.ForeignKey(Message, models.PROTECT, related_name="reminders", verbose_name="消息")
    created_at = models.DateTimeField("生成时间")

    class Meta:
        verbose_name = verbose_name_plural = "催报台账"
        ordering = ["-created_at"]
        constraints = [UniqueConstraint(fields=["report", "due_on", "rung"], name="reminder_once_per_rung")]

    def __str__(self) -> str:
        return f"{self.report} T{self.rung:+d}"


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
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    error = models.CharField("错误", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "消息发送"
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="delivery_queue")]
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
