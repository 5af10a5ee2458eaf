"""All pairs of a batch of records at once, without a catalogue: what is the same edition, and what
to ask about.

Nothing is looked up and nothing is kept. Blocks may be split among processes or machines; what is
found in them, put together, is byte for byte what one call finds.

    batch = Batch(features, shared_isbns(features))
    scored = score(batch, blocks(features))
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lianguan.engine.match import letters, sieve, signs
from lianguan.engine.match.block import (
    CAP,
    coarse_postings,
    crowd_sizes,
    fine_postings,
    finer,
    isbn_number,
)
from lianguan.engine.match.decide import ASK, SAME
from lianguan.engine.match.features import Features, title_key
from lianguan.engine.match.grouping import Numbers, bounds_of, once, unique_rows

SHARED_TITLES = 2
"""Titles under one ISBN from which on it is shared."""

DECISIONS = (SAME, ASK)
"""What a row of `Scored` says, by its number."""


class Batch(NamedTuple):
    """Records by their places, and what has to be known of all of them."""

    features: Sequence[Features]
    shared: frozenset[str] = frozenset()
    """ISBNs that several titles carry."""
    signed: signs.Signed | None = None
    """The records as numbers, where somebody has made them already."""


class Blocks(NamedTuple):
    """Places of records that are compared with one another: block i is
    `members[bounds[i]:bounds[i + 1]]`."""

    members: Numbers
    bounds: Numbers

    def split(self, count: int) -> Iterator["Blocks"]:
        """So many parts, with about as many members in each."""
        ends = np.searchsorted(self.bounds, np.linspace(0, len(self.members), count + 1))
        for first, last in pairwise(ends.tolist()):
            bounds = self.bounds[first : last + 1]
            yield Blocks(self.members[bounds[0] : bounds[-1]], bounds - bounds[0])


Flags = npt.NDArray[np.bool_]

Scored = Numbers
"""Rows of (place, place, number of the decision, rank), sorted, each pair once and the smaller
place first; a smaller rank is surer."""


Work = Callable[[Sequence[Any]], list[int]]
Share = Callable[[Work, Sequence[Any]], list[int]]
"""Does work on many things, in this process or in several; in their order."""


def by_itself(work: Work, things: Sequence[Any]) -> list[int]:
    return work(things)


def shared_isbns(features: Iterable[Features]) -> frozenset[str]:
    """The ISBNs under which several titles stand."""
    titles: dict[str, set[str]] = defaultdict(set)
    for one in features:
        for isbn in one.isbns:
            titles[isbn].add(title_key(one))
    return frozenset(i for i, keys in titles.items() if len(keys - {""}) >= SHARED_TITLES)


def blocks(features: Sequence[Features]) -> Blocks:
    """The records that share a key, or a finer one where too many share it."""
    return blocked(features, coarse_postings(enumerate(features)))


def blocked(features: Sequence[Features], postings: Numbers) -> Blocks:
    """The same, of records whose `coarse_postings` somebody has made already."""
    keys, places = postings.T
    order = np.argsort(keys)
    keys, places = keys[order], places[order]
    sizes = np.diff(bounds_of(keys))
    is_crowded = np.repeat(sizes > CAP, sizes)
    among = {place: features[place] for place in once(places[is_crowded]).tolist()}
    refined = fine_postings(finer(among, set(once(keys[is_crowded]).tolist())))
    refined = refined[crowd_sizes(refined) > 1]
    is_kept = np.repeat((sizes > 1) & (sizes <= CAP), sizes)
    bounds = bounds_of(np.concatenate([keys[is_kept], refined[:, 0]]))
    return Blocks(np.concatenate([places[is_kept], refined[:, 1]]), bounds)


def score(
    batch: Batch, among: Blocks, asking: Flags | None = None, share: Share = by_itself
) -> Scored:
    """The pairs in these blocks that are the same, or that a person should look at. `asking`: of
    each record whether it asks (all do if it is left out); pairs of which neither does are
    passed over. `share` gives texts that are to be compared to several processes."""
    if not len(among.members):
        return np.empty((0, 4), np.int64)
    made = _sieve(batch)
    flags = np.ones(len(batch.features), np.int64) if asking is None else asking.astype(np.int64)
    kept = made.kept(among.members, among.bounds, flags)
    return decided(made, kept, batch.features, share)


def decided(
    made: sieve.Sieve, kept: Numbers, features: Sequence[Features], share: Share = by_itself
) -> Scored:
    """What the sieve has kept, with what it left open decided letter by letter."""

    def compare(what: str, pairs: Numbers) -> list[int]:
        def work(some: Sequence[tuple[int, int]]) -> list[int]:
            return [letters.level(what, features[a], features[b]) for a, b in some]

        return share(work, pairs.tolist())

    return as_scored(letters.settled(made, kept, compare))


def as_scored(rows: Numbers) -> Scored:
    """Of rows of (place, place, verdict) what the verdicts say."""
    rows = rows[rows[:, 2] != sieve.DIFFERENT]
    asks, rank = np.divmod(rows[:, 2], sieve.ASKED)
    return np.column_stack([rows[:, :2], asks, rank])


def _sieve(batch: Batch) -> sieve.Sieve:
    shared = np.array(sorted(map(isbn_number, batch.shared)), np.int64)
    return sieve.Sieve(batch.signed or signs.signed(batch.features), shared)


def joined(parts: Iterable[Scored]) -> Scored:
    """What parts of the blocks gave, together."""
    return unique_rows(np.concatenate([np.empty((0, 4), np.int64), *parts]))
