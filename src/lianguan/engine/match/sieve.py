"""Most pairs of records are decided by equal or different numbers; only those that are not have
to be compared letter by letter.

`sign` makes numbers of a record's features. `Sieve` looks at pairs of them and says of each:
surely not the same, surely the same by such a row of the table, or to be decided by `decide`.
It never says what `decide` would not (tests hold the two together): of each field it knows
which levels are possible, and a row is certain where it allows all of them, impossible where
it allows none. The table itself stands once, in `decide.RULES`.

Compiled for many pairs, plain for few.
"""

import hashlib
import struct
from functools import cache
from typing import Any

import numpy as np

from lianguan.engine.match.block import Numbers, isbn_number
from lianguan.engine.match.decide import ASK, RULES, SAME
from lianguan.engine.match.features import Features
from lianguan.engine.match.grouping import unique_edges
from lianguan.engine.match.levels import HEAD, OPEN_YEARS, full_title, script_of
from lianguan.engine.read.compiled import available, compile_all

DIFFERENT, OPEN = -1, -2
"""Verdicts on a pair; others are the place of the row of the table that says *same*."""

LEVELS = {
    "title": "same extended near other",
    "part": "same near missing different",
    "agent": "same near partly missing different",
    "publisher": "same near issuer missing different",
    "year": "same open near missing far",
    "edition": "same near missing different",
    "extent": "same near missing far",
    "number": "shared shared_by_many apart missing",
}
"""Field → its levels; a level is the bit of its place. Titles that are parallel, in other
scripts, missing or different are all *other*: no row takes them for the same edition."""

FIELDS = tuple(LEVELS)
ALL = 31

# The numbers of a record: first those that every record has.
TITLES, AGENTS, ISBNS, NUMBERS, FULL, REST, SCRIPT, OWN, FIRST, BEGINNING = range(10)
PUBLISHER, ISSUES, YEAR, LAST, EDITION, REVISED, PAGES, VOLUMES, PARTS, KIND = range(10, 20)
WORK = 20
FIXED = 21
"""Behind them its titles, agents, ISBNs and other numbers, as many as the first four say."""

SURE = sum(rule.decision == SAME for rule in RULES)
"""Rules that say *same*."""

MANY = 20_000
"""Members of blocks from which on it is worth loading compiled code."""

ROOM = 1 << 20
"""Pairs that are kept at a time."""


def sign(features: Features) -> bytes:
    """A record's features as int64. Texts are their hashes, which but for that of the work mean
    something only in this process and those that it forks."""
    f = features
    full = full_title(f)
    isbns = [isbn_number(isbn) for isbn in f.isbns]
    said = (
        len(f.titles),
        len(f.agents),
        len(isbns),
        len(f.numbers),
        hash(full),
        hash(f.rest),
        hash(script_of(f.rest)) if f.rest else 0,
        hash(f.own),
        hash(f.titles[0]) if f.titles else 0,
        hash(full[:HEAD]),
        hash(f.publisher),
        f.publisher in f.agents,
        f.year,
        f.last_year,
        hash(f.edition),
        f.edition == "revised",
        f.pages,
        f.volumes,
        hash(f.parts),
        kind_of(f),
        work_number(f.work),
        *map(hash, f.titles),
        *map(hash, f.agents),
        *isbns,
        *map(hash, f.numbers),
    )
    return struct.pack(f"<{len(said)}q", *said)


