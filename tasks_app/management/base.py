"""What the commands that work on the stored data share: they look at once whether the database can be worked on."""

from django.core.management.base import BaseCommand, CommandError

from tasks_app.domain.backups import schema


class DataCommand(BaseCommand):
    """A command that reads or writes what is stored: on tables that are not there yet, or are old, it does nothing."""

    requires_migrations_checks = True

    def check_migrations(self) -> None:
        """Refuse in a sentence where Django would only warn."""
        if sentence := schema.why_not_use():
            raise CommandError(sentence)
