"""Decides which texts are alike in wording, so that a reader sees them side by side."""

from collections.abc import Mapping

from tasks_app.domain.reporting.hints import shingles

# Runs of so many characters are compared; two texts that share this part of them are alike.
RUN = 4
ALIKE = 0.5


def alike_groups(texts: Mapping[int, str]) -> list[list[int]]:
    """Return the keys of `texts` in groups of like wording, the largest first, else in the order given.

    Whoever is like one of a group belongs to it; a text like no other is a group of its own.
    """
    runs = {key: shingles([text], RUN) for key, text in texts.items()}
    order = {key: place for place, key in enumerate(texts)}
    groups: list[list[int]] = []
    for key in texts:
        near = [group for group in groups if any(_share(runs[key], runs[other]) >= ALIKE for other in group)]
        members = [member for group in near for member in group]
        groups = [group for group in groups if group not in near]
        groups.append([*sorted(members, key=order.__getitem__), key])
    return sorted(groups, key=lambda group: (-len(group), order[group[0]]))


def _share(one: set[str], other: set[str]) -> float:
    """Return Dice's coefficient; two empty texts are not alike, for they say nothing."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0
