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


class DeadlineKind(TextChoices):
    """What a cell or a sentence says of the time limit."""

    DATED = "dated", "限期"
    CONTINUOUS = "continuous", "持续推进"
    UNCLEAR = "unclear", "未能识别"


class IndicatorKind(TextChoices):
    """量化指标: how a figure is held against its target."""

    CUMULATIVE = "cumulative", "累计"
    RATE = "rate", "比率"
    INCREMENT = "increment", "增量"
    CEILING = "ceiling", "上限"
    YES_NO = "yes_no", "是否"


class Comparator(TextChoices):
    """On which side of its target a figure should be."""

    AT_LEAST = "at_least", "不低于"
    AT_MOST = "at_most", "不高于"
    ABOUT = "about", "左右"
    EQUAL = "equal", "等于"


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


class Voice(TextChoices):
    """Who says where a unit-task stands."""

    UNIT = "unit", "自评"
    OFFICE = "office", "核定"
    NOBODY = "nobody", "未填"


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


class MatterKind(TextChoices):
    """What is asked of somebody with a limit and answered (事项). Adding one: here, its moves, what it is about."""

    COORDINATION = "coordination", "协调事项"
    CORRECTION = "correction", "整改事项"


class MatterState(TextChoices):
    """Where a matter (事项) stands. The allowed moves are in domain/moves.py."""

    OPEN = "open", "待答复"
    ANSWERED = "answered", "已答复"
    CLOSED = "closed", "已办结"
    WITHDRAWN = "withdrawn", "已撤回"


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
    READING = "reading", "读取中"
    FAILED = "failed", "未能读取"
    PREVIEWED = "previewed", "待确认"
    APPLIED = "applied", "已导入"
    DISCARDED = "discarded", "已放弃"
    UNDONE = "undone", "已撤销"


class IndicatorState(TextChoices):
    PROPOSED = "proposed", "待定"
    ACCEPTED = "accepted", "采用"
    DROPPED = "dropped", "不用"


class DayKind(TextChoices):
    HOLIDAY = "holiday", "放假"
    WORKDAY = "workday", "调休上班"


class Channel(TextChoices):
    IN_APP = "in_app", "站内"
    EMAIL = "email", "邮件"
    FILE = "file", "文件（演示）"
    WECOM = "wecom", "企业微信"
    DINGTALK = "dingtalk", "钉钉"
    SMS = "sms", "短信"


# By these a message leaves the house. What lies in a file or in the program alone was not sent to anybody.
OUTGOING = (Channel.EMAIL, Channel.WECOM, Channel.DINGTALK, Channel.SMS)


class NoticeColour(TextChoices):
    """三色督查单: 蓝 reminds, 橙 warns with a limit, 红 warns again."""

    BLUE = "blue", "蓝色"
    ORANGE = "orange", "橙色"
    RED = "red", "红色"


class NoticeState(TextChoices):
    """Where a 督查单 stands. The allowed moves are in domain/moves.py."""

    DRAFT = "draft", "拟稿"
    HEARING = "hearing", "听取申辩"
    ISSUED = "issued", "已发出"
    ACKNOWLEDGED = "acknowledged", "已签收"
    REPLIED = "replied", "已回复"
    CLOSED = "closed", "已办结"
    RAISED = "raised", "已转下一色"
    WITHDRAWN = "withdrawn", "已撤销"


class InterviewState(TextChoices):
    """Where a 提醒约谈 stands."""

    PROPOSED = "proposed", "拟约谈"
    NOTIFIED = "notified", "已通知"
    HELD = "held", "已约谈"
    CORRECTING = "correcting", "整改中"
    CLOSED = "closed", "已销号"
    WITHDRAWN = "withdrawn", "已取消"


