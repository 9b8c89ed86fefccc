"""Decides what is in order and what is not. No database, no clock: the facts are handed in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tasks_app.choices import OUTGOING, Channel, Health
from tasks_app.clock import SHANGHAI

INTERVALS_UNTIL_LATE = 3
# A worker that is started anew needs its time, however short the interval of a job is.
NEVER_LATE_BEFORE = timedelta(minutes=1)
# A message that may leave is gone within minutes; the first ones of the morning have to share the way.
MESSAGES_LATE_AFTER = timedelta(minutes=15)
# One a day: a night may fail, two should be seen to.
BACKUP_LATE_AFTER = timedelta(days=2)
LEAST_FREE_BYTES = 1024**3
NAMES_SHOWN = 5
# The State Council says in November when the next year's days off are.
NEXT_YEAR_KNOWN_IN = 12
JOB_NAMES = {
    "open_periods": "开放填报期",
    "compose_reminders": "生成提醒消息",
    "deliver_messages": "发送消息",
    "back_up": "每日备份",
}
# Kept beside the heart-beats of the jobs: when the program was last started.
START = "start"
RESTART = "请确认后台作业（worker）和定时服务（beat）都在运行，看它们的日志，必要时重新启动。"
# What an error may quote: the address of a robot holds its key, and so does whatever follows a question mark.
ADDRESS = re.compile(r"\w+://\S+|\S*\?\S+")


@dataclass(frozen=True)
class LastRun:
    """The heart-beat of one job."""

    started_at: datetime
    finished_at: datetime | None = None
    failed_at: datetime | None = None
    error: str = ""

    @property
    def ended_at(self) -> datetime | None:
        """When a run last came to its end, good or bad."""
        return max(filter(None, (self.finished_at, self.failed_at)), default=None)

    def is_under_way(self, at: datetime, time_limit: timedelta) -> bool:
        """Tell whether a run goes on at `at`; one that began longer ago was killed."""
        has_ended = self.ended_at is not None and self.ended_at >= self.started_at
        return not has_ended and -NEVER_LATE_BEFORE <= at - self.started_at <= time_limit


@dataclass(frozen=True)
class OutgoingQueue:
    """What waits in the broker for a worker; the age is unknown when nothing waits.

    `refusal`: in its own words, why the broker takes no more jobs.
    """

    length: int
    age: timedelta | None = None
    refusal: str = ""


@dataclass(frozen=True)
class Backlog:
    """Deliveries that could have left and have not, the oldest's time, and those that a person must decide."""

    waiting: int
    oldest: datetime | None
    uncertain: int
    failed: int


@dataclass(frozen=True)
class Check:
    """How one thing stands, in words, and what to do when it is BAD.

    `by_machine`: whoever runs the machine sees to it; all else is for the office or an admin.
    """

    key: str
    name: str
    health: Health
    words: str
    advice: str = ""
    by_machine: bool = True


@dataclass(frozen=True)
class JobCheck(Check):
    """How one job of the timetable stands."""

    interval: timedelta = timedelta(0)
    last: LastRun | None = None


def error_words(error: BaseException) -> str:
    """Return what of `error` may be kept and shown: its class and text, without addresses."""
    return f"{type(error).__name__}: {ADDRESS.sub('…', str(error))}"[:300]


def late_after(interval: timedelta) -> timedelta:
    """Return how long after its last sign of life a job with `interval` counts as late."""
    return max(interval * INTERVALS_UNTIL_LATE, NEVER_LATE_BEFORE)


def judge_job(
    job: str,
    interval: timedelta,
    last: LastRun | None,
    *,
    at: datetime,
    begun_at: datetime | None = None,
    in_hours: bool,
    is_busy: bool,
) -> JobCheck:
    """Return how `job` stands at `at`.

    Outside working hours nothing is late, nor before a job had its time since the program was started at `begun_at`.
    `is_busy`: some job is under way, for which the others have to wait.
    """
    name = JOB_NAMES.get(job, job)

    def check(health: Health, words: str, advice: str = "") -> JobCheck:
        return JobCheck(job, name, health, words, advice, interval=interval, last=last)

    if last is None:
        words, is_late = "还没有运行过", True
    else:
        latest = max(last.started_at, last.ended_at or last.started_at)
        words = f"已有{span(at - latest)}没有运行，应每{span(interval)}一次"
        if at < latest:
            words = f"最近一次运行记在{moment(latest)}，比现在晚，机器的时钟可能被调过"
        is_late = not is_busy and abs(at - latest) > late_after(interval)
    if is_late:
        if begun_at is not None and timedelta(0) <= at - begun_at <= late_after(interval):
            return check(Health.QUIET, "刚启动，尚未到首次运行时间")
        if not in_hours:
            return check(Health.QUIET, f"{words}；现在不是工作时间，不影响消息")
        return check(Health.BAD, words, RESTART)
    if last and last.failed_at and (last.finished_at is None or last.failed_at > last.finished_at):
        advice = "下一次会自动再试。一直失败的，请看后台作业的日志，并把这里的错误告诉维护人员。"
        return check(Health.BAD, f"最近一次运行失败：{last.error}", advice)
    return check(Health.GOOD, "按时运行")


