"""The list of 督查单: number and colour, what it is about, where it stands, until when, how old."""

from datetime import date
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.escalation.queries import Card, card_of
from tasks_app.domain.escalation.rules import document_number
from tasks_app.models import SupervisionNotice
from tasks_app.templatetags.display import phone_label
from tasks_app.templatetags.escalation import colour_lamp, notice_lamp

from .columns import UnitColumn
from .listing import ListTable


class NoticeTable(ListTable):
    """One row a 督查单."""

    colour = tables.Column("督查单", order_by=("colour", "-drafted_at"))
    unit = UnitColumn("单位", order_by=("unit__position", "-drafted_at"))
    title = tables.Column("事由", orderable=False)
    state = tables.Column("状态", orderable=False)
    limit = tables.Column("时限", empty_values=(), order_by=("reply_due_on",))
    age = tables.Column("历时", empty_values=(), order_by=("-drafted_at",))

    class Meta:
        empty_text = "没有符合条件的督查单。"

    def __init__(self, data: Any, *, calendar: WorkingCalendar, today: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.calendar, self.today = calendar, today

    def _card(self, notice: SupervisionNotice) -> Card:
        return card_of(notice, self.today, self.calendar, is_settled=notice.plan.closed_at is not None)

    def render_colour(self, record: SupervisionNotice) -> SafeString:
        number = document_number(record) or "未编号"
        return format_html(
            '{}<div class="text-secondary text-nowrap">{}</div>', colour_lamp(record.colour), number
        )

    def render_title(self, record: SupervisionNotice) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("notice", args=[record.pk]), record.title)

    def render_state(self, record: SupervisionNotice) -> SafeString:
        return notice_lamp(record.state)

    def render_limit(self, record: SupervisionNotice) -> SafeString:
        card = self._card(record)
        if card.limit is None:
            return format_html("{}—", phone_label("时限"))
        what = "申辩" if card.limit == record.objection_due_on and not record.issued_at else "回复"
        left = format_html(
            '<span class="lamp lamp-bad"><span aria-hidden="true">✖</span> {}</span>', card.left
        )
        return format_html(
            '{}<span class="num text-nowrap">{}前{}</span><div>{}</div>',
            phone_label("时限"),
            card.limit.isoformat(),
            what,
            left if card.is_late else card.left,
        )

    def render_age(self, record: SupervisionNotice) -> SafeString:
        days = self._card(record).days
        return format_html('{}<span class="text-nowrap">{} 个工作日</span>', phone_label("历时"), days)
