"""Stand-ins: named for a time, do that role's moves for that unit in those days, and the trail says so."""

from datetime import date, timedelta
from functools import partial

import pytest

from tasks_app.choices import ReportState, Role
from tasks_app.domain.access.queries import acting_roles, may_for_a_unit, own_reports, people_of
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.moves import Refused
from tasks_app.domain.reporting import actions as reporting
from tasks_app.domain.reporting.queries import has_signer
from tasks_app.domain.stand_ins import actions, queries
from tasks_app.models import AuditEvent, Report, StandIn
from tests.cast import fill_in

WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}
fill = partial(fill_in, words=WORDS)
FIRST, LAST = date(2024, 7, 15), date(2024, 7, 17)


@pytest.fixture
def name(signed_report, people, at):
    """`name(person, role)` has the admin name a stand-in of 将乐县 from 15 to 17 July."""

    def run(person, role, **values):
        given = {"since": FIRST, "until": LAST, "by": people.admin, "at": at}
        return actions.name_stand_in(signed_report.unit, person, role, **given | values)

    return run


def names(report):
    return [
        event.actor_name
        for event in AuditEvent.objects.filter(target_id=report.pk, target_kind="report").order_by("pk")
    ]


def test_somebody_of_the_office_fills_in_and_signs_in_those_days_only(signed_report, people, name, at):
    name(people.office, Role.FILLER)
    fill(signed_report, people.office, at)
    assert names(signed_report)[-1] == "陈志远（替岗）"
    for moment in (at - timedelta(days=1), at + timedelta(days=3)):
        with pytest.raises(Refused):
            fill(signed_report, people.office, moment)
        assert not own_reports(people.office, moment.date()).exists()
        assert not may_for_a_unit(people.office, Permission.FILL_REPORT, moment.date())
    last = at + timedelta(days=2)
    reporting.request_signature(signed_report.pk, by=people.office, at=last)
    with pytest.raises(Refused):
        reporting.submit_report(signed_report.pk, by=people.office, at=last)
    name(people.office, Role.SIGNER)
    reporting.submit_report(signed_report.pk, by=people.office, at=last)
    assert names(signed_report)[-2:] == ["陈志远（替岗）", "陈志远（替岗）"]


def test_a_colleague_signs_while_the_signer_is_away(signed_report, people, name, at):
    name(people.filler, Role.SIGNER)
    fill(signed_report, people.filler, at)
    reporting.request_signature(signed_report.pk, by=people.filler, at=at)
    reporting.submit_report(signed_report.pk, by=people.filler, at=at)
    assert names(signed_report)[-2:] == [
        "林晓燕",
        "林晓燕（替岗）",
    ]  # asking was the own step, signing was not


def test_a_signer_fills_in_while_the_filler_is_away(signed_report, people, name, at):
    name(people.signer, Role.FILLER)
    fill(signed_report, people.signer, at)
    assert names(signed_report)[-1] == "吴志强（替岗）"
    assert set(acting_roles(people.signer, signed_report, LAST)) == {Role.SIGNER, Role.FILLER}
    assert set(acting_roles(people.signer, signed_report, LAST + timedelta(days=1))) == {Role.SIGNER}


def test_it_opens_that_unit_and_nothing_else(signed_report, people, name, at):
    name(people.office, Role.FILLER)
    assert list(own_reports(people.office, FIRST)) == [signed_report]
    other = Report.objects.get(unit=people.other_filler.unit)
    with pytest.raises(Refused):
        fill(other, people.office, at)
    opened = {Permission.FILL_REPORT, Permission.ANSWER_NOTICE}
    assert all(may_for_a_unit(people.office, permission, FIRST) for permission in opened)
    for permission in set(Permission) - opened:
        assert not may_for_a_unit(people.office, permission, FIRST)
    people.office.is_active = False
    people.office.save()
    assert not may_for_a_unit(people.office, Permission.FILL_REPORT, FIRST)


def test_a_unit_without_signer_has_one_while_somebody_stands_in(signed_report, people, name, at):
    unsigned = Report.objects.get(unit=people.other_filler.unit)
    assert not has_signer(unsigned.unit, FIRST)
    actions.name_stand_in(
        unsigned.unit, people.office, Role.SIGNER, since=FIRST, until=LAST, by=people.admin, at=at
    )
    assert has_signer(unsigned.unit, LAST)
    assert not has_signer(unsigned.unit, LAST + timedelta(days=1))
    assert list(people_of(unsigned.unit, Role.SIGNER, on=FIRST)) == [people.office]
    fill(unsigned, people.other_filler, at)
    with pytest.raises(Refused, match="设有审签人"):
        reporting.submit_report(unsigned.pk, by=people.other_filler, at=at)
    reporting.submit_report(unsigned.pk, by=people.other_filler, at=at + timedelta(days=3))


