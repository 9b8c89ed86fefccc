"""A demonstration led through a half-year: something of every kind, for backups and the dumps of tests/data/dumps.

At an issue's end, on an empty VAR_DIR: `manage.py migrate`, `python -m tests.filled_city`, then
`manage.py backup --to tests/data/dumps/<commit>.jsonl.gz`. A line for whatever is new belongs here before.
"""

import os
from base64 import b64decode
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reform_tracker.settings")
    django.setup()

from django.core.management import call_command

from tasks_app.choices import (
    AssignmentRole,
    IndicatorKind,
    IndicatorState,
    PeriodKind,
    Reporters,
    Role,
    Total,
)
from tasks_app.clock import SHANGHAI
from tasks_app.domain.amendments.actions import change_units
from tasks_app.domain.escalation import actions as escalation
from tasks_app.domain.escalation.rules import filing_thing
from tasks_app.domain.evidence.actions import attach
from tasks_app.domain.extensions import actions as extensions
from tasks_app.domain.feeds.actions import make_feed
from tasks_app.domain.indicators.actions import accept_proposed, decide_gatherings
from tasks_app.domain.indicators.gathering import Gathering, UnitPart
from tasks_app.domain.indicators.gatherings import gathering_rows
from tasks_app.domain.instructions import actions as instructions
from tasks_app.domain.interviews import actions as interviews
from tasks_app.domain.interviews.rules import Demand
from tasks_app.domain.matters import actions as matters
from tasks_app.domain.mergers.actions import merge_unit
from tasks_app.domain.operation.actions import job_finished, job_started
from tasks_app.domain.plan.actions import set_period
from tasks_app.domain.plan.queries import leading_units
from tasks_app.domain.plan.rules import PeriodDates
from tasks_app.domain.practices import actions as practices
from tasks_app.domain.presence.actions import note_presence
from tasks_app.domain.reminders.actions import compose_reminders, set_ladder
from tasks_app.domain.reminders.delivering import deliver_messages
from tasks_app.domain.reminders.kinds import filing
from tasks_app.domain.reminders.queries import ladder_of
from tasks_app.domain.reporting import actions as reporting
from tasks_app.domain.reporting.entry_values import FigureGiven, TickGiven
from tasks_app.domain.review import actions as review
from tasks_app.domain.stand_ins.actions import name_stand_in
from tasks_app.domain.verification import actions as verification
from tasks_app.domain.verification.rules import ASKED_FOR
from tasks_app.models import Indicator, Interview, Matter, Plan, Report, ReportingPeriod, User

FILED = {
    "jiangle": "专班已组建，医防融合培训3期、120人次。",
    "sanyuan": "公共卫生管理中心挂牌运行。",
    "wjw": "牵头制定方案并印发（明卫〔2024〕12号）。",
    "youxi": "完成总医院章程修订；“一病一品”推进中。",
}
PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
LIMIT = date(2024, 7, 25)


def on(month: int, day: int, hour: int = 9) -> datetime:
    """Return a moment of 2024 in Shanghai."""
    return datetime(2024, month, day, hour, tzinfo=SHANGHAI)


def person(username: str) -> User:
    """Return somebody of the demonstration."""
    return User.objects.select_related("unit").get(username=username)


def report_of(username: str) -> Report:
    """Return the first half-year's report of somebody's unit."""
    return Report.objects.select_related("unit").get(unit=person(username).unit, period__due_on=LIMIT)


def fill() -> None:
    """Make the demonstration and let its people act from July to September 2024."""
    call_command("seed_demo", quiet=True)
    accept_proposed(
        Plan.objects.get(),
        Indicator.objects.filter(state=IndicatorState.PROPOSED).values_list("pk", flat=True)[:4],
        by=person("admin"),
        at=on(7, 15),
    )
    say_who_reports()
    remind(on(7, 15))
    for username, words in FILED.items():
        write(username, words, on(7, 18))
    ask_others()
    remind(on(7, 22))
    hand_in()
    look_through()
    ask_for_more()
    remind(on(7, 26))
    escalate()
    interview()
    choose_for_themselves()
    change_the_table()
    reporting.open_due_periods(at=on(9, 1))
    remind(on(9, 2))
    move_a_limit()


