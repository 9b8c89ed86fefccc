"""Number formats of Excel: what of them is said to people."""

import pytest

from tasks_app.documents.number_format import number_format, plain_number

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("0%", 0.475, "47.5%"),
        ("0.0%;[Red]-0.0%", 0.07, "7%"),
        ('0.0"%"', 47.5, "47.5%"),
        ('#,##0.0"万人"', 3.3, "3.3万人"),
        ('"第"0"项"', 3, "第3项"),
        (r"0\.", 3, "3."),
        ('General"台"', 15, "15台"),
        ('_ * #,##0"元"_ ', 25, "25元"),
        ("yyyy-mm-dd", 45657, "2024-12-31"),
        ('[$-804]yyyy"年"m"月";@', 45657, "2024年12月"),
        ("mmm-yy", 45657, "2024年12月"),
        ('yyyy"年"', 45657, "2024年"),
        ('m"月"d"日"', 45657, "2024-12-31"),
        ("yyyy/m/d h:mm", 45657.5, "2024-12-31 12:00"),
        ("h:mm", 0.5, "12:00"),
        ("yyyy-mm-dd", -5, "-5"),
        ("yyyy-mm-dd", 9e9, "9000000000"),
    ],
)
def test_what_a_format_shows(code: str, value: float, text: str):
    shown = number_format(164, code)
    assert shown is not None
    assert shown.text(value, from_1904=False) == text


@pytest.mark.parametrize(
    "code", ["General", "0", "#,##0.00", "@", "0_ ", "0.00E+00", "[h]:mm", "[Red]0", "# ?/?", ""]
)
def test_formats_that_add_nothing(code: str):
    assert number_format(164, code) is None


def test_formats_that_go_by_their_number():
    assert number_format(10, "").text(0.5, from_1904=False) == "50%"
    assert number_format(57, "").text(45657, from_1904=False) == "2024年12月"
    assert number_format(31, "").text(45657 - 1462, from_1904=True) == "2024-12-31"
    assert number_format(0, "") is None


@pytest.mark.parametrize(("value", "text"), [(3.0, "3"), (0.1 + 0.2, "0.3"), (1e16, "10000000000000000")])
def test_plain_numbers(value: float, text: str):
    assert plain_number(value) == text
