"""Punctuation where one text is set into another: quotes in quotes, brackets in brackets, stops before marks."""

INNER_QUOTES = str.maketrans("“”", "‘’")
INNER_BRACKETS = str.maketrans("（）()", "〔〕〔〕")
STOPS = "。；;，,、 \n"


def quoted(text: str) -> str:
    """Return `text` in quotation marks; those within it become single ones (GB/T 15834)."""
    return f"“{text.translate(INNER_QUOTES)}”"


def bracketed(text: str) -> str:
    """Return `text` in brackets; those within it become of another kind. Nothing in brackets is nothing."""
    return f"（{text.translate(INNER_BRACKETS)}）" if text else ""


def unstopped(text: str) -> str:
    """Return `text` without the stops at its end, where another mark follows."""
    return text.strip().rstrip(STOPS)


def listed(texts: list[str]) -> str:
    """Return `texts` with semicolons between them and no stop before one."""
    return "；".join(filter(None, map(unstopped, texts)))
