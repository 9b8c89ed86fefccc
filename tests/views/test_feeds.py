"""The calendar subscription: the page of a unit, and the address that calendar programs ask."""

import icalendar
import pytest
import vobject
from django.test import Client
from django.urls import reverse

from tasks_app.choices import Role
from tasks_app.domain.stand_ins.actions import name_stand_in
from tasks_app.models import CalendarFeed


def page(client) -> str:
    return client.get(reverse("calendar_feed")).content.decode()


def link_on(text: str) -> str:
    """The address in the field of the page, without its host."""
    return text.split('value="http://testserver')[1].split('"')[0]


def test_from_the_page_into_a_calendar_program(signed_report, people, login):
    client = login(people.filler)
    assert "本单位还没有订阅链接" in page(client)
    made = client.post(reverse("calendar_feed"), follow=True).content.decode()
    assert "已生成订阅链接" in made
    assert "怎样订阅" in made
    answer = Client().get(link_on(made))  # somebody who is not logged in
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-store"
    [event] = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["SUMMARY"] == "2024年上半年填报截止"
    assert event["URL"] == f"http://testserver/reports/{signed_report.pk}"
    read = vobject.readOne(answer.content.decode())
    assert read.x_wr_calname.value == "将乐县医改任务时限"
    assert read.vevent.description.value.endswith(f"办理：http://testserver/reports/{signed_report.pk}")


def test_nobody_writes_by_it(signed_report, people, login):
    made = login(people.filler).post(reverse("calendar_feed"), follow=True).content.decode()
    stranger = Client()
    assert stranger.head(link_on(made)).status_code == 200
    assert stranger.post(link_on(made)).status_code == 405
    assert not stranger.cookies


def test_both_of_a_unit_share_one_link_and_another_unit_has_its_own(signed_report, people, login):
    own = link_on(login(people.filler).post(reverse("calendar_feed"), follow=True).content.decode())
    assert link_on(page(login(people.signer))) == own
    assert "还没有订阅链接" in page(login(people.bureau_filler))
    login(people.bureau_filler).post(reverse("calendar_feed"))
    assert link_on(page(login(people.bureau_filler))) != own


def test_replaced_and_stopped(signed_report, people, login):
    client = login(people.filler)
    first = link_on(client.post(reverse("calendar_feed"), follow=True).content.decode())
    version = {"version": CalendarFeed.objects.get().version}
    replaced = client.post(reverse("calendar_feed_replace"), version, follow=True).content.decode()
    assert "原链接已失效" in replaced
    second = link_on(replaced)
    assert [Client().get(link).status_code for link in (first, second)] == [404, 200]
    # The colleague's page still shows the link before.
    stale = login(people.signer).post(reverse("calendar_feed_stop"), version, follow=True).content.decode()
    assert "已由本单位其他人员更换" in stale
    version = {"version": CalendarFeed.objects.get().version}
    stopped = client.post(reverse("calendar_feed_stop"), version, follow=True).content.decode()
    assert "已停用日历订阅" in stopped
    assert [Client().get(link).status_code for link in (first, second)] == [404, 404]


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "9" * 30])
def test_a_version_that_is_none_changes_nothing(version, signed_report, people, login):
    client = login(people.filler)
    client.post(reverse("calendar_feed"))
    for name in ("calendar_feed_replace", "calendar_feed_stop"):
        client.post(reverse(name), {"version": version})
    assert CalendarFeed.objects.get().version == 1


@pytest.mark.parametrize("token", ["1.1.x", "1.1", "..", "None", "%00", "一.1.签", "1:1:x"])
def test_what_is_made_up_is_a_404(token, signed_report):
    assert Client().get(f"/calendar-feed/{token}.ics").status_code == 404


def test_a_stand_in_is_not_given_the_units_link(signed_report, people, login, at):
    name_stand_in(
        signed_report.unit,
        people.office,
        Role.FILLER,
        since=at.date(),
        until=at.date(),
        by=people.admin,
        at=at,
    )
    assert login(people.office).get(reverse("calendar_feed")).status_code == 404


def test_the_number_of_statements_is_fixed(signed_report, plan, people, login, django_assert_num_queries):
    client = login(people.filler)
    client.post(reverse("calendar_feed"))
    link = link_on(page(client))
    with django_assert_num_queries(10):
        page(client)
    with django_assert_num_queries(8):
        Client().get(link)
    for kind, month in (("three_quarters", 9), ("full_year", 11)):
        plan.periods.create(kind=kind, opens_on=f"2024-{month:02}-04", due_on=f"2024-{month:02}-25")
    with django_assert_num_queries(10):
        assert "2024年全年填报截止" in page(client)
    with django_assert_num_queries(8):
        assert len(icalendar.Calendar.from_ical(Client().get(link).content).walk("VEVENT")) == 3
