"""The jobs of the clock: in working hours only, and run twice they change nothing."""

from datetime import datetime

import pytest
from celery import current_app

from reform_tracker.celery import app
from tasks_app import jobs
from tasks_app.choices import Channel, DeliveryState
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.models import Delivery, Message, Report


@pytest.fixture
def clockwork(set_clock, period, people, at, settings, tmp_path):
    """Run all jobs in the order of the timetable, at a moment of July 2024."""
    settings.EMAIL_FILE_PATH = str(tmp_path)
    load_official_days([2024], by=None, at=at)

    def run(day: int, hour: int, minute: int = 0) -> tuple[int, int, int]:
        set_clock(datetime(2024, 7, day, hour, minute, tzinfo=SHANGHAI))
        for job in (jobs.open_periods, jobs.compose_reminders, jobs.deliver_messages):
            job()
        sent = Delivery.objects.filter(channel=Channel.EMAIL, state=DeliveryState.SENT)
        return Report.objects.count(), Message.objects.count(), sent.count()

    return run


def test_the_jobs_open_write_and_send_once(clockwork):
    assert clockwork(10, 10) == (5, 0, 0)
    assert clockwork(11, 8, 29) == (5, 0, 0)  # due, but the offices are still closed
    assert clockwork(11, 8, 30) == (5, 3, 3)
    assert clockwork(11, 8, 35) == (5, 3, 3)
    assert clockwork(18, 17, 30) == (5, 3, 3)  # closed again
    assert clockwork(20, 10) == (5, 3, 3)  # a Saturday
    assert clockwork(22, 8, 30) == (5, 6, 8)  # T-5 was missed: T-3 says where things stand


def test_what_waits_at_closing_time_leaves_in_the_morning(clockwork, set_clock):
    set_clock(datetime(2024, 7, 18, 17, 29, tzinfo=SHANGHAI))
    jobs.open_periods()
    jobs.compose_reminders()
    assert clockwork(18, 17, 31) == (5, 3, 0)
    assert clockwork(19, 8, 30) == (5, 3, 3)


def test_the_timetable_names_jobs_that_exist():
    current_app.loader.import_default_modules()
    named = {entry["task"] for entry in app.conf.beat_schedule.values()}
    ours = {f"tasks_app.jobs.{name}" for name in ("open_periods", "compose_reminders", "deliver_messages")}
    assert ours <= named
    assert named <= set(app.tasks)
