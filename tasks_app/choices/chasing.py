"""What is asked of somebody and how it is sent: matters, 督查单, 约谈, letters."""

from django.db.models import TextChoices


class MatterKind(TextChoices):
    """What is asked of somebody with a limit and answered (事项). Adding one: here, its moves, what it is about."""

    COORDINATION = "coordination", "协调事项"
    REFERRAL = "referral", "转办事项"
    CORRECTION = "correction", "整改事项"
    INSTRUCTION = "instruction", "批示"
    VERIFICATION = "verification", "核实"


class MatterState(TextChoices):
    """Where a matter (事项) stands. The allowed moves are in domain/moves.py."""

    OPEN = "open", "待答复"
    ANSWERED = "answered", "已答复"
    CLOSED = "closed", "已办结"
    WITHDRAWN = "withdrawn", "已撤回"


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
    REFER = "refer", "转办"
    REWORK = "rework", "请再办理"

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
