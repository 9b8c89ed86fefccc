"""What a user may see. Views fetch through these, so that what is not theirs is a 404."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Q, QuerySet, Sum

from tasks_app.choices import Role
from tasks_app.models import (
    AuditEvent,
    Matter,
    Plan,
    PlanImport,
    Report,
    ReportingPeriod,
    StandIn,
    Submission,
    Unit,
    User,
)
from tasks_app.models.matter import MatterQuerySet
from tasks_app.models.person import UserQuerySet
from tasks_app.models.plan_import import PlanImportQuerySet
from tasks_app.models.report import BEING_ENTERED, OWED_STATES, ReportQuerySet
from tasks_app.models.unit import UnitQuerySet, line_of

from .rules import PERMISSIONS, REPORTING_ROLES, Permission, may

# What somebody may do in a unit's place; nothing else comes with it.
FOR_A_UNIT = frozenset({Permission.FILL_REPORT, Permission.SIGN_REPORT, Permission.ANSWER_NOTICE})

# What it means to lose the last account of a role.
LAST_OF = {
    Role.FILLER: "{name}是{unit}最后一个填报员：停用后该单位没有人填报，提醒也无人可发。请先为该单位新增填报员。",
    Role.SIGNER: "{name}是{unit}最后一个审签人：停用后该单位的填报不再审签，由填报员直接报送。",
    Role.OFFICE: "{name}是市医改办最后一个账号：停用后没有人审阅填报，也没有人收到待办提醒。",
    Role.LEADER: "{name}是最后一个分管领导账号：停用后没有领导能查看总览。",
    Role.AUDITOR: "{name}是最后一个审计员：停用后没有人能查看操作记录。",
}


def issuer_of(user: User) -> Unit:
    """Return the unit whose plans `user` works with: a reporting unit's parent, else the user's own."""
    if user.role in REPORTING_ROLES and user.unit.parent is not None:
        return user.unit.parent
    return user.unit


def visible_plans(user: User) -> QuerySet[Plan]:
    """Return the plans of the user's issuer; none for an auditor."""
    if not may(user, Permission.READ_PLAN):
        return Plan.objects.none()
    return Plan.objects.filter(issuer=issuer_of(user))


def visible_periods(user: User) -> QuerySet[ReportingPeriod]:
    """Return the reporting periods of the plans that `user` sees."""
    return ReportingPeriod.objects.filter(plan__in=visible_plans(user)).select_related("plan")


def visible_reports(user: User) -> ReportQuerySet:
    """Return the unit's own reports; for office and leaders those of all units that left the unit."""
    reports = Report.objects.select_related("unit", "period__plan", "submitted_by")
    if user.role in REPORTING_ROLES:
        return reports.filter(line_of(user.unit_id))
    if may(user, Permission.READ_REPORTS):
        return reports.left_the_unit().filter(period__plan__issuer=user.unit)
    return reports.none()


def own_reports(user: User, today: date) -> QuerySet[Report]:
    """Return the reports on which `user` may work on the unit's side on the day `today`.

    Those of the own unit; of units that the user stands in for on that day (替岗); and, for the office, those
    that it is entering for a unit that is cut off (代填). Drafts are among them.
    """
    reports = Report.objects.select_related("unit", "period__plan", "submitted_by", "entered_by")
    if user.role in REPORTING_ROLES:
        return reports.filter(line_of(user.unit_id))
    mine = Q(unit__in=StandIn.objects.running(today).filter(user=user).values("unit"))
    if may(user, Permission.ENTER_REPORT):
        mine |= BEING_ENTERED
    return reports.filter(mine, period__plan__issuer=user.unit)


def acting_roles(user: User, report: Report, today: date) -> Iterator[Role]:
    """Yield the roles in which `user` may act on `report` on the day `today`; the one place that knows.

    First the own role, without a question to the database, then those of a running stand-in (替岗). While
    the office enters the report (代填), whoever enters it is its filler, any other of the office its signer,
    and the unit's own people only read until they take it over. Which unit one belongs to is settled by
    fetching the report through `own_reports` or `visible_reports`.
    """
    if report.entered_by_id is not None and report.state in OWED_STATES:
        if may(user, Permission.ENTER_REPORT):
            yield Role.FILLER if report.entered_by_id == user.pk else Role.SIGNER
        return
    yield Role(user.role)
    standing_in = StandIn.objects.running(today).filter(user=user, unit=report.unit_id)
    yield from map(Role, standing_in.values_list("role", flat=True))


