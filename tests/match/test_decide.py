"""The rules themselves: no row is out of reach, none is lopsided, none stands on an ISBN alone."""

from typing import Any

import pytest
from hypothesis import given, settings

from bench.learn import ORDER
from lianguan.engine.match.block import coarse_keys, fine_keys
from lianguan.engine.match.cluster import Edge, RecordKey, clusters
from lianguan.engine.match.decide import (
    ASK,
    POINTS,
    RULES,
    SAME,
    VETOES,
    Rule,
    decide,
    vetoes_of,
)
from lianguan.engine.match.features import Features
from lianguan.engine.match.levels import LEVELS, Facts, compare
from tests.match.features import PAIRS

ALIKE_TITLES = "same extended near alike within".split()
NOTHING = Facts()
SHARED = Facts(frozenset("1"))

BOOK = Features(
    titles=("青海湖志",),
    agents=("张三",),
    publisher="青海人民",
    year=2016,
    isbns=("9787225987658",),
    pages=112,
)


@settings(max_examples=500)
@given(PAIRS)
def test_a_verdict_is_the_same_whichever_record_comes_first(
    pair: tuple[Features, Features],
) -> None:
    a, b = pair
    for facts in (NOTHING, SHARED):
        assert decide(a, b, facts) == decide(b, a, facts)
        assert compare(a, b, facts) == compare(b, a, facts)
        assert vetoes_of(a, b) == vetoes_of(b, a)


@settings(max_examples=1000)
@given(PAIRS)
def test_two_records_that_are_the_same_share_a_key_and_under_it_a_finer_one(
    pair: tuple[Features, Features],
) -> None:
    a, b = pair
    if decide(a, b, NOTHING).decision == SAME:
        assert shares_keys(a, b)


@settings(max_examples=500)
@given(PAIRS)
def test_a_veto_leaves_no_verdict_of_same(pair: tuple[Features, Features]) -> None:
    verdict = decide(*pair, NOTHING)
    assert not (verdict.vetoes and verdict.decision in (SAME, ASK))


@settings(max_examples=500)
@given(PAIRS)
def test_a_record_is_the_same_as_itself_or_says_too_little(
    pair: tuple[Features, Features],
) -> None:
    a, _ = pair
    assert not vetoes_of(a, a)
    silent = {"missing", "none", "parallel"}
    assert set(compare(a, a, NOTHING).values()) <= {"same", "shared", *silent}


def shares_keys(a: Features, b: Features) -> bool:
    left, right = ({key: set(fine_keys(key, f)) for key in coarse_keys(f)} for f in (a, b))
    return any(left[key] & right[key] for key in left.keys() & right.keys())


OF_ART = Features(
    titles=("history of the art of printing",),
    agents=("smith j",),
    publisher="harper row",
    year=2000,
)

