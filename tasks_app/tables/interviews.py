"""The list of 约谈: number and matter, where it stands, when it is held, what is still to be corrected, how old."""

from datetime import date, datetime
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.interviews.queries import days_open
from tasks_app.domain.interviews.rules import document_number
from tasks_app.models import Interview
from tasks_app.templatetags.display import phone_label
from tasks_app.templatetags.escalation import interview_lamp

from .columns import UnitColumn
from .listing import ListTable


class InterviewTable(ListTable):
    """One row a 约谈, with its items counted (queries.counted)."""

    title = tables.Column("约谈事由", orderable=False)
    unit = UnitColumn("单位", order_by=("unit__position", "-proposed_at"))
    state = tables.Column("状态", orderable=False)
    planned_at = tables.Column("约谈时间", empty_values=(), order_by=("planned_at", "-proposed_at"))
    items = tables.Column("整改", accessor="items_open", order_by=("-items_late", "-items_open"))
    age = tables.Column("历时", empty_values=(), order_by=("-proposed_at",))

    class Meta:
        empty_text = "没有符合条件的约谈。"

    def __init__(self, data: Any, *, calendar: WorkingCalendar, today: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.calendar, self.today = calendar, today

    def render_title(self, record: Interview) -> SafeString:
        number = document_number(record) or "未编号"
        return format_html(
            '<a href="{}">{}</a><div class="text-secondary">{}</div>',
            reverse("interview", args=[record.pk]),
            record.title,
            number,
        )

    def render_state(self, record: Interview) -> SafeString:
        return interview_lamp(record.state)

    def render_planned_at(self, value: datetime | None, record: Interview) -> SafeString:
        if record.held_on:
            words = f"{record.held_on.isoformat()} 已约谈"
        else:
            words = f"{localtime(value):%Y-%m-%d %H:%M}" if value else "未定"
        return format_html('{}<span class="num text-nowrap">{}</span>', phone_label("约谈时间"), words)

    def render_items(self, record: Any) -> SafeString | str:
        if not record.items_total:
            return format_html("{}{}", phone_label("整改"), "—")
        if not record.items_open:
            return f"{record.items_total} 项已全部核验"
        reported = f"，{record.items_reported} 项待核验" if record.items_reported else ""
        words = f"{record.items_total} 项中 {record.items_open} 项未了结{reported}"
        if not record.items_late:
            return words
        return format_html(
            '{} <span class="lamp lamp-bad"><span aria-hidden="true">✖</span> {} 项逾期</span>',
            words,
            record.items_late,
        )

    def render_age(self, record: Interview) -> SafeString:
        days = days_open(record, self.today, self.calendar)
        return format_html('{}<span class="text-nowrap">{} 个工作日</span>', phone_label("历时"), days)
