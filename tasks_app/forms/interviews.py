"""What is typed about 约谈: the proposal, its notice, the record, the list of corrections, reports, the filter."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from tasks_app.choices import InterviewState
from tasks_app.clock import local_date
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.escalation.rules import better_day
from tasks_app.domain.interviews.rules import Demand
from tasks_app.domain.matters.papers import OPEN
from tasks_app.models import Plan, Unit

from .escalation import GROUNDS_LIMIT, LimitForm, PaperFilter
from .fields import MISSING, UnitField, day_field, line_field, sensible_day, words_field

RECORD_LIMIT, REASON_LIMIT = 10_000, 500
ROWS, MOST_ROWS = 3, 30


class ProposalForm(forms.Form):
    """What a 约谈 shall be about; unit and plan are settled once it is proposed."""

    title = line_field("约谈事由", limit=200)
    grounds = words_field(
        "约谈依据",
        rows=10,
        limit=GROUNDS_LIMIT,
        help_text="写明何事、何时要求、目前情况。发出约谈通知后，单位会看到全文。",
    )


class NewForm(ProposalForm):
    """A proposal that follows from no 督查单: also whom and which year's table it is about."""

    def __init__(self, *args: Any, units: QuerySet[Unit], plans: QuerySet[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(
            units, label="被约谈单位", empty_label="请选择", error_messages=MISSING
        )
        self.fields["plan"] = forms.ModelChoiceField(
            plans, label="分解表", empty_label=None, error_messages=MISSING
        )
        self.order_fields(["unit", "plan", "title", "grounds"])


class NotifyForm(LimitForm):
    """When, where and between whom; a day off is answered with a proposal."""

    planned_at = forms.DateTimeField(
        label="约谈时间",
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        validators=[sensible_day],
        error_messages={**MISSING, "invalid": "请填写正确的日期和时间。"},
    )
    place = line_field("约谈地点", limit=100)
    interviewer = line_field("约谈人（姓名、职务）", limit=100)
    interviewee = line_field("被约谈人（姓名、职务）", limit=100)

    def clean(self) -> dict[str, Any]:
        """Propose a working day; what remains is what the action takes."""
        insists = self.cleaned_data.get("keep_day_off", False)
        given = super().clean()
        at = given.get("planned_at")
        proposal = better_day(local_date(at), self.calendar) if at else ""
        if proposal:
            self.fields["keep_day_off"].widget = forms.CheckboxInput()
        if proposal and not insists:
            self.add_error("planned_at", f"{proposal}确需用这一天的，请勾选“就用休息日”再提交。")
        return given


class RecordForm(forms.Form):
    """What was said, and who was really there."""

    held_on = day_field("约谈日期")
    interviewer = line_field("约谈人（实际到场，姓名、职务）", limit=100)
    interviewee = line_field("被约谈人（实际到场，姓名、职务）", limit=100)
    record = words_field(
        "约谈记录",
        rows=8,
        limit=RECORD_LIMIT,
        help_text="写明约谈人指出的问题和要求、被约谈人的说明和表态；其他参加人员和记录人也写在这里。",
    )


class DemandForm(LimitForm):
    """One row of the list of corrections; a row left empty is none."""

    text = words_field("整改事项", rows=2)
    due_on = day_field("整改时限")


class DemandRows(forms.BaseFormSet):
    """The list of corrections, row by row."""

    def demands(self) -> list[Demand]:
        """Return the rows that were filled in, in their order."""
        return [
            Demand(form.cleaned_data["text"], form.cleaned_data["due_on"])
            for form in self.forms
            if form.cleaned_data
        ]


def demand_rows(
    data: Any = None, *, calendar: WorkingCalendar, rows: int = ROWS, auto_id: str = "demand-%s"
) -> DemandRows:
    """Return `rows` empty rows of a list of corrections, or those that were sent in `data`."""
    made: Any = forms.formset_factory(
        DemandForm, formset=DemandRows, extra=rows, max_num=MOST_ROWS, absolute_max=MOST_ROWS
    )
    rows_made: DemandRows = made(data, prefix="demand", auto_id=auto_id, form_kwargs={"calendar": calendar})
    return rows_made


class CorrectionForm(forms.Form):
    """What the unit did about one item."""

    text = words_field("整改情况", rows=4, help_text="写明采取的措施、完成时间和结果。")


class VerifyForm(forms.Form):
    """A word on an item that is in order, if there is one."""

    words = line_field("核验意见（可不填）", limit=REASON_LIMIT, required=False)


class RefuseCorrectionForm(LimitForm):
    """Why an item is not in order yet, and until when it shall be."""

    reason = words_field("未通过的理由", rows=2, limit=REASON_LIMIT)
    due_on = day_field("新的整改时限")


class CloseForm(forms.Form):
    """Words on the end: a reason where there was nothing to correct, else a remark if there is one."""

    reason = line_field("说明（可不填）", limit=REASON_LIMIT, required=False)

    def __init__(self, *args: Any, has_items: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_items:
            self.fields["reason"].required = True
            self.fields["reason"].label = "没有整改事项、直接销号的理由"


class WithdrawForm(forms.Form):
    """Why a 约谈 is given up."""

    reason = line_field("取消的理由", limit=REASON_LIMIT)


class InterviewFilter(PaperFilter):
    """Where it stands, of which year and unit."""

    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), (OPEN, "未了结"), *InterviewState.choices]
    )
    field_order = ["state", "year", "unit"]
