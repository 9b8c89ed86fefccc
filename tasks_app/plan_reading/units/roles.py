"""Gives the names of a cell their roles: by a mark, by a word of 牵头 or 配合, by a label, by who does most."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks_app.choices import AssignmentRole

from .clauses import STRONG_SEPARATORS, Clause, Duty
from .pieces import WITH
from .shapes import is_all_counties

LEAD, SUPPORT = AssignmentRole.LEAD, AssignmentRole.SUPPORT


@dataclass(slots=True)
class Found:
    """A name on its way: `separator` stands before it, `also` are the other names that it has in brackets."""

    written: str
    name: str
    separator: str
    role: AssignmentRole | None = None
    also: tuple[str, ...] = ()
    but: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Group:
    """Names with one duty, under one label."""

    names: Sequence[Found]
    duty: Duty
    label: AssignmentRole | None

    @property
    def leads(self) -> bool:
        return LEAD in (self.label, *(one.role for one in self.names))


def give_roles(clauses: Sequence[Clause], names: Sequence[Sequence[Found]]) -> None:
    """Give each name its role, where the cell says one; `names` are those of each clause."""
    groups = [group for clause, found in zip(clauses, names, strict=True) for group in _groups(clause, found)]
    most = _most(groups)
    has_led = False
    for group in groups:
        has_led = has_led or group.leads
        role = LEAD if group.duty and group.duty == most else SUPPORT if group.duty and most else None
        if group.duty is Duty.SUPPORT:
            role = SUPPORT
        is_word = group.duty in (Duty.LEAD, Duty.SUPPORT)
        # Without a lead before it, the word belongs to the last names only: X、Y，Z配合.
        last = len(group.names) if has_led and role is SUPPORT else _length_of_last(group.names)
        for distance, one in enumerate(reversed(group.names), start=1):
            said = role if distance <= last else None
            one.role = one.role or (said or group.label if is_word else group.label or said)
        has_led = has_led or role is LEAD


def _groups(clause: Clause, names: Sequence[Found]) -> Iterator[_Group]:
    """Of X会同Y负责 the first bears what the second supports; X会同Y牵头 lead together."""
    cut = next((place for place, one in enumerate(names) if one.separator == WITH), None)
    if cut is None or clause.duty in (Duty.LEAD, Duty.SUPPORT):
        yield _Group(names, clause.duty, clause.role)
        return
    yield _Group(names[:cut], max(clause.duty, Duty.BEAR) if cut else Duty.NONE, clause.role)
    yield _Group(names[cut:], Duty.SUPPORT, clause.role)


def _most(groups: Sequence[_Group]) -> Duty:
    """Return the duty that makes its units the lead; NONE where all have the same, or nobody more than 配合."""
    if any(group.leads or (group.duty is Duty.LEAD) for group in groups):
        return Duty.LEAD
    said = [group for group in groups if group.duty and group.names]
    # Each county bears its part; who steers them leads.
    bureaus = [g for g in said if g.duty >= Duty.DO and not all(is_all_counties(one.name) for one in g.names)]
    most = max((g.duty for g in bureaus or said if g.duty >= Duty.DO), default=Duty.NONE)
    return Duty.NONE if all(group.duty == most for group in said) else most


def _length_of_last(names: Sequence[Found]) -> int:
    """Return how many names stand behind the last comma."""
    for distance, one in enumerate(reversed(names), start=1):
        if one.separator in STRONG_SEPARATORS:
            return distance
    return len(names)
