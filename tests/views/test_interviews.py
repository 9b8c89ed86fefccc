"""提醒约谈 on the pages: proposing from a 督查单, every step by its form, the unit's part, lists, query counts."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from tasks_app.choices import InterviewState, NoticeColour, NoticeState
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.interviews import actions
from tasks_app.domain.interviews.rules import Demand
from tasks_app.models import Interview, Matter, Plan, SupervisionNotice

PEOPLE = {"interviewee": "将乐县副县长 张明", "interviewer": "市医改办主任 李华"}
NOTIFY = {"planned_at": "2024-07-18T09:30", "place": "市政府 3 号会议室", **PEOPLE}
RECORD = {"held_on": "2024-07-18", "record": "李华指出：预算未编制。张明表态：月底前完成。", **PEOPLE}


def rows(*items: tuple[str, str], total: int = 3) -> dict[str, str]:
    """What the form of a list of corrections sends."""
    sent = {"demand-TOTAL_FORMS": str(total), "demand-INITIAL_FORMS": "0"}
    for position, (text, due_on) in enumerate(items):
        sent |= {f"demand-{position}-text": text, f"demand-{position}-due_on": due_on}
    return sent


@pytest.fixture
def proposed(people, plan, at) -> Interview:
    """A proposal about 将乐县."""
    load_official_days([2024], by=None, at=at)
    given = {"title": "基金预算未编制", "grounds": "6 月底前应完成，至今未启动。"}
    return actions.propose(people.filler.unit, plan=plan, **given, by=people.office, at=at)


def hold(interview: Interview, people, at, *items: Demand) -> list[Matter]:
    """Notify and record at once, then demand `items`."""
    planned = {"planned_at": at + timedelta(hours=1), "place": "会议室", **PEOPLE}
    actions.notify(interview.pk, **planned, by=people.office, at=at)
    held = {"held_on": at.date(), "record": "已谈。", **PEOPLE}
    actions.record_interview(interview.pk, **held, by=people.office, at=at)
    return actions.demand_corrections(interview.pk, demands=items, by=people.office, at=at) if items else []


@pytest.fixture
def item(proposed, people, at) -> Matter:
    """The one item of its list, due on 31 July."""
    return hold(proposed, people, at, Demand("成立专班", date(2024, 7, 31)))[0]


def page(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def send(client, name, *args, **values):
    answer = client.post(reverse(name, args=args), values, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_whole_way_by_the_forms_of_the_page(proposed, people, login, at):
    office = login(people.office)
    shown = page(office, "interview", proposed.pk)
    assert "拟约谈，将乐县还看不到" in shown
    assert 'value="2024-07-18T09:00"' in shown  # three working days ahead
    assert "已发出" in send(office, "interview_notify", proposed.pk, **NOTIFY)
    shown = page(office, "interview", proposed.pk)
    assert "明医改约〔2024〕1号" in shown
    assert "2024年7月18日（周四）09:30" in shown
    office = login(people.office, at=datetime(2024, 7, 19, 9, tzinfo=SHANGHAI))
    assert 'value="2024-07-18"' in page(office, "interview", proposed.pk)
    assert "约谈记录已保存" in send(office, "interview_record", proposed.pk, **RECORD)
    given = rows(("成立专班", "2024-07-31"), ("编制预算", "2024-08-15"))
    shown = send(office, "interview_demand", proposed.pk, **given)
    assert "整改清单已下达" in shown
    assert "第 2 项还没有报告整改情况。" in shown
    first, second = Matter.objects.order_by("number")
    unit = login(people.filler, at=datetime(2024, 7, 22, 9, tzinfo=SHANGHAI))
    for item in (first, second):
        told = send(unit, "correction_answer", proposed.pk, item.pk, text="已完成，见文件。")
        assert f"第 {item.number} 项已报告" in told
    office = login(people.office, at=datetime(2024, 7, 23, 9, tzinfo=SHANGHAI))
    assert "第 1 项已通过核验" in send(office, "correction_verify", proposed.pk, first.pk, words="属实")
    assert "已销号" not in send(office, "interview_close", proposed.pk)
    given = {"reason": "预算未盖章", "due_on": "2024-08-02"}
    assert "第 2 项已退回" in send(office, "correction_refuse", proposed.pk, second.pk, **given)
    shown = page(login(people.signer), "interview", proposed.pk)
    assert "预算未盖章" in shown
    assert "已完成，见文件。</textarea>" in shown  # what it had written, to go on with
    send(login(people.signer, at=at), "correction_answer", proposed.pk, second.pk, text="已盖章。")
    office = login(people.office, at=datetime(2024, 7, 30, 9, tzinfo=SHANGHAI))
    shown = send(office, "correction_verify", proposed.pk, second.pk)
    assert "2 项整改全部通过核验，可以销号" in shown
    assert "已销号" in send(office, "interview_close", proposed.pk)
    shown = page(office, "interview", proposed.pk)
    assert "2024年7月30日已销号" in shown
    assert "<form" not in shown.split('id="main"')[1]


@pytest.fixture
def notice(people, plan: Plan, at) -> SupervisionNotice:
    """A red 督查单 of 将乐县 that was not answered."""
    return SupervisionNotice.objects.create(
        issuer=people.office.unit, plan=plan, unit=people.filler.unit, thing="task:1", colour=NoticeColour.RED,
        state=NoticeState.ISSUED, year=2024, number=3, title="健康管护组织建设滞后", grounds="依据",
        requirement="要求", reply_due_on=date(2024, 7, 8), drafted_by=people.office,
        drafted_at=at - timedelta(days=10), issued_by=people.office, issued_at=at - timedelta(days=9),
    )  # fmt: skip


def test_a_candidate_leads_to_a_proposal_with_its_grounds(notice, people, login, city):
    office = login(people.office)
    address = f"{reverse('interview_new')}?notice={notice.pk}"
    assert address in page(office, "escalation")
    shown = office.get(address).content.decode()
    assert "明医改督〔2024〕3号" in shown
    assert 'value="健康管护组织建设滞后"' in shown
    grounds = office.get(address).context["form"].initial["grounds"]
    assert "2024年7月8日" in grounds
    sent = office.post(address, {"title": "健康管护组织建设滞后", "grounds": grounds}, follow=True)
    assert "已提出约谈" in sent.content.decode()
    made = Interview.objects.get()
    assert (made.unit, made.notice, made.grounds) == (notice.unit, notice, grounds.strip())
    assert address not in page(office, "escalation")
    assert "该单位已有的约谈" in office.get(address).content.decode()
    again = office.post(address, {"title": "健康管护组织建设滞后", "grounds": "再谈"})
    assert "已有一件约谈正在办理" in again.content.decode()


def test_a_notice_that_did_not_go_out_leads_nowhere(notice, people, login):
    office = login(people.office)
    SupervisionNotice.objects.filter(pk=notice.pk).update(
        state=NoticeState.DRAFT, issued_at=None, issued_by=None, year=None, number=None
    )
    for asked in (notice.pk, 999_999, "红"):
        assert office.get(reverse("interview_new"), {"notice": asked}).status_code == 404


def test_a_unit_is_chosen_where_there_is_no_notice(people, plan, units, login):
    office = login(people.office)
    shown = page(office, "interview_new", unit=units["三元区"].pk)
    assert f'<option value="{units["三元区"].pk}" selected>' in shown
    given = {"unit": units["三元区"].pk, "plan": plan.pk, "title": "填报质量", "grounds": "多次退回"}
    assert "单位还看不到" in send(office, "interview_new", **given)
    assert Interview.objects.get().unit == units["三元区"]
    assert "这一格不能空着" in send(office, "interview_new", **given | {"grounds": " "})


def test_the_proposal_is_mended_until_its_notice(proposed, people, login, at):
    office = login(people.office)
    given = {"title": "改过的事由", "grounds": "改过的依据"}
    assert "改过的依据" in send(office, "interview_edit", proposed.pk, **given)
    hold(proposed, people, at)
    assert "不能再修改" in send(office, "interview_edit", proposed.pk, **given)


def test_what_is_wrong_is_said_and_every_word_kept(proposed, people, login):
    office = login(people.office)
    shown = send(office, "interview_notify", proposed.pk, **NOTIFY | {"planned_at": "2024-07-12T09:00"})
    assert "约谈时间（2024年7月12日（周五）09:00）已过" in shown
    assert "市政府 3 号会议室" in shown
    shown = send(office, "interview_notify", proposed.pk, **NOTIFY | {"planned_at": "2024-07-20T09:00"})
    assert "2024年7月20日（周六）是休息日，建议改为 2024年7月22日（周一）" in shown
    proposed.refresh_from_db()
    assert proposed.state == InterviewState.PROPOSED
    insists = NOTIFY | {"planned_at": "2024-07-20T09:00", "keep_day_off": "on"}
    assert "已发出" in send(office, "interview_notify", proposed.pk, **insists)


def test_rows_of_the_list(proposed, people, login, at):
    office = login(people.office)
    hold(proposed, people, at)
    shown = send(office, "interview_demand", proposed.pk, more="1", **rows(("成立专班", "")))
    assert "成立专班" in shown
    assert 'name="demand-5-text"' in shown
    assert "这一格不能空着" in send(office, "interview_demand", proposed.pk, **rows(("成立专班", "")))
    shown = send(office, "interview_demand", proposed.pk, **rows(("成立专班", "2024-07-27")))
    assert "2024年7月27日（周六）是休息日" in shown
    assert "请至少填写一项" in send(office, "interview_demand", proposed.pk, **rows())
    assert 'name="demand-0-text"' in send(office, "interview_demand", proposed.pk)
    assert not Matter.objects.exists()
    insists = rows(("成立专班", "2024-07-27")) | {"demand-0-keep_day_off": "on"}
    assert "整改清单已下达" in send(office, "interview_demand", proposed.pk, **insists)


def test_without_a_list_it_ends_with_a_reason_or_is_given_up_before(proposed, people, login, at):
    office = login(people.office)
    assert "这一格不能空着" in send(office, "interview_withdraw", proposed.pk)
    hold(proposed, people, at)
    assert "不能这样办理" in send(office, "interview_withdraw", proposed.pk, reason="不谈了")
    assert "这一格不能空着" in send(office, "interview_close", proposed.pk)
    assert "已销号" in send(office, "interview_close", proposed.pk, reason="情况已说明清楚")


def test_the_units_first_page_shows_what_is_still_to_be_corrected(item, people, login, at):
    home = page(login(people.filler), "home")
    assert "约谈整改（1 项未了结）" in home
    assert "2024年7月31日" in home
    late = page(login(people.signer, at=datetime(2024, 8, 2, 9, tzinfo=SHANGHAI)), "home")
    assert "✖</span> 已逾期2个工作日（2天）" in late
    actions.answer_correction(item.pk, text="已成立", by=people.filler, at=at)
    assert "已报告，待核验" in page(login(people.filler), "home")
    actions.verify_correction(item.pk, by=people.office, at=at)
    assert "约谈整改" not in page(login(people.filler), "home")
    assert "约谈整改" not in page(login(people.other_filler), "home")


def test_the_units_first_page_calls_to_the_interview(proposed, people, login, at):
    assert "约谈通知" not in page(login(people.filler), "home")
    send(login(people.office), "interview_notify", proposed.pk, **NOTIFY)
    home = page(login(people.filler), "home")
    assert "请将乐县副县长 张明于 <strong>2024年7月18日（星期四）09:30</strong> 到市政府 3 号会议室" in home
    assert "约谈通知" not in page(login(people.other_filler), "home")
    send(login(people.office), "interview_withdraw", proposed.pk, reason="已整改")
    assert "约谈通知" not in page(login(people.filler), "home")


def test_a_unit_sees_nothing_before_the_notice_and_nothing_of_others(proposed, people, login, at):
    mine, other = login(people.filler), login(people.other_filler)
    address = reverse("interview", args=[proposed.pk])
    assert mine.get(address).status_code == 404
    assert "没有符合条件的约谈" in page(mine, "interviews")
    item = hold(proposed, people, at, Demand("成立专班", date(2024, 7, 31)))[0]
    assert "报告整改情况" in page(mine, "interview", proposed.pk)
    assert "提出约谈</strong>" not in page(mine, "interview", proposed.pk)
    assert "基金预算未编制" in page(mine, "interviews")
    assert other.get(address).status_code == 404
    report = reverse("correction_answer", args=[proposed.pk, item.pk])
    assert other.post(report, {"text": "已成立"}).status_code == 404
    assert "没有符合条件的约谈" in page(other, "interviews")
    assert login(people.office).post(report, {"text": "已成立"}).status_code == 404


def test_the_leader_reads_and_does_nothing(item, people, login):
    leader = login(people.leader)
    shown = page(leader, "interview", item.interview_id)
    assert "成立专班" in shown
    assert "<form" not in shown.split('id="main"')[1]
    assert reverse("interview_new") not in page(leader, "interviews")


def test_an_item_belongs_to_its_interview(item, people, plan, units, login, at):
    given = {"plan": plan, "title": "另一件", "grounds": "依据", "by": people.office, "at": at}
    other = actions.propose(units["三元区"], **given)
    for name in ("correction_verify", "correction_refuse"):
        assert login(people.office).post(reverse(name, args=[other.pk, item.pk])).status_code == 404


def test_the_list_shows_state_age_and_what_is_late(item, people, login):
    office = login(people.office, at=datetime(2024, 8, 2, 9, tzinfo=SHANGHAI))
    shown = page(office, "interviews")
    assert "1 项中 1 项未了结" in shown
    assert "✖</span> 1 项逾期" in shown
    assert "14 个工作日" in shown
    assert "基金预算" not in page(office, "interviews", state="closed")
    assert "基金预算" in page(office, "interviews", state="open", year="2024", unit="nonsense")


@pytest.mark.parametrize(("part", "statements"), [("office", 9), ("filler", 8)])
def test_the_list_takes_a_fixed_number_of_statements(
    part, statements, item, people, plan, units, login, at, django_assert_num_queries
):
    client = login(getattr(people, part))
    with django_assert_num_queries(statements):
        page(client, "interviews")
    for number in range(4):
        given = {"plan": plan, "title": f"第{number}件", "grounds": "依据", "by": people.office, "at": at}
        made = actions.propose(people.filler.unit, **given)
        hold(made, people, at, Demand("一", date(2024, 7, 31)), Demand("二", date(2024, 7, 31)))
    with django_assert_num_queries(statements):
        assert "第3件" in page(client, "interviews")


@pytest.mark.parametrize(("part", "statements"), [("office", 9), ("filler", 8)])
def test_a_page_takes_a_fixed_number_of_statements(
    part, statements, item, people, login, at, django_assert_num_queries
):
    client = login(getattr(people, part))
    with django_assert_num_queries(statements):
        page(client, "interview", item.interview_id)
    more = [Demand(f"第{number}条", date(2024, 8, 15)) for number in range(6)]
    for added in actions.demand_corrections(item.interview_id, demands=more, by=people.office, at=at):
        actions.answer_correction(added.pk, text="已办", by=people.filler, at=at)
    with django_assert_num_queries(statements):
        assert "第5条" in page(client, "interview", item.interview_id)
