"""Reminders, for the office: the ledger, what comes next, what is in doubt."""

from collections import Counter, defaultdict
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_tables2 import RequestConfig

from tasks_app.clock import local_date
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.calendar.queries import missing_years, office_hours, working_calendar
from tasks_app.domain.reminders import actions, queries
from tasks_app.domain.reminders.kinds.kind import Kind
from tasks_app.domain.reminders.ladder import rung_words
from tasks_app.domain.reminders.people import units_without_recipient
from tasks_app.domain.reminders.queries import Draft
from tasks_app.domain.reminders.rungs import rung_label
from tasks_app.forms.as_of import read_as_of
from tasks_app.forms.reminders import LedgerFilter
from tasks_app.tables.reminders import DoubtfulTable, LedgerTable

from .ledger_as_of import ledger_as_of
from .middleware import Request
from .moves import make_move
from .permissions import requires


@require_safe
@requires(Permission.SEND_REMINDER)
def reminders(request: Request) -> HttpResponse:
    """Show what was sent and what became of it; above it what a person has to look after.

    `?as_of=` is a past moment.
    """
    as_of = read_as_of(request.GET.get("as_of", ""), now=request.now)
    if as_of.is_past:
        return ledger_as_of(request, as_of)
    search = LedgerFilter(request.GET, issuer=request.user.unit)
    ledger = LedgerTable(queries.visible_messages(request.user, **search.criteria()))
    RequestConfig(request, paginate={"per_page": 50}).configure(ledger)
    doubtful = DoubtfulTable(queries.doubtful_deliveries(request.user), prefix="doubt-")
    RequestConfig(request, paginate={"per_page": 20}).configure(doubtful)
    context = {
        "as_of": as_of,
        "filter": search,
        "table": ledger,
        "doubtful": doubtful,
        "without_recipient": list(units_without_recipient(request.user.unit, local_date(request.now))),
    }
    return render(request, "reminders/ledger.html", context)


@require_safe
@requires(Permission.SEND_REMINDER)
def coming(request: Request) -> HttpResponse:
    """Show who will get what on the next ten working days if nobody files meanwhile."""
    calendar = working_calendar()
    days = queries.coming_messages(request.user.unit, request.now, calendar)
    context = {
        "days": [{"day": day, "groups": _grouped(drafts)} for day, drafts in days],
        "today": local_date(request.now),
        "hours": office_hours(),
        "missing_years": missing_years(local_date(request.now), calendar),
    }
    return render(request, "reminders/coming.html", context)


def _names(draft: Draft) -> str:
    return "、".join(f"{person.name}{'' if person.email else '·仅站内'}" for person in draft.recipients)


def _grouped(drafts: list[Draft]) -> list[dict[str, Any]]:
    """Return the units that get the same on one day together."""
    groups: dict[tuple[tuple[tuple[str, int, Kind], int], ...], list[Draft]] = defaultdict(list)
    for draft in drafts:
        reasons = Counter((one.obligation.title, one.offset, one.obligation.kind) for one in draft.due)
        groups[(*reasons.items(),)].append(draft)
    return [
        {
            "rungs": [
                {
                    "title": title,
                    "label": rung_label(offset),
                    "words": rung_words(offset, kind),
                    "units": units,
                }
                for (title, offset, kind), units in reasons
            ],
            "reached": [(draft.unit_name, _names(draft)) for draft in members if draft.recipients],
            "unreached": [draft.unit_name for draft in members if not draft.recipients],
        }
        for reasons, members in groups.items()
    ]


@require_POST
@requires(Permission.SEND_REMINDER)
def decide(request: Request, pk: int) -> HttpResponse:
    """Send a doubtful delivery again, or take it for sent."""
    delivery = get_object_or_404(queries.visible_deliveries(request.user), pk=pk)
    resend = request.POST.get("decision") == "resend"
    act, done = actions.treat_as_sent, "已登记。"
    if resend:
        act, done = actions.resend, "已排入重发，下一个发送时段发出。"
    lead = f"{delivery.message.unit.name} {delivery.user.name}："
    return make_move(request, act, delivery.pk, done=done, lead=lead, back=reverse("reminders"))
