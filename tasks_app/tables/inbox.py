"""One's own messages."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from tasks_app.models import Delivery

from .listing import ListTable


class InboxTable(ListTable):
    """One row a message; what is unread says so in words and stands out."""

    read_at = tables.Column("状态", empty_values=())
    message = tables.Column("消息")
    sent_at = tables.Column("时间")

    class Meta:
        orderable = False
        empty_text = "还没有消息。有填报临近截止或逾期时，系统会在这里提醒。"

    def render_read_at(self, record: Delivery) -> SafeString:
        style, shape, word = ("quiet", "○", "已读") if record.read_at else ("notice", "●", "未读")
        return format_html(
            '<span class="lamp lamp-{}"><span aria-hidden="true">{}</span> {}</span>', style, shape, word
        )

    def render_message(self, record: Delivery) -> SafeString:
        style = "" if record.read_at else "fw-semibold"
        return format_html(
            '<a class="{}" href="{}">{}</a>',
            style,
            reverse("inbox_read", args=[record.pk]),
            record.message.subject,
        )

    def render_sent_at(self, value: Any) -> SafeString:
        return format_html(
            '<span class="num text-nowrap">{}</span>', localtime(value).strftime("%Y-%m-%d %H:%M")
        )
