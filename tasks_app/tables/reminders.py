"""The ledger of messages, and the deliveries that wait for a person's decision."""

from collections import Counter
from datetime import datetime
from typing import Any

import django_tables2 as tables
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from tasks_app.choices import Channel, DeliveryState
from tasks_app.domain.reminders.kinds import KINDS
from tasks_app.domain.reminders.ladder import rung_words
from tasks_app.domain.reminders.obligations import named
from tasks_app.domain.reminders.rungs import rung_label
from tasks_app.models import Delivery, Message
from tasks_app.templatetags.display import lamp, unit_name

from .columns import UnitColumn
from .listing import ListTable


def _clock(value: Any) -> str:
    return localtime(value).strftime("%m-%d %H:%M")


class LedgerTable(ListTable):
    """One row a message: which rungs it stands for, its words, and what became of it for each person."""

    day = tables.Column("日期")
    unit = UnitColumn("单位")
    rungs = tables.Column("提醒事由", empty_values=())
    subject = tables.Column("消息")
    outcome = tables.Column("接收人与结果", empty_values=())

    class Meta:
        orderable = False
        empty_text = "没有符合条件的提醒消息"

    def render_day(self, value: Any) -> SafeString:
        return format_html('<span class="num text-nowrap">{}</span>', value.isoformat())

    def render_rungs(self, record: Message) -> SafeString:
        # The office's message is about many units: what is the same of them is one line.
        reasons = Counter(
            (rung_words(one.rung, KINDS[one.kind]), named(one), rung_label(one.rung))
            for one in record.reminders.all()
        )
        return format_html_join(
            "",
            '<div title="{}">{} {}{}</div>',
            ((*reason, f"（{units}个单位）" if units > 1 else "") for reason, units in reasons.items()),
        )

    def render_subject(self, record: Message) -> SafeString:
        return format_html(
            '<details><summary>{}</summary><div class="preserve-lines message-body">{}</div></details>',
            record.subject,
            record.body,
        )

    def render_outcome(self, record: Message) -> SafeString:
        people: dict[str, list[SafeString]] = {}
        for delivery in record.deliveries.all():
            people.setdefault(delivery.user.name, []).append(self.became_of(delivery))
        return format_html_join(
            "",
            '<div class="outcome">{} {}</div>',
            (
                (name, format_html_join(" ", "{}", ((each,) for each in lamps)))
                for name, lamps in people.items()
            ),
        )

    def became_of(self, delivery: Delivery) -> SafeString:
        """Return what became of one delivery."""
        if delivery.channel == Channel.IN_APP:
            return outcome_in_app(delivery.read_at)
        return outcome_sent(delivery)


def outcome_in_app(read_at: datetime | None) -> SafeString:
    """Return whether somebody has read an in-app message, and when."""
    style, shape, word = ("good", "✔", "已读") if read_at else ("plain", "○", "未读")
    title = f"站内，{_clock(read_at)} 阅读" if read_at else "站内，尚未阅读"
    return format_html(
        '<span class="lamp lamp-{}" title="{}"><span aria-hidden="true">{}</span> 站内{}</span>',
        style, title, shape, word,
    )  # fmt: skip


def outcome_sent(delivery: Delivery) -> SafeString:
    """Return what became of a delivery by any other channel."""
    if delivery.state == DeliveryState.SENT and delivery.sent_at:
        title = f"{_clock(delivery.sent_at)} 发出"
    else:
        title = delivery.error
    title, channel = f"{delivery.address} {title}".strip(), delivery.get_channel_display()
    return format_html('<span title="{}">{}</span>', title, lamp(delivery.state, f"·{channel}"))


class DoubtfulTable(ListTable):
    """One row a delivery that nobody but a person can settle."""

    message = tables.Column("日期、单位")
    user = tables.Column("接收人")
    state = tables.Column("结果")
    error = tables.Column("原因")
    decide = tables.Column("处理", empty_values=())

    class Meta:
        orderable = False

    def render_message(self, record: Delivery) -> SafeString:
        return format_html(
            '<span class="num">{}</span> {}', record.message.day.isoformat(), unit_name(record.message.unit)
        )

    def render_user(self, record: Delivery) -> SafeString:
        return format_html('{}<div class="text-secondary">{}</div>', record.user.name, record.address)

    def render_state(self, record: Delivery) -> SafeString:
        return lamp(record.state)

    def render_decide(self, record: Delivery) -> SafeString:
        settle = "视为已发" if record.state == DeliveryState.UNCERTAIN else "已另行通知"
        button = (
            '<button class="btn btn-sm btn-outline-{}" type="submit" name="decision" value="{}">{}</button>'
        )
        choices = [("primary", "resend", "重发"), ("secondary", "sent", settle)]
        return format_html(
            '<form method="post" action="{}" class="d-flex gap-2">'
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}">{}</form>',
            reverse("delivery_decide", args=[record.pk]),
            get_token(self.request),
            format_html_join("", button, choices),
        )
