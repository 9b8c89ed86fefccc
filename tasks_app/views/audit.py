"""The audit trail, for auditors: read and search, nothing else."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from tasks_app.domain import audit as trail
from tasks_app.domain.access.queries import visible_events
from tasks_app.domain.access.rules import Permission
from tasks_app.forms.audit import AuditFilter
from tasks_app.tables.audit import AuditTable

from .middleware import Request
from .permissions import requires


@require_safe
@requires(Permission.READ_AUDIT)
def audit(request: Request) -> HttpResponse:
    """Every step, newest first; a search that makes no sense is pointed out and narrows nothing."""
    search = AuditFilter(request.GET)
    search.is_valid()
    table = AuditTable(trail.search(visible_events(request.user), **search.cleaned_data))
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    return render(request, "audit/audit.html", {"filter": search, "table": table})
