"""The office's pages: the queue, reading a report, returning, accepting, reopening, rating and noting."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from tasks_app.choices import PeriodKind, ReportState
from tasks_app.domain.reporting import actions
from tasks_app.domain.review import actions as review
from tasks_app.models import Report, ReportingPeriod, ReviewNote

WORDS = {
    "progress": "专班已组建。",
    "forecast": "",
    "status": "behind",
    "cause": "funds",
    "outlook": "hard",
    "remarks": "",
}
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def report(period, people, at) -> Report:
    """三元区's report, submitted."""
    actions.open_due_periods(at=at)
    return fill_and_submit(Report.objects.get(unit=people.other_filler.unit), people, at)


def fill_and_submit(report: Report, people, at, **words) -> Report:
    for entry in report.entries.all():
        actions.save_entry(
            report.pk,
            entry.pk,
            values={**WORDS, **words},
            version=entry.version,
            by=people.other_filler,
            at=at,
        )
    actions.submit_report(report.pk, by=people.other_filler, at=at)
    report.refresh_from_db()
    return report


def return_it(client, report, **reasons):
    address = reverse("review_return", args=[report.pk])
    return client.post(address, {"submission": 1, "overall": "", **reasons}, follow=True)


def text_of(client, name, *args, **query) -> str:
    return client.get(reverse(name, args=args), query).content.decode()


# --- the queue --------------------------------------------------------------------------------------------


def test_the_queue_leads_to_the_report(report, people, login):
    page = text_of(login(people.office), "review_queue")
    assert "待审（1）" in page
    assert reverse("review_report", args=[report.pk]) in page


def test_an_empty_queue_says_so(people, login):
    assert "没有等待审阅的填报" in text_of(login(people.office), "review_queue")


def test_the_office_sees_its_own_lateness_in_a_word(report, people, login, at):
    page = text_of(login(people.office, at=at + timedelta(days=7)), "review_queue")
    assert "5 个工作日" in page
    assert "1 份等待审阅已超过 3 个工作日" in page


def test_the_queue_is_filtered_and_nonsense_filters_nothing(report, people, login, period, units):
    client = login(people.office)
    chosen = {"period": period.pk, "unit": report.unit_id}
    assert "待审（1）" in text_of(client, "review_queue", **chosen)
    assert "待审（0）" in text_of(client, "review_queue", unit=units["将乐县"].pk)
    assert "待审（1）" in text_of(client, "review_queue", unit="x", period="987654321", page="-3")


def test_the_queue_takes_a_fixed_number_of_queries(report, people, login, at, django_assert_num_queries):
    client = login(people.office)
    with django_assert_num_queries(11):
        client.get(reverse("review_queue"))
    make_history(report, people, at)
    with django_assert_num_queries(13):  # of what was filed again it is asked which verdicts still count
        client.get(reverse("review_queue"))


# --- reading ----------------------------------------------------------------------------------------------


def test_the_office_reads_what_was_submitted_and_not_the_draft_after_a_return(report, people, login, at):
    office = login(people.office)
    assert "专班已组建。" in text_of(office, "review_report", report.pk)
    entry = report.entries.first()
    return_it(office, report, **{f"task_{entry.task_id}": "无数据"})
    draft = {**WORDS, "progress": "还没想好"}
    actions.save_entry(
        report.pk, entry.pk, values=draft, version=entry.version, by=people.other_filler, at=at
    )
    page = text_of(login(people.office), "review_report", report.pk)
    assert "还没想好" not in page
    assert "专班已组建。" in page


def test_a_draft_is_invisible_to_office_and_leader(report, people, login):
    draft = Report.objects.filter(state=ReportState.DRAFT).first()
    for person in (people.office, people.leader):
        assert login(person).get(reverse("review_report", args=[draft.pk])).status_code == 404


def test_what_changed_since_the_return_is_marked_in_place(report, people, login, at):
    return_it(login(people.office), report, overall="请补数据")
    fill_and_submit(report, people, at, progress="专班已组建，会商 2 次。")
    page = text_of(login(people.office), "review_report", report.pk)
    assert '<ins><span class="visually-hidden">增加：</span>，会商 2 次</ins>' in page
    assert "退回后有修改" in page


def test_the_last_period_is_what_was_submitted_then_and_never_a_draft(report, people, login, at):
    later = at.replace(month=9, day=2)
    ReportingPeriod.objects.create(
        plan=report.period.plan,
        kind=PeriodKind.THREE_QUARTERS,
        opens_on=later.replace(day=1).date(),
        due_on=later.replace(day=25).date(),
    )
    actions.open_due_periods(at=later)
    third = Report.objects.get(unit=report.unit, period__kind=PeriodKind.THREE_QUARTERS)
    fill_and_submit(third, people, later, progress="会商 3 次。", forecast="会商 4 次。")
    return_it(login(people.office, at=later), report, overall="请补数据")
    entry = report.entries.first()
    draft = {**WORDS, "progress": "改到一半的草稿"}
    actions.save_entry(
        report.pk, entry.pk, values=draft, version=entry.version, by=people.other_filler, at=later
    )
    page = text_of(login(people.office, at=later), "review_report", third.pk)
    assert "上期填报（上半年）" in page
    assert "专班已组建。" in page
    assert "改到一半的草稿" not in page


