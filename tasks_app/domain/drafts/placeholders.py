"""What each official document can fill in: names as a template writes them, their meaning, and sample values."""

from dataclasses import dataclass, field
from typing import Any

from tasks_app.choices import DocumentKind

Values = dict[str, Any]


@dataclass(frozen=True)
class Placeholder:
    """One name; `fields` are those of each item of a list that a loop repeats; a list without has plain texts."""

    name: str
    meaning: str
    sample: Any
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def is_list(self) -> bool:
        return isinstance(self.sample, list)

    @property
    def codes(self) -> list[tuple[str, str]]:
        """Return [(what to write in a template, its meaning)]."""
        if not self.is_list:
            return [(f"{{{{ {self.name} }}}}", self.meaning)]
        start, end = f"{{%p for 项 in {self.name} %}}", "{%p endfor %}"
        items = [(f"{{{{ 项.{field} }}}}", meaning) for field, meaning in self.fields.items()]
        return [
            (start, f"{self.meaning}；循环开始，独占一段（表格里独占一行，写作 %tr）"),
            *(items or [("{{ 项 }}", "其中的一段")]),
            (end, "循环结束，独占一段或一行"),
        ]

    @property
    def sample_text(self) -> str:
        """Return the sample value in words."""
        return f"{len(self.sample)} 项" if self.is_list else str(self.sample)


OFFICE = "三明市深化医药卫生体制改革领导小组办公室"
COMMON = [
    Placeholder("发文机关", "发文机关全称", OFFICE),
    Placeholder("发文机关简称", "规范化简称，用在版记", "三明市医改领导小组办公室"),
    Placeholder("文号", "发文字号；未签发的留空号", "明医改办〔2024〕　号"),
    Placeholder("成文日期", "成文日期，默认为生成当日", "2024年7月29日"),
    Placeholder("受文单位", "主送机关", "将乐县"),
    Placeholder("分解表", "年度分解表的标题", "2024年度深化医改重点任务分解表"),
    Placeholder("分解表文号", "印发分解表的文号，没有的为空", "明医改组〔2024〕4号"),
    Placeholder("年度", "分解表的年度", "2024"),
    Placeholder("抄送", "抄送机关，没有的为空", "三明市深化医药卫生体制改革领导小组"),
    Placeholder("联系人", "生成公文的人员", "陈志远"),
    Placeholder("联系电话", "生成公文的人员的电话", "0598-8220000"),
]
SUBJECT = Placeholder("事由", "事由，用在标题“关于……的”之后", "加快推进紧密型县域医共体建设")


def heading(kind: DocumentKind) -> Placeholder:
    """Return the place of 标题, with the sample of one kind."""
    return Placeholder("标题", "公文标题，已按词意回行", f"{OFFICE}\n关于{SUBJECT.sample}的{kind.label}")


