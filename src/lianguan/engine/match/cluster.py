"""From edges to clusters: which records stand together as one entry.

Edges are taken in the order (a person's *same* first, then the row that decided, then the two
record keys), never in the order in which records came; an edge joins two clusters unless any
pair across them has a veto. A person's *different* is a veto that nothing lifts; a person's
*same* lifts the computed vetoes of that pair only. So the result is a function of records and
decisions alone.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from lianguan.engine.match.decide import DIFFERENT, SAME, vetoes_of
from lianguan.engine.match.features import Features

RecordKey = str
"""A record's name everywhere: library:number."""

Pair = tuple[RecordKey, RecordKey]
"""Two record keys, the smaller first."""


class Edge(NamedTuple):
    """Two records that are the same edition, and how sure that is; smaller ranks are surer."""

    rank: int
    a: RecordKey
    b: RecordKey


PERSON = -1
"""Rank of an edge that a person drew."""


def pair(a: RecordKey, b: RecordKey) -> Pair:
    return (a, b) if a < b else (b, a)


class Vetoes:
    """Whether two records may stand together, computed once for each two kinds of record."""

    def __init__(
        self, features: Mapping[RecordKey, Features], decisions: Mapping[Pair, str]
    ) -> None:
        self.kinds = {key: _kind(f) for key, f in features.items()}
        self.decisions = decisions
        self.known: dict[tuple[Features, Features], bool] = {}

    def between(self, left: Iterable[RecordKey], right: Iterable[RecordKey]) -> bool:
        """Some pair across the two groups has a veto."""
        others = list(right)
        return any(self._pair(a, b) for a in left for b in others)

    def _pair(self, a: RecordKey, b: RecordKey) -> bool:
        decided = self.decisions.get(pair(a, b)) if self.decisions else None
        if decided:
            return decided == DIFFERENT
        kinds = (self.kinds[a], self.kinds[b])
        if kinds[0] == kinds[1]:
            return False
        if kinds not in self.known:
            self.known[kinds] = bool(vetoes_of(*kinds))
        return self.known[kinds]


def _kind(features: Features) -> Features:
    """The features that vetoes look at, and nothing else."""
    return Features(
        parts=features.parts,
        year=features.year,
        edition=features.edition,
        volumes=features.volumes,
        carrier=features.carrier,
        content=features.content,
        level=features.level,
        language=features.language,
        series=features.series,
    )


def components(members: Iterable[RecordKey], edges: Iterable[Edge]) -> list[list[RecordKey]]:
    """The members that hang together by edges, each component sorted."""
    leader = {key: key for key in members}
    for edge in edges:
        a, b = _leader(leader, edge.a), _leader(leader, edge.b)
        if a != b:
            leader[max(a, b)] = min(a, b)
    groups: dict[RecordKey, list[RecordKey]] = {}
    for key in sorted(leader):
        groups.setdefault(_leader(leader, key), []).append(key)
    return list(groups.values())


def _leader(leader: dict[RecordKey, RecordKey], key: RecordKey) -> RecordKey:
    while leader[key] != key:
        leader[key] = leader[leader[key]]
        key = leader[key]
    return key


def clusters(
    features: Mapping[RecordKey, Features],
    edges: Iterable[Edge],
    decisions: Mapping[Pair, str] | None = None,
) -> list[list[RecordKey]]:
    """The clusters of the records in `features`, each sorted, in the order of their first
    members. `edges` are the computed ones; those of persons come from `decisions`."""
    decided = decisions or {}
    drawn = [Edge(PERSON, *two) for two, verdict in decided.items() if verdict == SAME]
    vetoes = Vetoes(features, decided)
    group = {key: [key] for key in features}
    for edge in sorted({*edges, *drawn}):
        if edge.a not in group or edge.b not in group:
            continue
        left, right = group[edge.a], group[edge.b]
        if left is right or vetoes.between(left, right):
            continue
        left += right
        for key in right:
            group[key] = left
    return sorted(sorted(one) for one in {id(one): one for one in group.values()}.values())
