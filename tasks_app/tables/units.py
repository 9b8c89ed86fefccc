"""The list of units, the city first and what is below it indented."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tasks_app.models import Unit
from tasks_app.templatetags.display import phone_label

from .listing import ListTable


class UnitsTable(ListTable):
    """One row a unit; the figure leads to its people."""

    name = tables.Column("单位")
    kind = tables.Column("类别")
    short_name = tables.Column("简称")
    code = tables.Column("代码")
    aliases = tables.Column("别名")
    people_count = tables.Column("在用账号")
    is_active = tables.Column("状态")

    class Meta:
        orderable = False
        empty_text = "没有单位"

    def render_name(self, record: Unit) -> SafeString:
        return format_html(
            '<a class="{}" href="{}">{}</a>',
            "unit-below" if record.parent_id and record.kind not in ("province", "city") else "fw-semibold",
            reverse("unit_edit", args=[record.pk]),
            record.name,
        )

    def render_kind(self, record: Unit) -> str:
        return record.get_kind_display()

    def render_aliases(self, record: Unit) -> str:
        return "、".join(alias.name for alias in record.aliases.all()) or "—"

    def render_people_count(self, record: Unit, value: int) -> SafeString:
        return format_html(
            '{}<a class="num" href="{}?unit={}">{}<span class="visually-hidden"> 个账号</span></a>',
            phone_label("在用账号"),
            reverse("people"),
            record.pk,
            value,
        )

    def render_is_active(self, value: bool) -> SafeString:
        style, shape, word = ("good", "✔", "在用") if value else ("quiet", "○", "已停用")
        return format_html('<span class="lamp lamp-{}">{} {}</span>', style, shape, word)
