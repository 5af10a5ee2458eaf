"""All pairs of a batch of records at once, without a catalogue: what is the same edition, and what
to ask about.

Nothing is looked up and nothing is kept. Blocks may be split among processes or machines; what is
found in them, put together, is byte for byte what one call finds.

    batch = Batch(features, shared_isbns(features))
    scored = score(batch, blocks(features))
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lianguan.engine.match import sieve, signs
from lianguan.engine.match.block import (
    CAP,
    coarse_postings,
    crowd_sizes,
    fine_postings,
    finer,
    isbn_number,
)
from lianguan.engine.match.decide import ASK, DIFFERENT, SAME, decide
from lianguan.engine.match.features import Features, title_key
from lianguan.engine.match.grouping import Numbers, bounds_of, unique_rows
from lianguan.engine.match.levels import Facts

SHARED_TITLES = 2
"""Titles under one ISBN from which on it is shared."""

DECISIONS = (SAME, ASK)
"""What a row of `Scored` says, by its number."""


class Batch(NamedTuple):
    """Records by their places, and what has to be known of all of them."""

    features: Sequence[Features]
    shared: frozenset[str] = frozenset()
    """ISBNs that several titles carry."""


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


def shared_isbns(features: Iterable[Features]) -> frozenset[str]:
    """The ISBNs under which several titles stand."""
    titles: dict[str, set[str]] = defaultdict(set)
    for one in features:
        for isbn in one.isbns:
            titles[isbn].add(title_key(one))
    return frozenset(i for i, keys in titles.items() if len(keys - {""}) >= SHARED_TITLES)


def blocks(features: Sequence[Features]) -> Blocks:
    """The records that share a key, or a finer one where too many share it."""
    rows = unique_rows(coarse_postings(dict(enumerate(features))))
    sizes = crowd_sizes(rows)
    crowded = rows[sizes > CAP]
    among = {place: features[place] for place in dict.fromkeys(crowded[:, 1].tolist())}
    refined = fine_postings(finer(among, set(crowded[:, 0].tolist())))
    kept = np.concatenate([rows[sizes <= CAP], refined])
    kept = kept[crowd_sizes(kept) > 1]
    return Blocks(kept[:, 1], bounds_of(kept[:, 0]))


def score(batch: Batch, among: Blocks, asking: Flags | None = None) -> Scored:
    """The pairs in these blocks that are the same, or that a person should look at. `asking`: of
    each record whether it asks (all do if it is left out); pairs of which neither does are
    passed over."""
    if not len(among.members):
        return np.empty((0, 4), np.int64)
    made = _sieve(batch)
    flags = np.ones(len(batch.features), np.int64) if asking is None else asking.astype(np.int64)
    kept = made.kept(among.members, among.bounds, flags)
    is_sure = kept[:, 2] != sieve.OPEN
    sure = np.insert(kept[is_sure], 2, DECISIONS.index(SAME), axis=1)
    found = np.array(list(_decided(batch, kept[~is_sure])), np.int64).reshape(-1, 4)
    return joined([sure, found])


def _sieve(batch: Batch) -> sieve.Sieve:
    signed = [signs.sign(one) for one in batch.features]
    sizes = np.array([len(one) >> 3 for one in signed], np.int64)
    shared = np.array(sorted(map(isbn_number, batch.shared)), np.int64)
    numbers = np.frombuffer(b"".join(signed), np.int64)
    return sieve.Sieve(numbers, np.cumsum(sizes) - sizes, shared)


def _decided(batch: Batch, opened: Numbers) -> Iterator[tuple[int, int, int, int]]:
    """What the sieve left open, letter by letter."""
    facts = Facts(batch.shared)
    for a, b, _ in opened.tolist():
        said = decide(batch.features[a], batch.features[b], facts)
        if said.decision != DIFFERENT:
            yield a, b, DECISIONS.index(said.decision), said.rank


def joined(parts: Iterable[Scored]) -> Scored:
    """What parts of the blocks gave, together."""
    return unique_rows(np.concatenate([np.empty((0, 4), np.int64), *parts]))
