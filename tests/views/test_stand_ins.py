"""Stand-ins on the pages: named by admin or signer, then the whole way of a report as the one who stands in."""

from datetime import date, timedelta

from django.urls import reverse

from tasks_app.choices import ReportState, Role
from tasks_app.domain.stand_ins.actions import name_stand_in
from tasks_app.models import Report, StandIn

WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}


def page(client, name, *args):
    return client.get(reverse(name, args=args)).content.decode()


def stand_in(report, people, person, role, at):
    days = {"since": at.date(), "until": at.date() + timedelta(days=2)}
    return name_stand_in(report.unit, person, role, **days, by=people.admin, at=at)


def test_an_admin_names_one_and_ends_it(signed_report, people, login):
    client = login(people.admin)
    assert "没有替岗" in page(client, "stand_ins")
    given = {
        "unit": signed_report.unit_id,
        "person": people.office.pk,
        "role": "filler",
        "since": "2024-07-15",
        "until": "2024-07-17",
    }
    named = client.post(reverse("stand_ins"), given, follow=True).content.decode()
    assert "已指定陈志远替将乐县填报员" in named
    assert "替岗中" in named
    assert "已经替岗" in client.post(reverse("stand_ins"), given).content.decode()
    assert (
        "不能早于开始日"
        in client.post(
            reverse("stand_ins"), given | {"until": "2024-07-14", "role": "signer"}
        ).content.decode()
    )
    ended = client.post(reverse("stand_in_end", args=[StandIn.objects.get().pk]), follow=True)
    assert "已结束陈志远的替岗" in ended.content.decode()


def test_a_signer_is_offered_the_own_units_people_only(signed_report, people, login):
    seen = page(login(people.signer), "stand_ins")
    assert "林晓燕（" in seen
    assert "陈志远" not in seen.split("<main")[1]
    assert "市卫健委" not in seen
    given = {
        "unit": people.bureau_filler.unit_id,
        "person": people.bureau_filler.pk,
        "role": "signer",
        "since": "2024-07-15",
        "until": "2024-07-17",
    }
    login(people.signer).post(reverse("stand_ins"), given)
    login(people.filler).post(
        reverse("stand_ins"), given | {"unit": signed_report.unit_id, "person": people.filler.pk}
    )
    assert not StandIn.objects.exists()


def test_only_who_may_name_ends_it(signed_report, people, login, at):
    running = stand_in(signed_report, people, people.office, Role.FILLER, at)
    for part in ("bureau_signer", "filler", "office", "leader"):
        client = login(getattr(people, part))
        assert client.post(reverse("stand_in_end", args=[running.pk])).status_code == 404
    assert StandIn.objects.exists()


def test_the_office_goes_the_whole_way_for_the_unit_in_those_days(signed_report, people, login, at):
    assert login(people.office).get(reverse("report", args=[signed_report.pk])).status_code == 404
    stand_in(signed_report, people, people.office, Role.FILLER, at)
    stand_in(signed_report, people, people.office, Role.SIGNER, at)
    client = login(people.office)
    assert "正在替岗" in page(client, "home")
    assert reverse("report", args=[signed_report.pk]) in page(client, "stand_ins")
    assert "data-autosave" in page(client, "report", signed_report.pk)
    for entry in signed_report.entries.all():
        address = reverse("report_save_entry", args=[signed_report.pk, entry.pk])
        answer = client.post(address, {**WORDS, "version": 0}, headers={"HX-Request": "true"})
        assert "已保存" in answer.content.decode()
    assert "提交审签" in page(client, "report_check", signed_report.pk)
    assert client.get(reverse("report_export", args=[signed_report.pk])).status_code == 200
    client.post(reverse("report_request_signature", args=[signed_report.pk]))
    assert "审签并报送" in page(client, "report", signed_report.pk)
    receipt = client.post(reverse("report_submit", args=[signed_report.pk]), follow=True).content.decode()
    assert "报送成功" in receipt
    signed_report.refresh_from_db()
    assert signed_report.state == ReportState.SUBMITTED
    assert "陈志远（替岗）" in page(login(people.filler), "report", signed_report.pk)
    after = login(people.office, at=at + timedelta(days=3))
    assert after.get(reverse("report", args=[signed_report.pk])).status_code == 404


def test_in_those_days_other_units_stay_closed_and_drafts_unread(signed_report, people, login, at):
    stand_in(signed_report, people, people.office, Role.FILLER, at)
    client = login(people.office)
    other = Report.objects.get(unit=people.other_filler.unit)
    entry = other.entries.first()
    assert client.get(reverse("report", args=[other.pk])).status_code == 404
    address = reverse("report_save_entry", args=[other.pk, entry.pk])
    assert client.post(address, {**WORDS, "version": 0}).status_code == 404
    # As the office it still reads only what has left the unit.
    assert client.get(reverse("review_report", args=[signed_report.pk])).status_code == 404
    # A stand-in for the filler does not sign.
    assert client.post(reverse("report_refuse_signature", args=[signed_report.pk])).status_code == 404


def test_a_colleague_signs(signed_report, people, login, at):
    stand_in(signed_report, people, people.filler, Role.SIGNER, at)
    Report.objects.filter(pk=signed_report.pk).update(state=ReportState.SIGNING)
    seen = page(login(people.filler), "report", signed_report.pk)
    assert reverse("report_recall", args=[signed_report.pk]) in seen  # the own move
    assert reverse("report_submit", args=[signed_report.pk]) in seen  # the one made in the signer's place
    answer = login(people.filler).post(
        reverse("report_refuse_signature", args=[signed_report.pk]), {"reason": "补数据"}, follow=True
    )
    assert "已退回填报员修改" in answer.content.decode()
    assert "林晓燕（替岗）" in answer.content.decode()


def test_the_list_takes_a_fixed_number_of_statements(
    signed_report, people, units, login, at, django_assert_max_num_queries, django_assert_num_queries
):
    stand_in(signed_report, people, people.office, Role.FILLER, at)
    client = login(people.admin)
    with django_assert_max_num_queries(12) as counted:
        page(client, "stand_ins")
    before = len(counted)
    for name in ("三元区", "市卫健委"):
        name_stand_in(
            units[name],
            people.office,
            Role.SIGNER,
            since=at.date(),
            until=date(2024, 7, 20),
            by=people.admin,
            at=at,
        )
    with django_assert_num_queries(before):
        page(client, "stand_ins")
