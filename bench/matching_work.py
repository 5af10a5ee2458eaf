"""Matching of many records in one process, stage by stage.

    python -m bench.matching_work FOLDER     with the features of `bench.matching_records`

prints one JSON object: seconds and CPU seconds of each stage, and what was found. Compiled code is
loaded before; unpacking the features is part of every stage that needs them.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bench.matching_records import packed_in
from bench.stages import cpu
from lianguan.engine.mapping.fast import seldom_collecting
from lianguan.engine.match import grouping, score, sieve, signs
from lianguan.engine.match.block import coarse_postings, isbn_number
from lianguan.engine.match.cluster import Edge, clusters
from lianguan.engine.match.decide import SAME
from lianguan.engine.match.features import Features
from lianguan.engine.match.grouping import Numbers, components
from lianguan.engine.union.candidates import WORTH_SHARING
from lianguan.engine.union.sharing import shared_out

LOOKED_AT = 2_000
"""Records of which it is counted against how many others they are held."""

FIRST = 2_000
"""Records that are matched before, so that loading compiled code is not counted."""

Stages = dict[str, tuple[float, float]]
"""Seconds and CPU seconds."""


class Counts(NamedTuple):
    """What matching found, and how much it looked at."""

    records: int
    blocks: int
    largest: int
    """Records in the largest block."""
    pairs: float
    """Different pairs that are looked at, a record: counted of some of them."""
    open: int
    """Pairs that the sieve has left open."""
    same: int
    asked: int
    clusters: int


class Timed:
    """What each stage took."""

    def __init__(self) -> None:
        self.stages: Stages = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        begun = time.perf_counter(), cpu()
        yield
        self.stages[name] = (time.perf_counter() - begun[0], cpu() - begun[1])


def matched(features: Sequence[Features], timed: Timed) -> Counts:
    """All of it: keys and signs, which a load makes while it reads; then blocks, the sieve, what
    it has left open, clusters."""
    with timed.stage("keys"):
        postings = coarse_postings(enumerate(features))
    with timed.stage("signs"):
        signed = signs.signed(features)
    with timed.stage("shared"):
        shared = score.shared_isbns(features)
    with timed.stage("blocks"):
        among = score.blocked(features, postings)
    with timed.stage("sieve"):
        made = sieve.Sieve(signed, np.array(sorted(map(isbn_number, shared)), np.int64))
        kept = made.kept(among.members, among.bounds, np.ones(len(features), np.int64))
    with timed.stage("decide"):
        scored = score.decided(made, kept, features, _shared)
    with timed.stage("cluster"):
        labels = clustered(features, signed, scored)
    same, asked = np.bincount(scored[:, 2], minlength=2).tolist()
    return Counts(
        records=len(features),
        blocks=len(among.bounds) - 1,
        largest=int(np.diff(among.bounds).max(initial=0)),
        pairs=looked_at(among, len(features)),
        open=int(np.count_nonzero(kept[:, 2] == sieve.OPEN)),
        same=same,
        asked=asked,
        clusters=len(np.unique(labels)),
    )


def _shared(work: score.Work, things: Sequence[Any]) -> list[int]:
    return shared_out(work, things, WORTH_SHARING)


def clustered(features: Sequence[Features], signed: signs.Signed, scored: score.Scored) -> Numbers:
    """Of each record the first of its cluster. Where all that hang together are of one kind there
    is no veto, and what hangs together is the cluster."""
    edges = scored[scored[:, 2] == score.DECISIONS.index(SAME)]
    labels = components(len(features), edges[:, :2])
    kinds = signed.numbers[signed.starts + signs.KIND]
    is_odd = np.zeros(len(features), bool)
    is_odd[labels[kinds != kinds[labels]]] = True
    places = np.flatnonzero(is_odd[labels])
    named = {f"{place:09}": features[place] for place in places.tolist()}
    drawn = edges[is_odd[labels[edges[:, 0]]]].tolist()
    found = clusters(named, [Edge(rank, f"{a:09}", f"{b:09}") for a, b, _, rank in drawn])
    for cluster in found:
        labels[[int(name) for name in cluster]] = int(cluster[0])
    return labels


def looked_at(among: score.Blocks, count: int) -> float:
    """Different others in the blocks of a record, each pair counted once, of some records from all
    over."""
    some = np.zeros(count, bool)
    some[:: max(1, count // LOOKED_AT)] = True
    group = np.repeat(np.arange(len(among.bounds) - 1), np.diff(among.bounds))
    others: dict[int, set[int]] = {place: set() for place in np.flatnonzero(some).tolist()}
    rows = np.flatnonzero(some[among.members])
    for place, block in zip(among.members[rows].tolist(), group[rows].tolist(), strict=True):
        members = among.members[among.bounds[block] : among.bounds[block + 1]]
        others[place].update(members.tolist())
    found = [len(met - {place}) for place, met in others.items()]
    return sum(found) / len(found) / 2 if found else 0.0


def warm(features: Sequence[Features]) -> None:
    """Have compiled code loaded, all of it."""
    were = sieve.MANY, grouping.MANY
    sieve.MANY = grouping.MANY = 1
    matched([features[place] for place in range(min(len(features), FIRST))], Timed())
    sieve.MANY, grouping.MANY = were


def main(place: Path) -> dict[str, object]:
    features = packed_in(place)
    timed = Timed()
    with seldom_collecting():
        warm(features)
        counts = matched(features, timed)
    return {"stages": timed.stages, "counts": counts._asdict(), "records": len(features)}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
