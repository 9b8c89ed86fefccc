"""A filled database of each earlier state of the project, brought up to date: nothing that was entered is lost.

tests/data/dumps holds a backup for each, named by its commit; tests/filled_city.py makes the next one. That of b262e88
began at 261456b, with two of the first six migrations: the way that such a database is told to go.
"""

from pathlib import Path

import pytest

from tests.surroundings.program import ROOT, Program

DUMPS = sorted((ROOT / "tests" / "data" / "dumps").glob("*.jsonl.gz"))
# By turns on one database and the other; on both in the soak.
DEALT = [
    pytest.param(path, marks=pytest.mark.dealt_to(("sqlite", "postgresql")[place % 2]))
    for place, path in enumerate(DUMPS)
]
NOW = """
import json
from tests.dump_contents import asked, asked_now, differences, triggers
print(json.dumps([differences({dump!r}), asked({dump!r}), asked_now(), triggers()], ensure_ascii=False))
"""
TRIGGERS = "import json\nfrom tests.dump_contents import triggers\nprint(json.dumps(triggers()))"


@pytest.fixture(params=DEALT, ids=lambda path: path.name.partition(".")[0])
def dump(request) -> Path:
    return request.param


@pytest.mark.django_db
def test_what_was_entered_then_is_there_now(dump, tmp_path):
    program = Program.empty(tmp_path, "upgraded")
    assert "与备份逐表一致" in program.manage("restore", str(dump))
    differences, then, now, triggers = program.python(NOW.format(dump=str(dump)))
    assert differences == []
    assert now == then or not then
    (tmp_path / "new").mkdir()
    assert triggers == Program.create(tmp_path / "new", "made_anew").python(TRIGGERS)
    assert "没有可通知的人" not in program.manage("send_reminders", "--dry-run", "--at", "2024-09-23")


def test_dumps_are_small_and_none_is_gone():
    assert {path.name for path in DUMPS} >= {"8728e6f.jsonl.gz", "b262e88.jsonl.gz"}
    assert [path.name for path in DUMPS if path.stat().st_size > 300_000] == []
