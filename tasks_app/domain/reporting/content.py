"""What a submission says, as frozen values; the only code that knows how they are kept as JSON.

Submissions of older programs lack what is optional here, and hold keys that nobody reads any more: the stored
JSON is never changed, and its fingerprint is worked out over what is stored.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Self, TypeVar

from django.db.models.fields.json import KT

from tasks_app.choices import CarriedText, MeasureState
from tasks_app.models import Submission

from .entry_values import plain
from .questions import contradicts
from .rules import said

Part = TypeVar("Part")
# For queries: who of the office entered what a submission says, "" when the unit did it itself.
ENTERED_BY = KT("content__header__entered_by")


@dataclass(frozen=True, slots=True)
class MeasureSaid:
    """Where the unit stands with one measure; `state` is MeasureState, "" when nobody ticked it."""

    measure: int
    mark: str
    text: str
    state: str = ""
    done_on: date | None = None

    @property
    def state_label(self) -> str:
        """The state in words."""
        return MeasureState(self.state).label if self.state else ""

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        return cls(**{**_known(cls, kept), "done_on": _day(kept.get("done_on"))})

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "done_on": _iso(self.done_on)}


@dataclass(frozen=True, slots=True)
class FigureContent:
    """One indicator's number. What was demanded, and the words of the number, are as they stood on that day."""

    indicator: int
    name: str
    unit: str = ""
    value: Decimal | None = None
    is_about: bool = False
    forecast: Decimal | None = None
    as_of: date | None = None
    source: str = ""
    requirement: str = field(default="", compare=False)
    target: str = field(default="", compare=False)
    words: str = field(default="", compare=False)
    pace: str = field(default="", compare=False)

    @property
    def forecast_words(self) -> str:
        """What is expected by the period's end, with its unit."""
        return f"{plain(self.forecast)}{self.unit}" if self.forecast is not None else ""

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        numbers = {name: _number(kept.get(name)) for name in ("value", "forecast")}
        return cls(**{**_known(cls, kept), **numbers, "as_of": _day(kept.get("as_of"))})

    def as_json(self) -> dict[str, Any]:
        numbers = {"value": plain(self.value), "forecast": plain(self.forecast)}
        return {**asdict(self), **numbers, "as_of": _iso(self.as_of)}


@dataclass(frozen=True, slots=True)
class AnswerContent:
    """The reason given to one question, beside the sentence that asked it."""

    key: str
    question: str = field(compare=False)
    answer: str


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that was asked and not answered: the reviewer sees it, the report went out all the same."""

    key: str
    question: str


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file of evidence that went with the submission."""

    attachment: int
    name: str
    kind: str = ""
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class EntryContent:
    """What a unit says of one task. Equal ones say the same."""

    task: int
    number: int = 0
    title: str = ""
    progress: str = ""
    forecast: str = ""
    outlook: str = ""
    cause: str = ""
    status: str = ""
    remarks: str = ""
    no_news: bool = False
    no_news_reason: str = ""
    carried: str = CarriedText.NO.value
    status_note: str = ""
    measures: tuple[MeasureSaid, ...] = ()
    indicators: tuple[FigureContent, ...] = ()
    answers: tuple[AnswerContent, ...] = ()
    evidence_number: str = ""
    attachments: tuple[FileContent, ...] = ()
    unanswered: tuple[OpenQuestion, ...] = field(default=(), compare=False)

    @property
    def said(self) -> str:
        """工作进展 as it is read outside the form."""
        return said(self.progress, self.no_news, self.no_news_reason)

    @property
    def questions(self) -> tuple[AnswerContent, ...]:
        """Every question that was asked of it, answered ones first; the others have an empty answer."""
        return (*self.answers, *(AnswerContent(each.key, each.question, "") for each in self.unanswered))

    @property
    def is_in_doubt(self) -> bool:
        """Tell whether it contradicts itself, whatever reason was given (待核)."""
        return contradicts(question.key for question in self.questions)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        parts = {
            "measures": tuple(map(MeasureSaid.from_json, kept.get("measures", ()))),
            "indicators": tuple(map(FigureContent.from_json, kept.get("indicators", ()))),
            "answers": _parts(AnswerContent, kept.get("answers", ())),
            "attachments": _parts(FileContent, kept.get("attachments", ())),
            "unanswered": _parts(OpenQuestion, kept.get("unanswered", ())),
        }
        return cls(**(_known(cls, kept) | parts))

    def as_json(self) -> dict[str, Any]:
        parts = {
            "measures": [measure.as_json() for measure in self.measures],
            "indicators": [figure.as_json() for figure in self.indicators],
            "answers": [asdict(answer) for answer in self.answers],
            "attachments": [asdict(file) for file in self.attachments],
            "unanswered": [asdict(question) for question in self.unanswered],
        }
        return {each.name: parts.get(each.name, getattr(self, each.name)) for each in fields(self)}


@dataclass(frozen=True, slots=True)
class HeaderContent:
    """The head of the form; `entered_by` is who of the office entered it for its unit (代填), "" for nobody."""

    unit: str = ""
    period: str = ""
    filler_name: str = ""
    filler_phone: str = ""
    filled_on: date | None = None
    entered_by: str = ""
    entered_because: str = ""

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        return cls(**{**_known(cls, kept), "filled_on": _day(kept.get("filled_on"))})

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "filled_on": _iso(self.filled_on)}


@dataclass(frozen=True, slots=True)
class ReportContent:
    """Everything that a report says: its head, and an entry for each task in the table's order."""

    header: HeaderContent
    entries: tuple[EntryContent, ...]

    @property
    def by_task(self) -> dict[int, EntryContent]:
        """Return {task id: entry} in the same order."""
        return {entry.task: entry for entry in self.entries}

    def names_file(self, attachment: int) -> bool:
        """Tell whether a file of evidence went with it."""
        return any(file.attachment == attachment for entry in self.entries for file in entry.attachments)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        header = HeaderContent.from_json(kept["header"])
        return cls(header, tuple(map(EntryContent.from_json, kept["entries"])))

    def as_json(self) -> dict[str, Any]:
        return {"header": self.header.as_json(), "entries": [entry.as_json() for entry in self.entries]}


def content_of(submission: Submission) -> ReportContent:
    """Return what `submission` says, whatever program kept it."""
    return ReportContent.from_json(submission.content)


def entry_of(submission: Submission, task: int) -> EntryContent | None:
    """Return what `submission` says of one task, None when it had not to; the other tasks are not read."""
    kept = next((each for each in submission.content["entries"] if each["task"] == task), None)
    return EntryContent.from_json(kept) if kept else None


def fingerprint(content: Mapping[str, Any]) -> str:
    """Return the fingerprint of a submission's stored content: SHA-256 over its JSON with sorted keys."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def is_intact(submission: Submission) -> bool:
    """Tell whether what is stored still has the fingerprint of the day on which it left the unit."""
    return fingerprint(submission.content) == submission.fingerprint


def _parts(cls: type[Part], kept: Iterable[Mapping[str, Any]]) -> tuple[Part, ...]:
    return tuple(cls(**_known(cls, each)) for each in kept)


def _known(cls: type, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return of what was kept what is still read."""
    return {key: value for key, value in kept.items() if key in _names(cls)}


@cache
def _names(cls: type) -> frozenset[str]:
    return frozenset(each.name for each in fields(cls))


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
