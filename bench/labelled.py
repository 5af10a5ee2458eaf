"""Sets of real records whose pairs somebody else has labelled.

None of these sets is in this repository; `../shared/data/records/README.md` says where each
comes from and under which licence. What would give the answer away (the numbers by which a
set was labelled) is taken out of the records here, so that neither ours nor a peer has it.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from bench.labelled_aco import arabic
from bench.labelled_books import articles, booksellers, chinese, hathitrust
from bench.labelled_set import LabelledSet
from lianguan.engine.match.features import Features, features_of


class Labelled(NamedTuple):
    """A labelled pair as those need it who learn or judge."""

    name: str
    """Of the set."""
    a: Features
    b: Features
    same: bool
    """One edition."""
    half: str


@lru_cache(maxsize=1)
def editions(folder: Path) -> tuple[LabelledSet, ...]:
    """All sets whose pairs are one edition or not, read once."""
    return tuple(read(folder) for read in (hathitrust, chinese, booksellers, arabic, articles))


def labelled(folder: Path) -> Iterator[Labelled]:
    """Every labelled pair of every set, in the order of the sets and their lists. The set's name
    is for telling figures apart, never for deciding by."""
    for one in editions(folder):
        yield from labelled_pairs(one)


def labelled_pairs(one: LabelledSet) -> Iterator[Labelled]:
    """The pairs of one set with their features."""
    names = {name for pair in one.pairs for name in pair[:2]}
    features = {name: features_of(one.records[name]) for name in sorted(names)}
    for pair in one.pairs:
        yield Labelled(one.name, features[pair.a], features[pair.b], pair.same, pair.half)