def test_no_signature_is_stuck_when_a_stand_in_has_ended(signed_report, people, at):
    """三元区 has no signer of its own: what waits for a stand-in who is gone can be taken back and submitted."""
    unsigned = Report.objects.get(unit=people.other_filler.unit)
    actions.name_stand_in(
        unsigned.unit, people.office, Role.SIGNER, since=FIRST, until=LAST, by=people.admin, at=at
    )
    fill(unsigned, people.other_filler, at)
    reporting.request_signature(unsigned.pk, by=people.other_filler, at=at)
    later = at + timedelta(days=3)
    with pytest.raises(Refused):
        reporting.submit_report(unsigned.pk, by=people.office, at=later)
    reporting.recall_report(unsigned.pk, by=people.other_filler, at=later)
    reporting.submit_report(unsigned.pk, by=people.other_filler, at=later)
    assert Report.objects.get(pk=unsigned.pk).state == ReportState.SUBMITTED


def test_a_signer_names_own_people_only(signed_report, people, name, at):
    name(people.filler, Role.SIGNER, by=people.signer)
    with pytest.raises(Refused, match="从本单位人员中选择"):
        name(people.office, Role.FILLER, by=people.signer)
    for part in ("bureau_signer", "filler", "office", "leader", "auditor"):
        with pytest.raises(Refused, match="不能为这个单位"):
            name(people.filler, Role.SIGNER, by=getattr(people, part))
    assert StandIn.objects.count() == 1


@pytest.mark.parametrize(
    ("part", "role", "days", "sentence"),
    [
        ("other_filler", Role.FILLER, (FIRST, LAST), "该单位的人员，或市医改办"),
        ("leader", Role.FILLER, (FIRST, LAST), "该单位的人员，或市医改办"),
        ("filler", Role.FILLER, (FIRST, LAST), "本来就是"),
        ("office", Role.FILLER, (FIRST - timedelta(days=1), LAST), "不能早于今天"),
        ("office", Role.FILLER, (LAST, FIRST), "不能早于开始日"),
    ],
)
def test_what_cannot_be_is_refused_in_words(people, name, part, role, days, sentence):
    with pytest.raises(Refused, match=sentence):
        name(getattr(people, part), role, since=days[0], until=days[1])


def test_no_two_of_the_same_overlap_and_one_can_end_early(signed_report, people, name, at):
    first = name(people.office, Role.FILLER)
    with pytest.raises(Refused, match="已经替岗"):
        name(people.office, Role.FILLER, since=LAST, until=LAST + timedelta(days=5))
    name(people.office, Role.FILLER, since=LAST + timedelta(days=1), until=LAST + timedelta(days=5))
    actions.end_stand_in(first.pk, by=people.signer, at=at + timedelta(days=1))
    first.refresh_from_db()
    assert first.until == FIRST
    with pytest.raises(Refused, match="已经结束"):
        actions.end_stand_in(first.pk, by=people.admin, at=at + timedelta(days=1))
    coming = StandIn.objects.exclude(pk=first.pk).get()
    actions.end_stand_in(coming.pk, by=people.admin, at=at)
    assert list(StandIn.objects.all()) == [first]
    notes = AuditEvent.objects.filter(action="stand_in").order_by("pk").values_list("note", flat=True)
    assert notes[0] == "陈志远替将乐县填报员，2024-07-15 至 2024-07-17"
    assert notes[2] == "提前结束：陈志远替将乐县填报员"


def test_who_sees_and_may_name_whom(people, name):
    stand_in = name(people.office, Role.FILLER)
    seen = {
        part: list(queries.visible_stand_ins(getattr(people, part)))
        for part in ("admin", "filler", "signer", "office", "other_filler", "leader")
    }
    assert all(seen[part] == [stand_in] for part in ("admin", "filler", "signer", "office"))
    assert seen["other_filler"] == seen["leader"] == []
    assert set(queries.people_to_name(people.signer)) == {people.filler, people.signer}
    assert people.office in queries.people_to_name(people.admin)
    assert not queries.people_to_name(people.office).exists()
    assert [report.unit for report in queries.reports_to_work_on(people.office, FIRST)] == [stand_in.unit]