# Any: fields of several kinds.
EXAMPLES: dict[str, tuple[Features, dict[str, Any]]] = {
    "number": (BOOK, {"publisher": "", "agents": (), "year": 0, "pages": 0}),
    "number_reprint": (BOOK, {"year": 2019}),
    "title_agent_year": (BOOK, {"isbns": (), "pages": 0}),
    "title_publisher_year": (BOOK, {"isbns": (), "agents": (), "pages": 0}),
    "title_publisher": (BOOK, {"isbns": (), "year": 0, "pages": 0}),
    "title_agent_extent": (BOOK, {"isbns": (), "year": 2017}),
    "title_publisher_year_extent": (BOOK, {"isbns": (), "agents": ("李四",)}),
    "beginning_agent_year": (OF_ART, {"titles": ("history of art of printing",)}),
    "beginning_publisher_year": (
        OF_ART,
        {"titles": ("history of the art of printing in brief",), "agents": ("smith j k",)},
    ),
    "agent_year_extent": (OF_ART._replace(pages=90), {"titles": ("art of printing history",)}),
    "number_without_title": (BOOK, {"titles": ("祁连山志",)}),
    "set_number": (BOOK, {"agents": ("李四",), "publisher": "", "pages": 0}),
    "doubt": (BOOK, {"isbns": (), "publisher": "西宁", "year": 0}),
    "doubt_of_title": (
        OF_ART._replace(pages=90),
        {"titles": ("the art of printing",), "agents": ("smith j k",)},
    ),
    "doubt_of_agent": (BOOK, {"isbns": (), "agents": ("李四",), "pages": 0}),
    "perhaps_reprint": (BOOK, {"isbns": (), "year": 2019}),
}
"""Rule → a record, and what another says otherwise."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.name))
def test_each_row_decides_a_pair_and_blocks_find_it(rule: Rule) -> None:
    a, otherwise = EXAMPLES[rule.name]
    b = a._replace(**otherwise)
    verdict = decide(a, b, NOTHING)
    assert (verdict.rule, verdict.decision) == (rule.name, rule.decision)
    assert shares_keys(a, b) or rule.decision == ASK


def test_rules_name_levels_that_exist_and_come_in_one_order() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(set(rule.fields) <= LEVELS.keys() for rule in RULES)
    decisions = [rule.decision for rule in RULES]
    assert decisions == sorted(decisions, key=[SAME, ASK].index)


def test_no_row_says_same_without_a_title() -> None:
    for rule in RULES:
        if rule.decision == SAME:
            assert set(rule.fields["title"].split()) <= {*ALIKE_TITLES}


def test_the_first_edition_is_that_of_a_record_that_names_none_and_not_the_fourth() -> None:
    first, fourth = (BOOK._replace(isbns=(), edition=said) for said in ("1", "4"))
    assert decide(BOOK._replace(isbns=()), first, NOTHING).decision == SAME
    assert decide(first, fourth, NOTHING).vetoes == ("edition_differs",)


SAID_BY_ALL = Features(titles=("annual report",), year=1990, pages=24)


def test_a_title_that_many_have_needs_somebody_who_made_the_book() -> None:
    assert decide(SAID_BY_ALL, SAID_BY_ALL, NOTHING).decision == ASK


def test_a_classic_of_two_publishers_in_one_year_is_asked_about() -> None:
    other = BOOK._replace(isbns=(), publisher="岳麓", pages=0)
    assert decide(BOOK, other, NOTHING).decision == ASK
    assert decide(BOOK, other._replace(pages=112), NOTHING).decision == SAME, "the printer is named"


def test_every_level_has_points_and_none_less_than_a_better_one() -> None:
    for field, levels in ORDER.items():
        points = [POINTS[field][level] for level in levels.split()]
        assert points == sorted(points), field
        assert points[0] == 0
        assert {*levels.split()} == {*POINTS[field]}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("titles", ("祁连山志",)),
        ("titles", ()),
        ("parts", ("2",)),
        ("carrier", "electronic"),
        ("language", "tib"),
        ("edition", "3"),
    ],
)
def test_one_isbn_alone_makes_no_two_records_the_same(field: str, value: Any) -> None:
    a = BOOK._replace(parts=("1",), language="chi", edition="2")
    b = a._replace(**{field: value})
    assert decide(a, a, NOTHING).decision == SAME
    assert decide(a, b, NOTHING).decision != SAME


def test_an_isbn_that_carries_several_titles_proves_nothing() -> None:
    facts = Facts(frozenset(BOOK.isbns))
    undated = BOOK._replace(year=0, pages=0, publisher="")
    assert decide(BOOK, undated, NOTHING) == decide(BOOK, undated, NOTHING)._replace(rule="number")
    verdict = decide(BOOK, undated, facts)
    assert (verdict.decision, verdict.rule) == (ASK, "set_number")


def test_records_that_share_a_set_isbn_are_still_the_same_if_all_else_agrees() -> None:
    facts = Facts(frozenset(BOOK.isbns))
    assert decide(BOOK, BOOK, facts).rule == "title_agent_year"


def test_an_isbn_misprinted_from_another_book_does_not_part_two_records() -> None:
    other = BOOK._replace(isbns=("9787500473817",))
    assert decide(BOOK, other, NOTHING).decision != SAME
    assert decide(BOOK, other, Facts(frozenset(other.isbns))).decision == SAME


# Any: fields of several kinds.
VETOED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "volume_differs": ({"parts": ("1",)}, {"parts": ("2",)}),
    "set_and_volume": ({"parts": ("1",)}, {"volumes": 5}),
    "edition_differs": ({"edition": "2"}, {"edition": "3"}),
    "series_differs": ({"series": ("四库全书",), "year": 0}, {"series": ("四部丛刊",)}),
    "carrier_differs": ({}, {"carrier": "microform"}),
    "content_differs": ({"content": "text"}, {"content": "sound"}),
    "level_differs": ({}, {"level": "serial"}),
    "language_differs": ({"language": "chi"}, {"language": "tib"}),
}


@pytest.mark.parametrize("name", VETOES)
def test_each_veto_parts_two_records_that_are_otherwise_the_same(name: str) -> None:
    a, b = (BOOK._replace(**said) for said in VETOED[name])
    assert decide(BOOK, BOOK, NOTHING).decision == SAME
    assert decide(a, b, NOTHING).vetoes == (name,)


@pytest.mark.parametrize("name", VETOES)
def test_each_veto_keeps_a_third_record_from_bringing_two_together(name: str) -> None:
    a, b = (BOOK._replace(**said) for said in VETOED[name])
    records: dict[RecordKey, Features] = {"a": a, "b": b, "c": BOOK}
    found = clusters(records, [Edge(0, "a", "c"), Edge(0, "b", "c")])
    assert not any({"a", "b"} <= set(one) for one in found)


def test_every_coarse_key_has_finer_ones() -> None:
    assert all(fine_keys(key, BOOK) for key in coarse_keys(BOOK))


def test_a_record_that_says_nothing_has_no_key() -> None:
    assert coarse_keys(Features()) == ()
