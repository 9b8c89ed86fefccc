"""Our scripts in the head of a page: modules that import each other (static/js)."""

import re
from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

EVERY_PAGE = "app"  # what base.html has; a page's own script need not ask for it again
IMPORT = re.compile(r"""^import\b[^;"']*["']\./([^"']+)\.js["'];""", re.MULTILINE)


@cache
def imports(name: str) -> frozenset[str]:
    """Return what a script imports by itself."""
    source = Path(str(finders.find(f"js/{name}.js"))).read_text(encoding="utf-8")
    return frozenset(IMPORT.findall(source))


@cache
def imported(name: str) -> frozenset[str]:
    """Return all that a script imports, by itself or through another."""
    return imports(name).union(*(imported(each) for each in imports(name)))


@register.simple_tag
def script(name: str) -> SafeString:
    """Run a script once the page is read.

    What its imports import is asked for together with it: on a slow network a page that is to keep what is typed must
    not wait for one file after the other.
    """
    here = imports(name) if name == EVERY_PAGE else imports(name) | imported(EVERY_PAGE)
    late = (static(f"js/{each}.js") for each in sorted(imported(name) - here))
    return format_html(
        '<script type="module" src="{}"></script>{}',
        static(f"js/{name}.js"),
        format_html_join("", '<link rel="modulepreload" href="{}">', ((address,) for address in late)),
    )
