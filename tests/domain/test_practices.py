"""Good practice: put forward, edited, published, declined, taken back, found again."""

import pytest

from tasks_app.choices import AuditAction, PracticeState
from tasks_app.domain.moves import Refused
from tasks_app.domain.practices import actions, queries
from tasks_app.models import AuditEvent, GoodPractice

WORDS = {"title": "专班推进", "text": "每周会商，逐项销号。"}


@pytest.fixture
def practice(signed_report, people, at) -> GoodPractice:
    """Put forward by 将乐县."""
    return actions.put_forward(
        signed_report.pk, signed_report.entries.first().pk, **WORDS, by=people.filler, at=at
    )


def test_from_putting_forward_to_all_units(practice, people, at):
    assert not queries.visible_practices(people.other_filler).exists()
    assert list(queries.visible_practices(people.filler)) == [practice]
    actions.edit(practice.pk, title="专班推进改革", text="每周会商。", by=people.office, at=at)
    actions.publish(practice.pk, by=people.office, at=at)
    actions.publish(practice.pk, by=people.office, at=at)
    for part in ("filler", "other_filler", "bureau_signer", "office", "leader", "admin"):
        assert [found.title for found in queries.published(getattr(people, part))] == ["专班推进改革"]
    assert not queries.visible_practices(people.auditor).exists()
    assert practice.entry.progress == ""  # the entry stays the unit's own
    steps = AuditEvent.objects.filter(action=AuditAction.PRACTICE).order_by("pk")
    assert [step.note for step in steps] == ["推荐", "编辑", "推广"]
    assert steps[1].changes["title"] == ["专班推进", "专班推进改革"]


def test_declined_with_words_and_put_forward_anew(practice, signed_report, people, at):
    with pytest.raises(Refused, match="请写明不采用的原因"):
        actions.decline(practice.pk, words=" ", by=people.office, at=at)
    actions.decline(practice.pk, words="缺少成效数据", by=people.office, at=at)
    assert queries.steps_of(practice).last().note == "未采用：缺少成效数据"
    again = actions.put_forward(
        signed_report.pk, practice.entry_id, title="专班", text="减少跑腿三成。", by=people.signer, at=at
    )
    assert (again.pk, again.state, again.decided_by) == (practice.pk, PracticeState.PROPOSED, None)
    assert GoodPractice.objects.count() == 1


def test_what_is_published_is_the_offices_to_change(practice, signed_report, people, at):
    actions.publish(practice.pk, by=people.office, at=at)
    with pytest.raises(Refused, match="已经推广"):
        actions.put_forward(signed_report.pk, practice.entry_id, **WORDS, by=people.filler, at=at)
    actions.decline(practice.pk, words="数据有误", by=people.office, at=at)
    assert queries.steps_of(practice).last().note == "撤下：数据有误"
    assert not queries.published(people.other_filler).exists()


@pytest.mark.parametrize("part", ["filler", "signer", "leader", "admin", "auditor"])
def test_only_the_office_decides(practice, people, at, part):
    person = getattr(people, part)
    for action in (
        lambda: actions.publish(practice.pk, by=person, at=at),
        lambda: actions.decline(practice.pk, words="不", by=person, at=at),
        lambda: actions.edit(practice.pk, **WORDS, by=person, at=at),
    ):
        with pytest.raises(Refused, match="由市医改办处理"):
            action()
    practice.refresh_from_db()
    assert practice.state == PracticeState.PROPOSED


def test_only_the_unit_puts_its_own_forward_and_not_without_words(signed_report, people, at):
    entry = signed_report.entries.first().pk
    for part in ("other_filler", "office", "admin"):
        with pytest.raises(Refused, match="本单位"):
            actions.put_forward(signed_report.pk, entry, **WORDS, by=getattr(people, part), at=at)
    with pytest.raises(Refused, match="标题和内容"):
        actions.put_forward(signed_report.pk, entry, title="题", text=" ", by=people.filler, at=at)


def test_search_by_words_year_and_unit(practice, people, at):
    actions.publish(practice.pk, by=people.office, at=at)
    found = lambda **asked: queries.published(people.other_filler, **asked).count()  # noqa: E731
    assert found(text="销号") == found(text="专班 会商") == found(text="将乐") == 1
    assert found(text="专班 没有") == found(year=2023) == found(unit=people.other_filler.unit) == 0
    assert found(year=2024, unit=people.filler.unit) == 1
    assert queries.years_of(people.leader) == [2024]
    assert {state: number for state, _, number in queries.counts(people.office)} == {
        "proposed": 0,
        "published": 1,
        "declined": 0,
    }
