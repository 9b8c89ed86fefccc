"""What one entry of a submission says, statement by statement, and what changed in it since another."""

from collections.abc import Iterator
from dataclasses import dataclass

from tasks_app.choices import Cause, ProgressStatus
from tasks_app.domain.reporting.content import EntryContent, FigureContent
from tasks_app.domain.reporting.rules import expected_words
from tasks_app.language.comparing import Piece, likeness, pieces

STATUS, PROGRESS, FILES = "status", "progress", "attachments"
# Below this likeness marks by character are a riddle: then the old text stands whole before the new.
REWORDED = 0.35


@dataclass(frozen=True, slots=True)
class Passage:
    """One thing an entry says; `pieces` are ("same" | "gone" | "new", words) in reading order."""

    key: str
    label: str
    text: str
    pieces: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        """Tell whether it says something else than before."""
        return any(kind != "same" for kind, _ in self.pieces)


def statements(entry: EntryContent | None, before: EntryContent | None = None) -> list[Passage]:
    """Return everything `entry` says, marked against `before` if there is one.

    What only `before` said is there too, with an empty text; without `entry` all of it is gone.
    """
    now, then = _words(entry), _words(before)
    if before is None:
        return [Passage(key, label, text, (("same", text),)) for key, (label, text) in now.items()]
    found = []
    for key in (*now, *(key for key in then if key not in now)):
        label, text = now.get(key) or (then[key][0], "")
        found.append(Passage(key, label, text, marked(then[key][1] if key in then else "", text)))
    return found


def marked(before: str, after: str) -> tuple[Piece, ...]:
    """Return what became of a text, word by word; of one that was written anew the old before the new."""
    if before == after:
        return (("same", after),)
    if likeness(before, after) < REWORDED:
        return tuple((kind, words) for kind, words in (("gone", before), ("new", after)) if words)
    return tuple(pieces(before, after))


def measure_key(measure: int) -> str:
    """Return the key of what an entry says of one measure."""
    return f"measure-{measure}"


def figure_key(indicator: int) -> str:
    """Return the key of what an entry says of one indicator."""
    return f"indicator-{indicator}"


def answer_key(question: str) -> str:
    """Return the key of what an entry answers to one question."""
    return f"answer-{question}"


def _words(entry: EntryContent | None) -> dict[str, tuple[str, str]]:
    """Return {key: (label, words)} in reading order, only what is there."""
    said = _said(entry) if entry is not None else ()
    return {key: (label, text) for key, label, text in said if text}


def _said(entry: EntryContent) -> Iterator[tuple[str, str, str]]:
    status = entry.status
    yield STATUS, "状态", str(ProgressStatus(status).label) if status in ProgressStatus.values else ""
    yield "cause", "滞后原因", str(Cause(entry.cause).label) if entry.cause else ""
    yield "status_note", "状态说明", entry.status_note
    if entry.no_news:
        yield "no_news_reason", "本期无新进展", entry.no_news_reason or "未写原因"
    yield PROGRESS, "工作进展", entry.progress
    yield "forecast", "预计至期末", expected_words(entry.outlook, entry.forecast)
    yield "remarks", "备注", entry.remarks
    for measure in entry.measures:
        words = f"{measure.state_label}{_aside(str(measure.done_on or ''))}" if measure.state else ""
        yield measure_key(measure.measure), f"措施{measure.mark}", words
    for figure in entry.indicators:
        yield figure_key(figure.indicator), figure.name, _figure(figure)
    for answer in entry.answers:
        yield answer_key(answer.key), answer.question, answer.answer
    yield "evidence_number", "佐证材料文号", entry.evidence_number
    yield FILES, "佐证材料", "\n".join(file.name for file in entry.attachments)


def _figure(line: FigureContent) -> str:
    as_of = f"截至{line.as_of}" if line.as_of else ""
    forecast = f"预计至期末{line.forecast_words}" if line.forecast is not None else ""
    source = f"来源：{line.source}" if line.source else ""
    aside = _aside("，".join(filter(None, (as_of, forecast, source))))
    return f"{line.words}{aside}" if line.words or forecast else ""


def _aside(words: str) -> str:
    return f"（{words}）" if words else ""
