"""What is typed about 督查单: the draft, its limits, the unit's answers, the office's reasons, the filters."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from tasks_app.choices import CandidateKind, NoticeColour, NoticeState
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.escalation.rules import FIRST_COLOURS, better_day
from tasks_app.domain.matters.papers import OPEN
from tasks_app.models import Unit

from .fields import MISSING, TOO_LONG, DayField, UnitField, day_field, words_field

GROUNDS_LIMIT = 6000


class LimitForm(forms.Form):
    """A form with limits: a day off is answered with a proposal, and taken when the person insists."""

    keep_day_off = forms.BooleanField(label="就用休息日", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, calendar: WorkingCalendar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calendar = calendar
        self.order_fields([*(name for name in self.fields if name != "keep_day_off"), "keep_day_off"])

    def clean(self) -> dict[str, Any]:
        """Propose working days; what remains is what the action takes."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        insists = given.pop("keep_day_off", False)
        for name, field in list(self.fields.items()):
            if isinstance(field, DayField) and given.get(name):
                proposal = better_day(given[name], self.calendar)
                if proposal:
                    self.fields["keep_day_off"].widget = forms.CheckboxInput()
                if proposal and not insists:
                    self.add_error(name, f"{proposal}确需用这一天的，请勾选“就用休息日”再提交。")
        return given


class NoticeForm(LimitForm):
    """A 督查单 as it is drafted, mended or raised. Only the first of a thing has a choice of colours."""

    colour = forms.ChoiceField(label="颜色", choices=[(c.value, c.label) for c in FIRST_COLOURS])
    higher_because = forms.CharField(
        label="直接用橙色的理由",
        required=False,
        max_length=300,
        error_messages=TOO_LONG,
        help_text="用蓝色的不填。重要事项可以直接从橙色开始。",
    )
    title = forms.CharField(label="事由", max_length=200, error_messages={**TOO_LONG, **MISSING})
    grounds = words_field(
        "督查依据", rows=12, limit=GROUNDS_LIMIT, help_text="由系统列出，请核对，可以增删；单位会看到全文。"
    )
    requirement = words_field("督办要求", rows=3)
    reply_due_on = day_field("回复截止日")
    objection_due_on = day_field("新的申辩截止日", help_text="内容有改动的，单位可以就改动后的内容重新申辩。")
    reason = words_field("回复不能认可的理由", rows=3, limit=1000)

    def __init__(
        self,
        *args: Any,
        is_first: bool = False,
        is_heard: bool = False,
        is_replied: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        unused = [] if is_first else ["colour", "higher_because"]
        unused += [] if is_heard else ["objection_due_on"]
        unused += [] if is_replied else ["reason"]
        for name in unused:
            del self.fields[name]
        if is_replied:
            self.order_fields(["reason"])


class HearForm(LimitForm):
    """Until when the unit may object."""

    objection_due_on = day_field("申辩截止日")


class IssueForm(LimitForm):
    """What is settled when a 督查单 goes out."""

    answer = words_field("对申辩的答复", rows=3, limit=1000, required=False)
    reply_due_on = day_field("回复截止日")

    def __init__(self, *args: Any, has_objection: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_objection:
            del self.fields["answer"]


class ObjectForm(forms.Form):
    """What the unit holds against a 督查单."""

    text = words_field("申辩理由", rows=4, help_text="写明与事实不符之处、客观原因，以及希望怎样处理。")


class ReplyForm(forms.Form):
    """What the unit replies."""

    text = words_field("回复内容", rows=6, help_text="写明原因、已采取和将采取的措施、完成时间和责任人。")


class RefuseReplyForm(LimitForm):
    """Why a reply is not accepted, and until when another is wanted."""

    reason = words_field("不能认可的理由", rows=3, limit=1000)
    reply_due_on = day_field("新的回复截止日")


class AcceptReplyForm(forms.Form):
    """A word on accepting, if there is one."""

    words = forms.CharField(label="意见（可不填）", required=False, max_length=500, error_messages=TOO_LONG)


class ReasonForm(forms.Form):
    """Why something is withdrawn or set aside."""

    reason = forms.CharField(label="理由", max_length=300, error_messages={**TOO_LONG, **MISSING})


class _Filter(forms.Form):
    """Narrows a list; what an address gives wrongly is left out."""

    unit = UnitField(Unit.objects.none(), label="单位", required=False, empty_label="全部")

    def __init__(self, *args: Any, units: QuerySet[Unit] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if units is None:  # a unit's own people
            del self.fields["unit"]
        else:
            self.fields["unit"] = UnitField(units, label="单位", required=False, empty_label="全部")

    def criteria(self) -> dict[str, Any]:
        """Return what was chosen."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class CandidateFilter(_Filter):
    """Of which kind, of which unit."""

    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *CandidateKind.choices])


class PaperFilter(_Filter):
    """Narrows a list of 督查单 or 约谈, of one year."""

    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["year"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", "全部"), *((year, f"{year}年") for year in years)]
        self.order_fields(self.field_order)


class NoticeFilter(PaperFilter):
    """Which colour, where it stands, of which year and unit."""

    colour = forms.ChoiceField(label="颜色", required=False, choices=[("", "全部"), *NoticeColour.choices])
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), (OPEN, "未了结"), *NoticeState.choices]
    )
    field_order = ["colour", "state", "year", "unit"]
