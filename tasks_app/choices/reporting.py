"""What a report and what is said in it may be, and how the office and the figures read it."""

from django.db.models import TextChoices


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


# What is behind: it is asked why (滞后原因), listed, and counted against its unit.
LAGGING_STATUSES = (ProgressStatus.BEHIND, ProgressStatus.NOT_STARTED)


# The better the lower. Made once: .values is made anew each time it is asked for.
RANKS = {status: rank for rank, status in enumerate(ProgressStatus.values)}


class Outlook(TextChoices):
    """What a unit expects of a task by the period's end (预计至期末)."""

    CAN = "can", "能完成"
    HARD = "hard", "有困难"
    CANNOT = "cannot", "完不成"


class Cause(TextChoices):
    """Why a task lags (滞后原因): one of a short list, so that it can be counted and handed to who can help."""

    STAFF = "staff", "编制人员"
    FUNDS = "funds", "资金"
    SYSTEMS = "systems", "系统接口"
    POLICY = "policy", "上级政策"
    APPROVAL = "approval", "项目审批"
    OTHER_BUREAUS = "other_bureaus", "跨部门协调"
    PROCUREMENT = "procurement", "采购招标"
    OTHER = "other", "其他"


class Unheard(TextChoices):
    """Why nobody's word counts for a unit-task: it is back with its unit, or nothing was ever filed."""

    SENT_BACK = "sent_back", "退回中"
    UNFILLED = "", "未填"


class VerdictBasis(TextChoices):
    """What a verdict (核定) rests on."""

    WRITTEN = "written", "书面"
    DOCUMENT = "document", "文件"
    ON_SITE = "on_site", "现场"
    PHONE = "phone", "电话"
    SYSTEM = "system", "系统数据"


class Voice(TextChoices):
    """Who says where a unit-task stands."""

    UNIT = "unit", "自评"
    OFFICE = "office", "核定"
    NOBODY = "nobody", "未填"


class Agreement(TextChoices):
    """How a unit's own rating compares with the office's verdict on the same words (自评与核定)."""

    SAME = "same", "一致"
    ROSIER = "rosier", "自评偏高"
    DARKER = "darker", "自评偏低"


class Movement(TextChoices):
    """How a unit-task moved since its unit filed last."""

    WORSE = "worse", "变差"
    BETTER = "better", "好转"
    CAUGHT_UP = "caught_up", "刚赶上"
    SAME = "same", "持平"


class CarriedText(TextChoices):
    """Whether an entry's words were brought forward from the last period; untouched ones cannot be submitted."""

    NO = "", "否"
    UNTOUCHED = "untouched", "沿用上期，未修改"
    TOUCHED = "touched", "沿用上期，已修改"


class MeasureState(TextChoices):
    NOT_STARTED = "not_started", "未启动"
    UNDER_WAY = "under_way", "推进中"
    DONE = "done", "已完成"


class EvidenceKind(TextChoices):
    """What may be attached; told by content, never by name."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"
    XLSX = "xlsx", "Excel"
    JPEG = "jpeg", "图片（JPG）"
    PNG = "png", "图片（PNG）"


class ReturnCategory(TextChoices):
    """The short list of reasons for which the office returns an entry."""

    NO_SUBSTANCE = "no_substance", "无实质内容"
    NO_DATA = "no_data", "无数据"
    OFF_TOPIC = "off_topic", "答非所问"
    NO_NEXT_STEP = "no_next_step", "未写下一步"
    OTHER_SCOPE = "other_scope", "口径不符"
    FORMAT = "format", "格式"


class ExtensionState(TextChoices):
    ASKED = "asked", "待批复"
    GRANTED = "granted", "已准予"
    REFUSED = "refused", "未准予"
    WITHDRAWN = "withdrawn", "已撤回"


class PracticeState(TextChoices):
    PROPOSED = "proposed", "待处理"
    PUBLISHED = "published", "已推广"
    DECLINED = "declined", "未采用"


class FilingLamp(TextChoices):
    """报送灯: one per unit and period. It says nothing about progress."""

    NOT_OPEN = "not_open", "未开放"
    OWED = "owed", "待报"
    NEAR = "near", "临近"
    URGENT = "urgent", "紧急"
    OVERDUE = "overdue", "逾期"
    ON_TIME = "on_time", "按期"
    LATE = "late", "补报"
    MISSING = "missing", "未报"  # and the year is settled: nothing is asked for any more


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
    SENT_BACK = "band_sent_back", "退回中"
    STEADY = "band_steady", "总体正常"
    SOME = "band_some", "个别滞后"
    MANY = "band_many", "较多滞后"
