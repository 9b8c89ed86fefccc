"""What the year's table, its import and its numbers may be."""

from django.db.models import TextChoices


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


class Reporters(TextChoices):
    """谁报: who is asked for a number; without a decision nobody is."""

    ONE = "one", "一家单位"
    COUNTIES = "counties", "任务中的各县（市、区）"
    CHOSEN = "chosen", "选定的单位"


class Total(TextChoices):
    """怎样汇总: how the city's value of a number comes about."""

    OWNER = "owner", "由一家单位报全市数"
    SUM = "sum", "各单位合计"
    WEIGHTED = "weighted", "按分母加权"
    EACH = "each", "各单位各报，不汇总"


class Pace(TextChoices):
    """How far a number is behind where it should stand by now (序时); no member where it is not."""

    BEHIND = "behind", "滞后"
    FAR_BEHIND = "far_behind", "严重滞后"


class IndicatorState(TextChoices):
    PROPOSED = "proposed", "待定"
    ACCEPTED = "accepted", "采用"
    DROPPED = "dropped", "不用"
