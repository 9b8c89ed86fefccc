"""What is stored; one file a subject. Constraints here say no to what must never be."""

from .audit import AuditEvent
from .calendar import SpecialDay
from .period import ReportingPeriod
from .person import User
from .plan import Assignment, Measure, Plan, Section, Task
from .plan_import import PlanImport
from .reminder import Delivery, Message, Reminder, ReminderRung
from .report import ProgressEntry, Report, ReturnReason, Submission
from .unit import Unit, UnitAlias

__all__ = [
    "Assignment",
    "AuditEvent",
    "Delivery",
    "Measure",
    "Message",
    "Plan",
    "PlanImport",
    "ProgressEntry",
    "Reminder",
    "ReminderRung",
    "Report",
    "ReportingPeriod",
    "ReturnReason",
    "Section",
    "SpecialDay",
    "Submission",
    "Task",
    "Unit",
    "UnitAlias",
    "User",
]
