"""Changes to the tree of units: load the list, create, edit, deactivate."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from tasks_app.choices import AuditAction, UnitKind
from tasks_app.clock import local_date
from tasks_app.domain import audit
from tasks_app.domain.access.rules import REPORTING_KINDS
from tasks_app.domain.moves import Refused
from tasks_app.models import Unit, UnitAlias, User

from .queries import holders_of_names
from .rules import UnitRow, read_rows

# The one city that this installation shows for now: a list that names none of its own is of what is below it.
PROVINCE = {"code": "35", "name": "福建省", "short_name": "福建", "kind": UnitKind.PROVINCE}
CITY = {"code": "3504", "name": "三明市", "short_name": "三明", "kind": UnitKind.CITY}


class Loaded(NamedTuple):
    """How many units a list added, and how many were there already and were left as they are."""

    created: int
    kept: int


@transaction.atomic
def load_units(source: Path | str | Iterable[UnitRow], *, by: User | None, at: datetime) -> Loaded:
    """Add the units of a csv file (or of rows already read) below the city; raise Refused.

    The list may name the city and its province by rows of these kinds.
    A unit whose code exists stays as it is: what an admin has edited is not overwritten.
    """
    rows = _read(source) if isinstance(source, Path | str) else list(source)
    _lock_names()
    above = {row.kind: _fields(row) for row in rows if row.kind not in REPORTING_KINDS}
    rows = [row for row in rows if row.kind in REPORTING_KINDS]
    province = _ensure(above.get(UnitKind.PROVINCE, PROVINCE), parent=None, by=by, at=at)
    city = _ensure(above.get(UnitKind.CITY, CITY), parent=province, by=by, at=at)
    existing = set(Unit.objects.filter(code__in=[row.code for row in rows]).values_list("code", flat=True))
    _refuse_taken_names(rows)
    new = [(position, row) for position, row in enumerate(rows, start=1) if row.code not in existing]
    for position, row in new:
        fields = _fields(row)
        unit = Unit.objects.create(parent=city, position=position, **fields)
        UnitAlias.objects.bulk_create(UnitAlias(unit=unit, name=alias) for alias in row.aliases)
        after = fields | {"position": position, "aliases": "、".join(row.aliases)}
        audit.record(
            AuditAction.UNIT_EDIT, unit, by=by, at=at, unit=unit, changes=audit.diff({}, after), note="新增"
        )
    return Loaded(created=len(new), kept=len(rows) - len(new))


@transaction.atomic
def create_unit(
    *,
    parent: Unit,
    code: str,
    name: str,
    short_name: str,
    kind: str,
    aliases: Sequence[str] = (),
    position: int = 0,
    by: User | None,
    at: datetime,
) -> Unit:
    """Add a county or bureau below `parent`; raise Refused when a name is taken."""
    _lock_names()
    problems = _name_problems(None, name, aliases)
    if kind not in REPORTING_KINDS:
        problems.append("只能新增县（市、区）或市直部门。")
    if Unit.objects.filter(code=code).exists():
        problems.append(f"代码“{code}”已有单位使用。")
    if problems:
        raise Refused(*problems)
    fields = {"code": code, "name": name, "short_name": short_name, "kind": kind, "position": position}
    unit = Unit.objects.create(parent=parent, **fields)
    UnitAlias.objects.bulk_create(UnitAlias(unit=unit, name=alias) for alias in aliases)
    changes = audit.diff({}, fields | {"parent": parent, "aliases": "、".join(aliases)})
    audit.record(AuditAction.UNIT_EDIT, unit, by=by, at=at, unit=unit, changes=changes, note="新增")
    return unit


@transaction.atomic
def update_unit(
    unit: Unit,
    *,
    name: str,
    short_name: str,
    position: int,
    aliases: Sequence[str],
    by: User | None,
    at: datetime,
) -> Unit:
    """Rename or reorder a unit and set its aliases; raise Refused."""
    _lock_names()
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    problems = _name_problems(unit, name, aliases)
    if problems:
        raise Refused(*problems)
    fields = {"name": name, "short_name": short_name, "position": position}
    old_aliases = list(unit.aliases.values_list("name", flat=True))
    before = {field: getattr(unit, field) for field in fields} | {"aliases": "、".join(sorted(old_aliases))}
    for field, value in fields.items():
        setattr(unit, field, value)
    unit.save(update_fields=list(fields))
    unit.aliases.exclude(name__in=aliases).delete()
    UnitAlias.objects.bulk_create(
        UnitAlias(unit=unit, name=alias) for alias in aliases if alias not in old_aliases
    )
    changes = audit.diff(before, fields | {"aliases": "、".join(sorted(aliases))})
    if changes:
        audit.record(AuditAction.UNIT_EDIT, unit, by=by, at=at, unit=unit, changes=changes)
    return unit


@transaction.atomic
def add_alias(unit: Unit, name: str, *, by: User | None, at: datetime) -> bool:
    """Let `unit` be found by `name` too; False where the name is taken already, by whomever."""
    _lock_names()
    if _name_problems(unit, unit.name, [name]) or name in (unit.name, unit.short_name):
        return False
    if UnitAlias.objects.filter(name=name).exists():
        return False
    UnitAlias.objects.create(unit=unit, name=name)
    changes = {"aliases": [None, name]}
    audit.record(AuditAction.UNIT_EDIT, unit, by=by, at=at, unit=unit, changes=changes, note="记住别名")
    return True


@transaction.atomic
def set_active(unit: Unit, is_active: bool, *, by: User | None, at: datetime) -> Unit:
    """Close a unit or open it again; raise Refused for the one that issues the plans."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if unit.kind not in REPORTING_KINDS:
        raise Refused(f"“{unit.name}”是印发任务的单位，不能停用。")
    if is_active and unit.successor is not None:
        raise Refused(f"“{unit.name}”已并入“{unit.successor.name}”，不能恢复。需要时请新增单位。")
    changes = audit.diff({"is_active": unit.is_active}, {"is_active": is_active})
    if changes:
        unit.is_active, unit.closed_on = is_active, None if is_active else local_date(at)
        unit.save(update_fields=["is_active", "closed_on"])
        audit.record(AuditAction.UNIT_EDIT, unit, by=by, at=at, unit=unit, changes=changes)
    return unit


