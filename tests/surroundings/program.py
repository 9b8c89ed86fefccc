"""The program itself in processes of its own, on a database of its own: for real concurrency and kill -9."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from . import migrated
from .postgresql import create_database

ROOT = Path(__file__).resolve().parents[2]
PREPARE = "import django; django.setup()\n"


@dataclass
class Program:
    """Runs manage.py commands and pieces of Python with the program's own settings."""

    environment: dict[str, str]

    @classmethod
    def create(cls, folder: Path, name: str, **environment: str) -> "Program":
        """Make a database of the newest version, on the kind of server that this run of the tests uses."""
        program = cls.empty(folder, name, **environment)
        if not migrated.copy_to(program.environment["DATABASE_URL"]):
            program.manage("migrate", "--verbosity", "0")
        return program

    @classmethod
    def empty(cls, folder: Path, name: str, **environment: str) -> "Program":
        """Make an empty database, on the kind of server that this run of the tests uses."""
        if settings.DATABASE == "postgresql":
            database = create_database(os.environ["TEST_POSTGRES_URL"], name)
        else:
            database = f"sqlite:///{folder / 'program.sqlite3'}"
        return cls(
            os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "reform_tracker.settings",
                "VAR_DIR": str(folder),
                "DATABASE_URL": database,
                "PYTHONPATH": str(ROOT),
            }
            | environment
        )

    def copy(self, folder: Path, name: str) -> "Program":
        """Make another program, in `folder`, on a copy of this one's database; nobody may be using it."""
        program = self.empty(folder, name)
        migrated.copy_database(self.environment["DATABASE_URL"], program.environment["DATABASE_URL"])
        return program

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start `python …` and return the process, its output in pipes."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def manage(self, *arguments: str) -> str:
        """Run a manage.py command to its end and return what it printed; fails if it failed."""
        return self._finish(self.start("manage.py", *arguments))

    def refused(self, *arguments: str) -> str:
        """Run a manage.py command that must fail, and return what it complained of."""
        process = self.start("manage.py", *arguments)
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 1, errors
        return errors

    def python(self, code: str) -> Any:
        """Run `code` in the program; returns what it printed last, as JSON, if anything."""
        output = self._finish(self.start("-c", PREPARE + code))
        return json.loads(output.splitlines()[-1]) if output.strip() else None

    @staticmethod
    def _finish(process: "subprocess.Popen[str]") -> str:
        output, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        return output
