"""Most pairs of records are decided by equal or different numbers; only those that are not have
to be compared letter by letter.

`signs.py` makes numbers of a record's features. `Sieve` looks at pairs of them and says of each:
surely neither the same nor to be asked about, surely the same by such a row of the table, or to be
decided by `decide`. It never says what `decide` would not (tests hold the two together): of each
field it knows which levels are possible, and with them the fewest and the most points. A row is
certain where it allows all of them and their points, impossible where it allows none. The tables
themselves stand once, in `decide.RULES` and points.csv.

Compiled for many pairs, plain for few.
"""

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from lianguan.engine.match.decide import BY_NUMBER, POINTS, RULES, SAME
from lianguan.engine.match.grouping import Numbers, unique_edges
from lianguan.engine.match.levels import OPEN_YEARS
from lianguan.engine.match.signs import (
    AGENTS,
    BEGINNING,
    EDITION,
    FIRST,
    FIRST_OR_NONE,
    FIXED,
    FULL,
    ISBNS,
    ISSUES,
    KIND,
    LAST,
    NUMBERS,
    OWN,
    PAGES,
    PARTS,
    PUBLISHER,
    REST,
    REVISED,
    SCRIPT,
    TITLES,
    VOLUMES,
    YEAR,
)
from lianguan.engine.read.compiled import available, compile_all

DIFFERENT, OPEN = -1, -2
"""Verdicts on a pair; others are the rank of what surely says *same*."""

LEVELS = {
    "title": "same extended near alike within other_rest parallel other_script missing different",
    "part": "same near missing different",
    "agent": "same near alike partly missing different",
    "publisher": "same near issuer missing different none",
    "year": "same open near missing far",
    "edition": "same near missing different",
    "extent": "same near missing off far",
    "number": "shared shared_by_many apart missing",
}
"""Field → its levels; a level is the bit of its place."""

FIELDS = tuple(LEVELS)
MOST_LEVELS = max(len(levels.split()) for levels in LEVELS.values())
ALL = (1 << MOST_LEVELS) - 1

MANY = 20_000
"""Members of blocks from which on it is worth loading compiled code."""

ROOM = 1 << 20
"""Pairs that are kept at a time."""


class Table(NamedTuple):
    """The rules as numbers, in their order."""

    allowed: Numbers
    """Of each rule the levels that it allows in each field."""
    most: Numbers
    """The most points that it allows."""
    is_same: Numbers
    """Whether it says *same*; else it asks."""
    points: Numbers
    """Of each field what its levels cost."""


def table() -> Table:
    """The rules as they stand in `decide.RULES`."""
    allowed = [[_bits(field, rule.fields.get(field)) for field in FIELDS] for rule in RULES]
    points = np.zeros((len(FIELDS), MOST_LEVELS), np.int64)
    for at, field in enumerate(FIELDS):
        known = [POINTS[field][level] for level in LEVELS[field].split()]
        points[at, : len(known)] = known
    return Table(
        np.array(allowed, np.int64),
        np.array([rule.most for rule in RULES], np.int64),
        np.array([rule.decision == SAME for rule in RULES], np.int64),
        points,
    )


def _bits(field: str, allowed: str | None) -> int:
    if allowed is None:
        return ALL
    names = LEVELS[field].split()
    return sum(1 << names.index(level) for level in allowed.split())


def common(signs, low_a, count_a, low_b, count_b):
    """How many of the numbers from `low_a` on stand among those from `low_b` on."""
    found = 0
    for i in range(low_a, low_a + count_a):
        for j in range(low_b, low_b + count_b):
            if signs[i] == signs[j]:
                found += 1
                break
    return found


# Levels of titles: what is possible is told by what is equal.
SURE, LIKE, BEHIND, UNLIKE = 1, 2 | 4 | 8 | 16 | 32, 1 | 2 | 4 | 32, 8 | 16 | 64 | 128 | 512
UNTITLED = 64 | 256


def title_levels(signs, a, b):
    """Parallel titles are not among the numbers: a title may always have one in common."""
    if signs[a + TITLES] == 0 or signs[b + TITLES] == 0:
        return UNTITLED | 128 | 512
    is_own = signs[a + OWN] != 0 and signs[a + OWN] == signs[b + FIRST]
    is_own |= signs[b + OWN] != 0 and signs[b + OWN] == signs[a + FIRST]
    if is_own or signs[a + FULL] == signs[b + FULL]:
        return SURE
    count_a, count_b = signs[a + TITLES], signs[b + TITLES]
    if common(signs, a + FIXED, count_a, b + FIXED, count_b) > 0:
        is_open = signs[a + REST] != 0 and signs[b + REST] != 0
        is_open &= signs[a + SCRIPT] == signs[b + SCRIPT]
        return BEHIND if is_open and signs[a + REST] != signs[b + REST] else SURE
    return LIKE | UNLIKE if signs[a + BEGINNING] == signs[b + BEGINNING] else UNLIKE


