"""Suggestions and 督查单 on the pages: from the grounds to the reply, who sees what, in how many statements."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from tasks_app.choices import NoticeState, Role
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.escalation import queries
from tasks_app.domain.escalation.rules import filing_thing
from tasks_app.domain.moves import NoticeMove as Move
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.models import Report, SetAside, StandIn, SupervisionNotice
from tests.escalation_stage import LATE, PATHS, REPLY_BY, TEXT, bring_to, draft, on, step

S = NoticeState


@pytest.fixture
def report(period, people, at) -> Report:
    """将乐县's report, due on 25 July and never filed; the calendar of 2024 is entered."""
    load_official_days([2024], by=None, at=at)
    open_due_periods(at=at)
    return Report.objects.select_related("unit").get(unit=people.filler.unit)


@pytest.fixture
def late(login):
    """`late(people.office)` is that person's browser on 1 August; `late(person, on(…))` on another day."""
    return lambda person, at=LATE: login(person, at=at)


def page(client, name, *args, **query) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, name
    return answer.content.decode().split("<main")[1]


def send(client, name, *args, **values) -> str:
    answer = client.post(reverse(name, args=args), values, follow=True)
    assert answer.status_code == 200, name
    return answer.content.decode().split("<main")[1]


def test_from_the_grounds_to_the_end(report, people, late):
    office, unit = late(people.office), late(people.filler)
    thing = filing_thing(report)
    listed = page(office, "escalation", unit=report.unit_id)
    assert "将乐县2024年上半年填报逾期未报" in listed
    assert "已过5个工作日（7天）" in listed
    assert "建议：" in listed
    assert reverse("escalation_draft", args=[thing]) in listed

    form = page(office, "escalation_draft", thing)
    assert "时限：2024年7月25日（周四）" in form  # the grounds stand in the box
    assert 'value="2024-08-20"' in form  # three working days to object, ten to reply
    given = {**TEXT, "colour": "blue", "reply_due_on": "2024-08-20"}
    assert "已拟稿，单位还看不到" in send(office, "escalation_draft", thing, **given)
    notice = SupervisionNotice.objects.get()
    assert unit.get(reverse("notice", args=[notice.pk])).status_code == 404
    assert "督查单" not in page(unit, "home")

    assert "已告知单位" in send(office, "notice_hear", notice.pk, objection_due_on="2024-08-06")
    assert "申辩期限（2024年8月6日（周二））未到" in page(office, "notice", notice.pk)
    assert "有不同意见的请于" in page(unit, "home")
    assert "已提出申辩" in send(unit, "notice_object", notice.pk, text="口径有变。")
    assert "请写明对申辩的答复" in send(
        office, "notice_issue", notice.pk, reply_due_on="2024-08-20", answer=""
    )
    issued = send(office, "notice_issue", notice.pk, reply_due_on="2024-08-20", answer="口径未变。")
    assert "明医改督〔2024〕1号" in issued

    assert "请于" in page(unit, "home")
    assert "已签收" in send(unit, "notice_acknowledge", notice.pk)
    assert "已回复，等待市医改办审核" in send(unit, "notice_reply", notice.pk, text="八月底前补报。")
    assert "等待市医改办审核" in page(unit, "home")
    refused = send(office, "notice_refuse", notice.pk, reason="时间太晚", reply_due_on="2024-08-27")
    assert "已退回回复" in refused
    assert "时间太晚" in page(unit, "notice", notice.pk)
    send(unit, "notice_reply", notice.pk, text="明日补报。")
    assert "督查单办结" in send(office, "notice_accept", notice.pk, words="")
    assert "对申辩的答复：口径未变。" in page(unit, "notice", notice.pk)


# What its own page and its unit's first page say of a 督查单 on 1 August; and the button there.
LINES = {
    S.DRAFT: ("拟稿，将乐县还看不到。", None),
    S.HEARING: (
        "请将乐县于2024年8月6日（星期二）前申辩或表示无异议，还有3个工作日（5天）。",
        "市医改办拟发督查单，有不同意见的请于2024年8月6日（星期二）前申辩，还有3个工作日（5天）。查看并表示意见",
    ),
    S.ISSUED: (
        "请将乐县于2024年8月20日（星期二）前回复，还有13个工作日（19天）。",
        "明医改督〔2024〕1号，请于2024年8月20日（星期二）前回复，还有13个工作日（19天）。签收",
    ),
    S.ACKNOWLEDGED: (
        "请将乐县于2024年8月20日（星期二）前回复，还有13个工作日（19天）。",
        "明医改督〔2024〕1号，请于2024年8月20日（星期二）前回复，还有13个工作日（19天）。去回复",
    ),
    S.REPLIED: (
        "将乐县已回复，等待市医改办审核。",
        "明医改督〔2024〕1号，8月1日10:00已回复，等待市医改办审核。查看",
    ),
    S.CLOSED: ("2024年8月1日已办结。", None),
    S.RAISED: ("2024年8月1日已转下一色。", None),
    S.WITHDRAWN: ("2024年8月1日已撤销。", None),
}


