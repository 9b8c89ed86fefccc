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
        ("<p>一行  里的空格</p>", "<p>一行  里的空格</p>"),
        ("<button>甲</button>\n<button>乙</button>", "<button>甲</button> <button>乙</button>"),
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
