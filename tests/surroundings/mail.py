"""A real mail server that keeps what it gets, and can be told to refuse."""

from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from .machine import free_port


class Mailbox:
    """Every letter the server took, in their order; `refusal` (an SMTP answer) makes it take none."""

    def __init__(self) -> None:
        self.empty()

    def empty(self) -> None:
        """Forget all letters, and take every new one."""
        self.letters: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.refusal = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refusal:
            return self.refusal
        letter = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        self.letters.append(letter)
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"


class Server:
    """An SMTP server on a free port of 127.0.0.1."""

    def __init__(self) -> None:
        self.mailbox = Mailbox()
        self.port = free_port()
        self._controller = Controller(self.mailbox, hostname="127.0.0.1", port=self.port)

    @property
    def url(self) -> str:
        """The EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        """Stop; letters stay readable. `start` opens the same port again."""
        self._controller.stop()
