"""Who is on which task: shown to colleagues of the unit, forgotten after a minute, never in anybody's way."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tasks_app.choices import Role
from tasks_app.models import Presence, Report, User

WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}


@pytest.fixture
def another(people):
    """`another("陈小燕")` is one more filler of 将乐县."""

    def make(name: str) -> User:
        password = {"password": "unused", "must_change_password": False}
        return User.objects.create(
            username=f"jiangle-{name}", name=name, role=Role.FILLER, unit=people.filler.unit, **password
        )

    return make


@pytest.fixture
def colleague(another) -> User:
    """The second filler of 将乐县."""
    return another("陈小燕")


@pytest.fixture
def tell(signed_report, login, at):
    """`tell(person, entry)` says that a person's form has the focus there and returns who else is where."""

    def say(person: User, entry=None, later=timedelta(0), expect=200):
        address = reverse("report_presence", args=[signed_report.pk])
        answer = login(person, at + later).post(address, {"entry": entry.pk if entry else ""})
        assert answer.status_code == expect
        return answer.json()["others"] if expect == 200 else None

    return say


def test_each_sees_the_other_and_not_themselves(signed_report, people, colleague, tell):
    first, second = signed_report.entries.order_by("task__number")
    assert tell(people.filler, first) == {}
    assert tell(colleague, second) == {str(first.pk): "林晓燕正在填写第1项"}
    assert tell(people.filler, second) == {str(second.pk): "陈小燕正在填写第2项"}
    assert tell(colleague) == {str(second.pk): "林晓燕正在填写第2项"}  # moved on, and is on one task only
    assert tell(people.filler, second) == {}  # the other's focus is elsewhere


def test_several_on_one_task_stand_in_one_sentence(signed_report, people, colleague, another, tell):
    third = another("吴小明")
    entry = signed_report.entries.order_by("task__number").first()
    tell(people.filler, entry)
    tell(colleague, entry, later=timedelta(seconds=1))
    assert tell(third, later=timedelta(seconds=2)) == {str(entry.pk): "林晓燕、陈小燕正在填写第1项"}


def test_whoever_was_silent_for_a_minute_has_gone_and_is_swept_away(signed_report, people, colleague, tell):
    entry = signed_report.entries.first()
    tell(people.filler, entry)
    assert len(tell(colleague, later=timedelta(seconds=59))) == 1
    assert tell(colleague, later=timedelta(seconds=60)) == {}
    assert not Presence.objects.exists()


def test_a_task_of_another_report_is_refused(signed_report, people, tell):
    foreign = Report.objects.get(unit=people.other_filler.unit).entries.first()
    tell(people.filler, foreign, expect=404)
    assert not Presence.objects.exists()


def test_being_there_locks_nothing(signed_report, people, colleague, tell, login):
    entry = signed_report.entries.first()
    tell(people.filler, entry)
    address = reverse("report_save_entry", args=[signed_report.pk, entry.pk])
    answer = login(colleague).post(address, {**WORDS, "version": 0}, headers={"HX-Request": "true"})
    assert "已保存" in answer.content.decode()


def test_one_call_takes_the_same_queries_whoever_is_there(
    signed_report, colleague, another, login, at, django_assert_num_queries
):
    entry = signed_report.entries.first()
    address = reverse("report_presence", args=[signed_report.pk])
    client = login(colleague)
    for crowd in range(3):
        Presence.objects.create(entry=entry, user=another(f"众{crowd}"), seen_at=at)
        with django_assert_num_queries(7):
            client.post(address, {"entry": entry.pk})


def test_a_page_opened_by_one_never_acts_for_another_who_logged_in_since(
    signed_report, people, colleague, login
):
    entry = signed_report.entries.first()
    address = reverse("report_save_entry", args=[signed_report.pk, entry.pk])
    headers = {"HX-Request": "true", "X-Page-User": str(people.filler.pk)}
    assert login(colleague).post(address, {**WORDS, "version": 0}, headers=headers).status_code == 401
    assert login(people.filler).post(address, {**WORDS, "version": 0}, headers=headers).status_code == 200
    entry.refresh_from_db()
    assert entry.saved_by == people.filler
