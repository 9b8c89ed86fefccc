"""What a column may mean, and the headings that say so."""

import re
from collections.abc import Mapping
from enum import Enum

from tasks_app.language.text import squash


class Field(Enum):
    """What a column means; the value is the heading that users are told of."""

    SECTION = "工作任务"
    NUMBER = "序号"
    TITLE = "主要目标要求"
    MEASURES = "细化措施"
    UNITS = "责任单位"
    LEAD = "牵头单位"
    SUPPORT = "配合单位"
    DEADLINE = "完成时限"
    TARGET = "目标值"
    MEASURED_IN = "计量单位"
    PROGRESS = "工作进展"
    REMARKS = "备注"
    IGNORED = "不导入"


HEADINGS: dict[Field, tuple[str, ...]] = {
    Field.SECTION: (
        "工作任务", "章节", "领域", "板块", "工作领域", "重点领域", "任务类别", "类别", "任务分类", "分类",
        "专项", "工作板块", "任务板块", "工作类别", "项目类别", "一级任务", "所属领域", "工作方面", "方面",
        "模块", "部分", "大类", "任务领域", "改革领域", "一级指标", "工作大类", "工作方向", "改革方向",
        "行动", "专项行动", "重大行动", "行动名称", "主攻方向", "重点方向",
        "任务大类", "重点任务领域", "所属板块", "所属专项", "指标类别", "任务模块",
        "工作模块", "任务方向",
    ),
    Field.NUMBER: (
        "序号", "编号", "任务序号", "任务编号", "项目序号", "项目编号", "顺序号", "号", "序", "项次", "任务号",
    ),
    Field.TITLE: (
        "主要目标要求", "主要目标", "目标要求", "重点任务", "任务名称", "目标任务", "任务内容", "主要任务",
        "重点工作", "重点工作任务", "工作任务内容", "任务", "任务事项", "工作事项", "事项", "重点事项",
        "事项名称", "工作项目", "项目名称", "具体任务", "二级任务", "工作任务名称", "重点任务名称", "年度任务",
        "年度重点任务", "年度工作任务", "改革任务", "改革事项", "主要工作任务", "主要工作", "目标任务内容",
        "重点改革任务", "工作目标任务", "民生实事", "实事项目", "主要任务内容", "任务要点", "工作要点",
        "重点任务内容", "反馈问题", "整改问题", "整改任务", "改革内容", "改革项目",
        "改革试点任务", "试点任务", "任务清单", "任务描述", "事项内容", "建设任务", "建设项目", "重点项目",
        "项目", "项目内容", "创建任务", "攻坚任务", "民生实事项目", "实施项目", "考核内容", "指标名称",
        "任务名", "任务标题", "任务及要求", "目标任务及要求", "任务目标要求", "工作名称", "实事名称",
        "重点改革事项", "重点改革", "工作清单", "任务条目",
    ),
    Field.MEASURES: (
        "细化措施", "具体举措", "工作措施", "具体措施", "实施路径", "工作内容", "推进举措", "主要措施",
        "重点措施", "重点举措", "主要举措", "工作举措", "措施", "举措", "推进措施", "落实措施", "实施举措",
        "实施措施", "主要内容", "具体内容", "具体工作", "具体工作内容", "建设内容", "任务分解", "分解任务",
        "细化任务", "细化举措", "改革举措", "工作安排", "工作要求", "具体要求", "具体任务措施", "主要工作内容",
        "任务举措", "年度工作举措", "三级任务", "具体工作任务", "工作任务及措施", "建设内容及规模",
        "目标任务及措施", "任务措施", "重点工作内容", "主要做法", "工作步骤", "整改措施", "保障措施",
        "推进路径", "实施内容", "工作任务分解", "工作路径", "政策措施", "政策举措", "支持政策", "解决措施",
        "对策措施", "任务内容及措施", "实施步骤", "推进步骤", "具体任务内容", "任务细化", "细化内容",
        "细化分解", "细化工作", "工作内容及要求", "工作内容和要求", "具体工作举措", "具体工作措施", "举措内容",
        "改革措施", "主要任务及举措", "推进方式", "工作方法", "内容",
    ),
    Field.UNITS: (
        "责任单位", "责任部门", "责任单位(部门)", "责任部门(单位)", "责任主体", "承办单位", "承办部门",
        "实施单位", "落实单位", "主要责任单位", "责任分工", "责任处室", "责任科室", "责任单位及部门",
        "责任部门及单位", "部门", "单位", "主办单位", "分工单位", "任务分工", "承担单位", "责任地区和部门",
        "责任机关", "整改责任单位", "整改单位", "落实部门", "主体责任单位", "责任单位(人)", "具体责任单位",
        "责任方", "责任科(处)室", "主办部门", "市级责任单位", "市直责任单位", "责任单位名称",
        "被考核单位", "考核对象",
    ),
    Field.LEAD: (
        "牵头单位", "牵头部门", "牵头责任单位", "牵头责任部门", "主责单位", "主责部门", "牵头单位(部门)",
        "牵头部门(单位)", "牵头", "第一责任单位", "主要牵头单位", "牵头处室", "牵头单位及部门", "市级牵头单位",
        "市牵头单位", "总牵头单位", "牵头主体", "牵头责任主体", "主牵头单位", "牵头单位名称", "主要负责单位",
    ),
    Field.SUPPORT: (
        "配合单位", "配合部门", "协作单位", "协作部门", "协同单位", "协同部门", "参与单位", "参与部门",
        "参加单位", "配合责任单位", "配合单位(部门)", "配合部门(单位)", "配合", "协办单位", "协助单位",
        "协助部门", "责任配合单位", "参加部门", "其他责任单位", "会办单位", "支持单位", "配合协作单位",
        "协同配合单位", "参与配合单位", "协同责任单位", "配合及参与单位", "市级配合单位", "协办部门",
        "联合单位", "配合主体", "协作责任单位", "配合单位及部门", "协同单位(部门)",
    ),
    Field.DEADLINE: (
        "完成时限", "时间节点", "完成时间", "时限", "完成期限", "时限要求", "时间要求", "完成时间节点",
        "计划完成时间", "期限", "进度安排", "时间安排", "推进时限", "办结时限", "时间", "完成日期", "截止时间",
        "截止日期", "时间进度", "进度要求", "工作时限", "完成时限要求", "实施时间", "推进计划", "时序进度",
        "节点", "整改时限", "整改期限", "完成整改时限", "办理时限", "落实时限", "目标时限", "预计完成时间",
        "拟完成时间", "建设周期", "建设年限", "起止时间", "完成年限", "时间表", "节点安排", "完成时序",
        "预期完成时间", "工作进度安排",
    ),
    Field.TARGET: (
        "目标值", "指标值", "量化指标", "年度目标值", "目标指标", "考核指标", "年度目标", "工作目标", "目标",
        "量化目标", "预期目标", "年度工作目标", "绩效目标", "预期成果", "工作成果", "成果形式", "指标",
        "主要指标", "计划目标", "完成目标", "阶段目标", "阶段性目标", "标志性成果", "整改目标", "任务目标",
        "工作标准", "完成标准", "验收标准", "考核标准", "评价标准", "预期效果", "工作成效", "目标成效",
        "年度任务目标", "进度目标", "目标任务值", "目标要求值", "预期目标值", "量化指标要求", "成果",
        "预期成效", "考核目标",
    ),
    Field.MEASURED_IN: ("计量单位", "指标单位", "度量单位"),
    Field.PROGRESS: (
        "工作进展", "进展情况", "工作进展情况", "完成情况", "落实情况", "推进情况", "进展", "目前进展",
        "工作推进情况", "任务完成情况", "当前进展", "进度情况", "目前进展情况", "工作进度", "进展成效",
        "完成进度", "目前进度", "最新进展", "落实进展", "整改进展", "整改进展情况", "整改情况", "工作落实情况",
        "阶段进展", "办理情况", "办理进展", "目前办理情况", "完成进展", "推进进展",
    ),
    Field.REMARKS: (
        "备注", "说明", "备注说明", "附注", "其他说明", "补充说明",
    ),
}  # fmt: skip
MEANINGS = {heading: field for field, headings in HEADINGS.items() for heading in headings}
# Headings of sections that can be nothing else; 工作任务 may also be the task itself.
ONLY_SECTIONS = frozenset(HEADINGS[Field.SECTION]) - {"工作任务"}
# Every cell of every row is asked; padded and folded headings are still far below this.
LONGEST_HEADING = 60
# One of these must be there: they are what a table of tasks is about.
WHAT = frozenset({Field.TITLE, Field.MEASURES, Field.SECTION})
WHO = frozenset({Field.UNITS, Field.LEAD, Field.SUPPORT})
_WHAT_AND_AIM = WHAT | {Field.TARGET}

