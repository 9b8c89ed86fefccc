"""The named cast of the tests: a city, its 26 units, a person per role, a plan small enough to count."""

import csv
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from tasks_app.choices import (
    AssignmentRole,
    Comparator,
    IndicatorKind,
    IndicatorState,
    PeriodKind,
    Reporters,
    Role,
    Total,
    UnitKind,
)
from tasks_app.clock import SHANGHAI
from tasks_app.domain.plan_import.actions import Given, apply_import, read_import, store_upload
from tasks_app.domain.reporting.actions import save_entry
from tasks_app.models import (
    Assignment,
    Indicator,
    Measure,
    Plan,
    PlanImport,
    Report,
    ReportingPeriod,
    Section,
    Task,
    Unit,
    UnitAlias,
    User,
)

__all__ = ["Indicator", "Plan", "PlanImport", "Report", "ReportingPeriod", "Unit", "User", "apply_import"]

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
REAL_TABLE = FIXTURES / "2024年深化医改重点任务分解表.xlsx"
PASSWORD = "Sanming-2024-yigai"
AT = datetime(2024, 7, 15, 10, 0, tzinfo=SHANGHAI)  # a Monday; eight working days before the first limit


def july(day: int, hour: int = 9) -> datetime:
    """Return the hour of a day of July 2024, the month of the first limit; beyond the 31st of August."""
    return datetime(2024, 7, 1, hour, tzinfo=SHANGHAI) + timedelta(days=day - 1)


# attribute of People: (log-in name, name, role, unit)
PEOPLE = {
    "filler": ("jiangle", "林晓燕", Role.FILLER, "将乐县"),
    "signer": ("jiangle-sq", "吴志强", Role.SIGNER, "将乐县"),
    "other_filler": ("sanyuan", "郑小红", Role.FILLER, "三元区"),
    "bureau_filler": ("wjw", "黄丽萍", Role.FILLER, "市卫健委"),
    "bureau_signer": ("wjw-sq", "王建国", Role.SIGNER, "市卫健委"),
    "office": ("yigaiban", "陈志远", Role.OFFICE, "三明市"),
    "leader": ("leader", "刘德明", Role.LEADER, "三明市"),
    "admin": ("admin", "赵敏", Role.ADMIN, "三明市"),
    "auditor": ("auditor", "孙正", Role.AUDITOR, "三明市"),
}
# (section, number, title, measures, [(unit, role)]): 3 tasks, 5 measures, 9 assignments. 将乐县, 三元区,
# 市卫健委 and 市医保局 have two tasks each, 市财政局 one, the other units none.
LEAD, SUPPORT, LOCAL = AssignmentRole.LEAD, AssignmentRole.SUPPORT, AssignmentRole.LOCAL
COUNTIES = [("三元区", LOCAL), ("将乐县", LOCAL)]
TASKS = [
    (
        1,
        1,
        "健全三医协同工作机制",
        ["完善工作专班。", "每季度会商。"],
        [("市卫健委", LEAD), ("市医保局", SUPPORT), *COUNTIES],
    ),
    (1, 2, "推进健康管护组织建设", ["组建健康管护组织。"], [("市卫健委", LEAD), *COUNTIES]),
    (
        2,
        3,
        "完善医保基金预算管理",
        ["编制总额预算。", "开展绩效评价。"],
        [("市财政局", LEAD), ("市医保局", SUPPORT)],
    ),
]


@dataclass(frozen=True)
class People:
    """Everybody who acts in the tests; all log in with PASSWORD."""

    filler: User
    signer: User
    other_filler: User
    bureau_filler: User
    bureau_signer: User
    office: User
    leader: User
    admin: User
    auditor: User


@cache
def password_hash() -> str:
    """Return the hash of PASSWORD, worked out once."""
    return make_password(PASSWORD)


def make_city() -> Unit:
    """Make 福建省 and 三明市 and return the city."""
    province = Unit.objects.create(code="35", name="福建省", short_name="福建", kind=UnitKind.PROVINCE)
    return Unit.objects.create(
        code="3504", name="三明市", short_name="三明", kind=UnitKind.CITY, parent=province
    )


