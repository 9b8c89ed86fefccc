"""The check of a receipt: is there such a submission, and is what is stored still what was submitted."""

from django.http import HttpResponse
from django.shortcuts import render

from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.review.rules.receipts import fits
from tasks_app.domain.review.submissions import find_receipt
from tasks_app.forms.review import ReceiptForm

from .middleware import Request
from .permissions import requires


@requires(Permission.FILL_REPORT, Permission.SIGN_REPORT, Permission.READ_REPORTS, Permission.READ_AUDIT)
def check(request: Request) -> HttpResponse:
    """Check `?number=` and, if given, `?fingerprint=`; a unit finds its own receipts only."""
    asked = "number" in request.GET
    form = ReceiptForm(request.GET if asked else None)
    checked, given = None, ""
    if asked and form.is_valid():
        checked = find_receipt(form.cleaned_data["number"], request.user)
        given = form.cleaned_data["fingerprint"].strip()
    context = {
        "form": form,
        "asked": asked and form.is_valid(),
        "number": form.cleaned_data["number"] if asked and form.is_valid() else "",
        "checked": checked,
        "given": given,
        "given_fits": checked is not None and fits(given, checked.submission.fingerprint),
        "reads_reports": not may(request.user, Permission.READ_AUDIT),
    }
    return render(request, "review/receipts.html", context)
