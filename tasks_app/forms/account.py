"""What people type about their own account: log-in, new password, profile."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import MinimumLengthValidator

from tasks_app.models import User


class LoginForm(AuthenticationForm):
    """One sentence for every failure, so that nobody learns which accounts exist."""

    error_messages = {
        "invalid_login": "账号或密码不正确，请重新输入（注意大小写）。",
        "inactive": "账号或密码不正确，请重新输入（注意大小写）。",
    }


class LongEnoughPassword(MinimumLengthValidator):
    """Says in Chinese what Django 5.2 has no translation for."""

    def get_error_message(self) -> str:
        return f"密码太短，至少要有 {self.min_length} 个字符。"


class NewPasswordForm(PasswordChangeForm):
    """The old password and the new one twice; the rules are shown before anybody breaks them."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "原密码"
        self.fields["new_password1"].label = "新密码"
        self.fields["new_password2"].label = "再输一次新密码"
        self.fields[
            "new_password1"
        ].help_text = "至少10个字符，不能全是数字，不能用常见密码，不能与账号、姓名相近。"
        self.fields["new_password2"].help_text = ""


class ProfileForm(forms.ModelForm):
    """What one may correct of one's own account."""

    class Meta:
        model = User
        fields = ["name", "phone", "email"]
        help_texts = {
            "name": "新建填报时作为填表人。",
            "phone": "新建填报时作为联系电话。",
            "email": "用于接收报送提醒；不填则只有站内消息。",
        }
        widgets = {
            "name": forms.TextInput({"autocomplete": "name"}),
            "phone": forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
            "email": forms.EmailInput({"autocomplete": "email"}),
        }
