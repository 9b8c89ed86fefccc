"""The list of days that differ from plain Monday to Friday."""

from datetime import date
from typing import Any

import django_tables2 as tables
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tasks_app.choices import DayKind
from tasks_app.clock import WEEKDAYS
from tasks_app.models import SpecialDay

from .listing import ListTable


class SpecialDayTable(ListTable):
    """One row a day, with a button that takes it out."""

    day = tables.Column("日期")
    kind = tables.Column("类别")
    name = tables.Column("名称")
    delete = tables.Column("", empty_values=())

    class Meta:
        orderable = False
        empty_text = "这一年还没有录入放假和调休安排"

    def render_day(self, value: date) -> SafeString:
        return format_html(
            '<span class="num text-nowrap">{} 星期{}</span>', value.isoformat(), WEEKDAYS[value.weekday()]
        )

    def render_kind(self, value: Any, record: SpecialDay) -> SafeString:
        if record.kind == DayKind.HOLIDAY:
            return format_html('<span class="lamp lamp-bad">{} {}</span>', "休", DayKind.HOLIDAY.label)
        return format_html('<span class="lamp lamp-notice">{} {}</span>', "班", DayKind.WORKDAY.label)

    def render_delete(self, record: SpecialDay) -> SafeString:
        return format_html(
            '<form method="post" action="{}" data-confirm="从工作日历中删除 {}（{}）？">'
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<button class="btn btn-sm btn-link p-0" type="submit" aria-label="删除 {}">删除</button></form>',
            reverse("special_day_delete", args=[record.pk]),
            record.day.isoformat(),
            record.name,
            get_token(self.request),
            record.day.isoformat(),
        )
