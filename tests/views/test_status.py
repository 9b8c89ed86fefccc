"""The status page: who sees it, what is red and why, and that its own part is fetched alone."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from reform_tracker.celery import TIMETABLE
from tasks_app.choices import Channel, DeliveryState, Role
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.operation import actions
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.models import Delivery, Message, Unit, User

MONDAY = datetime(2024, 7, 22, 10, 0, tzinfo=SHANGHAI)
PAGE = reverse("status")


@pytest.fixture
def running(period, people, at, redis_server, settings):
    """The jobs ran a moment ago, and all else is in order."""
    settings.CELERY_BROKER_URL = redis_server.url
    load_official_days([2024, 2025], by=None, at=at)
    open_due_periods(at=at)
    for unit in Unit.objects.filter(assignments__isnull=False).distinct():
        User.objects.get_or_create(unit=unit, role=Role.FILLER, defaults={"username": f"u{unit.pk}"})
    for job in TIMETABLE:
        actions.job_started(job, at=MONDAY - timedelta(seconds=5))
        actions.job_finished(job, at=MONDAY - timedelta(seconds=4))
    return people


@pytest.fixture
def admin(login, running):
    return login(running.admin, at=MONDAY)


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_all_is_well(admin):
    page = text(admin.get(PAGE))
    assert "一切正常" in page
    for words in ("开放填报期", "每30秒自动更新", "按时运行", "应答正常，没有作业在排队", "7月22日 09:59:55"):
        assert words in page
    assert "需要处理" not in page.replace("没有需要处理的", "")


def test_what_is_wrong_stands_above_with_what_to_do(admin, running):
    actions.job_started("compose_reminders", at=MONDAY - timedelta(minutes=9))
    actions.job_finished("compose_reminders", at=MONDAY - timedelta(minutes=9))
    actions.job_failed("deliver_messages", OSError("mail.example is away"), at=MONDAY)
    page = text(admin.get(PAGE))
    assert "2 处需要处理" in page
    assert "已有9分钟没有运行，应每20秒一次" in page
    assert "最近一次运行失败：OSError: mail.example is away" in page
    assert "请确认后台作业（worker）和定时服务（beat）都在运行" in page


def test_at_night_nothing_is_asked(login, running):
    page = text(login(running.admin, at=MONDAY + timedelta(hours=12)).get(PAGE))
    assert "一切正常" in page
    assert "现在不是工作时间" in page


def test_the_page_asks_for_its_own_part_alone(admin):
    part = text(admin.get(PAGE, headers={"HX-Request": "true"}))
    assert "后台作业" in part
    assert "<html" not in part
    assert 'hx-trigger="every 30s"' in text(admin.get(PAGE))


def test_the_office_may_read_it_too_and_nothing_can_be_sent_there(login, running):
    office = login(running.office, at=MONDAY)
    assert "一切正常" in text(office.get(PAGE))
    assert office.post(PAGE).status_code == 405


def test_the_statements_do_not_grow(admin, running, django_assert_num_queries):
    with django_assert_num_queries(9):
        admin.get(PAGE)
    for day in range(1, 20):
        message = Message.objects.create(
            unit=running.filler.unit,
            day=MONDAY.date().replace(day=day),
            subject="提醒",
            body="…",
            created_at=MONDAY,
        )
        Delivery.objects.create(
            message=message,
            user=running.filler,
            channel=Channel.EMAIL,
            next_attempt_at=MONDAY,
            state=DeliveryState.FAILED,
        )
    with django_assert_num_queries(9):
        assert "发送失败19条" in text(admin.get(PAGE))