def _read(path: Path | str) -> list[UnitRow]:
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise Refused(f"无法读取文件“{path}”：请检查文件是否存在、是否有权读取。") from error
    for encoding in ("utf-8-sig", "gb18030"):  # what WPS saves as csv is in the latter
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        rows, problems = read_rows(text)
        if problems:
            raise Refused(*problems)
        return rows
    raise Refused(f"文件“{path}”不是文本文件，请另存为 UTF-8 编码的 csv 后再导入。")


def _lock_names() -> None:
    """Let one at a time give names: names and aliases share a space that no single constraint guards."""
    issuers = Unit.objects.select_for_update(no_key=True).exclude(kind__in=REPORTING_KINDS)
    list(issuers.order_by("pk"))


def _fields(row: UnitRow) -> dict[str, str]:
    return {"code": row.code, "name": row.name, "short_name": row.short_name, "kind": row.kind}


def _ensure(fields: dict[str, str], *, parent: Unit | None, by: User | None, at: datetime) -> Unit:
    unit, created = Unit.objects.get_or_create(code=fields["code"], defaults=fields | {"parent": parent})
    if created:
        changes = audit.diff({}, fields)
        audit.record(AuditAction.UNIT_EDIT, unit, by=by, at=at, unit=unit, changes=changes, note="新增")
    return unit


def _refuse_taken_names(rows: Iterable[UnitRow]) -> None:
    names = {name: row for row in rows for name in (row.name, *row.aliases)}
    problems = [
        f"第{names[name].line}行：“{name}”已是“{holder.name}”（{holder.code}）的名称或别名，不能再用。"
        for name, holder in holders_of_names(names).items()
        if holder.code != names[name].code
    ]
    if problems:
        raise Refused(*problems)


def _name_problems(unit: Unit | None, name: str, aliases: Sequence[str]) -> list[str]:
    problems = [f"别名“{name}”与本单位名称相同，不必填写。"] if name in aliases else []
    return problems + [
        f"“{taken}”已是“{holder.name}”的名称或别名，不能再用。"
        for taken, holder in holders_of_names([name, *aliases]).items()
        if unit is None or holder.pk != unit.pk
    ]
