"""What may be typed for the ladder: the rungs of one kind of obligation, each with audience, channel and words."""

from collections.abc import Sequence
from typing import Any

from django import forms

from tasks_app.channels import configured_channels
from tasks_app.choices import Channel, Role
from tasks_app.domain.reminders.kinds.kind import Kind
from tasks_app.domain.reminders.ladder import WORDS_AT_MOST, ladder_problems
from tasks_app.domain.reminders.rungs import BEGINNING, OFFICE, Rung, rung_label
from tasks_app.models import Unit

from .fields import UnitField

TELLS = [(role.value, role.label) for role in (Role.FILLER, Role.SIGNER, Role.OFFICE)]


class RungForm(forms.Form):
    """One rung of the ladder; a row whose first box is emptied is a rung taken away."""

    offset = forms.CharField(
        label="时点", required=False, max_length=4, widget=forms.TextInput({"class": "rung-number"})
    )
    repeat_every = forms.IntegerField(
        label="之后每隔（工作日）",
        required=False,
        min_value=1,
        max_value=60,
        widget=forms.NumberInput({"class": "rung-number"}),
    )
    tells = forms.MultipleChoiceField(
        label="提醒谁", required=False, choices=TELLS, widget=forms.CheckboxSelectMultiple
    )
    channel = forms.ChoiceField(label="首选渠道")
    words = forms.CharField(
        label="措辞",
        required=False,
        max_length=WORDS_AT_MOST,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        # E-mail can be asked for before there is a mail server; in a demonstration a file stands for it.
        channels = dict.fromkeys([Channel.EMAIL, *configured_channels(), Channel.IN_APP])
        channels.pop(Channel.FILE, None)
        if chosen := self.initial.get("channel"):  # it stays choosable though nobody has set it up
            channels[Channel(chosen)] = None
        self.fields["channel"].choices = [  # type: ignore[attr-defined]
            (channel.value, "只在站内" if channel == Channel.IN_APP else channel.label)
            for channel in channels
        ]
        self.fields["channel"].required = False
        self.fields["words"].widget.attrs["placeholder"] = kind.words
        if kind.for_office:
            del self.fields["tells"]

    def clean_offset(self) -> int | None:
        """Return the working days from the limit; 开始 is the day on which the matter begins."""
        typed = self.cleaned_data["offset"].strip().upper().removeprefix("T").replace("−", "-")
        if not typed:
            return None
        if typed == rung_label(BEGINNING):
            return BEGINNING
        try:
            return int(typed)
        except ValueError:
            raise forms.ValidationError("请填整数（如 -3、0、1），或填“开始”。") from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("offset") is None and cleaned.get("repeat_every") and "offset" not in self.errors:
            self.add_error("offset", "请填写提醒时点，或把这一行清空。")
        return cleaned

    def rung(self) -> Rung | None:
        """Return the rung that was typed; None for an emptied row."""
        row = self.cleaned_data
        if row.get("offset") is None:
            return None
        tells = frozenset({OFFICE}) if self.kind.for_office else frozenset(map(Role, row["tells"]))
        return Rung(
            row["offset"],
            row["repeat_every"],
            tells,
            Channel(row["channel"] or Channel.EMAIL),
            row.get("words", "").replace("\r\n", "\n").strip(),
        )


class BaseLadderFormSet(forms.BaseFormSet):
    """All rungs of one kind together are looked at by the rules."""

    def ladder(self) -> list[Rung]:
        """Return the rungs that were typed, in their order."""
        return [rung for form in self.forms if (rung := form.rung()) is not None]

    def clean(self) -> None:
        if not any(self.errors):
            for problem in ladder_problems(self.form_kwargs["kind"], self.ladder()):
                self.non_form_errors().append(problem)


LadderFormSet: type[BaseLadderFormSet] = forms.formset_factory(  # type: ignore[assignment]
    RungForm, formset=BaseLadderFormSet, extra=2, max_num=40
)


class PreviewForm(forms.Form):
    """The unit on which the words of a rung are tried."""

    unit = UnitField(Unit.objects.none(), label="以哪个单位为例", empty_label=None)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


def ladder_initial(ladder: Sequence[Rung]) -> list[dict[str, Any]]:
    """Return the rows of the form for a ladder."""
    return [
        {
            "offset": rung_label(rung.offset) if rung.offset == BEGINNING else rung.offset,
            "repeat_every": rung.repeat_every,
            "tells": sorted(rung.tells),
            "channel": rung.channel,
            "words": rung.words,
        }
        for rung in ladder
    ]
