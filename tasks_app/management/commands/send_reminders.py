"""`manage.py send_reminders`: do by hand what the jobs do by the clock, or show what they would do."""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from django.core.management.base import CommandError

from tasks_app import clock
from tasks_app.choices import Role
from tasks_app.domain.reminders.actions import compose_reminders, rehearse_reminders
from tasks_app.domain.reminders.delivering import Outcome, deliver_messages
from tasks_app.domain.reminders.queries import Draft
from tasks_app.domain.reminders.rungs import rung_label
from tasks_app.domain.reporting.actions import open_due_periods
from tasks_app.management.base import DataCommand
from tasks_app.models import SendingHold

MORNING = time(9, 0)
HELP = """\
Open the periods whose day has come, write the reminders that are due and deliver what waits.
Run by hand it does not wait for working hours. Running it twice, or twice at once, sends nothing twice.

--json prints one object:
  at                       the moment, ISO 8601 with offset
  dry_run                  true if nothing was written or sent
  messages                 those this run composed (with --dry-run: would compose), one a unit:
    unit, subject, body
    recipients             [{"name", "role", "email"}]
    matters                [{"kind", "thing", "title", "due_on", "rung"}]; thing: the report's, notice's or
                           correction's number; rung: working days from the limit, -100 at its beginning
  held                     true while nothing leaves because a restored backup was not released yet
  delivered                letters by outcome: {"sent", "failed", "pending", "cancelled", "uncertain"}
  units_without_recipient  names of the units that are due but have nobody to write to
Exit status 1 when a message failed for good in this run, 0 otherwise."""


class Command(DataCommand):
    help = HELP

    def create_parser(self, *args: Any, **options: Any) -> Any:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at",
            metavar="ISO",
            help="the moment to act at instead of now; without offset Asia/Shanghai, a date alone is 09:00",
        )
        parser.add_argument("--dry-run", action="store_true", help="write and send nothing, only show")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        at = _moment(options["at"]) if options["at"] else clock.now()
        if options["dry_run"]:
            messages, outcome = rehearse_reminders(at=at), Outcome()
        else:
            open_due_periods(at=at)
            messages = compose_reminders(at=at)
            outcome = deliver_messages(at=at)
        written = [draft for draft in messages if draft.recipients]
        unreachable = [draft.unit_name for draft in messages if not draft.recipients]
        if options["json"]:
            self._print_json(at, options["dry_run"], written, outcome, unreachable)
        else:
            self._print_text(at, options["dry_run"], written, outcome, unreachable)
        if outcome.failed:
            raise SystemExit(1)

    def _print_json(
        self, at: datetime, dry_run: bool, written: Sequence[Draft], outcome: Outcome, unreachable: list[str]
    ) -> None:
        result = {
            "at": at.astimezone(clock.SHANGHAI).isoformat(),
            "dry_run": dry_run,
            "held": SendingHold.objects.open().exists(),
            "messages": [_as_json(draft) for draft in written],
            "delivered": asdict(outcome),
            "units_without_recipient": unreachable,
        }
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2))

    def _print_text(
        self, at: datetime, dry_run: bool, written: Sequence[Draft], outcome: Outcome, unreachable: list[str]
    ) -> None:
        local = at.astimezone(clock.SHANGHAI)
        self.stdout.write(f"{local:%Y-%m-%d %H:%M}{' 试运行，未写入、未发送' if dry_run else ''}")
        for draft in written:
            rungs = "、".join(f"{one.obligation.title} {rung_label(one.offset)}" for one in draft.due)
            people = "、".join(f"{person.name}（{person.email or '仅站内'}）" for person in draft.recipients)
            self.stdout.write(f"  {draft.unit_name}：{rungs} → {people}\n    {draft.words.subject}")
        self.stdout.write(f"{'应' if dry_run else '已'}生成消息 {len(written)} 条。")
        if not dry_run:
            self.stdout.write(
                f"外发：发出 {outcome.sent}，失败 {outcome.failed}，稍后再试 {outcome.pending}，"
                f"取消 {outcome.cancelled}，可能已发 {outcome.uncertain}。"
            )
        if SendingHold.objects.open().exists():
            self.stdout.write(
                "由备份恢复后外发暂停，一条也没有发出。请市医改办在“系统状态”页看过待发名单后放行。"
            )
        if unreachable:
            self.stdout.write(f"没有可通知的人：{'、'.join(unreachable)}。请管理员为这些单位建立填报员账号。")


def _moment(text: str) -> datetime:
    """Return the moment that --at names. Raises CommandError."""
    try:
        if len(text) == len("2024-07-22"):
            return datetime.combine(date.fromisoformat(text), MORNING, clock.SHANGHAI)
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            f"--at {text}：不是 ISO 8601 时间，例如 2024-07-22 或 2024-07-22T09:00。"
        ) from error
    return at if at.tzinfo else at.replace(tzinfo=clock.SHANGHAI)


def _as_json(draft: Draft) -> dict[str, Any]:
    return {
        "unit": draft.unit_name,
        "subject": draft.words.subject,
        "body": draft.words.body,
        "recipients": [
            {"name": person.name, "role": Role(person.role).label, "email": person.email}
            for person in draft.recipients
        ],
        "matters": [
            {
                "kind": one.obligation.kind.code,
                "thing": one.obligation.thing,
                "title": one.obligation.title,
                "due_on": one.obligation.due_on.isoformat(),
                "rung": one.offset,
            }
            for one in draft.due
        ],
    }
