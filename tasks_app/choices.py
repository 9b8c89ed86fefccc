"""Every fixed list of states, roles and kinds with its label: the vocabulary on one page (domain.md)."""

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


class AssignmentRole(TextChoices):
    LEAD = "lead", "牵头"
    SUPPORT = "support", "配合"
    LOCAL = "local", "属地"


class PeriodKind(TextChoices):
    FIRST_HALF = "first_half", "上半年"
    THREE_QUARTERS = "three_quarters", "前三季度"
    FULL_YEAR = "full_year", "全年"


class ReportState(TextChoices):
    """Where a report stands. The allowed moves are in domain/reporting/rules.py."""

    DRAFT = "draft", "填报中"
    SIGNING = "signing", "待审签"
    SUBMITTED = "submitted", "已报送"
    RETURNED = "returned", "已退回"
    ACCEPTED = "accepted", "已采纳"


class ProgressStatus(TextChoices):
    """What the unit itself declares of one task."""

    DONE = "done", "已完成"
    ON_TRACK = "on_track", "达到序时"
    BEHIND = "behind", "未达序时"
    NOT_STARTED = "not_started", "未启动"


class FilingLamp(TextChoices):
    """报送灯: one per unit and period. It says nothing about progress."""

    NOT_OPEN = "not_open", "未开放"
    OWED = "owed", "待报"
    NEAR = "near", "临近"
    URGENT = "urgent", "紧急"
    OVERDUE = "overdue", "逾期"
    ON_TIME = "on_time", "按期"
    LATE = "late", "补报"


class ProgressLamp(TextChoices):
    """进度灯: one per assignment."""

    UNKNOWN = "unknown", "未填"
    NORMAL = "normal", "正常"
    LAGGING = "lagging", "滞后"
    SEVERE = "severe", "严重滞后"


class FilingGroup(TextChoices):
    """The groups of units that the overview counts; 逾期 and 退回 are also part of 未报."""

    ON_TIME = "on_time", "按期"
    LATE = "late", "补报"
    OWED = "owed", "未报"
    OVERDUE = "overdue", "逾期"
    WAITING = "waiting", "待审"
    RETURNED = "returned", "退回"
    ACCEPTED = "accepted", "采纳"


class ProgressBand(TextChoices):
    """Where a unit stands as a whole; units stand in bands, never in a league table."""

    UNKNOWN = "band_unknown", "尚未报送"
    STEADY = "band_steady", "总体正常"
    SOME = "band_some", "个别滞后"
    MANY = "band_many", "较多滞后"


class Severity(TextChoices):
    ERROR = "error", "错误"
    WARNING = "warning", "提示"


class ImportState(TextChoices):
    PREVIEWED = "previewed", "待确认"
    APPLIED = "applied", "已导入"
    DISCARDED = "discarded", "已放弃"


class DayKind(TextChoices):
    HOLIDAY = "holiday", "放假"
    WORKDAY = "workday", "调休上班"


class Channel(TextChoices):
    IN_APP = "in_app", "站内"
    EMAIL = "email", "邮件"


class DeliveryState(TextChoices):
    """What became of one message to one person by one channel."""

    PENDING = "pending", "待发"
    SENDING = "sending", "发送中"
    SENT = "sent", "已发"
    FAILED = "failed", "发送失败"
    UNCERTAIN = "uncertain", "可能已发"
    CANCELLED = "cancelled", "已取消"


class AuditAction(TextChoices):
    """Every kind of step the audit trail records."""

    LOGIN = "login", "登录"
    LOGIN_FAILED = "login_failed", "登录失败"
    LOGIN_LOCKED = "login_locked", "登录锁定"
    LOGOUT = "logout", "退出"
    PASSWORD_CHANGE = "password_change", "修改密码"
    PASSWORD_RESET = "password_reset", "重置密码"
    PLAN_IMPORT = "plan_import", "导入分解表"
    PLAN_EDIT = "plan_edit", "修改分解表"
    UNIT_EDIT = "unit_edit", "维护单位"
    PERSON_EDIT = "person_edit", "维护人员"
    PERIOD_EDIT = "period_edit", "维护填报期"
    PERIOD_OPEN = "period_open", "开放填报期"
    CALENDAR_EDIT = "calendar_edit", "维护工作日历"
    LADDER_EDIT = "ladder_edit", "维护提醒规则"
    REPORT_SAVE = "report_save", "保存填报"
    REPORT_SIGN_REQUEST = "report_sign_request", "提交审签"
    REPORT_SIGN_REFUSE = "report_sign_refuse", "审签退回"
    REPORT_RECALL = "report_recall", "撤回审签"
    REPORT_SUBMIT = "report_submit", "报送"
    REPORT_RETURN = "report_return", "退回"
    REPORT_ACCEPT = "report_accept", "采纳"
    REMINDER = "reminder", "提醒"
    DELIVERY_DECIDE = "delivery_decide", "处理存疑消息"
    EXPORT = "export", "导出"
