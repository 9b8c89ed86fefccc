"""What is typed about instructions (批示): a leader's few words, the answer, what is asked for once more."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from tasks_app.choices import MatterState
from tasks_app.models import Unit

from .fields import day_field, words_field
from .requests import TEXT_LIMIT, AddresseeChoice

WORDS_LIMIT = 500
STATES = [(s.value, s.label) for s in (MatterState.OPEN, MatterState.ANSWERED, MatterState.CLOSED)]


class InstructForm(forms.Form):
    """A few words, to whom, until when."""

    text = words_field("批示", rows=3, limit=WORDS_LIMIT)
    due_on = day_field("请于何日前办理")

    field_order = ["text", "addressee", "due_on"]

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["addressee"] = AddresseeChoice(units, label="请谁办理", empty_label="市医改办")
        self.order_fields(self.field_order)


class HandledForm(forms.Form):
    """What was done about it."""

    text = words_field("办理情况", rows=3, limit=TEXT_LIMIT, help_text="领导会在批示下面看到。")


class AskAgainForm(forms.Form):
    """What is still to be done, and until when."""

    text = words_field("还要办什么", rows=2, limit=WORDS_LIMIT)
    due_on = day_field("新的时限")


class InstructionFilter(forms.Form):
    """Narrows the list; what an address gives wrongly is left out."""

    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *STATES])
    to_office = forms.BooleanField(label="只看请市医改办办理的", required=False)

    def __init__(self, *args: Any, of_unit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if of_unit:
            del self.fields["to_office"]

    def criteria(self) -> dict[str, Any]:
        """Return what was chosen."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
