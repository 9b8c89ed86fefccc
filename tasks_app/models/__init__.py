"""What is stored; one file a subject. Constraints here say no to what must never be."""

from .audit import AuditEvent
from .calendar import SpecialDay
from .document import DocumentTemplate
from .indicator import Indicator, Share, TotalRuling
from .interview import Interview
from .matter import Matter, Step
from .notice import SetAside, SupervisionNotice
from .operation import CalendarFeed, JobRun, SendingHold
from .period import ReportingPeriod
from .person import User
from .plan import Assignment, Deadline, Measure, Plan, Section, Task
from .plan_import import HeadingMeaning, ImportSource, PlanImport
from .progress import Attachment, IndicatorValue, MeasureProgress, Presence
from .reminder import Delivery, Message, Reminder, ReminderRung
from .report import ProgressEntry, Report, ReturnReason, Submission
from .request import Extension, GoodPractice, ReviewNote, StandIn
from .sample import Sample, SampledEntry
from .unit import Unit, UnitAlias

__all__ = [
    "Assignment",
    "Attachment",
    "AuditEvent",
    "CalendarFeed",
    "Deadline",
    "Delivery",
    "DocumentTemplate",
    "Extension",
    "GoodPractice",
    "HeadingMeaning",
    "ImportSource",
    "Indicator",
    "IndicatorValue",
    "Interview",
    "JobRun",
    "Matter",
    "Measure",
    "MeasureProgress",
    "Message",
    "Plan",
    "PlanImport",
    "Presence",
    "ProgressEntry",
    "Reminder",
    "ReminderRung",
    "Report",
    "ReportingPeriod",
    "ReturnReason",
    "ReviewNote",
    "Sample",
    "SampledEntry",
    "Section",
    "SendingHold",
    "SetAside",
    "Share",
    "SpecialDay",
    "StandIn",
    "Step",
    "Submission",
    "SupervisionNotice",
    "Task",
    "TotalRuling",
    "Unit",
    "UnitAlias",
    "User",
]
