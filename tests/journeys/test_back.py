"""Back after 退出: the computer of an office is shared, and the browser must not show what the last one saw."""

import pytest

from tests.journeys.steps import log_in, log_out

pytestmark = pytest.mark.browser


def test_back_after_leaving_shows_the_log_in(app_server, page):
    log_in(page, app_server.url, "admin")
    page.goto(f"{app_server.url}/people")
    assert "林晓燕" in page.content()
    log_out(page)
    page.wait_for_url("**/login")
    page.go_back()
    page.wait_for_url("**/login?next=/people")
    assert "林晓燕" not in page.content()
