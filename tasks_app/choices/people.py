"""The kinds of units, people and days."""

from django.db.models import TextChoices


class UnitKind(TextChoices):
    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "县（市、区）"
    BUREAU = "bureau", "市直部门"


class Role(TextChoices):
    FILLER = "filler", "填报员"
    SIGNER = "signer", "本单位审签人"
    OFFICE = "office", "市医改办"
    LEADER = "leader", "分管领导"
    ADMIN = "admin", "管理员"
    AUDITOR = "auditor", "审计员"


class DayKind(TextChoices):
    HOLIDAY = "holiday", "放假"
    WORKDAY = "workday", "调休上班"
