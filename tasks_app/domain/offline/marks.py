"""The marks that go with an offline form: signed, so that a foreign or altered file is told apart."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.core.signing import BadSignature, Signer

EDITION = 1  # of the form's layout and of these marks


@dataclass(frozen=True, slots=True)
class FormMark:
    """Which form it is, when it was taken away (ISO), and the fingerprints of its head as it was then."""

    report: int
    unit: str  # code
    year: int
    period: str  # kind
    name: str  # in words, for a sentence when it came to the wrong page
    downloaded_at: str
    bases: Mapping[str, str] = field(default_factory=dict)
    edition: int = EDITION


@dataclass(frozen=True, slots=True)
class RowMark:
    """Which entry of which report a row is, and the fingerprints of its boxes as they were taken away."""

    report: int
    entry: int
    bases: Mapping[str, str]


def signed(mark: FormMark | RowMark) -> str:
    """Return `mark` as the text that the file carries."""
    return _signer(type(mark)).sign_object(asdict(mark))


def form_mark(text: str) -> FormMark | None:
    """Return what `signed` put into `text`, None if it is not ours."""
    values = _values(FormMark, text)
    return FormMark(**values) if values else None


def row_mark(text: str) -> RowMark | None:
    """Return what `signed` put into `text`, None if it is not ours."""
    values = _values(RowMark, text)
    return RowMark(**values) if values else None


def _signer(kind: type) -> Signer:
    return Signer(salt=f"offline.{kind.__name__}")


def _values(kind: type, text: str) -> dict[str, Any] | None:
    try:
        values: dict[str, Any] = _signer(kind).unsign_object(text)
    except (BadSignature, ValueError):
        return None
    # A later edition of this program may have signed other things.
    return values if values.keys() == {each.name for each in fields(kind)} else None
