"""What bench/fire.py finds afterwards: the mail server's record against the units due and the deliveries."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error, close_old_connections

from tasks_app.choices import Channel, DeliveryState, Role
from tasks_app.domain.reminders.actions import resend, treat_as_sent
from tasks_app.models import Delivery, Message, User

from .mail_record import Delivered

S = DeliveryState
OPEN = (S.PENDING, S.SENDING)


@dataclass(frozen=True)
class Verdict:
    """How every letter ended; each unit due has one person to write to."""

    due: int  # units
    messages: int
    letters: int  # in the mail server's record
    sent: int  # deliveries that say so
    doubtful_arrived: int
    doubtful_lost: int
    missing: int  # people without a letter for whom nobody is asked to decide
    doubled: int  # letters too many
    astray: int  # letters in the record that their delivery does not own up to
    waiting: int

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing is missing, doubled or left over."""
        return self.messages == self.due and not any((self.missing, self.doubled, self.astray, self.waiting))


def email_deliveries() -> dict[str, Delivery]:
    """Return the deliveries by e-mail by the Message-ID that their letters have."""
    host = urlsplit(settings.SITE_URL).hostname
    return {
        f"<delivery-{delivery.pk}@{host}>": delivery
        for delivery in Delivery.objects.filter(channel=Channel.EMAIL)
    }


def is_settled(due: int) -> bool:
    """Tell whether all messages are written and no letter waits; without a database nobody knows."""
    close_old_connections()
    try:
        return Message.objects.count() >= due and not Delivery.objects.filter(state__in=OPEN).exists()
    except Error:
        return False


def judge(record: Sequence[Delivered]) -> Verdict:
    """Compare the record with what is stored."""
    deliveries = email_deliveries()
    people = set(User.objects.filter(role=Role.FILLER).values_list("email", flat=True))
    states = Counter(delivery.state for delivery in deliveries.values())
    arrived = {letter.identity for letter in record}
    told = Counter(letter.recipient for letter in record)
    doubtful = {key: one.address for key, one in deliveries.items() if one.state == S.UNCERTAIN}
    owned = {(key, one.address) for key, one in deliveries.items() if one.state in (S.SENT, S.UNCERTAIN)}
    return Verdict(
        due=len(people),
        messages=Message.objects.count(),
        letters=len(record),
        sent=states[S.SENT],
        doubtful_arrived=len(doubtful.keys() & arrived),
        doubtful_lost=len(doubtful.keys() - arrived),
        missing=len(people - told.keys() - set(doubtful.values())),
        doubled=sum(times - 1 for times in told.values()),
        astray=sum(tuple(letter) not in owned for letter in record),
        waiting=sum(states[state] for state in OPEN),
    )


def decide(record: Sequence[Delivered], *, at: datetime) -> None:
    """Decide the doubtful cases as a person does who asks the recipients: what did not arrive is sent again."""
    office = User.objects.get(role=Role.OFFICE)
    arrived = {letter.identity for letter in record}
    for identity, delivery in email_deliveries().items():
        if delivery.state == S.UNCERTAIN:
            (treat_as_sent if identity in arrived else resend)(delivery.pk, by=office, at=at)


ROWS = {
    "units due": "due",
    "messages": "messages",
    "letters in the mail server's record": "letters",
    "deliveries sent": "sent",
    "perhaps sent, had arrived": "doubtful_arrived",
    "perhaps sent, had not arrived": "doubtful_lost",
    "missing": "missing",
    "doubled": "doubled",
    "in the record, not in the ledger": "astray",
    "still waiting": "waiting",
}


def table(columns: dict[str, Verdict]) -> str:
    """Return verdicts side by side, in words."""
    lines = [f"{'':36}" + "".join(f"{name:>20}" for name in columns)]
    for words, name in ROWS.items():
        lines.append(f"{words:36}" + "".join(f"{getattr(one, name):20,}" for one in columns.values()))
    return "\n".join(lines)
