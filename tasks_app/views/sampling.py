"""Samples (抽查): those drawn, one with its entries and figures of its own, and the drawing."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tasks_app.domain.access.queries import visible_periods
from tasks_app.domain.access.rules import Permission, may
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.lagging.rules import agreement_counts
from tasks_app.domain.sampling import actions, queries
from tasks_app.domain.sampling.rules import MOST
from tasks_app.forms.sampling import DrawForm

from .middleware import Request
from .moves import make_move
from .permissions import requires


@requires(Permission.READ_OVERVIEW)
def samples(request: Request) -> HttpResponse:
    """List the samples of the city, and offer to draw another."""
    draws = may(request.user, Permission.REVIEW_REPORT)
    context = {
        "samples": queries.visible_samples(request.user),
        "form": _form(request) if draws else None,
    }
    return render(request, "sampling/samples.html", context)


@requires(Permission.READ_OVERVIEW)
def sample(request: Request, pk: int) -> HttpResponse:
    """Show what was drawn, by which seed, and how the office's verdicts compare with the units' own words."""
    sample = get_object_or_404(queries.visible_samples(request.user), pk=pk)
    drawn = queries.drawn_of(sample, at=request.now, calendar=working_calendar())
    counts = agreement_counts(each.standing for each in drawn)
    context = {
        "sample": sample,
        "drawn": drawn,
        "counts": [(agreement.label, number) for agreement, number in counts.items()],
        "open": len(drawn) - sum(counts.values()),
    }
    return render(request, "sampling/sample.html", context)


@requires(Permission.REVIEW_REPORT)
@require_POST
def draw(request: Request) -> HttpResponse:
    """Draw a sample and show it."""
    return make_move(
        request,
        actions.draw,
        form=_form(request, request.POST),
        done="已抽取。",
        wrong=f"没有抽取：请选择填报期，抽取项数填 1 到 {MOST}，种子不超过 32 个字。",
        back=lambda sample: reverse("sample", args=[sample.pk]),
        instead=reverse("samples"),
    )


def _form(request: Request, data: QueryDict | None = None) -> DrawForm:
    periods = visible_periods(request.user).filter(opened_at__isnull=False).order_by("-plan__year", "-due_on")
    return DrawForm(data, periods=periods)
