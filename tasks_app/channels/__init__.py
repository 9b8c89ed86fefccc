"""Ways a message leaves the house. They know letters, not models; `open_channel` finds one by its kind."""

from contextlib import AbstractContextManager

from tasks_app.choices import Channel

from .email import EmailChannel
from .letter import Sender

# In-app messages need no channel: the row itself is the message.
CHANNELS = {Channel.EMAIL: EmailChannel}


def open_channel(kind: Channel) -> AbstractContextManager[Sender]:
    """Return the channel `kind`, to be used with `with`; it connects when the first letter is sent."""
    return CHANNELS[kind]()
