"""What is typed beside the report: matters to be coordinated, good practice, more time."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from tasks_app.choices import Cause, MatterState
from tasks_app.domain.matters.queries import OFFICE
from tasks_app.models import Task, Unit

from .fields import MISSING, TOO_LONG, DayField, UnitField, day_field, words_field

TEXT_LIMIT = 1000
PRACTICE_LIMIT = 10_000
ASKED, ADDRESSED = "asked", "addressed"
APART = {"side", "long"}  # what the view narrows by itself
STATES = [(s.value, s.label) for s in (MatterState.OPEN, MatterState.ANSWERED, MatterState.CLOSED)]


class AddresseeChoice(UnitField):
    """A unit below the city, or nothing for the office itself."""

    def __init__(self, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(units, required=False, **kwargs)


class AskForm(forms.Form):
    """What a unit asks for."""

    text = words_field(
        "需要协调什么", rows=3, limit=TEXT_LIMIT, help_text="写清楚事情、遇到的困难和希望怎么办。"
    )
    due_on = DayField(label="希望在何日前答复")
    cause = forms.ChoiceField(
        label="难在哪里（可不选）", required=False, choices=[("", "请选择"), *Cause.choices]
    )

    field_order = ["task", "text", "cause", "addressee", "due_on"]

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["addressee"] = AddresseeChoice(
            units, label="请谁协调", empty_label="市医改办", help_text="不确定找谁的，选市医改办。"
        )
        self.order_fields(self.field_order)


class AskOnTaskForm(AskForm):
    """What a unit asks for on one of its tasks, apart from a report."""

    def __init__(self, *args: Any, tasks: QuerySet[Task], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"] = forms.ModelChoiceField(
            tasks, label="任务", empty_label="请选择", error_messages=MISSING
        )
        self.order_fields(self.field_order)


class AnswerForm(forms.Form):
    """The answer, given once."""

    text = words_field("答复", rows=3, limit=TEXT_LIMIT, help_text="答复后双方都不能再修改。")


class ReferForm(forms.Form):
    """To whom a request is handed on, with which words, until when."""

    text = words_field(
        "转办意见", rows=2, limit=TEXT_LIMIT, required=False, help_text="可以不写，原事项一并转给对方。"
    )
    due_on = day_field("答复时限")

    field_order = ["addressee", "text", "due_on"]

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["addressee"] = UnitField(
            units, label="转给", empty_label="请选择", error_messages=MISSING
        )
        self.order_fields(self.field_order)


class CoordinationFilter(forms.Form):
    """Narrows the list; what an address gives wrongly is left out."""

    side = forms.ChoiceField(
        label="类别",
        required=False,
        choices=[("", "全部"), (ASKED, "本单位提出的"), (ADDRESSED, "请本单位答复的")],
    )
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *STATES])
    cause = forms.ChoiceField(label="难在哪里", required=False, choices=[("", "全部"), *Cause.choices])
    long = forms.BooleanField(label="超过5个工作日未答复", required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if units is None:  # a unit's own people
            del self.fields["cause"], self.fields["long"]
            return
        del self.fields["side"]
        named = [(str(unit.pk), unit.shown_name) for unit in units]
        self.fields["addressee"] = forms.ChoiceField(
            label="请谁协调", required=False, choices=[("", "全部"), (OFFICE, "市医改办"), *named]
        )
        self.fields["unit"] = UnitField(units, label="提出单位", required=False, empty_label="全部")
        self.order_fields(["state", "cause", "addressee", "unit", "long"])

    def criteria(self) -> dict[str, Any]:
        """Return what was chosen, without `side` and `long`."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value and name not in APART}

    def waits_long(self) -> bool:
        """Tell whether only what has waited long is wanted."""
        self.is_valid()
        return bool(self.cleaned_data.get("long"))

    def side_chosen(self) -> str:
        """Return ASKED, ADDRESSED or ""."""
        self.is_valid()
        return str(self.cleaned_data.get("side", ""))


class PracticeForm(forms.Form):
    """A practice as a unit puts it forward or the office edits it."""

    title = forms.CharField(
        label="标题", max_length=100, error_messages={**TOO_LONG, "required": "请填写标题。"}
    )
    text = words_field(
        "内容", rows=10, limit=PRACTICE_LIMIT, help_text="写清楚怎么做的、效果如何、别处怎样借鉴。"
    )


class DeclineForm(forms.Form):
    """Why a practice is not taken; its unit reads it."""

    words = forms.CharField(label="不采用的原因", max_length=500)


class PracticeFilter(forms.Form):
    """The search above the published practices."""

    text = forms.CharField(label="标题、内容或单位", required=False, max_length=50)

    def __init__(self, *args: Any, units: QuerySet[Unit], years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(units, label="单位", required=False, empty_label="全部")
        self.fields["year"] = forms.TypedChoiceField(
            label="年度",
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", "全部"), *((year, f"{year}年") for year in years)],
        )

    def criteria(self) -> dict[str, Any]:
        """Return what was asked for; what an address gives wrongly is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class ExtensionForm(forms.Form):
    """What a unit says when it asks for more time."""

    reason = words_field("申请理由", rows=3, limit=TEXT_LIMIT)
    situation = words_field("目前工作进度", rows=3, limit=TEXT_LIMIT, help_text="已经做到哪一步，还差什么。")
    wanted_on = DayField(label="申请延至", help_text="截止日之后的工作日。")


class GrantForm(forms.Form):
    """The day until which more time is granted, with words if there are any."""

    until = DayField(label="准予延至")
    decision = forms.CharField(label="批复意见", required=False, max_length=500)


class RefuseExtensionForm(forms.Form):
    """Why more time is not granted."""

    decision = forms.CharField(label="不予延期的理由", max_length=500)
