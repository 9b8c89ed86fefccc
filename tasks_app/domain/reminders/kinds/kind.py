"""What a kind of obligation says of itself, all in one place; each file beside this one fills in one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import DateField, F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDate

from tasks_app.clock import SHANGHAI
from tasks_app.domain.reminders.rungs import Rung
from tasks_app.models.unit import answered_for

from .things import Thing

# What is asked of a unit: limit, how much of it is left, where it stands, where to go.
LIMITED_WORDS = "{when}：{{时限}}\n时限情况：{{剩余}}\n办理状态：{{状态}}\n{where}：{{地址}}"
# What waits for the office is one line of a list.
WAITING_WORDS = "{单位}{事项}，{状态}，{剩余}：{地址}"


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of obligation. `code` is stored in the ledger and never changes.

    `owed` is the one condition: the rows that are owed on the day that begins at a moment. Composing, sending,
    preview, counts and the call list all ask it. `columns` say of each row since when it is owed (`since`),
    its limit (`due_on`; for what waits, the day it came in) and, where it ends by itself, its last day
    (`closes_on`). `way` leads from a row to the `thing` it is about, `state` to the state that picks the next
    of `steps`.
    """

    code: str
    label: str
    thing: Thing
    owed: Callable[[datetime], QuerySet[Any]]
    columns: Mapping[str, Combinable]
    rungs: tuple[Rung, ...]
    page: str
    words: str
    steps: Mapping[str, str]
    way: str = ""
    state: str = "state"
    # It waits: counted from the day it came in, not towards a limit.
    waits: bool = False
    # The office owes it, not a unit: the heading of its part of the office's message, and what it counts.
    for_office: bool = False
    heading: str = ""
    counted: str = ""
    # A report to be filed, for messages that are about nothing else.
    is_filing: bool = False
    # The message tells of it as a part of the report that it belongs to, with that one's limit.
    is_told_with_report: bool = False
    # That it begins is told at once, in office hours, by a message of its own beside the one of the day.
    is_told_at_once: bool = False
    # A limit that is moved does not make it begin again.
    begins_once: bool = False
    is_over_after_limit: bool = False
    begins: str = "事项产生"
    ends: str = "截止"
    # The state in which the preview shows it.
    example_state: str = ""

    def __str__(self) -> str:
        return self.label

    def step(self, state: str) -> str:
        """Return in words where it stands and what is to be done."""
        return self.steps[state]

    def address(self, page: int) -> str:
        """Return the address of its page, without the site's."""
        return self.page.format(page=page)

    def rows(self, at: datetime) -> QuerySet[Any]:
        """Return what is owed on the day that begins at `at`.

        Nothing is asked of a unit that was closed, unless another took its place, and nothing of a settled year.
        """
        owed = self.owed(at).filter(**{f"{self.way}{self.thing.plan}__closed_at": None})
        if self.for_office:
            return owed
        return owed.filter(answered_for(f"{self.way}{self.thing.unit}"))

    def all_columns(self) -> dict[str, Combinable]:
        """Return every column that the union asks of a row, but the rungs of the ledger."""
        columns: dict[str, Combinable] = {
            "kind": Value(self.code),
            "closes_on": Value(None, DateField()),
            "state": F(self.state),
        }
        return columns | self.thing.columns(self.way) | dict(self.columns)


def day_of(moment: str) -> TruncDate:
    """Return the day in Shanghai of a stored moment."""
    return TruncDate(moment, tzinfo=SHANGHAI)


def waiting_since(moment: str) -> dict[str, Combinable]:
    """Return the columns of what waits: counted from the day it came in."""
    return {"since": day_of(moment), "due_on": day_of(moment)}


def limited_words(when: str, where: str = "办理地址") -> str:
    """Return the program's own words of what has a limit; `when` and `where` are the names of day and address."""
    return LIMITED_WORDS.format(when=when, where=where)