def say_who_reports() -> None:
    """Decide who reports the accepted numbers: counties with shares, counties for themselves, a bureau beside them."""
    plan = Plan.objects.get()
    for row in gathering_rows(plan):
        counties = [each.pk for each in row.candidates if each.is_county]
        share = (row.indicator.value / len(counties)).quantize(Decimal(1)) if counties else None
        if row.indicator.kind == IndicatorKind.CUMULATIVE:
            parts = {unit: UnitPart(share) for unit in counties}
            decided = Gathering(Reporters.COUNTIES.value, Total.SUM.value, parts=parts)
        else:
            decided = Gathering(Reporters.COUNTIES.value, Total.EACH.value)
        if row.indicator.name.startswith("培训"):
            owner = next(each.pk for each in row.candidates if each.name == "市红十字会")
            decided = Gathering(Reporters.COUNTIES.value, Total.OWNER.value, owner)
        key = row.indicator.pk
        decide_gatherings(plan, {key: decided}, seen={key: row.mark}, by=person("admin"), at=on(7, 15))


def remind(at: datetime) -> None:
    """Write and send the messages that are due."""
    compose_reminders(at=at)
    deliver_messages(at=at)


def write(username: str, words: str, at: datetime) -> None:
    """Fill in all tasks of one unit, the first with its measures, numbers and a file; the fourth contradicts itself."""
    filler, report = person(username), report_of(username)
    for place, entry in enumerate(report.entries.select_related("task").order_by("task__number")):
        values = {"progress": f"{words}（任务{entry.task.number}）", "forecast": "年底前完成。"}
        status = {1: "behind", 3: "done"}.get(place, "on_track")
        values |= {"status": status, "remarks": "无" if place == 2 else ""}
        if status == "behind":
            values |= {"cause": "staff", "outlook": "hard"}
        measures = {m.pk: TickGiven(state="under_way") for m in entry.task.measures.all()[:2]}
        figures = {
            one.pk: FigureGiven(value="12.5", as_of="2024-06-30", source="统计月报")
            for one in entry.task.indicators.filter(state=IndicatorState.ACCEPTED)
        }
        reporting.save_entry(
            report.pk, entry.pk, values=values, version=0, ticks=measures, figures=figures, by=filler, at=at
        )
    header = {"filler_name": filler.name, "filler_phone": "0598-8000000", "filled_on": at.date()}
    reporting.save_header(report.pk, **header, version=0, by=filler, at=at)
    first = report.entries.order_by("task__number").first()
    attach(report.pk, first.pk, name="会议照片.png", size=len(PICTURE), content=PICTURE, by=filler, at=at)


def ask_others() -> None:
    """Ask another unit to coordinate, the office for more time, a colleague to stand in; offer good practice."""
    filler, report = person("jiangle"), report_of("jiangle")
    entry = report.entries.order_by("task__number").first()
    about = {"by": filler, "at": on(7, 19)}
    asked = matters.ask(
        report.pk,
        entry.pk,
        text="请协调医保结算数据接口。",
        addressee=person("ybj").unit,
        due_on=date(2024, 8, 15),
        **about,
    )
    matters.answer(asked.pk, text="已列入计划，8月10日前开放。", by=person("ybj"), at=on(7, 22))
    matters.ask(report.pk, entry.pk, text="请市里明确编制口径。", addressee=None, due_on=None, **about)
    practices.put_forward(report.pk, entry.pk, title="专班例会制度", text="每周一会，一事一单。", **about)
    late = report_of("datian")
    extensions.ask_extension(
        late.pk,
        reason="数据汇总需要时间",
        situation="已完成八成",
        wanted_on=date(2024, 7, 31),
        by=person("datian"),
        at=on(7, 19),
    )
    stand_in = {"since": date(2024, 7, 20), "until": date(2024, 8, 31)}
    name_stand_in(
        person("mingxi").unit, person("yigaiban"), Role.FILLER, **stand_in, by=person("admin"), at=on(7, 19)
    )


