"""The Celery application and its one timetable. Celery's "task" is called a job here: tasks_app/jobs.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reform_tracker.settings")

app = Celery("reform_tracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["tasks_app"], related_name="jobs")

# The whole timetable: a job of tasks_app/jobs.py and the seconds between two runs. From it follows, too, when
# a job counts as late (domain/operation). Every job works out what is due from the database, so a missed run
# is caught up by the next one and a double run changes nothing; nothing is ever scheduled far ahead.
TIMETABLE = {
    "open_periods": 60,
    "compose_reminders": 20,
    "deliver_messages": 10,
    "back_up": 60,
}
app.conf.beat_schedule = {
    job: {
        "task": f"tasks_app.jobs.{job}",
        "schedule": float(seconds),
        # A message older than its interval has a successor.
        "options": {"expires": seconds},
    }
    for job, seconds in TIMETABLE.items()
}
