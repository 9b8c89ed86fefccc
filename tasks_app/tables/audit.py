"""The audit trail as a list, with every change readable: field, before, after."""

from datetime import datetime
from typing import Any

import django_tables2 as tables
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateTimeField, Field, Model
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from tasks_app.models import AuditEvent, ProgressEntry

from .columns import UnitColumn
from .listing import ListTable

# What is changed with a thing but is no field of its own, and the fields of a request before it became a matter.
LABELS = {
    "aliases": "别名",
    "addressee": "请谁协调",
    "text": "事项",
    "answer": "答复",
    "wanted_on": "希望答复",
}
LONG = 60  # longer texts are folded


class AuditTable(ListTable):
    """One row a step."""

    at = tables.Column("时间")
    actor_name = tables.Column("操作人")
    action = tables.Column("操作")
    unit = UnitColumn("所涉单位", default="—")
    target_label = tables.Column("对象", default="—")
    changes = tables.Column("变化与说明", empty_values=())

    class Meta:
        orderable = False
        empty_text = "没有符合条件的记录"

    def render_at(self, value: Any) -> SafeString:
        return format_html(
            '<time class="num text-nowrap">{}</time>', localtime(value).strftime("%Y-%m-%d %H:%M:%S")
        )

    def render_action(self, record: AuditEvent) -> str:
        return record.get_action_display()

    def render_target_label(self, record: AuditEvent) -> str:
        model = _model(record)
        return f"{model._meta.verbose_name}：{record.target_label}" if model else record.target_label

    def render_changes(self, record: AuditEvent) -> SafeString:
        parts = [format_html('<div class="preserve-lines">{}</div>', record.note)] if record.note else []
        rows = readable(record)
        if all(is_blank(change) for change in record.changes.values()):  # something new: what it began with
            shown = [(label, after) for label, _, after in rows]
            parts.append(format_html_join("；", '<span class="text-secondary">{}：</span>{}', shown))
        else:
            line = '<div><span class="text-secondary">{}：</span>{} → {}</div>'
            parts.append(format_html_join("", line, rows))
        return format_html_join("", "{}", ((part,) for part in parts))


def is_blank(change: Any) -> bool:
    """Tell whether a change has nothing before it."""
    return isinstance(change, list) and len(change) == 2 and change[0] in (None, "")


def readable(event: AuditEvent) -> list[tuple[str, SafeString, SafeString]]:
    """Return (label, before, after) for every changed field, in the words of the screens."""
    rows = []
    for name, change in event.changes.items():
        field = _field(event, name)
        label = str(field.verbose_name) if field is not None else LABELS.get(name, name)
        before, after = change if isinstance(change, list) and len(change) == 2 else ("", change)
        if before in (None, "") and after in (None, ""):
            continue
        rows.append((label, _shown(field, before), _shown(field, after)))
    return rows


def _model(event: AuditEvent) -> type[Model] | None:
    try:
        return apps.get_model("tasks_app", event.target_kind) if event.target_kind else None
    except LookupError:  # the trail outlives the models it speaks of
        return None


def _field(event: AuditEvent, name: str) -> Field | None:
    # What is typed for one task is recorded with its report.
    for model in (_model(event), ProgressEntry):
        try:
            field = model._meta.get_field(name) if model else None
        except FieldDoesNotExist:
            continue
        if isinstance(field, Field):
            return field
    return None


def _shown(field: Field | None, value: Any) -> SafeString:
    if value is None or value == "":
        return format_html('<span class="text-secondary">{}</span>', "（空）")
    if isinstance(value, bool):
        text = "是" if value else "否"
    elif isinstance(field, DateTimeField):
        text = localtime(datetime.fromisoformat(value)).strftime("%Y-%m-%d %H:%M:%S")
    else:
        choices = dict(field.flatchoices) if field is not None else {}
        text = str(choices.get(value, value) if isinstance(value, str | int) else value)
    if len(text) <= LONG:
        return format_html('<span class="preserve-lines">{}</span>', text)
    return format_html(
        '<details class="d-inline-block align-top"><summary>{}…</summary>'
        '<div class="preserve-lines">{}</div></details>',
        text[: LONG // 2],
        text,
    )
