"""A real mail server with moods: it can be told to refuse some, to hang up, to keep silent, to be away."""

import asyncio
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from .machine import free_port


@dataclass
class MailServer:
    """Keeps every letter it accepts in `letters`. The moods below may be set while it runs."""

    port: int = field(default_factory=free_port)
    letters: list[EmailMessage] = field(default_factory=list)
    connections: int = 0
    refuse: dict[str, str] = field(default_factory=dict)  # {address: the answer to RCPT}
    refuse_content: str = ""  # the answer to every letter
    hang_up_after_accepting: bool = False  # takes the letter and closes without an answer
    letters_per_connection: int = 0  # hangs up after so many; 0: never
    answer_after: float = 0  # seconds of silence after taking a letter

    @property
    def url(self) -> str:
        """EMAIL_URL of this server."""
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen; also again after `stop`."""
        self._controller = Controller(_Handler(self), hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Stop listening: connections are refused from now on."""
        self._controller.stop(no_assert=True)

    def received(self) -> list[str]:
        """Return the addresses of all accepted letters, sorted."""
        return sorted(letter["To"] for letter in self.letters)


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self.server = server

    async def handle_EHLO(
        self, smtp: SMTP, session: Session, envelope: Envelope, hostname: str, lines: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.server.connections += 1
        self.taken = 0
        return lines

    async def handle_RCPT(
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self.server.refuse.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:
        if self.server.refuse_content:
            return self.server.refuse_content
        letter = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        self.server.letters.append(letter)
        if self.server.hang_up_after_accepting:
            smtp.transport.abort()
        if self.server.answer_after:
            await asyncio.sleep(self.server.answer_after)
        self.taken += 1
        if self.taken == self.server.letters_per_connection:
            # After the answer has left: as servers do that allow only so many letters a connection.
            asyncio.get_running_loop().call_later(0.02, smtp.transport.close)
        return "250 OK"
