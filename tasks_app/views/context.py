"""What every page shows: the navigation of the user's role, unread messages, a demonstration's date."""

from functools import partial
from typing import Any

from django.utils.functional import SimpleLazyObject

from tasks_app import clock
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission, may
from tasks_app.domain.reminders.queries import unread_count

from . import menu
from .middleware import Request


def navigation(request: Request) -> dict[str, Any]:
    """Return the context of the frame around every page."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    # Both when asked for: parts of a page that draw themselves run through here too and show neither.
    unread = SimpleLazyObject(lambda: unread_count(user)) if may(user, Permission.READ_INBOX) else 0
    return {
        "navigation": partial(menu.entries, request),
        "tabs_beside": partial(menu.tabs, request),
        "unread": unread,
        "may_read_inbox": may(user, Permission.READ_INBOX),
        "is_of_unit": user.role in REPORTING_ROLES,
        "may_handle": may(user, Permission.HANDLE_REQUESTS),
        "demo_moment": request.now if clock.demo_offset() else None,
    }
