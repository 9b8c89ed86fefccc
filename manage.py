#!/usr/bin/env python
"""Django's command line for this project; what keeps it from starting is said in a sentence."""

import os
import sys


def main() -> None:
    """Run the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reform_tracker.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
        from django.db import OperationalError, ProgrammingError
    except ModuleNotFoundError as error:
        sys.exit(
            f"缺少 Python 模块 {error.name}。请先运行 make setup，再用 .venv/bin/python manage.py 运行。"
        )
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"设置有误：{error}")
    # That there is no table is the one on SQLite, the other on PostgreSQL.
    except (OperationalError, ProgrammingError) as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(
            f"数据库不能使用（{' '.join(str(error).split())}）。"
            "请检查 DATABASE_URL 或数据目录的权限；还没有建表的，请先运行 manage.py migrate。"
        )


if __name__ == "__main__":
    main()
