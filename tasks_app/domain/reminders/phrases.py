"""The words of one matter in a message: what the office may write for a rung, and the program's own."""

from collections.abc import Mapping
from string import Formatter

from tasks_app.choices import ExtensionState, InterviewState, MatterKind, NoticeState, ReportState

K = MatterKind
# What may stand in braces, and what it becomes.
PLACEHOLDERS = {
    "单位": "单位名称",
    "事项": "所办事项，如“2024年上半年填报”",
    "时限": "截止日期，如“2024年7月25日（星期四）”",
    "剩余": "还有或已逾期几个工作日",
    "状态": "办到哪一步、下一步做什么",
    "地址": "办理页面的网址",
}
FILING_WORDS = "截止日期：{时限}\n时限情况：{剩余}\n办理状态：{状态}\n填报地址：{地址}"
OWN_WORDS = {
    K.FILING: FILING_WORDS,
    K.RETURNED: FILING_WORDS,
    K.SIGNING: FILING_WORDS,
    K.NOTICE: "办理时限：{时限}\n时限情况：{剩余}\n办理状态：{状态}\n办理地址：{地址}",
    K.INTERVIEW: "约谈日期：{时限}\n时限情况：{剩余}\n办理状态：{状态}\n通知地址：{地址}",
    K.CORRECTION: "整改时限：{时限}\n时限情况：{剩余}\n办理状态：{状态}\n办理地址：{地址}",
    K.REVIEW: "{单位}{事项}，{状态}，{剩余}：{地址}",
    K.EXTENSION: "{单位}{事项}，{状态}，{剩余}：{地址}",
    K.REPLY: "{单位}{事项}，{状态}，{剩余}：{地址}",
    K.VERIFYING: "{单位}{事项}，{状态}，{剩余}：{地址}",
}
NEXT_STEPS: dict[tuple[MatterKind, str], str] = {
    (K.NOTICE, NoticeState.HEARING): "拟发出督查单，如有不同意见请在时限前申辩。",
    (K.NOTICE, NoticeState.ISSUED): "尚未签收，请签收后按督办要求回复。",
    (K.NOTICE, NoticeState.ACKNOWLEDGED): "已签收，尚未回复，请按督办要求回复。",
    (K.REPLY, NoticeState.REPLIED): "督查单已回复，等候审核",
    (K.EXTENSION, ExtensionState.ASKED): "延期申请等候批复",
    (K.REVIEW, ReportState.SUBMITTED): "已报送，等候审阅",
    (K.INTERVIEW, InterviewState.NOTIFIED): "已通知约谈，请按约谈通知的时间、地点到场。",
    (K.VERIFYING, ""): "已报告整改情况，等候核验",
    (K.CORRECTION, ""): "尚未报告整改情况，请整改后在系统中报告。",
}
FILING_STEPS: dict[str, str] = {
    ReportState.DRAFT: "尚未报送，请填写完成后报送。",
    ReportState.SIGNING: "已填写完成，待本单位审签人审签后报送。",
    ReportState.RETURNED: "已被退回，请按退回理由修改后重新报送。",
}


def next_step(kind: MatterKind, state: str) -> str:
    """Return in words where a matter stands and what is to be done."""
    return NEXT_STEPS.get((kind, state)) or FILING_STEPS[state]


def phrase(kind: MatterKind, words: str, values: Mapping[str, str]) -> str:
    """Return the words of one matter; empty `words` are the program's own. Missing values are an error."""
    return (words or OWN_WORDS[kind]).format_map(values)


def template_problems(words: str) -> list[str]:
    """Return in words why `words` that somebody typed cannot be used; empty when they may be."""
    try:
        fields = [(name, spec, how) for _, name, spec, how in Formatter().parse(words) if name is not None]
    except ValueError:
        return ["花括号没有成对，请检查“{”和“}”。"]
    known = "、".join(f"{{{name}}}" for name in PLACEHOLDERS)
    return [
        f"不认识“{{{name}}}”，可用的有{known}。"
        for name, spec, how in fields
        if name not in PLACEHOLDERS or spec or how
    ]
