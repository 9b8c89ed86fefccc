"""When a backup is due, what it is called and which are kept."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tasks_app.clock import SHANGHAI
from tasks_app.domain.backups import rules
from tasks_app.domain.backups.rules import Kept, Leaving

pytestmark = pytest.mark.once
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


def kept(made_at: datetime, *, before_migrate: bool = False) -> Kept:
    return Kept(Path(rules.file_name(made_at, before_migrate=before_migrate)), made_at, before_migrate)


@pytest.mark.parametrize("before_migrate", [False, True])
def test_a_name_says_when_and_why(before_migrate):
    name = rules.file_name(NOON, before_migrate=before_migrate)
    assert rules.as_kept(Path("/b") / name) == Kept(Path("/b") / name, NOON, before_migrate)


@pytest.mark.parametrize(
    "name", ["reform-tracker.sqlite3", ".lock", "reform-tracker-20261201-120000.jsonl.gz.part"]
)
def test_other_files_are_none(name):
    assert rules.as_kept(Path(name)) is None


def test_one_a_day_from_one_in_the_morning():
    at_night = NOON.replace(hour=0, minute=59)
    assert not rules.is_due([], at_night)
    assert rules.is_due([kept(at_night - timedelta(hours=1))], NOON.replace(hour=1))
    assert not rules.is_due([kept(NOON.replace(hour=1))], NOON)
    assert rules.is_due([kept(NOON.replace(hour=1), before_migrate=True)], NOON)  # not the day's own


def test_fourteen_days_and_twelve_months_are_kept():
    """A machine that runs for two years, day after day, as the timetable does it."""
    folder: list[Kept] = []
    for day in range(730):
        at = NOON + day * DAY
        folder.append(kept(at))
        gone = rules.superfluous(folder, at)
        folder = [one for one in folder if one not in gone]
    days = [one.made_at for one in folder]
    last = NOON + 729 * DAY  # 29 November 2028
    assert days[-14:] == [last - n * DAY for n in range(13, -1, -1)]
    assert [(day.year, day.month, day.day) for day in days[:-14]] == [
        (2027, 12, 31), (2028, 1, 31), (2028, 2, 29), (2028, 3, 31), (2028, 4, 30), (2028, 5, 31),
        (2028, 6, 30), (2028, 7, 31), (2028, 8, 31), (2028, 9, 30), (2028, 10, 31),
    ]  # fmt: skip


def test_what_is_from_before_a_migration_stays_for_sixty_days_and_the_newest_always():
    old = kept(NOON - 61 * DAY, before_migrate=True)
    young = kept(NOON - 60 * DAY, before_migrate=True)
    assert rules.superfluous([old, young], NOON) == [old]
    assert rules.superfluous([old], NOON) == []


def test_one_from_after_now_is_left_alone():
    assert rules.superfluous([kept(NOON + n * DAY) for n in range(1, 40)], NOON) == []


def test_the_mark_changes_with_the_people_not_with_the_writing_down():
    draft = Leaving("将乐县", "林晓燕", "邮件", "【提醒】", is_draft=True)
    written = Leaving("将乐县", "林晓燕", "邮件", "【提醒】今天截止", is_draft=False)
    other = Leaving("三元区", "郑小红", "邮件", "【提醒】", is_draft=False)
    assert rules.mark_of([draft]) == rules.mark_of([written])
    assert len({rules.mark_of(listed) for listed in ([], [draft], [other], [draft, other])}) == 4
    assert rules.mark_of([draft, other]) == rules.mark_of([other, written])
