"""Reads our templates: how their source is laid out in lines stays in the source and is not sent with each page."""

import re

from django.template.base import Origin
from django.template.loaders.filesystem import Loader as FilesystemLoader

# A start tag with what Django puts into it, or an end tag.
TAG = re.compile(r"""(</?[a-zA-Z!](?:"[^"]*"|'[^']*'|\{\{.*?\}\}|\{%.*?%\}|[^<>"'{}])*>)""", re.DOTALL)
# Around these a browser shows no blank.
BLOCK = re.compile(
    r"</?(?:!doctype|html|head|body|title|meta|link|script|template|div|p|h[1-6]|ul|ol|li|dl|dt|dd|main|nav|header"
    r"|footer|section|article|aside|figure|form|fieldset|legend|table|caption|thead|tbody|tfoot|tr|th|td|option"
    r"|details|summary|hr|br)\b",
    re.IGNORECASE,
)
AS_WRITTEN = re.compile(r"<(?:textarea|pre)\b")
LINE_BREAK = re.compile(r"\s*\n\s*")
# Chinese has no blanks between words: a sentence is laid out in lines, and around conditions, as it reads best.
CHINESE = "[\u3001-\u9fff\uff01-\uffef“”]"
DECISION = r"\{%\s*(?:if|elif|else|endif|for|empty|endfor|with|endwith)\b(?:(?!%\}).)*%\}"
WITHIN_CHINESE = re.compile(rf"(?<={CHINESE})[ \n]+(?={CHINESE})|(?<={CHINESE})\n(?={DECISION})")
AFTER_DECISION = re.compile(rf"({DECISION})\n(?={CHINESE})")


class Loader(FilesystemLoader):
    """Reads a template of ours without its line breaks."""

    def get_contents(self, origin: Origin) -> str:
        return squeeze(super().get_contents(origin))


def squeeze(source: str) -> str:
    """Make one blank of each line break with its indentation, none within Chinese or beside a block of its own."""
    pieces = TAG.split(source)  # text, tag, text, tag … text
    for place, piece in enumerate(pieces):
        if place % 2:
            pieces[place] = joined(LINE_BREAK.sub("\n", piece[:-1])).rstrip() + ">"
            continue
        if place and AS_WRITTEN.match(pieces[place - 1]):
            continue
        text = LINE_BREAK.sub("\n", piece)
        if place and BLOCK.match(pieces[place - 1]):
            text = text.removeprefix("\n")
        if place + 1 < len(pieces) and BLOCK.match(pieces[place + 1]):
            text = text.removesuffix("\n")
        pieces[place] = joined(text)
    return "".join(pieces)


def joined(text: str) -> str:
    """Make one line of a text: its line breaks are blanks, and nothing within Chinese."""
    return AFTER_DECISION.sub(r"\1", WITHIN_CHINESE.sub("", text)).replace("\n", " ")
