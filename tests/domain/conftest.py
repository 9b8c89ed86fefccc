"""What several capabilities are tried with."""

import pytest

from tests.interview_steps import Desk


@pytest.fixture
def desk(people, plan, at) -> Desk:
    """A proposal of a 约谈 with 将乐县, and its steps."""
    return Desk(people, plan, at)
