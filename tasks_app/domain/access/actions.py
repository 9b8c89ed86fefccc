"""The care of accounts: create, edit, deactivate, passwords, and the record of log-ins."""

import secrets
from datetime import datetime

from axes.utils import reset as reset_failures
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from tasks_app.choices import AuditAction, Role
from tasks_app.domain import audit
from tasks_app.domain.moves import Refused
from tasks_app.models import Unit, User

from .rules import REPORTING_ROLES, role_fits_unit

# Letters and digits that nobody confuses when they are read out over the telephone.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def create_person(
    *,
    username: str,
    name: str,
    unit: Unit,
    role: str,
    password: str | None = None,
    password_hash: str = "",
    phone: str = "",
    email: str = "",
    must_change_password: bool = True,
    by: User | None,
    at: datetime,
) -> tuple[User, str]:
    """Create an account and return it with its initial password, which is stored nowhere in clear.

    Without `password` a random one is made; `password_hash` is its hash where the caller has it already
    (hashing is slow on purpose, and many accounts may share one password). Raise Refused.
    """
    problems = _placement_problems(role, unit)
    if User.objects.filter(username__iexact=username).exists():
        problems.append(f"账号“{username}”已被使用，请换一个。")
    fields = {"name": name, "unit": unit, "role": role, "phone": phone, "email": email}
    person = User(username=username, must_change_password=must_change_password, **fields)
    if password is not None:
        problems += password_problems(password, person)
    if problems:
        raise Refused(*problems)
    initial = password or initial_password()
    person.password = password_hash or make_password(initial)
    person.save()
    changes = audit.diff({}, {"username": username} | fields)
    audit.record(AuditAction.PERSON_EDIT, person, by=by, at=at, unit=unit, changes=changes, note="新增")
    return person, initial


@transaction.atomic
def update_person(
    person: User, *, name: str, unit: Unit, role: str, phone: str, email: str, by: User | None, at: datetime
) -> User:
    """Edit an account; raise Refused."""
    person = _lock(person)
    moves = unit != person.unit or role != person.role
    problems = _placement_problems(role, unit) if moves else []
    if moves:
        problems += _farewell_problems(person, by)
    if problems:
        raise Refused(*problems)
    fields = {"name": name, "unit": unit, "role": role, "phone": phone, "email": email}
    return _save(person, fields, by=by, at=at)


@transaction.atomic
def deactivate(person: User, *, by: User | None, at: datetime) -> User:
    """Close an account: its sessions end at once, what it did stays. Raise Refused."""
    person = _lock(person)
    problems = _farewell_problems(person, by)
    if by is not None and by.pk == person.pk:
        problems = ["不能停用自己的账号，请由另一名管理员操作。"]
    if problems:
        raise Refused(*problems)
    return _save(person, {"is_active": False}, by=by, at=at)


@transaction.atomic
def activate(person: User, *, by: User | None, at: datetime) -> User:
    """Open a closed account again; raise Refused when its unit is closed."""
    person = _lock(person)
    problems = _placement_problems(person.role, person.unit)
    if problems:
        raise Refused(*problems)
    return _save(person, {"is_active": True}, by=by, at=at)


@transaction.atomic
def update_profile(person: User, *, name: str, phone: str, email: str, by: User, at: datetime) -> User:
    """Let people correct their own name, telephone and e-mail."""
    return _save(_lock(person), {"name": name, "phone": phone, "email": email}, by=by, at=at)


@transaction.atomic
def reset_password(person: User, *, by: User | None, at: datetime) -> str:
    """Give the account a new random password, to be changed at the next log-in, and return it.

    This unlocks it too. Raise Refused for one's own account: that takes the old password.
    """
    if by is not None and by.pk == person.pk:
        raise Refused("请用“修改密码”更换自己的密码。")
    person = _lock(person)
    password = initial_password()
    person.set_password(password)
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    reset_failures(username=person.username)
    audit.record(AuditAction.PASSWORD_RESET, person, by=by, at=at, unit=person.unit)
    return password


