"""The list of accounts."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tasks_app.models import User

from .columns import UnitColumn
from .listing import ListTable


class PeopleTable(ListTable):
    """One row an account; the name leads to it."""

    name = tables.Column("姓名")
    username = tables.Column("账号")
    unit = UnitColumn("单位", order_by=("unit__position", "username"))
    role = tables.Column("角色")
    phone = tables.Column("联系电话", orderable=False, default="—")
    email = tables.Column("邮箱", orderable=False, default="—")
    is_active = tables.Column("状态", orderable=False)

    class Meta:
        empty_text = "没有符合条件的人员"

    def render_name(self, record: User) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("person_edit", args=[record.pk]), record.name)

    def render_role(self, record: User) -> str:
        return record.get_role_display()

    def render_is_active(self, record: User) -> SafeString:
        if not record.is_active:
            return format_html('<span class="lamp lamp-quiet">{} 已停用</span>', "○")
        if record.must_change_password:
            return format_html('<span class="lamp lamp-notice">{} 尚未改初始密码</span>', "◇")
        return format_html('<span class="lamp lamp-good">{} 在用</span>', "✔")
