"""The components of pages: what people typed stays text in them, and nothing is drawn where there is nothing to say."""

import pytest
from django.template import Context, Template

EVIL = '<b>"甲"</b>'
ESCAPED = "&lt;b&gt;&quot;甲&quot;&lt;/b&gt;"

pytestmark = pytest.mark.once


def draw(source: str, **values: object) -> str:
    return Template("{% load components display %}" + source).render(Context(values))


def test_a_panel_has_its_heading_and_its_number():
    assert draw(
        '{% panel "待审" count=n look="wide" id="waiting" %}<p>{{ x }}</p>{% endpanel %}', n=0, x=EVIL
    ) == (f'<section class="panel wide" id="waiting"><h2>待审（0）</h2><p>{ESCAPED}</p></section>')
    assert (
        draw("{% panel x %}{% endpanel %}", x=EVIL) == f'<section class="panel"><h2>{ESCAPED}</h2></section>'
    )


def test_the_head_of_a_page_has_a_frame_for_several_deeds_only():
    printing = (
        '<button class="btn btn-sm btn-outline-secondary d-print-none" type="button" data-print>打印</button>'
    )
    head = '<div class="page-head"><h1>督查单</h1>'
    assert draw('{% page_head "督查单" prints=True %}{% endpage_head %}') == f"{head}{printing}</div>"
    frame = '<div class="d-flex flex-wrap gap-2 d-print-none"><a>起草</a>'
    assert draw('{% page_head "督查单" prints=True %} <a>起草</a> {% endpage_head %}') == (
        f"{head}{frame}{printing}</div></div>"
    )
    assert draw('{% page_head "量化指标" x %}{% endpage_head %}', x=EVIL) == (
        f'<div class="page-head"><h1>量化指标 <small class="text-secondary">{ESCAPED}</small></h1></div>'
    )


def test_the_way_back_leads_over_the_page_above():
    assert draw('{% crumbs x "人员" "people" %}', x=EVIL) == (
        '<nav class="crumbs d-print-none" aria-label="所在位置"><a href="/">首页</a> › '
        f'<a href="/people">人员</a> › <span aria-current="page">{ESCAPED}</span></nav>'
    )
    assert '<a href="/units/7">' in draw('{% crumbs "停用" "三元区" "unit_edit" 7 %}')
    assert '<a href="/matrix?period=3">' in draw('{% crumbs "对照" "矩阵" back %}', back="/matrix?period=3")


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_fact_without_a_value_is_not_drawn(nothing):
    assert draw('{% fact "备注" x %}', x=nothing) == ""
    assert draw('{% fact "件数" x %}', x=0) == "<dt>件数</dt><dd>0</dd>"
    assert draw('{% fact "备注" x %}', x=EVIL) == f"<dt>备注</dt><dd>{ESCAPED}</dd>"


def test_the_form_of_a_move_carries_its_token_its_question_and_its_button():
    question = 'confirm=unit|within:"准予{}延期？"'
    drawn = draw(
        '{% move_form "准予" "extension_decide" 5 look="btn-sm" name="is" value="grant" data_working="稍候…" '
        + question
        + " %}"
        "<input>{% endmove_form %}",
        unit=EVIL,
        csrf_token="abc",
    )
    assert drawn == (
        f'<form method="post" action="/extensions/5/decide" data-confirm="准予{ESCAPED}延期？" data-working="稍候…">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="abc"><input>'
        '<button class="btn btn-sm" type="submit" name="is" value="grant">准予</button></form>'
    )


def test_a_form_has_a_way_back_beside_its_button():
    button = '<button class="btn btn-primary" type="submit">保存</button>'
    drawn = draw('{% move_form "保存" back="unit_edit" back_to=7 %}{% endmove_form %}', csrf_token="abc")
    assert drawn.endswith(f'{button} <a class="btn btn-outline-secondary" href="/units/7">取消</a></form>')
    drawn = draw(
        '{% move_form "保存" back="people" back_words=x %}{% endmove_form %}', x=EVIL, csrf_token="abc"
    )
    assert drawn.endswith(f' <a class="btn btn-outline-secondary" href="/people">{ESCAPED}</a></form>')


def test_a_button_alone_says_what_it_is_for_and_sends_what_it_must():
    drawn = draw(
        '{% move_button "恢复" "unit_activate" 5 about=x look="btn-sm" hidden_version=x data_working="…" %}',
        x=EVIL,
        csrf_token="abc",
    )
    assert drawn == (
        '<form method="post" action="/units/5/activate" data-working="…">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="abc">'
        f'<input type="hidden" name="version" value="{ESCAPED}">'
        f'<button class="btn btn-sm" type="submit">恢复<span class="visually-hidden">{ESCAPED}</span></button></form>'
    )


def test_rows_are_listed_as_chinese_does():
    assert draw("{{ rows|listed }}", rows=["三元区", EVIL]) == f"三元区、{ESCAPED}"
    assert draw('{{ rows|listed:"{}年" }}', rows=[2026, 2027]) == "2026年、2027年"
    assert draw('{{ n|within:"{} 处错误" }}', n=3) == "3 处错误"
    assert draw('{{ n|within:"{} 处错误" }}', n=None) == ""


def test_a_sign_never_stands_without_a_shape():
    assert draw('{% sign "warn" "▲" x %}', x=EVIL) == (
        f'<span class="lamp lamp-warn"><span aria-hidden="true">▲</span> {ESCAPED}</span>'
    )
