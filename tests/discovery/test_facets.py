"""What results can be narrowed by, and how a search stands in its address."""

import pytest
from django.test import Client

from lianguan.discovery.classes import class_name
from lianguan.discovery.facets import AT_ONCE, Asked, drawn, facets_of
from lianguan.engine.search.index import FACETS, Found
from tests.discovery.test_pages import text
from tests.union.hub import Hub, book


def found(**facets: list[tuple[str, int]]) -> Found:
    return Found(99, (), {name: facets.get(name, []) for name in FACETS})


def named(facet: str, value: str) -> str:
    return class_name(value) if facet == "class" else value


def test_a_search_keeps_its_words_and_loses_its_page_when_something_is_chosen() -> None:
    asked = Asked("青海 湖", {"library": "JN"}, "/search")
    assert asked.with_(year="2004") == "/search?q=%E9%9D%92%E6%B5%B7+%E6%B9%96&library=JN&year=2004"
    assert asked.with_(library="") == "/search?q=%E9%9D%92%E6%B5%B7+%E6%B9%96"
    assert Asked("", {}, "/search").with_(page="2") == "/search?page=2"


def test_many_values_are_shown_when_they_are_asked_for() -> None:
    values = [(f"L{number}", 50 - number) for number in range(20)]
    (facet,) = facets_of(found(library=values), Asked("", {}, "/search"), named)
    assert [value.said for value in facet.first] == [f"L{number}" for number in range(AT_ONCE)]
    assert len(facet.rest) == 20 - AT_ONCE
    assert facet.values == 20


def test_years_are_in_order_the_latest_first() -> None:
    years = [("1999", 9), ("2020", 1), ("2004", 5)]
    (facet,) = facets_of(found(year=years), Asked("", {}, "/search"), named)
    assert [value.said for value in facet.first] == ["2020", "2004", "1999"]


def test_what_is_chosen_stands_first_and_takes_itself_off() -> None:
    asked = Asked("", {"language": "tib"}, "/search")
    (facet,) = facets_of(found(language=[("chi", 5), ("tib", 9)]), asked, named)
    chosen, other = facet.first
    assert (chosen.said, chosen.is_chosen, chosen.address, chosen.entries) == (
        "tib",
        True,
        "/search?",
        99,
    )
    assert (other.said, other.is_chosen) == ("chi", False)


def test_of_a_class_every_step_to_it_stands_above_and_leads_one_up() -> None:
    asked = Asked("", {"class": "I2"}, "/search")
    (facet,) = facets_of(found(**{"class": [("I24", 4), ("I26", 1)]}), asked, named)
    assert [(one.code, one.said, one.address, one.is_chosen) for one in facet.first] == [
        ("I", "文学", "/search?", True),
        ("I2", "中国文学", "/search?class=I", True),
        ("I24", "", "/search?class=I24", False),
        ("I26", "", "/search?class=I26", False),
    ]


@pytest.mark.parametrize("years", [[], [("2004", 3)], [("2004", 3), ("2005", 1)], [("18--", 4)]])
def test_two_years_need_no_picture(years: list[tuple[str, int]]) -> None:
    assert drawn(years) is None


def test_the_picture_shows_the_last_forty_years_and_never_leaves_its_frame() -> None:
    years = drawn([("1580", 9), ("1985", 2), ("2004", 400), ("2024", 1)])
    assert years is not None
    assert (years.first, years.last, years.most, years.most_count) == (1985, 2024, 2004, 400)
    assert [bar.height for bar in years.bars] == [1, 40, 1]
    assert all(0 <= bar.x <= years.width - years.bar for bar in years.bars)
    assert all(bar.y + bar.height == 40 for bar in years.bars)


def test_a_reader_goes_down_the_classes_and_up_again(reader: Client, hub: Hub) -> None:
    hub.send(
        "JN",
        book("1", title="红楼梦", extra="690   $aI242.4$v5")
        + book("2", title="平凡的世界", extra="690   $aI247.57$v5")
        + book("3", title="计算机网络", extra="690   $aTP393$v5")
        + book("4", title="无类之书"),
    )
    page = text(reader, "/search")
    assert '<span class="facet__code">I</span>文学' in page
    assert "工业技术" in page
    page = text(reader, "/search?class=I")
    assert "全部 2 种" in page
    assert "计算机网络" not in page
    assert '<span class="facet__code">I2</span>中国文学' in page
    assert "/search?class=I24" in text(reader, "/search?class=I2")
    assert "全部 2 种" in text(reader, "/search?class=I24")
    assert "全部 1 种" in text(reader, "/search?class=TP3")
    assert "自动化技术、计算机技术" in text(reader, "/search?class=T&lang=zh")
    assert "没有书" in text(reader, "/search?class=I2471")
    assert "没有书" in text(reader, "/search?class=%22%3E")
