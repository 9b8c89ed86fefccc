"""What the office types to draw a sample."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from tasks_app.domain.sampling.rules import MOST
from tasks_app.models import ReportingPeriod


class DrawForm(forms.Form):
    """Of which period, how many, and by what seed; without one the program makes one."""

    period = forms.ModelChoiceField(ReportingPeriod.objects.none(), label="填报期", empty_label=None)
    count = forms.IntegerField(label="抽取项数", min_value=1, max_value=MOST, initial=10)
    per_unit = forms.BooleanField(label="每个单位各抽这么多", required=False)
    seed = forms.CharField(
        label="种子",
        required=False,
        max_length=32,
        help_text="可以不填，由系统产生；公开抽取时可填现场商定的数字。",
    )

    def __init__(self, *args: Any, periods: QuerySet[ReportingPeriod], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["period"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = periods
