"""Covers that are drawn: what of a title stands on them, and how."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lianguan
from lianguan.discovery.covers import CLOTH_OF_DDC, CLOTHS, SLIPS, cover_of
from lianguan.engine.text.fold import TIBETAN

STYLE = Path(lianguan.__file__).parent / "site" / "static" / "site" / "lianguan.css"
LAKE = "མཚོ་སྔོན་པོའི་རང་བྱུང་ལོ་རྒྱུས།"


@pytest.mark.parametrize(
    ("title", "main", "part"),
    [
        ("青海湖 : 一座湖的自然史", "青海湖", "一座湖的自然史"),
        ("青海湖：一座湖的自然史", "青海湖", "一座湖的自然史"),
        ("刚察县志（1986—2010）", "刚察县志", "1986—2010"),
        ("祁连山丛书（第五册） 牧人", "祁连山丛书", "第五册"),
        ("鸟类图鉴 : 附二〇一〇至二〇二二年水鸟同步调查数据", "鸟类图鉴", ""),
        ("（汉）司马迁传", "（汉）司马迁传", ""),
        ("Charlotte's Web : a story", "Charlotte's Web", "a story"),
        ("青海湖之歌 = " + LAKE, "青海湖之歌", ""),
    ],
)
def test_the_main_title_stands_on_the_slip_and_a_short_part_beside_it(
    title: str, main: str, part: str
) -> None:
    drawn = cover_of(title)
    assert (drawn.main, drawn.part) == (main, part)


@pytest.mark.parametrize(
    ("title", "script", "length"),
    [
        ("红楼梦", "", ""),
        ("高原日光温室蔬菜栽培", "", "mid"),
        ("海北藏族自治州地方志概", "", "long"),
        ("海北藏族自治州地方志编纂委员会", "", "mid"),
        ("青海湖国家级自然保护区鸟类图鉴与湿地监测方法", "", "long"),
        ("海北藏族自治州地方志概 : 上册", "", "long"),
        ("མཚོ་སྔོན་པོ།", "bo", ""),
        (LAKE, "bo", "long"),
        ("Charlotte's Web", "latin", ""),
        ("Война и мир", "latin", ""),
    ],
)
def test_chinese_stands_upright_tibetan_and_latin_lie_across_and_long_ones_are_set_smaller(
    title: str, script: str, length: str
) -> None:
    drawn = cover_of(title)
    assert (drawn.script, drawn.length) == (script, length)


@pytest.mark.parametrize(
    ("class_number", "cloth", "letter"),
    [
        ("clc:I247.5", "I", "I"),
        ("clc:TP311", "T", "T"),
        ("clc:W99", "", ""),
        ("ddc:895.13", "I", ""),
        ("lcc:PL2947", "", ""),
        ("", "", ""),
    ],
)
def test_the_cloth_is_that_of_the_class_and_only_a_chinese_class_is_printed(
    class_number: str, cloth: str, letter: str
) -> None:
    drawn = cover_of("书", class_number)
    assert (drawn.cloth, drawn.letter) == (cloth, letter)


@pytest.mark.parametrize(
    ("agents", "by"),
    [
        (("[清] 曹雪芹 著", "高鹗 续"), "曹雪芹"),
        (("White, E.B. 著",), "White"),
        (("海北藏族自治州地方志编纂委员会 编",), ""),
        (("才让卓玛，主编",), "才让卓玛"),
        ((), ""),
        (("ཚེ་རིང་།",), ""),
    ],
)
def test_the_first_name_stands_below_if_there_is_room(agents: tuple[str, ...], by: str) -> None:
    assert cover_of("书", "", agents).by == by


def test_a_long_tibetan_title_is_cut_behind_a_syllable() -> None:
    drawn = cover_of("བཀྲ་ཤིས་" * 20)
    assert drawn.main.endswith("་…")
    assert drawn.main.count("་") == SLIPS["bo"].most - 1


@given(st.text(max_size=300), st.text(max_size=20), st.lists(st.text(max_size=40), max_size=3))
def test_anything_has_a_cover_and_always_the_same(
    title: str, class_number: str, agents: list[str]
) -> None:
    drawn = cover_of(title, class_number, agents)
    assert drawn == cover_of(title, class_number, agents)
    assert len(drawn.main) <= max(len(title), 81)
    assert not (TIBETAN.search(drawn.main) and drawn.script != "bo")


def test_every_cloth_is_in_the_style_sheet() -> None:
    style = STYLE.read_text("utf-8")
    assert set(re.findall(r'\.cover\[data-class="(\w)"\] \{ --c', style)) == CLOTHS
    assert set(CLOTH_OF_DDC.values()) <= CLOTHS
