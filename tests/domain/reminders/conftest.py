"""The stage of the delivery tests: a mail server with moods, and Monday's messages written but not sent."""

import pytest

from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.reminders import actions
from tasks_app.domain.reporting import actions as reporting
from tests.reminder_letters import MONDAY
from tests.surroundings.difficult_mail import MailServer


@pytest.fixture
def server():
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mail(server, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 2
    settings.SITE_URL = "http://yigai.test"
    return server


@pytest.fixture
def composed(mail, period, people, at):
    """Monday's messages are written: in-app sent, five e-mails waiting."""
    load_official_days([2024], by=None, at=at)
    reporting.open_due_periods(at=at)
    actions.compose_reminders(at=MONDAY)
    return people