class StepKind(TextChoices):
    """Every step of a matter, a 督查单 or a 约谈 that its ledger shows."""

    ASK = "ask", "提出"
    ANSWER = "answer", "答复"
    SETTLE = "settle", "办结"
    HAND_OVER = "hand_over", "移交"

    DRAFT = "draft", "拟稿"
    EDIT = "edit", "修改"
    HEAR = "hear", "告知并听取申辩"
    OBJECT = "object", "申辩"
    ISSUE = "issue", "签发"
    ACKNOWLEDGE = "acknowledge", "签收"
    REPLY = "reply", "回复"
    REJECT = "reject", "回复未通过"
    ACCEPT = "accept", "认可办结"
    RAISE = "raise", "转下一色"
    WITHDRAW = "withdraw", "撤销"
    PROPOSE = "propose", "提出约谈"
    NOTIFY = "notify", "发出约谈通知"
    RECORD = "record", "约谈记录"
    DEMAND = "demand", "下达整改清单"
    CORRECT = "correct", "报告整改"
    VERIFY = "verify", "核验整改"
    CLOSE = "close", "销号"


class CandidateKind(TextChoices):
    """Why something is suggested (domain/escalation): the first suggests a 约谈, the others a 督查单."""

    INTERVIEW = "interview", "红单之后"
    NOTICE = "notice", "督查未落实"
    RETURNED = "returned", "退回未重报"
    FILING = "filing", "逾期未报"
    TASK = "task", "严重滞后"


class DocumentKind(TextChoices):
    """Official documents that the office drafts here (GB/T 9704-2012)."""

    CALL = "call", "催报通知"
    NOTICE = "notice", "督查单"
    LETTER = "letter", "提醒函"
    INTERVIEW_NOTICE = "interview_notice", "约谈通知书"
    INTERVIEW_RECORD = "interview_record", "约谈记录"
    CORRECTIONS = "corrections", "整改清单"


class DeliveryState(TextChoices):
    """What became of one message to one person by one channel."""

    PENDING = "pending", "待发"
    SENDING = "sending", "发送中"
    SENT = "sent", "已发"
    FAILED = "failed", "发送失败"
    UNCERTAIN = "uncertain", "可能已发"
    CANCELLED = "cancelled", "已取消"
    NOT_SENT = "not_sent", "未外发"


class Health(TextChoices):
    """How one thing stands on the status page; what is QUIET is not expected of it just now."""

    GOOD = "good", "正常"
    QUIET = "quiet", "暂不要求"
    BAD = "bad", "需处理"


class AuditAction(TextChoices):
    """Every kind of step the audit trail records."""

    LOGIN = "login", "登录"
    LOGIN_FAILED = "login_failed", "登录失败"
    LOGIN_LOCKED = "login_locked", "登录锁定"
    LOGOUT = "logout", "退出"
    PASSWORD_CHANGE = "password_change", "修改密码"
    PASSWORD_RESET = "password_reset", "重置密码"
    PLAN_IMPORT = "plan_import", "导入分解表"
    PLAN_IMPORT_UNDO = "plan_import_undo", "撤销导入"
    PLAN_EDIT = "plan_edit", "修改分解表"
    PLAN_CLOSE = "plan_close", "年度办结"
    INDICATOR_DECIDE = "indicator_decide", "确定量化指标"
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
    REPORT_REOPEN = "report_reopen", "重新打开"
    REPORT_ADD = "report_add", "新增任务"
    REPORT_ENTER = "report_enter", "代填"
    REVIEW_NOTE = "review_note", "审阅意见"
    EVIDENCE = "evidence", "佐证材料"
    COORDINATION = "coordination", "协调事项"
    PRACTICE = "practice", "经验做法"
    EXTENSION = "extension", "延期"
    STAND_IN = "stand_in", "替岗"
    REMINDER = "reminder", "提醒"
    DELIVERY_DECIDE = "delivery_decide", "处理存疑消息"
    FEED = "feed", "日历订阅"
    NOTICE = "notice", "督查单"
    INTERVIEW = "interview", "提醒约谈"
    CANDIDATE = "candidate", "督办建议"
    DOCUMENT = "document", "公文"
    EXPORT = "export", "导出"
    RESTORE = "restore", "恢复备份"
    SENDING_RELEASE = "sending_release", "放行外发"
