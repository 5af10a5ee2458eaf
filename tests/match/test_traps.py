"""Each trap gets the decision that a cataloguer expects, and its near miss the other one."""

import pytest

from lianguan.engine.match import decide as decide_module
from lianguan.engine.match.block import coarse_keys
from lianguan.engine.match.decide import ANY, DIFFERENT, POINTS, RULES, VETOES, decide
from lianguan.engine.match.features import Features, is_title_alone
from lianguan.engine.match.levels import Facts
from tests.match.features import chinese
from tests.match.trap import Trap
from tests.match.traps import READ, both

ALL = pytest.mark.parametrize("trap", [one for one, _ in READ], ids=[one.name for one, _ in READ])


def decision(a: Features, b: Features, trap: Trap) -> str:
    return decide(a, b, Facts(frozenset(trap.many))).decision


@ALL
def test_a_trap_is_decided_as_expected_and_its_near_miss_otherwise(trap: Trap) -> None:
    a, b, near_miss = both(trap)
    assert decision(a, b, trap) == trap.expected
    assert decision(a, near_miss, trap) == trap.otherwise != trap.expected


@ALL
def test_what_is_to_be_joined_or_asked_is_compared_at_all(trap: Trap) -> None:
    a, b, near_miss = both(trap)
    for other, expected in ((b, trap.expected), (near_miss, trap.otherwise)):
        if expected != DIFFERENT:
            assert set(coarse_keys(a)) & set(coarse_keys(other))


def decided() -> dict[str, tuple[str, str]]:
    """Trap → what is decided of it and of its near miss."""
    found = {}
    for trap, _ in READ:
        a, b, near_miss = both(trap)
        found[trap.name] = decision(a, b, trap), decision(a, near_miss, trap)
    return found


@pytest.mark.parametrize("place", range(len(RULES)), ids=[rule.name for rule in RULES])
def test_without_any_row_a_trap_is_decided_otherwise(
    place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = decided()
    for rows in ("ROWS", "RULES"):
        kept = list(getattr(decide_module, rows))
        del kept[place]
        monkeypatch.setattr(decide_module, rows, tuple(kept))
    assert decided() != before


@pytest.mark.parametrize("veto", VETOES)
def test_without_any_veto_a_trap_is_decided_otherwise(
    veto: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = decided()
    monkeypatch.delitem(VETOES, veto)
    assert decided() != before


@pytest.mark.parametrize("field", POINTS)
def test_without_the_points_of_a_field_a_trap_is_decided_otherwise(
    field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = decided()
    for points in (0, ANY):
        monkeypatch.setitem(POINTS, field, dict.fromkeys(POINTS[field], points))
        assert decided() != before or not any(POINTS[field].values())


ONE_WORK = {
    "a_set_and_its_volume": (
        "200 1 $a红楼梦$f曹雪芹著 | 215 $a3册",
        "200 1 $a红楼梦$h上册$f曹雪芹著",
    ),
    "two_editions": ("200 1 $a围城$f钱钟书著 | 205 $a第2版", "200 1 $a围城$f钱钟书著"),
    "two_scripts": ("200 1 $a紅樓夢$f（清）曹雪芹著", "200 1 $a红楼梦$f曹雪芹著"),
    "two_translations_with_the_original_title": (
        "200 1 $a老人与海$f海明威著$g吴劳译 | 454 1$12001 $aThe old man and the sea",
        "200 1 $a老人和大海$f海明威著$g余光中译 | 454 1$12001 $aThe old man and the sea",
    ),
    "two_titles_under_one_uniform_title": (
        "200 1 $a石头记$f曹雪芹著 | 500 10$a红楼梦",
        "200 1 $a红楼梦$f曹雪芹著",
    ),
}


@pytest.mark.parametrize(("a", "b"), ONE_WORK.values(), ids=ONE_WORK.keys())
def test_editions_of_one_work_have_one_key_of_the_work(a: str, b: str) -> None:
    assert chinese(a).work == chinese(b).work != ""


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("200 1 $a农书$f王祯撰", "200 1 $a农书$f陈旉撰"),
        ("200 1 $a石头记$f曹雪芹著", "200 1 $a红楼梦$f曹雪芹著"),
    ],
    ids=["one_title_of_two_authors", "two_titles_that_nothing_in_the_records_connects"],
)
def test_what_no_field_connects_is_not_grouped_as_a_work(a: str, b: str) -> None:
    assert chinese(a).work != chinese(b).work


def test_a_title_without_an_author_names_a_work_of_another_kind() -> None:
    """Whether it does depends on what else there is (`engine.union.titled`)."""
    assert is_title_alone(chinese("200 1 $a高等数学").work)
    assert not is_title_alone(chinese("200 1 $a高等数学$f同济大学").work)
    assert chinese("010 $a978-7-225-01000-7").work == ""
