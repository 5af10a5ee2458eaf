"""Which levels two records may have in each field, and whether there may be a veto, as far as
their numbers (`signs.py`) tell. The level that `levels.py` gives is always among them.

Functions over numbers alone, for `sieve.py` to compile.
"""

from lianguan.engine.match.levels import OPEN_YEARS
from lianguan.engine.match.signs import (
    AGENTS,
    BEGINNING,
    CARRIER,
    CONTENT,
    COUNTED,
    EDITION,
    FACSIMILE,
    FIRST,
    FIXED,
    FULL,
    HAS_LAST,
    ISBNS,
    ISSUES,
    KIND,
    LANGUAGE,
    LAST,
    LEVEL,
    NAMED,
    NO_OTHER,
    NUMBERED,
    NUMBERS,
    OWN,
    PAGES,
    PARTS,
    PUBLISHER,
    REST,
    REVISED,
    SCRIPT,
    SERIES,
    TITLES,
    VOLUMES,
    YEAR,
)

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
TITLE, PART, AGENT, PUBLISHERS, YEARS, EDITIONS, EXTENT, NUMBER, VETO = range(9)
"""Places of the fields; behind them what is known of vetoes."""

FREE, FORBIDDEN = 1, 2
"""What is known of vetoes but that on volumes, which the level of the part says: there is none,
there is one; both bits where series may be alike or not."""

OTHER_PART = 8
"""Level of parts that is a veto."""


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
    if signs[a + PARTS] == signs[b + PARTS]:
        return 1
    short, long = (a, b) if signs[a + COUNTED] < signs[b + COUNTED] else (b, a)
    count, more = signs[short + COUNTED] >> 1, signs[long + COUNTED] >> 1
    if count == more:
        has_last = (signs[a + COUNTED] | signs[b + COUNTED]) & HAS_LAST
        return 2 | OTHER_PART if has_last else OTHER_PART
    if count > 0:
        return 4 | OTHER_PART
    is_own = signs[long + OWN] != 0 and signs[short + TITLES] > 0
    return 1 if is_own and signs[long + OWN] == signs[short + FIRST] else 4


def agent_levels(signs, a, b):
    count_a, count_b = signs[a + AGENTS], signs[b + AGENTS]
    if count_a == 0 or count_b == 0:
        return 16
    low_a, low_b = a + FIXED + signs[a + TITLES], b + FIXED + signs[b + TITLES]
    found = common(signs, low_a, count_a, low_b, count_b)
    if found == min(count_a, count_b):
        return 1
    return 1 | 4 | 8 if found > 0 else 2 | 4 | 8 | 32


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
    if signs[a + EDITION] == signs[b + EDITION] or signs[a + NAMED] & signs[b + NAMED] & NO_OTHER:
        return 1
    if signs[a + EDITION] == 0 or signs[b + EDITION] == 0:
        return 4
    return 4 if (signs[a + NAMED] | signs[b + NAMED]) & REVISED else 2 | 8


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


def are_two(one, other):
    """Both are said, and not alike."""
    return one != 0 and other != 0 and one != other


def another_kind(signs, a, b):
    """Carrier, content, level or language forbid that the two are one."""
    if signs[a + CARRIER] != signs[b + CARRIER] or signs[a + LEVEL] != signs[b + LEVEL]:
        return True
    if are_two(signs[a + CONTENT], signs[b + CONTENT]):
        return True
    return are_two(signs[a + LANGUAGE], signs[b + LANGUAGE])


def set_and_volume(signs, a, b):
    if (signs[a + COUNTED] == 0) == (signs[b + COUNTED] == 0):
        return False
    return signs[(a if signs[a + COUNTED] == 0 else b) + VOLUMES] > 1


def another_edition(signs, a, b):
    if signs[a + EDITION] == signs[b + EDITION] or signs[a + NAMED] & signs[b + NAMED] & NO_OTHER:
        return False
    if signs[a + NAMED] & signs[b + NAMED] & NUMBERED:
        return True
    if (signs[a + NAMED] | signs[b + NAMED]) & FACSIMILE:
        return True
    year_a, year_b = signs[a + YEAR], signs[b + YEAR]
    return year_a != 0 and year_b != 0 and abs(year_a - year_b) > 1


def vetoes(signs, a, b):
    """What is known of vetoes but for that on volumes. Of one kind there is none."""
    if signs[a + KIND] == signs[b + KIND]:
        return FREE
    if another_kind(signs, a, b) or set_and_volume(signs, a, b) or another_edition(signs, a, b):
        return FORBIDDEN
    if signs[a + SERIES] == 0 or signs[b + SERIES] == 0 or signs[a + SERIES] == signs[b + SERIES]:
        return FREE
    if signs[a + YEAR] != 0 and signs[a + YEAR] == signs[b + YEAR]:
        return FREE
    return FREE | FORBIDDEN


def levels(signs, a, b, found):
    """The possible levels of each field, in the order of `FIELDS`, and what is known of vetoes."""
    found[TITLE] = title_levels(signs, a, b)
    found[PART] = part_levels(signs, a, b)
    found[AGENT] = agent_levels(signs, a, b)
    found[PUBLISHERS] = publisher_levels(signs, a, b)
    found[YEARS] = year_levels(signs, a, b)
    found[EDITIONS] = edition_levels(signs, a, b)
    found[EXTENT] = extent_levels(signs, a, b)
    found[NUMBER] = number_levels(signs, a, b)
    found[VETO] = vetoes(signs, a, b)


COMPILED = (
    common,
    title_levels,
    part_levels,
    agent_levels,
    publisher_levels,
    year_levels,
    edition_levels,
    extent_levels,
    number_levels,
    are_two,
    another_kind,
    set_and_volume,
    another_edition,
    vetoes,
    levels,
)
"""All of these, those that are called before those that call them."""
