"""Delivering: claim, look again, send, record; never lost, never doubled, never what is no longer owed."""

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from urllib.parse import urlsplit

from django.conf import settings

from tasks_app.channels import configured_channels, open_channel
from tasks_app.channels.letter import (
    Letter,
    NotSentError,
    PerhapsSentError,
    RefusedError,
    Sender,
    UnreachableError,
)
from tasks_app.choices import Channel
from tasks_app.clock import local_date
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.models import Delivery, Message, Plan, ReminderRung, SendingHold

from .claiming import Claimed, claim, sweep
from .obligations import are_still_owed, obligations
from .people import People, people_to_tell
from .queries import ladders_of, owed_by, words_for
from .rules import Heights, Key, Ladders, Obligation
from .settling import Outcome, Settling
from .wording import Words

BATCH = 50
# A batch is looked at as a whole, people and all, and so again when a slow channel takes longer than this; that what
# a letter asks for is owed is asked for each letter.
LOOK_HOLDS = timedelta(seconds=10)


@dataclass(frozen=True)
class _Part:
    """One message in a letter, with the words that are true now."""

    delivery: Delivery
    words: Words


@dataclass(frozen=True)
class _Look:
    """What is owed at one moment, what is to be said of it to each addressee, and who is there to be told."""

    at: datetime
    owed: set[Key]
    own: dict[int, list[Obligation]]
    words: dict[int, Words | None]
    people: People
    words_of_some: Callable[[int, Collection[Key]], Words | None]

    def words_of(self, claimed: Claimed) -> Words | str:
        """Return what a delivery says now, or why it is not to leave."""
        unit, user = claimed.row.message.unit_id, claimed.row.user
        if not user.is_active:
            return "接收人账号已停用"
        if claimed.is_superseded(self.owed):
            return "已有更新的一条消息，不再发送"
        at_once = claimed.row.message.is_at_once
        words = self.words_of_some(unit, claimed.about) if at_once else self.words[unit]
        if words is None or claimed.about.isdisjoint(self.owed):
            return "已办结或时限已变，不再发送"
        if all(person.user != user.pk for person in self.people[unit]):
            return "接收人已不是该单位的人员"
        return words

    def holds_for(self, claimed: Sequence[Claimed], at: datetime) -> bool:
        """Tell whether all of `claimed` may leave at the moment `at` as it was seen: nothing changed.

        What an issuing unit is told changes with every unit; it is always looked at anew, and so is what would
        not leave.
        """
        own = [self.own.get(unit, []) for unit in {one.row.message.unit_id for one in claimed}]
        return (
            all(own)
            and not any(isinstance(self.words_of(one), str) for one in claimed)
            and are_still_owed(list(chain.from_iterable(own)), at)
        )


@dataclass
class _Run:
    """One run: what all its letters need."""

    settling: Settling
    calendar: WorkingCalendar = field(default_factory=working_calendar)
    ladders: Ladders = field(default_factory=lambda: ladders_of(ReminderRung.objects.all()))
    issuers: set[int] = field(default_factory=lambda: set(Plan.objects.values_list("issuer", flat=True)))
    dead_channels: set[str] = field(default_factory=set)
    batch: Sequence[Claimed] = ()
    seen: _Look | None = None

    def begin(self, batch: Sequence[Claimed], at: datetime) -> None:
        """Look at all of a batch at once."""
        self.batch, self.seen = batch, self._look(batch, at)

    def look_for(self, claimed: Sequence[Claimed], at: datetime) -> _Look:
        """Return what is true of some of the batch at the moment `at`, just before their letter leaves."""
        if self.seen is None or at - self.seen.at >= LOOK_HOLDS:
            self.begin(self.batch, at)
        assert self.seen is not None  # noqa: S101
        return self.seen if self.seen.holds_for(claimed, at) else self._look(claimed, at)

    def _look(self, claimed: Iterable[Claimed], at: datetime) -> _Look:
        """See what the units that `claimed` is for owe at the moment `at`, or as issuers wait for.

        Asked apart: for a unit that issues nothing the database need not look through what all others owe.
        """
        addressees = {one.row.message.unit_id for one in claimed}
        owed = obligations(at, units=addressees, issuers=addressees & self.issuers)
        involved = {*addressees, *(one.unit for one in owed), *(one.issuer for one in owed)}
        people = people_to_tell(involved, local_date(at))
        heights = Heights(self.ladders, self.calendar, local_date(at))
        return _Look(
            at,
            {one.key for one in owed},
            {unit: owed_by(unit, owed) for unit in addressees - self.issuers},
            {unit: words_for(unit, owed, heights, people) for unit in addressees},
            people,
            lambda unit, keys: words_for(unit, [one for one in owed if one.key in keys], heights, people),
        )


