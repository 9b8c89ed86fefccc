"""Settings of the tests: a folder of their own, nothing from the developer's environment, quick passwords.

DATABASE=postgresql runs the tests on the server that tests/conftest.py starts; without it they run on SQLite.
"""

import os
import tempfile
from pathlib import Path

DATABASE = os.environ.get("TEST_DATABASE", "sqlite")
VAR = Path(tempfile.mkdtemp(prefix="reform-tracker-test-"))

# An empty value also keeps the developer's .env out: it never overrides what the environment has.
os.environ.update(
    MODE="embedded",
    VAR_DIR=str(VAR),
    DATABASE_URL=os.environ["TEST_POSTGRES_URL"]
    if DATABASE == "postgresql"
    else f"sqlite:///{VAR}/t.sqlite3",
    REDIS_URL="",
    EMAIL_URL="smtp://127.0.0.1:9",  # nobody answers there: the test runner keeps letters in memory
    OFFICE_HOURS="08:30-17:30",
    WECOM_WEBHOOK_URL="",
    DINGTALK_WEBHOOK_URL="",
    DINGTALK_SECRET="",
    SMS_GATEWAY_URL="",
    SMS_GATEWAY_KEY="",
    SMS_GATEWAY_SECRET="",
    SECRET_KEY="only-for-the-tests",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    HTTPS="false",
    DEBUG="false",
    LOG_LEVEL="WARNING",
    SITE_URL="http://127.0.0.1:8000",
)

from reform_tracker.settings import *  # noqa: E402, F403
from reform_tracker.settings import DATABASES, STATIC_ROOT, STORAGES, TEMPLATES  # noqa: E402
from tests.undefined_variables import Undefined  # noqa: E402

if DATABASE == "sqlite":
    # Said outright: what runs the tests on both databases knows only Django's own engine to keep it in memory.
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined()
STATIC_ROOT.mkdir()  # whitenoise warns when it is not there
