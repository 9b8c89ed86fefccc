"""E-mail through Django's mail framework: one connection for many letters, and a clear answer for each."""

import smtplib
import ssl
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from .letter import Letter, NotSentError, PerhapsSentError, RefusedError, UnreachableError

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


class _PlainConnection(smtplib.SMTP):
    """Notes whether the letter itself is on its way: only then is a lost connection a doubtful case."""

    handing_over = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.handing_over = True
        answer = super().data(msg)
        self.handing_over = False
        return answer


class _SecureConnection(_PlainConnection, smtplib.SMTP_SSL):
    """The same over TLS from the start."""


class _SmtpBackend(EmailBackend):
    connection: _PlainConnection | None
    _partial_connection: _PlainConnection | None

    @property
    def connection_class(self) -> type[_PlainConnection]:
        return _SecureConnection if self.use_ssl else _PlainConnection

    def is_handing_over(self) -> bool:
        """Tell whether the last letter was on its way when the connection broke."""
        return self.connection is not None and self.connection.handing_over

    def forget_last(self) -> None:
        """Begin a new letter: an earlier one that was refused half way is over."""
        if self.connection is not None:
            self.connection.handing_over = False

    def drop(self) -> None:
        """Forget the connection without the courtesies that a dead server would not answer."""
        for connection in (self.connection, self._partial_connection):
            if connection is not None:
                connection.close()
        self.connection = self._partial_connection = None


class EmailChannel:
    """Sends letters by the mail server of the settings, over one connection while it lasts."""

    def __init__(self) -> None:
        self.backend = self._backend()

    @staticmethod
    def _backend() -> BaseEmailBackend:
        if settings.EMAIL_BACKEND == SMTP_BACKEND:
            return _SmtpBackend()
        return get_connection()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(self.backend, _SmtpBackend):
            self._leave(self.backend)

    def send(self, letter: Letter) -> None:
        """Hand the letter to the mail server. Raises the errors of channels/letter.py."""
        message = EmailMessage(
            letter.subject,
            letter.body,
            to=[letter.address],
            headers={"Message-ID": letter.identity, "Auto-Submitted": "auto-generated"},
        )
        if isinstance(self.backend, _SmtpBackend):
            self._send_by_smtp(self.backend, message)
            return
        try:
            self.backend.send_messages([message])
        except OSError as failure:
            raise NotSentError(f"邮件没有写成（{failure}）") from failure

    def _send_by_smtp(self, backend: _SmtpBackend, message: EmailMessage) -> None:
        fresh = self._connect(backend)
        backend.forget_last()
        try:
            backend.send_messages([message])
        except smtplib.SMTPRecipientsRefused as refusal:
            raise _verdict(*next(iter(refusal.recipients.values()))) from refusal
        except smtplib.SMTPSenderRefused as refusal:
            # Our own address is not welcome: a setting to mend, not the recipient's fault.
            raise NotSentError(_words(refusal.smtp_code, refusal.smtp_error)) from refusal
        except smtplib.SMTPDataError as refusal:
            raise _verdict(refusal.smtp_code, refusal.smtp_error) from refusal
        except ValueError as failure:  # Django refuses to write such an address into a header
            raise RefusedError(f"邮箱地址无效（{failure}）") from failure
        except (smtplib.SMTPException, OSError) as failure:
            handing_over = backend.is_handing_over()
            backend.drop()
            if handing_over:
                raise PerhapsSentError(f"交给邮件服务器后没有收到答复（{failure}）") from failure
            if fresh:
                raise UnreachableError(f"邮件服务器没有应答（{failure}）") from failure
            # Servers hang up on a connection that was idle or has carried enough letters: once more.
            self._send_by_smtp(backend, message)

    @staticmethod
    def _connect(backend: _SmtpBackend) -> bool:
        """Open the connection; tells whether it is a new one. Raises UnreachableError."""
        try:
            return bool(backend.open())
        except (smtplib.SMTPException, OSError) as failure:
            backend.drop()
            raise UnreachableError(f"连接不上邮件服务器（{failure}）") from failure

    @staticmethod
    def _leave(backend: _SmtpBackend) -> None:
        try:
            backend.close()
        except (smtplib.SMTPException, ssl.SSLError, OSError):
            backend.drop()


def _verdict(code: int, answer: bytes | str) -> Exception:
    """A 5xx answer is for ever, a 4xx one for now, and anything else is no answer to rely on."""
    if 500 <= code < 600:
        return RefusedError(_words(code, answer))
    if 400 <= code < 500:
        return NotSentError(_words(code, answer))
    return PerhapsSentError(_words(code, answer))


def _words(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"邮件服务器答复 {code} {text}"
