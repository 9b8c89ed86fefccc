"""Two bureaus become one: tasks, words, numbers and accounts follow; what was filed stays and is answered for."""

from datetime import date, datetime, timedelta

import pytest

from tasks_app.choices import AssignmentRole, CandidateKind, PeriodKind, Role, UnitKind
from tasks_app.clock import SHANGHAI
from tasks_app.domain.access.queries import own_reports
from tasks_app.domain.drafts.queries import overdue_reports
from tasks_app.domain.escalation.actions import draft_notice
from tasks_app.domain.escalation.candidates import candidate_of, candidates
from tasks_app.domain.matters.actions import answer, ask, close
from tasks_app.domain.mergers.actions import merge_unit
from tasks_app.domain.mergers.queries import ties_of
from tasks_app.domain.moves import Refused
from tasks_app.domain.plan_import.queries import unit_index
from tasks_app.domain.reminders.actions import compose_reminders
from tasks_app.domain.reminders.obligations import obligations
from tasks_app.domain.reporting.actions import open_due_periods, save_entry, submit_report
from tasks_app.domain.reporting.queries import previous_entries, reports_of, required_entries
from tasks_app.domain.review.actions import return_report
from tasks_app.domain.units.actions import set_active
from tasks_app.models import Assignment, AuditEvent, Matter, Message, Report, ReportingPeriod, Unit, User

