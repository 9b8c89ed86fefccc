"""Asking from an entry, the lists of both sides, answering: what is on the pages and how many statements it takes."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from tasks_app.domain.matters import actions
from tasks_app.domain.reporting.actions import save_entry, submit_report
from tasks_app.models import Matter

WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}


@pytest.fixture
def item(report, people, units, at) -> Matter:
    """三元区 asks 市卫健委 for something until 19 July."""
    return actions.ask(
        report.pk,
        report.entries.first().pk,
        text="请<开通>数据接口。",
        addressee=units["市卫健委"],
        due_on=date(2024, 7, 19),
        by=people.other_filler,
        at=at,
    )


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query).content.decode()


def test_asking_within_the_form_answers_with_the_entrys_part(report, people, login):
    client, entry = login(people.other_filler), report.entries.first()
    address = reverse("coordination_ask", args=[report.pk, entry.pk])
    htmx = {"HX-Request": "true"}
    assert f'hx-get="{address}"' in page(client, "report", report.pk)
    form = client.get(address, headers=htmx).content.decode()
    assert 'value="2024-07-22"' in form  # five working days from today
    assert "<html" not in form
    assert "不能空着" in client.post(address, {"text": " "}, headers=htmx).content.decode()
    good = {"text": "请开通接口。", "addressee": "", "due_on": "2024-07-19"}
    part = client.post(address, good, headers=htmx).content.decode()
    assert "请开通接口。" in part
    assert "待答复" in part
    assert 'name="text"' not in part
    assert "请开通接口。" in page(client, "report", report.pk)
    assert 'name="text"' not in client.get(address + "?cancel", headers=htmx).content.decode()


def test_asking_works_without_script(report, people, login):
    client, entry = login(people.other_filler), report.entries.first()
    address = reverse("coordination_ask", args=[report.pk, entry.pk])
    assert "提出需协调事项" in client.get(address).content.decode()
    answer = client.post(address, {"text": "请开通。", "due_on": "2024-07-19"})
    assert answer.url == f"{reverse('report', args=[report.pk])}#task-1"
    late = client.post(address, {"text": "请开通。", "due_on": "2024-07-14"}).content.decode()
    assert "不能早于今天" in late
    assert "请开通。" in late
    assert Matter.objects.count() == 1


def test_answer_and_age_stand_on_the_entry_for_both_sides(item, report, people, login, at):
    for entry in report.entries.all():
        save_entry(report.pk, entry.pk, values=WORDS, version=entry.version, by=people.other_filler, at=at)
    submit_report(report.pk, by=people.other_filler, at=at)
    later = at + timedelta(days=7)
    unit = lambda: page(login(people.other_filler, at=later), "report", report.pk)  # noqa: E731
    office = lambda: page(login(people.office, at=later), "review_report", report.pk)  # noqa: E731
    for seen in (unit(), office()):
        assert "已等 5 个工作日" in seen
        assert "已过希望答复日期" in seen
        assert "请&lt;开通&gt;数据接口。" in seen
    client = login(people.bureau_filler, at=later)
    done = client.post(reverse("coordination_answer", args=[item.pk]), {"text": "已开通。"}, follow=True)
    assert "已答复，三元区会看到" in done.content.decode()
    for seen in (unit(), office()):
        assert "已开通。" in seen
        assert "5 个工作日答复" in seen


def test_after_the_answer_nobody_is_offered_a_change(item, people, login, at):
    before = page(login(people.other_filler), "coordination_read", item.pk)
    assert reverse("coordination_change", args=[item.pk]) in before
    actions.answer(item.pk, text="已开通。", by=people.bureau_filler, at=at)
    for person in (people.other_filler, people.bureau_filler, people.office):
        seen = page(login(person), "coordination_read", item.pk)
        assert reverse("coordination_change", args=[item.pk]) not in seen
        assert reverse("coordination_answer", args=[item.pk]) not in seen
    client = login(people.other_filler)
    changed = client.post(
        reverse("coordination_change", args=[item.pk]), {"text": "改", "due_on": "2024-07-19"}, follow=True
    )
    assert "已经答复，不能再修改" in changed.content.decode()
    again = login(people.office).post(reverse("coordination_answer", args=[item.pk]), {"text": "改口"})
    assert "已经答复" in again.content.decode()
    item.refresh_from_db()
    assert (item.text, item.answer.text) == ("请<开通>数据接口。", "已开通。")


def test_the_unit_mends_and_closes_its_own(item, people, login):
    client = login(people.other_filler)
    given = {"text": "请尽快开通。", "addressee": "", "due_on": "2024-07-18"}
    assert (
        "已修改"
        in client.post(reverse("coordination_change", args=[item.pk]), given, follow=True).content.decode()
    )
    # Mended, it is no longer addressed to the bureau, which no longer sees it.
    assert login(people.bureau_filler).get(reverse("coordination_read", args=[item.pk])).status_code == 404
    closed = login(people.other_filler).post(reverse("coordination_settle", args=[item.pk]), follow=True)
    assert "已办结" in closed.content.decode()


def test_what_is_not_mine_does_not_exist(item, report, people, login):
    for person in (people.filler, people.signer):
        client = login(person)
        for name in ("coordination_read", "coordination_change"):
            assert client.get(reverse(name, args=[item.pk])).status_code == 404
        for name in ("coordination_answer", "coordination_settle"):
            assert client.post(reverse(name, args=[item.pk]), {"text": "x"}).status_code == 404
        address = reverse("coordination_ask", args=[report.pk, report.entries.first().pk])
        assert client.post(address, {"text": "x", "due_on": "2024-07-19"}).status_code == 404
    # The addressed unit reads and answers, but neither changes nor closes what another asked.
    client = login(people.bureau_filler)
    assert client.get(reverse("coordination_change", args=[item.pk])).status_code == 404
    assert (
        "由三元区或市医改办办理"
        in client.post(reverse("coordination_settle", args=[item.pk]), follow=True).content.decode()
    )


def test_lists_and_filters(item, people, login, at):
    overdue = at + timedelta(days=10)
    office = login(people.office, at=overdue)
    listed = page(office, "coordination")
    assert "三元区" in listed
    assert "超期" in listed
    assert "没有符合条件" in page(office, "coordination", addressee="office")
    assert "请&lt;开通&gt;" in page(office, "coordination", addressee=str(item.addressee_id), state="open")
    assert "请&lt;开通&gt;" in page(office, "coordination", addressee="9999x", state="x", unit="x")
    assert "请&lt;开通&gt;" in page(login(people.bureau_signer), "coordination", side="addressed")
    assert "没有符合条件" in page(login(people.bureau_signer), "coordination", side="asked")
    assert "没有符合条件" in page(login(people.filler), "coordination")


@pytest.mark.parametrize("part", ["office", "other_filler"])
def test_the_list_takes_a_fixed_number_of_statements(
    item, report, people, login, at, part, django_assert_max_num_queries, django_assert_num_queries
):
    client = login(getattr(people, part))
    with django_assert_max_num_queries(12) as counted:
        page(client, "coordination")
    before = len(counted)
    for n in range(5):
        new = actions.ask(
            report.pk,
            item.entry_id,
            text=f"第{n}件",
            addressee=None,
            due_on=None,
            by=people.other_filler,
            at=at,
        )
        if n % 2:
            actions.answer(new.pk, text="可以", by=people.office, at=at)
    with django_assert_num_queries(before):
        page(client, "coordination")


def test_the_office_hands_a_request_on_and_both_read_the_answer(report, people, units, login, at):
    given = {"text": "请<开通>数据接口。", "addressee": None, "due_on": date(2024, 7, 19)}
    item = actions.ask(report.pk, report.entries.first().pk, **given, by=people.other_filler, at=at)
    office, address = login(people.office), reverse("coordination_refer", args=[item.pk])
    assert "转给" in office.get(address).content.decode()
    empty = office.post(address, {"due_on": "2024-07-18"}).content.decode()
    assert "这一格不能空着" in empty
    office.post(address, {"addressee": units["市卫健委"].pk, "due_on": "2024-07-18"})
    referral = Matter.objects.get(parent=item)
    assert "已转市卫健委" in page(office, "coordination")
    bureau = login(people.bureau_filler)
    assert "协调事项请本单位答复" in page(bureau, "home")
    read = page(bureau, "coordination_read", referral.pk)
    assert "市医改办转办：三元区请求协调的事项" in read
    assert "请&lt;开通&gt;数据接口。" in read
    assert bureau.get(reverse("coordination_read", args=[item.pk])).status_code == 404
    bureau.post(reverse("coordination_answer", args=[referral.pk]), {"text": "已开通。"})
    for person in (people.other_filler, people.office):
        assert "已开通。" in page(login(person), "coordination_read", item.pk)
    assert login(people.other_filler).get(reverse("coordination_read", args=[referral.pk])).status_code == 404
    late = login(people.office).get(address, follow=True).content.decode()
    assert "不能转办" in late


def test_a_unit_asks_from_the_list_at_any_time(period, plan, people, login):
    client, task = login(people.filler), plan.tasks.get(number=1)
    assert reverse("coordination_new") in page(client, "coordination")
    form = client.get(reverse("coordination_new"), {"task": task.pk}).content.decode()
    assert f'value="{task.pk}" selected' in form
    assert "完善医保基金预算管理" not in form  # another unit's task
    given = {"task": task.pk, "text": "请明确编制。", "cause": "staff", "due_on": "2024-07-19"}
    late = client.post(reverse("coordination_new"), given | {"due_on": "2024-07-14"}).content.decode()
    assert "不能早于今天" in late
    item = client.post(reverse("coordination_new"), given, follow=True).content.decode()
    assert "请明确编制。" in item
    assert "编制人员" in item
    changed = given | {"text": "请明确编制和经费。"}
    pk = Matter.objects.get().pk
    client.post(reverse("coordination_change", args=[pk]), changed)
    assert "请明确编制和经费。" in page(login(people.signer), "coordination_read", pk)


def test_office_and_leaders_see_the_sum_and_what_waits_long(item, people, login, at):
    later = at + timedelta(days=14)
    for person in (people.office, people.leader):
        client = login(person, at=later)
        listed = page(client, "coordination", long="on")
        assert "请&lt;开通&gt;数据接口。" in listed
        assert "已答复 0 件（0%）" in listed
        assert "超过 5 个工作日未答复 1 件" in listed
        assert "超过5个工作日" in listed
        link = listed.split(f'href="{reverse("coordination_read", args=[item.pk])}">')[1]
        assert link.split("<")[0].strip() == ("答复" if person == people.office else "查看")
    leader = login(people.leader, at=later)
    assert "协调事项超过 5 个工作日未答复" in page(leader, "home")
    read = page(leader, "coordination_read", item.pk)
    assert "请&lt;开通&gt;数据接口。" in read
    assert reverse("coordination_answer", args=[item.pk]) not in read
    assert "没有符合条件" in page(login(people.leader), "coordination", long="on")
    assert "答复历时" not in page(login(people.other_filler, at=later), "coordination")
