"""Operation: what counts as late, what is a finding, in how many statements, and the heart-beat of the jobs."""

from datetime import date, datetime, timedelta

import pytest
import redis
from django.db import DatabaseError, connection

from reform_tracker.celery import TIMETABLE, app
from tasks_app.choices import Channel, DeliveryState, Health, Role
from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.actions import load_official_days
from tasks_app.domain.operation import actions, queries, rules
from tasks_app.domain.operation.rules import LastRun, OutgoingQueue
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.models import Delivery, JobRun, Message, Plan, ReportingPeriod, Unit, User

S = DeliveryState
MONDAY = datetime(2024, 7, 22, 10, 0, tzinfo=SHANGHAI)
TODAY = date(2024, 7, 22)
NIGHT = datetime(2024, 7, 22, 22, 0, tzinfo=SHANGHAI)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
LIMIT = timedelta(minutes=5)


@pytest.fixture
def broker(redis_server, settings):
    """A broker with nothing in it."""
    settings.CELERY_BROKER_URL = redis_server.url
    with redis.Redis.from_url(redis_server.url) as client:
        client.flushall()
        yield client


@pytest.fixture
def in_order(broker, period, people, units, at):
    """Everything as it should be on that Monday: nothing to see to."""
    load_official_days([2024, 2025], by=None, at=at)
    open_due_periods(at=at)
    for unit in Unit.objects.filter(assignments__isnull=False).distinct():
        User.objects.get_or_create(unit=unit, role=Role.FILLER, defaults={"username": f"u{unit.pk}"})
    for job in TIMETABLE:
        actions.job_started(job, at=MONDAY - 5 * SECOND)
        actions.job_finished(job, at=MONDAY - 4 * SECOND)
    return people


def bad(at: datetime = MONDAY) -> dict[str, str]:
    return {check.key: check.words for check in queries.status(at).findings()}


def check_of(key: str, at: datetime = MONDAY) -> rules.Check:
    now = queries.status(at)
    return next(check for check in (*now.jobs, *now.checks) if check.key == key)


def waiting(people, at: datetime, *, state: str = S.PENDING, day: date = TODAY) -> Delivery:
    """A letter to the filler that could leave from `at` on."""
    message, _ = Message.objects.get_or_create(
        unit=people.filler.unit, day=day, defaults={"subject": "提醒", "body": "请填报", "created_at": at}
    )
    return Delivery.objects.create(
        message=message,
        user=people.filler,
        channel=Channel.EMAIL,
        next_attempt_at=at,
        state=state,
        sent_at=at if state == S.SENT else None,
        claimed_at=at if state == S.UNCERTAIN else None,
    )


# --- jobs ---------------------------------------------------------------------------------------------------


def judge(
    last: LastRun | None,
    *,
    begun_at: datetime | None = None,
    in_hours: bool = True,
    is_busy: bool = False,
    seconds: int = 60,
):
    interval = timedelta(seconds=seconds)
    facts = {"begun_at": begun_at, "in_hours": in_hours, "is_busy": is_busy}
    return rules.judge_job("open_periods", interval, last, at=MONDAY, **facts)


def ran(ago: timedelta) -> LastRun:
    return LastRun(MONDAY - ago, MONDAY - ago)


@pytest.mark.once
def test_a_job_is_late_after_three_intervals_and_never_within_a_minute():
    assert judge(ran(3 * MINUTE)).health == Health.GOOD
    late = judge(ran(3 * MINUTE + SECOND))
    assert (late.health, late.words) == (Health.BAD, "已有3分钟没有运行，应每1分钟一次")
    assert "定时服务（beat）" in late.advice
    assert judge(ran(MINUTE), seconds=10).health == Health.GOOD
    assert judge(ran(MINUTE + SECOND), seconds=10).health == Health.BAD


@pytest.mark.once
@pytest.mark.parametrize("last", [None, ran(14 * HOUR)], ids=["never", "yesterday"])
def test_just_started_a_job_has_its_time(last):
    for ago, health in {
        SECOND: Health.QUIET,
        3 * MINUTE: Health.QUIET,
        3 * MINUTE + SECOND: Health.BAD,
    }.items():
        assert judge(last, begun_at=MONDAY - ago).health == health
    assert judge(last, begun_at=MONDAY).words == "刚启动，尚未到首次运行时间"
    assert judge(ran(SECOND), begun_at=MONDAY).health == Health.GOOD
    assert judge(last, begun_at=MONDAY + HOUR).health == Health.BAD  # by a clock that was ahead


