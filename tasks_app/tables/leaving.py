"""What would leave if sending were released."""

import django_tables2 as tables

from .listing import ListTable


class LeavingTable(ListTable):
    """One row a letter."""

    unit = tables.Column("单位")
    person = tables.Column("接收人")
    channel = tables.Column("渠道")
    subject = tables.Column("标题")
    is_draft = tables.Column("情况")

    class Meta:
        orderable = False
        empty_text = "没有等着发出的消息"

    def render_is_draft(self, value: bool) -> str:
        return "到了时间，还没有生成" if value else "已生成，待发"