@transaction.atomic
def change_password(person: User, password: str, *, by: User, at: datetime) -> User:
    """Set the password that the person chose; raise Refused when it is too weak."""
    person = _lock(person)
    problems = password_problems(password, person)
    if person.check_password(password):
        problems.append("新密码不能与原密码相同。")
    if problems:
        raise Refused(*problems)
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    audit.record(AuditAction.PASSWORD_CHANGE, person, by=by, at=at, unit=person.unit)
    return person


@transaction.atomic
def unlock(person: User, *, by: User | None, at: datetime) -> None:
    """Lift the lock that repeated failed log-ins put on an account."""
    reset_failures(username=person.username)
    audit.record(AuditAction.PERSON_EDIT, person, by=by, at=at, unit=person.unit, note="解除登录锁定")


def record_login(person: User, *, address: str | None, at: datetime) -> None:
    """Write a log-in to the trail."""
    audit.record(AuditAction.LOGIN, person, by=person, at=at, unit=person.unit, note=_from(address))


def record_logout(person: User, *, at: datetime) -> None:
    """Write a log-out to the trail."""
    audit.record(AuditAction.LOGOUT, person, by=person, at=at, unit=person.unit)


def record_failed_login(username: str, *, locked: bool, address: str | None, at: datetime) -> None:
    """Write a failed log-in to the trail, and the lock if this one brought it about."""
    person = User.objects.filter(username=username).select_related("unit").first()
    # What was typed is not written down: it may be a password in the wrong field.
    note = _from(address) if person else f"账号不存在；{_from(address)}"
    actions = [AuditAction.LOGIN_FAILED, AuditAction.LOGIN_LOCKED] if locked else [AuditAction.LOGIN_FAILED]
    for action in actions:
        audit.record(action, person, by=None, at=at, unit=person.unit if person else None, note=note)


def initial_password() -> str:
    """Return a random password in three groups that can be read out."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def password_problems(password: str, person: User) -> list[str]:
    """Return what is wrong with a password by the validators of the settings, a sentence each."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        return list(error.messages)
    return []


def _placement_problems(role: str, unit: Unit) -> list[str]:
    problems = []
    if not role_fits_unit(role, unit):
        where = "县（市、区）或市直部门" if role in REPORTING_ROLES else "印发任务的市"
        problems.append(f"{Role(role).label}应当属于{where}，不能属于“{unit.name}”。")
    if not unit.is_active:
        problems.append(f"单位“{unit.name}”已停用，请选择其他单位。")
    return problems


def _lock(person: User) -> User:
    """Lock the person and all admins of the unit, so that two admins cannot remove each other at once."""
    admins = Q(role=Role.ADMIN, unit=person.unit_id)
    people = User.objects.select_for_update().filter(Q(pk=person.pk) | admins).order_by("pk")
    return next(found for found in people if found.pk == person.pk)


def _farewell_problems(person: User, by: User | None) -> list[str]:
    """Return why an account cannot stop being what it is: somebody must remain who can mend things."""
    if person.role != Role.ADMIN or not person.is_active:
        return []
    if by is not None and by.pk == person.pk:
        return ["不能取消自己的管理员角色，请由另一名管理员操作。"]
    others = User.objects.in_use().filter(role=Role.ADMIN, unit=person.unit_id).exclude(pk=person.pk)
    return [] if others.exists() else ["至少要保留一名在用的管理员，请先指定另一名管理员。"]


def _save(person: User, fields: dict[str, object], *, by: User | None, at: datetime) -> User:
    before = {field: getattr(person, field) for field in fields}
    for field, value in fields.items():
        setattr(person, field, value)
    person.save(update_fields=list(fields))
    changes = audit.diff(before, fields)
    if changes:
        audit.record(AuditAction.PERSON_EDIT, person, by=by, at=at, unit=person.unit, changes=changes)
    return person


def _from(address: str | None) -> str:
    return f"来自 {address or '本机'}"
