"""What journeys share: one running program for all those that keep to a unit of their own."""

from collections.abc import Iterator

import pytest

from tests.surroundings.stack import Seeded, Stack


@pytest.fixture(scope="session")
def shared_server(seeded: Seeded, tmp_path_factory, request) -> Iterator[Stack]:
    """The running program, for tests of which each works in another unit's report; they cannot meet."""
    folder = tmp_path_factory.mktemp("shared")
    if seeded.database_url:
        running = seeded.serve_apart(folder, REDIS_URL=request.getfixturevalue("redis_server").url)
    else:
        running = seeded.serve_embedded(folder)
    yield running
    running.stop()