def make_units(city: Unit) -> dict[str, Unit]:
    """Make the 26 units of fixtures/units.csv below `city`, in its order, and return them by name."""
    with (FIXTURES / "units.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    units = Unit.objects.bulk_create(
        Unit(
            code=row["code"],
            name=row["name"],
            short_name=row["short_name"],
            kind=row["kind"],
            parent=city,
            position=position,
        )
        for position, row in enumerate(rows, start=1)
    )
    UnitAlias.objects.bulk_create(
        UnitAlias(unit=unit, name=alias)
        for unit, row in zip(units, rows, strict=True)
        for alias in row["aliases"].split("|")
        if alias
    )
    return {unit.name: unit for unit in units}


def make_people(units: dict[str, Unit]) -> People:
    """Make the cast; `units` holds 三明市 too. Nobody has to change the password."""
    users = User.objects.bulk_create(
        User(
            username=username,
            name=name,
            role=role,
            unit=units[unit],
            phone="0598-8220000",
            email=f"{username}@example.invalid",
            password=password_hash(),
            must_change_password=False,
        )
        for username, name, role, unit in PEOPLE.values()
    )
    return People(**dict(zip(PEOPLE, users, strict=True)))


def make_plan(city: Unit, units: dict[str, Unit]) -> Plan:
    """Make the small plan of TASKS, without reporting periods."""
    plan = Plan.objects.create(
        issuer=city,
        year=2024,
        title="三明市2024年深化医改重点任务分解表",
        document_number="明医改组〔2024〕4号",
        issued_on=date(2024, 6, 18),
    )
    sections = Section.objects.bulk_create(
        Section(plan=plan, position=position, title=title)
        for position, title in enumerate(["一、加强组织领导", "二、深化医保改革"], start=1)
    )
    tasks = Task.objects.bulk_create(
        Task(
            plan=plan,
            section=sections[section - 1],
            number=number,
            title=title,
            units_text="、".join(unit for unit, _ in assignments),
        )
        for section, number, title, _, assignments in TASKS
    )
    Measure.objects.bulk_create(
        Measure(task=task, number=i, text=text, is_numbered=len(measures) > 1)
        for task, (_, _, _, measures, _) in zip(tasks, TASKS, strict=True)
        for i, text in enumerate(measures, start=1)
    )
    Assignment.objects.bulk_create(
        Assignment(task=task, unit=units[unit], role=role, role_is_assumed=role == LEAD, position=i)
        for task, (*_, assignments) in zip(tasks, TASKS, strict=True)
        for i, (unit, role) in enumerate(assignments, start=1)
    )
    return plan


def make_period(plan: Plan) -> ReportingPeriod:
    """Make the first half-year's period: open from 1 July, due on 25 July, not yet opened."""
    return ReportingPeriod.objects.create(
        plan=plan, kind=PeriodKind.FIRST_HALF, opens_on=date(2024, 7, 1), due_on=date(2024, 7, 25)
    )


def fill_in(report: Report, by: User, at: datetime, *, words: dict[str, str], **changed: str) -> None:
    """Save every entry of `report` with `words`, some of them `changed`."""
    for entry in report.entries.all():
        save_entry(report.pk, entry.pk, values=words | changed, version=entry.version, by=by, at=at)


def make_indicator(plan: Plan, people: People, at: datetime) -> Indicator:
    """Make the indicator of task 1 of the small plan: 会商次数, at least 4 次, accepted."""
    return Indicator.objects.create(
        task=Task.objects.get(plan=plan, number=1),
        position=1,
        name="会商次数",
        kind=IndicatorKind.CUMULATIVE,
        comparator=Comparator.AT_LEAST,
        value=4,
        unit="次",
        words="会商4次",
        state=IndicatorState.ACCEPTED,
        decided_by=people.admin,
        decided_at=at,
        reporters=Reporters.COUNTIES,
        total=Total.EACH,
    )


def make_colleague(people: People, username: str, name: str) -> User:
    """Make one more person of the office, who logs in by force only."""
    return User.objects.create(
        username=username, name=name, role=Role.OFFICE, unit=people.office.unit, must_change_password=False
    )


def browser_of(user: User) -> Client:
    """Give a browser in which `user` is logged in: with a session as Django's login() leaves it, and no more.

    Client.force_login asks a dozen statements besides, thousands of times.
    """
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def upload(data: bytes, name: str, *, issuer: Unit, by: User, at: datetime, **given) -> PlanImport:
    """Store a file for `issuer` and read it, as the page does; `given` is what the admin says besides."""
    stored = store_upload(data, issuer=issuer, file_name=name, given=Given(**given), by=by, at=at)
    return read_import(stored.pk, at=at)
