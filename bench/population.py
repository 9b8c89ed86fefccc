"""What the measurements of reminders work on: thousands of units that all owe a report of 24 tasks."""

from datetime import date, datetime

from tasks_app.choices import AssignmentRole, PeriodKind, Role, UnitKind
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.models import Assignment, Plan, ReportingPeriod, Section, Task, Unit, User

OPENED = datetime(2024, 7, 1, 9, 0, tzinfo=SHANGHAI)
TASKS = 24


def populate(units: int) -> Unit:
    """Fill an empty database with a province, a city and `units` counties with a filler each; return the city.

    Each county has all 24 tasks of a plan for 2024, whose first period, limit 25 July, is open.
    """
    load_official_days([2024], by=None, at=OPENED)
    province = Unit.objects.create(code="35", name="福建省", short_name="福建", kind=UnitKind.PROVINCE)
    city = Unit.objects.create(
        code="3504", name="三明市", short_name="三明", kind=UnitKind.CITY, parent=province
    )
    User.objects.create(
        username="office", name="陈志远", role=Role.OFFICE, unit=city, email="office@example.invalid"
    )
    tasks = _plan(city)
    counties = _counties(city, units)
    Assignment.objects.bulk_create(
        (
            Assignment(task=task, unit=unit, role=AssignmentRole.LOCAL, position=1)
            for unit in counties
            for task in tasks
        ),
        batch_size=5000,
    )
    open_due_periods(at=OPENED)
    return city


def _plan(city: Unit) -> list[Task]:
    plan = Plan.objects.create(
        issuer=city, year=2024, title="任务分解表", document_number="〔2024〕4号", issued_on=date(2024, 7, 1)
    )
    ReportingPeriod.objects.create(
        plan=plan, kind=PeriodKind.FIRST_HALF, opens_on=date(2024, 7, 1), due_on=date(2024, 7, 25)
    )
    section = Section.objects.create(plan=plan, position=1, title="一")
    return Task.objects.bulk_create(
        Task(plan=plan, section=section, number=number, title=f"任务{number}")
        for number in range(1, TASKS + 1)
    )


def _counties(city: Unit, units: int) -> list[Unit]:
    own = {"kind": UnitKind.COUNTY, "parent": city}
    counties = Unit.objects.bulk_create(
        (Unit(code=f"c{n}", name=f"第{n}县", short_name=f"县{n}", position=n, **own) for n in range(units)),
        batch_size=1000,
    )
    User.objects.bulk_create(
        (
            User(
                username=f"u{n}",
                name=f"填报员{n}",
                role=Role.FILLER,
                unit=unit,
                email=f"u{n}@example.invalid",
            )
            for n, unit in enumerate(counties)
        ),
        batch_size=1000,
    )
    return counties
