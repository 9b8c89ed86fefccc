"""How the program runs, for those who look after it: the jobs, the broker, what waits. Read only."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.operation import queries

from .middleware import Request
from .permissions import requires


@require_safe
@requires(Permission.READ_STATUS)
def status(request: Request) -> HttpResponse:
    """Show how everything stands now; the page asks for its own part again every half minute."""
    now = queries.status(request.now)
    template = "status/_now.html" if request.htmx else "status/status.html"  # type: ignore[attr-defined]
    findings = now.findings()
    is_held = any(one.key == "hold" for one in findings)
    may_release = is_held and may(request.user, Permission.SEND_REMINDER)
    return render(request, template, {"status": now, "findings": findings, "may_release": may_release})
