"""Drafts are saved: one entry with all that stands in it, and the form's head."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from tasks_app.choices import AuditAction, CarriedText
from tasks_app.clock import local_date
from tasks_app.domain import audit
from tasks_app.domain.moves import Refused, Stale
from tasks_app.domain.moves import ReportMove as Move
from tasks_app.models import IndicatorValue, MeasureProgress, ProgressEntry, Report, User

from ..entry_rows import FIGURE_FIELDS, RowChanges, settle_figures, settle_ticks
from ..entry_values import FigureGiven, Filling, TickGiven
from ..fillings import entries_with_previous, filling_of, is_required, rows_of
from ..rules import carried_after, is_lagging
from ..trail import HEADER_FIELDS
from .steps import demand_unlocked, lock_report, record_step

# What a person types into one entry beside its ticks and figures.
ENTRY_FIELDS = (
    "progress",
    "forecast",
    "status",
    "outlook",
    "cause",
    "remarks",
    "no_news",
    "no_news_reason",
    "status_note",
    "evidence_number",
    "answers",
)
KEPT_FIELDS = (*ENTRY_FIELDS, "carried", "typed")


@dataclass(frozen=True)
class Saved:
    """What became of a box: the entry with all that stands in it now, and what its report needs to be complete."""

    report: Report
    filling: Filling
    required: list[ProgressEntry]


def save_entry(report_pk: int, entry_pk: int, **given: Any) -> ProgressEntry:
    """Save one entry as `save_box` does and return it."""
    return save_box(report_pk, entry_pk, **given).filling.entry


@transaction.atomic
def save_box(
    report_pk: int,
    entry_pk: int,
    *,
    values: Mapping[str, Any],
    version: int,
    by: User,
    at: datetime,
    ticks: Mapping[int, TickGiven] | None = None,
    figures: Mapping[int, FigureGiven] | None = None,
    carry: bool = False,
    among: QuerySet[Report] | None = None,
) -> Saved:
    """Save one entry as draft, complete or not: one version for all that stands in it.

    `values` are {field of ENTRY_FIELDS: what was typed}, `ticks` {measure: tick}, `figures` {indicator:
    figure}; what is not given stays as it is, what cannot be read is kept as typed. `carry` brings the last
    period's words into an empty box. `version` is the one the form was drawn from. The report must be `among`
    those given, if any are. Raises Stale when it was saved meanwhile with other words,
    Refused when the report is locked, DoesNotExist. Saving the same again changes nothing.
    """
    report = lock_report(report_pk, Move.SAVE, by=by, at=at, among=among)
    # Whoever writes an entry holds its report: the lock above is enough.
    entries, previous = entries_with_previous(report, entry_pk)
    entry = next((each for each in entries if each.pk == entry_pk), None)
    if entry is None:
        raise ProgressEntry.DoesNotExist
    demand_unlocked(report, entry)
    has_figures = entry.has_figures  # type: ignore[attr-defined]
    rows = rows_of(report, [entry], today=local_date(at), has_figures=has_figures)
    before = {name: getattr(entry, name) for name in KEPT_FIELDS}
    after = _fields_after(entry, previous, values, carry=carry)
    tick_rows = settle_ticks(entry, rows, ticks or {}, after["typed"])
    figure_rows = settle_figures(entry, rows, figures or {}, after["typed"])
    changes = audit.diff(_in_words(before), _in_words(after)) | tick_rows.words | figure_rows.words
    if changes or after != before:
        if version != entry.version:
            raise Stale("这一项刚刚被他人修改过，您的内容还没有保存。", entry)
        for name, value in after.items():
            setattr(entry, name, value)
        entry.version += 1
        entry.saved_at, entry.saved_by = at, by
        entry.save(update_fields=[*after, "version", "saved_at", "saved_by"])
        _write(tick_rows, MeasureProgress, "measure", ["state", "done_on"])
        _write(figure_rows, IndicatorValue, "indicator", FIGURE_FIELDS)
        _introduce_filler(report, by)
        record_step(AuditAction.REPORT_SAVE, report, by=by, at=at, changes=changes, note=str(entry.task))
    required = [each for each in entries if is_required(report, each)]
    return Saved(report, filling_of(entry, rows, previous), required)


def _write(changes: RowChanges, model: type[Model], of: str, fields: Sequence[str]) -> None:
    """Write what was worked out, in one statement for each kind of row."""
    if changes.written:
        model._default_manager.bulk_create(
            changes.written, update_conflicts=True, unique_fields=["entry", of], update_fields=fields
        )
    if changes.gone:
        model._default_manager.filter(pk__in=changes.gone).delete()


def _fields_after(
    entry: ProgressEntry, previous: ProgressEntry | None, values: Mapping[str, Any], *, carry: bool
) -> dict[str, Any]:
    """Return every field of the entry as `values` leave it; answers are taken one by one, blank ones go."""
    after = {name: values.get(name, getattr(entry, name)) for name in ENTRY_FIELDS}
    given = entry.answers | values.get("answers", {})
    if not is_lagging(after["status"]):
        after["cause"] = ""
    after["answers"] = {key: text for key, text in given.items() if text.strip()}
    after["typed"] = dict(entry.typed)
    if carry:
        after["progress"], after["carried"] = _words_to_carry(previous, after["progress"])
    else:
        after["carried"] = carried_after(entry.carried, entry.progress, after["progress"])
    return after


def _words_to_carry(previous: ProgressEntry | None, typed: str) -> tuple[str, str]:
    if previous is None:
        raise Refused("没有可以沿用的上期文字。")
    if typed.strip():
        raise Refused("框里已经有文字，没有沿用上期。如要沿用，请先清空工作进展。")
    return previous.progress, CarriedText.UNTOUCHED


def _in_words(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields as the audit trail keeps them; what is kept as typed is told with its measure or number."""
    words = {name: value for name, value in fields.items() if name != "typed"}
    return {**words, "answers": "；".join(fields["answers"].values())}


def _introduce_filler(report: Report, by: User) -> None:
    """Whoever types first is the form's 填表人 until the header says otherwise.

    The header keeps its version: this takes the place of nothing that anybody typed into it.
    """
    if not report.filler_name and not report.filler_phone:
        report.filler_name, report.filler_phone = by.name, by.phone
        report.save(update_fields=["filler_name", "filler_phone"])


@transaction.atomic
def save_header(
    report_pk: int,
    *,
    filler_name: str,
    filler_phone: str,
    filled_on: object,
    version: int,
    by: User,
    at: datetime,
) -> Report:
    """Save the form's header as draft and return the report; `version` is the one the form was drawn from.

    Raises Stale when it was saved meanwhile with other words, Refused when the report is
    locked. Saving the same again changes nothing.
    """
    report = lock_report(report_pk, Move.SAVE, by=by, at=at)
    values = {"filler_name": filler_name, "filler_phone": filler_phone, "filled_on": filled_on}
    changes = audit.diff({field: getattr(report, field) for field in HEADER_FIELDS}, values)
    if not changes:
        return report
    if version != report.header_version:
        raise Stale("表头刚刚被他人修改过，您的修改还没有保存。")
    for field, value in values.items():
        setattr(report, field, value)
    report.header_version += 1
    report.save(update_fields=[*HEADER_FIELDS, "header_version"])
    record_step(AuditAction.REPORT_SAVE, report, by=by, at=at, changes=changes, note="表头")
    return report
