"""What every channel takes, and the three ways in which sending can fail."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Letter:
    """One message to one address. `identity` stays the same however often it is tried."""

    identity: str
    address: str
    subject: str
    body: str


class NotSentError(Exception):
    """The letter was certainly not taken and may be tried again; the text says why, for the office."""


class UnreachableError(NotSentError):
    """The channel as a whole does not answer: no use in trying the next letter now."""


class RefusedError(Exception):
    """The letter was certainly not taken and never will be: there is no such address, for one."""


class PerhapsSentError(Exception):
    """The letter was handed over but no answer came: it may or may not have been taken."""


class Sender(Protocol):
    """An open channel."""

    def send(self, letter: Letter) -> None:
        """Hand the letter over. Raises one of the errors above, and only those, when it was not taken."""
