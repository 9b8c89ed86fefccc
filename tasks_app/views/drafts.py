"""Official documents: drafts (代拟稿) to take away, and the templates that the office can replace."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tasks_app.choices import DocumentKind
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.drafts import actions, queries
from tasks_app.domain.drafts.placeholders import PLACEHOLDERS
from tasks_app.domain.drafts.rules import INTERVIEW_KINDS, NOTICE_KINDS, template_name
from tasks_app.domain.escalation.candidates import candidate_of
from tasks_app.forms.drafts import TemplateForm

from .downloads import DOCX, download_of
from .middleware import Request
from .moves import taken
from .permissions import requires

MAY = Permission.DRAFT_DOCUMENTS


@requires(MAY)
@require_safe
def of_notice(request: Request, pk: int, kind: str) -> HttpResponse:
    """Send 督查单, or 提醒函 about its matter."""
    chosen = _kind(kind, NOTICE_KINDS)
    notice = get_object_or_404(queries.draftable_notices(request.user), pk=pk)
    return _sent(request, actions.draft_of_notice, notice, chosen)


@requires(MAY)
@require_safe
def of_interview(request: Request, pk: int, kind: str) -> HttpResponse:
    """Send 约谈通知书, 约谈记录 or 整改清单."""
    chosen = _kind(kind, INTERVIEW_KINDS)
    interview = get_object_or_404(queries.draftable_interviews(request.user), pk=pk)
    return _sent(request, actions.draft_of_interview, interview, chosen)


@requires(MAY)
@require_safe
def call(request: Request, pk: int) -> HttpResponse:
    """Send 催报通知 to one unit about all that it did not file."""
    unit = get_object_or_404(queries.draftable_units(request.user), pk=pk)
    return _sent(request, actions.draft_call, unit)


@requires(MAY)
@require_safe
def letter(request: Request, thing: str) -> HttpResponse:
    """Send 提醒函 about what the program suggests."""
    candidate = candidate_of(request.user.unit, thing, request.now)
    if candidate is None:
        raise Http404
    return _sent(request, actions.draft_letter, candidate)


@requires(MAY)
@require_safe
def documents(request: Request) -> HttpResponse:
    """List the six documents and the template of each that is in force."""
    return render(request, "drafts/documents.html", {"places": queries.places(request.user.unit)})


@requires(MAY)
@require_http_methods(["GET", "HEAD", "POST"])
def document(request: Request, kind: str) -> HttpResponse:
    """Show what a template of this document can fill in; take the office's own one."""
    chosen, issuer = _kind(kind), request.user.unit
    form = TemplateForm(request.POST, request.FILES) if request.method == "POST" else TemplateForm()
    problems: list[str] = []
    if form.is_valid():
        file = form.cleaned_data["file"]
        act = partial(actions.replace_template, issuer=issuer, name=file.name, data=file.read())
        _, problems = taken(request, None, act, chosen)
        if not problems:
            messages.success(request, f"检查通过，{chosen.label}已改用“{file.name}”。")
            return redirect("document", kind=kind)
    place = next(place for place in queries.places(issuer) if place.kind is chosen)
    context = {"place": place, "form": form, "problems": problems, "placeholders": PLACEHOLDERS[chosen]}
    return render(request, "drafts/document.html", context)


@requires(MAY)
@require_safe
def template(request: Request, kind: str) -> HttpResponse:
    """Send the template in force, to be changed and handed in again."""
    chosen = _kind(kind)
    content = queries.template_in_force(request.user.unit, chosen)
    return _send(actions.DraftDocument(template_name(chosen), content))


@requires(MAY)
@require_safe
def sample(request: Request, kind: str) -> HttpResponse:
    """Send the document as the template in force makes it of sample values."""
    return _sent(request, actions.sample_draft, _kind(kind))


@requires(MAY)
@require_POST
def restore(request: Request, kind: str) -> HttpResponse:
    """Put the program's own template in force again."""
    chosen = _kind(kind)
    if actions.restore_template(chosen, issuer=request.user.unit, by=request.user, at=request.now):
        messages.success(request, f"{chosen.label}已恢复使用系统自带的模板。")
    else:
        messages.info(request, f"{chosen.label}用的就是系统自带的模板。")
    return redirect("document", kind=kind)


def _kind(value: str, allowed: Collection[DocumentKind] = tuple(DocumentKind)) -> DocumentKind:
    if value not in allowed:
        raise Http404
    return DocumentKind(value)


def _sent(request: Request, draft: Callable[..., actions.DraftDocument], *about: Any) -> HttpResponse:
    """Send a draft; or say why there is none, on the page where it was asked for."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure()):
        page = reverse("documents")
    made, sentences = taken(request, None, draft, *about)
    if not sentences:
        return _send(made)
    messages.error(request, "".join(sentences))
    return redirect(page)


def _send(draft: actions.DraftDocument) -> HttpResponse:
    return download_of(draft.name, draft.content, DOCX)
