"""What every page shows: the navigation of the user's role, unread messages, a demonstration's date."""

from typing import Any

from django.utils.functional import SimpleLazyObject

from tasks_app import clock
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.reminders.queries import unread_count

from .middleware import Request

P = Permission
# (who, address name, label, areas): the entry is lit for every page whose template lies in that area.
NAVIGATION = [
    ({P.FILL_REPORT, P.SIGN_REPORT}, "home", "我的填报"),
    ({P.READ_OVERVIEW}, "home", "总览"),
    ({P.REVIEW_REPORT}, "review_queue", "审阅"),
    ({P.READ_OVERVIEW}, "matrix", "进度矩阵"),
    ({P.READ_OVERVIEW}, "not_filed", "未报单位"),
    ({P.READ_OVERVIEW}, "lagging", "滞后清单"),
    ({P.SEND_REMINDER}, "reminders", "提醒"),
    ({P.ESCALATE}, "escalation", "督查督办"),
    ({P.READ_NOTICES, P.ANSWER_NOTICE}, "notices", "督查督办"),
    ({P.FILL_REPORT, P.SIGN_REPORT}, "coordination", "协调事项"),
    ({P.HANDLE_REQUESTS}, "coordination", "事项办理"),
    ({P.MANAGE_PLAN}, "home", "首页"),
    ({P.READ_PLAN}, "plans", "分解表"),
    ({P.MANAGE_PLAN}, "plan_imports", "导入"),
    ({P.MANAGE_UNITS}, "units", "单位"),
    ({P.MANAGE_PEOPLE}, "people", "人员"),
    ({P.MANAGE_CALENDAR}, "calendar", "工作日历"),
    ({P.MANAGE_PLAN}, "status", "系统状态"),
    ({P.DRAFT_DOCUMENTS}, "documents", "公文模板"),
    ({P.READ_PRACTICES}, "practices", "经验做法"),
    ({P.NAME_STAND_IN}, "stand_ins", "替岗"),
    ({P.READ_AUDIT}, "audit", "审计记录"),
]


def navigation(request: Request) -> dict[str, Any]:
    """Return the context of the frame around every page."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    entries: dict[str, str] = {}  # a label leads to one page: the first that the user may open
    for permissions, name, label in NAVIGATION:
        if any(may(user, p) for p in permissions):
            entries.setdefault(label, name)
    # Lazy, for parts of a page that draw themselves run through here too and do not show it.
    unread = SimpleLazyObject(lambda: unread_count(user)) if may(user, P.READ_INBOX) else 0
    return {
        "navigation": [(name, label) for label, name in entries.items()],
        "unread": unread,
        "may_read_inbox": may(user, P.READ_INBOX),
        "demo_moment": request.now if clock.demo_offset() else None,
    }
