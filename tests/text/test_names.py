"""Names of persons and publishers in one form."""

import pytest

from lianguan.engine.record import Name
from lianguan.engine.text.names import name_key, publisher_key

ONE_PERSON = [
    ("inverted_and_direct", "Rowling, J. K.", "J.K. Rowling"),
    ("with_and_without_dates", "Orth, Samuel Peter, 1873-1922", "Samuel Peter Orth"),
    ("full_names_and_initials", "Orth, Samuel Peter", "Orth, S. P."),
    ("with_and_without_a_rank", "King, Martin Luther, Jr.", "Martin Luther King, Jr"),
    ("traditional_and_simplified", "曹雪芹著".removesuffix("著"), "曹雪芹"),
    ("any_dot_in_a_foreign_name", "马克·吐温", "马克．吐温"),
    ("a_space_in_a_chinese_name", "张 三", "张三"),
    ("a_monk_with_and_without_shi", "释玄奘", "玄奘"),
    ("an_arabic_comma", "محفوظ، نجيب", "محفوظ, نجيب"),
]

ONE_PUBLISHER = [
    ("with_and_without_the_form_of_firm", "Harper & Row, Publishers", "Harper and Row"),
    ("with_and_without_publishing_house", "人民文学出版社", "人民文学"),
    ("as_a_company", "商务印书馆有限公司", "商务印书馆"),
    (
        "shortened_by_old_rules",
        "U.S. Govt. Print. Off.",
        "United States Government Printing Office",
    ),
    ("by_its_initials", "U.S. G.P.O.", "U.S. Government Printing Office"),
    ("with_an_edition_behind_it", "Anchor; 1st Anchor Books edition", "Anchor Books"),
]

NOBODY = [
    "s.n.",
    "[s.n.]",
    "n.p.",
    "出版者不详",
    "[出版社不详]",
    "publisher not identified",
    "N.",
    "",
]


@pytest.mark.parametrize(
    ("a", "b"), [row[1:] for row in ONE_PERSON], ids=[row[0] for row in ONE_PERSON]
)
def test_one_person_has_one_key(a: str, b: str) -> None:
    assert name_key(Name(a)) == name_key(Name(b)) != ""


def test_a_surname_of_shi_with_one_character_behind_it_stays() -> None:
    assert name_key(Name("释迦")) == "释迦"


def test_the_surname_stands_first() -> None:
    assert name_key(Name("Jane van Dyke")) == "dyke j v"
    assert name_key(Name("Van Dyke, Jane")) == "van dyke j"


def test_a_body_is_not_turned_round() -> None:
    assert name_key(Name("Geological Survey (U.S.)", "body")) == "geological survey u s"


@pytest.mark.parametrize(
    ("a", "b"), [row[1:] for row in ONE_PUBLISHER], ids=[row[0] for row in ONE_PUBLISHER]
)
def test_one_publisher_has_one_key(a: str, b: str) -> None:
    assert publisher_key(a) == publisher_key(b) != ""


@pytest.mark.parametrize("written", NOBODY)
def test_a_publisher_that_nobody_knows_is_none(written: str) -> None:
    assert publisher_key(written) == ""


def test_a_publisher_of_general_words_only_keeps_them() -> None:
    assert publisher_key("University Press") == "university press"
    assert publisher_key("中国出版社") == "中国"
