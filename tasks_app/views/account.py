"""The account pages: log-in and its lock, log-out, password, one's own profile."""

from datetime import timedelta
from ipaddress import ip_address
from math import ceil
from typing import Any

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tasks_app.domain.access import actions, queries
from tasks_app.domain.moves import Refused
from tasks_app.forms.account import LoginForm, NewPasswordForm, ProfileForm

from .middleware import Request

require_page = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_page
def login(request: Request) -> HttpResponse:
    """Let a person in, and write down whoever was not."""
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = LoginForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        address = client_address(request)
        if form.is_valid():
            auth.login(request, form.get_user())
            actions.record_login(form.get_user(), address=address, at=request.now)
            return redirect(_next(request))
        if {"username", "password"} <= form.cleaned_data.keys():
            actions.record_failed_login(
                form.cleaned_data["username"],
                locked=bool(getattr(request, "axes_failures_since_start", None)) and request.axes_locked_out,
                address=address,
                at=request.now,
            )
    return render(request, "account/login.html", {"form": form, "next": request.GET.get("next", "")})


def locked_out(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any]) -> HttpResponse:
    """429: too many failed log-ins from this address for this account, known or not; says how long."""
    # The lock counts on the machine's clock, whatever day a demonstration shows.
    now = timezone.now()
    until = queries.locked_until(credentials["username"], at=now, address=client_address(request))
    minutes = max(1, ceil((until - now) / timedelta(minutes=1))) if until else 1
    return render(request, "account/locked.html", {"minutes": minutes}, status=429)


def client_address(request: HttpRequest) -> str | None:
    """Return the address the request came from; behind our proxy the one that it wrote last."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rpartition(",")[2].strip()
    try:
        return str(ip_address(address))
    except ValueError:  # a Unix socket has none
        return None


@require_POST
def logout(request: Request) -> HttpResponse:
    """End the session."""
    actions.record_logout(request.user, at=request.now)
    auth.logout(request)
    messages.success(request, "您已退出登录。")
    return redirect("login")


@sensitive_post_parameters()
@never_cache
@require_page
def password_change(request: Request) -> HttpResponse:
    """Let people set their own password; this session stays, all others of the account end."""
    form = NewPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.change_password(
                request.user, form.cleaned_data["new_password1"], by=request.user, at=request.now
            )
        except Refused as rejected:
            form.add_error("new_password1", rejected.sentences)
        else:
            auth.update_session_auth_hash(request, person)
            messages.success(request, "密码已修改。您在其他电脑上的登录已全部退出。")
            return redirect("home")
    return render(request, "account/password.html", {"form": form})


@require_page
def profile(request: Request) -> HttpResponse:
    """Show one's own account and let the name, telephone and e-mail be corrected."""
    # The form writes what was typed into its instance: not into the person of the page's frame.
    form = ProfileForm(request.POST or None, instance=queries.account_of(request.user))
    if request.method == "POST" and form.is_valid():
        actions.update_profile(request.user, by=request.user, at=request.now, **form.cleaned_data)
        messages.success(request, "已保存。")
        return redirect("profile")
    return render(request, "account/profile.html", {"form": form})


def _next(request: HttpRequest) -> str:
    """Return where the person wanted to go, if that is on this server; else the home page."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else "home"
