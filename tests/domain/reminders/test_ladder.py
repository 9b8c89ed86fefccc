"""The ladder: what may be typed, who changed it, and how high a matter stands."""

from datetime import date, datetime

import pytest

from tasks_app.clock import SHANGHAI
from tasks_app.domain.calendar.rules import WorkingCalendar
from tasks_app.domain.moves import Refused
from tasks_app.domain.reminders import actions, queries
from tasks_app.domain.reminders.kinds import KINDS, filing, interview, review, signing
from tasks_app.domain.reminders.ladder import ladder_problems
from tasks_app.domain.reminders.rungs import BEGINNING, Height, Rung, reached
from tasks_app.models import AuditEvent

FILING = filing.KIND
JULY = datetime(2024, 7, 1, 9, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("kind", "rungs", "problem"),
    [
        (filing, [], "至少保留一个"),
        (filing, [Rung(-5), Rung(-5)], "T-5 重复了"),
        (filing, [Rung(-99)], "60 个工作日以内"),
        (filing, [Rung(-5, 3)], "只有截止日之后"),
        (filing, [Rung(1, 3), Rung(3)], "只有最后一个时点"),
        (interview, [Rung(1)], "约谈当天之后不再提醒"),
        (filing, [Rung(1, tells=frozenset())], "没有选提醒对象"),
        (review, [Rung(1)], "只提醒市医改办"),
        (signing, [Rung(0)], "时点应为 1 以上"),
        (filing, [Rung(1, words="{谁}")], "T+1 的措辞：不认识“{谁}”"),
    ],
)
def test_a_ladder_that_cannot_be_used_is_refused_in_words(kind, rungs, problem):
    assert problem in "".join(ladder_problems(kind.KIND, rungs))
    assert not any(ladder_problems(each, each.rungs) for each in KINDS.values())


def test_setting_the_ladder_is_in_the_trail_and_only_when_it_changes(plan, people):
    actions.set_ladder(plan.pk, FILING.rungs, by=people.admin, at=JULY)
    assert not AuditEvent.objects.exists()
    actions.set_ladder(plan.pk, [Rung(3, 5), Rung(-5)], by=people.admin, at=JULY)
    assert queries.ladder_of(plan, FILING) == [Rung(-5), Rung(3, 5)]
    changes = AuditEvent.objects.get().changes["rungs"]
    assert changes[1] == "T-5（填报员，邮件）、T+3（之后每5个工作日，填报员，邮件）"
    with pytest.raises(Refused, match="至少"):
        actions.set_ladder(plan.pk, [], by=people.admin, at=JULY)


@pytest.mark.once
@pytest.mark.parametrize(
    ("today", "offset"), [(1, BEGINNING), (10, BEGINNING), (11, -10), (25, 0), (29, 1), (30, 3), (31, 4)]
)
def test_how_high_a_matter_stands(today, offset):
    height = reached(
        FILING.rungs, WorkingCalendar(), date(2024, 7, 1), date(2024, 7, 25), date(2024, 7, today)
    )
    assert height.offset == offset
    assert height.rung.offset == min(offset, 3)


@pytest.mark.once
@pytest.mark.parametrize(
    ("told", "offset", "is_news"),
    [
        (None, 9, True),
        (1, 3, True),
        (3, 4, False),
        (3, 7, False),
        (3, 8, True),
        (6, 10, False),
        (6, 11, True),
    ],
)
def test_a_repeated_rung_comes_again_so_many_days_after_the_last_telling(told, offset, is_news):
    assert Height(Rung(3, repeat_every=5), offset).is_news_after(told) is is_news