def hand_in() -> None:
    """Submit, directly where a unit has no signer, else through the signer, who refuses once."""
    for username in ("sanyuan", "youxi"):
        reporting.submit_report(report_of(username).pk, by=person(username), at=on(7, 23))
    for username, signer in (("jiangle", "jiangle-sq"), ("wjw", "wjw-sq")):
        report = report_of(username)
        reporting.request_signature(report.pk, by=person(username), at=on(7, 23))
        if username == "jiangle":
            reporting.refuse_signature(
                report.pk, reason="请补充数据来源。", by=person(signer), at=on(7, 23, 15)
            )
            reporting.request_signature(report.pk, by=person(username), at=on(7, 24))
        reporting.submit_report(report.pk, by=person(signer), at=on(7, 24, 11))


def look_through() -> None:
    """Accept one report, rate and note another, return a third and get it back."""
    office = {"by": person("yigaiban"), "at": on(7, 25, 10)}
    review.accept_report(report_of("sanyuan").pk, submission=1, **office)
    tasks = list(report_of("jiangle").entries.order_by("task__number").values_list("task_id", flat=True))
    review.write_note(
        report_of("jiangle").pk, tasks[0], submission=1, text="请附会议记录。", rating="behind", **office
    )
    returned = report_of("youxi")
    first = returned.entries.order_by("task__number").first()
    review.return_report(
        returned.pk, submission=1, reasons={first.task_id: "没有数据", None: "请核对"}, **office
    )
    reporting.save_entry(
        returned.pk,
        first.pk,
        values={
            "progress": "章程已修订并印发，覆盖12个分院。",
            "forecast": "",
            "status": "on_track",
            "remarks": "",
        },
        version=first.version,
        by=person("youxi"),
        at=on(7, 26),
    )
    reporting.submit_report(returned.pk, by=person("youxi"), at=on(7, 26, 10))


def ask_for_more() -> None:
    """Let a leader instruct a county, which answers, and the office, which has not; verify, and hand a request on."""
    leader, office, report = person("leader"), person("yigaiban"), report_of("jiangle")
    task, at = report.entries.get(task__number=2).task, on(7, 29)
    written = {"due_on": date(2024, 8, 5), "by": leader, "at": at}
    county = report.unit
    item = instructions.instruct(
        task.pk, unit=county, addressee=county, text="请说明为何滞后，何时补上。", **written
    )
    instructions.instruct(task.pk, unit=None, addressee=None, text="请汇总各县难点，提出建议。", **written)
    instructions.answer(
        item.pk, text="人手不足，已从县医院抽调2人，8月底前补上。", by=person("jiangle"), at=on(7, 31)
    )
    lead = leading_units(task)[0]
    asked = {"addressee": lead, "text": ASKED_FOR, "due_on": date(2024, 8, 5), "by": office, "at": at}
    found = verification.ask(report.pk, task.pk, **asked)
    given = {"holds": False, "text": "专班名单尚未印发，进度应为未启动。", "submission": 1}
    bureau = User.objects.filter(unit=lead, role=Role.FILLER)[0]
    verification.answer(found.pk, **given, by=bureau, at=on(7, 30))
    verification.ask_all(task.pk, report.period_id, **asked)
    apart = {
        "text": "请协调编制周转池使用办法。",
        "addressee": None,
        "due_on": date(2024, 8, 9),
        "cause": "staff",
    }
    matters.ask_on_task(task=task, **apart, by=person("jiangle"), at=on(7, 22))
    request = Matter.objects.coordinations().for_the_office().unanswered()[0]
    matters.refer(
        request.pk,
        addressee=person("czj").unit,
        text="请明确口径。",
        due_on=date(2024, 8, 5),
        by=office,
        at=at,
    )


