"""The reminders' pages: ledger, what comes next, doubtful deliveries, the ladder, one's own messages."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from tasks_app.choices import Channel, DeliveryState, PeriodKind, Role, UnitKind
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.reminders import actions, queries
from tasks_app.domain.reminders.kinds import KINDS, filing, notice
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.models import Delivery, Message, ReportingPeriod, Unit, User

S = DeliveryState
MONDAY = datetime(2024, 7, 22, 9, 0, tzinfo=SHANGHAI)
LEDGER, COMING, INBOX = reverse("reminders"), reverse("reminders_coming"), reverse("inbox")


@pytest.fixture
def composed(period, people, at):
    load_official_days([2024, 2025], by=None, at=at)
    open_due_periods(at=at)
    actions.compose_reminders(at=MONDAY)
    return people


@pytest.fixture
def office(login, composed):
    return login(composed.office, at=MONDAY + timedelta(minutes=30))


@pytest.fixture
def doubtful(composed) -> Delivery:
    rows = Delivery.objects.filter(user=composed.filler, channel=Channel.EMAIL)
    rows.update(state=S.UNCERTAIN, claimed_at=MONDAY, error="发送程序中断，可能已发出")
    return rows.get()


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


# --- the ledger -------------------------------------------------------------------------------------------


def test_the_ledger_shows_each_message_its_rung_and_what_became_of_it(office, composed):
    Delivery.objects.filter(user=composed.signer, channel=Channel.IN_APP).update(read_at=MONDAY)
    page = text(office.get(LEDGER))
    for part in (
        "将乐县",
        "2024年上半年填报 T-3",
        "林晓燕",
        "站内未读",
        "站内已读",
        "待发·邮件",
        "截至2024年7月22日",
    ):
        assert part in page
    assert "2 个单位没有填报员账号" in page
    assert "市医保局、市财政局" in page
    assert "需要处理的消息" not in page


def test_the_ledger_takes_the_same_statements_for_three_messages_and_for_nine(
    office, composed, doubtful, django_assert_num_queries
):
    with django_assert_num_queries(12):
        office.get(LEDGER)
    actions.compose_reminders(at=MONDAY + timedelta(days=2))
    actions.compose_reminders(at=MONDAY + timedelta(days=3))
    assert Message.objects.count() == 9
    with django_assert_num_queries(12):
        office.get(LEDGER)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"unit": "将乐县"}, 1),
        ({"state": "pending"}, 3),
        ({"state": "failed"}, 0),
        ({"day": "2024-07-22"}, 3),
        ({"day": "2024-07-21"}, 0),
        ({"day": "nonsense", "state": "nonsense", "page": "99"}, 3),
    ],
)
def test_the_ledger_is_narrowed_by_unit_outcome_and_day(office, units, query, found):
    if "unit" in query:
        query = {"unit": units[query["unit"]].pk}
    page = text(office.get(LEDGER, query))
    assert f"共 {found} 条消息" in page
    if not found:
        assert "没有符合条件的提醒消息" in page


def test_another_citys_messages_are_not_shown_nor_decided(office, composed, city):
    other = Unit.objects.create(
        code="3505", name="泉州市", short_name="泉州", kind=UnitKind.CITY, parent=city.parent
    )
    county = Unit.objects.create(
        code="350583", name="南安市", short_name="南安", kind=UnitKind.COUNTY, parent=other
    )
    stranger = User.objects.create(username="nanan", name="外人", role=Role.FILLER, unit=county)
    message = Message.objects.create(
        unit=county, day=MONDAY.date(), subject="别市", body="", created_at=MONDAY
    )
    delivery = Delivery.objects.create(
        message=message, user=stranger, channel=Channel.EMAIL, state=S.FAILED, next_attempt_at=MONDAY
    )
    assert "南安市" not in text(office.get(LEDGER))
    url = reverse("delivery_decide", args=[delivery.pk])
    assert office.post(url, {"decision": "resend"}).status_code == 404


# --- what is in doubt -------------------------------------------------------------------------------------


def test_a_doubtful_delivery_is_sent_again_by_a_person(office, doubtful):
    page = text(office.get(LEDGER))
    assert "需要处理的消息（1 条）" in page
    assert "视为已发" in page
    url = reverse("delivery_decide", args=[doubtful.pk])
    assert "已排入重发" in text(office.post(url, {"decision": "resend"}, follow=True))
    doubtful.refresh_from_db()
    assert doubtful.state == S.PENDING
    assert "不需要处理" in text(office.post(url, {"decision": "sent"}, follow=True))


def test_a_doubtful_delivery_is_taken_for_sent_by_a_person(office, doubtful):
    url = reverse("delivery_decide", args=[doubtful.pk])
    office.post(url, {"decision": "sent"})
    doubtful.refresh_from_db()
    assert doubtful.state == S.SENT
    assert office.get(url).status_code == 405


# --- what comes next --------------------------------------------------------------------------------------


def test_coming_shows_ten_working_days_with_who_gets_what(office, composed, django_assert_num_queries):
    with django_assert_num_queries(11):
        page = text(office.get(COMING))
    assert "7月24日 星期三" in page
    assert "8月2日 星期五" in page
    assert "7月27日" not in page  # a Saturday
    assert "3 个单位：三元区" in page
    assert "（林晓燕、吴志强）" in page
    assert "没有可通知的人：市医保局、市财政局" in page
    assert "没有提醒" in page


def test_coming_warns_of_years_nobody_entered(login, composed):
    page = text(login(composed.office, at=datetime(2025, 11, 3, 9, tzinfo=SHANGHAI)).get(COMING))
    assert "2026年的放假和调休还没有录入" in page


# --- the ladder -------------------------------------------------------------------------------------------


def rows(*rungs: tuple[str, str], **more: object) -> dict[str, object]:
    data: dict[str, object] = {"form-TOTAL_FORMS": str(len(rungs)), "form-INITIAL_FORMS": "0"}
    for n, (offset, repeat_every) in enumerate(rungs):
        data |= {f"form-{n}-offset": offset, f"form-{n}-repeat_every": repeat_every}
        data |= {f"form-{n}-tells": ["filler", "signer"], f"form-{n}-channel": "email"}
    return data | more


def test_the_ladder_shows_its_days_in_every_period(admin, plan, period, at):
    load_official_days([2024], by=None, at=at)
    ReportingPeriod.objects.create(
        plan=plan, kind=PeriodKind.FULL_YEAR, opens_on=date(2024, 11, 20), due_on=date(2024, 11, 24)
    )
    page = text(admin.get(reverse("ladder", args=[plan.pk])))
    assert 'value="-10"' in page
    assert "7月11日 星期四" in page
    assert "开放前" in page
    assert "全年的截止日 11月24日 是休息日，此前最后一个工作日是 11月22日" in page


def test_changing_the_ladder(admin, plan, period):
    url = reverse("ladder", args=[plan.pk])
    response = admin.post(
        url, rows(("-7", ""), ("", ""), ("0", ""), ("2", "3"), ("", ""), ("-1", "")), follow=True
    )
    assert "已保存“填报”的提醒规则" in text(response)
    changed = queries.ladder_of(plan, filing.KIND)
    assert [(rung.offset, rung.repeat_every) for rung in changed] == [
        (-7, None),
        (-1, None),
        (0, None),
        (2, 3),
    ]
    assert {rung.tells for rung in changed} == {frozenset({"filler", "signer"})}
    assert queries.ladder_of(plan, notice.KIND) == list(notice.KIND.rungs)
    assert "之后每3个工作日" in text(admin.get(url))


@pytest.mark.parametrize(
    ("rungs", "problem"),
    [
        ([("", "")], "至少保留一个提醒时点"),
        ([("-3", ""), ("-3", "")], "T-3 重复了"),
        ([("-3", "5")], "只有截止日之后的时点可以重复"),
        ([("1", "5"), ("3", "")], "只有最后一个时点可以重复"),
        ([("-99", "")], "截止日前后 60 个工作日以内"),
        ([("", "5")], "请填写提醒时点"),
        ([("1", "0")], "确保该值大于或等于1"),
        ([("x", "")], "请填整数（如 -3、0、1），或填“开始”"),
    ],
)
def test_a_ladder_that_cannot_be_is_refused_and_what_was_typed_stays(admin, plan, rungs, problem):
    response = admin.post(reverse("ladder", args=[plan.pk]), rows(*rungs))
    assert problem in text(response)
    assert not plan.rungs.exists()
    assert queries.ladder_of(plan, filing.KIND) == list(filing.KIND.rungs)


def test_another_issuers_ladder_is_not_found(admin, plan, city):
    plan.issuer = city.parent
    plan.save()
    assert admin.get(reverse("ladder", args=[plan.pk])).status_code == 404


def test_words_audience_and_channel_are_the_offices_to_change(login, people, plan, period):
    client = login(people.office)
    url = reverse("ladder_of", args=[plan.pk, "notice"])
    typed = rows(("开始", ""), ("1", "2")) | {
        "form-0-words": "请{单位}于{时限}前回复。",
        "form-0-channel": "in_app",
        "form-1-tells": ["office"],
    }
    assert "已保存“督查单”的提醒规则" in text(client.post(url, typed, follow=True))
    first, second = queries.ladder_of(plan, notice.KIND)
    assert (first.channel, first.words) == ("in_app", "请{单位}于{时限}前回复。")
    assert (second.tells, second.repeat_every) == ({"office"}, 2)
    assert queries.ladder_of(plan, filing.KIND) == list(filing.KIND.rungs)
    assert client.get(reverse("ladder_of", args=[plan.pk, "nonsense"])).status_code == 404


def test_words_are_tried_on_a_real_unit_and_nothing_is_saved(login, people, plan, period, units):
    client = login(people.office)
    typed = rows(("-3", ""), ("1", "")) | {
        "form-0-words": "请{单位}于{时限}前报送，{剩余}。", "form-1-words": "{谁}", "unit": units["将乐县"].pk,
    }  # fmt: skip
    page = text(client.post(reverse("ladder_preview", args=[plan.pk, "filing", 0]), typed))
    assert "请将乐县于2024年7月25日（星期四）前报送，还有3个工作日（3天）。" in page
    page = text(client.post(reverse("ladder_preview", args=[plan.pk, "filing", 1]), typed))
    assert "不认识“{谁}”" in page
    assert "还没有填好" in text(client.post(reverse("ladder_preview", args=[plan.pk, "filing", 7]), typed))
    assert not plan.rungs.exists()
    for kind in KINDS:
        typed = rows(("0" if kind == "interview" else "1", "")) | {"unit": units["将乐县"].pk}
        assert "将乐县" in text(client.post(reverse("ladder_preview", args=[plan.pk, kind, 0]), typed))


# --- one's own messages -----------------------------------------------------------------------------------


def test_the_badge_counts_and_reading_clears_it(login, composed):
    client = login(composed.filler)
    page = text(client.get(INBOX))
    assert '>1<span class="visually-hidden"> 条未读' in page
    mine = queries.inbox_of(composed.filler).get()
    message = text(client.get(reverse("inbox_read", args=[mine.pk])))
    assert "将乐县：" in message
    assert reverse("report", args=[composed.filler.unit.reports.get().pk]) in message
    assert "条未读" not in text(client.get(INBOX))


def test_all_can_be_marked_as_read_at_once(login, composed):
    client = login(composed.filler)
    assert "已全部标为已读" in text(client.post(INBOX, follow=True))
    assert queries.inbox_of(composed.filler).unread().count() == 0


def test_somebody_elses_message_is_not_found(login, composed):
    theirs = queries.inbox_of(composed.signer).get()
    assert login(composed.filler).get(reverse("inbox_read", args=[theirs.pk])).status_code == 404
    assert queries.inbox_of(composed.signer).unread().count() == 1


def test_an_empty_inbox_says_what_it_is_for(login, people):
    assert "还没有消息" in text(login(people.office).get(INBOX))


def test_the_inbox_takes_the_same_statements_for_one_message_and_for_three(
    login, composed, django_assert_num_queries
):
    client = login(composed.filler)
    with django_assert_num_queries(6):
        client.get(INBOX)
    actions.compose_reminders(at=MONDAY + timedelta(days=2))
    actions.compose_reminders(at=MONDAY + timedelta(days=3))
    with django_assert_num_queries(6):
        client.get(INBOX)


# --- who may ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["filler", "signer", "leader", "admin", "auditor"])
def test_the_ledger_is_the_offices(login, composed, doubtful, part):
    client = login(getattr(composed, part))
    assert client.get(LEDGER).status_code == 404
    assert client.get(COMING).status_code == 404
    assert client.post(reverse("delivery_decide", args=[doubtful.pk])).status_code == 404
    doubtful.refresh_from_db()
    assert doubtful.state == S.UNCERTAIN


@pytest.mark.parametrize("part", ["filler", "signer", "leader", "auditor"])
def test_the_ladder_is_the_admins_and_the_offices(login, people, plan, part):
    client = login(getattr(people, part))
    assert client.post(reverse("ladder", args=[plan.pk]), rows(("1", ""))).status_code == 404
    assert not plan.rungs.exists()
