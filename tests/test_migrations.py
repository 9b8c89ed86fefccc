"""What becomes of a database made by an earlier version."""

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from tasks_app import migrations
from tasks_app.domain.backups.schema import FIRST_SIX
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.models import ProgressEntry


@pytest.fixture
def left_to_do(db):
    """`left_to_do(names)` tells which migrations are left to a database that has those of `names`."""

    def look(names: tuple[str, ...]) -> list[str]:
        recorder = MigrationRecorder(connection)
        recorder.migration_qs.filter(app="tasks_app").delete()
        for name in names:
            recorder.record_applied("tasks_app", name)
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes("tasks_app"))
        return [migration.name for migration, _ in plan]

    return look


def test_a_database_that_had_the_first_six_goes_on(left_to_do):
    folder = Path(migrations.__file__).parent
    later = sorted(path.stem for path in folder.glob("0*.py") if path.stem > "0001_squashed_0006")
    assert later[0] == "0002_interview_matters"
    assert left_to_do(FIRST_SIX) == later


def test_one_that_had_only_some_of_them_is_not_made_anew(left_to_do):
    assert "0001_squashed_0006" not in left_to_do(FIRST_SIX[:4])


def test_what_was_kept_as_typed_leaves_the_answers(period, at):
    """Both databases: what a person typed is all there afterwards, and in its place."""
    migration = import_module("tasks_app.migrations.0004_entry_typed")
    open_due_periods(at=at)
    first, second, third = ProgressEntry.objects.order_by("pk")[:3]
    kept = {"typed:value-7": "三百", "typed:kept-3": "昨天"}
    ProgressEntry.objects.filter(pk=first.pk).update(answers={"unchanged": "确无变化"} | kept)
    ProgressEntry.objects.filter(pk=second.pk).update(answers={"reopened": "口径调整"})
    migration.take_apart(apps, None)
    found = {entry.pk: (entry.answers, entry.typed) for entry in ProgressEntry.objects.order_by("pk")[:3]}
    assert found == {
        first.pk: ({"unchanged": "确无变化"}, {"value-7": "三百", "kept-3": "昨天"}),
        second.pk: ({"reopened": "口径调整"}, {}),
        third.pk: ({}, {}),
    }
    migration.put_together(apps, None)
    assert ProgressEntry.objects.get(pk=first.pk).answers == {"unchanged": "确无变化"} | kept