@pytest.mark.once
def test_a_job_that_never_ran_is_late():
    never = judge(None)
    assert (never.health, never.words) == (Health.BAD, "还没有运行过")
    assert never.advice.startswith("请确认后台作业（worker）和定时服务（beat）都在运行")


@pytest.mark.once
def test_outside_working_hours_nothing_is_late():
    for last in (None, ran(HOUR)):
        check = judge(last, in_hours=False)
        assert check.health == Health.QUIET
        assert "不是工作时间" in check.words


@pytest.mark.once
def test_a_job_waits_rightly_while_another_is_under_way():
    assert judge(ran(4 * MINUTE), is_busy=True).health == Health.GOOD
    assert LastRun(MONDAY - LIMIT).is_under_way(MONDAY, LIMIT)
    assert not LastRun(MONDAY - LIMIT - SECOND).is_under_way(MONDAY, LIMIT)  # killed
    assert not ran(MINUTE).is_under_way(MONDAY, LIMIT)
    again = LastRun(MONDAY, finished_at=MONDAY - MINUTE)
    assert again.is_under_way(MONDAY, LIMIT)


@pytest.mark.once
def test_a_run_of_the_future_is_no_run():
    """The machine's clock was ahead when the job ran, and was put right."""
    ahead = judge(ran(-8 * HOUR))
    assert ahead.health == Health.BAD
    assert ahead.words == "最近一次运行记在7月22日 18:00，比现在晚，机器的时钟可能被调过"
    assert not LastRun(MONDAY + HOUR).is_under_way(MONDAY, LIMIT)
    # The clocks of two machines differ a little.
    assert judge(ran(-SECOND)).health == Health.GOOD
    assert LastRun(MONDAY + SECOND).is_under_way(MONDAY, LIMIT)


@pytest.mark.once
def test_a_failure_stands_until_the_next_success():
    failed = LastRun(MONDAY, MONDAY - MINUTE, failed_at=MONDAY, error="ValueError: x")
    assert judge(failed).words == "最近一次运行失败：ValueError: x"
    assert judge(failed, in_hours=False).health == Health.BAD
    mended = LastRun(MONDAY, MONDAY, failed_at=MONDAY - MINUTE, error="ValueError: x")
    assert judge(mended).health == Health.GOOD


@pytest.mark.once
@pytest.mark.parametrize(
    "text",
    [
        "for url: https://qyapi.example/send?key=SECRET (Caused by x)",
        "Max retries exceeded with url: /cgi-bin/send?access_token=SECRET (Caused by x)",
        "redis://:SECRET@redis:6379/0 refused",
    ],
)
def test_an_error_is_kept_without_the_address_that_holds_a_key(text):
    words = rules.error_words(ConnectionError(text))
    assert words.startswith("ConnectionError: ")
    assert "…" in words
    assert "SECRET" not in words


@pytest.mark.once
def test_every_job_of_the_timetable_has_a_name():
    assert set(rules.JOB_NAMES) == set(TIMETABLE)


def test_the_heart_beat_is_one_row_a_job(db, django_assert_num_queries):
    with django_assert_num_queries(3):  # the statement, and the savepoint around it
        actions.job_started("open_periods", at=MONDAY)
    actions.job_failed("open_periods", ValueError("坏" * 400), at=MONDAY + SECOND)
    actions.job_started("open_periods", at=MONDAY + MINUTE)
    actions.job_finished("open_periods", at=MONDAY + MINUTE + SECOND)
    run = JobRun.objects.get()
    assert (run.started_at, run.finished_at) == (MONDAY + MINUTE, MONDAY + MINUTE + SECOND)
    assert run.failed_at == MONDAY + SECOND
    assert run.error.startswith("ValueError: 坏坏")


def test_a_heart_beat_that_cannot_be_written_stops_nothing(db, caplog):
    def refuse(execute, sql, *args):
        if sql.startswith("INSERT"):
            raise DatabaseError("no room left")
        return execute(sql, *args)

    with connection.execute_wrapper(refuse):
        actions.job_started("open_periods", at=MONDAY)
    assert "The heart-beat of open_periods was not written." in caplog.text
    assert not JobRun.objects.exists()