_YEAR_BEFORE = re.compile(r"^(20\d\d年度?|本年度?|今年)")
_BRACKETS = re.compile(r"\(.*?\)")
_JOINED = re.compile(r"[及与和、/]")
# 工作任务及措施 says both, the later column of the two is what its texts are split by.
_SAYS_MOST = (Field.MEASURES, Field.TITLE, Field.SECTION, Field.TARGET)
# What an unusual heading most likely means, by its last words; whoever sees the preview is asked to check it.
_LIKELY = (
    (re.compile(r"牵头.{0,6}(单位|部门)$"), Field.LEAD),
    (re.compile(r"(配合|协同|协办|协作|参与).{0,6}(单位|部门)$"), Field.SUPPORT),
    (re.compile(r"(责任|承办|落实|实施|主办|负责).{0,6}(单位|部门)$"), Field.UNITS),
    (re.compile(r"(措施|举措|做法|内容)$"), Field.MEASURES),
    (re.compile(r"^.{0,4}(内容)?[及和与]?(标准|要求)$"), Field.MEASURES),
    (re.compile(r"(任务|事项|项目)$"), Field.TITLE),
    (re.compile(r"(完成|办结|落实|推进).{0,4}(时间|时限|期限|节点)$"), Field.DEADLINE),
    (re.compile(r"(目标|指标|目标值|指标值)$"), Field.TARGET),
)
LONGEST_LIKELY = 16
# 6月底前牵头 says nothing of an order.
_FIRST_LEADS = re.compile(
    r"(?:[列排居][在名于]?(?:第一|首|最?前)位?|(?:第一|首)[位个名])的?[^,。;]{0,6}为?牵头"
)


