"""Mobile numbers as people write them, and as robots and gateways want them."""

import re
import unicodedata

from .letter import RefusedError


def mobile_number(text: str) -> str:
    """Return the 11 digits of a mainland mobile number; "" when `text` is none, a landline for one.

    Blanks, hyphens, full-width digits and the country's 86 in front are tolerated.
    """
    written = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text))
    found = re.fullmatch(r"(?:\+?86)?(1[0-9]{10})", written)
    return found[1] if found else ""


def mobile_of(address: str) -> str:
    """Return the mobile number that a letter is addressed to. Raises RefusedError."""
    if number := mobile_number(address):
        return number
    raise RefusedError(f"“{address}”不是手机号")