def work_number(work: str) -> int:
    """The key of a work as a number of 63 bits, the same in every run; 0 for none."""
    if not work:
        return 0
    digest = hashlib.blake2b(work.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def kind_of(f: Features) -> int:
    """Two records of one kind have no veto between them. The year is not part of it: vetoes ask
    for it only where editions or series differ."""
    said = (f.parts, f.edition, f.volumes, f.carrier, f.content, f.level, f.language, f.series)
    return hash(said)


def table() -> tuple[Numbers, Numbers]:
    """The rules that say *same*, and behind them those that say *ask*: for each its place, and
    the levels that it allows in each field."""
    same = [(rank, rule) for rank, rule in enumerate(RULES) if rule.decision in (SAME, ASK)]
    last = max(rank for rank, rule in same if rule.decision == SAME)
    if any(rule.decision == ASK for rule in RULES[:last]):
        raise ValueError("rules that say same stand before all others")
    allowed = [[_bits(field, rule.fields.get(field)) for field in FIELDS] for _, rule in same]
    return np.array([rank for rank, _ in same]), np.array(allowed, np.int64)


def _bits(field: str, allowed: str | None) -> int:
    if allowed is None:
        return ALL
    names = LEVELS[field].split()
    known = {level if level in names else "other" for level in allowed.split()}
    return sum(1 << names.index(level) for level in known)


def common(signs, low_a, count_a, low_b, count_b):
    """How many of the numbers from `low_a` on stand among those from `low_b` on."""
    found = 0
    for i in range(low_a, low_a + count_a):
        for j in range(low_b, low_b + count_b):
            if signs[i] == signs[j]:
                found += 1
                break
    return found


def title_levels(signs, a, b):
    if signs[a + TITLES] == 0 or signs[b + TITLES] == 0:
        return 8
    is_own = signs[a + OWN] != 0 and signs[a + OWN] == signs[b + FIRST]
    is_own |= signs[b + OWN] != 0 and signs[b + OWN] == signs[a + FIRST]
    if is_own or signs[a + FULL] == signs[b + FULL]:
        return 1
    count_a, count_b = signs[a + TITLES], signs[b + TITLES]
    if common(signs, a + FIXED, count_a, b + FIXED, count_b) > 0:
        is_open = signs[a + REST] != 0 and signs[b + REST] != 0
        is_open &= signs[a + SCRIPT] == signs[b + SCRIPT]
        return 15 if is_open and signs[a + REST] != signs[b + REST] else 1
    return 14 if signs[a + BEGINNING] == signs[b + BEGINNING] else 8


def part_levels(signs, a, b):
    return 1 if signs[a + PARTS] == signs[b + PARTS] else 15


def agent_levels(signs, a, b):
    count_a, count_b = signs[a + AGENTS], signs[b + AGENTS]
    if count_a == 0 or count_b == 0:
        return 8
    low_a, low_b = a + FIXED + signs[a + TITLES], b + FIXED + signs[b + TITLES]
    found = common(signs, low_a, count_a, low_b, count_b)
    if found == min(count_a, count_b):
        return 1
    return 1 | 4 if found > 0 else 2 | 4 | 16


def publisher_levels(signs, a, b):
    if signs[a + PUBLISHER] == 0 or signs[b + PUBLISHER] == 0:
        return 8
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
        return 8
    if signs[a + VOLUMES] != 0 and signs[b + VOLUMES] != 0:
        return 1 if signs[a + VOLUMES] == signs[b + VOLUMES] else 8
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


def judge(found, allowed, alike):
    """The place of the rule that surely holds; DIFFERENT where none can; else OPEN. Where the
    two are not of one kind there may be a veto; what is to be asked is never sure."""
    for rule in range(len(allowed)):
        fits = fit(found, allowed[rule])
        if fits:
            return rule if fits == 2 and alike and rule < SURE else OPEN
    return DIFFERENT


def verdict(signs, a, b, allowed, found):
    """The verdict on the records whose numbers begin at `a` and `b`; `found` is room for their
    levels."""
    levels(signs, a, b, found)
    return judge(found, allowed, signs[a + KIND] == signs[b + KIND])


def sift(signs, starts, members, bounds, is_dirty, allowed, found, at, kept):
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
                    said = verdict(signs, starts[a], starts[b], allowed, found)
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
        self.places, self.allowed = table()
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
        given = (self.signs, self.starts, members, bounds, is_dirty, self.allowed, found)
        arguments: tuple[Any, ...] = given
        if not many:  # plain code is quicker with lists
            arguments = tuple([one.tolist() for one in given])
        rows = [room[:0].copy()]
        while at[0] < len(bounds) - 1:
            count = function(*arguments, at, room)
            rows.append(unique_edges(room[:count]))
        kept: Numbers = unique_edges(np.concatenate(rows))
        is_same = kept[:, 2] >= 0
        kept[is_same, 2] = self.places[kept[is_same, 2]]
        return kept
