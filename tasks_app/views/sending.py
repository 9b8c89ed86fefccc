"""Sending held back after a restore: what would leave, and the office's decision."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django_tables2 import RequestConfig

from tasks_app.domain.access.rules import Permission
from tasks_app.domain.backups import actions, queries
from tasks_app.domain.backups.rules import mark_of
from tasks_app.tables.leaving import LeavingTable

from .middleware import Request
from .moves import make_move
from .permissions import requires


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SEND_REMINDER)
def sending_hold(request: Request) -> HttpResponse:
    """Show every letter that would leave; a POST lets them leave, or none of them, and what comes later in any case."""
    if request.method == "POST":
        return _release(request)
    hold = queries.open_hold()
    listed = queries.leaving(request.now) if hold else []
    table = LeavingTable(listed)
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    context = {"hold": hold, "count": len(listed), "table": table, "seen": mark_of(listed)}
    return render(request, "status/sending_hold.html", context)


def _release(request: Request) -> HttpResponse:
    discard = request.POST.get("decision") == "discard"
    act = partial(actions.release_sending, seen=request.POST.get("seen", ""), discard=discard)

    def done(count: int) -> str:
        become = f"名单上的{count}条不再发送" if discard else f"名单上的{count}条将在工作时间发出"
        return f"外发已放行：{become}。以后到期的消息照常发送。"

    return make_move(request, act, done=done, back=reverse("status"), instead=reverse("sending_hold"))
