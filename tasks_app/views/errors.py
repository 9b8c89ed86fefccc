"""Pages for what went wrong, and the address that health checks ask."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

logger = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: more than one request may hold, or a form in pieces; drawn alone, for reading it may fail again."""
    return render(None, "errors/400.html", status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: also for what exists but is not the reader's."""
    return render(request, "errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: a form that was open too long, mostly."""
    return render(request, "errors/403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or old: says what to do.

    It hands out no new token: the one that another window has just got, to log in by, would be worth nothing.
    """
    logger.info("CSRF check failed: %s", reason)
    answer = render(request, "errors/403.html", status=403)
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """500: drawn without the database, which may be what is broken."""
    return render(None, "errors/500.html", status=500)


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers; anything else is the server's own 500."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
