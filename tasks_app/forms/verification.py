"""What is typed about 核实: the request to the lead bureau, and its answer."""

from collections.abc import Sequence
from typing import Any

from django import forms

from tasks_app.choices import MatterState
from tasks_app.domain.matters.wording import HOLDS
from tasks_app.models import Unit

from .fields import MISSING, UnitField, day_field, words_field
from .requests import TEXT_LIMIT

STATES = [(s.value, s.label) for s in (MatterState.OPEN, MatterState.ANSWERED, MatterState.CLOSED)]
YES, NO = "yes", "no"


class AskToVerifyForm(forms.Form):
    """What is to be verified, by whom, until when."""

    text = words_field("请核实什么", rows=2, limit=TEXT_LIMIT)
    due_on = day_field("核实时限")

    field_order = ["addressee", "text", "due_on"]

    def __init__(self, *args: Any, leading: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.filter(pk__in=[unit.pk for unit in leading])
        self.fields["addressee"] = UnitField(
            units, label="牵头单位", empty_label=None, error_messages=MISSING
        )
        self.order_fields(self.field_order)


class FindingForm(forms.Form):
    """Whether what was filed holds, and why not."""

    submission = forms.IntegerField(widget=forms.HiddenInput)
    holds = forms.TypedChoiceField(
        label="核实结果",
        choices=[(YES, HOLDS[True]), (NO, HOLDS[False])],
        coerce=lambda chosen: chosen == YES,
        widget=forms.RadioSelect,
        error_messages=MISSING,
    )
    text = words_field(
        "说明",
        rows=3,
        limit=TEXT_LIMIT,
        required=False,
        help_text="不符的写明哪里不符、依据是什么；属实的可以不写。",
    )


class VerificationFilter(forms.Form):
    """Narrows the list; what an address gives wrongly is left out."""

    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *STATES])

    def state_chosen(self) -> str:
        """Return the state, "" for all."""
        self.is_valid()
        return str(self.cleaned_data.get("state", ""))
