"""The door of every view: `requires` turns away who may not, as if the page did not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse

from tasks_app.clock import local_date
from tasks_app.domain.access.queries import may_for_a_unit
from tasks_app.domain.access.rules import Permission, may

from .middleware import Request

View = Callable[..., HttpResponse]


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Let in whoever holds one of `permissions`; for everybody else the page is a 404.

    Whoever fills in or signs in a unit's place (替岗, 代填) holds what that takes for as long as it lasts.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            if not any(may(request.user, permission) for permission in permissions):
                today = local_date(request.now)
                if not any(may_for_a_unit(request.user, permission, today) for permission in permissions):
                    raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate
