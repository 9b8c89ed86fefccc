"""Columns that several lists share."""

import django_tables2 as tables
from django.utils.safestring import SafeString

from tasks_app.models import Unit
from tasks_app.templatetags.display import unit_name


class UnitColumn(tables.Column):
    """The name of a unit, marked where it is closed."""

    def render(self, value: Unit) -> SafeString | str:
        return unit_name(value)
