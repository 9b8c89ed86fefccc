"""Fields that several forms share."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

# A year typed wrongly (0024, 20244) is caught here, before anybody counts working days to it.
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
INVALID = "没有看懂这个日期，请按“年-月-日”填写，如 2024-06-30。"
NO_SUCH_YEAR = f"年份似乎有误，请填写 {EARLIEST.year} 年至 {LATEST.year} 年之间的日期。"

TEXT_LIMIT = 2000
MISSING = {"required": "这一格不能空着。"}
TOO_LONG = {"max_length": "最多 %(limit_value)d 个字，现有 %(show_value)d 个字，请缩短。"}


def sensible_day(day: date) -> None:
    """Refuse a day of another century; of a moment it looks at the day. Raises ValidationError."""
    if not EARLIEST.year <= day.year <= LATEST.year:
        raise ValidationError(NO_SUCH_YEAR)


class DayField(forms.DateField):
    """A day, chosen from the browser's own calendar; the format is the only one such an input shows again."""

    default_error_messages = {"invalid": INVALID}
    default_validators = [sensible_day]

    def __init__(self, *, attrs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        widget = forms.DateInput({"type": "date", **(attrs or {})}, format="%Y-%m-%d")
        super().__init__(widget=widget, **kwargs)


def line_field(label: str, *, limit: int, **kwargs: Any) -> forms.CharField:
    """Return a box for one line."""
    return forms.CharField(label=label, max_length=limit, error_messages={**TOO_LONG, **MISSING}, **kwargs)


def words_field(label: str, *, rows: int, limit: int = TEXT_LIMIT, **kwargs: Any) -> forms.CharField:
    """Return a box for several lines."""
    return line_field(label, limit=limit, widget=forms.Textarea({"rows": rows}), **kwargs)


def day_field(label: str, **kwargs: Any) -> DayField:
    """Return a day that must be given."""
    return DayField(label=label, error_messages={**MISSING, "invalid": "请填写正确的日期。"}, **kwargs)


class UnitField(forms.ModelChoiceField):
    """A box of units; closed ones are marked."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.shown_name)
