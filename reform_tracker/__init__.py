"""The Django project: settings, the root address list, the Celery application and the WSGI entry."""

from .celery import app as celery_app

__all__ = ["celery_app"]
