"""The Celery application and its one timetable. Celery's "task" is called a job here: tasks_app/jobs.py."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reform_tracker.settings")

app = Celery("reform_tracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["tasks_app"], related_name="jobs")

# The whole timetable. Every job works out what is due from the database, so a missed run is caught up by
# the next one and a double run changes nothing. A message older than its period has a successor: it expires.
app.conf.beat_schedule = {
    "open periods": {
        "task": "tasks_app.jobs.open_periods",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "compose reminders": {
        "task": "tasks_app.jobs.compose_reminders",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "deliver messages": {
        "task": "tasks_app.jobs.deliver_messages",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
}
