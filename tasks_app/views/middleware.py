"""Middleware of our own: one reading of the clock, closed doors, nothing kept, clean text, the forced new password."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect, render

from tasks_app import clock
from tasks_app.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]
# Word's own line break, form feed and what Unicode has beside them are line ends.
LINE_ENDS = dict.fromkeys(map(ord, "\x0b\x0c\x85\u2028\u2029"), "\n")
# Control characters, signs without width, signs that turn the reading round.
UNSEEN = dict.fromkeys(
    code
    for first, last in (
        (0x00, 0x08),
        (0x0E, 0x1F),
        (0x7F, 0x84),
        (0x86, 0x9F),
        (0x200B, 0x200B),
        (0x200E, 0x200F),
        (0x202A, 0x202E),
        (0x2060, 0x2060),
        (0x2066, 0x2069),
        (0xFEFF, 0xFEFF),
        (0xFFFE, 0xFFFF),
    )
    for code in range(first, last + 1)
)
SEEN = UNSEEN | LINE_ENDS


class Request(HttpRequest):
    """What a view of ours gets: the clock was read (`now`, aware) and a person is logged in."""

    now: datetime
    user: User


class CompressedPagesMiddleware(GZipMiddleware):
    """Send pages compressed; workbooks, documents and evidence are so already."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        return super().process_response(request, response) if is_page else response


class ClockMiddleware:
    """Give every request one moment, so that a page never straddles midnight."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.now = clock.now()
        return self.get_response(request)


class BodyMiddleware:
    """Answer HEAD as GET would be, without the body: the web servers here would send it along."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "HEAD":
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = ()
            elif isinstance(response, HttpResponse):
                response.setdefault("Content-Length", str(len(response.content)))
                response.content = b""
        return response


class NotKeptMiddleware:
    """Keep no page of somebody logged in on the computer: after 退出 the browser's Back must not show it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and "no-store" not in response.get("Cache-Control", ""):
            response["Cache-Control"] = "private, no-store"
        return response


class LoginMiddleware(LoginRequiredMiddleware):
    """Closed by default.

    A background request gets 401 instead of the log-in page it could not show; a form sent after the session
    ended leads back to the page it was on, not to the address it was sent to, which shows nothing.
    A page that one person opened never acts for another who logged in meanwhile on the same computer.
    """

    def process_view(self, request: HttpRequest, view_func: Callable, *rest: Any) -> HttpResponseBase | None:
        opened_by = request.headers.get("X-Page-User")
        if opened_by is not None and opened_by != str(request.user.pk):
            return HttpResponse(status=401)
        return super().process_view(request, view_func, *rest)

    # The stubs allow only a redirect.
    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable
    ) -> HttpResponse:
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        messages.warning(request, "登录已过期，刚才的操作没有执行。请登录后再试一次。")
        page = urlsplit(request.headers.get("Referer", ""))
        if page.netloc != request.get_host():
            return redirect("login")
        return redirect_to_login(page._replace(scheme="", netloc="").geturl())


class SeenTextMiddleware:
    """Take out of what was typed or asked whatever nobody can see: pasted along from Word or a web page.

    Nobody could find it to delete it, so no form needs to refuse it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Only here, behind the check of the form's token: that one reads what was sent, and answers what is broken."""
        request.GET = _seen(request.GET)
        if request.method == "POST":
            request.POST = _seen(request.POST)


def _seen(sent: QueryDict) -> Any:
    clean = {key: [text.translate(SEEN) for text in texts] for key, texts in sent.lists()}
    if clean == dict(sent.lists()):
        return sent
    made = QueryDict(mutable=True)
    for key, texts in clean.items():
        made.setlist(key, texts)
    made._mutable = False  # as Django leaves it
    return made


class NotAllowedMiddleware:
    """Say in words to whoever is logged in that an address only takes forms; Django answers an empty page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.headers.get("HX-Request"):
            return response
        if not request.user.is_authenticated:  # a program that follows a calendar's link, say
            return response
        page = render(request, "errors/405.html", status=405)
        page["Allow"] = response["Allow"]
        return page


class PasswordChangeMiddleware:
    """Send whoever must change the password to that page, whatever address was asked for."""

    ALLOWED = frozenset({"password_change", "logout", "login", "health", "calendar_feed_file"})

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Request, view: Callable, *_: object) -> HttpResponse | None:
        if not request.user.is_authenticated or not request.user.must_change_password:
            return None
        match = request.resolver_match
        if match is None or match.url_name in self.ALLOWED:
            return None
        return redirect("password_change")
