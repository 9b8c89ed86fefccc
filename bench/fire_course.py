"""The course of bench/fire.py, on a stage that is set and with Django's settings in place."""

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from random import Random

from django.conf import settings
from django.core.management import call_command

from reform_tracker.celery import TIMETABLE, app
from tasks_app import clock
from tasks_app.models import JobRun

from . import fire_verdict
from .fire_stage import Stage
from .population import OPENED, populate

# On the morning on which the period opens; every unit is told.
MORNING = OPENED.replace(hour=8, minute=31)
# The claims of the dead end after ten minutes, which need not be waited for.
FORWARD = timedelta(minutes=11)
# So often the clock may go forward while it burns; what is left of the day is for the recovery.
FORWARD_AT_MOST = 36
PATIENCE = 8  # seconds without any progress


def run(stage: Stage, *, units: int, kills: int, seed: int) -> bool:
    """Let `units` be reminded while `kills` things die; print what came of it, return whether all is well."""
    began = time.monotonic()
    for program in (stage.redis, *stage.workers):
        program.start()  # workers take a while, and without timetables they have nothing to do
    call_command("migrate", verbosity=0)
    populate(units)
    clock.set_demo_moment(MORNING)
    stage.start()
    nudge()
    wait(lambda: JobRun.objects.exists(), "no worker took a job")
    time.sleep(1)
    nudge()  # by now a few messages are written, thousands are just being written

    burning = time.monotonic()
    burn(stage, units, kills, Random(seed))  # noqa: S311  not a secret
    burned = time.monotonic() - burning
    stage.start()
    recover(stage, units)
    recovered = time.monotonic() - burning - burned
    after = fire_verdict.judge(stage.record)

    fire_verdict.decide(stage.record, at=clock.now())
    recover(stage, units)
    decided = fire_verdict.judge(stage.record)

    print(f"{units:,} units, {len(stage.workers)} workers, {len(stage.beats)} timetables, seed {seed}")
    print(f"{stage.kills.total()} kills in {burned:.0f} s while letters waited: {in_words(stage)}")
    print(f"gave up by themselves and were started again: {stage.ended.total()}")
    print(f"recovered in {recovered:.0f} s, all in {time.monotonic() - began:.0f} s\n")
    print(fire_verdict.table({"after recovery": after, "after decisions": decided}))
    return after.is_clean and decided.is_clean and decided.letters == units


def burn(stage: Stage, units: int, kills: int, chance: Random) -> None:
    """Kill `kills` times, all of them while letters wait; fewer when there are no more letters."""
    step = -(-kills // FORWARD_AT_MOST)
    while stage.kills.total() < kills and not fire_verdict.is_settled(units):
        stage.burn(chance)
        if stage.kills.total() % step == 0:
            # What dead senders had claimed comes back; living ones that were slow must not do harm.
            forward()
            print(f"{stage.kills.total()} kills, {len(stage.record):,} letters", file=sys.stderr)


def recover(stage: Stage, units: int) -> None:
    """Give everything its time until no letter waits; stops when the day is over or nothing moves any more."""
    while not fire_verdict.is_settled(units) and forward():
        nudge()
        seen, changed = -1, time.monotonic()
        while time.monotonic() - changed < PATIENCE and not fire_verdict.is_settled(units):
            stage.tend()  # a worker ends by itself when Redis was not there yet
            if len(stage.record) != seen:
                seen, changed = len(stage.record), time.monotonic()
            time.sleep(0.2)


def forward() -> bool:
    """Put the clock forward, unless working hours would be over; tells whether it was."""
    moment = clock.now() + FORWARD
    if (
        moment.astimezone(clock.SHANGHAI).time() >= settings.OFFICE_CLOSES
    ):  # nobody asks PostgreSQL: it may be down
        return False
    clock.set_demo_moment(moment)
    return True


def nudge() -> None:
    """Ask for every job once: the timetables' next round may be half a minute away."""
    for job in TIMETABLE:
        app.send_task(f"tasks_app.jobs.{job}")


def wait(what: Callable[[], bool], otherwise: str) -> None:
    """Return when `what` is so."""
    limit = time.monotonic() + 60
    while not what():
        assert time.monotonic() < limit, otherwise
        time.sleep(0.05)


def in_words(stage: Stage) -> str:
    """Return what was killed how often."""
    return ", ".join(f"{kind} {times}" for kind, times in stage.kills.most_common())
