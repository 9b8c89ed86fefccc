"""Widgets drawn without a template look to a browser as Django draws them."""

import re
from datetime import date

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from tasks_app.forms.rendering import QuickRenderer

pytestmark = pytest.mark.once
STATES = [("", "请选择"), ("done", "已完成 <1>"), ("组", [(1, "甲"), (2, "乙 & 丙")])]


class Everything(forms.Form):
    """One field of every kind that the pages use."""

    line = forms.CharField(
        max_length=30, widget=forms.TextInput(attrs={"class": "form-control", "readonly": True})
    )
    text = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 5, "hidden": False}))
    number = forms.IntegerField(min_value=0)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    moment = forms.DateTimeField(required=False)
    mail = forms.EmailField(help_text="单位邮箱")
    secret = forms.CharField(widget=forms.PasswordInput)
    hidden = forms.IntegerField(widget=forms.HiddenInput(attrs={"form": "other"}))
    box = forms.BooleanField(required=False)
    state = forms.ChoiceField(choices=STATES)
    units = forms.MultipleChoiceField(choices=STATES, widget=forms.SelectMultiple)
    radio = forms.ChoiceField(
        choices=STATES[:2], widget=forms.RadioSelect(attrs={"class": "form-check-input"})
    )
    boxes = forms.MultipleChoiceField(choices=STATES[:2], widget=forms.CheckboxSelectMultiple)
    file = forms.FileField(required=False)


FILLED = {
    "line": "引号\"与'和<b>",
    "text": "\n第一行\n</textarea><script>",
    "number": "1234",
    "day": date(2024, 7, 25),
    "mail": "不是邮箱",
    "secret": "不回显",
    "hidden": 0,
    "box": "on",
    "state": "done",
    "units": ["1", "2"],
    "radio": "done",
    "boxes": ["", "done"],
}


def drawn(renderer: DjangoTemplates, given: dict | None) -> str:
    """The form without the blanks between its tags, which show in none of these places."""
    form = Everything(given, renderer=renderer)
    shown = "\n".join(str(field) for field in form) + "\n".join(radio.tag() for radio in form["radio"])
    return re.sub(r">\s*\n\s*<", "><", shown)


@pytest.mark.parametrize("given", [None, {}, FILLED], ids=["new", "empty", "filled"])
def test_as_django_draws_them(given):
    quick = drawn(QuickRenderer(), given)
    assert quick == drawn(DjangoTemplates(), given)
    assert "<textarea" in quick and 'type="radio"' in quick


def test_what_was_typed_stays_text():
    assert "<script>" not in drawn(QuickRenderer(), FILLED)
    assert "<b>" not in drawn(QuickRenderer(), FILLED)
    assert ">\n\n第一行" in str(Everything(FILLED, renderer=QuickRenderer())["text"])
