"""Decides whether a receipt is true: works the fingerprint of what is stored out anew."""

import re

# Fewer characters of a fingerprint than these could fit by chance.
LEAST_CHARACTERS = 8


def plain_fingerprint(text: str) -> str:
    """Return a typed fingerprint for comparing: small letters, no spaces or dashes."""
    return re.sub(r"[\s\-—]", "", text).lower()


def fits(given: str, stored: str) -> bool:
    """Tell whether `given`, which may be only the beginning that a receipt prints, is that of `stored`."""
    plain = plain_fingerprint(given)
    return len(plain) >= LEAST_CHARACTERS and stored.startswith(plain)
