"""The ten pages that people open most, and a city in the middle of a period to open them in."""

from datetime import datetime, timedelta

from django.urls import reverse

from tasks_app.choices import Cause, Outlook, ProgressStatus, Role, UnitKind
from tasks_app.clock import SHANGHAI
from tasks_app.domain.reporting import actions
from tasks_app.models import Assignment, Plan, ProgressEntry, Report, ReportingPeriod, Task, Unit, User

from .past import WORDS

FILED = datetime(2024, 7, 15, 9, 30, tzinfo=SHANGHAI)
WRITER, READ = "将乐县", "三元区"  # whose form is filled in, whose report is reviewed
OWING = (WRITER, "市财政局", "永安市", "大田县")  # who has not filed yet
WRITTEN = ["status", "cause", "outlook", "progress", "forecast", "version"]
FILING = (Role.FILLER, Role.SIGNER)


def fill(period: ReportingPeriod, *, units: int = 26) -> None:
    """Give the plan of `period` so many units in all; all but OWING fill in every task of it and submit."""
    plan = period.plan
    _add_counties(plan, units - Unit.objects.filter(parent=plan.issuer, is_active=True).count())
    actions.open_due_periods(at=FILED - timedelta(days=10))
    _write(period)
    fillers, signers = ({user.unit_id: user for user in User.objects.filter(role=role)} for role in FILING)
    for report in Report.objects.filter(period=period).exclude(unit__name__in=OWING):
        filler = fillers[report.unit_id]
        signer = signers.get(report.unit_id, filler)
        if signer != filler:
            actions.request_signature(report.pk, by=filler, at=FILED)
        actions.submit_report(report.pk, by=signer, at=FILED)


def addresses(period: ReportingPeriod) -> dict[str, tuple[str, str]]:
    """Return {page: (log-in name of who opens it, address)}."""
    written, read = (Report.objects.get(period=period, unit__name=name) for name in (WRITER, READ))
    task = Task.objects.filter(plan=period.plan).order_by("number")[0]
    return {
        "unit's first page": ("jiangle", reverse("home")),
        "form": ("jiangle", reverse("report", args=[written.pk])),
        "overview": ("leader", reverse("home")),
        "goals matrix": ("yigaiban", reverse("matrix")),
        "review queue": ("yigaiban", reverse("review_queue")),
        "review": ("yigaiban", reverse("review_report", args=[read.pk])),
        "one task of all units": ("yigaiban", reverse("review_task", args=[task.pk])),
        "not filed": ("yigaiban", reverse("not_filed")),
        "lagging": ("yigaiban", reverse("lagging")),
        "plan": ("yigaiban", reverse("plan", args=[period.plan_id])),
    }


def _add_counties(plan: Plan, count: int) -> None:
    """Add counties that have every task of WRITER, and a filler for every unit that lacks one."""
    model = Unit.objects.get(name=WRITER)
    own = {"kind": UnitKind.COUNTY, "parent": plan.issuer}
    counties = Unit.objects.bulk_create(
        Unit(code=f"c{n}", name=f"第{n}县", short_name=f"{n}县", position=100 + n, **own)
        for n in range(count)
    )
    Assignment.objects.bulk_create(
        Assignment(task=given.task, unit=unit, role=given.role, position=given.position)
        for given in Assignment.objects.filter(task__plan=plan, unit=model).select_related("task")
        for unit in counties
    )
    without = Unit.objects.filter(parent=plan.issuer).exclude(
        pk__in=User.objects.filter(role=Role.FILLER).values("unit")
    )
    User.objects.bulk_create(
        User(username=f"f{unit.code}", name="填报员", role=Role.FILLER, unit=unit, phone="0598-8000000")
        for unit in without
    )


def _write(period: ReportingPeriod) -> None:
    """Put words and a status into each entry; one in four lags."""
    entries = list(ProgressEntry.objects.filter(report__period=period).order_by("pk"))
    for number, entry in enumerate(entries):
        entry.status = ProgressStatus.BEHIND if number % 4 == 0 else ProgressStatus.ON_TRACK
        entry.cause, entry.outlook = (Cause.FUNDS, Outlook.HARD) if number % 4 == 0 else ("", "")
        entry.progress = entry.forecast = WORDS
        entry.version = 1
    ProgressEntry.objects.bulk_update(entries, WRITTEN, batch_size=500)
    Report.objects.filter(period=period).update(filler_name="填报员", filler_phone="0598-8000000")