def plain(html: str) -> str:
    return re.sub(r"<[^>]*>|\s", "", html)


@pytest.mark.parametrize("state", S)
def test_both_pages_say_where_it_stands(state, report, people, late):
    notice = bring_to(state, report, people)
    own, home = LINES[state]
    shown = page(late(people.office), "notice", notice.pk)
    assert plain(shown.split('class="notice-now')[1].split(">", 1)[1].split("</p>")[0]) == own
    cards = page(late(people.filler), "home").split('aria-label="督查单"')[1:]
    said = [plain(card.split("</h2>")[1].split("</section>")[0]) for card in cards]
    assert said == ([home] if home else [])


def test_no_objection_is_one_button(report, people, late):
    notice = bring_to(S.HEARING, report, people)
    assert "已表示无异议" in send(late(people.signer), "notice_object", notice.pk, agree="1")
    office = late(people.office)
    assert "该单位已表示无异议" in page(office, "notice", notice.pk)
    assert "已签发" in send(office, "notice_issue", notice.pk, reply_due_on="2024-08-20")


def test_a_day_off_is_proposed_another_and_taken_when_insisted_upon(report, people, late):
    notice = draft(report, by=people.office)
    office = late(people.office)
    asked = send(office, "notice_hear", notice.pk, objection_due_on="2024-08-04")
    assert "2024年8月4日（周日）是休息日，建议改为 2024年8月5日（周一）。" in asked
    assert 'type="checkbox" name="keep_day_off"' in asked
    insisted = send(office, "notice_hear", notice.pk, objection_due_on="2024-08-04", keep_day_off="on")
    assert "已告知单位" in insisted


def test_a_limit_in_the_past_keeps_what_was_typed(report, people, late):
    given = {**TEXT, "title": "亲手写的事由", "colour": "blue", "reply_due_on": "2024-07-31"}
    seen = send(late(people.office), "escalation_draft", filing_thing(report), **given)
    assert "2024年7月31日（周三）已过" in seen
    assert "亲手写的事由" in seen


def test_set_aside_and_taken_back(report, people, late):
    office, thing = late(people.office), filing_thing(report)
    assert "请写明暂不督办的理由" in send(office, "escalation_set_aside", thing, reason="")
    seen = send(office, "escalation_set_aside", thing, reason="已电话沟通")
    assert "已电话沟通" in seen
    assert "督办建议（4 件）" in seen
    assert "已恢复为督办建议" in send(office, "escalation_take_back", thing)
    assert not SetAside.objects.exists()


def test_a_cause_that_is_gone_is_a_404(report, people, late):
    office = late(people.office)
    for thing in ("filing:0:2024-07-25", "nothing", filing_thing(report).replace("25", "26")):
        assert office.get(reverse("escalation_draft", args=[thing])).status_code == 404
        assert office.post(reverse("escalation_set_aside", args=[thing])).status_code == 404


def test_edited_while_heard_it_is_heard_anew(report, people, late):
    notice = bring_to(S.HEARING, report, people)
    office = late(people.office)
    assert "重新告知" in page(office, "notice_edit", notice.pk)
    given = {**TEXT, "requirement": "请三日内补报。", "colour": "blue", "reply_due_on": "2024-08-20"}
    saved = send(office, "notice_edit", notice.pk, **given, objection_due_on="2024-08-07")
    assert "单位可以就改动后的内容申辩" in saved
    assert "请三日内补报。" in page(late(people.filler), "notice", notice.pk)


def test_the_next_colour_brings_its_grounds(report, people, late):
    notice = bring_to(S.ISSUED, report, people)
    early = send(late(people.office), "notice_raise", notice.pk)
    assert "回复期限（2024年8月20日（周二））未到" in early
    office = late(people.office, on(REPLY_BY + timedelta(days=1)))
    listed = page(office, "escalation", kind="notice")
    assert "起草橙色督查单" in listed
    form = page(office, "notice_raise", notice.pk)
    assert "至今未签收" in form
    assert 'name="colour"' not in form
    drafted = send(office, "notice_raise", notice.pk, **TEXT, reply_due_on="2024-08-30")
    assert "橙色督查单" in drafted
    assert "明医改督〔2024〕1号" in drafted  # the one before
    unit = late(people.filler, on(REPLY_BY + timedelta(days=1)))
    assert "下一单" not in page(unit, "notice", notice.pk)  # a draft is the office's own
    assert "下一单" in page(office, "notice", notice.pk)


def test_a_red_one_leads_to_an_interview_and_no_further_colour(report, people, late):
    notice = bring_to(S.ISSUED, report, people)
    SupervisionNotice.objects.filter(pk=notice.pk).update(colour="red")
    office = late(people.office, on(REPLY_BY + timedelta(days=1)))
    assert "建议：提醒约谈" in page(office, "escalation")
    assert "没有下一色" in send(office, "notice_raise", notice.pk)
    assert "转下一色" not in page(office, "notice", notice.pk)