def part_levels(signs, a, b):
    return 1 if signs[a + PARTS] == signs[b + PARTS] else 15


def agent_levels(signs, a, b):
    count_a, count_b = signs[a + AGENTS], signs[b + AGENTS]
    if count_a == 0 or count_b == 0:
        return 16
    low_a, low_b = a + FIXED + signs[a + TITLES], b + FIXED + signs[b + TITLES]
    found = common(signs, low_a, count_a, low_b, count_b)
    if found == min(count_a, count_b):
        return 1
    return 1 | 8 if found > 0 else 2 | 4 | 8 | 32


def publisher_levels(signs, a, b):
    if signs[a + PUBLISHER] == 0 and signs[b + PUBLISHER] == 0:
        return 32
    if signs[a + PUBLISHER] == 0 or signs[b + PUBLISHER] == 0:
        return 4 if signs[a + ISSUES] != 0 or signs[b + ISSUES] != 0 else 8
    if signs[a + PUBLISHER] == signs[b + PUBLISHER]:
        return 4 if signs[a + ISSUES] != 0 and signs[b + ISSUES] != 0 else 1
    return 2 | 16


def year_levels(signs, a, b):
    if signs[a + YEAR] == 0 or signs[b + YEAR] == 0:
        return 8
    if signs[a + YEAR] == signs[b + YEAR]:
        return 1
    first, second = (a, b) if signs[a + YEAR] < signs[b + YEAR] else (b, a)
    if signs[second + YEAR] <= signs[first + LAST]:
        return 2 if signs[first + LAST] - signs[first + YEAR] <= OPEN_YEARS else 8
    return 4 if signs[second + YEAR] == signs[first + YEAR] + 1 else 16


def edition_levels(signs, a, b):
    if signs[a + EDITION] == signs[b + EDITION]:
        return 1
    if signs[a + FIRST_OR_NONE] != 0 and signs[b + FIRST_OR_NONE] != 0:
        return 1
    if signs[a + EDITION] == 0 or signs[b + EDITION] == 0:
        return 4
    if signs[a + REVISED] != 0 or signs[b + REVISED] != 0:
        return 4
    return 2 | 8


def extent_levels(signs, a, b):
    if signs[a + PAGES] != 0 and signs[b + PAGES] != 0:
        apart = abs(signs[a + PAGES] - signs[b + PAGES])
        if apart <= 3 or apart * 50 <= max(signs[a + PAGES], signs[b + PAGES]):
            return 1 if apart == 0 else 2
        return 8 if apart * 10 <= max(signs[a + PAGES], signs[b + PAGES]) else 16
    if signs[a + VOLUMES] != 0 and signs[b + VOLUMES] != 0:
        return 1 if signs[a + VOLUMES] == signs[b + VOLUMES] else 16
    return 4


def number_levels(signs, a, b):
    """ISBNs that several titles share are below zero here."""
    low_a = a + FIXED + signs[a + TITLES] + signs[a + AGENTS]
    low_b = b + FIXED + signs[b + TITLES] + signs[b + AGENTS]
    end_a, end_b = low_a + signs[a + ISBNS], low_b + signs[b + ISBNS]
    own_a = own_b = by_many = False
    for j in range(low_b, end_b):
        own_b |= signs[j] > 0
    for i in range(low_a, end_a):
        own_a |= signs[i] > 0
        for j in range(low_b, end_b):
            if signs[i] == signs[j]:
                if signs[i] > 0:
                    return 1
                by_many = True
    if common(signs, end_a, signs[a + NUMBERS], end_b, signs[b + NUMBERS]) > 0:
        return 1
    if by_many:
        return 2
    return 4 if own_a and own_b else 8


def levels(signs, a, b, found):
    """The possible levels of each field, in the order of `FIELDS`."""
    found[0] = title_levels(signs, a, b)
    found[1] = part_levels(signs, a, b)
    found[2] = agent_levels(signs, a, b)
    found[3] = publisher_levels(signs, a, b)
    found[4] = year_levels(signs, a, b)
    found[5] = edition_levels(signs, a, b)
    found[6] = extent_levels(signs, a, b)
    found[7] = number_levels(signs, a, b)


def range_of(found, points):
    """(the fewest, the most) points that the possible levels cost."""
    low = high = 0
    for field in range(len(found)):
        fewest, most = 1 << 30, 0
        for level in range(MOST_LEVELS):
            if found[field] >> level & 1:
                fewest = min(fewest, points[field][level])
                most = max(most, points[field][level])
        low += fewest
        high += most
    return low, high


