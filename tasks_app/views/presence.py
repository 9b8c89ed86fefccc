"""The form's own voice: every open form says which task has the focus and hears who else is where."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from tasks_app.clock import local_date
from tasks_app.domain.access.queries import own_reports
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.presence import actions, queries

from .middleware import Request
from .permissions import requires


@requires(Permission.FILL_REPORT)
@require_POST
def presence(request: Request, pk: int) -> HttpResponse:
    """Note the task in `entry` (none when the focus is elsewhere) and answer {"others": {entry: words}}."""
    report = get_object_or_404(own_reports(request.user, local_date(request.now)), pk=pk)
    named = request.POST.get("entry", "")
    entry = get_object_or_404(report.entries, pk=named) if named.isdecimal() else None
    actions.note_presence(report, entry, by=request.user, at=request.now)
    return JsonResponse({"others": queries.others_in(report, besides=request.user, at=request.now)})