def test_what_was_filed_meanwhile_is_said(report, people, late):
    notice = bring_to(S.ISSUED, report, people)
    Report.objects.filter(pk=report.pk).update(
        state="submitted", submitted_at=LATE, first_submitted_at=LATE, submitted_by=people.signer
    )
    assert "请核实是否仍需督办" in page(late(people.office), "notice", notice.pk)


@pytest.mark.parametrize("state", list(PATHS))
def test_every_state_draws_itself_for_everybody(state, report, people, late):
    notice = bring_to(state, report, people)
    label = NoticeState(state).label
    for person in (people.office, people.leader, people.filler, people.signer):
        client = late(person)
        if state == S.DRAFT and person.role in (Role.FILLER, Role.SIGNER):
            assert client.get(reverse("notice", args=[notice.pk])).status_code == 404
            continue
        assert label in page(client, "notice", notice.pk)
        assert notice.title in page(client, "notices")


@pytest.mark.parametrize("state", list(PATHS))
def test_the_page_offers_what_can_be_done_and_nothing_else(state, report, people, late):
    notice = bring_to(state, report, people)
    for person in (people.office, people.leader, people.filler):
        answer = late(person).get(reverse("notice", args=[notice.pk]))
        seen = answer.content.decode() if answer.status_code == 200 else ""
        offered = {move for move in Move if f'"{reverse(f"notice_{move}", args=[notice.pk])}"' in seen}
        can = queries.open_moves(person, notice, LATE.date()) if seen else set()
        if state == S.HEARING:  # its objection may still come
            can -= {Move.ISSUE}
        assert offered == can, person


def test_a_leader_reads_and_nothing_else(report, people, late):
    notice = bring_to(S.REPLIED, report, people)
    seen = page(late(people.leader), "notice", notice.pk)
    assert "<form" not in seen
    assert "正在补报。" in seen


def test_another_units_is_a_404(report, people, late):
    notice = bring_to(S.ISSUED, report, people)
    for person in (people.other_filler, people.bureau_filler, people.bureau_signer):
        client = late(person)
        assert client.get(reverse("notice", args=[notice.pk])).status_code == 404
        for name in ("notice_object", "notice_acknowledge", "notice_reply"):
            assert client.post(reverse(name, args=[notice.pk]), {"text": "在办"}).status_code == 404
        assert notice.title not in page(client, "notices")
        assert notice.title not in page(client, "home")


def test_a_stand_in_of_the_office_answers_for_the_unit(report, people, late):
    notice = bring_to(S.ISSUED, report, people)
    office = late(people.office)
    assert office.post(reverse("notice_reply", args=[notice.pk]), {"text": "在办"}).status_code == 404
    days = {"since": LATE.date(), "until": LATE.date(), "named_by": people.admin, "named_at": LATE}
    StandIn.objects.create(unit=report.unit, user=people.office, role=Role.FILLER, **days)
    assert "已回复" in send(office, "notice_reply", notice.pk, text="在办")
    assert "陈志远（替岗）" in page(late(people.filler), "notice", notice.pk)


def test_the_list_narrows_and_forgives(report, people, late):
    bring_to(S.ISSUED, report, people)
    other = Report.objects.get(unit=people.other_filler.unit)
    draft(other, by=people.office, title="三元区的事")
    office = late(people.office)
    assert "三元区的事" in page(office, "notices")
    assert "三元区的事" not in page(office, "notices", state="issued")
    assert "三元区的事" in page(office, "notices", unit=other.unit_id, colour="blue", year=2024, state="open")
    assert "没有符合条件的督查单" in page(office, "notices", colour="red")
    assert "三元区的事" in page(office, "notices", colour="green", unit="x", year="never", sort="-age")


def test_an_empty_list_says_what_would_be_here(people, login):
    assert "目前没有需要督办的事项" in page(login(people.office), "escalation")


def test_the_pages_take_a_fixed_number_of_statements(
    report, people, late, at, django_assert_max_num_queries, django_assert_num_queries
):
    notice = bring_to(S.REPLIED, report, people)
    step(notice, "refuse", people)
    office, unit = late(people.office), late(people.filler)
    views = [
        (office, ("escalation",), 22),
        (office, ("notices",), 10),
        (office, ("notice", notice.pk), 9),
        (unit, ("notice", notice.pk), 9),
        (unit, ("home",), 20),
    ]
    counts = []
    for client, address, most in views:
        with django_assert_max_num_queries(most) as counted:
            page(client, *address)
        counts.append(len(counted))
    for other in Report.objects.exclude(pk=report.pk)[:2]:
        draft(other, by=people.office)
    step(notice, "reply", people)
    step(notice, "refuse", people)
    for (client, address, _), count in zip(views, counts, strict=True):
        with django_assert_num_queries(count):
            page(client, *address)


def test_a_page_of_suggestions_holds_twenty(report, people, late, units, period):
    others = [unit for unit in units.values() if unit.parent == people.office.unit]
    Report.objects.bulk_create(
        Report(period=period, unit=unit, due_on=date(2024, 7, 25))
        for unit in others
        if not Report.objects.filter(unit=unit).exists()
    )
    seen = page(late(people.office), "escalation")
    assert seen.count("<article") == 20
    assert "共 26 件，第 1 / 2 页" in seen
