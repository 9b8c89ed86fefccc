"""What the signs of a font made of signs (Wingdings, Symbol) mean: they have places in the font, no characters."""

# Where Word puts such a sign among the characters; its last two digits are the place in the font.
PRIVATE = range(0xE000, 0xF900)
CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿"


def _from(first: int, signs: str) -> dict[int, str]:
    return dict(enumerate(signs, start=first))


# What numbers measures, ticks a box, begins an item of a list, or compares a target.
FONTS = {
    "symbol": {0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xB4: "×", 0x3C: "<", 0x3E: ">", 0x25: "%", 0xB7: "•", 0xD6: "√"},
    "wingdings": _from(0x80, CIRCLED)
    | _from(0xDF, "←→↑↓")
    | _from(0xFB, "✗✓☒☑")
    | {0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "□", 0x72: "□", 0x75: "◆", 0x76: "❖", 0x9F: "•", 0xA1: "○"}
    | {0xA7: "▪", 0xA8: "□", 0xAB: "★", 0xD8: "➢"},
    "wingdings 2": _from(0x69, CIRCLED) | _from(0x4F, "✗✓☒☑☒☒") | {0x97: "●", 0xA2: "■", 0xA3: "□"},
    "webdings": {0x61: "✓", 0x72: "✗", 0x63: "□", 0x67: "■", 0x6E: "●"},
}  # fmt: skip


def sign(font: str, code: int) -> str | None:
    """Return the character for the sign at `code` of `font`; None for a picture that says nothing in a text."""
    if code not in PRIVATE and code > 0xFF:
        return chr(code)
    return FONTS.get(font.lower(), {}).get(code & 0xFF)


def read_signs(font: str, text: str) -> str:
    """Return `text` with the signs that were typed in a font of signs as the characters they look like."""
    if font.lower() not in FONTS:
        return text
    return "".join((sign(font, ord(c)) or c) if ord(c) in PRIVATE else c for c in text)
