"""What an admin types about people: the search, and an account."""

from django import forms
from django.core.validators import MinLengthValidator, RegexValidator

from tasks_app.choices import Role
from tasks_app.domain.access.queries import managed_units
from tasks_app.models import User

from .fields import UnitField


class PeopleFilter(forms.Form):
    """The search above the list."""

    text = forms.CharField(label="账号、姓名或电话", required=False, max_length=30)
    role = forms.ChoiceField(label="角色", required=False, choices=[("", "全部"), *Role.choices])
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("active", "在用"), ("inactive", "已停用"), ("all", "全部")]
    )

    field_order = ["text", "unit", "role", "state"]

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(managed_units(user), label="单位", required=False, empty_label="全部")
        self.order_fields(self.field_order)

    def criteria(self) -> dict:
        """Return what was asked for; a value that is none of the choices counts as not given."""
        self.is_valid()
        state = self.cleaned_data.get("state") or "active"
        return {
            "text": self.cleaned_data.get("text", ""),
            "unit": self.cleaned_data.get("unit"),
            "role": self.cleaned_data.get("role", ""),
            "state": "" if state == "all" else state,
        }


class PersonForm(forms.ModelForm):
    """An account as an admin edits it; whether role and unit go together is the action's to say."""

    class Meta:
        model = User
        fields = ["name", "unit", "role", "phone", "email"]
        help_texts = {
            "role": "填报员、本单位审签人属于县（市、区）或市直部门，其余角色属于市。",
            "email": "用于接收报送提醒；不填则只有站内消息。",
        }

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        units = managed_units(user).in_use()
        if self.instance.pk:
            units = units | managed_units(user).filter(pk=self.instance.unit_id)
        self.fields["unit"] = UnitField(units, label="单位", empty_label="请选择")


class NewPersonForm(PersonForm):
    """A new account also has a log-in name, which never changes."""

    username = forms.CharField(
        label="账号",
        max_length=30,
        validators=[
            RegexValidator(r"^[\w.@-]+\Z", "账号只能用字母、数字、汉字和 . - _ @，中间不能有空格。"),
            MinLengthValidator(2),
        ],
        help_text="登录时使用，建好后不能修改，例如 jiangle01。",
    )
    field_order = ["username", "name", "unit", "role", "phone", "email"]
