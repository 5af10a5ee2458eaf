"""Who holds what: works, their editions, and the copies of each that libraries describe.

Nothing here is drawn from a generator of random numbers: every draw is a function of a number
(of the work, the edition or the copy) and of what is drawn, so that any part can be made again
by itself, in any order.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.members_words import Drawn, Whole

SEED = 7
LIBRARIES = 30
UNEVEN = 0.97
"""Exponent of the sizes: the largest library has about eight times the records of the median."""
TAIL = 2.13
"""Exponent of the copies: 65 % of the editions are in one library, the mean is 2.2 copies."""
FAMILIES = 0.071
"""Share of the works that have more than one edition, and"""
MORE = 0.52
"""the chance that each further one is the last: 12 % of all editions are such further ones."""
LARGEST_FAMILY = 24
TWICE = 0.005
"""Share of the copies that are the second one of a library."""
AT_ONCE = 1 << 16

Floats = NDArray[np.float64]
Small = NDArray[np.int32]
Code = NDArray[np.uint8]


def mixed(numbers: Whole, what: int) -> Drawn:
    """64 bits for each number, and others for each `what` (SplitMix64, Steele et al. 2014)."""
    z = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z += np.uint64(((what + 1) * 0xD1342543DE82EF95 + SEED * 0xA0761D6478BD642F) % 2**64)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def chance(numbers: Whole, what: int) -> Floats:
    """The same, as a number above 0 and not above 1."""
    bits = (mixed(numbers, what) >> np.uint64(11)).astype(np.float64)
    return (bits + 1) / 2**53


# What is drawn here; what is drawn in `members_editions` and `members_copies` comes after it.
FAMILY, FAMILY_SIZE, COPIES, SECOND, ARRIVING, HOLDER = range(6)


class Plan(NamedTuple):
    """Small numbers, since there may be ten million copies."""

    work: Small
    """Of each edition; those of one work follow each other."""
    nth: Small
    """Place of each edition among those of its work, from 0."""
    held: int
    """So many of the editions are held by somebody; the others are still to come."""
    edition: Small
    """Of each copy."""
    library: Code
    """Of each copy."""


def planned(count: int, to_come: int) -> Plan:
    """A plan of `count` copies, and `to_come` editions that nobody holds yet."""
    copies = _copies(count)
    held = len(copies)
    work, nth = _families(held + to_come)
    edition = np.repeat(np.arange(held, dtype=np.int32), copies)
    return Plan(work, nth, held, edition, _libraries(copies))


def _copies(count: int) -> Small:
    """How many libraries have each edition; together `count`."""
    sizes = np.arange(1, LIBRARIES + 1, dtype=np.float64)
    shares = np.cumsum(sizes**-TAIL)
    shares /= shares[-1]
    found: list[Small] = []
    total = 0
    while total < count:
        drawn = chance(np.arange(AT_ONCE) + AT_ONCE * len(found), COPIES)
        found.append(1 + np.searchsorted(shares, drawn).astype(np.int32))
        total += int(found[-1].sum())
    copies = np.concatenate(found)
    last = int(np.searchsorted(np.cumsum(copies), count))
    copies = copies[: last + 1]
    copies[last] -= copies.sum() - count
    return copies


def is_family(works: Whole) -> NDArray[np.bool_]:
    """The work has more than one edition."""
    found: NDArray[np.bool_] = chance(works, FAMILY) < FAMILIES
    return found


def _families(editions: int) -> tuple[Small, Small]:
    """Work and place in the work of each edition."""
    works = np.arange(editions)
    further = np.log(chance(works, FAMILY_SIZE)) / np.log(1 - MORE)
    sizes = np.where(is_family(works), further.astype(np.int64) + 2, 1)
    np.minimum(sizes, LARGEST_FAMILY, out=sizes)
    first = np.cumsum(sizes) - sizes
    work = np.repeat(works, sizes)[:editions]
    return work.astype(np.int32), (np.arange(editions) - first[work]).astype(np.int32)


def _libraries(copies: Small) -> Code:
    """Of each copy; different ones for the copies of one edition but for a few second copies."""
    weights = np.arange(1, LIBRARIES + 1, dtype=np.float64) ** -UNEVEN
    found: list[Code] = []
    for first in range(0, len(copies), AT_ONCE):
        some = copies[first : first + AT_ONCE]
        holders = _holders(np.arange(first, first + len(some)), some, weights)
        numbers = np.arange(len(holders)) + sum(map(len, found))
        is_second = chance(numbers, SECOND) < TWICE
        is_second[np.cumsum(some) - some] = False
        again = np.flatnonzero(is_second)
        holders[again] = holders[again - 1]
        found.append(holders)
    return np.concatenate(found)


def _holders(editions: Whole, copies: Small, weights: Floats) -> Code:
    """A race of the libraries for each edition: the first ones get the copies."""
    times = [-np.log(chance(editions, HOLDER + i)) / weight for i, weight in enumerate(weights)]
    order = np.argsort(np.stack(times, 1), axis=1).astype(np.uint8)
    holders: Code = order[np.arange(LIBRARIES) < copies[:, None]]
    return holders


def arriving(plan: Plan, library: int, count: int) -> Whole:
    """Editions that this library will have next: of three, two that others hold, and a new one."""
    is_missing = np.ones(plan.held, np.bool_)
    is_missing[plan.edition[plan.library == library]] = False
    missing = np.flatnonzero(is_missing)
    known = missing[np.argsort(mixed(missing, ARRIVING))][: count - count // 3]
    found = np.empty(len(known) + count // 3, np.int64)
    is_new = np.arange(len(found)) % 3 == 2
    found[is_new] = plan.held + np.arange(count // 3)
    found[~is_new] = known
    return found
