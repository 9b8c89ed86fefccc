"""Pages with ten years of periods behind them against the same with one: two programs at once, asked in turn."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from .timing import Ratio, compare

JOBS = {"form": "form page", "save": "saving one box", "review": "review page"}
Ask = Callable[[str], None]


@contextmanager
def office(years: int) -> Iterator[Ask]:
    """Run a program with `years` behind it; what it gives does one of JOBS there and waits for the end of it."""
    command = [sys.executable, "-m", "bench.office", str(years)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        stdin, stdout = process.stdin, process.stdout
        assert stdout.readline().strip() == "ready"

        def ask(job: str) -> None:
            stdin.write(f"{job}\n")
            stdin.flush()
            assert stdout.readline().strip() == "done", job

        yield ask
        stdin.close()


def ratios(rounds: int = 40) -> Iterator[Ratio]:
    """Give a ratio for each of JOBS: ten years against one."""
    with ExitStack() as running:
        ten, one = (running.enter_context(office(years)) for years in (10, 1))
        for job, name in JOBS.items():
            work = [lambda ask=ask, job=job: ask(job) for ask in (ten, one)]
            yield compare((f"{name}, ten years", work[0]), ("one year", work[1]), rounds=rounds)


if __name__ == "__main__":
    for ratio in ratios():
        print(ratio)
