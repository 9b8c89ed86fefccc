"""What a submission keeps of one entry, in plain values, and how one of an older program is read."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from tasks_app.choices import CarriedText

from .entry_values import Filling, plain
from .questions import questions

# What submissions of an older program lack. New keys go here, so that every page may rely on them.
LATER_KEYS: dict[str, Any] = {
    "no_news": False,
    "no_news_reason": "",
    "carried": CarriedText.NO.value,
    "status_note": "",
    "measures": [],
    "indicators": [],
    "answers": [],
    "evidence_number": "",
    "attachments": [],
}


def entry_content(filling: Filling) -> dict[str, Any]:
    """Return what a submission keeps of one entry."""
    entry = filling.entry
    return {
        "task": entry.task_id,
        "number": entry.task.number,
        "title": entry.task.title,
        "progress": entry.progress,
        "forecast": entry.forecast,
        "status": entry.status,
        "remarks": entry.remarks,
        "no_news": entry.no_news,
        "no_news_reason": entry.no_news_reason,
        "carried": entry.carried,
        "status_note": entry.status_note,
        "measures": _measures(filling),
        "indicators": _indicators(filling),
        "answers": _answers(filling),
        "evidence_number": entry.evidence_number,
        "attachments": [
            {"attachment": a.pk, "name": a.name, "kind": a.kind, "size": a.size, "sha256": a.sha256}
            for a in filling.attachments
        ],
    }


def complete(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of an entry with every key of today, whatever program kept it."""
    return {**LATER_KEYS, **content}


def report_content(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of a submission with every key of today."""
    header = {"entered_by": "", "entered_because": "", **content["header"]}
    return {**content, "header": header, "entries": [complete(entry) for entry in content["entries"]]}


def _measures(filling: Filling) -> list[dict[str, Any]]:
    return [
        {
            "measure": line.measure.pk,
            "mark": line.mark,
            "text": line.measure.text,
            "state": line.state,
            "state_label": line.label,
            "done_on": line.done_on.isoformat() if line.done_on else "",
        }
        for line in filling.measures
    ]


def _indicators(filling: Filling) -> list[dict[str, Any]]:
    return [
        {
            "indicator": line.indicator.pk,
            "name": line.indicator.name,
            "requirement": line.requirement,
            "target": plain(line.indicator.value),
            "unit": line.indicator.unit,
            "value": plain(line.value),
            "words": line.words,
            "as_of": line.as_of.isoformat() if line.as_of else "",
            "source": line.source,
        }
        for line in filling.figures
    ]


def _answers(filling: Filling) -> list[dict[str, str]]:
    """Return the answers beside their questions; one whose question fell away answers nothing any more."""
    return [
        {"key": question.key, "question": question.sentence, "answer": question.answer}
        for question in questions(filling)
        if question.answer.strip()
    ]


def fingerprint(content: dict[str, Any]) -> str:
    """Return the fingerprint of a submission's content: SHA-256 over its JSON with sorted keys."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
