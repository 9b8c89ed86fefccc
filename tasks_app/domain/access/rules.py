"""Which role may do what: one table, read by every view through `may`."""

from enum import StrEnum, auto

from tasks_app.choices import Role, UnitKind
from tasks_app.models import Report, Unit, User


class Permission(StrEnum):
    FILL_REPORT = auto()
    SIGN_REPORT = auto()
    READ_REPORTS = auto()  # every unit's, once they have left the unit
    REVIEW_REPORT = auto()
    READ_OVERVIEW = auto()  # matrix, not-yet-filed list, lagging units
    SEND_REMINDER = auto()  # ledger, coming messages, doubtful deliveries
    READ_PLAN = auto()
    MANAGE_PLAN = auto()  # import the table, mend it, periods
    CLOSE_YEAR = auto()  # settle a year's plan (办结), and open it again
    SET_LADDER = auto()  # when, whom and with which words reminders tell
    MANAGE_UNITS = auto()
    MANAGE_PEOPLE = auto()
    MANAGE_CALENDAR = auto()
    HANDLE_REQUESTS = auto()  # coordination, extensions, good practice: the office's part of them
    INSTRUCT = auto()  # a leader's few words on a row (批示)
    READ_PRACTICES = auto()  # those published to all units
    NAME_STAND_IN = auto()  # an admin for every unit, a signer for the own one
    ENTER_REPORT = auto()  # for a unit that is cut off (代填)
    READ_INBOX = auto()
    READ_AUDIT = auto()
    READ_STATUS = auto()  # how the program runs
    ESCALATE = auto()  # suggestions, 督查单 and 约谈: the office's part of them
    READ_NOTICES = auto()  # every unit's
    ANSWER_NOTICE = auto()  # object, acknowledge, reply: the unit's part
    SUBSCRIBE = auto()  # the calendar link of the own unit

    DRAFT_DOCUMENTS = auto()  # official documents and their templates


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.FILLER: frozenset(
        {
            Permission.FILL_REPORT,
            Permission.READ_PLAN,
            Permission.READ_PRACTICES,
            Permission.READ_INBOX,
            Permission.ANSWER_NOTICE,
            Permission.SUBSCRIBE,
        }
    ),
    Role.SIGNER: frozenset(
        {
            Permission.SIGN_REPORT,
            Permission.READ_PLAN,
            Permission.READ_PRACTICES,
            Permission.NAME_STAND_IN,
            Permission.READ_INBOX,
            Permission.ANSWER_NOTICE,
            Permission.SUBSCRIBE,
        }
    ),
    Role.OFFICE: frozenset(
        {
            Permission.READ_REPORTS,
            Permission.REVIEW_REPORT,
            Permission.READ_OVERVIEW,
            Permission.SEND_REMINDER,
            Permission.CLOSE_YEAR,
            Permission.SET_LADDER,
            Permission.READ_PLAN,
            Permission.HANDLE_REQUESTS,
            Permission.READ_PRACTICES,
            Permission.ENTER_REPORT,
            Permission.READ_INBOX,
            Permission.READ_STATUS,
            Permission.ESCALATE,
            Permission.DRAFT_DOCUMENTS,
            Permission.READ_NOTICES,
        }
    ),
    Role.LEADER: frozenset(
        {
            Permission.READ_REPORTS,
            Permission.READ_OVERVIEW,
            Permission.READ_PLAN,
            Permission.INSTRUCT,
            Permission.READ_PRACTICES,
            Permission.READ_NOTICES,
        }
    ),
    Role.ADMIN: frozenset(
        {
            Permission.READ_PLAN,
            Permission.MANAGE_PLAN,
            Permission.CLOSE_YEAR,
            Permission.SET_LADDER,
            Permission.MANAGE_UNITS,
            Permission.MANAGE_PEOPLE,
            Permission.MANAGE_CALENDAR,
            Permission.READ_STATUS,
            Permission.DRAFT_DOCUMENTS,
            Permission.READ_PRACTICES,
            Permission.NAME_STAND_IN,
        }
    ),
    Role.AUDITOR: frozenset({Permission.READ_AUDIT}),
}
# Roles that belong to the unit that reports; all others belong to the unit that issues the plan.
REPORTING_ROLES = frozenset({Role.FILLER, Role.SIGNER})
REPORTING_KINDS = frozenset({UnitKind.COUNTY, UnitKind.BUREAU})
ISSUING_KINDS = frozenset({UnitKind.CITY})


def may(user: User, permission: Permission) -> bool:
    """Tell whether an active, logged-in `user` holds `permission`."""
    return bool(user.is_authenticated and user.is_active and permission in PERMISSIONS[Role(user.role)])


def in_place_of_unit(user: User, report: Report) -> str:
    """Return 代填 or 替岗 when `user`, who may act on `report` for its unit, is none of the unit's people."""
    if user.role in REPORTING_ROLES:
        return ""
    return "代填" if report.entered_by_id is not None else "替岗"


def role_fits_unit(role: str, unit: Unit) -> bool:
    """Tell whether a person in `role` can belong to `unit`."""
    return unit.kind in (REPORTING_KINDS if role in REPORTING_ROLES else ISSUING_KINDS)
