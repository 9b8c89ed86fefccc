"""What is said at the end of a year: its last day, and how much the page showed as open."""

from django import forms

from .fields import DayField


class YearEndForm(forms.Form):
    """The day on which the year's work ends; empty is the end of the last period."""

    ends_on = DayField(label="年度工作截止日", required=False, help_text="不填则为最后一个填报期的期末。")


class SeenForm(forms.Form):
    """How many open matters the page listed when 办结 was pressed."""

    seen = forms.IntegerField(min_value=0, max_value=1_000_000)
