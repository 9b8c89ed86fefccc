"""The unit's pages: what it owes, the form, saving, checking, submitting, the receipt."""

from functools import partial

import pytest
from django.urls import reverse

from tasks_app.choices import ReportState
from tasks_app.domain.reporting import actions
from tasks_app.models import ProgressEntry
from tests.cast import fill_in

WORDS = {"progress": "专班已组建。", "forecast": "", "status": "on_track", "remarks": ""}
fill = partial(fill_in, words=WORDS)


def save(client, report, entry, htmx=True, **values):
    address = reverse("report_save_entry", args=[report.pk, entry.pk])
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(address, {**WORDS, "version": entry.version, **values}, headers=headers)


def test_home_tells_what_is_owed_and_until_when(report, people, login):
    page = login(people.other_filler).get(reverse("home")).content.decode()
    assert "2024年7月25日" in page
    assert "还有8个工作日（10天）" in page
    assert "共 2 项任务，已填 0 项" in page
    assert "开始填报" in page


def test_the_filler_is_told_why_the_signer_gave_the_report_back(report, signed_report, people, login, at):
    pages = [
        reverse("home"),
        reverse("report", args=[signed_report.pk]),
        reverse("report_check", args=[signed_report.pk]),
    ]

    def told() -> list[bool]:
        client = login(people.filler)
        return [
            "吴志强 审签时退回修改" in (page := client.get(url).text) and "请补数据" in page for url in pages
        ]

    fill(signed_report, people.filler, at)
    actions.request_signature(signed_report.pk, by=people.filler, at=at)
    actions.refuse_signature(signed_report.pk, reason="请补数据", by=people.signer, at=at)
    assert told() == [True, True, True]
    actions.request_signature(signed_report.pk, by=people.filler, at=at)
    actions.recall_report(signed_report.pk, by=people.filler, at=at)
    assert told() == [False, False, False]


def test_home_is_not_empty_handed_before_anything_is_open(people, login):
    assert "目前没有需要填报的内容" in login(people.other_filler).get(reverse("home")).content.decode()


def test_the_form_holds_every_task_with_its_measures(report, people, login):
    page = login(people.other_filler).get(reverse("report", args=[report.pk])).content.decode()
    for words in (
        "1. 健全三医协同工作机制",
        "① 完善工作专班。",
        "2. 推进健康管护组织建设",
        "严禁填报涉密信息",
    ):
        assert words in page
    assert page.count("data-autosave") == 3  # two tasks and the header


def test_the_form_takes_the_same_queries_for_any_number_of_tasks(
    report, people, login, django_assert_num_queries
):
    client = login(people.other_filler)
    address = reverse("report", args=[report.pk])
    with django_assert_num_queries(21):
        client.get(address)
    ProgressEntry.objects.filter(report=report, task__number=2).delete()
    with django_assert_num_queries(21):
        client.get(address)


def test_another_units_report_does_not_exist_for_me(signed_report, people, login):
    client = login(people.other_filler)
    entry = signed_report.entries.first()
    for name, args in [("report", []), ("report_check", []), ("report_export", [])]:
        assert client.get(reverse(name, args=[signed_report.pk, *args])).status_code == 404
    assert save(client, signed_report, entry).status_code == 404
    assert client.post(reverse("report_submit", args=[signed_report.pk])).status_code == 404


def test_an_entry_of_another_report_cannot_be_saved_through_mine(report, signed_report, people, login):
    foreign = signed_report.entries.first()
    assert save(login(people.other_filler), report, foreign).status_code == 404


def test_saving_answers_with_the_state_and_the_counter(report, people, login):
    answer = save(login(people.other_filler), report, report.entries.first()).content.decode()
    assert "已保存" in answer
    assert "已填好 1 / 2 项" in answer
    assert 'name="version" value="1"' in answer


def test_saving_works_without_script(report, people, login):
    entry = report.entries.first()
    answer = save(login(people.other_filler), report, entry, htmx=False)
    assert answer.url == f"{reverse('report', args=[report.pk])}#task-1"
    entry.refresh_from_db()
    assert entry.progress == WORDS["progress"]


def test_typed_words_are_kept_as_typed(report, people, login):
    entry = report.entries.first()
    words = "  一、完成了：\r\n=1+1 <b>粗</b>  "
    save(login(people.other_filler), report, entry, progress=words)
    entry.refresh_from_db()
    assert entry.progress == "  一、完成了：\n=1+1 <b>粗</b>  "
    page = login(people.other_filler).get(reverse("report", args=[report.pk])).content.decode()
    assert "&lt;b&gt;粗&lt;/b&gt;" in page


def test_a_stale_page_is_told_and_overwrites_nothing(report, people, login, at):
    entry = report.entries.first()
    values = {**WORDS, "progress": "同事的文字"}
    actions.save_entry(report.pk, entry.pk, values=values, version=0, by=people.other_filler, at=at)
    answer = save(login(people.other_filler), report, entry, progress="我的文字").content.decode()
    assert "data-conflict" in answer  # the page's script draws both texts and lets people choose
    assert "还没有保存" in answer
    assert 'name="version" value="0"' in answer  # only a choice takes the new one: typing on must not
    entry.refresh_from_db()
    assert entry.progress == "同事的文字"


