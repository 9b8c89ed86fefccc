"""Units (责任单位): the tree 省 → 市 → 县 and bureaus, and the other names a table may call them by."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from tasks_app.choices import UnitKind

CLOSED, MERGED = "已停用", "已并入他单位"
# What a unit's name is written from, where a statement brings it along for that alone.
NAMED = ("name", "is_active", "successor")


class UnitQuerySet(models.QuerySet["Unit"]):
    """Conditions on units, each asked in one place."""

    def in_use(self) -> "UnitQuerySet":
        """Return those that are not closed."""
        return self.filter(is_active=True)


class Unit(models.Model):
    """One body that issues plans or must act on them. One that was merged names its `successor`."""

    code = models.CharField("代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=60, unique=True)
    short_name = models.CharField("简称", max_length=30)
    kind = models.CharField("类别", max_length=10, choices=UnitKind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级单位"
    )
    position = models.PositiveSmallIntegerField("排序", default=0)
    is_active = models.BooleanField("在用", default=True)
    # Units closed before the program kept the day have none.
    closed_on = models.DateField("停用日期", null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name="并入单位"
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(closed_on__isnull=True, successor__isnull=True),
                name="unit_in_use_is_not_closed",
            ),
            models.CheckConstraint(condition=~Q(successor=models.F("id")), name="unit_not_its_own_successor"),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="unit_not_its_own_parent"),
            models.CheckConstraint(condition=Q(kind__in=UnitKind.values), name="unit_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def answering(self) -> "Unit":
        """The unit that answers for what is this one's: itself, or the one that it was merged into."""
        return self.successor or self

    @property
    def mark(self) -> str:
        """What stands behind the name of a unit that is closed, "" of one in use."""
        if self.is_active:
            return ""
        return MERGED if self.successor_id else CLOSED

    @property
    def shown_name(self) -> str:
        """The name as lists, boxes, letters and exports give it: marked where the unit is closed.

        Official documents, receipts and the trail say `name`, as it was.
        """
        return f"{self.name}（{self.mark}）" if self.mark else self.name


class UnitAlias(models.Model):
    """Another name for a unit; an import finds the unit by it."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="aliases", verbose_name="单位")
    name = models.CharField("别名", max_length=60, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "单位别名"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


def line_of(unit: int, way: str = "unit") -> Q:
    """Return the condition that what leads to a unit by `way` is that unit's, or was of one merged into it."""
    return lines_of([unit], way)


def lines_of(units: Iterable[int], way: str = "unit") -> Q:
    """Return the condition that it is of one of `units`, or was of one merged into one of them."""
    lines = Unit.objects.filter(Q(pk__in=units) | Q(successor__in=units))
    return Q(**{f"{way}__in": lines.order_by().values("pk")})


def answered_for(way: str = "unit") -> Q:
    """Return the condition that somebody answers for what leads to a unit by `way`: it, or who took its place."""
    return Q(**{f"{way}__is_active": True}) | Q(**{f"{way}__successor__is_active": True})
