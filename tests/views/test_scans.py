"""No busy page reads all reports, entries, submissions or steps there ever were: what it asks grows with a period."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tasks_app.domain.reporting import actions
from tasks_app.models import ProgressEntry, Report

BIG = "report|progressentry|auditevent|submission|reviewnote|measureprogress|indicatorvalue"
WORDS = {
    "progress": "专班已组建。",
    "forecast": "",
    "status": "behind",
    "cause": "funds",
    "outlook": "hard",
    "remarks": "",
}
SCAN = re.compile(rf"(?:SCAN|Seq Scan on) tasks_app_({BIG})\b")
ALIAS = re.compile(r'"(tasks_app_\w+)" (?:AS )?"?([A-Z]\d+)"?')


def scans(sql: str) -> Iterator[str]:
    """Yield the lines of a statement's plan that read one of the big tables from end to end."""
    if not sql.startswith(("SELECT", "UPDATE", "DELETE")):
        return
    aliases = {alias: table for table, alias in ALIAS.findall(sql)}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # it would read a small table whole just because it is small
            cursor.execute("SET LOCAL enable_seqscan = off")
        words = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        cursor.execute(f"{words} {sql}")
        plan = [str(row[-1]) for row in cursor.fetchall()]
    for line in plan:
        named = re.sub(r"\b[A-Z]\d+\b", lambda found: aliases.get(found[0], found[0]), line)
        if SCAN.search(named):
            yield named


@pytest.fixture
def filed(period, people, at) -> Report:
    """三元区's report, submitted; the others are drafts."""
    actions.open_due_periods(at=at)
    report = Report.objects.get(unit=people.other_filler.unit)
    for entry in report.entries.all():
        actions.save_entry(report.pk, entry.pk, values=WORDS, version=0, by=people.other_filler, at=at)
    actions.submit_report(report.pk, by=people.other_filler, at=at)
    return report


@pytest.fixture
def draft(filed, people) -> ProgressEntry:
    return ProgressEntry.objects.select_related("report").filter(report__unit=people.filler.unit).first()


def test_a_scan_is_seen(filed):
    """The proof that the plans are read: a condition that no index serves."""
    assert list(scans("SELECT id FROM tasks_app_progressentry WHERE progress = 'x'"))
    assert not list(scans("SELECT id FROM tasks_app_report WHERE id = 1"))
    if connection.vendor != "sqlite":
        return  # its plans name a table where it has an alias, and an index may serve where it is told to avoid scans
    inner = ProgressEntry.objects.filter(progress="x").values("report")
    with CaptureQueriesContext(connection) as asked:
        list(Report.objects.filter(pk__in=Report.objects.filter(state="x", pk__in=inner).values("pk")))
    assert [line for query in asked for line in scans(query["sql"])]


@pytest.mark.parametrize(
    "name",
    ["home", "matrix", "lagging", "not_filed", "review_queue", "notices", "review_task", "review_report"],
)
def test_no_page_of_the_office_reads_a_table_whole(name, filed, people, login):
    args = {"review_task": [filed.entries.first().task_id], "review_report": [filed.pk]}.get(name, [])
    client = login(people.office)
    address = reverse(name, args=args)
    assert_no_scans(lambda: client.get(address))
    assert_no_scans(lambda: client.get(address, {"as_of": "2024-07-15"}))


def test_no_page_of_a_unit_reads_a_table_whole(draft, people, login):
    client, report = login(people.filler), draft.report
    for name in ("report", "report_check"):
        assert_no_scans(lambda name=name: client.get(reverse(name, args=[report.pk])))
    assert_no_scans(lambda: client.get(reverse("home")))
    box = {**WORDS, "version": draft.version}
    address = reverse("report_save_entry", args=[report.pk, draft.pk])
    assert_no_scans(lambda: client.post(address, box, headers={"HX-Request": "true"}))


def assert_no_scans(work) -> None:
    with CaptureQueriesContext(connection) as asked:
        answer = work()
    assert answer.status_code == 200
    assert {query["sql"]: found for query in asked if (found := list(scans(query["sql"])))} == {}
