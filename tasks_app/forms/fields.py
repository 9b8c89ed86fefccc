"""Fields that several forms share."""

from typing import Any

from django import forms


class DayField(forms.DateField):
    """A day, chosen from the browser's own calendar; the format is the only one such an input shows again."""

    def __init__(self, *, attrs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        widget = forms.DateInput({"type": "date", **(attrs or {})}, format="%Y-%m-%d")
        super().__init__(widget=widget, **kwargs)
