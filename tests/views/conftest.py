"""Whose browser many pages are looked at with."""

import pytest
from django.test import Client


@pytest.fixture
def admin(login, people) -> Client:
    """The administrator's browser."""
    return login(people.admin)