def fit(found, allowed):
    """Whether a rule that allows these levels surely holds (2), may hold (1) or cannot (0)."""
    fits = 2
    for field in range(len(found)):
        within = found[field] & allowed[field]
        if within == 0:
            return 0
        if within != found[field]:
            fits = 1
    return fits


def judge(found, allowed, most, is_same, points, alike):
    """The rank of what surely says *same*; DIFFERENT where no rule can hold; else OPEN. Where the
    two are not of one kind there may be a veto."""
    low = high = -1
    for rule in range(len(allowed)):
        fits = fit(found, allowed[rule])
        if fits:
            if low < 0:
                low, high = range_of(found, points)
            if low <= most[rule]:
                if fits == 1 or not alike or not is_same[rule]:
                    return OPEN
                if rule < BY_NUMBER:
                    return rule
                return BY_NUMBER + low if low == high else OPEN
    return DIFFERENT


def verdict(signs, a, b, allowed, most, is_same, points, found):
    """The verdict on the records whose numbers begin at `a` and `b`; `found` is room for their
    levels."""
    levels(signs, a, b, found)
    return judge(found, allowed, most, is_same, points, signs[a + KIND] == signs[b + KIND])


def sift(signs, starts, members, bounds, is_dirty, allowed, most, is_same, points, found, at, kept):
    """The pairs of members of one block, at least one of them dirty, on which the verdict is not
    DIFFERENT: (place, place, verdict). Begins with block at[0] and its member at[1], and stops
    where `kept` may have no room for the pairs of another member; how many there are."""
    count = 0
    for group in range(at[0], len(bounds) - 1):
        end = bounds[group + 1]
        for i in range(max(at[1], bounds[group]), end):
            a = members[i]
            if not is_dirty[a]:
                continue
            if count + end - bounds[group] > len(kept):
                at[0], at[1] = group, i
                return count
            for j in range(bounds[group], end):
                b = members[j]
                if a != b and (j > i or not is_dirty[b]):
                    said = verdict(
                        signs, starts[a], starts[b], allowed, most, is_same, points, found
                    )
                    if said != DIFFERENT:
                        kept[count, 0] = min(a, b)
                        kept[count, 1] = max(a, b)
                        kept[count, 2] = said
                        count += 1
    at[0], at[1] = len(bounds) - 1, 0
    return count


@cache
def _compiled() -> dict[str, Any]:
    return compile_all(
        common,
        title_levels,
        part_levels,
        agent_levels,
        publisher_levels,
        year_levels,
        edition_levels,
        extent_levels,
        number_levels,
        levels,
        range_of,
        fit,
        judge,
        verdict,
        sift,
    )


class Sieve:
    """The signs of the records that a load compares."""

    def __init__(self, signs: Numbers, starts: Numbers, shared: Numbers) -> None:
        """Those of record i begin at starts[i]. `shared` are the ISBNs that several titles
        share, as numbers."""
        self.signs = signs.copy()
        self.starts = starts
        self.table = table()
        self._mark(shared)

    def _mark(self, shared: Numbers) -> None:
        """Turn the ISBNs that several titles share below zero."""
        counts = self.signs[self.starts + ISBNS]
        first = self.starts + FIXED + self.signs[self.starts + TITLES]
        first += self.signs[self.starts + AGENTS]
        before = np.cumsum(counts) - counts
        places = np.repeat(first - before, counts) + np.arange(counts.sum())
        places = places[np.isin(self.signs[places], shared)]
        self.signs[places] *= -1

    def kept(self, members: Numbers, bounds: Numbers, is_dirty: Numbers) -> Numbers:
        """What is left of the pairs in blocks, as rows of (place, place, verdict), each pair
        once and the smaller place first; a verdict is OPEN or the rank of the rule that says
        same. Block i is `members[bounds[i]:bounds[i + 1]]`, and one of a pair is dirty."""
        many = len(members) > MANY and available()
        function: Any = _compiled()["sift"] if many else sift
        largest = int(np.diff(bounds).max(initial=0))
        room = np.empty((max(ROOM, largest) if many else largest + len(members), 3), np.int64)
        found, at = np.zeros(len(FIELDS), np.int64), np.zeros(2, np.int64)
        given = (self.signs, self.starts, members, bounds, is_dirty, *self.table, found)
        arguments: tuple[Any, ...] = given
        if not many:  # plain code is quicker with lists
            arguments = tuple([one.tolist() for one in given])
        rows = [room[:0].copy()]
        while at[0] < len(bounds) - 1:
            count = function(*arguments, at, room)
            rows.append(unique_edges(room[:count]))
        kept: Numbers = unique_edges(np.concatenate(rows))
        return kept
