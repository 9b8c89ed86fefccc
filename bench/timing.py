"""Interleaved timing: A, B, A, B …, so that both meet the same noise; medians, and their ratio."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Ratio:
    """How many times as long `subject` took as `baseline`."""

    subject: str
    baseline: str
    subject_ms: float
    baseline_ms: float
    rounds: int

    @property
    def value(self) -> float:
        return self.subject_ms / self.baseline_ms

    def __str__(self) -> str:
        return (
            f"{self.subject} / {self.baseline}: {self.value:.2f}"
            f"  ({self.subject_ms:.2f} ms / {self.baseline_ms:.2f} ms, medians of {self.rounds})"
        )


def compare(
    subject: tuple[str, Callable[[], object]],
    baseline: tuple[str, Callable[[], object]],
    *,
    rounds: int,
    warm_up: int = 3,
) -> Ratio:
    """Run both in turn `rounds` times, after some that do not count, and return the ratio of the medians."""
    times: dict[int, list[float]] = {0: [], 1: []}
    for round_number in range(-warm_up, rounds):
        for which, (_, work) in enumerate((subject, baseline)):
            began = time.perf_counter()
            work()
            if round_number >= 0:
                times[which].append((time.perf_counter() - began) * 1000)
    return Ratio(subject[0], baseline[0], median(times[0]), median(times[1]), rounds)
