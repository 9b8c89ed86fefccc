"""The grid of 填报口径 and the page of one number; for admins alone. What a unit then sees in its form."""

import pytest
from django.urls import reverse

from tasks_app.choices import Reporters, Total
from tasks_app.models import Indicator, Measure, Report
from tests.cast import make_indicator


@pytest.fixture
def undecided(plan, people, at) -> Indicator:
    """会商次数 of task 1, accepted, of which nothing was decided."""
    made = make_indicator(plan, people, at)
    Indicator.objects.update(reporters="", total="")
    made.refresh_from_db()
    return made


def typed(indicator: Indicator, page: str, **fields: str) -> dict[str, str]:
    """Return what the form of `page` sends for one row."""
    seen = page.split(f'name="i{indicator.pk}-seen" value="')[1].split('"')[0]
    return {f"i{indicator.pk}-{name}": value for name, value in ({"seen": seen} | fields).items()}


def test_the_grid_saves_all_its_rows(admin, plan, undecided, units):
    address = reverse("gatherings", args=[plan.pk])
    page = admin.get(address).content.decode()
    assert "还有 <b" in page
    assert "不低于4次" in page
    answer = admin.post(address, typed(undecided, page, who="counties", total=""), follow=True)
    assert "请选择怎样汇总" in answer.content.decode()
    answer = admin.post(address, typed(undecided, page, who="counties", total="sum"), follow=True)
    assert "已保存 1 项" in answer.content.decode()
    undecided.refresh_from_db()
    assert (undecided.reporters, undecided.total) == (Reporters.COUNTIES, Total.SUM)
    answer = admin.post(address, typed(undecided, page, who="", total=""), follow=True)
    assert "刚刚有人改过" in answer.content.decode()
    page = admin.get(address).content.decode()
    owner = units["市卫健委"].pk
    admin.post(address, typed(undecided, page, who=f"one:{owner}", total="sum"))
    undecided.refresh_from_db()
    assert (undecided.reporters, undecided.total, undecided.owner_id) == ("one", "owner", owner)


def test_what_the_text_names_is_filled_in_and_not_saved(admin, plan, undecided, units):
    Measure.objects.filter(pk=plan.tasks.get(number=1).measures.first().pk).update(text="市医保局会商4次。")
    undecided.measure = plan.tasks.get(number=1).measures.first()
    undecided.save()
    page = admin.get(reverse("gatherings", args=[plan.pk])).content.decode()
    assert "◇ 原文写明，未保存" in page
    assert f'<option value="one:{units["市医保局"].pk}" selected>' in page
    undecided.refresh_from_db()
    assert undecided.reporters == ""


def test_shares_are_given_unit_by_unit(admin, plan, undecided, units):
    address = reverse("gathering", args=[plan.pk, undecided.pk])
    page = admin.get(address).content.decode()
    key = units["三元区"].pk
    fields = {
        "who": "counties",
        "total": "weighted",
        "baseline": "２",
        "source": "台账",
        f"target-{key}": "约三",
    }
    answer = admin.post(address, typed(undecided, page, **fields))
    assert "“约三”没有读懂" in answer.content.decode()
    fields |= {f"target-{key}": "1.5次", f"denominator-{key}": "2.1万"}
    assert admin.post(address, typed(undecided, page, **fields)).url == reverse("gatherings", args=[plan.pk])
    share = undecided.shares.get()
    assert (share.unit_id, share.target, share.denominator) == (key, 1.5, 21000)
    text = admin.get(reverse("gatherings", args=[plan.pk])).content.decode()
    assert "缺分母：将乐县" in text
    undecided.refresh_from_db()
    assert (undecided.baseline, undecided.source) == (2, "台账")


def test_a_unit_sees_its_share_as_its_target_and_the_citys_as_the_citys(
    login, people, units, indicator, report
):
    Indicator.objects.update(total=Total.SUM)
    indicator.shares.create(unit=units["三元区"], target=3)
    for who, words in ((people.other_filler, "目标：不低于3次"), (people.filler, "目标：全市不低于4次")):
        own = Report.objects.get(unit=who.unit)
        assert words in login(who).get(reverse("report", args=[own.pk])).content.decode()
    bureau = Report.objects.get(unit=people.bureau_filler.unit)
    text = login(people.bureau_filler).get(reverse("report", args=[bureau.pk])).content.decode()
    assert "会商次数" not in text


@pytest.mark.parametrize("who", ["filler", "signer", "office", "leader", "auditor"])
def test_nobody_else_decides(login, people, plan, undecided, who):
    browser = login(getattr(people, who))
    assert browser.get(reverse("gatherings", args=[plan.pk])).status_code == 404
    assert browser.post(reverse("gathering", args=[plan.pk, undecided.pk]), {}).status_code == 404


def test_an_admin_sees_that_somebody_has_still_to_be_asked(admin, plan, undecided):
    waiting = '1<span class="visually-hidden"> 项没有定'
    assert waiting in admin.get(reverse("indicators", args=[plan.pk])).content.decode()
    assert (
        '1<span class="visually-hidden"> 项待定'
        in admin.get(reverse("plan", args=[plan.pk])).content.decode()
    )
    Indicator.objects.update(reporters=Reporters.COUNTIES, total=Total.SUM)
    assert waiting not in admin.get(reverse("indicators", args=[plan.pk])).content.decode()