def deliver_messages(*, at: datetime, batch: int = BATCH, for_at_most: timedelta | None = None) -> Outcome:
    """Send what waits, `batch` by batch, and return how it went; stops taking more after `for_at_most`.

    Several may run at once. When a sender is killed, the one letter under its hands becomes UNCERTAIN for a
    person to decide; the others it had claimed are taken up again. While sending is held back nothing is done.
    """
    if SendingHold.objects.open().exists():
        return Outcome()
    started = time.monotonic()

    def now() -> datetime:
        return at + timedelta(seconds=time.monotonic() - started)

    run = _Run(Settling(now, Outcome()))
    run.settling.outcome.uncertain += sweep(at)
    while for_at_most is None or now() - at < for_at_most:
        mark = now()
        claimed = claim(mark, batch, run.dead_channels)
        if not claimed:
            break
        run.begin(claimed, mark)
        _send_all(claimed, mark, run)
    return run.settling.outcome


def _send_all(claimed: Sequence[Claimed], mark: datetime, run: _Run) -> None:
    """Send what was claimed, channel by channel; what has lost its channel goes by another one or not at all."""
    by_channel: dict[str, list[Claimed]] = defaultdict(list)
    for one in claimed:
        by_channel[one.row.channel].append(one)
    for channel, own in sorted(by_channel.items()):
        if channel in configured_channels():
            _send_by(Channel(channel), own, mark, run)
        else:
            for one in own:
                run.settling.without_channel(one.row, mark)


def _send_by(channel: Channel, claimed: Sequence[Claimed], mark: datetime, run: _Run) -> None:
    """Send what was claimed for one channel; when it is dead, put the rest of it off."""
    letters: dict[str, list[Claimed]] = defaultdict(list)
    for one in claimed:
        letters[one.row.address].append(one)
    with open_channel(channel) as sender:
        unreachable = ""
        for parts in letters.values():
            if unreachable:
                for one in parts:
                    run.settling.put_off(one.row, mark, unreachable)
            else:
                unreachable = _send_one(parts, mark, sender, run)
        if unreachable:
            run.dead_channels.add(channel)


def _send_one(claimed: Sequence[Claimed], mark: datetime, sender: Sender, run: _Run) -> str:
    """Send one address all that is claimed for it as one letter; returns why the channel is dead, if it is.

    Somebody who stands in for another unit has more than one message, and several people may share a mailbox.
    """
    at, settling = run.settling.now(), run.settling
    parts = _take_up(claimed, mark, at, run)
    if not parts:
        return ""
    try:
        sender.send(_letter(parts))
    except RefusedError as refusal:
        for part in parts:
            settling.give_up(part.delivery, at, str(refusal))
    except PerhapsSentError as doubt:
        for part in parts:
            settling.uncertain(part.delivery, at, str(doubt))
    except NotSentError as failure:
        for part in parts:
            settling.try_later(part.delivery, at, failure)
        return str(failure) if isinstance(failure, UnreachableError) else ""
    else:
        for part in parts:
            settling.sent(part.delivery, at)
    return ""


def _take_up(claimed: Sequence[Claimed], mark: datetime, at: datetime, run: _Run) -> list[_Part]:
    """Look once more what is owed, mark what is to be sent, cancel what is not, and return the former.

    This is the last thing before the letter leaves: what was settled meanwhile is not asked for. A message
    that now says something else is brought up to date.
    """
    look = run.look_for(claimed, at)
    parts = []
    for one in claimed:
        words = look.words_of(one)
        if isinstance(words, str):
            run.settling.cancel(one.row, mark, words)
        elif run.settling.take_up(one.row, mark, at):
            _bring_up_to_date(one.row.message, words)
            parts.append(_Part(one.row, words))
    return parts


def _bring_up_to_date(message: Message, words: Words) -> None:
    if words != Words(message.subject, message.body):
        message.subject, message.body = words.subject, words.body
        message.save(update_fields=["subject", "body"])


def _letter(parts: Sequence[_Part]) -> Letter:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    first = parts[0].delivery
    # What is told at once comes first and gives its name to the letter.
    told = sorted(parts, key=lambda part: not part.delivery.message.is_at_once)
    messages = {part.delivery.message: part.words for part in told}
    units = list(dict.fromkeys(message.unit for message in messages))
    subject = told[0].words.subject
    if len(units) > 1:
        names = "、".join(unit.short_name for unit in units)
        subject = f"【提醒】{len(units)}个单位有待办事项：{names}"
    body = "\n————————————————\n\n".join(words.body for words in messages.values())
    people = list(dict.fromkeys(part.delivery.user.name for part in parts))
    if len(people) > 1:
        body = f"收件人：{'、'.join(people)}\n\n{body}"
    return Letter(f"<delivery-{first.pk}@{host}>", first.address, subject, body)