def make_history(report, people, at):
    """Nine returns and resubmissions, notes to each, and the year before."""
    for number in range(1, 10):
        moment = at + timedelta(minutes=number)
        task = report.entries.first().task_id
        review.write_note(
            report.pk, task, submission=number, rating="done", text="好", by=people.office, at=moment
        )
        review.return_report(
            report.pk, submission=number, reasons={None: "再改"}, by=people.office, at=moment
        )
        fill_and_submit(report, people, moment, progress=f"第{number}次修改。")
    plan = report.period.plan
    plan.pk, plan.year = None, 2023
    plan.save()
    for kind, month in ((PeriodKind.FIRST_HALF, 7), (PeriodKind.FULL_YEAR, 11)):
        day = at.replace(year=2023, month=month).date()
        period = ReportingPeriod.objects.create(plan=plan, kind=kind, opens_on=day, due_on=day)
        old = Report.objects.create(period=period, unit=report.unit, due_on=day)
        for entry in report.entries.all():
            old.entries.create(task=entry.task, progress="旧", status="done")
        old.filler_name = old.filler_phone = "x"
        old.save()
        actions.submit_report(old.pk, by=people.other_filler, at=at)


def test_reading_takes_a_fixed_number_of_queries(report, people, login, at, django_assert_num_queries):
    client = login(people.office)
    address = reverse("review_report", args=[report.pk])
    with django_assert_num_queries(15):
        client.get(address)
    make_history(report, people, at)
    with django_assert_num_queries(16):  # one more: what the first submission is compared with was returned
        client.get(address)


# --- returning, accepting, reopening ----------------------------------------------------------------------


def test_the_unit_sees_the_reason_beside_the_box(report, people, login):
    entry = report.entries.first()
    answer = return_it(login(people.office), report, **{f"task_{entry.task_id}": "缺少数据，请补充"})
    assert "已退回三元区，请其于 7月25日 前重新报送" in answer.content.decode()
    page = text_of(login(people.other_filler), "report", report.pk)
    assert "缺少数据，请补充" in page
    assert "data-autosave" in page


def test_a_category_alone_returns_an_entry(report, people, login):
    entry = report.entries.first()
    return_it(login(people.office), report, **{f"category_{entry.task_id}": "no_next_step"})
    report.refresh_from_db()
    assert report.state == ReportState.RETURNED
    assert "未写下一步" in text_of(login(people.office), "review_report", report.pk)


def test_a_return_without_reason_keeps_the_page_and_says_so(report, people, login):
    answer = return_it(login(people.office), report)
    assert "退回必须写明理由" in answer.content.decode()
    report.refresh_from_db()
    assert report.state == ReportState.SUBMITTED


def test_too_long_a_reason_is_kept_and_refused(report, people, login):
    words = "长" * 1001
    answer = return_it(login(people.office), report, overall=words)
    assert "没有退回" in answer.content.decode()
    assert words in answer.content.decode()


def test_accepting_and_opening_again(report, people, login):
    client = login(people.office)
    answer = client.post(reverse("review_accept", args=[report.pk]), {"submission": 1}, follow=True)
    assert "已采纳" in answer.content.decode()
    report.refresh_from_db()
    assert report.state == ReportState.ACCEPTED
    address = reverse("review_reopen", args=[report.pk])
    assert "请写明理由" in client.post(address, {"submission": 1}, follow=True).content.decode()
    answer = client.post(address, {"submission": 1, "reason": "省里要求补数"}, follow=True)
    assert "已重新打开三元区2024年上半年的填报，请该单位于 7月25日 前重新报送" in answer.content.decode()
    assert "省里要求补数" in text_of(login(people.other_filler), "report", report.pk)
    answer = login(people.office).post(address, {"submission": 1, "reason": "再来"}, follow=True)
    assert "不能进行这一步" in answer.content.decode()


def test_a_leader_reads_but_does_not_decide(report, people, login):
    review.write_note(
        report.pk,
        report.entries.first().task_id,
        submission=1,
        text="待核",
        is_internal=True,
        by=people.office,
        at=report.submitted_at,
    )
    client = login(people.leader)
    page = text_of(client, "review_report", report.pk)
    assert "退回修改" not in page
    assert "认可自评" not in page
    assert "待核" not in page
    assert client.post(reverse("review_accept", args=[report.pk]), {"submission": 1}).status_code == 404
    assert return_it(client, report, overall="x").status_code == 404


