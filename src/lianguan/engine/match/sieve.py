"""Most pairs of records are decided by equal or different numbers; only those that are not have
to be compared letter by letter (`letters.py`).

`signs.py` makes numbers of a record's features. `Sieve` looks at pairs of them and says of each:
surely neither the same nor to be asked about, surely the same or surely to be asked about by such a
row of the table, or open. It never says what `decide` would not (tests hold the two together): of
each field it knows which levels are possible (`possible.py`), and with them the fewest and the most
points. A row is certain where it allows all of them and their points, impossible where it allows
none. The tables themselves stand once, in `decide.RULES` and points.csv.

Compiled for many pairs, plain for few.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from lianguan.engine.match import possible
from lianguan.engine.match.decide import BY_NUMBER, POINTS, RULES, SAME
from lianguan.engine.match.grouping import Numbers, unique_edges
from lianguan.engine.match.possible import (
    FIELDS,
    FORBIDDEN,
    FREE,
    LEVELS,
    OTHER_PART,
    PART,
    VETO,
    levels,
    part_levels,
    vetoes,
)
from lianguan.engine.match.signs import AGENTS, FIXED, ISBNS, TITLES, Signed
from lianguan.engine.read.compiled import available, compile_all

DIFFERENT, OPEN = -1, -2
ASKED = 512
"""Verdicts on a pair: the rank of what surely says *same*; ASKED and the rank of what surely asks;
or one of these two."""

MOST_LEVELS = max(len(names.split()) for names in LEVELS.values())
ALL = (1 << MOST_LEVELS) - 1

MANY = 20_000
"""Members of blocks from which on it is worth loading compiled code."""

ROOM = 1 << 20
"""Pairs that are kept at a time."""

MOST_THREADS = 8


class Table(NamedTuple):
    """The rules as numbers, in their order."""

    allowed: Numbers
    """Of each rule the levels that it allows in each field."""
    most: Numbers
    """The most points that it allows."""
    is_same: Numbers
    """Whether it says *same*; else it asks."""
    fewest: Numbers
    """Of each field, and of each of its levels that are possible, the fewest points they cost."""
    dearest: Numbers
    """The same, and the most."""


def table() -> Table:
    """The rules as they stand in `decide.RULES`."""
    allowed = [[_bits(field, rule.fields.get(field)) for field in FIELDS] for rule in RULES]
    points = [[POINTS[field][level] for level in LEVELS[field].split()] for field in FIELDS]
    return Table(
        np.array(allowed, np.int64),
        np.array([rule.most for rule in RULES], np.int64),
        np.array([rule.decision == SAME for rule in RULES], np.int64),
        np.array([_of_any(costs, min) for costs in points], np.int64),
        np.array([_of_any(costs, max) for costs in points], np.int64),
    )


def _of_any(costs: list[int], chosen: Callable[[list[int]], int]) -> list[int]:
    """Of each set of levels, as a number, the least or greatest of what they cost."""
    sets = ([cost for at, cost in enumerate(costs) if one >> at & 1] for one in range(ALL + 1))
    return [chosen(one) if one else 0 for one in sets]


def _bits(field: str, allowed: str | None) -> int:
    if allowed is None:
        return ALL
    names = LEVELS[field].split()
    return sum(1 << names.index(level) for level in allowed.split())


def range_of(found, fewest, dearest):
    """(the fewest, the most) points that the possible levels cost."""
    low = high = 0
    for field in range(len(fewest)):
        low += fewest[field][found[field]]
        high += dearest[field][found[field]]
    return low, high


def fit(found, allowed):
    """Whether a rule that allows these levels surely holds (2), may hold (1) or cannot (0)."""
    fits = 2
    for field in range(len(allowed)):
        within = found[field] & allowed[field]
        if within == 0:
            return 0
        if within != found[field]:
            fits = 1
    return fits


def ranked(low, high, says_same):
    """The verdict of a rule that holds; OPEN where points may be few or many."""
    if low != high:
        return OPEN
    return BY_NUMBER + low + (0 if says_same else ASKED)


def judge(found, allowed, most, is_same, fewest, dearest):
    """The verdict where these levels, and this of vetoes, are possible."""
    if found[VETO] == FORBIDDEN or found[PART] == OTHER_PART:
        return DIFFERENT
    low, high = range_of(found, fewest, dearest)
    for rule in range(len(allowed)):
        fits = fit(found, allowed[rule]) if low <= most[rule] else 0
        if fits:
            if fits == 1 or found[VETO] != FREE or found[PART] & OTHER_PART:
                return OPEN
            return rule if rule < BY_NUMBER else ranked(low, high, is_same[rule])
    return DIFFERENT


def verdict(signs, a, b, allowed, most, is_same, fewest, dearest, found):
    """The verdict on the records whose numbers begin at `a` and `b`; `found` is room for their
    levels. Vetoes cost least to look at."""
    if vetoes(signs, a, b) == FORBIDDEN or part_levels(signs, a, b) == OTHER_PART:
        return DIFFERENT
    levels(signs, a, b, found)
    return judge(found, allowed, most, is_same, fewest, dearest)


def turned(members, bounds, ends, blocks):
    """The blocks of each record, behind each other; `ends` says where each one's begin, and where
    they end when all are there."""
    for group in range(len(bounds) - 1):
        for i in range(bounds[group], bounds[group + 1]):
            blocks[ends[members[i]]] = group
            ends[members[i]] += 1


def reached(blocks, first, end, bounds):
    """How many stand in some blocks, at most."""
    reach = 0
    for i in range(first, end):
        reach += bounds[blocks[i] + 1] - bounds[blocks[i]]
    return reach


def sift(
    signs,
    starts,
    members,
    bounds,
    blocks,
    ends,
    order,
    is_dirty,
    allowed,
    most,
    is_same,
    fewest,
    dearest,
    found,
    met,
    at,
    kept,
):
    """The pairs that share a block, at least one of them dirty, on which the verdict is not
    DIFFERENT: (place, place, verdict), each pair once. Begins with the record order[at[0]] and ends
    before at[1], or where `kept` may have no room for the pairs of another record; how many there
    are. `met` is of each record the last one that it was held against."""
    count = 0
    for turn in range(at[0], at[1]):
        a = order[turn]
        if not is_dirty[a]:
            continue
        first = ends[a - 1] if a > 0 else 0
        if count + reached(blocks, first, ends[a], bounds) > len(kept):
            at[0] = turn
            return count
        met[a] = a
        for i in range(first, ends[a]):
            for j in range(bounds[blocks[i]], bounds[blocks[i] + 1]):
                b = members[j]
                if met[b] != a and (b > a or not is_dirty[b]):
                    met[b] = a
                    said = verdict(
                        signs, starts[a], starts[b], allowed, most, is_same, fewest, dearest, found
                    )
                    if said != DIFFERENT:
                        kept[count, 0] = min(a, b)
                        kept[count, 1] = max(a, b)
                        kept[count, 2] = said
                        count += 1
    at[0] = at[1]
    return count


def possibly(signs, starts, pairs, found):
    """The possible levels of each of some pairs, and what is known of vetoes."""
    for i in range(len(pairs)):
        levels(signs, starts[pairs[i, 0]], starts[pairs[i, 1]], found[i])


def judged(found, allowed, most, is_same, fewest, dearest, said):
    """The verdict on each of some pairs."""
    for i in range(len(found)):
        said[i] = judge(found[i], allowed, most, is_same, fewest, dearest)


OWN_FUNCTIONS = (range_of, fit, ranked, judge, verdict, turned, reached, sift, possibly, judged)
PLAIN: dict[str, Any] = {one.__name__: one for one in OWN_FUNCTIONS}


@cache
def _compiled() -> dict[str, Any]:
    return compile_all(*possible.COMPILED, *OWN_FUNCTIONS)


class Sieve:
    """The signs of the records that a load compares."""

    def __init__(self, signed: Signed, shared: Numbers) -> None:
        """`shared` are the ISBNs that several titles share, as numbers. They are marked in the
        numbers that are handed in, which are many: whoever makes another sieve of these marks
        them anew."""
        self.signs = signed.numbers
        self.starts = signed.starts
        self.table = table()
        self._mark(shared)

    def _mark(self, shared: Numbers) -> None:
        """Turn the ISBNs that several titles share below zero, and all others above."""
        counts = self.signs[self.starts + ISBNS]
        first = self.starts + FIXED + self.signs[self.starts + TITLES]
        first += self.signs[self.starts + AGENTS]
        before = np.cumsum(counts) - counts
        places = np.repeat(first - before, counts) + np.arange(counts.sum())
        isbns = np.abs(self.signs[places])
        self.signs[places] = np.where(np.isin(isbns, shared), -isbns, isbns)

    def kept(self, members: Numbers, bounds: Numbers, is_dirty: Numbers) -> Numbers:
        """What is left of the pairs in blocks, as rows of (place, place, verdict), sorted, each
        pair once and the smaller place first. Block i is `members[bounds[i]:bounds[i + 1]]`, and
        one of a pair is dirty."""
        many = len(members) > MANY and available()
        functions = _compiled() if many else PLAIN
        sizes, count = np.diff(bounds), len(self.starts)
        held = np.bincount(members, minlength=count)
        ends, blocks = np.cumsum(held) - held, np.empty(len(members), np.int64)
        functions["turned"](members, bounds, ends, blocks)
        reach = np.bincount(members, np.repeat(sizes, sizes), count).astype(np.int64)
        order = _in_turn(members, count)
        lists = (members, bounds, blocks, ends, order, is_dirty)
        given = (self.signs, self.starts, *lists, *self.table)
        sifting = _Sifting(functions["sift"], given, int(reach.max(initial=0)))
        if not many:  # plain code is quicker with lists
            return sifting.plain(count, len(order))
        stretches = _stretches((reach * is_dirty)[order])
        with ThreadPoolExecutor(len(stretches)) as pool:
            return unique_edges(np.concatenate([*pool.map(sifting.compiled, stretches)]))

    def possible(self, pairs: Numbers) -> Numbers:
        """Of rows of (place, place) the levels that are possible in each field, and what is known
        of vetoes."""
        found = np.zeros((len(pairs), len(FIELDS) + 1), np.int64)
        self._function("possibly", pairs)(self.signs, self.starts, pairs, found)
        return found

    def judged(self, found: Numbers) -> Numbers:
        """The verdicts where so much is possible."""
        said = np.empty(len(found), np.int64)
        self._function("judged", found)(found, *self.table, said)
        return said

    def _function(self, name: str, rows: Numbers) -> Any:
        return (_compiled() if len(rows) > MANY and available() else PLAIN)[name]


class _Sifting(NamedTuple):
    """`sift` with what it works on."""

    function: Callable[..., Any]
    given: tuple[Numbers, ...]
    reach: int
    """Others at most against which one record is held."""

    def compiled(self, stretch: tuple[int, int]) -> Numbers:
        """What is left of the pairs of records from a place on, up to another."""
        met = np.full(len(self.given[1]), -1, np.int32)
        return self._all(self.given, np.zeros(VETO + 1, np.int64), met, stretch, ROOM)

    def plain(self, count: int, turns: int) -> Numbers:
        """What is left of all pairs of so many records, of which so many stand in blocks."""
        given = tuple([one.tolist() for one in self.given])
        return unique_edges(self._all(given, [0] * (VETO + 1), [-1] * count, (0, turns), 0))

    def _all(
        self, given: Any, found: Any, met: Any, stretch: tuple[int, int], room: int
    ) -> Numbers:
        """Numbers in arrays or in lists."""
        kept = np.empty((max(room, self.reach), 3), np.int64)
        at = np.array(stretch, np.int64)
        rows = [kept[:0].copy()]
        while at[0] < at[1]:
            count = self.function(*given, found, met, at, kept)
            rows.append(kept[:count].copy())
        return np.concatenate(rows)


def _in_turn(members: Numbers, count: int) -> Numbers:
    """The members of blocks, each once, in the order of blocks: records that are like each other
    come one after the other, and their numbers are at hand (a third less time, measured)."""
    first = np.full(count, len(members), np.int64)
    first[members[::-1]] = np.arange(len(members))[::-1]
    order: Numbers = np.argsort(first)
    return order[: np.count_nonzero(first < len(members))]


def _stretches(reach: Numbers) -> list[tuple[int, int]]:
    """Records in as many stretches as there are processors, with as many pairs in each."""
    count = min(len(os.sched_getaffinity(0)), MOST_THREADS)
    before = np.cumsum(reach)
    ends = np.searchsorted(before, np.linspace(0, before[-1], count + 1)[1:-1])
    return list(pairwise([0, *ends.tolist(), len(reach)]))
