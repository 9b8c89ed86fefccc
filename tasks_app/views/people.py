"""People, for admins: find, create, edit, close, unlock, and give a new password."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from tasks_app.choices import Role
from tasks_app.domain.access import actions, queries
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.moves import Refused
from tasks_app.domain.units.queries import units_without_filler
from tasks_app.forms.people import NewPersonForm, PeopleFilter, PersonForm
from tasks_app.models import User
from tasks_app.tables.people import PeopleTable

from .middleware import Request
from .moves import make_move, submitted, taken
from .permissions import requires

require_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@requires(Permission.MANAGE_PEOPLE)
def people(request: Request) -> HttpResponse:
    """The list with its search; above it the units that nobody could be written to."""
    search = PeopleFilter(request.GET, user=request.user)
    table = PeopleTable(queries.search_people(request.user, **search.criteria()))
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    context = {"filter": search, "table": table, "without_filler": units_without_filler(request.user)}
    return render(request, "people/people.html", context)


@never_cache
@require_page
@requires(Permission.MANAGE_PEOPLE)
def create(request: Request) -> HttpResponse:
    """A new account; its initial password is shown once, in the answer itself, and stored nowhere."""
    initial = {name: request.GET[name] for name in ("unit", "role") if name in request.GET}
    form = NewPersonForm(request.POST or None, user=request.user, initial=initial)
    if created := submitted(request, form, actions.create_person):
        person, password = created
        return render(request, "people/initial_password.html", {"person": person, "password": password})
    return render(request, "people/create.html", {"form": form})


@require_page
@requires(Permission.MANAGE_PEOPLE)
def edit(request: Request, pk: int) -> HttpResponse:
    """One account: its fields, and what can be done with it."""
    person = _person(request, pk)
    form = PersonForm(request.POST or None, instance=_person(request, pk), user=request.user)
    warning = ""
    if request.method == "POST" and form.is_valid():
        if {"unit", "role"} & set(form.changed_data) and "confirmed" not in request.POST:
            warning = queries.last_of(person)
        try:
            with transaction.atomic():
                actions.update_person(person, **form.cleaned_data, by=request.user, at=request.now)
                if warning:  # nothing else stands against it: say it, and take it at the second time
                    raise Refused(f"{warning}确认调整的，请再次点“保存”。")
        except Refused as rejected:
            form.add_error(None, rejected.sentences)
        else:
            messages.success(request, f"已保存{person.name}的信息。")
            return redirect("people")
    # The lock counts on the machine's clock, whatever day a demonstration shows.
    locked_until = queries.locked_until(person.username, at=timezone.now())
    context = {"form": form, "person": person, "locked_until": locked_until, "is_last": bool(warning)}
    return render(request, "people/edit.html", context)


@never_cache
@require_POST
@requires(Permission.MANAGE_PEOPLE)
def reset_password(request: Request, pk: int) -> HttpResponse:
    """A new initial password, shown once, in the answer itself, and stored nowhere."""
    person = _person(request, pk)
    password, sentences = taken(request, None, actions.reset_password, person)
    if sentences:
        messages.error(request, "".join(sentences))
        return redirect("person_edit", pk=pk)
    return render(request, "people/initial_password.html", {"person": person, "password": password})


@require_POST
@requires(Permission.MANAGE_PEOPLE)
def deactivate(request: Request, pk: int) -> HttpResponse:
    """Close an account; what it means to lose the last of a role is said first and confirmed."""
    person = _person(request, pk)
    if "confirmed" not in request.POST and (warning := queries.last_of(person)):
        context = {"person": person, "warning": warning, "is_filler": person.role == Role.FILLER}
        return render(request, "people/last.html", context)
    return _do(request, pk, actions.deactivate, "已停用{}的账号，该账号不能再登录。")


@require_POST
@requires(Permission.MANAGE_PEOPLE)
def activate(request: Request, pk: int) -> HttpResponse:
    """Open a closed account again."""
    return _do(request, pk, actions.activate, "已恢复{}的账号。")


@require_POST
@requires(Permission.MANAGE_PEOPLE)
def unlock(request: Request, pk: int) -> HttpResponse:
    """Lift the lock after failed log-ins."""
    return _do(request, pk, actions.unlock, "已解除{}的登录锁定。")


def _person(request: Request, pk: int) -> User:
    return get_object_or_404(queries.managed_people(request.user), pk=pk)


def _do(request: Request, pk: int, action: Callable[..., Any], done: str) -> HttpResponse:
    person = _person(request, pk)
    back = reverse("person_edit", args=[pk])
    return make_move(request, action, person, done=done.format(person.name), back=back)
