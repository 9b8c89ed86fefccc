"""截至: the ledger of reminders as it was at a past moment; nothing can be done here."""

from django.http import HttpResponse
from django.shortcuts import render
from django_tables2 import RequestConfig

from tasks_app.domain.history.queries import deliveries_decided_after
from tasks_app.domain.reminders.queries import visible_messages
from tasks_app.forms.as_of import AsOf
from tasks_app.forms.ledger_as_of import LedgerAsOfFilter
from tasks_app.tables.ledger_as_of import LedgerAsOfTable

from .middleware import Request


def ledger_as_of(request: Request, as_of: AsOf) -> HttpResponse:
    """Show the messages that there were, each with its outcome of then where that is known.

    Called by the ledger's own view, which has looked at who asks.
    """
    search = LedgerAsOfFilter(request.GET, issuer=request.user.unit, as_of=as_of)
    then = visible_messages(request.user, **search.criteria()).filter(created_at__lte=as_of.at)
    table = LedgerAsOfTable(then, at=as_of.at, decided=deliveries_decided_after(as_of.at))
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    return render(request, "reminders/ledger_as_of.html", {"filter": search, "table": table, "as_of": as_of})