# --- the broker ---------------------------------------------------------------------------------------------


def test_a_broker_that_does_not_answer_is_a_finding_and_not_an_exception(in_order, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    assert bad() == {"broker": "消息服务没有应答"}
    settings.CELERY_BROKER_URL = "redis+socket:///nowhere/%E6%B7%B1.sock"
    assert bad() == {"broker": "消息服务没有应答"}


def test_a_broker_that_takes_no_more_jobs_is_a_finding(in_order, broker):
    broker.config_set("maxmemory", "1")
    try:
        assert bad() == {
            "broker": "消息服务不接收新作业：command not allowed when used memory > 'maxmemory'."
        }
    finally:
        broker.config_set("maxmemory", "0")
    assert bad() == {}


@pytest.mark.once
def test_the_age_of_the_queue_is_that_of_its_oldest_message(broker, settings):
    assert queries.broker_queue() == OutgoingQueue(0)
    with app.connection_for_write(settings.CELERY_BROKER_URL) as bus:
        for seconds in (-100, 20):  # what it has left to live: the first was sent two minutes ago
            app.send_task("tasks_app.jobs.compose_reminders", connection=bus, expires=seconds)
        assert broker.llen(queries.QUEUE) == 2
        queue = queries.broker_queue()
        assert queue.length == 2
        assert timedelta(seconds=119) <= queue.age <= timedelta(seconds=125)
        broker.delete(queries.QUEUE)
        app.send_task("another.program", connection=bus)
    assert queries.broker_queue() == OutgoingQueue(1)


@pytest.mark.once
def test_a_queue_that_nobody_empties_is_a_finding():
    def health(age: timedelta, *, in_hours: bool = True) -> str:
        return rules.judge_queue(OutgoingQueue(3, age), in_hours=in_hours, time_limit=LIMIT).health

    assert health(6 * MINUTE) == Health.GOOD
    assert health(6 * MINUTE + SECOND) == Health.BAD
    assert health(HOUR, in_hours=False) == Health.QUIET


# --- what waits in the database -----------------------------------------------------------------------------


def test_nothing_to_see_to(in_order):
    assert bad() == {}
    assert {job.words for job in queries.status(MONDAY).jobs} == {"按时运行"}


def test_a_letter_is_late_a_quarter_of_an_hour_after_its_time(in_order):
    waiting(in_order, MONDAY - 15 * MINUTE)
    assert check_of("waiting").words == "1条，最早的应于7月22日 09:45发出，正在发送"
    assert bad() == {}
    Delivery.objects.update(next_attempt_at=MONDAY - 16 * MINUTE)
    assert bad() == {"waiting": "1条，最早的应于7月22日 09:44发出，至今没有发出"}
    Delivery.objects.update(next_attempt_at=MONDAY + SECOND)
    assert check_of("waiting").words == "没有到时间未发的消息"


def test_what_was_left_on_friday_is_late_only_when_the_offices_have_been_open(in_order):
    friday = datetime(2024, 7, 19, 17, 29, tzinfo=SHANGHAI)
    waiting(in_order, friday)
    sunday, opened = friday + timedelta(days=2), datetime(2024, 7, 22, 8, 30, tzinfo=SHANGHAI)
    assert check_of("waiting", sunday).health == Health.QUIET
    assert check_of("waiting", opened + 14 * MINUTE).health == Health.GOOD
    assert check_of("waiting", opened + 15 * MINUTE).health == Health.BAD


def test_whoever_was_written_to_within_a_day_waits_rightly(in_order):
    waiting(in_order, MONDAY - 20 * HOUR, state=S.SENT, day=date(2024, 7, 21))
    waiting(in_order, MONDAY - HOUR)
    assert check_of("waiting").words == "没有到时间未发的消息"
    Delivery.objects.filter(state=S.SENT).update(sent_at=MONDAY - 25 * HOUR)
    assert check_of("waiting").health == Health.BAD


def test_doubtful_letters_are_for_a_person_and_not_for_the_machine(in_order):
    waiting(in_order, MONDAY - HOUR, state=S.UNCERTAIN)
    failed = waiting(in_order, MONDAY - HOUR, state=S.FAILED, day=date(2024, 7, 21))
    assert bad() == {"doubtful": "可能已发1条，发送失败1条"}
    assert queries.status(MONDAY).findings(by_machine=True) == []
    # The message went on by another channel.
    Delivery.objects.create(
        message=failed.message,
        user=failed.user,
        channel=Channel.SMS,
        next_attempt_at=MONDAY,
        state=S.SENT,
        sent_at=MONDAY,
    )
    assert bad() == {"doubtful": "可能已发1条，发送失败0条"}


def test_a_unit_with_nobody_to_write_to(in_order, units):
    User.objects.filter(unit=units["将乐县"], role=Role.FILLER).update(is_active=False)
    assert bad() == {"units": "1个单位没有填报员：将乐县"}


def test_a_period_whose_day_has_come_and_that_is_not_open(in_order):
    ReportingPeriod.objects.update(opened_at=None)
    assert bad() == {"periods": "到了开放日还没有开放：2024年上半年"}
    assert check_of("periods", NIGHT).health == Health.QUIET
    Plan.objects.update(closed_at=MONDAY, closed_by=in_order.office)
    assert bad() == {}  # nothing is opened any more in a settled year
    Plan.objects.update(closed_at=None, closed_by=None)
    ReportingPeriod.objects.update(opens_on=date(2024, 7, 23))
    assert bad() == {}


@pytest.mark.once
def test_the_next_year_is_asked_for_when_it_can_be_known():
    def health(month: int, *, has_this: bool = True, has_next: bool = False) -> str:
        return rules.judge_calendar(2024, month, has_this=has_this, has_next=has_next).health

    assert health(7, has_this=False, has_next=True) == Health.BAD
    assert [health(month) for month in (1, 11, 12)] == [Health.QUIET, Health.QUIET, Health.BAD]
    assert health(12, has_next=True) == Health.GOOD


@pytest.mark.once
def test_a_full_disk_and_one_that_is_not_there(settings):
    assert rules.judge_disk(rules.LEAST_FREE_BYTES).health == Health.GOOD
    assert rules.judge_disk(rules.LEAST_FREE_BYTES - 1).health == Health.BAD
    assert queries.free_bytes() > 0
    settings.VAR_DIR = settings.VAR_DIR / "gone"
    assert rules.judge_disk(queries.free_bytes()).words == "数据目录读不到"


def test_a_database_that_does_not_answer_is_a_finding(in_order):
    def refuse(execute, *args):
        raise DatabaseError("server closed the connection")

    with connection.execute_wrapper(refuse):
        now = queries.status(MONDAY)
    assert [check.key for check in now.findings()] == ["database"]
    assert now.jobs == ()


def test_the_statements_do_not_grow(in_order, django_assert_num_queries):
    with django_assert_num_queries(6):
        queries.status(MONDAY)
    for day in range(1, 20):
        waiting(in_order, MONDAY - HOUR, day=date(2024, 6, day))
    User.objects.filter(role=Role.FILLER).update(is_active=False)
    ReportingPeriod.objects.update(opened_at=None)
    with django_assert_num_queries(6):
        queries.status(MONDAY)


def test_before_anybody_has_a_task_it_does_not_say_that_every_unit_has_a_filler(broker, city, units):
    check = check_of("units")
    assert (check.health, check.words) == (Health.QUIET, "还没有给任何单位分配任务")


def test_without_any_way_out_somebody_has_to_see_to_it(in_order, settings):
    assert check_of("channels").words == "邮件"
    settings.HAS_MAIL_SERVER, settings.MAIL_FOLDER = False, ""
    assert bad() == {"channels": "没有任何外发渠道（EMAIL_URL=none），提醒只在站内，没有发给任何人"}
    assert queries.status(MONDAY).findings(by_machine=True) == []
    settings.WECOM_WEBHOOK_URL = "https://robot.example"
    assert check_of("channels").words == "企业微信"


def test_a_demonstration_says_that_letters_are_files(in_order, settings):
    settings.HAS_MAIL_SERVER, settings.MAIL_FOLDER = False, "/var/mail"
    check = check_of("channels")
    assert (check.health, check.words) == (Health.QUIET, "演示：没有邮件服务器，提醒只写成文件，没有寄出")
