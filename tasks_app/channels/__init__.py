"""Ways a message leaves the house. They know letters, not models; `open_channel` finds one by its kind."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.conf import settings

from tasks_app.choices import Channel

from .dingtalk import DingtalkChannel
from .email import EmailChannel
from .file import FileChannel
from .letter import Sender
from .mobile import mobile_number
from .sms import SmsChannel
from .wecom import WecomChannel

# In the order of falling back. In-app messages need no channel: the row itself is the message.
CHANNELS: dict[Channel, Callable[[], AbstractContextManager[Sender]]] = {
    Channel.EMAIL: EmailChannel,
    Channel.FILE: FileChannel,
    Channel.WECOM: WecomChannel,
    Channel.DINGTALK: DingtalkChannel,
    Channel.SMS: SmsChannel,
}
# The setting that each needs to be there at all.
SWITCHES = {
    Channel.EMAIL: "HAS_MAIL_SERVER",
    Channel.FILE: "MAIL_FOLDER",
    Channel.WECOM: "WECOM_WEBHOOK_URL",
    Channel.DINGTALK: "DINGTALK_WEBHOOK_URL",
    Channel.SMS: "SMS_GATEWAY_URL",
}


def open_channel(kind: Channel) -> AbstractContextManager[Sender]:
    """Return the channel `kind`, to be used with `with`; it connects when the first letter is sent."""
    return CHANNELS[kind]()


def configured_channels() -> list[Channel]:
    """Return the channels that are set up, in the order of falling back; without a mail server there may be none."""
    return [kind for kind in CHANNELS if getattr(settings, SWITCHES[kind])]


def address_for(kind: Channel, *, email: str, phone: str) -> str:
    """Return where a person with this e-mail and telephone is reached through `kind`; "" when nowhere.

    A robot posts to its group and calls the person by mobile number, so it needs one as text messages do. One
    mailbox is written in one way: whoever shares it gets one letter.
    """
    if kind == Channel.IN_APP:
        return ""
    return email.strip().lower() if kind in (Channel.EMAIL, Channel.FILE) else mobile_number(phone)
