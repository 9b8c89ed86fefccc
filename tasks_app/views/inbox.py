"""One's own messages inside the program."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from tasks_app.domain.access.rules import Permission
from tasks_app.domain.reminders import actions, queries
from tasks_app.tables.inbox import InboxTable

from .middleware import Request
from .permissions import requires


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.READ_INBOX)
def inbox(request: Request) -> HttpResponse:
    """List the messages; a POST notes all as read."""
    if request.method == "POST":
        actions.mark_all_read(by=request.user, at=request.now)
        messages.success(request, "已全部标为已读。")
        return redirect("inbox")
    table = InboxTable(queries.inbox_of(request.user))
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    return render(request, "inbox/inbox.html", {"table": table})


@require_safe
@requires(Permission.READ_INBOX)
def read(request: Request, pk: int) -> HttpResponse:
    """Show one message; showing it is reading it."""
    delivery = get_object_or_404(queries.inbox_of(request.user).select_related("message__unit"), pk=pk)
    actions.mark_read(delivery.pk, by=request.user, at=request.now)
    reports = queries.reports_about(delivery.message)
    return render(request, "inbox/message.html", {"delivery": delivery, "reports": reports})
