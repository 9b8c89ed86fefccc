"""People who log in: one unit, one role each."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from tasks_app.choices import Role

from .unit import Unit


class UserQuerySet(models.QuerySet["User"]):
    """Conditions on people, each asked in one place."""

    def in_use(self) -> "UserQuerySet":
        """Return those whose account is in use."""
        return self.filter(is_active=True)

    def fillers(self) -> "UserQuerySet":
        """Return those who fill in for their unit."""
        return self.filter(role=Role.FILLER)


class UserManager(BaseUserManager["User"]):
    """Looks people up by their log-in name; they are made by domain/access/actions.py."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person. There are no Django groups or superusers: what a role may do is in domain/access/rules.py."""

    username = models.CharField("账号", max_length=30, unique=True)
    name = models.CharField("姓名", max_length=30)
    phone = models.CharField("联系电话", max_length=30, blank=True)
    email = models.EmailField("邮箱", blank=True)
    role = models.CharField("角色", max_length=10, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="people", verbose_name="单位")
    is_active = models.BooleanField("在用", default=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=True)

    objects = UserManager.from_queryset(UserQuerySet)()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        ordering = ["unit__position", "role", "username"]
        constraints = [models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known")]

    def __str__(self) -> str:
        return self.name
