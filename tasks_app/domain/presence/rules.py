"""Decides: how long somebody counts as being there, and how it is said."""

from datetime import timedelta

# A page speaks up every twenty seconds: three missed times, and the person has gone.
COUNTS_FOR = timedelta(minutes=1)


def in_words(names: list[str], task_number: int) -> str:
    """Return who is on the task, as the form shows it."""
    return f"{'、'.join(names)}正在填写第{task_number}项"
