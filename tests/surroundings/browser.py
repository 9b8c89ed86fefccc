"""Chromium, driven by Playwright; Debian's own, because Playwright's cannot be had everywhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from .machine import Missing, apt_install, find

__all__ = ["Browser", "Page", "chromium", "running"]

FLAGS = [
    "--no-sandbox",  # tests may run as root
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> Path:
    """Return the browser's program. Raises Missing."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = find(*names)
    if program is None and apt_install("chromium"):
        program = find(*names)
    if program is None:
        raise Missing("Chromium: apt-get install chromium")
    return program


@contextmanager
def running() -> Iterator[Browser]:
    """Run a browser without a screen; what is expected of a page may take long on a busy machine."""
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()
