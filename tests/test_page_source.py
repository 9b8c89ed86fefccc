"""The layout of a template's source is not sent, and no blank appears or goes where a browser would show it."""

from pathlib import Path

import pytest

from reform_tracker.page_source import squeeze

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("source", "sent"),
    [
        ("<p>\n  共 2 项\n</p>\n<p>其他</p>", "<p>共 2 项</p><p>其他</p>"),
        ("<b>甲</b>\n  <b>乙</b>", "<b>甲</b> <b>乙</b>"),
        ("已报送<b\n  class='num'\n>3</b>项", "已报送<b class='num'>3</b>项"),
        ("{% if a %}\n  <li>{{ a }}</li>\n{% endif %}\n", "{% if a %}<li>{{ a }}</li>{% endif %} "),
        (
            '<a\n  href="{% url "x" %}"\n  {% if a > b %}hidden{% endif %}\n>',
            '<a href="{% url "x" %}" {% if a > b %}hidden{% endif %}>',
        ),
        ("<textarea>\n{{ words }}\n</textarea>", "<textarea>\n{{ words }}\n</textarea>"),
        ("<p>A  B，第  2 项</p>", "<p>A  B，第  2 项</p>"),
        ("<button>甲</button>\n<button>乙</button>", "<button>甲</button> <button>乙</button>"),
        ("<p>已退回，\n  请修改。 再报\n  3 次</p>", "<p>已退回，请修改。再报 3 次</p>"),
        ("<p>还有\n{{ n }}\n项</p>", "<p>还有 {{ n }} 项</p>"),
        (
            "<p>\n办理中。\n{% if a %}\n  已报。\n{% else %}\n  {{ b }}\n{% endif %}\n完\n</p>",
            "<p>办理中。{% if a %}已报。{% else %} {{ b }} {% endif %}完</p>",
        ),
        ("<b>甲</b>\n{% if a %}\n  <b>乙</b>{% endif %}", "<b>甲</b> {% if a %} <b>乙</b>{% endif %}"),
        ("完。\n{% lamp x %}\n完。", "完。 {% lamp x %} 完。"),
        ('<form data-confirm="确定？\n  不能撤回。">', '<form data-confirm="确定？不能撤回。">'),
    ],
)
def test_line_breaks_are_blanks_or_nothing(source, sent):
    assert squeeze(source) == sent


@pytest.mark.django_db
def test_it_is_how_our_templates_are_read(client):
    source = (Path(__file__).resolve().parent.parent / "templates/account/login.html").read_text(
        encoding="utf-8"
    )
    assert "\n" in source
    assert "\n  " not in client.get("/login").content.decode()
