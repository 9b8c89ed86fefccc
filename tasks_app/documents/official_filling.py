"""Fills a template by docxtpl and Jinja in a sandbox; runs in the process of its own."""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .budget import UNWANTED
from .errors import UnreadableDocument

# All that a template can need; others make texts of any length, or mark a value as XML.
FILTERS = ("default", "first", "join", "last", "length", "trim")


def environment() -> ImmutableSandboxedEnvironment:
    """Return the sandbox: nothing but plain values, no functions, what is not there is an error."""
    # Not optimized: Jinja would work out what is constant before anybody has looked at it.
    env = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined, optimized=False)
    env.filters = {name: env.filters[name] for name in FILTERS}
    env.globals.clear()
    return env


def fill(data: bytes, values: Mapping[str, Any]) -> bytes:
    """Return the template `data` filled with `values`. Raises UnreadableDocument with a sentence."""
    template = opened(data)
    try:
        template.render(_clean(dict(values)), environment())
    except TemplateError as error:
        raise UnreadableDocument(why(error)) from error
    stream = BytesIO()
    template.save(stream)
    return stream.getvalue()


def opened(data: bytes) -> DocxTemplate:
    """Return the template, read by python-docx."""
    template = DocxTemplate(BytesIO(data))
    template.init_docx()
    return template


def why(error: TemplateError) -> str:
    """Return in a sentence why Jinja could not do it."""
    if isinstance(error, UndefinedError):
        name = re.search(r"'([^']+)' is undefined|no attribute '([^']+)'", str(error))
        what = next(filter(None, name.groups()), "") if name else ""
        return f"模板中的填写项“{what}”在本公文里没有，请改正名称或删去。"
    if isinstance(error, SecurityError):
        return "模板中有不允许的写法（只能用填写项、“for”循环和“if”判断），请改正后重新上传。"
    if isinstance(error, TemplateSyntaxError):
        near = " ".join("".join(getattr(error, "docx_context", ())).split())
        where = f"，在“{near[:40]}”附近" if near else ""
        return f"模板中的填写标记不成对或写错了{where}。请检查“{{{{ }}}}”和“{{% %}}”是否成对、循环和判断是否有结尾。"
    return "模板中的填写标记无法识别，请对照填写项说明改正。"


def _clean(value: Any) -> Any:
    """Return `value` without what XML cannot hold, and what docxtpl would take for a new page or paragraph."""
    if isinstance(value, str):
        return UNWANTED.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, Mapping):
        return {key: _clean(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(each) for each in value]
    return value
