"""The words of a message: what, until when, how long still, and whom to call."""

from datetime import date

import pytest

from tasks_app.choices import DayKind
from tasks_app.domain.calendar.rules import WorkingCalendar, time_left
from tasks_app.domain.reminders import wording
from tasks_app.domain.reminders.kinds import KINDS
from tasks_app.domain.reminders.phrases import template_problems
from tasks_app.domain.reminders.rules import Obligation, Terms

# Mid-Autumn 2024: 15-17 September off, Saturday the 14th worked.
CALENDAR = WorkingCalendar(
    special={date(2024, 9, 14): DayKind.WORKDAY}
    | {date(2024, 9, day): DayKind.HOLIDAY for day in (15, 16, 17)},
    years=frozenset({2024}),
)


def owed(
    kind: str = "filing", title: str = "2024年上半年填报", due_on: date = date(2024, 7, 25), **values
) -> Obligation:
    terms = Terms(
        KINDS[kind], plan=1, issuer=1, title=title, since=date(2024, 7, 1), due_on=due_on, closes_on=None
    )
    given = {"thing": 7, "page": 7, "position": 1, "unit": 1, "unit_name": "三元区", "state": "draft"}
    return Obligation(terms, **given | values)


def written(*obligations: Obligation, today: date, **more) -> wording.Words:
    return wording.write_message(
        obligations,
        today=today,
        calendar=CALENDAR,
        contact="市医改办（陈志远 0598）",
        site_url="http://x.test/",
        **more,
    )


def test_the_words_say_what_until_when_how_long_and_whom_to_call():
    words = written(owed(), today=date(2024, 7, 22))
    assert words.subject == "【填报提醒】2024年上半年填报7月25日截止，还有3个工作日（3天）"
    for part in (
        "三元区：",
        "截至2024年7月22日（星期一），贵单位有1项",
        "截止日期：2024年7月25日（星期四）",
        "http://x.test/reports/7",
        "市医改办（陈志远 0598）",
    ):
        assert part in words.body


def test_the_words_merge_all_that_is_owed_and_lead_with_the_overdue():
    later = owed(page=8, title="2024年前三季度填报", due_on=date(2024, 9, 25), state="signing")
    words = written(later, owed(), today=date(2024, 9, 10))
    assert words.subject == "【催报】2项填报尚未报送，其中1项已逾期"
    assert words.body.index("上半年") < words.body.index("前三季度")
    assert "已逾期33个工作日（47天）" in words.body
    assert "还有10个工作日（15天）" in words.body


@pytest.mark.parametrize(
    ("today", "text"),
    [
        (date(2024, 9, 14), "今天截止"),
        (date(2024, 9, 16), "已逾期2天（均为休息日）"),
        (date(2024, 9, 18), "已逾期1个工作日（4天）"),
        (date(2024, 9, 13), "还有1个工作日（1天）"),
    ],
)
def test_time_left_counts_working_and_calendar_days(today, text):
    assert time_left(date(2024, 9, 14), today, CALENDAR) == text


def test_a_limit_on_a_day_off_is_said_so():
    words = written(owed(due_on=date(2024, 9, 16)), today=date(2024, 9, 13))
    assert "当天为休息日，此前最后一个工作日为9月14日" in words.body


def test_words_of_the_offices_own_take_the_place_of_the_programs():
    words = written(
        owed(), today=date(2024, 7, 22), words_of=lambda one: "{单位}请于{时限}前报送。\n{剩余}，见{地址}"
    )
    assert (
        "1. 2024年上半年填报\n   三元区请于2024年7月25日（星期四）前报送。\n   还有3个工作日（3天），见http"
        in words.body
    )


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("", ""),
        ("请{单位}于{时限}前办结{{}}", ""),
        ("{单位", "花括号没有成对"),
        ("{单位.__class__}", "不认识“{单位.__class__}”"),
        ("{0}", "不认识“{0}”"),
        ("{}", "不认识“{}”"),
        ("{单位!r}", "不认识"),
        ("{单位:>99999}", "不认识"),
        ("{名称}", "可用的有{单位}、{事项}"),
    ],
)
def test_only_known_words_may_stand_in_braces(words, problem):
    assert problem in "".join(template_problems(words))
    assert bool(problem) == bool(template_problems(words))


def test_a_report_that_waits_for_its_signer_is_told_once():
    waiting = owed(kind="signing", state="signing", due_on=date(2024, 7, 19))
    words = written(waiting, owed(state="signing"), today=date(2024, 7, 22))
    assert words.subject == "【填报提醒】2024年上半年填报7月25日截止，还有3个工作日（3天）"
    assert "有1项" in words.body


def test_a_notice_beside_a_report_is_told_of_in_the_same_message():
    notice = owed(
        kind="notice",
        page=3,
        title="蓝色督查单（〔2024〕1号）：推进",
        state="issued",
        due_on=date(2024, 7, 19),
    )
    words = written(owed(), notice, today=date(2024, 7, 22))
    assert words.subject == "【催办】2项事项尚未办结，其中1项已逾期"
    assert "http://x.test/notices/3" in words.body
    assert "尚未签收，请签收后按督办要求回复。" in words.body


def test_the_office_is_told_whom_to_call_and_what_waits_for_itself():
    waiting = owed(kind="review", state="submitted", unit=2, unit_name="将乐县", due_on=date(2024, 7, 22))
    words = wording.write_office_message(
        [owed(), waiting],
        today=date(2024, 7, 26),
        calendar=CALENDAR,
        phones={1: "郑小红 0598-1"},
        site_url="http://x.test",
    )
    assert words.subject == "【待办】1件需电话催办，1件待审阅"
    assert (
        "三元区 2024年上半年填报，已逾期1个工作日（1天），尚未报送，请填写完成后报送。联系人：郑小红 0598-1"
        in words.body
    )
    assert "将乐县2024年上半年填报，已报送，等候审阅，已等候4个工作日：http://x.test/review/7" in words.body
    many = [owed(page=number) for number in range(60)]
    body = wording.write_office_message(
        many, today=date(2024, 7, 26), calendar=CALENDAR, phones={}, site_url="http://x.test"
    ).body
    assert "……另有20件" in body
    assert "尚无账号" in body


def test_a_message_of_several_kinds_is_not_called_one_about_reports():
    called = owed(kind="interview", thing=8, title="提醒约谈：进展滞后", state="notified")
    words = written(owed(), called, today=date(2024, 7, 22))
    assert words.subject == "【督办提醒】2项事项尚未办结"
    words = written(owed(), called, today=date(2024, 7, 26))
    assert words.subject == "【催办】2项事项尚未办结，其中2项已逾期"