def judge_queue(queue: OutgoingQueue | None, *, in_hours: bool, time_limit: timedelta) -> Check:
    """Return how the broker stands; no `queue` means that it did not answer."""
    key, name = "broker", "消息服务"
    if queue is None:
        advice = "请启动消息服务（Redis），核对 REDIS_URL；它恢复后作业自动继续，消息不会丢失。"
        return Check(key, name, Health.BAD, "消息服务没有应答", advice)
    if queue.refusal:
        advice = "多半是内存到了上限（maxmemory）或磁盘已满，请腾出或加大；之后作业自动继续，消息不会丢失。"
        return Check(key, name, Health.BAD, f"消息服务不接收新作业：{queue.refusal}", advice)
    if not queue.length:
        return Check(key, name, Health.GOOD, "应答正常，没有作业在排队")
    words = f"有{queue.length}个作业在排队"
    if queue.age is not None:
        words += f"，最早的已等{span(queue.age)}"
    # A job under way may hold up all others for as long as it is allowed to last.
    if queue.age is None or queue.age <= time_limit + NEVER_LATE_BEFORE:
        return Check(key, name, Health.GOOD, f"应答正常，{words}")
    if not in_hours:
        return Check(key, name, Health.QUIET, f"{words}；现在不是工作时间，不影响消息")
    return Check(key, name, Health.BAD, f"{words}，没有人取走", RESTART)


def judge_backlog(backlog: Backlog, *, at: datetime, in_hours: bool, open_long_enough: bool) -> list[Check]:
    """Return how the messages stand: those that wait, and those that a person must decide.

    `open_long_enough`: offices were open already MESSAGES_LATE_AFTER ago.
    """
    return [_judge_waiting(backlog, at, in_hours, open_long_enough), _judge_doubtful(backlog)]


def _judge_waiting(backlog: Backlog, at: datetime, in_hours: bool, open_long_enough: bool) -> Check:
    key, name = "waiting", "待发消息"
    if backlog.oldest is None:
        return Check(key, name, Health.GOOD, "没有到时间未发的消息")
    words = f"{backlog.waiting}条，最早的应于{moment(backlog.oldest)}发出"
    if not in_hours:
        return Check(key, name, Health.QUIET, f"{words}；下一个发送时段自动发出")
    if open_long_enough and at - backlog.oldest > MESSAGES_LATE_AFTER:
        advice = "请先看“发送消息”作业是否按时运行，再用 manage.py check_channels 试各个渠道。"
        return Check(key, name, Health.BAD, f"{words}，至今没有发出", advice)
    return Check(key, name, Health.GOOD, f"{words}，正在发送")


def _judge_doubtful(backlog: Backlog) -> Check:
    key, name = "doubtful", "存疑消息"
    if not backlog.uncertain and not backlog.failed:
        return Check(key, name, Health.GOOD, "没有", by_machine=False)
    words = f"可能已发{backlog.uncertain}条，发送失败{backlog.failed}条"
    advice = "请市医改办在“提醒”页逐条决定重发或视为已发；邮箱、手机号有误的，请管理员更正。"
    return Check(key, name, Health.BAD, words, advice, by_machine=False)


def judge_channels(configured: Sequence[Channel]) -> Check:
    """Return whether messages can leave the house by one of the `configured` channels."""
    key, name = "channels", "外发渠道"
    if outgoing := [kind.label for kind in OUTGOING if kind in configured]:
        return Check(key, name, Health.GOOD, "、".join(outgoing), by_machine=False)
    if Channel.FILE in configured:
        words = "演示：没有邮件服务器，提醒只写成文件，没有寄出"
        return Check(key, name, Health.QUIET, words, by_machine=False)
    words = "没有任何外发渠道（EMAIL_URL=none），提醒只在站内，没有发给任何人"
    advice = "请在 .env 里把 EMAIL_URL 设为邮件服务器，或接通企业微信、钉钉、短信，再用 manage.py check_channels 试发。"
    return Check(key, name, Health.BAD, words, advice, by_machine=False)


def judge_units(with_tasks: Sequence[tuple[str, bool]]) -> Check:
    """Return whether every unit that has tasks, by name, has somebody who fills in."""
    key, name = "units", "无人接收的单位"
    if not with_tasks:
        return Check(key, name, Health.QUIET, "还没有给任何单位分配任务", by_machine=False)
    without_recipient = [unit for unit, has_recipient in with_tasks if not has_recipient]
    if not without_recipient:
        return Check(key, name, Health.GOOD, "没有，有任务的单位都有填报员", by_machine=False)
    words = f"{len(without_recipient)}个单位没有填报员：{some_of(without_recipient)}"
    advice = "请管理员在“人员”页为它们建立填报员账号，建好后系统自动补发提醒。"
    return Check(key, name, Health.BAD, words, advice, by_machine=False)


