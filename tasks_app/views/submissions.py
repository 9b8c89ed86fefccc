"""The history of a report: any two of its submissions word by word, or one of them whole."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from tasks_app.domain.access.queries import visible_reports
from tasks_app.domain.access.rules import REPORTING_ROLES, Permission
from tasks_app.domain.review import submissions
from tasks_app.forms.review import CompareForm

from .middleware import Request
from .permissions import requires


@requires(Permission.FILL_REPORT, Permission.SIGN_REPORT, Permission.READ_REPORTS)
def compare(request: Request, pk: int) -> HttpResponse:
    """Show what changed between two submissions; `?old=` and `?new=` are their numbers."""
    report = get_object_or_404(visible_reports(request.user), pk=pk)
    found = submissions.submissions_of(report)
    if not found:
        raise Http404
    form = CompareForm(request.GET, found)
    old, new = form.chosen()
    entries = submissions.comparison(old, new)
    is_own = request.user.role in REPORTING_ROLES
    context = {
        "report": report,
        "back": reverse("report" if is_own else "review_report", args=[pk]),
        "submissions": found,
        "form": form,
        "old": old,
        "new": new,
        "entries": entries,
        "changed": sum(entry.is_changed for entry in entries),
    }
    return render(request, "review/compare.html", context)