REPLY_DUE = Placeholder("回复期限", "要求回复的最后一天", "2024年8月9日")
GROUNDS = [
    "《2024年度深化医改重点任务分解表》（明医改组〔2024〕4号）第5项要求，各县（市、区）于2024年6月底前完成紧密型县域医共体"
    "人财物统一管理改革。",
    "截至2024年7月25日，你单位填报的进展为“正在研究方案”，与序时进度差距较大。",
]
DEMANDS = ["请于8月9日前制定实施方案，明确责任人和完成时限。", "请每两周报告一次进展，直至完成。"]
CORRECTIONS = [
    {
        "序号": 1,
        "内容": "制定县域医共体人财物统一管理实施方案。",
        "时限": "2024年8月31日",
        "整改情况": "方案已印发。",
        "核验": "2024年8月30日核验",
    },
    {"序号": 2, "内容": "完成财务统一核算。", "时限": "2024年9月30日", "整改情况": "", "核验": ""},
]
OF_INTERVIEW = [
    heading(DocumentKind.INTERVIEW_NOTICE),
    SUBJECT,
    Placeholder("约谈依据", "约谈依据，一段一项", GROUNDS),
    Placeholder("约谈时间", "约谈通知的时间，未定的写“另行通知”", "2024年8月15日（星期四）15时00分"),
    Placeholder("约谈日期", "实际约谈的日期，未约谈的留空", "2024年8月15日"),
    Placeholder("约谈地点", "约谈地点", "市卫健委三楼会议室"),
    Placeholder("约谈人", "约谈人的姓名、职务", "刘德明 市医改领导小组副组长"),
    Placeholder("被约谈人", "被约谈人的姓名、职务", "李某某 副县长"),
]
PLACEHOLDERS: dict[DocumentKind, list[Placeholder]] = {
    DocumentKind.CALL: [
        *COMMON,
        Placeholder("逾期件数", "未报送的填报期数", 2),
        Placeholder("补报期限", "要求补报的最后一天", "2024年8月1日"),
        Placeholder(
            "逾期填报",
            "逐项列出未报送的填报期",
            [
                {"序号": 1, "填报期": "2024年上半年", "截止日": "2024年7月25日", "逾期工作日": 2, "说明": ""},
                {
                    "序号": 2,
                    "填报期": "2024年前三季度",
                    "截止日": "2024年9月25日",
                    "逾期工作日": 1,
                    "说明": "已退回，尚未重报",
                },
            ],
            {
                "序号": "从1起",
                "填报期": "例如“2024年上半年”",
                "截止日": "报送时限",
                "逾期工作日": "已逾期的工作日数",
                "说明": "例如“已退回，尚未重报”，没有的为空",
            },
        ),
    ],
    DocumentKind.NOTICE: [
        *COMMON,
        heading(DocumentKind.NOTICE),
        SUBJECT,
        Placeholder("颜色", "蓝色、橙色或红色", "橙色"),
        Placeholder("任务", "涉及的任务，没有的为空", "5.推进紧密型县域医共体建设"),
        Placeholder("上一单", "上一色督查单的名称和文号，没有的为空", "蓝色督查单（明医改办督〔2024〕3号）"),
        Placeholder("直接使用理由", "直接使用较高颜色的理由，没有的为空", ""),
        Placeholder("督查依据", "督查依据，一段一项", GROUNDS),
        Placeholder("督办要求", "督办要求，一段一项", DEMANDS),
        REPLY_DUE,
        Placeholder("后续措施", "逾期未回复的后果，按颜色而定", "将转为红色督查单"),
    ],
    DocumentKind.LETTER: [
        *COMMON,
        heading(DocumentKind.LETTER),
        SUBJECT,
        Placeholder("提醒事项", "提醒的事实和依据，一段一项", GROUNDS),
        Placeholder("有关要求", "请其做什么，一段一项", DEMANDS),
        REPLY_DUE,
    ],
    DocumentKind.INTERVIEW_NOTICE: [*COMMON, *OF_INTERVIEW],
    DocumentKind.INTERVIEW_RECORD: [
        *COMMON,
        *OF_INTERVIEW,
        Placeholder("约谈记录", "约谈记录，一段一项", ["约谈人指出存在的问题并提出整改要求。", "被约谈人作了表态。"]),
    ],
    DocumentKind.CORRECTIONS: [
        *COMMON,
        *OF_INTERVIEW,
        Placeholder(
            "整改事项",
            "逐项列出整改事项",
            CORRECTIONS,
            {
                "序号": "从1起",
                "内容": "整改事项",
                "时限": "整改时限",
                "整改情况": "单位报告的整改情况，没有的为空",
                "核验": "核验的日期，没有的为空",
            },
        ),
    ],
}  # fmt: skip


def known_names(kind: DocumentKind) -> set[str]:
    """Return the names that a template of `kind` may fill in."""
    return {each.name for each in PLACEHOLDERS[kind]}


def sample_values(kind: DocumentKind) -> Values:
    """Return a value for each of them, as a check and a preview need."""
    return {each.name: each.sample for each in PLACEHOLDERS[kind]}
