"""What every page shows: the navigation of the user's role, unread messages, a demonstration's date."""

from typing import Any, cast

from django.utils.functional import SimpleLazyObject

from tasks_app import clock
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission, may
from tasks_app.domain.desk import counts_for

from . import menu
from .middleware import Request


def navigation(request: Request) -> dict[str, Any]:
    """Return the context of the frame around every page."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    # When asked for: parts of a page that draw themselves run through here too and show none of it.
    counts = cast(dict[str, int], SimpleLazyObject(lambda: counts_for(user, request.now)))
    return {
        "navigation": lambda: menu.entries(request, counts),
        "tabs_beside": lambda: menu.tabs(request, counts),
        "to_do": counts,
        "may_read_inbox": may(user, Permission.READ_INBOX),
        "is_of_unit": user.role in REPORTING_ROLES,
        "may_handle": may(user, Permission.HANDLE_REQUESTS),
        "demo_moment": request.now if clock.demo_offset() else None,
    }
