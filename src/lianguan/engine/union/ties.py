"""By which pairs the records of an entry hang together: why a cluster is one."""

from lianguan.engine.match.cluster import Pair, pair
from lianguan.engine.match.decide import SAME
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.edges import LEAST_SURE, edges_in
from lianguan.engine.union.keys import record_key

BY_A_PERSON = -1
BY_OTHERS = LEAST_SURE + 1
"""Ranks of pairs that no row joined: a person did, or records that are not shown."""


def ties(opened: UnionCatalogue, entry: str) -> list[Pair]:
    """One pair fewer than the entry, called by its address, has records that are shown, the surest
    first: what persons joined, then what the table did; each ties a record or a group to the
    others. Those that hang together only by way of records that are not shown come last."""
    query = (
        "SELECT one.id, code, one.number, others FROM records AS one"
        " JOIN libraries ON libraries.id = library LEFT JOIN edges ON edges.record = one.id"
        " WHERE entry = (SELECT id FROM records WHERE address = ?)"
    )
    every = opened.connection.execute(query, (entry,)).fetchall()
    rows = [row for row in every if opened.access.is_open(row[1])]
    keys = {row[0]: record_key(row[1], row[2]) for row in rows}
    edges = [edge for row in rows if row[3] for edge in edges_in(row[0], row[3]).tolist()]
    found = [*_by_persons(opened, keys), *_by_rows(edges, keys)]
    first, *rest = sorted(keys.values()) or [""]
    found += [(BY_OTHERS, pair(first, other)) for other in rest]
    return _tree(sorted(found))


def _by_persons(opened: UnionCatalogue, keys: dict[int, str]) -> list[tuple[int, Pair]]:
    there = set(keys.values())
    return [
        (BY_A_PERSON, two)
        for two, said in opened.decisions().items()
        if said == SAME and there.issuperset(two)
    ]


def _by_rows(edges: list[list[int]], keys: dict[int, str]) -> list[tuple[int, Pair]]:
    return [(rank, pair(keys[a], keys[b])) for a, b, rank in edges if a in keys and b in keys]


def _tree(ranked: list[tuple[int, Pair]]) -> list[Pair]:
    """The pairs that tie something to something new."""
    groups: dict[str, set[str]] = {}
    kept = []
    for _, two in ranked:
        left, right = (groups.get(key, {key}) for key in two)
        if left is not right and left.isdisjoint(right):
            kept.append(two)
            groups |= dict.fromkeys(left | right, left | right)
    return kept
