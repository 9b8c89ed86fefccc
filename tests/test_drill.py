"""The drill of `make drill` in short: a backup made while people save, restored elsewhere; nothing leaves the copy."""

import os

import pytest
from django.conf import settings

from bench.drill import drill
from tests.surroundings.postgresql import create_database
from tests.surroundings.stack import environment


@pytest.mark.parametrize(("clerks", "seconds"), [(2, 0), pytest.param(6, 2, marks=pytest.mark.soak)])
@pytest.mark.django_db
def test_what_was_saved_before_the_backup_is_in_the_copy_and_no_letter_leaves_it(
    clerks, seconds, app_server, tmp_path
):
    tests_postgresql = settings.DATABASE == "postgresql"
    url = create_database(os.environ["TEST_POSTGRES_URL"], "drill") if tests_postgresql else ""
    elsewhere = environment(tmp_path / "elsewhere", DATABASE_URL=url)
    outcome = drill(app_server, elsewhere, tmp_path / "b.jsonl.gz", clerks=clerks, seconds=seconds)
    assert outcome.errors == []
    assert outcome.lost_from_before == []
    before = [save for save in outcome.saves if save.at < outcome.began]
    assert len(before) >= 2 * clerks
    assert len(outcome.lost) > 0  # it was made in the middle of the work, not after it
    assert "与备份逐表一致" in outcome.said
    assert outcome.letters_before == outcome.letters_written > 20
    assert outcome.letters_sent == 0
