"""Letters of a demonstration, written as files that say so: nothing leaves the house."""

from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend

from .letter import Letter, NotSentError

MARK = "（演示：没有邮件服务器，这封信只写成文件，没有寄出。）\n\n"


class FileChannel:
    """Writes letters into MAIL_FOLDER."""

    def __init__(self) -> None:
        self.backend = EmailBackend(file_path=settings.MAIL_FOLDER)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.backend.close()

    def send(self, letter: Letter) -> None:
        """Write the letter. Raises the errors of channels/letter.py."""
        message = EmailMessage(
            letter.subject, MARK + letter.body, to=[letter.address], headers={"Message-ID": letter.identity}
        )
        try:
            self.backend.send_messages([message])
        except OSError as failure:
            raise NotSentError(f"邮件没有写成文件（{failure}）") from failure
