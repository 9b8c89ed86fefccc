"""A closed unit is marked wherever it stands: in lists, boxes, sentences, letters and exports; not in what is past."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.exports.queries import period_annex
from tasks_app.domain.mergers.actions import merge_unit
from tasks_app.domain.reminders.actions import compose_reminders
from tasks_app.domain.reporting import actions as reporting
from tasks_app.domain.units.actions import set_active
from tasks_app.models import Message, Report
from tests.escalation_stage import LATE, bring_to, on

WORDS = {
    "progress": "专班已组建。",
    "forecast": "年底完成。",
    "status": "behind",
    "cause": "funds",
    "outlook": "hard",
    "remarks": "",
}


@pytest.fixture
def closed(period, people, units, at) -> Report:
    """三元区 has filed and is closed; 将乐县 has a 督查单 and is merged into 市财政局."""
    load_official_days([2024], by=None, at=at)
    reporting.open_due_periods(at=at)
    report = Report.objects.get(unit=people.other_filler.unit)
    for entry in report.entries.all():
        reporting.save_entry(report.pk, entry.pk, values=WORDS, version=0, by=people.other_filler, at=at)
    reporting.submit_report(report.pk, by=people.other_filler, at=at)
    bring_to("issued", Report.objects.get(unit=people.filler.unit), people)
    set_active(report.unit, False, by=people.admin, at=LATE)
    into = {"basis": "明委编〔2024〕9号", "with_people": False, "by": people.admin, "at": LATE}
    merge_unit(people.filler.unit_id, units["市财政局"], **into)
    return report


def words(html: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]*>", "", html))


def main(client, name: str, *args) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode().split("<main")[1]


def options(html: str) -> set[str]:
    return {words(option) for option in re.findall(r"<option[^>]*>.*?</option>", html, re.DOTALL)}


@pytest.mark.parametrize("name", ["review_queue", "matrix", "audit"])
def test_it_is_marked_in_lists(closed, people, login, name):
    reader = people.auditor if name == "audit" else people.office
    assert "三元区（已停用）" in words(main(login(reader, LATE), name))


@pytest.mark.parametrize("name", ["people", "audit"])
def test_it_is_marked_in_boxes_beside_those_in_use(closed, people, login, name):
    reader = people.auditor if name == "audit" else people.admin
    found = options(main(login(reader, LATE), name))
    assert {"三元区（已停用）", "将乐县（已并入他单位）", "市财政局"} <= found
    assert not {"三元区", "将乐县"} & found


def test_it_is_marked_on_the_page_of_its_report_and_in_the_export(closed, people, login, period):
    assert "三元区（已停用）·2024年上半年" in words(
        main(login(people.office, LATE), "review_report", closed.pk)
    )
    heads = [
        item.progress.partition("：")[0]
        for block in period_annex(period, at=LATE).blocks
        for item in block.items
    ]
    assert "三元区（未达序时，已停用）" in heads


def test_it_is_marked_in_the_offices_letter(closed, city):
    at = on(date(2024, 8, 5))
    compose_reminders(at=at)
    assert (
        "三元区（已停用）2024年上半年填报，已报送，等候审阅"
        in Message.objects.get(unit=city, day=at.date()).body
    )


def test_a_receipt_says_the_name_as_it_was(closed, people, login):
    submission = closed.submissions.get()
    page = words(
        main(
            login(people.other_filler, LATE + timedelta(minutes=1)),
            "report_receipt",
            closed.pk,
            submission.receipt,
        )
    )
    assert "填报单位三元区" in page
    assert "已停用" not in page
