"""The WSGI entry that gunicorn and waitress serve."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reform_tracker.settings")

application = get_wsgi_application()
