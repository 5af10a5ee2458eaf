"""ISBN, ISSN and the rest against a library that others keep."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import isbn, issn

from lianguan.engine.mapping import numbers

DIGITS = st.text("0123456789", min_size=9, max_size=13)


@given(
    st.one_of(
        DIGITS, st.builds(lambda d: d[:9] + "X", DIGITS), st.text("0123456789-Xx ", max_size=18)
    )
)
def test_isbn_agrees_with_stdnum(text: str) -> None:
    digits = re.sub("[- ]", "", text)
    valid = isbn.is_valid(text) and len(digits) in (10, 13) and digits[:4] != numbers.ISMN
    expected = isbn.to_isbn13(isbn.compact(text)) if valid else None
    assert numbers.isbn13(text) == expected


@given(DIGITS)
def test_what_has_a_right_check_digit_is_taken(digits: str) -> None:
    ten = digits[:9] + numbers.isbn10_check(digits[:9])
    assert isbn.is_valid(ten)
    assert numbers.isbn13(ten) == isbn.to_isbn13(ten).replace("-", "")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7-02-000220-X", "9787020002207"),
        ("978-7-02-000220-7 (精装)", "9787020002207"),
        ("ISBN 7-02-000220-X", "9787020002207"),
        ("０１２", None),
        ("9787020002208", None),
        ("979-0-0601-1561-5", None),
        ("978702000220", None),
        ("97870200022071", None),
        ("", None),
    ],
)
def test_isbn_as_written(text: str, number: str | None) -> None:
    assert numbers.isbn13(text) == number


@given(st.text("0123456789Xx-", max_size=10))
def test_issn_agrees_with_stdnum(text: str) -> None:
    found = numbers.issn8(text)
    if found:
        assert issn.is_valid(found)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("   89456  ", None),
        ("   85000002 ", "85000002"),
        ("n  78890351 ", "n78890351"),
        ("75-425165//r75", "75425165"),
        ("2001-627090", "2001627090"),
        ("sn 86-123", "sn86000123"),
    ],
)
def test_lccn_normal_form(text: str, normal: str | None) -> None:
    assert numbers.lccn(text) == normal


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("(OCoLC)ocm04000123", "4000123"),
        ("(OCoLC) 123", "123"),
        ("(OCoLC)on1012345678", "1012345678"),
        ("(CStRLIN)NYCP98-B911", None),
    ],
)
def test_oclc_numbers(text: str, number: str | None) -> None:
    assert numbers.oclc(text) == number
