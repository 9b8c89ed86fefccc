"""What an admin types about a unit."""

from django import forms

from tasks_app.choices import UnitKind
from tasks_app.domain.access.rules import REPORTING_KINDS
from tasks_app.domain.mergers.queries import possible_successors
from tasks_app.domain.units.rules import ALIAS_LIMIT, split_aliases
from tasks_app.models import Unit

from .fields import UnitField


class UnitForm(forms.ModelForm):
    """Name, short name, place in the order and aliases."""

    aliases = forms.CharField(
        label="别名",
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="每行一个。分解表里用别名写这个单位时也能认出来。",
    )

    class Meta:
        model = Unit
        fields = ["name", "short_name", "position"]
        help_texts = {
            "short_name": "用在矩阵等较窄的地方。",
            "position": "数字小的排在前面。",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["aliases"] = "\n".join(alias.name for alias in self.instance.aliases.all())

    def clean_aliases(self) -> tuple[str, ...]:
        aliases = split_aliases(self.cleaned_data["aliases"].replace("\r", ""), "\n")
        for alias in aliases:
            if len(alias) > ALIAS_LIMIT:
                raise forms.ValidationError(f"别名“{alias}”超过{ALIAS_LIMIT}个字。")
        return aliases


class NewUnitForm(UnitForm):
    """A new unit also has a code, which never changes, and a kind."""

    kind = forms.ChoiceField(
        label="类别", choices=[(k.value, k.label) for k in UnitKind if k in REPORTING_KINDS]
    )

    class Meta(UnitForm.Meta):
        fields = ["code", "kind", "name", "short_name", "position"]
        help_texts = UnitForm.Meta.help_texts | {
            "code": "县（市、区）用行政区划代码，部门用拼音缩写；建好后不能修改。"
        }


class MergeForm(forms.Form):
    """Into which unit another is merged, by which document, and whether its people go with it."""

    basis = forms.CharField(
        label="依据",
        max_length=120,
        help_text="如机构改革方案的文号。",
        error_messages={"required": "请填写依据。"},
    )
    with_people = forms.BooleanField(
        label="原单位在用的填报员、审签人账号一并转入接续单位", required=False, initial=True
    )

    def __init__(self, *args, unit: Unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"] = UnitField(
            possible_successors(unit), label="接续单位", empty_label="请选择"
        )
        self.order_fields(["successor", "basis", "with_people"])