def escalate() -> None:
    """Send a 督查单 to its reply, leave another at its hearing."""
    office = person("yigaiban")
    at = on(8, 5)
    words = {"title": "填报逾期未报", "grounds": "时限：7月25日", "requirement": "请补报并说明原因。"}
    for username in ("qingliu", "ninghua"):
        notice = escalation.draft_notice(
            filing_thing(report_of(username)),
            **words,
            colour="blue",
            reply_due_on=date(2024, 8, 20),
            by=office,
            at=at,
        )
        escalation.ask_for_objection(notice.pk, objection_due_on=date(2024, 8, 8), by=office, at=at)
        if username == "qingliu":
            filler = {"by": person(username), "at": on(8, 6)}
            escalation.agree_to_notice(notice.pk, **filler)
            escalation.issue_notice(notice.pk, by=office, at=on(8, 6, 15))
            escalation.acknowledge(notice.pk, by=person(username), at=on(8, 7))
            escalation.reply(notice.pk, text="正在补报，8月12日前完成。", by=person(username), at=on(8, 8))
    remind(on(8, 6, 10))


def interview() -> None:
    """Hold a 约谈 with two corrections, one answered and verified, the other open."""
    office = person("yigaiban")
    people = {"interviewee": "清流县副县长 张明", "interviewer": "市医改办主任 李华"}
    held = interviews.propose(
        person("qingliu").unit,
        plan=Plan.objects.get(),
        title="改革任务滞后",
        grounds="6月底前应完成，至今未启动。",
        by=office,
        at=on(8, 12),
    )
    place = {"planned_at": on(8, 14), "place": "市政府3号会议室"}
    interviews.notify(held.pk, **people, **place, by=office, at=on(8, 12))
    interviews.record_interview(
        held.pk,
        **people,
        held_on=date(2024, 8, 14),
        record="指出问题，作了表态。",
        by=office,
        at=on(8, 14, 17),
    )
    demands = [Demand("成立专班", date(2024, 8, 23)), Demand("编制预算", date(2024, 9, 20))]
    items = interviews.demand_corrections(held.pk, demands=demands, by=office, at=on(8, 14, 18))
    interviews.answer_correction(items[0].pk, text="专班已成立。", by=person("qingliu"), at=on(8, 20))
    interviews.verify_correction(items[0].pk, by=office, at=on(8, 21))
    assert Interview.objects.count() == 1


def choose_for_themselves() -> None:
    """Change a ladder, set a suggestion aside, take the calendar link, be at a box while the jobs run."""
    plan, report, at = Plan.objects.get(), report_of("datian"), on(8, 23)
    rungs = [*ladder_of(plan, filing.KIND)]
    rungs[-1] = replace(rungs[-1], words="请{单位}抓紧报送。")
    set_ladder(plan.pk, rungs, by=person("admin"), at=at)
    escalation.set_aside(filing_thing(report), reason="已电话沟通。", by=person("yigaiban"), at=at)
    make_feed(by=person("jiangle"), at=at)
    note_presence(report, report.entries.first(), by=person("datian"), at=at)
    job_started("open_periods", at=at)
    job_finished("open_periods", at=at)


def change_the_table() -> None:
    """Give a task to a county that has filed, which owes that entry alone, and merge two bureaus."""
    plan, admin = Plan.objects.get(), person("admin")
    task = plan.tasks.get(number=6)
    roles = dict(task.assignments.values_list("unit_id", "role")) | {
        person("jiangle").unit_id: AssignmentRole.LOCAL
    }
    (back,) = change_units(task.pk, roles, basis="明医改组〔2024〕7号", by=admin, at=on(8, 27))
    assert back.unit == person("jiangle").unit
    bureau, into = person("tyj").unit, person("wlj").unit
    merge_unit(bureau.pk, into, basis="明委编〔2024〕9号", with_people=True, by=admin, at=on(8, 28))


def move_a_limit() -> None:
    """Give the units one day more for the second period, which is open."""
    period = ReportingPeriod.objects.get(kind=PeriodKind.THREE_QUARTERS)
    later = PeriodDates(period.opens_on, date(2024, 9, 26))
    set_period(period.pk, later, today=date(2024, 9, 3), by=person("admin"), at=on(9, 3))


if __name__ == "__main__":
    fill()