def may_for_a_unit(user: User, permission: Permission, today: date) -> bool:
    """Tell whether `user` may fill in, sign or answer on `today` by standing in, or by entering for a unit.

    For which reports is settled by fetching them through `own_reports`, for which notices through
    `escalation.queries.own_notices`.
    """
    if permission not in FOR_A_UNIT or not user.is_authenticated or not user.is_active:
        return False
    roles = StandIn.objects.running(today).filter(user=user).values_list("role", flat=True)
    if any(permission in PERMISSIONS[Role(role)] for role in roles):
        return True
    entered = own_reports(user, today).filter(BEING_ENTERED)
    return may(user, Permission.ENTER_REPORT) and entered.exists()


def visible_submissions(user: User) -> QuerySet[Submission]:
    """Return the submissions whose receipts `user` may check: a unit's own; all of the city for its readers."""
    if user.role in REPORTING_ROLES:
        return Submission.objects.filter(line_of(user.unit_id, "report__unit"))
    if may(user, Permission.READ_REPORTS) or may(user, Permission.READ_AUDIT):
        return Submission.objects.filter(report__period__plan__issuer=user.unit)
    return Submission.objects.none()


def visible_matters(user: User) -> MatterQuerySet:
    """Return what the user's unit asked or is asked, of any kind; for office and leaders all of the city."""
    if user.role in REPORTING_ROLES:
        return Matter.objects.filter(Q(asker=user.unit) | Q(addressee=user.unit))
    if may(user, Permission.READ_REPORTS):
        return Matter.objects.filter(plan__issuer=user.unit)
    return Matter.objects.none()


def visible_imports(user: User) -> PlanImportQuerySet:
    """Return the imports into the user's own plans, for admins."""
    if not may(user, Permission.MANAGE_PLAN):
        return PlanImport.objects.none()
    return PlanImport.objects.filter(issuer=user.unit)


def managed_units(user: User) -> UnitQuerySet:
    """Return the units an admin looks after: the user's own and those directly below it."""
    return Unit.objects.filter(Q(pk=user.unit_id) | Q(parent=user.unit_id))


def reporting_units(issuer: Unit) -> UnitQuerySet:
    """Return the active units below `issuer` that can be given tasks."""
    return Unit.objects.in_use().filter(parent=issuer)


def managed_people(user: User) -> UserQuerySet:
    """Return the accounts an admin looks after."""
    return User.objects.filter(unit__in=managed_units(user)).select_related("unit")


def people_of(unit: Unit, role: Role, on: date | None = None) -> QuerySet[User]:
    """Return the active people of `unit` in `role`; with a day also those who stand in for one on it."""
    people = Q(unit=unit, role=role)
    if on is not None:
        people |= Q(pk__in=StandIn.objects.running(on).filter(unit=unit, role=role).values("user"))
    return User.objects.in_use().filter(people)


def last_of(person: User) -> str:
    """Return what it means that `person` is the last in use of the role in the unit; "" where another is left."""
    alone = not people_of(person.unit, Role(person.role)).exclude(pk=person.pk).exists()
    words = LAST_OF.get(Role(person.role), "")
    if not (person.is_active and person.unit.is_active and alone and words):
        return ""
    return words.format(name=person.name, unit=person.unit.name)


def account_of(user: User) -> User:
    """Return the stored account of `user`, apart from the object that the request carries."""
    return User.objects.select_related("unit").get(pk=user.pk)


def locked_until(username: str, *, at: datetime, address: str | None = None) -> datetime | None:
    """Return when the latest lock of a log-in name ends (for one address, or for any); None if there is none.

    `at` is the machine's time: the lock does not follow a demonstration's clock.
    """
    cool_off = timedelta(hours=settings.AXES_COOLOFF_TIME)
    attempts = AccessAttempt.objects.filter(username=username, attempt_time__gt=at - cool_off)
    if address is not None:
        attempts = attempts.filter(ip_address=address)
    latest = (
        attempts.values("ip_address")
        .annotate(failures=Sum("failures_since_start"), latest=Max("attempt_time"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
        .order_by("-latest")
        .first()
    )
    return latest["latest"] + cool_off if latest else None


def search_people(
    user: User, *, text: str = "", unit: Unit | None = None, role: str = "", state: str = "active"
) -> QuerySet[User]:
    """Return the accounts an admin looks after that match; `state` is "active", "inactive" or "" for both."""
    people = managed_people(user)
    if text:
        people = people.filter(
            Q(username__icontains=text) | Q(name__icontains=text) | Q(phone__icontains=text)
        )
    if unit is not None:
        people = people.filter(unit=unit)
    if role:
        people = people.filter(role=role)
    if state:
        people = people.filter(is_active=state == "active")
    return people


def visible_events(user: User) -> QuerySet[AuditEvent]:
    """Return the audit trail for an auditor, nothing for anybody else."""
    return AuditEvent.objects.all() if may(user, Permission.READ_AUDIT) else AuditEvent.objects.none()
