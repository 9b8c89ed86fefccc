"""What every page shows: the navigation of the user's role, unread messages, a demonstration's date."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.functional import SimpleLazyObject

from tasks_app import clock
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission, may
from tasks_app.domain.reminders.queries import unread_count

from .middleware import Request

MATTERS = ("coordination", "instructions", "verifications")
# (who, address name, label, areas): the entry is lit on its own page and on all whose address begins with an area.
NAVIGATION = [
    ({Permission.FILL_REPORT, Permission.SIGN_REPORT}, "home", "我的填报", ("reports",)),
    ({Permission.READ_OVERVIEW}, "home", "总览", ()),
    ({Permission.INSTRUCT}, "instructions", "待我定", MATTERS),
    ({Permission.REVIEW_REPORT}, "review_queue", "审阅", ("review", "reports", "receipts")),
    ({Permission.READ_OVERVIEW}, "matrix", "进度矩阵", ("reports-as-of", "numbers")),
    ({Permission.READ_OVERVIEW}, "not_filed", "未报单位", ()),
    ({Permission.READ_OVERVIEW}, "lagging", "滞后清单", ()),
    ({Permission.SEND_REMINDER}, "reminders", "提醒", ("reminders",)),
    ({Permission.ESCALATE}, "escalation", "督查督办", ("escalation", "notices", "interviews")),
    ({Permission.READ_NOTICES, Permission.ANSWER_NOTICE}, "notices", "督查督办", ("notices", "interviews")),
    ({Permission.FILL_REPORT, Permission.SIGN_REPORT}, "coordination", "协调事项", MATTERS),
    ({Permission.HANDLE_REQUESTS}, "coordination", "事项办理", (*MATTERS, "extensions", "on-behalf")),
    ({Permission.MANAGE_PLAN}, "home", "首页", ()),
    ({Permission.READ_PLAN}, "plans", "分解表", ("plans",)),
    ({Permission.MANAGE_PLAN}, "plan_imports", "导入", ("imports",)),
    ({Permission.MANAGE_UNITS}, "units", "单位", ("units",)),
    ({Permission.MANAGE_PEOPLE}, "people", "人员", ("people",)),
    ({Permission.MANAGE_CALENDAR}, "calendar", "工作日历", ()),
    ({Permission.MANAGE_PLAN}, "status", "系统状态", ()),
    ({Permission.DRAFT_DOCUMENTS}, "documents", "公文模板", ("documents",)),
    ({Permission.READ_PRACTICES}, "practices", "经验做法", ("practices",)),
    ({Permission.NAME_STAND_IN}, "stand_ins", "替岗", ()),
    ({Permission.READ_AUDIT}, "audit", "审计记录", ()),
]


@dataclass(frozen=True)
class MenuEntry:
    """One entry of the menu; `current` is what aria-current says: this page, one below it ("true"), or neither."""

    name: str
    label: str
    current: str


def navigation(request: Request) -> dict[str, Any]:
    """Return the context of the frame around every page."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    # Both when asked for: parts of a page that draw themselves run through here too and show neither.
    unread = SimpleLazyObject(lambda: unread_count(user)) if may(user, Permission.READ_INBOX) else 0
    return {
        "navigation": partial(_entries, request),
        "unread": unread,
        "may_read_inbox": may(user, Permission.READ_INBOX),
        "is_of_unit": user.role in REPORTING_ROLES,
        "may_handle": may(user, Permission.HANDLE_REQUESTS),
        "demo_moment": request.now if clock.demo_offset() else None,
    }


def _entries(request: Request) -> list[MenuEntry]:
    here = request.resolver_match.url_name if request.resolver_match else ""
    area = request.path.strip("/").partition("/")[0]
    entries: dict[str, MenuEntry] = {}  # a label leads to one page: the first that the user may open
    for permissions, name, label, areas in NAVIGATION:
        if any(may(request.user, p) for p in permissions):
            current = "page" if name == here else "true" if area in areas else ""
            entries.setdefault(label, MenuEntry(name, label, current))
    return list(entries.values())
