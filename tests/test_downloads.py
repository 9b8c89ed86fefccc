"""Every file that is handed out, whoever takes it away."""

import pytest

from tasks_app.choices import Role
from tests.test_addresses import ADDRESSES, ask, world

__all__ = ["ask", "world"]  # fixtures


@pytest.mark.parametrize("role", [Role.FILLER, Role.OFFICE, Role.ADMIN])
def test_a_file_to_take_away_is_stored_under_a_name_and_kept_nowhere_on_the_way(role, ask):
    for name, address in ADDRESSES.items():
        if address.post_only or role not in address.roles:
            continue
        response = ask(role, name)
        if response.status_code == 200 and not response.headers["Content-Type"].startswith(
            ("text/html", "application/json")
        ):
            headers = response.headers
            assert headers["Content-Disposition"].startswith("attachment; filename"), name
            assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == (
                "private, no-store",
                "nosniff",
            ), name
