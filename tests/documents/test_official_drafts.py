"""Templates of official documents: what is filled in, what is refused with a sentence, and what never happens."""

import io
import time
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks_app.choices import DocumentKind
from tasks_app.documents import official_drafts
from tasks_app.documents.errors import UnreadableDocument
from tasks_app.documents.official_drafts import check_template, fill_template
from tasks_app.documents.official_filling import fill
from tasks_app.documents.official_inspection import inspect
from tasks_app.documents.official_templates import own_template
from tasks_app.domain.drafts.placeholders import OFFICE, known_names, sample_values

pytestmark = pytest.mark.once
CALL = DocumentKind.CALL
OWN = own_template(CALL, organ=OFFICE)


def made(*texts: str, mark: str = "代拟稿") -> bytes:
    """A plain template with these paragraphs."""
    document = Document()
    for text in (mark, *texts):
        document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def changed(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """`data` with its parts changed."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def with_relation(
    kind: str, target: str, *, external: bool = True, part: str = "word/_rels/document.xml.rels"
) -> bytes:
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    mode = ' TargetMode="External"' if external else ""
    relation = (
        f'<Relationship Id="rIdX" Type="{base}/{kind}" Target="{target}"{mode}/></Relationships>'.encode()
    )
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'

    def change(parts: dict[str, bytes]) -> None:
        parts[part] = parts.get(part, empty).replace(b"</Relationships>", relation)

    return changed(OWN, change)


def with_body(xml: str) -> bytes:
    """The own template with more XML in a paragraph of its own at the start of the body."""

    def change(parts: dict[str, bytes]) -> None:
        parts["word/document.xml"] = parts["word/document.xml"].replace(
            b"<w:body>", b"<w:body>" + f"<w:p>{xml}</w:p>".encode(), 1
        )

    return changed(OWN, change)


def check(data: bytes) -> list[str]:
    """What is said of a template; in this process, which saves a second for each."""
    return inspect(data, known=frozenset(known_names(CALL)), sample=sample_values(CALL))


def check_apart(data: bytes) -> list[str]:
    """The same as the page does it."""
    return check_template(data, known=known_names(CALL), sample=sample_values(CALL))


def text_of(data: bytes) -> str:
    return "\n".join(each.text for each in Document(BytesIO(data)).element.body.iter("{*}p"))


@pytest.mark.parametrize("kind", DocumentKind)
def test_the_programs_own_templates_pass(kind):
    data = own_template(kind, organ=OFFICE)
    assert inspect(data, known=frozenset(known_names(kind)), sample=sample_values(kind)) == []


def test_an_offices_own_template_passes_and_is_filled():
    template = made(
        "{{ 受文单位 }}：", "{%p for 项 in 逾期填报 %}", "{{ 项.序号 }}、{{ 项.填报期 }}", "{%p endfor %}"
    )
    assert check_apart(template) == []
    filled = fill_template(template, sample_values(CALL) | {"受文单位": "将乐县<&>\"'"})
    assert text_of(filled).split("\n") == ["代拟稿", "将乐县<&>\"'：", "1、2024年上半年", "2、2024年前三季度"]


def test_values_are_text_and_never_template_or_xml():
    evil = "{{ 7*7 }}{% for x in y %}</w:t></w:r></w:p><w:p/>&amp;<!-- ]]>"
    assert evil in text_of(fill_template(made("{{ 受文单位 }}"), {"受文单位": evil}))


def test_what_xml_cannot_hold_is_left_out():
    value = "甲\x00\x07乙\x0c丙\x0b\ud800丁\ufffe戊\r\n己"
    assert text_of(fill_template(made("{{ 受文单位 }}"), {"受文单位": value})) == "代拟稿\n甲乙丙丁戊\n己"


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_filled_in(text):
    """In this process: the values are hostile here, not the template."""
    filled = Document(BytesIO(fill(made("〔{{ 受文单位 }}〕"), {"受文单位": text})))
    assert filled.paragraphs[1].text.startswith("〔")
    assert filled.paragraphs[1].text.endswith("〕")


def test_a_missing_value_is_said():
    with pytest.raises(UnreadableDocument, match="“受文单位”"):
        fill_template(made("{{ 受文单位 }}"), {})


def test_200_lines_are_filled():
    many = [
        {"序号": n, "填报期": "期", "截止日": "日", "逾期工作日": n, "说明": "说明" * 50} for n in range(200)
    ]
    text = text_of(fill_template(OWN, sample_values(CALL) | {"逾期填报": many}))
    assert text.count("说明" * 50) == 200


HOSTILE = {
    "class": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "class of a value": "{{ 受文单位.__class__ }}",
    "attribute filter": "{{ 受文单位|attr('__class__') }}",
    "format": "{{ '{0.__class__}'.format(受文单位) }}",
    "globals": "{{ self.__init__.__globals__ }}",
    "call": "{{ 受文单位.upper() }}",
    "cycler": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "range": "{% for x in range(10**9) %}{{ x }}{% endfor %}",
    "multiply": "{{ 受文单位 * 1000000000 }}",
    "power": "{{ 9**9**9 }}",
    "center": "{{ 受文单位|center(1000000000) }}",
    "percent": "{{ '%1000000000d' % 1 }}",
    "safe": "{{ 受文单位|safe }}",
    "include": "{% include '/etc/passwd' %}",
    "import": "{% import 'os' as x %}",
    "extends": "{% extends 'x' %}",
    "autoescape": "{% autoescape false %}{{ 受文单位 }}{% endautoescape %}",
    "set": "{% set x = 受文单位 %}",
    "macro": "{% macro x() %}{% endmacro %}",
    "over text": "{% for x in 受文单位 %}{{ x }}{% endfor %}",
    "recursive": "{% for x in 逾期填报 recursive %}{{ loop(逾期填报) }}{% endfor %}",
    "deep": "{% for x in 逾期填报 %}" * 3 + "x" + "{% endfor %}" * 3,
    "in a test": "{% if ''.__class__ %}x{% endif %}",
    "in a loop": "{% for x in [1, 2, 3] %}{{ x }}{% endfor %}",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_computes_or_calls_is_refused(text):
    problems = check(made("{{ 受文单位 }}", text))
    assert "用了不支持的写法。" in "".join(problems)


@pytest.mark.parametrize(
    "name",
    [
        "class",
        "class of a value",
        "attribute filter",
        "format",
        "globals",
        "call of cycler",
        "range",
        "include",
    ],
)
def test_it_does_not_run_either_when_it_is_filled(name):
    """Behind the check there is the sandbox."""
    text = HOSTILE.get(name, HOSTILE["cycler"])
    with pytest.raises(UnreadableDocument):
        fill_template(made(text), sample_values(CALL))


def test_what_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(official_drafts, "CPU_SECONDS", 1)
    loops = "".join(f"{{% for x{i} in 逾期填报 %}}" for i in range(12))
    template = made(loops + "x" + "{% endfor %}" * 12)
    many = [{"序号": n} for n in range(60)]
    began = time.monotonic()
    with pytest.raises(UnreadableDocument, match="时间或内存"):
        fill_template(template, {"逾期填报": many})
    assert time.monotonic() - began < 30


def test_what_takes_too_much_memory_is_stopped():
    template = made(
        "{% for x in 逾期填报 %}{% for y in 逾期填报 %}" + "满" * 5000 + "{% endfor %}{% endfor %}"
    )
    with pytest.raises(UnreadableDocument, match="时间或内存"):
        fill_template(template, {"逾期填报": [{"序号": n} for n in range(1000)]})


OUTSIDE = {
    "hyperlink": with_relation("hyperlink", "http://example.invalid/"),
    "linked picture": with_relation("image", "http://example.invalid/x.png"),
    "attached template": with_relation(
        "attachedTemplate", "file:///c:/x.dotm", part="word/_rels/settings.xml.rels"
    ),
    "old picture": with_body(
        '<w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata src="//example.invalid/x"/></w:pict>'
    ),
}
FIELDS = {
    "picture": '<w:fldSimple w:instr=" INCLUDEPICTURE http://example.invalid/x "/>',
    "text": '<w:fldSimple w:instr="includetext c:/x"/>',
    "in pieces": '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DDE</w:instrText></w:r>'
    '<w:r><w:instrText>AUTO cmd</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>',
}


@pytest.mark.parametrize("data", OUTSIDE.values(), ids=OUTSIDE.keys())
def test_what_leads_outside_is_refused(data):
    assert check(data) == [
        "文件引用了自身以外的内容（超链接、链接的图片或附加的模板），请删除或改为嵌入后再上传。"
    ]


@pytest.mark.parametrize("xml", FIELDS.values(), ids=FIELDS.keys())
def test_fields_that_fetch_are_refused(xml):
    (problem,) = check(with_body(xml))
    assert problem.startswith("文件里有会读取其他内容的域（")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("vbaProject", "宏"),
        ("control", "宏"),
        ("oleObject", "嵌有"),
        ("aFChunk", "嵌有"),
        ("package", "嵌有"),
    ],
)
def test_what_may_run_or_hides_a_file_is_refused(kind, words):
    (problem,) = check(with_relation(kind, "x.bin", external=False))
    assert words in problem


def test_a_macro_document_is_refused():
    def change(parts: dict[str, bytes]) -> None:
        name, plain = "[Content_Types].xml", b"wordprocessingml.document.main+xml"
        parts[name] = parts[name].replace(
            b"application/vnd.openxmlformats-officedocument." + plain,
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        )

    assert "宏" in check(changed(OWN, change))[0]


def test_entities_are_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'

    def change(parts: dict[str, bytes]) -> None:
        parts["word/document.xml"] = bomb + parts["word/document.xml"].split(b"?>", 1)[1]

    assert check(changed(OWN, change)) == ["文件已损坏或没有传完整，请重新打开确认后再上传。"]


def test_a_zip_bomb_is_refused_unread():
    def change(parts: dict[str, bytes]) -> None:
        parts["word/media/x.png"] = b"\0" * 60_000_000

    began = time.monotonic()
    assert len(check_apart(changed(OWN, change))) == 1
    assert time.monotonic() - began < 20


def test_a_file_that_is_too_large_is_not_even_opened():
    (problem,) = check_apart(OWN + b"\0" * 2_100_000)
    assert "超过 2 MB" in problem


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空"),
        (b"%PDF-1.7", "不是 Word"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "WordDocument".encode("utf-16-le") + b"\0\0", ".doc"),
        (OWN[: len(OWN) // 2], "损坏"),
        (b"PK\x05\x06" + b"\0" * 18, "不是 Word"),
    ],
    ids=["empty", "pdf", "old", "cut off", "empty zip"],
)
def test_what_is_no_document_is_refused_with_a_sentence(data, words):
    (problem,) = check(data)
    assert words in problem


def test_a_wrong_name_is_answered_with_the_likely_one():
    assert check_apart(made("{{ 受文单为 }}")) == [
        "模板中的填写项“受文单为”不在本公文的填写项里，是否应为“受文单位”。"
    ]


def test_a_wrong_field_is_refused():
    problems = check(made("{%p for 项 in 逾期填报 %}", "{{ 项.没有 }}{{ 项.截止 }}", "{%p endfor %}"))
    assert problems == [
        "模板中的填写项“项.没有”不在本公文的填写项里，请对照填写项说明改正。",
        "模板中的填写项“项.截止”不在本公文的填写项里，是否应为“项.截止日”。",
    ]


@pytest.mark.parametrize(
    "text", ["{{ 受文单位", "{%p for 项 in 逾期填报 %}", "{{ 受文单位 受文单位 }}", "{% 若 %}"]
)
def test_marks_that_do_not_fit_are_explained(text):
    (problem,) = check(made("{{ 受文单位 }}", text))
    assert "没" in problem or "不成对" in problem or "无法识别" in problem


def test_a_template_without_placeholders_or_mark_is_refused():
    assert "没有任何填写项" in check(made("关于催报的通知"))[0]
    assert "没有“代拟稿”" in check(made("{{ 受文单位 }}", mark=""))[0]


def test_a_template_with_pictures_and_a_plain_break_passes():
    document = Document(BytesIO(OWN))
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    )
    document.add_picture(BytesIO(png))
    document.add_page_break()
    stream = io.BytesIO()
    document.save(stream)
    assert check(stream.getvalue()) == []
