"""The program's settings for a program that tests log in to again and again: its passwords are checked at once.

PBKDF2 takes 0.4 seconds of the processor on purpose; `make run`, which test_run_command.py logs in to, has it.
"""

from reform_tracker.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
