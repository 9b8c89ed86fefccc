"""核实 on pages: asked from the review, one entry and nothing more read by the bureau, the answer beside the words."""

import pytest
from django.urls import reverse

from tasks_app.domain.evidence.actions import attach
from tasks_app.domain.reporting.actions import submit_report
from tasks_app.models import Matter
from tests.cast import fill_in

WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}


@pytest.fixture
def filed(report, people, at):
    """三元区's report, submitted: task 1 and 2 say different things, and a file lies with task 1."""
    fill_in(report, people.other_filler, at, words=WORDS)
    entry = report.entries.get(task__number=2)
    entry.progress = "第二项的内容。"
    entry.save()
    first = report.entries.get(task__number=1)
    evidence = {"name": "名单.pdf", "size": 14, "content": b"%PDF-1.7 %%EOF"}
    attach(report.pk, first.pk, **evidence, by=people.other_filler, at=at)
    submit_report(report.pk, by=people.other_filler, at=at)
    return report


@pytest.fixture
def item(filed, people, units, plan, login) -> Matter:
    address = reverse("verification_ask", args=[filed.pk, plan.tasks.get(number=1).pk])
    given = {"addressee": units["市卫健委"].pk, "text": "请核实名单。", "due_on": "2024-07-19"}
    assert login(people.office).post(address, given).url.endswith("#task-1")
    return Matter.objects.get()


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query).content.decode()


def test_the_bureau_reads_the_entry_and_nothing_else_of_the_report(filed, item, people, login):
    client = login(people.bureau_filler)
    assert "请本单位核实" in page(client, "home")
    read = page(client, "verification", item.pk)
    for words in ("三元区", "专班已组建。", "请核实名单。", "第 1 次报送"):
        assert words in read
    for words in (
        "第二项的内容。",
        "名单.pdf",
        "郑小红",
        f"/review/{filed.pk}",
        f"/reports/{filed.pk}",
        "/evidence/",
    ):
        assert words not in read
    attachment = filed.entries.get(task__number=1).attachments.get()
    receipt = filed.submissions.get().receipt
    closed = [
        reverse("review_report", args=[filed.pk]),
        reverse("report", args=[filed.pk]),
        reverse("report_as_of", args=[filed.pk]),
        reverse("report_export", args=[filed.pk]),
        reverse("report_receipt", args=[filed.pk, receipt]),
        reverse("submissions_compare", args=[filed.pk]),
        reverse("evidence_download", args=[attachment.pk]),
        reverse("review_task", args=[item.task_id]),
        reverse("verification_ask", args=[filed.pk, item.task_id]),
        reverse("verification_ask_all", args=[item.task_id]),
    ]
    assert {address: client.get(address).status_code for address in closed} == dict.fromkeys(closed, 404)


def test_others_reach_it_neither_to_read_nor_to_answer(item, people, login):
    for person in (people.other_filler, people.filler, people.leader, people.admin, people.auditor):
        client = login(person)
        assert client.get(reverse("verification", args=[item.pk])).status_code == 404
        answer = {"holds": "yes", "submission": 1}
        assert client.post(reverse("verification_answer", args=[item.pk]), answer).status_code == 404
    item.refresh_from_db()
    assert item.answer is None


def test_the_answer_stands_beside_the_words_that_the_office_judges(filed, item, people, login):
    bureau = login(people.bureau_signer)
    address = reverse("verification_answer", args=[item.pk])
    missing = bureau.post(address, {"submission": 1, "text": "名单不全。"}).content.decode()
    assert "这一格不能空着" in missing
    assert "名单不全。" in missing
    bureau.post(address, {"submission": 1, "holds": "no", "text": "名单不全。"})
    office = login(people.office)
    assert "牵头单位已核实，请核定" in page(office, "home")
    review = page(office, "review_report", filed.pk)
    assert "不符：名单不全。" in review
    note = {"submission": 1, "rating": "behind", "basis": "written"}
    office.post(reverse("review_note", args=[filed.pk, item.task_id]), note)
    item.refresh_from_db()
    assert item.ending is not None
    assert "牵头单位已核实，请核定" not in page(office, "home")
    over = page(bureau, "verification", item.pk)
    assert "专班已组建。" not in over  # what is over shows nothing of the stranger's report


def test_a_task_of_all_units_is_answered_row_by_row(filed, reports, people, units, plan, login, at):
    filler, county = people.filler, reports["将乐县"]
    fill_in(county, filler, at, words=WORDS)
    task = plan.tasks.get(number=1)
    office = login(people.office)
    assert "请牵头单位逐项核实" in page(office, "review_task", task.pk)
    given = {"addressee": units["市卫健委"].pk, "text": "请核实。", "due_on": "2024-07-19"}
    whole = office.post(reverse("verification_ask_all", args=[task.pk]), given)
    bureau = login(people.bureau_filler)
    shown = bureau.get(whole.url).content.decode()
    assert "三元区" in shown
    assert "将乐县" not in shown  # it has not filed
    part = Matter.objects.get(parent__isnull=False)
    answered = bureau.post(reverse("verification_answer", args=[part.pk]), {"submission": 1, "holds": "yes"})
    assert answered.url == whole.url
    assert "逐项核实完毕：属实1项，不符0项。" in page(login(people.office), "verifications", state="answered")
