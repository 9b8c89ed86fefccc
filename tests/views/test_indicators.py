"""The page of proposed indicators: accept, mend, drop, a whole page at once; for admins alone."""

import pytest
from django.urls import reverse

from tasks_app.choices import IndicatorState
from tasks_app.models import Indicator

IN_BACKGROUND = {"HX-Request": "true"}


@pytest.fixture
def proposed(plan) -> list[Indicator]:
    """Sixty indicators of the first task: two pages."""
    task = plan.tasks.get(number=1)
    return Indicator.objects.bulk_create(
        Indicator(
            task=task,
            measure=task.measures.first(),
            position=position,
            name=f"指标{position}",
            kind="cumulative",
            comparator="at_least",
            value=position,
            unit="次",
            words="工作专班",
        )
        for position in range(1, 61)
    )


def test_the_page_shows_words_in_their_text_and_counts(admin, plan, proposed):
    text = admin.get(reverse("indicators", args=[plan.pk])).content.decode()
    assert "<mark>工作专班</mark>" in text
    assert "不低于50次" in text
    assert "指标51" not in text
    assert '待定 <b class="num">60</b>' in text
    assert "指标60" in admin.get(reverse("indicators", args=[plan.pk]), {"page": 2}).content.decode()
    assert admin.get(reverse("indicators", args=[plan.pk]), {"state": "nothing"}).status_code == 404
    whole = admin.get(reverse("plan", args=[plan.pk])).content.decode()
    assert '60<span class="visually-hidden"> 项待定</span>' in whole


def test_words_that_the_text_no_longer_has_are_said_to_be_gone(admin, plan, proposed):
    measure = proposed[0].measure
    measure.text = "另一句话。"
    measure.save()
    assert "原文已无此句" in admin.get(reverse("indicators", args=[plan.pk])).content.decode()


def test_a_decision_in_the_background_answers_with_the_row_and_the_counts(admin, plan, proposed):
    address = reverse("indicator_decide", args=[plan.pk, proposed[0].pk])
    answer = admin.post(address, {"decision": "accepted", "seen": "proposed"}, headers=IN_BACKGROUND)
    text = answer.content.decode()
    assert f'id="indicator-{proposed[0].pk}"' in text
    assert 'hx-swap-oob="true"' in text
    assert '采用 <b class="num">1</b>' in text
    again = admin.post(address, {"decision": "dropped", "seen": "proposed"}, headers=IN_BACKGROUND)
    assert "刚刚已被改为“采用”" in again.content.decode()
    assert Indicator.objects.get(pk=proposed[0].pk).state == IndicatorState.ACCEPTED


def test_a_decision_without_script_leads_back_to_the_list(admin, plan, proposed):
    address = reverse("indicator_decide", args=[plan.pk, proposed[0].pk])
    answer = admin.post(address, {"decision": "dropped", "seen": "proposed", "state": "proposed"})
    assert answer.url == reverse("indicators", args=[plan.pk]) + "?state=proposed"
    assert Indicator.objects.get(pk=proposed[0].pk).state == IndicatorState.DROPPED
    admin.post(address, {"decision": "nonsense", "seen": "dropped"})
    assert Indicator.objects.get(pk=proposed[0].pk).state == IndicatorState.DROPPED


def test_an_indicator_is_mended_and_accepted_so(admin, plan, proposed):
    address = reverse("indicator_edit", args=[plan.pk, proposed[0].pk])
    assert "<mark>工作专班</mark>" in admin.get(address).content.decode()
    typed = {"name": "会商", "kind": "cumulative", "comparator": "at_least", "value": "4", "unit": "次"}
    answer = admin.post(address, typed | {"kind": "ceiling", "seen": "proposed"})
    assert "“上限”的要求应为“不高于”" in answer.content.decode()
    answer = admin.post(address, typed | {"seen": "proposed"})
    assert answer.url == reverse("indicators", args=[plan.pk])
    stored = Indicator.objects.get(pk=proposed[0].pk)
    assert (stored.name, stored.state) == ("会商", IndicatorState.ACCEPTED)
    assert "会商：不低于4次" in admin.get(reverse("plan", args=[plan.pk])).content.decode()
    assert "刚刚已被改为" in admin.post(address, typed | {"seen": "proposed"}).content.decode()


def test_all_that_a_page_shows_are_accepted_and_no_others(admin, plan, proposed):
    keys = [indicator.pk for indicator in proposed[:50]]
    answer = admin.post(reverse("indicators_accept", args=[plan.pk]), {"indicator": keys}, follow=True)
    assert "已采用 50 项指标" in answer.content.decode()
    assert Indicator.objects.filter(state=IndicatorState.PROPOSED).count() == 10
    nonsense = {"indicator": ["x", "9" * 30, "-1"]}
    answer = admin.post(reverse("indicators_accept", args=[plan.pk]), nonsense, follow=True)
    assert "没有可以直接采用的指标" in answer.content.decode()


def test_the_list_has_an_empty_state_and_takes_the_same_statements(
    admin, plan, proposed, django_assert_num_queries
):
    for state in ("proposed", "accepted"):
        with django_assert_num_queries(7 if state == "proposed" else 6):
            text = admin.get(reverse("indicators", args=[plan.pk]), {"state": state}).content.decode()
    assert "还没有采用的指标" in text


@pytest.mark.parametrize("who", ["filler", "signer", "office", "leader", "auditor"])
def test_nobody_else_decides(login, people, plan, proposed, who):
    browser = login(getattr(people, who))
    key = proposed[0].pk
    assert browser.get(reverse("indicators", args=[plan.pk])).status_code == 404
    assert browser.get(reverse("indicator_edit", args=[plan.pk, key])).status_code == 404
    assert browser.post(reverse("indicators_accept", args=[plan.pk]), {"indicator": [key]}).status_code == 404
    decide = reverse("indicator_decide", args=[plan.pk, key])
    assert browser.post(decide, {"decision": "accepted", "seen": "proposed"}).status_code == 404
    assert Indicator.objects.filter(state=IndicatorState.PROPOSED).count() == 60
