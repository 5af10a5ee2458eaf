"""Names out of statements: 著 or not, (法) or not, one space or two."""

import time

import pytest

from lianguan.engine.mapping.names import names_in


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("徐文钦编著,沈凤霞编著", [("徐文钦", "编著", ""), ("沈凤霞", "编著", "")]),
        (
            "(德)马克思(Marx)著;姜晶花,张梅编译",
            [("马克思", "著", "德"), ("姜晶花", "编译", ""), ("张梅", "编译", "")],
        ),
        ("（漢）毛亨傳;（漢）鄭玄箋", [("毛亨", "傳", "漢"), ("鄭玄", "箋", "漢")]),
        ("（宋）歐陽修撰;（宋）徐無黨注", [("歐陽修", "撰", "宋"), ("徐無黨", "注", "宋")]),
        ("（明）林堯俞纂修;（清）福隆安校補", [("林堯俞", "纂修", "明"), ("福隆安", "校補", "清")]),
        ("（清）允祿奉敕撰;（清）董誥補編", [("允祿", "奉敕撰", "清"), ("董誥", "補編", "清")]),
        (
            "（清）鄂爾泰監修;（宋）陳彭年等奉勅重修",
            [("鄂爾泰", "監修", "清"), ("陳彭年", "重修", "宋")],
        ),
        ("（唐）司馬貞索隱;（宋）王應麟補注", [("司馬貞", "索隱", "唐"), ("王應麟", "補注", "宋")]),
        ("[(印)泰戈尔(Rabindranath Tagore)著];王勇", [("泰戈尔", "著", "印"), ("王勇", "", "")]),
        ("(意)里卡多·波希西奥(Riccardo Bosisio)[", [("里卡多·波希西奥", "", "意")]),
        ("李智民 刘璐 张健杰", [("李智民", "", ""), ("刘璐", "", ""), ("张健杰", "", "")]),
        ("沈从文", [("沈从文", "", "")]),
        ("几米 文·图", [("几米", "文·图", "")]),
        ("毕淑敏 等编", [("毕淑敏", "编", "")]),
        ("曹雪芹，高鹗著", [("曹雪芹", "著", ""), ("高鹗", "著", "")]),
        ("[英] J.K. 罗琳 著 ; 苏农 译", [("J.K. 罗琳", "著", "英"), ("苏农", "译", "")]),
        ("J.K. Rowling, Mary GrandPré", [("J.K. Rowling", "", ""), ("Mary GrandPré", "", "")]),
        ("Rowling, J. K.", [("Rowling, J. K", "", "")]),
        ("", []),
        ("著", [("著", "", "")]),
    ],
)
def test_names_roles_and_origins(statement: str, names: list[tuple[str, str, str]]) -> None:
    found = [(n.text, "".join(n.roles), n.dynasty) for n in names_in(statement)]
    assert found == names


def test_bodies_are_told_from_persons() -> None:
    assert [n.kind for n in names_in("国家统计局编；张三编")] == ["body", "person"]


@pytest.mark.parametrize("sign", [" ", "，", "等", "著", "等，", ".", "（", "\n", " and ", "[等]"])
def test_a_cell_of_nothing_but_signs_takes_no_time(sign: str) -> None:
    begun = time.perf_counter()
    names_in("张" + sign * 20_000 + "三")
    names_in(sign * 20_000)
    assert time.perf_counter() - begun < 1