def judge_periods(not_opened: Sequence[str], *, in_hours: bool) -> Check:
    """Return whether every period whose day has come is open."""
    key, name = "periods", "填报期开放"
    if not not_opened:
        return Check(key, name, Health.GOOD, "到期的都已开放")
    words = f"到了开放日还没有开放：{some_of(not_opened)}"
    if not in_hours:
        return Check(key, name, Health.QUIET, words)
    advice = "“开放填报期”作业每分钟检查一次，会自动开放；一直没有开放的，请看后台作业的日志。"
    return Check(key, name, Health.BAD, words, advice)


def judge_calendar(year: int, month: int, *, has_this: bool, has_next: bool) -> Check:
    """Return whether the days off of `year` and the next one are known as far as they can be in `month`."""
    key, name = "calendar", "工作日历"
    if not has_this:
        words = f"{year}年的放假和调休没有录入，工作日按周一至周五计算，时限可能不准"
        advice = f"请管理员在“工作日历”页录入{year}年的放假安排。"
        return Check(key, name, Health.BAD, words, advice, by_machine=False)
    if has_next:
        return Check(key, name, Health.GOOD, f"{year}年、{year + 1}年都已录入", by_machine=False)
    if month < NEXT_YEAR_KNOWN_IN:
        words = f"{year}年已录入；{year + 1}年的放假安排一般在11月公布，公布后请录入"
        return Check(key, name, Health.QUIET, words, by_machine=False)
    words = f"{year + 1}年的放假和调休还没有录入"
    advice = f"请管理员在“工作日历”页录入{year + 1}年的放假安排。"
    return Check(key, name, Health.BAD, words, advice, by_machine=False)


def judge_disk(free_bytes: int | None) -> Check:
    """Return whether there is room where the data lie; None means that the folder cannot be read."""
    key, name = "disk", "磁盘空间"
    if free_bytes is None:
        return Check(key, name, Health.BAD, "数据目录读不到", "请检查 VAR_DIR 指向的目录是否存在、可写。")
    words = f"数据目录剩余{free_bytes / 1024**3:.1f} GB"
    if free_bytes >= LEAST_FREE_BYTES:
        return Check(key, name, Health.GOOD, words)
    advice = "请清理旧的备份和日志，或者扩大磁盘；写满后填报和佐证材料会保存不了。"
    return Check(key, name, Health.BAD, words, advice)


def judge_backup(newest: datetime | None, at: datetime) -> Check:
    """Return whether the newest backup is young enough."""
    key, name = "backup", "备份"
    if newest is None:
        return Check(key, name, Health.QUIET, "还没有备份；系统每天凌晨1时以后自动备份一次")
    words = f"最近一次备份在{moment(newest)}"
    if at - newest <= BACKUP_LATE_AFTER:
        return Check(key, name, Health.GOOD, words)
    advice = "请看“每日备份”作业和磁盘空间，或运行 manage.py backup；备份目录由 BACKUP_DIR 设定。"
    return Check(key, name, Health.BAD, f"{words}，已有{span(at - newest)}没有新的备份", advice)


def judge_hold(held_at: datetime | None) -> Check:
    """Return whether messages may leave, or have been held back since a restore."""
    key, name = "hold", "外发放行"
    if held_at is None:
        return Check(key, name, Health.GOOD, "没有暂停", by_machine=False)
    words = f"{moment(held_at)}从备份恢复，此后一条消息也没有外发"
    advice = "请市医改办在本页点“查看待发名单”，看过后放行。"
    return Check(key, name, Health.BAD, words, advice, by_machine=False)


def judge_database(*, answers: bool) -> Check:
    """Return whether the database answers."""
    key, name = "database", "数据库"
    if answers:
        return Check(key, name, Health.GOOD, "应答正常")
    advice = "请启动数据库，核对 DATABASE_URL；程序刚升级的，请先运行 manage.py migrate。"
    return Check(key, name, Health.BAD, "数据库没有应答，或者表结构还没有更新", advice)


def span(duration: timedelta) -> str:
    """Return a length of time in words, in the largest unit that fits: 40秒, 5分钟, 3小时, 2天."""
    seconds = round(duration.total_seconds())
    for size, unit in ((86400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{seconds}秒"


def moment(at: datetime) -> str:
    """Return a moment in words: 7月22日 08:30."""
    local = at.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def some_of(names: Sequence[str]) -> str:
    """Return the first names, and how many there are where they are too many to read."""
    shown = "、".join(names[:NAMES_SHOWN])
    return f"{shown}等{len(names)}个" if len(names) > NAMES_SHOWN else shown
