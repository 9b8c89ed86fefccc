"""Computers that journeys are made on."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from .windows import computer


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A computer of its own."""
    with computer(browser) as context:
        yield context
