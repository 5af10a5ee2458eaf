"""Which Tibetan texts need the whole font: all others are set in the small one, which draws them
the same (scripts/tibetan_font.py looks)."""

import csv
from importlib import resources

import pytest

from lianguan.site.stacks import STACK, is_rare, ordinary

COMMON = "བསྒྲུབས་པའི་ལྷ་ཁང་། རྫོགས་སོ༎ གསེར་གྱི་མེ་ཏོག ༢༠༢༦ ཧྥ་རན་སི། ཨོཾ་མ་ཎི"


def test_what_is_written_every_day_needs_the_small_font_alone() -> None:
    assert not is_rare(COMMON)
    assert not is_rare("青海湖 2026")
    assert not is_rare("")


@pytest.mark.parametrize("text", ["ཧཱུྃ", "མཁའ་འགྲོ་ཧཱུྃ་མཛད", "ཀྵྨྱཱ", "གཊྚ"])
def test_a_stack_that_is_seldom_seen_needs_the_whole_font(text: str) -> None:
    assert is_rare(text)


@pytest.mark.parametrize("text", ["ྲརྣམ་ཐར", "༡༷"])
def test_marks_that_have_lost_their_letter_need_the_whole_font(text: str) -> None:
    assert is_rare(text)


def test_each_line_of_the_list_is_one_stack_once() -> None:
    table = resources.files("lianguan.site").joinpath("stacks.csv").read_text("utf-8")
    lines = [line["stack"] for line in csv.DictReader(table.splitlines())]
    assert len(lines) == len(ordinary())
    assert all(STACK.fullmatch(line) for line in lines)