BASIS = "明委编〔2024〕9号"
AUTUMN = datetime(2024, 9, 2, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def bureaus(plan, city, units, people) -> dict[str, Unit]:
    """文旅局 and 体育局 with task 3, which 财政局 leads; the new bureau; a filler each for the old ones."""
    new = Unit.objects.create(
        code="WLT", name="市文旅体局", short_name="文旅体局", kind=UnitKind.BUREAU, parent=city, position=40
    )
    made = {"市文旅局": units["市文旅局"], "市体育局": units["市体育局"], new.name: new}
    task = plan.tasks.get(number=3)
    for n, name in enumerate(("市文旅局", "市体育局")):
        Assignment.objects.create(task=task, unit=made[name], role=AssignmentRole.SUPPORT, position=10 + n)
        User.objects.create(username=f"filler{n}", name=name, role=Role.FILLER, unit=made[name])
    return made


def write(unit: Unit, words: str, at: datetime, *, status: str = "on_track", file: bool = False) -> Report:
    report = Report.objects.filter(unit=unit).order_by("period__due_on").last()
    filler = User.objects.filter(unit=unit, role=Role.FILLER).first()
    report.filler_phone = report.filler_name = "1"
    report.save()
    values = {
        "progress": words,
        "forecast": "年底完成。",
        "status": status,
        "cause": "funds",
        "outlook": "hard",
    }
    for entry in required_entries(report):
        save_entry(report.pk, entry.pk, values=values, version=entry.version, by=filler, at=at)
    if file:
        submit_report(report.pk, by=filler, at=at)
    return report


def merge(bureaus, people, at, *names, **given):
    for name in names:
        options = {"basis": BASIS, "with_people": True, "by": people.admin, "at": at} | given
        merge_unit(bureaus[name].pk, bureaus["市文旅体局"], **options)


def test_tasks_words_and_people_follow(bureaus, plan, period, people, at):
    open_due_periods(at=at)
    write(bureaus["市文旅局"], "场馆已开放。", at, file=True)
    write(bureaus["市体育局"], "步道已建成。", at, file=True)
    later = at + timedelta(days=1)
    merge(bureaus, people, later, "市文旅局", "市体育局")
    new = bureaus["市文旅体局"]
    assert list(plan.tasks.filter(assignments__unit=new).values_list("number", flat=True)) == [3]
    assert set(User.objects.filter(unit=new).values_list("name", flat=True)) == {"市文旅局", "市体育局"}
    period = ReportingPeriod.objects.create(
        plan=plan, kind=PeriodKind.THREE_QUARTERS, opens_on=date(2024, 9, 1), due_on=date(2024, 9, 25)
    )
    open_due_periods(at=AUTUMN)
    assert not Report.objects.filter(period=period, unit__is_active=False).exists()
    report = Report.objects.get(period=period, unit=new)
    (last,) = previous_entries(report).values()
    assert last.progress == "市文旅局：场馆已开放。\n市体育局：步道已建成。"
    names = {report.unit.name for report in reports_of(new)}
    assert names == {"市文旅局", "市体育局", "市文旅体局"}


def test_a_form_that_never_left_goes_over_with_its_words(bureaus, period, people, at):
    open_due_periods(at=at)
    first = write(bureaus["市文旅局"], "场馆已开放。", at)
    write(bureaus["市体育局"], "步道已建成。", at)
    merge(bureaus, people, at, "市文旅局", "市体育局")
    report = Report.objects.get(unit=bureaus["市文旅体局"])
    assert (report.pk, report.entries.get().progress) == (first.pk, "场馆已开放。")
    # Both wrote on the task: the other's words stand beside the box, nothing is lost or overwritten.
    (beside,) = previous_entries(report).values()
    assert beside.progress == "市体育局：步道已建成。"
    owing = [each.unit_name for each in obligations(at, units=[u.pk for u in bureaus.values()])]
    assert owing == ["市文旅体局"]


def test_a_filed_report_that_comes_back_is_the_successors_to_mend(bureaus, period, people, at):
    open_due_periods(at=at)
    report = write(bureaus["市文旅局"], "场馆已开放。", at, file=True)
    merge(bureaus, people, at, "市文旅局")
    return_report(report.pk, submission=1, reasons={None: "请补充数据"}, by=people.office, at=at)
    filler = User.objects.get(unit=bureaus["市文旅体局"])
    assert report in own_reports(filler, at.date())
    (owed,) = [o for o in obligations(at, units=[filler.unit_id]) if o.thing == report.pk]
    assert (owed.unit, owed.unit_name) == (filler.unit_id, "市文旅体局")
    submit_report(report.pk, by=filler, at=at)
    assert report.submissions.count() == 2


def test_what_a_merged_unit_filed_still_waits_for_the_office_under_the_new_name(
    bureaus, period, people, city, at
):
    open_due_periods(at=at)
    report = write(bureaus["市文旅局"], "场馆已开放。", at, file=True)
    merge(bureaus, people, at, "市文旅局")
    late = at + timedelta(days=4)  # four working days: the office is told of what waits so long
    (waiting,) = [o for o in obligations(late, issuers=[city.pk]) if o.kind.code == "review"]
    assert (waiting.thing, waiting.unit_name) == (report.pk, "市文旅体局")
    compose_reminders(at=late)
    message = Message.objects.get(unit=city)
    assert (
        f"市文旅体局2024年上半年填报，已报送，等候审阅，已等候4个工作日：http://127.0.0.1:8000/review/{report.pk}"
        in message.body
    )


def test_what_a_closed_unit_filed_is_reviewed_all_the_same(bureaus, period, people, city, at):
    """It lies in the office's queue like any other; only the unit is asked for nothing more."""
    open_due_periods(at=at)
    report = write(bureaus["市文旅局"], "场馆已开放。", at, file=True)
    set_active(bureaus["市文旅局"], False, by=people.admin, at=at)
    owed = {o.thing: o.kind.code for o in obligations(at + timedelta(days=4), issuers=[city.pk])}
    assert owed[report.pk] == "review"
    of_unit = obligations(at + timedelta(days=4), units=[report.unit_id])
    assert [o for o in of_unit if not o.kind.for_office] == []


def test_what_is_open_is_the_successors_and_what_is_over_stays(bureaus, period, people, units, at):
    open_due_periods(at=at)
    report = write(bureaus["市文旅局"], "场馆已开放。", at, file=True)
    asking = {"text": "请协助", "due_on": None, "by": people.bureau_filler, "at": at}
    own = Report.objects.get(unit=people.bureau_filler.unit)
    first, second = (
        ask(own.pk, own.entries.first().pk, addressee=bureaus["市文旅局"], **asking) for _ in range(2)
    )
    answer(second.pk, text="已协助", by=User.objects.get(unit=bureaus["市文旅局"]), at=at)
    close(second.pk, by=people.bureau_filler, at=at)
    merge(bureaus, people, at, "市文旅局")
    found = dict(Matter.objects.values_list("pk", "addressee__name"))
    assert (found[first.pk], found[second.pk]) == ("市文旅体局", "市文旅局")
    report.refresh_from_db()
    assert report.unit == bureaus["市文旅局"]


def test_a_returned_report_that_does_not_come_back_is_suggested_under_the_new_name(
    bureaus, period, people, city, at
):
    open_due_periods(at=at)
    report = write(bureaus["市文旅局"], "场馆已开放。", at, file=True)
    return_report(report.pk, submission=1, reasons={None: "请补充数据"}, by=people.office, at=at)
    merge(bureaus, people, at, "市文旅局")
    write(bureaus["市体育局"], "步道已建成。", at)  # never filed: what it typed is the new bureau's
    merge(bureaus, people, at, "市体育局")
    late, new = at + timedelta(days=30), bureaus["市文旅体局"]
    form = Report.objects.get(unit=new)
    returned = f"returned:{report.pk}:{report.due_on}"
    of_new = {each.thing: each.subject for each in candidates(city, late) if each.unit == new}
    assert of_new == {
        f"filing:{form.pk}:{form.due_on}": "市文旅体局2024年上半年填报逾期未报",
        returned: "市文旅体局2024年上半年填报退回后逾期未重报",
    }
    assert overdue_reports(new, late) == [report, form]
    text = {"title": "填报退回后逾期未重报", "grounds": "至今未报。", "requirement": "请报送。"}
    limits = {"colour": "blue", "reply_due_on": late.date() + timedelta(days=14)}
    assert draft_notice(returned, **text, **limits, by=people.office, at=late).unit == new


def test_a_task_that_lagged_is_the_successors_until_it_has_spoken_itself(
    bureaus, plan, period, people, city, at
):
    open_due_periods(at=at)
    culture = write(bureaus["市文旅局"], "场馆未开工。", at, status="not_started", file=True)
    write(bureaus["市体育局"], "步道已建成。", at, file=True)
    merge(bureaus, people, at, "市文旅局", "市体育局")
    new = bureaus["市文旅体局"]

    def lagging(moment: datetime) -> list[tuple[str, Unit]]:
        found = candidates(city, moment)
        return [(each.thing, each.unit) for each in found if each.kind == CandidateKind.TASK]

    thing = f"task:{bureaus['市文旅局'].pk}:{plan.tasks.get(number=3).pk}:{period.pk}"
    assert lagging(at) == [(thing, new)]
    grounds = dict(candidate_of(city, thing, at).lines)
    assert grounds["事项"].startswith("市文旅局（已并入市文旅体局）在2024年上半年填报中对“3.")
    ReportingPeriod.objects.create(
        plan=plan, kind=PeriodKind.THREE_QUARTERS, opens_on=date(2024, 9, 1), due_on=date(2024, 9, 25)
    )
    open_due_periods(at=AUTUMN)
    assert lagging(AUTUMN) == [(thing, new)]
    write(new, "场馆已开工。", AUTUMN, file=True)
    assert lagging(AUTUMN) == []
    assert culture.unit == bureaus["市文旅局"]


def test_the_weightier_role_stays(bureaus, plan, units, people, at):
    task = plan.tasks.get(number=3)
    Assignment.objects.create(task=task, unit=bureaus["市文旅体局"], role=AssignmentRole.SUPPORT, position=20)
    Assignment.objects.filter(task=task, unit=bureaus["市文旅局"]).update(role=AssignmentRole.LEAD)
    merge(bureaus, people, at, "市文旅局")
    assert task.assignments.get(unit=bureaus["市文旅体局"]).role == AssignmentRole.LEAD
    assert not task.assignments.filter(unit=bureaus["市文旅局"]).exists()


def test_the_next_table_finds_the_successor_by_the_old_name(bureaus, city, people, at):
    merge(bureaus, people, at, "市文旅局")
    assert [unit.name for unit in unit_index(city).find("市文旅局")] == ["市文旅体局"]


def test_it_says_what_hangs_on_a_unit(bureaus, period, at):
    open_due_periods(at=at)
    ties = ties_of(bureaus["市文旅局"], at)
    assert (ties.tasks, ties.lead, ties.open, ties.people) == (1, 0, "填报1件", 1)
    assert len(ties.sentences()) == 3
    assert ties_of(bureaus["市文旅体局"], at).sentences() == []


def test_what_cannot_be_is_refused(bureaus, city, people, at):
    with pytest.raises(Refused, match="请填写依据"):
        merge(bureaus, people, at, "市文旅局", basis=" ")
    with pytest.raises(Refused, match="接续单位"):
        merge_unit(bureaus["市文旅局"].pk, city, basis=BASIS, with_people=True, by=people.admin, at=at)
    assert not Unit.objects.filter(is_active=False).exists()
    merge(bureaus, people, at, "市文旅局")
    with pytest.raises(Refused, match="已并入"):
        set_active(bureaus["市文旅局"], True, by=people.admin, at=at)
    assert AuditEvent.objects.filter(note__contains=BASIS).exists()
