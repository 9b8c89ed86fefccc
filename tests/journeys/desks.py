"""The desks at which test_keyboard.py sits down, and what lies on them when it begins."""

from dataclasses import dataclass, field

from playwright.sync_api import Browser

from .keyboard import Keyboard

# Bureaus with few tasks, each for one journey: a signer, a colleague, a second person in the office, what was
# reported and accepted before, last year's words.
PREPARED = """
import json
from datetime import date
from django.conf import settings
from django.test import Client
from tasks_app import clock
from tasks_app.choices import Role
from tasks_app.domain.access.actions import create_person
from tasks_app.domain.reporting import actions
from tasks_app.domain.review.actions import accept_report
from tasks_app.management.commands.seed_demo import PASSWORD
from tasks_app.models import Plan, Report, ReportingPeriod, Task, Unit, User

at = clock.now()
known = User.objects.get(username="tyj").password
for username, name, role, unit in (
    ("tyj-sq", "李成", Role.SIGNER, "市体育局"),
    ("rsj2", "陈静", Role.FILLER, "市人社局"),
    ("yigaiban2", "林涛", Role.OFFICE, "三明市"),
):
    create_person(username=username, name=name, unit=Unit.objects.get(name=unit), role=role, password=PASSWORD,
                  password_hash=known, must_change_password=False, by=None, at=at)

def fill(unit):
    report = Report.objects.get(unit__name=unit)
    filler = User.objects.filter(unit=report.unit, role=Role.FILLER).first()
    words = {"progress": "已印发实施细则。", "forecast": "年内全部完成。", "status": "on_track", "remarks": ""}
    for entry in report.entries.all():
        actions.save_entry(report.pk, entry.pk, values=words, version=0, by=filler, at=at)
    return report.pk, filler

actions.request_signature(fill("市体育局")[0], by=User.objects.get(username="tyj"), at=at)
fill("市市场监管局")
report, filler = fill("市文旅局")
actions.submit_report(report, by=filler, at=at)
accept_report(report, submission=1, by=User.objects.get(username="yigaiban"), at=at)

unit, office = Unit.objects.get(name="市委编办"), User.objects.get(username="yigaiban")
before = Plan.objects.create(issuer=unit.parent, year=2023, title="2023年分解表")
limit = date(2023, 11, 25)
period = ReportingPeriod.objects.create(plan=before, kind="full_year", opens_on=limit, due_on=limit,
                                        opened_at=at.replace(year=2023))
filed = {"submitted_at": at, "first_submitted_at": at, "submitted_by": office, "accepted_at": at, "accepted_by": office}
last = Report.objects.create(period=period, unit=unit, due_on=limit, state="accepted", **filed)
for entry in Report.objects.get(unit=unit, period__plan__year=2024).entries.select_related("task"):
    task = Task.objects.create(plan=before, number=entry.task.number, title=entry.task.title)
    Task.objects.filter(pk=entry.task_id).update(predecessor=task)
    last.entries.create(task=task, progress="上年核定编制30名。", status="on_track")

def enter(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}

print(json.dumps({person.username: enter(person) for person in User.objects.all()}))
"""


@dataclass
class Room:
    """The computers at which people sit down: logged in, and the same from one journey to the next."""

    browser: Browser
    site: str
    cookies: dict[str, dict[str, str]]
    desks: dict[str, Keyboard] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def sit(self, username: str) -> Keyboard:
        """Return that person's keyboard, at the first page."""
        if username not in self.desks:
            window = {"width": 1366, "height": 768}
            context = self.browser.new_context(viewport=window, locale="zh-CN", reduced_motion="reduce")
            context.add_cookies([{**self.cookies[username], "url": self.site}])
            page = context.new_page()
            page.on("pageerror", lambda error: self.errors.append(str(error)))
            self.desks[username] = Keyboard(page)
        self.desks[username].page.goto(self.site)
        return self.desks[username]
