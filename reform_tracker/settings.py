"""All settings. Values come from the environment; every variable is explained in .env.example."""

import os
import re
from datetime import time
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from reform_tracker.embedded import broker_url, secret_key

SHORTEST_KEY, FEWEST_SIGNS = 50, 5
BASE_DIR = Path(__file__).resolve().parent.parent


class Environment(environ.Env):
    """The environment, which says of what it cannot read where it stands."""

    def get_value(self, var: str, cast: Any = None, *rest: Any, **named: Any) -> Any:
        try:
            return super().get_value(var, cast, *rest, **named)
        except ValueError:
            raise ImproperlyConfigured(f"{var} must be a number, not {os.environ.get(var)!r}.") from None


env = Environment()
env.read_env(BASE_DIR / ".env")

# --- Mode -------------------------------------------------------------------------------------------------
# "embedded" is the one command on one machine; "production" refuses to start half configured.
MODE = env.str("MODE", default="embedded")
if MODE not in {"embedded", "production"}:
    raise ImproperlyConfigured(f"MODE must be 'embedded' or 'production', not {MODE!r}.")
PRODUCTION = MODE == "production"
if PRODUCTION:
    missing = [
        n for n in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL") if not env.str(n, default="")
    ]
    if missing:
        raise ImproperlyConfigured(f"MODE=production needs {', '.join(missing)}; see .env.example.")
    # Whoever can guess it can log in as anybody.
    if len(env.str("SECRET_KEY")) < SHORTEST_KEY or len(set(env.str("SECRET_KEY"))) < FEWEST_SIGNS:
        raise ImproperlyConfigured(
            f"SECRET_KEY 太短或太简单，至少要 {SHORTEST_KEY} 位随机字符。请用这个命令生成一个："
            "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    if not env.str("HTTPS", default=""):
        raise ImproperlyConfigured(
            "没有说明是否经 HTTPS 访问。应当经 HTTPS 访问，请设 HTTPS=true；"
            "确实只能用 HTTP、密码在网络上不加密的，请明确写上 HTTPS=false。"
        )
    if not env.str("EMAIL_URL", default=""):
        raise ImproperlyConfigured(
            "没有说明邮件服务器。请把 EMAIL_URL 设为发提醒的邮件服务器，写法见 .env.example；"
            "确实没有的，请明确写上 EMAIL_URL=none，提醒就只在站内，不外发。"
        )
DEBUG = env.bool("DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG must be off when MODE=production.")

# Whatever is written, the database, its backups and the key above all, is for the program's own account alone.
os.umask(0o077)
VAR_DIR = BASE_DIR / env.str("VAR_DIR", default="var")  # a relative one lies in the project
try:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    SECRET_KEY = env.str("SECRET_KEY", default="") or secret_key(VAR_DIR)
except OSError as error:
    raise ImproperlyConfigured(
        f"the folder of the data, {VAR_DIR}, cannot be used ({error.strerror}); VAR_DIR names another one."
    ) from None
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=False)
SERVE_HOST = env.str("LISTEN_ADDRESS", default="127.0.0.1")  # where manage.py serve listens
SERVE_PORT = env.int("PORT", default=8000)
if not 0 < SERVE_PORT < 65536:
    raise ImproperlyConfigured(f"PORT must lie between 1 and 65535, not {SERVE_PORT}.")
# A demonstration may live on another day than today; production may not. See tasks_app/clock.py.
DEMO_CLOCK_FILE = None if PRODUCTION else VAR_DIR / "demo_clock"

# --- Application ------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "csp",
    "django_bootstrap5",
    "django_htmx",
    "django_tables2",
    "tasks_app",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tasks_app.views.middleware.BodyMiddleware",
    "tasks_app.views.middleware.CompressedPagesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tasks_app.views.middleware.ClockMiddleware",
    "tasks_app.views.middleware.NotKeptMiddleware",
    "tasks_app.views.middleware.LoginMiddleware",
    "tasks_app.views.middleware.PasswordChangeMiddleware",
    "tasks_app.views.middleware.SeenTextMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tasks_app.views.middleware.NotAllowedMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "reform_tracker.urls"
WSGI_APPLICATION = "reform_tracker.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["reform_tracker.page_source.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tasks_app.views.context.navigation",
            ],
        },
    },
]

# --- Database ---------------------------------------------------------------------------------------------
SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "reform_tracker.sqlite3"}
DATABASES = {"default": env.db_url("DATABASE_URL") if env.str("DATABASE_URL", default="") else SQLITE}
if not DATABASES["default"].get("ENGINE"):
    raise ImproperlyConfigured("DATABASE_URL must be an address like postgres://user:password@host/db.")
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["ENGINE"] = "reform_tracker.fair_sqlite3"  # writers in the order in which they came
    # IMMEDIATE takes the write lock at the start, so a reader never fails half way when it turns writer.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
        # Or INSERT OR REPLACE would go round the triggers of what is written once.
        "PRAGMA recursive_triggers=ON;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A server that hangs is said to be down, instead of taking one thread after the other with it.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
