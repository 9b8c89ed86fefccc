"""The page of the reporting periods."""

from datetime import date

from django.urls import reverse

from tasks_app.choices import DayKind
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.models import Report, SpecialDay


def form(period, **days: str) -> dict[str, str]:
    fields = {"opens_on": str(period.opens_on), "due_on": str(period.due_on), "closes_on": ""} | days
    return {f"{period.kind}-{name}": day for name, day in fields.items()}


def test_the_days_are_shown_in_the_form_browsers_understand(login, people, period):
    text = login(people.admin).get(reverse("periods", args=[period.plan_id])).content.decode()
    assert 'value="2024-07-25"' in text


def test_a_limit_on_a_day_off_is_marked(login, people, period):
    address = reverse("periods", args=[period.plan_id])
    browser = login(people.admin)
    assert "还没有2024年的节假日" in browser.get(address).content.decode()
    SpecialDay.objects.create(day=date(2024, 7, 25), kind=DayKind.HOLIDAY, name="试")
    text = browser.get(address).content.decode()
    assert "7月25日（周四）不是工作日" in text
    assert "还没有2024年的节假日" not in text


def test_a_new_limit_reaches_the_drafts_and_the_person_is_told(login, people, period, at):
    open_due_periods(at=at)
    browser = login(people.admin)
    answer = browser.post(
        reverse("periods", args=[period.plan_id]), form(period, due_on="2024-07-26"), follow=True
    )
    assert "5 份尚未报送的填报改按新的截止日" in answer.content.decode()
    assert set(Report.objects.values_list("due_on", flat=True)) == {date(2024, 7, 26)}


def test_an_earlier_opening_opens_at_once(login, people, period):
    period.opens_on = date(2024, 7, 20)
    period.save()
    login(people.admin).post(reverse("periods", args=[period.plan_id]), form(period, opens_on="2024-07-10"))
    assert Report.objects.count() == 5


def test_days_that_do_not_fit_are_refused_beside_their_field(login, people, period):
    answer = login(people.admin).post(
        reverse("periods", args=[period.plan_id]), form(period, due_on="2024-06-30", closes_on="2024-06-01")
    )
    text = answer.content.decode()
    assert "按期截止日不能早于开放日。" in text
    assert "关闭日不能早于按期截止日。" in text
    period.refresh_from_db()
    assert period.due_on == date(2024, 7, 25)


def test_a_day_that_is_none_is_refused(login, people, period):
    answer = login(people.admin).post(reverse("periods", args=[period.plan_id]), form(period, due_on="七月"))
    assert answer.status_code == 200
    assert "is-invalid" in answer.content.decode()


def test_a_plan_without_periods_says_so(login, people, plan):
    text = login(people.admin).get(reverse("periods", args=[plan.pk])).content.decode()
    assert "还没有填报期" in text
