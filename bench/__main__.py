"""make bench: the busiest pages, the import, ten years of reports and the reminders, each against its bare form."""

import gc
import os
import shutil
import tempfile
from io import BytesIO
from pathlib import Path

VAR = tempfile.mkdtemp(prefix="reform-tracker-bench-")
os.environ.update(
    DJANGO_SETTINGS_MODULE="reform_tracker.settings",
    MODE="embedded",
    VAR_DIR=VAR,
    DATABASE_URL=os.environ.get("BENCH_DATABASE_URL", ""),  # an empty database of PostgreSQL, if given
    LOG_LEVEL="ERROR",
    ALLOWED_HOSTS="testserver",
    HTTPS="false",
)

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from openpyxl import load_workbook  # noqa: E402

from tasks_app.choices import PeriodKind  # noqa: E402
from tasks_app.documents.reading import read_document  # noqa: E402
from tasks_app.models import ReportingPeriod  # noqa: E402
from tasks_app.plan_reading.table.understanding import understand  # noqa: E402

from . import pages, reminders, ten_years, workbook  # noqa: E402
from .busiest import fill  # noqa: E402
from .timing import Ratio, compare  # noqa: E402

TABLE = settings.BASE_DIR / "fixtures" / "2024年深化医改重点任务分解表.xlsx"


def prepare() -> ReportingPeriod:
    """Fill the database with the real table and a period in which most have filed."""
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    call_command("seed_demo", quiet=True)
    period = ReportingPeriod.objects.get(kind=PeriodKind.FIRST_HALF)
    fill(period)
    settings.ROOT_URLCONF = "bench.urls"
    gc.collect()
    gc.freeze()  # as the web servers do (reform_tracker/wsgi.py)
    return period


def read_plainly(data: bytes) -> int:
    """Read every cell with openpyxl and do nothing with it."""
    return sum(1 for sheet in load_workbook(BytesIO(data)) for row in sheet.iter_rows() for _ in row)


def read_table(data: bytes) -> None:
    """Read the table as the import does, up to sections, tasks, measures and units."""
    understanding = understand(read_document(data, file_name=TABLE.name), file_name=TABLE.name)
    assert understanding.plan is not None


def judged(ratio: Ratio, most: float) -> str:
    """Return a ratio beside the most that it may be."""
    return f"{ratio}  {'at most' if ratio.value <= most else 'ABOVE'} {most:g}"


def main() -> None:
    try:
        for ratio, most in pages.ratios(prepare()):
            print(judged(ratio, most))
        data = Path(TABLE).read_bytes()
        reads = compare(
            ("import of the real table", lambda: read_table(data)),
            ("plain openpyxl read", lambda: read_plainly(data)),
            rounds=20,
        )
        print(reads)
        as_they_look, bare = workbook.ratios()
        print(judged(as_they_look, workbook.MOST))
        for ratio in (bare, *ten_years.ratios()):
            print(ratio)
        reminders.measure_all()
    finally:
        shutil.rmtree(VAR, ignore_errors=True)


main()