def test_the_question_stands_beside_the_words_and_in_the_queue(report, people, login, at):
    for entry in report.entries.all():
        entry.measures.create(measure=entry.task.measures.first(), state="done")
    client = login(people.office)
    return_it(client, report, overall="请核对")
    actions.submit_report(report.pk, by=people.other_filler, at=at)
    text = text_of(client, "review_report", report.pk)
    question = "各项措施都已完成，状态却是“未达序时”，请核对或说明。"
    assert f"</span>{question}" in text
    assert f'data-ask="{question}"' in text
    assert "单位没有说明。" in text
    assert "已核定 0 / 2 项，待核 1 项" in text
    assert "只看退回和有修改的（2）" in text
    assert "data-ask" not in text_of(login(people.leader), "review_report", report.pk)
    [row] = re.findall(r"<tr>\s*<th scope=\"row\".*?</tr>", text_of(client, "review_queue"), re.DOTALL)
    assert "滞后 2 待核 1" in " ".join(re.sub("<[^>]+>", " ", row).split())
    assert "待核 <a" in text_of(client, "home")
    assert "cell-warn cell-doubt" in text_of(client, "matrix")


def test_the_next_report_follows(report, people, login, at):
    other = Report.objects.get(unit=people.filler.unit)
    for entry in other.entries.all():
        actions.save_entry(other.pk, entry.pk, values=WORDS, version=0, by=people.filler, at=at)
    actions.request_signature(other.pk, by=people.filler, at=at)
    actions.submit_report(other.pk, by=people.signer, at=at + timedelta(minutes=1))
    client = login(people.office, at=at + timedelta(hours=1))
    accept = {"submission": 1}
    following = client.post(reverse("review_accept", args=[report.pk]), accept, follow=True)
    assert following.redirect_chain == [(reverse("review_report", args=[other.pk]), 302)]
    assert "已采纳三元区2024年上半年的填报" in following.content.decode()
    last = client.post(reverse("review_accept", args=[other.pk]), accept, follow=True)
    assert last.redirect_chain == [(reverse("review_queue"), 302)]


# --- ratings and notes ------------------------------------------------------------------------------------


def judge(client, report, *, htmx=True, **given):
    address = reverse("review_note", args=[report.pk, report.entries.first().task_id])
    return client.post(address, {"submission": 1, **given}, **(HTMX if htmx else {}))


def test_approving_an_entry_answers_with_its_part_of_the_page(report, people, login):
    part = judge(login(people.office), report, rating="behind").content.decode()
    assert "已核定 1 / 2 项" in part
    assert "<html" not in part
    assert "与单位自评不同" not in part


def test_another_rating_is_shown_beside_the_units_own(report, people, login, period):
    client = login(people.office)
    assert "与单位自评不同" in judge(client, report, rating="not_started").content.decode()
    matrix = text_of(client, "matrix")
    assert "cell-bad cell-rated" in matrix  # the verdict leads
    assert "未启动；自评：未达序时，市医改办核定：未启动" in matrix


def test_its_unit_reads_which_submission_a_verdict_judged(report, people, login, at):
    client = login(people.office)
    judge(client, report, rating="not_started")
    return_it(client, report, overall="请核对")
    form = login(people.other_filler).get(reverse("report", args=[report.pk])).content.decode()
    assert "市医改办对第 1 次报送的核定：" in form
    assert "现在自评：" in form


def test_who_may_read_a_note_must_be_chosen(report, people, login):
    client = login(people.office)
    part = judge(client, report, text="请核对<人次>").content.decode()
    assert "请选择意见给谁看" in part
    assert "请核对&lt;人次&gt;" in part  # nothing typed is lost
    assert not ReviewNote.objects.exists()
    judge(client, report, text="请核对", audience="unit")
    judge(client, report, text="存疑", audience="office")
    assert list(ReviewNote.objects.values_list("text", "is_internal")) == [("请核对", False), ("存疑", True)]


def test_the_unit_reads_no_internal_note_anywhere(report, people, login):
    client = login(people.office)
    judge(client, report, text="存疑待核", audience="office")
    unit = login(people.other_filler)
    for name in ("report", "submissions_compare"):
        assert "存疑待核" not in text_of(unit, name, report.pk)


def test_without_script_a_note_leads_back_to_its_entry(report, people, login):
    answer = judge(login(people.office), report, htmx=False, rating="done")
    assert answer.headers["Location"] == f"{reverse('review_report', args=[report.pk])}#task-1"


def test_a_note_to_an_entry_that_is_not_there_is_not_found(report, people, login):
    address = reverse("review_note", args=[report.pk, 987654])
    assert login(people.office).post(address, {"submission": 1, "rating": "done"}).status_code == 404


@pytest.mark.parametrize("htmx", [{"HX-Request": "true"}, {}])
def test_a_rating_stays_in_its_box_when_the_note_beside_it_is_refused(report, people, login, htmx):
    entry = report.entries.first()
    sent = {"submission": 1, "rating": "not_started", "text": "请补佐证", "audience": ""}
    answer = login(people.office).post(
        reverse("review_note", args=[report.pk, entry.task_id]), sent, headers=htmx
    )
    page = answer.content.decode()
    assert "核定和意见都没有保存：请选择意见给谁看。" in page
    part = page[page.index(f'id="judged-{entry.task_id}"') :]
    part = part[: part.index("</fieldset>")]
    assert '<option value="not_started" selected>' in part
    assert "请补佐证</textarea>" in part
    assert not report.notes.exists()
