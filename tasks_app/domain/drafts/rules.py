"""Decides: how days, numbers and paragraphs read in an official document, and what its file is called."""

import re
from datetime import date, datetime

from tasks_app.choices import DocumentKind, InterviewState, NoticeColour, NoticeState
from tasks_app.clock import SHANGHAI, WEEKDAYS, day_in_words
from tasks_app.models import Interview, SupervisionNotice, Unit

NOTICE_KINDS = (DocumentKind.NOTICE, DocumentKind.LETTER)
INTERVIEW_KINDS = (DocumentKind.INTERVIEW_NOTICE, DocumentKind.INTERVIEW_RECORD, DocumentKind.CORRECTIONS)
# The word of the office in numbers (发文机关代字) of documents that have no series of their own.
DOCUMENT_WORD = "明医改办"
TO_COME = "另行通知"
# So many characters of 2号 (22 points) stand in a line of 156 mm.
TITLE_COLUMNS = 20
# By when a unit that is called should file.
CALL_WORKING_DAYS = 3
AFTERWARDS = {
    NoticeColour.BLUE: "将转为橙色督查单",
    NoticeColour.ORANGE: "将转为红色督查单",
    NoticeColour.RED: "将按规定予以提醒约谈",
}
UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')


def office_name(issuer: Unit) -> str:
    """Return the full name of the office that drafts for `issuer`."""
    return f"{issuer.name}深化医药卫生体制改革领导小组办公室"


def heading(organ: str, subject: str, kind: DocumentKind) -> str:
    """Return 标题 with its lines broken where the sense allows it, never inside the name of the kind (7.3.1)."""
    what, end = f"关于{subject}", f"的{kind.label}"
    if _columns(organ + what + end) <= TITLE_COLUMNS:
        return organ + what + end
    room = TITLE_COLUMNS - _columns(what) % TITLE_COLUMNS
    return f"{organ}\n{what}{'' if _columns(end) <= room else chr(10)}{end}"


def _columns(text: str) -> float:
    """Return how many characters of Chinese `text` is wide; others take half."""
    return sum(0.5 if character.isascii() else 1 for character in text)


def short_office_name(issuer: Unit) -> str:
    """Return its standardised short name (规范化简称)."""
    return f"{issuer.name}医改领导小组办公室"


def leading_group(issuer: Unit) -> str:
    """Return the name of the group that the office belongs to, which gets a copy."""
    return f"{issuer.name}深化医药卫生体制改革领导小组"


def number_to_come(word: str, day: date) -> str:
    """Return 发文字号 with a blank for the number that it gets when it is signed (7.2.5)."""
    return f"{word}〔{day.year}〕　号"


def day_text(day: date | None) -> str:
    """Return a day as 7.3.5.4 wants it: 2024年7月5日; "" for none."""
    return day_in_words(day) if day else ""


def moment_text(at: datetime | None) -> str:
    """Return a moment with its weekday, 2024年8月15日（星期四）15时00分; 另行通知 for none."""
    if at is None:
        return TO_COME
    local = at.astimezone(SHANGHAI)
    return f"{day_text(local.date())}（星期{WEEKDAYS[local.weekday()]}）{local:%H时%M分}"


def paragraphs(text: str) -> list[str]:
    """Return the lines of `text` that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def sentence(text: str) -> str:
    """Return `text` without the full stop at its end, which the template writes."""
    return text.strip().rstrip("。；;")


def why_not_of_notice(notice: SupervisionNotice) -> str:
    """Return why no document of `notice` can be drafted; "" when it can."""
    return "这件督查单已经撤销，不再生成公文。" if notice.state == NoticeState.WITHDRAWN else ""


def why_not_of_interview(interview: Interview, kind: DocumentKind, *, has_corrections: bool) -> str:
    """Return why a document of `interview` cannot be drafted; "" when it can."""
    if interview.state == InterviewState.WITHDRAWN:
        return "这次约谈已经取消，不再生成公文。"
    if kind is DocumentKind.CORRECTIONS and not has_corrections:
        return "还没有整改事项。请先下达整改清单，再生成公文。"
    return ""


def kinds_of_notice(notice: SupervisionNotice) -> list[DocumentKind]:
    """Return the documents of `notice` that can be drafted."""
    return [] if why_not_of_notice(notice) else [*NOTICE_KINDS]


def kinds_of_interview(interview: Interview, *, has_corrections: bool) -> list[DocumentKind]:
    """Return the documents of `interview` that can be drafted."""
    return [
        kind
        for kind in INTERVIEW_KINDS
        if not why_not_of_interview(interview, kind, has_corrections=has_corrections)
    ]


def file_name(kind: DocumentKind, about: str, day: date) -> str:
    """Return the name of a draft's file, for example 将乐县橙色督查单（代拟稿）20240729.docx."""
    return f"{UNSAFE.sub('', about)}{kind.label}（代拟稿）{day:%Y%m%d}.docx"


def template_name(kind: DocumentKind) -> str:
    """Return the name of a template's file."""
    return f"{kind.label}模板.docx"
