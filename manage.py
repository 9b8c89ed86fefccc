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
    except ModuleNotFoundError as error:
        sys.exit(
            f"缺少 Python 模块 {error.name}。请先运行 make setup，再用 .venv/bin/python manage.py 运行。"
        )
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"设置有误：{error}")


if __name__ == "__main__":
    main()
