"""Decides: who can stand in for whom, and for how long."""

from datetime import date

from tasks_app.choices import Role
from tasks_app.domain.access.rules import REPORTING_ROLES
from tasks_app.models import Unit, User


def why_not_person(person: User, unit: Unit, role: Role) -> str:
    """Return why `person` cannot stand in as `role` of `unit`; "" when it is possible."""
    if not person.is_active:
        return f"{person.name}的账号已停用，请另选一人。"
    is_own = person.unit_id == unit.pk and person.role in REPORTING_ROLES
    is_office = person.role == Role.OFFICE and person.unit_id == unit.parent_id
    if not (is_own or is_office):
        return "替岗人应当是该单位的人员，或市医改办的人员。"
    if is_own and person.role == role:
        return f"{person.name}本来就是{unit.name}的{role.label}，不需要替岗。"
    return ""


def why_not_days(since: date, until: date, today: date) -> str:
    """Return why a stand-in cannot last from `since` to `until`; "" when it can."""
    if since < today:
        return "替岗开始日不能早于今天。"
    return "替岗结束日不能早于开始日。" if until < since else ""
