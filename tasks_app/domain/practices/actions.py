"""Changes: a unit puts an entry forward, the office edits it, publishes it or declines it with words."""

from datetime import datetime

from django.db import transaction

from tasks_app.choices import AuditAction, PracticeState
from tasks_app.clock import local_date
from tasks_app.domain import audit
from tasks_app.domain.access.queries import own_reports
from tasks_app.domain.access.rules import Permission, in_place_of_unit, may
from tasks_app.domain.moves import PRACTICE, Party, PracticeMove, Refused
from tasks_app.models import GoodPractice, User

from .rules import why_not_propose


@transaction.atomic
def put_forward(
    report_pk: int, entry_pk: int, *, title: str, text: str, by: User, at: datetime
) -> GoodPractice:
    """Put an entry forward, or put it forward anew while it waits or after it was declined.

    Raises Refused; what is published is the office's to edit.
    """
    report = own_reports(by, local_date(at)).filter(pk=report_pk).first()
    if report is None:
        raise Refused("只有本单位的人员可以推荐本单位的做法。")
    # The entry is the lock: two who put it forward at once get one practice.
    entry = report.entries.select_for_update(of=("self",)).get(pk=entry_pk)
    _check(title, text)
    practice = GoodPractice.objects.filter(entry=entry).first()
    if practice is not None and (sentence := why_not_propose(practice)):
        raise Refused(sentence)
    before = {"title": practice.title, "text": practice.text} if practice else {}
    practice = practice or GoodPractice(entry=entry)
    practice.title, practice.text, practice.state = title.strip(), text.strip(), PracticeState.PROPOSED
    practice.proposed_by, practice.proposed_at, practice.decided_by, practice.decided_at = by, at, None, None
    practice.save()
    after = {"title": practice.title, "text": practice.text}
    audit.record(
        AuditAction.PRACTICE,
        practice,
        by=by,
        at=at,
        unit=report.unit,
        changes=audit.diff(before, after),
        note="推荐",
        in_place=in_place_of_unit(by, report),
    )
    return practice


@transaction.atomic
def edit(pk: int, *, title: str, text: str, by: User, at: datetime) -> GoodPractice:
    """Mend the words, before or after publishing; the unit's entry stays as it is. Raises Refused."""
    practice = _lock(pk, by=by)
    _check(title, text)
    before = {"title": practice.title, "text": practice.text}
    after = {"title": title.strip(), "text": text.strip()}
    if changes := audit.diff(before, after):
        practice.title, practice.text = after["title"], after["text"]
        practice.save(update_fields=["title", "text"])
        _record(practice, "编辑", by=by, at=at, changes=changes)
    return practice


@transaction.atomic
def edit_and_publish(pk: int, *, title: str, text: str, by: User, at: datetime) -> GoodPractice:
    """Mend the words and let all units read them, or neither. Raises Refused."""
    edit(pk, title=title, text=text, by=by, at=at)
    return publish(pk, by=by, at=at)


@transaction.atomic
def publish(pk: int, *, by: User, at: datetime) -> GoodPractice:
    """Let all units read it. Twice is as good as once. Raises Refused."""
    practice = _lock(pk, by=by)
    if PRACTICE.allows(PracticeMove.PUBLISH, practice.state, {Party.OFFICE}):
        _decide(practice, PracticeState.PUBLISHED, "推广", by=by, at=at)
    return practice


@transaction.atomic
def decline(pk: int, *, words: str, by: User, at: datetime) -> GoodPractice:
    """Not take it, or take a published one back, with words that its unit reads. Raises Refused."""
    practice = _lock(pk, by=by)
    if not words.strip():
        raise Refused("请写明不采用的原因，推荐的单位会看到。")
    if PRACTICE.allows(PracticeMove.DECLINE, practice.state, {Party.OFFICE}):
        taken_back = practice.state == PracticeState.PUBLISHED
        note = f"{'撤下' if taken_back else '未采用'}：{words.strip()}"
        _decide(practice, PracticeState.DECLINED, note, by=by, at=at)
    return practice


def _lock(pk: int, *, by: User) -> GoodPractice:
    if not may(by, Permission.HANDLE_REQUESTS):
        raise Refused("经验做法由市医改办处理。")
    found = GoodPractice.objects.select_for_update(of=("self",))
    return found.select_related("entry__report__unit").get(pk=pk)


def _check(title: str, text: str) -> None:
    if not title.strip() or not text.strip():
        raise Refused("请填写标题和内容。")


def _decide(practice: GoodPractice, state: PracticeState, note: str, *, by: User, at: datetime) -> None:
    before = practice.get_state_display()
    practice.state, practice.decided_by, practice.decided_at = state, by, at
    practice.save(update_fields=["state", "decided_by", "decided_at"])
    _record(practice, note, by=by, at=at, changes={"state": [before, practice.get_state_display()]})


def _record(
    practice: GoodPractice, note: str, *, by: User, at: datetime, changes: dict[str, list[object]]
) -> None:
    unit = practice.entry.report.unit
    audit.record(AuditAction.PRACTICE, practice, by=by, at=at, unit=unit, changes=changes, note=note)