# Also with SQLite: opening it and reading what tables it has takes 3 ms, a fifth of a saving.
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
# One file a day, and one before every migration; kept for 14 days and 12 months (domain/backups).
BACKUP_DIR = BASE_DIR / env.str("BACKUP_DIR", default=str(VAR_DIR / "backups"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "tasks_app.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "tasks_app.forms.account.LongEnoughPassword", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", default=12 * 3600)
AXES_FAILURE_LIMIT = env.int("LOGIN_FAILURE_LIMIT", default=5)
AXES_COOLOFF_TIME = env.int("LOGIN_LOCK_MINUTES", default=15) / 60  # hours
# One county bureau is one address behind NAT: lock the account from that address, not the whole bureau.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# The lock lasts as long as its page says, however often somebody tries meanwhile.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # the audit trail has it
AXES_LOCKOUT_CALLABLE = "tasks_app.views.account.locked_out"
AXES_CLIENT_IP_CALLABLE = "tasks_app.views.account.client_address"
AXES_VERBOSE = False

# --- Language and time ------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True  # stored in UTC, shown in Asia/Shanghai

# --- Files ------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / env.str("STATIC_DIR", default=str(VAR_DIR / "static"))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/bootstrap", BASE_DIR / "node_modules" / "bootstrap" / "dist"),
    ("vendor/chart", BASE_DIR / "node_modules" / "chart.js" / "dist"),
    ("vendor/htmx", BASE_DIR / "node_modules" / "htmx.org" / "dist"),
]
FILE_UPLOAD_DIRECTORY_PERMISSIONS = (
    0o755  # what is collected browsers get, from another account's server maybe
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "reform_tracker.static_files.StaticFiles"},
}
MEDIA_ROOT = VAR_DIR / "media"
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_MB", default=20) * 1024 * 1024
EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_MB", default=10) * 1024 * 1024
# A long form of a unit has 24 tasks × 6 fields; Django's own limit of 1,000 stays.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- Security ---------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's style sheet carries its icons as data
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health$"]  # the health check asks the server itself, which speaks plain HTTP
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Messages ---------------------------------------------------------------------------------------------
EMAIL_URL = env.str("EMAIL_URL", default="")
HAS_MAIL_SERVER = EMAIL_URL not in {"", "none"}
if HAS_MAIL_SERVER:
    vars().update(env.email_url("EMAIL_URL"))
# Without a word about a mail server it is a demonstration, whose letters can be read as files.
MAIL_FOLDER = "" if EMAIL_URL else str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 15
# Messages leave only in office hours of working days, in Asia/Shanghai.
try:
    OFFICE_OPENS, OFFICE_CLOSES = map(
        time.fromisoformat, env.str("OFFICE_HOURS", default="08:30-17:30").split("-")
    )
except ValueError:
    raise ImproperlyConfigured("OFFICE_HOURS must be two times like 08:30-17:30.") from None
if OFFICE_OPENS >= OFFICE_CLOSES:
    raise ImproperlyConfigured("OFFICE_HOURS must begin before they end, like 08:30-17:30.")
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="三明市医改办 <yigaiban@localhost>")
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{SERVE_PORT}")
# Robots and text messages (docs/channels.md). A robot's address holds its key: no word of ours shows it.
WECOM_WEBHOOK_URL = env.str("WECOM_WEBHOOK_URL", default="")
DINGTALK_WEBHOOK_URL = env.str("DINGTALK_WEBHOOK_URL", default="")
DINGTALK_SECRET = env.str("DINGTALK_SECRET", default="")
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_KEY = env.str("SMS_GATEWAY_KEY", default="")
SMS_GATEWAY_SECRET = env.str("SMS_GATEWAY_SECRET", default="")
HTTP_CHANNEL_TIMEOUT = env.float("HTTP_CHANNEL_TIMEOUT", default=10)
for together in (
    {"DINGTALK_WEBHOOK_URL": DINGTALK_WEBHOOK_URL, "DINGTALK_SECRET": DINGTALK_SECRET},
    {
        "SMS_GATEWAY_URL": SMS_GATEWAY_URL,
        "SMS_GATEWAY_KEY": SMS_GATEWAY_KEY,
        "SMS_GATEWAY_SECRET": SMS_GATEWAY_SECRET,
    },
    {"WECOM_WEBHOOK_URL": WECOM_WEBHOOK_URL},
):
    lacking = [name for name, value in together.items() if not value]
    if lacking and len(lacking) < len(together):
        raise ImproperlyConfigured(f"{', '.join(together)} go together: {', '.join(lacking)} is empty.")
    for name, value in together.items():
        if name.endswith("_URL") and value and not re.fullmatch(r"https?://[^/\s]\S*", value):
            raise ImproperlyConfigured(f"{name} must be an address that begins with http:// or https://.")
if HTTP_CHANNEL_TIMEOUT <= 0:
    raise ImproperlyConfigured("HTTP_CHANNEL_TIMEOUT must be more than 0 seconds.")

# --- Jobs -------------------------------------------------------------------------------------------------
EMBEDDED_BROKER = not env.str("REDIS_URL", default="")
CELERY_BROKER_URL = broker_url(VAR_DIR) if EMBEDDED_BROKER else env.str("REDIS_URL")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for as long as it takes
# A killed worker's message comes back after visibility_timeout seconds, which must exceed the longest job.
CELERY_TASK_TIME_LIMIT = env.int("JOB_SECONDS", default=300)
# First the job is told, so that its heart-beat can say so. The threads of the one command know no limits.
CELERY_TASK_SOFT_TIME_LIMIT = CELERY_TASK_TIME_LIMIT * 9 // 10
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": CELERY_TASK_TIME_LIMIT * 6 // 5,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "tasks_app.jobs:NotedTimetable"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-sign-of-life")

# --- Log --------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # What it says below that level contains the addresses of the robots, which hold their keys.
    "loggers": {"urllib3": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
CSRF_FAILURE_VIEW = "tasks_app.views.errors.csrf_failure"
BOOTSTRAP5 = {
    "set_placeholder": False,  # the label says it already
    "field_renderers": {"default": "tasks_app.forms.rendering.QuietFieldRenderer"},
}
FORM_RENDERER = "tasks_app.forms.rendering.QuickRenderer"
DJANGO_TABLES2_TEMPLATE = "components/table.html"
