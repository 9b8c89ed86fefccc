"""The working-day calendar, for admins: a year at a glance, its special days, what is missing."""

from calendar import Calendar
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from django_tables2 import RequestConfig

from tasks_app.choices import DayKind
from tasks_app.clock import WEEKDAYS, local_date
from tasks_app.domain.access.rules import Permission
from tasks_app.domain.calendar import actions, queries
from tasks_app.domain.calendar.rules import is_weekend
from tasks_app.domain.moves import Refused
from tasks_app.forms.calendar import SpecialDayForm
from tasks_app.tables.calendar import SpecialDayTable

from .middleware import Request
from .moves import make_move
from .permissions import requires

EARLIEST, LATEST = 2000, 2100


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_CALENDAR)
def calendar(request: Request) -> HttpResponse:
    """Show one year; take a day, or load the official days of that year."""
    today = local_date(request.now)
    year = _year(request.GET.get("year", ""), today)
    form = SpecialDayForm()
    if request.method == "POST":
        if "load" in request.POST:
            return _load(request, _year(request.POST["load"], today))
        form = SpecialDayForm(request.POST)
        if form.is_valid() and (day := _set(request, form)):
            return _to_year(day.year)
    days = list(queries.special_days(year))
    table = SpecialDayTable(days)
    RequestConfig(request, paginate=False).configure(table)
    context = {
        "year": year,
        "today": today,
        "form": form,
        "table": table,
        "months": _months(year, {day.day: day.kind for day in days}, queries.limits_in(year)),
        "missing_years": queries.missing_years(today, queries.working_calendar()),
        "may_load": year in actions.OFFICIAL_YEARS,
        "weekdays": WEEKDAYS,
    }
    return render(request, "calendar/calendar.html", context)


@require_POST
@requires(Permission.MANAGE_CALENDAR)
def delete(request: Request, pk: int) -> HttpResponse:
    """Take one day out."""
    day = actions.delete_special_day(pk, by=request.user, at=request.now)
    if day is None:
        messages.info(request, "这一天已经被删除了。")
        return redirect("calendar")
    messages.success(request, f"已删除 {day.isoformat()}。")
    return _to_year(day.year)


def _year(text: str, today: date) -> int:
    return int(text) if text.isascii() and text.isdigit() and EARLIEST <= int(text) <= LATEST else today.year


def _to_year(year: int) -> HttpResponse:
    return redirect(f"{reverse('calendar')}?year={year}")


def _load(request: Request, year: int) -> HttpResponse:
    return make_move(
        request,
        actions.load_official_days,
        [year],
        done=lambda added: (
            f"已载入{year}年的放假安排，新增{added}天。" if added else f"{year}年没有需要新增的日期。"
        ),
        back=f"{reverse('calendar')}?year={year}",
    )


def _set(request: Request, form: SpecialDayForm) -> date | None:
    try:
        row = actions.set_special_day(**form.cleaned_data, by=request.user, at=request.now)
    except Refused as refusal:
        form.add_error("day", str(refusal))
        return None
    messages.success(request, f"已登记 {row.day.isoformat()} {row.get_kind_display()}。")
    return row.day


def _months(year: int, kinds: Mapping[date, str], limits: Mapping[date, str]) -> list[dict[str, Any]]:
    """Return for each month its weeks of days, each with its mark: 休, 班 or a limit."""
    return [
        {
            "number": month,
            "weeks": [
                [
                    _day(day, kinds.get(day, ""), limits.get(day, "")) if day.month == month else None
                    for day in week
                ]
                for week in Calendar().monthdatescalendar(year, month)
            ],
        }
        for month in range(1, 13)
    ]


def _day(day: date, kind: str, limit: str) -> dict[str, Any]:
    words = [DayKind(kind).label] if kind else []
    return {
        "number": day.day,
        "date": day,
        "mark": {DayKind.HOLIDAY: "休", DayKind.WORKDAY: "班"}.get(kind, ""),  # type: ignore[call-overload]
        "style": kind or ("weekend" if is_weekend(day) else ""),
        "limit": limit,
        "words": "，".join([*words, *([limit] if limit else [])]),
    }
