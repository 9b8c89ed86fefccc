"""The audit trail and the other registers that are written once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tasks_app.choices import AuditAction, ReportState
from tasks_app.domain import audit
from tasks_app.models import AuditEvent, Report, ReturnReason, Submission


@pytest.fixture
def event(people, at):
    return audit.record(AuditAction.EXPORT, people.filler, by=people.admin, at=at, unit=people.filler.unit)


@pytest.fixture
def reason(period, people, at):
    """One reason why one submission was returned."""
    report = Report.objects.create(
        period=period,
        unit=people.filler.unit,
        state=ReportState.RETURNED,
        due_on=period.due_on,
        submitted_at=at,
        first_submitted_at=at,
        submitted_by=people.filler,
    )
    submission = Submission.objects.create(
        report=report,
        number=1,
        receipt="R1",
        content={},
        fingerprint="",
        is_late=False,
        submitted_at=at,
        submitted_by=people.filler,
    )
    return ReturnReason.objects.create(
        submission=submission, text="数据不实", returned_at=at, returned_by=people.office
    )


@pytest.mark.parametrize("model", [AuditEvent, Submission, ReturnReason])
def test_the_database_refuses_to_change_what_is_written_once(model, event, reason):
    column = {AuditEvent: "note", Submission: "receipt", ReturnReason: "text"}[model]
    table = model._meta.db_table
    for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):  # noqa: S608
        with (
            pytest.raises(IntegrityError, match="written once"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert model.objects.count() == 1
    assert not model.objects.filter(**{column: "x"}).exists()


def test_the_orm_has_no_way_round(event):
    event.note = "x"
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        event.delete()


def test_record_keeps_the_name_as_it_was(event, people):
    people.admin.name = "改名"
    people.admin.save()
    event.refresh_from_db()
    assert (event.actor_name, event.target_label) == ("赵敏", "林晓燕")


def test_the_program_itself_is_named(db, at):
    assert audit.record(AuditAction.REMINDER, None, by=None, at=at).actor_name == audit.SYSTEM


def test_diff_holds_only_what_changed_in_a_form_that_can_be_stored(people, at):
    before = {"a": 1, "day": date(2024, 7, 1), "unit": people.filler.unit, "same": "x"}
    after = {"a": 2, "day": date(2024, 7, 2), "unit": people.office.unit, "same": "x"}
    assert audit.diff(before, after) == {
        "a": [1, 2],
        "day": ["2024-07-01", "2024-07-02"],
        "unit": ["将乐县", "三明市"],
    }


def test_search_counts_days_in_shanghai(people):
    # 16:30 in Greenwich is half past midnight of the next day in Shanghai.
    late = datetime(2024, 7, 15, 16, 30, tzinfo=UTC)
    for at in (late, late - timedelta(hours=1)):
        audit.record(AuditAction.LOGIN, people.filler, by=people.filler, at=at)
    every = AuditEvent.objects.all()
    assert [e.at for e in audit.search(every)] == [late, late - timedelta(hours=1)]
    assert audit.search(every, since=date(2024, 7, 16)).get().at == late
    assert audit.search(every, until=date(2024, 7, 15)).get().at == late - timedelta(hours=1)


def test_search_narrows_by_everything_asked_for(event, people, at):
    audit.record(AuditAction.LOGIN, people.office, by=people.office, at=at, note="来自 10.0.0.1")
    every = AuditEvent.objects.all()
    for criteria in (
        {"actor": people.admin},
        {"unit": people.filler.unit},
        {"action": AuditAction.EXPORT},
        {"text": "林晓燕"},
        {"text": "赵敏"},
    ):
        assert audit.search(every, **criteria).get() == event
    assert audit.search(every, text="10.0.0.1").get().actor == people.office


def test_the_ledger_of_one_thing_is_in_order(event, people, at):
    audit.record(AuditAction.EXPORT, people.office, by=None, at=at)
    later = audit.record(AuditAction.LOGIN, people.filler, by=None, at=at + timedelta(days=1))
    assert list(audit.events_of(people.filler)) == [event, later]


@pytest.mark.django_db
def test_a_replacing_insert_does_not_go_round_the_triggers(people, at):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    event = audit.record(AuditAction.LOGIN, people.filler, by=people.filler, at=at, note="as it was")
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        connection.cursor().execute(
            "INSERT OR REPLACE INTO tasks_app_auditevent (id, at, actor_name, action, target_kind, target_label,"
            " changes, note) VALUES (%s, '2024-07-15', '他人', 'login', 'user', '', '{}', 'forged')",
            [event.pk],
        )
    assert AuditEvent.objects.get().note == "as it was"
