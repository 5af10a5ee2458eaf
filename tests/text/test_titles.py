"""Titles with the number of a volume in them, and those that only look as if they had one."""

import pytest

from lianguan.engine.record import Part, Title
from lianguan.engine.text.titles import main_title, rest_of, volumes_of

WRITTEN = [
    ("a_volume_in_brackets", "红楼梦（上）", "红楼梦", ("1",)),
    ("a_volume_behind_a_dot", "红楼梦·下", "红楼梦", ("last",)),
    ("a_volume_behind_a_space", "史记 第三卷", "史记", ("3",)),
    ("a_volume_that_touches_the_title", "三国演义上册", "三国演义", ("1",)),
    ("a_number_behind_a_dot", "马克思恩格斯选集·2", "马克思恩格斯选集", ("2",)),
    ("a_number_in_chinese", "庆余年（九）", "庆余年", ("9",)),
    ("a_latin_volume", "Collected works, vol. 2", "collected works", ("2",)),
    ("a_latin_volume_in_roman_figures", "Capital. Band II", "capital", ("2",)),
    ("a_place_in_a_series", "The Trial (Great Ideas, #12)", "trial", ("12",)),
    ("a_yearbook_by_its_year_in_brackets", "海北年鉴（2019）", "海北年鉴", ("2019",)),
    ("a_yearbook_by_the_year_behind_it", "海北年鉴2019", "海北年鉴", ("2019",)),
    ("an_issue_in_brackets", "工作简报（2019年第3期）", "工作简报", ("2019:3",)),
    ("a_whole_set", "平凡的世界（全三册）", "平凡的世界", ()),
    ("both_volumes", "第三帝国的兴亡（上下册）", "第三帝国的兴亡", ()),
    ("all_volumes_by_position", "中国人史纲(上、中、下)", "中国人史纲", ()),
    ("a_decimal_number", "Web 2.0", "web 2 0", ()),
    ("a_date_behind_a_dot", "9·11", "9 11", ()),
    ("a_date_in_chinese_behind_a_dot", "九·一八", "九一八", ()),
    ("a_year_that_is_the_title", "1984", "1984", ()),
    ("a_king_by_his_number", "Henry V", "henry v", ()),
    ("a_title_that_ends_in_a_figure", "Catch-22", "catch 22", ()),
    ("a_year_in_front", "97中国发展报告", "97中国发展报告", ()),
    ("a_word_that_begins_like_a_set", "安全", "安全", ()),
]


@pytest.mark.parametrize(
    ("text", "title", "parts"), [row[1:] for row in WRITTEN], ids=[row[0] for row in WRITTEN]
)
def test_the_title_and_the_number_of_its_part(
    text: str, title: str, parts: tuple[str, ...]
) -> None:
    assert main_title(Title("proper", text)) == (title, parts)


def test_a_part_that_has_a_field_of_its_own_goes_before_one_in_the_title() -> None:
    title = Title("proper", "史记 第三卷", parts=(Part("下册", "列传"),))
    assert main_title(title) == ("史记第三卷", ("last",))
    assert rest_of(title) == "列传"


def test_an_article_that_sorting_leaves_out_is_no_part_of_the_key() -> None:
    assert main_title(Title("proper", "The Stone Story", skip=4)) == ("stone story", ())


def test_more_characters_to_skip_than_there_are_skips_none() -> None:
    assert main_title(Title("proper", "It", skip=9)) == ("it", ())


@pytest.mark.parametrize(
    ("title", "volumes"),
    [
        (Title("proper", "平凡的世界（全三册）"), 3),
        (Title("proper", "红楼梦", parts=(Part("上下册"),)), 2),
        (Title("proper", "红楼梦（上）"), 0),
    ],
)
def test_a_title_may_say_how_many_volumes_there_are(title: Title, volumes: int) -> None:
    assert volumes_of(title) == volumes
