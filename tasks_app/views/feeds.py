"""Calendar subscription: the file behind the private link, and the page on which a unit looks after its link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasks_app.clock import local_date
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.feeds import actions, queries
from tasks_app.domain.feeds.rules import link_token

from .middleware import Request
from .moves import make_move
from .permissions import requires

# A version that cannot be one: what is posted without it never fits the link there is.
NO_VERSION = 0
LONGEST_VERSION = 9  # digits


@login_not_required
@require_safe
def file(request: Request, token: str) -> HttpResponse:
    """The limits of one unit, for calendar programs; whoever has the link is let in, and nobody else."""
    feed = queries.feed_behind(token)
    if feed is None:
        raise Http404
    content = queries.feed_file(feed, site_url=_site(request), at=request.now)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="limits.ics"'
    response["Cache-Control"] = "private, no-store"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SUBSCRIBE)
def calendar_feed(request: Request) -> HttpResponse:
    """Show the unit's link, how to subscribe, and what will be in the calendar; make the link."""
    if request.method == "POST":
        actions.make_feed(by=request.user, at=request.now)
        messages.success(request, "已生成订阅链接，请复制到日历程序中。")
        return redirect("calendar_feed")
    feed = queries.feed_of(request.user.unit)
    link = _site(request) + reverse("calendar_feed_file", args=[link_token(feed)]) if feed else ""
    limits = queries.limits_of(request.user.unit, request.now)
    context = {"feed": feed, "link": link, "limits": limits, "today": local_date(request.now)}
    return render(request, "feeds/calendar_feed.html", context)


@require_POST
@requires(Permission.SUBSCRIBE)
def replace(request: Request) -> HttpResponse:
    """Give the unit another link; the one before opens nothing any more."""
    done = "已更换订阅链接，原链接已失效。请用新链接重新订阅，并删除原来的订阅。"
    back = reverse("calendar_feed")
    return make_move(request, actions.replace_link, _version(request), done=done, back=back)


@require_POST
@requires(Permission.SUBSCRIBE)
def stop(request: Request) -> HttpResponse:
    """End the link without another one."""
    done, back = "已停用日历订阅，链接已失效。", reverse("calendar_feed")
    return make_move(request, actions.stop_feed, _version(request), done=done, back=back)


def _site(request: HttpRequest) -> str:
    """Return where people reach this server, as they did just now."""
    return request.build_absolute_uri("/").removesuffix("/")


def _version(request: Request) -> int:
    """Return which link the person saw."""
    text = request.POST.get("version", "")
    is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST_VERSION
    return int(text) if is_number else NO_VERSION
