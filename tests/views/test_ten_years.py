"""Ten years behind a report: the form, a saving and the review take the same statements as with one year."""

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.past import add_years
from tasks_app.choices import PeriodKind
from tasks_app.domain.reporting import actions
from tasks_app.models import Plan, ProgressEntry, Report, ReportingPeriod

WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}


def statements(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as found:
        work()
    return len(found)


def test_ten_years_take_no_more_statements(period, people, login, at):
    for kind, days in ((PeriodKind.THREE_QUARTERS, 60), (PeriodKind.FULL_YEAR, 120)):
        later = period.due_on + timedelta(days=days)
        ReportingPeriod.objects.create(plan=period.plan, kind=kind, opens_on=later, due_on=later)
    add_years(period.plan, 1, by=people.office)
    actions.open_due_periods(at=at)
    written, read = (
        Report.objects.get(unit=person.unit, period=period) for person in (people.filler, people.other_filler)
    )
    for entry in read.entries.all():
        actions.save_entry(read.pk, entry.pk, values=WORDS, version=0, by=people.other_filler, at=at)
    actions.submit_report(read.pk, by=people.other_filler, at=at)
    entry = written.entries.first()
    filler, office = login(people.filler), login(people.office)

    def save() -> None:
        version = ProgressEntry.objects.get(pk=entry.pk).version
        words = {**WORDS, "progress": f"会商{version}次。", "version": version}
        address = reverse("report_save_entry", args=[written.pk, entry.pk])
        assert "已保存" in filler.post(address, words, headers={"HX-Request": "true"}).content.decode()

    def form() -> None:
        assert "上年填报" in filler.get(reverse("report", args=[written.pk])).content.decode()

    def review() -> None:
        assert "上年填报" in office.get(reverse("review_report", args=[read.pk])).content.decode()

    save()  # the first one differs: it puts the filler's name into the header
    one_year = [statements(work) for work in (form, save, review)]
    add_years(Plan.objects.earliest("year"), 9, by=people.office)
    assert ReportingPeriod.objects.filter(reports__unit=read.unit).count() == 31
    assert [statements(work) for work in (form, save, review)] == one_year
