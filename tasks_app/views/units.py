"""Units, for admins: the tree, a new county or bureau, names and aliases, closing."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from tasks_app.domain.access.queries import managed_units
from tasks_app.domain.access.rules import REPORTING_KINDS, Permission
from tasks_app.domain.mergers.actions import merge_unit
from tasks_app.domain.mergers.queries import ties_of
from tasks_app.domain.units import actions
from tasks_app.domain.units.queries import units_with_people
from tasks_app.forms.units import MergeForm, NewUnitForm, UnitForm
from tasks_app.models import Unit
from tasks_app.tables.units import UnitsTable

from .middleware import Request
from .moves import make_move, submitted
from .permissions import requires

require_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@requires(Permission.MANAGE_UNITS)
def units(request: Request) -> HttpResponse:
    """The admin's own unit and all below it."""
    table = UnitsTable(units_with_people(request.user))
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    return render(request, "units/units.html", {"table": table})


@require_page
@requires(Permission.MANAGE_UNITS)
def create(request: Request) -> HttpResponse:
    """A new county or bureau below the admin's own unit."""
    form = NewUnitForm(request.POST or None)
    if unit := submitted(request, form, partial(actions.create_unit, parent=request.user.unit)):
        messages.success(request, f"已新增“{unit.name}”。请为它新建填报员账号。")
        return redirect("units")
    return render(request, "units/create.html", {"form": form})


@require_page
@requires(Permission.MANAGE_UNITS)
def edit(request: Request, pk: int) -> HttpResponse:
    """One unit: its names, and closing it."""
    unit = _unit(request, pk)
    form = UnitForm(request.POST or None, instance=_unit(request, pk))
    if submitted(request, form, actions.update_unit, unit) is not None:
        messages.success(request, f"已保存“{form.cleaned_data['name']}”。")
        return redirect("units")
    context = {"form": form, "unit": unit, "can_close": unit.kind in REPORTING_KINDS}
    return render(request, "units/edit.html", context)


@require_page
@requires(Permission.MANAGE_UNITS)
def close(request: Request, pk: int) -> HttpResponse:
    """What hangs on a unit, and into which other it is merged; or it is closed without a successor."""
    unit = get_object_or_404(managed_units(request.user).in_use(), pk=pk, kind__in=REPORTING_KINDS)
    form = MergeForm(request.POST or None, unit=unit)
    if submitted(request, form, merge_unit, unit.pk) is not None:
        into = form.cleaned_data["successor"]
        messages.success(request, f"已停用“{unit.name}”，由“{into.name}”接续。")
        return redirect("unit_edit", pk=into.pk)
    context = {"unit": unit, "form": form, "sentences": ties_of(unit, request.now).sentences()}
    return render(request, "units/close.html", context)


@require_POST
@requires(Permission.MANAGE_UNITS)
def deactivate(request: Request, pk: int) -> HttpResponse:
    """Close a unit."""
    return _set_active(request, pk, False)


@require_POST
@requires(Permission.MANAGE_UNITS)
def activate(request: Request, pk: int) -> HttpResponse:
    """Open a closed unit again."""
    return _set_active(request, pk, True)


def _unit(request: Request, pk: int) -> Unit:
    return get_object_or_404(managed_units(request.user), pk=pk)


def _set_active(request: Request, pk: int, is_active: bool) -> HttpResponse:
    unit = _unit(request, pk)
    done = f"已{'恢复' if is_active else '停用'}“{unit.name}”。"
    return make_move(
        request, actions.set_active, unit, is_active, done=done, back=reverse("unit_edit", args=[pk])
    )