def test_without_script_what_was_not_saved_is_shown_to_be_copied(report, people, login, at):
    entry = report.entries.first()
    values = {**WORDS, "progress": "同事的文字"}
    actions.save_entry(report.pk, entry.pk, values=values, version=0, by=people.other_filler, at=at)
    answer = save(
        login(people.other_filler), report, entry, htmx=False, progress="我的文字", remarks="我的备注"
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert [words for words in ("同事的文字", "我的文字", "我的备注", "郑小红") if words not in page] == []


@pytest.mark.parametrize("values", [{"status": "excellent"}, {"progress": "长" * 10_001}, {"version": "x"}])
def test_bad_input_is_refused_in_words(report, people, login, values):
    entry = report.entries.first()
    answer = save(login(people.other_filler), report, entry, **values)
    assert answer.status_code == 200
    assert "save-state failed" in answer.content.decode()
    entry.refresh_from_db()
    assert entry.version == 0


def test_the_check_links_to_what_is_missing(report, people, login):
    page = login(people.other_filler).get(reverse("report_check", args=[report.pk])).content.decode()
    assert "还有 6 处没有填好" in page
    assert f"{reverse('report', args=[report.pk])}#task-2" in page
    assert "报送市医改办" not in page


def test_submitting_gives_a_receipt_and_locks(report, people, login, at):
    fill(report, people.other_filler, at)
    client = login(people.other_filler)
    assert "报送市医改办" in client.get(reverse("report_check", args=[report.pk])).content.decode()
    answer = client.post(reverse("report_submit", args=[report.pk]), follow=True)
    page = answer.content.decode()
    assert "2024-1-350404-01" in page
    assert "报送成功" in page
    locked = save(client, report, report.entries.first(), progress="太晚了").content.decode()
    assert "已报送" in locked
    assert "data-autosave" not in client.get(reverse("report", args=[report.pk])).content.decode()


def test_a_double_click_gets_the_receipt_twice(report, people, login, at):
    fill(report, people.other_filler, at)
    client = login(people.other_filler)
    first = client.post(reverse("report_submit", args=[report.pk]))
    second = client.post(reverse("report_submit", args=[report.pk]))
    assert first.url == second.url
    assert report.submissions.count() == 1


def test_submitting_incomplete_changes_nothing(report, people, login):
    answer = login(people.other_filler).post(reverse("report_submit", args=[report.pk]), follow=True)
    assert "还有 6 处没有填好，补齐后才能报送" in answer.content.decode()
    report.refresh_from_db()
    assert report.state == ReportState.DRAFT


def test_the_signers_way(signed_report, people, login, at):
    fill(signed_report, people.filler, at)
    filler = login(people.filler)
    assert "提交审签" in filler.get(reverse("report_check", args=[signed_report.pk])).content.decode()
    filler.post(reverse("report_request_signature", args=[signed_report.pk]))
    assert "撤回修改" in filler.get(reverse("report", args=[signed_report.pk])).content.decode()
    signer = login(people.signer)
    assert "去审签" in signer.get(reverse("home")).content.decode()
    refused = signer.post(
        reverse("report_refuse_signature", args=[signed_report.pk]), {"reason": ""}, follow=True
    )
    assert "请写明需要修改什么" in refused.content.decode()
    signer.post(reverse("report_refuse_signature", args=[signed_report.pk]), {"reason": "补充数据"})
    page = login(people.filler).get(reverse("report", args=[signed_report.pk])).content.decode()
    assert "补充数据" in page
    login(people.filler).post(reverse("report_request_signature", args=[signed_report.pk]))
    answer = login(people.signer).post(reverse("report_submit", args=[signed_report.pk]), follow=True)
    assert "2024-1-350428-01" in answer.content.decode()


def test_an_expired_session_is_told_to_the_script(report, client):
    entry = report.entries.first()
    assert save(client, report, entry).status_code == 401


HEADER = {"filler_name": "郑小红", "filler_phone": "0598-1", "filled_on": "2024-07-12"}


def save_head(client, report, version: int | None, **values) -> str:
    """Save the header as the page does by itself, from a form drawn at `version`; returns the answer."""
    data = HEADER | values | ({} if version is None else {"version": version})
    address = reverse("report_save_header", args=[report.pk])
    return client.post(address, data, headers={"HX-Request": "true"}).content.decode()


def test_the_header_is_saved_and_a_bad_date_refused(report, people, login):
    client = login(people.other_filler)
    answer = save_head(client, report, 0)
    assert "已保存" in answer
    assert 'name="version" value="1"' in answer
    assert "年-月-日" in save_head(client, report, 1, filled_on="前天")
    assert "请刷新页面" in save_head(client, report, None, filler_name="别人")
    report.refresh_from_db()
    assert (report.filled_on.isoformat(), report.filler_name) == ("2024-07-12", "郑小红")


def test_a_header_saved_by_another_meanwhile_is_not_overwritten(report, people, login):
    client = login(people.other_filler)
    save_head(client, report, 0)
    assert "已保存" in save_head(client, report, 0)  # the same once more: a lost answer is no quarrel
    answer = save_head(client, report, 0, filler_name="林小梅")
    assert "表头刚刚被他人修改过" in answer
    assert "data-conflict" in answer
    assert 'name="version" value="0"' in answer  # only a choice takes the new one
    report.refresh_from_db()
    assert report.filler_name == "郑小红"
    page = client.get(reverse("report", args=[report.pk])).content.decode()
    assert 'data-saved="郑小红 7月15日 10:00 保存"' in page  # against which the script sets it
    assert "已保存" in save_head(client, report, 1, filler_name="林小梅")


def test_a_header_without_script_says_that_nothing_was_saved(report, people, login):
    client = login(people.other_filler)
    save_head(client, report, 0)
    address = reverse("report_save_header", args=[report.pk])
    answer = client.post(address, HEADER | {"filler_name": "林小梅", "version": 0}, follow=True)
    assert "表头刚刚被他人修改过，您的修改还没有保存" in answer.content.decode()


def test_whoever_saves_an_entry_first_is_named_without_disturbing_the_header(report, people, login):
    client = login(people.other_filler)
    save(client, report, report.entries.first())
    assert "已保存" in save_head(client, report, 0, filler_name="林小梅")
