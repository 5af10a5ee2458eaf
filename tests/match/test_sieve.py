"""The sieve says nothing that the tables would not say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianguan.engine.match import letters, possible, sieve, signs
from lianguan.engine.match.block import isbn_number
from lianguan.engine.match.decide import ASK, DIFFERENT, POINTS, RULES, Verdict, decide
from lianguan.engine.match.features import Features
from lianguan.engine.match.grouping import Numbers
from lianguan.engine.match.levels import Facts, compare

ISBNS = ("9787020049295", "9787020049301", "9787506365437")
WORDS = (
    "红楼梦",
    "红楼梦研究",
    "collected works",
    "collected works of lu xun",
    "བོད",
    "人生",
    "collcted works",
)
AGENTS = ("曹雪芹", "高鹗", "lu x", "lu xun", "黄仁宇", "黄仁字", "")


def one_of(*values: object) -> st.SearchStrategy[object]:
    return st.sampled_from(values)


def some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=2).map(tuple)


features = st.builds(
    Features,
    titles=some(*WORDS),
    rest=one_of("", "a novel", "a story", "小说"),
    parts=some("1", "2", "3", "last"),
    agents=some(*AGENTS[:6]),
    publisher=one_of("", "人民文学", "人民", "lu x"),
    year=one_of(0, 1999, 2000, 2004),
    last_year=one_of(0, 2003, 2030),
    edition=one_of("", "1", "2", "3", "revised", "facsimile"),
    isbns=some(*ISBNS),
    numbers=some("lccn:1", "oclc:2"),
    pages=one_of(0, 300, 302, 400),
    volumes=one_of(0, 1, 3),
    carrier=one_of("", "electronic"),
    language=one_of("", "chi", "eng"),
    own=one_of("", "红楼梦", "人生"),
    series=some("丛书", "文库", "文库本"),
    content=one_of("", "text", "sound"),
    level=one_of("", "serial"),
    parallel=some(*WORDS),
)
shared = st.sets(st.sampled_from(ISBNS))


def known_levels(field: str, level: str) -> int:
    names = possible.LEVELS[field].split()
    return 1 << names.index(level)


def sieve_of(records: list[Features], many: set[str]) -> sieve.Sieve:
    shared = np.array(sorted(map(isbn_number, many)), np.int64)
    return sieve.Sieve(signs.signed(records), shared)


def kept_of(made: sieve.Sieve) -> list[list[int]]:
    """What is kept of two records in one block."""
    kept: list[list[int]] = made.kept(np.arange(2), np.array([0, 2]), np.ones(2, np.int64)).tolist()
    return kept


def as_kept(verdict: Verdict) -> list[list[int]]:
    """A verdict on two records as the sieve would say it."""
    if verdict.decision == DIFFERENT:
        return []
    return [[0, 1, verdict.rank + sieve.ASKED * (verdict.decision == ASK)]]


@settings(max_examples=500)
@given(features, features, shared)
def test_what_the_sieve_says_the_tables_say(a: Features, b: Features, many: set[str]) -> None:
    facts = Facts(frozenset(many))
    made = sieve_of([a, b], many)
    (found,) = made.possible(np.array([[0, 1]]))
    for field, bits in zip(possible.FIELDS, found, strict=False):
        assert bits & known_levels(field, compare(a, b, facts)[field]), field
    verdict = decide(a, b, facts)
    is_vetoed = {*verdict.vetoes} - {"volume_differs"}
    assert found[possible.VETO] & (possible.FORBIDDEN if is_vetoed else possible.FREE)
    said = kept_of(made)
    if said != [[0, 1, sieve.OPEN]]:
        assert said == as_kept(verdict)


@settings(max_examples=500)
@given(features, features, shared)
def test_letter_by_letter_nothing_is_left_open(a: Features, b: Features, many: set[str]) -> None:
    made = sieve_of([a, b], many)

    def compared(what: str, pairs: Numbers) -> list[int]:
        return [letters.level(what, (a, b)[one], (a, b)[other]) for one, other in pairs.tolist()]

    said = letters.settled(made, np.array([[0, 1, sieve.OPEN]]), compared)
    verdict = decide(a, b, Facts(frozenset(many)))
    assert said.tolist() == (as_kept(verdict) or [[0, 1, sieve.DIFFERENT]])


def test_two_texts_that_many_records_have_are_compared_once() -> None:
    titles = ("collected works of lu xun", "collcted works of lu xun")
    records = [
        Features(titles=(titles[n % 2],), agents=("lu xun",), publisher="人民", year=2000)
        for n in range(20)
    ]
    asked: list[tuple[str, int]] = []

    def compared(what: str, pairs: Numbers) -> list[int]:
        asked.append((what, len(pairs)))
        return [letters.level(what, records[a], records[b]) for a, b in pairs.tolist()]

    made = sieve_of(records, set())
    kept = made.kept(np.arange(20), np.array([0, 20]), np.ones(20, np.int64))
    assert np.count_nonzero(kept[:, 2] == sieve.OPEN) == 100
    assert np.count_nonzero(letters.settled(made, kept, compared)[:, 2] < sieve.ASKED) == 190
    assert asked == [("title", 1)]


@given(st.lists(features, min_size=2, max_size=6), shared, st.data())
def test_compiled_it_says_the_same(
    records: list[Features], many: set[str], data: st.DataObject
) -> None:
    made = sieve_of(records, many)
    places = np.arange(len(records))
    flags = st.lists(st.booleans(), min_size=len(records), max_size=len(records))
    is_dirty = np.array(data.draw(flags), np.int64)
    times = sieve.MANY // len(records) + 1
    often = np.tile(places, times), np.arange(times + 1) * len(records)
    once = made.kept(places, np.array([0, len(records)]), is_dirty)
    assert made.kept(*often, is_dirty).tolist() == once.tolist()
    assert all(is_dirty[a] or is_dirty[b] for a, b, _ in once.tolist())


def test_a_block_larger_than_the_room_is_taken_in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    records = [Features(titles=("红楼梦",), agents=("曹雪芹",), year=2000 + n % 2 * 9, pages=300 + n % 2 * 100,
                        publisher="人民文学") for n in range(60)]  # fmt: skip
    made = sieve_of(records, set())
    bounds = np.array([0, 20, 60])
    whole = made.kept(np.arange(60), bounds, np.ones(60, np.int64))
    assert len(whole) == 2 * (45 + 190)
    monkeypatch.setattr(sieve, "ROOM", 1)
    monkeypatch.setattr(sieve, "MANY", 1)
    assert made.kept(np.arange(60), bounds, np.ones(60, np.int64)).tolist() == whole.tolist()


def test_the_sieve_knows_every_row_and_every_level_of_the_tables() -> None:
    table = sieve.table()
    assert table.allowed.shape == (len(RULES), len(possible.FIELDS))
    assert {field: {*levels.split()} for field, levels in possible.LEVELS.items()} == {
        field: {*points} for field, points in POINTS.items()
    }
    assert all((table.allowed < 1 << sieve.MOST_LEVELS).ravel())
