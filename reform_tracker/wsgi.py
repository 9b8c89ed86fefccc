"""The WSGI entry that gunicorn and waitress serve; what keeps it from serving is said in a sentence."""

import gc
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reform_tracker.settings")

try:
    application = get_wsgi_application()
    from django.conf import settings

    if settings.PRODUCTION and not (settings.STATIC_ROOT / "staticfiles.json").exists():
        raise ImproperlyConfigured(
            f"{settings.STATIC_ROOT} 中没有收集好的静态文件 staticfiles.json，页面没有样式，也不能用。"
            "请先运行 manage.py collectstatic，或用 STATIC_DIR 指明它们在哪里。"
        )
except ImproperlyConfigured as error:
    sys.stderr.write(f"设置有误：{error}\n")
    sys.exit(3)  # by which gunicorn knows that another try is of no use

# What was loaded stays for good: what tidies up behind a page need not go through it again and again.
gc.collect()
gc.freeze()
# Threads take turns ten times as often as by default: whoever holds the database's lock gets on, while pages are drawn.
sys.setswitchinterval(0.0005)