def heading_key(heading: str) -> str:
    """Return a heading as it is compared and remembered: without spaces, line breaks, colon or star."""
    return re.sub(r"[:：*★☆\"“”]", "", squash(heading))


def meaning(heading: str, learned: Mapping[str, Field] | None = None) -> Field | None:
    """Return what a heading means, None if nobody knows; `learned` is what admins said of headings before."""
    if len(heading) > LONGEST_HEADING:
        return None
    key = heading_key(heading)
    if learned and key in learned:
        return learned[key]
    for name in (key, _YEAR_BEFORE.sub("", key), _BRACKETS.sub("", key)):
        if name in MEANINGS:
            return MEANINGS[name]
    return _joined_meaning(_BRACKETS.sub("", key))


def _joined_meaning(key: str) -> Field | None:
    """Return what a heading of several means: 牵头单位及配合单位 are units, 重点任务和措施 measures."""
    parts = _JOINED.split(key)
    fields = {MEANINGS.get(part) for part in parts} if len(parts) > 1 else set()
    if not fields or None in fields:
        return None
    if fields <= WHO:
        return Field.UNITS
    return next((field for field in _SAYS_MOST if field in fields), None) if fields <= _WHAT_AND_AIM else None


def likely_meaning(heading: str) -> Field | None:
    """Return what a heading that nobody knows most likely means, None if its words do not tell."""
    key = _BRACKETS.sub("", heading_key(heading))
    if len(key) > LONGEST_LIKELY:
        return None
    return next((field for pattern, field in _LIKELY if pattern.search(key)), None)


def says_first_leads(text: str) -> bool:
    """Tell whether a heading or cell says that the unit named first leads."""
    return bool(_FIRST_LEADS.search(squash(text)))
