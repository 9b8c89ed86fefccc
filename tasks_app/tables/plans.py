"""Lists of plans and of imports."""

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tasks_app.choices import ImportState, Severity
from tasks_app.models import Plan, PlanImport

from .listing import ListTable

STATE_LOOKS = {
    ImportState.READING: ("plain", "…"),
    ImportState.FAILED: ("bad", "✖"),
    ImportState.PREVIEWED: ("notice", "◇"),
    ImportState.APPLIED: ("good", "✔"),
    ImportState.DISCARDED: ("quiet", "○"),
    ImportState.UNDONE: ("quiet", "↩"),
}


SETTLED = mark_safe(' <span class="text-secondary">（已办结）</span>')


class PlansTable(ListTable):
    """The years, newest first."""

    year = tables.Column("年度")
    title = tables.Column("标题")
    document_number = tables.Column("文号", default="—")
    section_count = tables.Column("工作任务")
    task_count = tables.Column("主要目标要求")

    class Meta:
        orderable = False
        empty_text = "还没有分解表。"

    def render_title(self, record: Plan) -> SafeString:
        settled = SETTLED if record.closed_at else ""
        return format_html('<a href="{}">{}</a>{}', reverse("plan", args=[record.pk]), record.title, settled)

    def render_task_count(self, record: Plan, value: int) -> SafeString:
        return format_html(
            '<a class="num" href="{}">{}<span class="visually-hidden"> 项任务</span></a>',
            reverse("plan", args=[record.pk]),
            value,
        )


class PlanImportsTable(ListTable):
    """Uploads, newest first."""

    uploaded_at = tables.Column("上传时间")
    file_name = tables.Column("文件")
    year = tables.Column("年度", default="—")
    state = tables.Column("状态")
    problems = tables.Column("检查结果", empty_values=())
    uploaded_by = tables.Column("上传人", default="系统")
    applied_at = tables.Column("导入时间", default="—")

    class Meta:
        orderable = False
        empty_text = "还没有导入过分解表。请在上方选择文件。"

    def render_file_name(self, record: PlanImport) -> SafeString:
        address = reverse("plan_import", args=[record.pk])
        return format_html('<a href="{}">{}</a>', address, record.file_name)

    def render_state(self, record: PlanImport) -> SafeString:
        style, shape = STATE_LOOKS[ImportState(record.state)]
        return format_html(
            '<span class="lamp lamp-{}"><span aria-hidden="true">{}</span> {}</span>',
            style,
            shape,
            record.get_state_display(),
        )

    def render_problems(self, record: PlanImport) -> SafeString | str:
        errors = sum(problem["severity"] == Severity.ERROR for problem in record.problems)
        warnings = len(record.problems) - errors
        if record.state == ImportState.READING:
            return "—"
        if not record.problems:
            return "无问题"
        words = "、".join(
            f"{count} {label}" for count, label in ((errors, "处错误"), (warnings, "处提示")) if count
        )
        return format_html('<a href="{}#problems">{}</a>', reverse("plan_import", args=[record.pk]), words)

    def render_uploaded_by(self, record: PlanImport) -> str:
        return record.uploaded_by.name if record.uploaded_by else "系统"

    def render_uploaded_at(self, record: PlanImport) -> str:
        return f"{timezone.localtime(record.uploaded_at):%Y-%m-%d %H:%M}"

    def render_applied_at(self, record: PlanImport) -> str:
        return f"{timezone.localtime(record.applied_at):%Y-%m-%d %H:%M}" if record.applied_at else "—"
