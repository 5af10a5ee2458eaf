"""The graphs of records, pair by pair: with which others a record was found to be the same edition
and by which row of the table; and on which a person is to be asked."""

from array import array
from collections.abc import Iterable

import numpy as np

from lianguan.engine.match.grouping import Numbers, unique_edges
from lianguan.engine.union.database import Connection
from lianguan.engine.union.postings import rows_of
from lianguan.engine.union.row_numbers import are_among, distinct, without

WIDTH = 5
"""Bytes of an edge beside its record: four for the other record, one for the rank."""

LEAST_SURE = 253
"""The last rank that there is room for; what is less sure counts as this (see `unique_edges`)."""

NO_EDGES = np.empty((0, 3), np.int64)


class Edges:
    """Edges as rows of (record, record, rank), the smaller record first; with another `table`
    doubts, which are kept alike."""

    def __init__(self, connection: Connection, table: str = "edges") -> None:
        self.connection = connection
        self.table = table
        found = connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()  # noqa: S608
        self.is_empty = found is None

    def of(self, records: Numbers) -> Numbers:
        """The edges that end at any of the records; those between two of them twice."""
        if self.is_empty:
            return NO_EDGES
        query = f"SELECT record, others FROM wanted CROSS JOIN {self.table} ON record = value"  # noqa: S608
        found = [
            edges_in(row[0], row[1]) for row in rows_of(self.connection, query, records.tolist())
        ]
        return np.concatenate([NO_EDGES, *found])

    def component(self, seeds: Numbers, drawn: Numbers) -> tuple[Numbers, Numbers]:
        """(the records that hang together with any of `seeds`, sorted; the edges among them).
        `drawn` are the edges of persons, which hold together too and are not in the answer."""
        records = frontier = distinct(seeds)
        found = [NO_EDGES]
        while len(frontier):
            edges = self.of(frontier)
            found.append(edges)
            reached = _reached(np.concatenate([edges, drawn]), frontier)
            frontier = without(reached, records)
            records = distinct(records, frontier)
        return records, unique_edges(np.concatenate(found))

    def draw_anew(self, changed: Numbers, fresh: Numbers) -> None:
        """Keep, of the records that `changed`, the `fresh` edges and no others."""
        old = self.of(changed)
        ends = distinct(old[:, :2], fresh[:, :2])
        kept = self.of(without(ends, changed))
        kept = unique_edges(kept[~are_among(kept[:, :2], changed).any(axis=1)])
        self.save(distinct(changed, ends), np.concatenate([kept, fresh]))

    def every(self) -> Numbers:
        """All of them, each once."""
        query = f"SELECT record, others FROM {self.table} ORDER BY record"  # noqa: S608
        whose, counts, said = array("q"), array("q"), bytearray()
        for record, its in self.connection.execute(query):
            whose.append(record)
            counts.append(len(its) // WIDTH)
            said += its
        records = np.repeat(np.array(whose, np.int64), np.array(counts, np.int64))
        others, ranks = _said(bytes(said))
        is_first = records < others
        found: Numbers = np.column_stack([records, others, ranks])[is_first]
        return found

    def save(self, changed: Numbers, edges: Numbers) -> None:
        """Keep, of the records that `changed`, these edges and no others; `edges` must have
        all of theirs."""
        both = np.concatenate([edges, edges[:, [1, 0, 2]]])
        both = both[are_among(both[:, 0], changed)]
        both = both[np.lexsort((both[:, 1], both[:, 0]))]
        records, starts = np.unique(both[:, 0], return_index=True)
        said = both[:, 1:].astype(np.int32).view(np.uint8).reshape(-1, 8)[:, :WIDTH].tobytes()
        bounds = [*starts.tolist(), len(both)]
        rows = (
            (record, said[WIDTH * bounds[i] : WIDTH * bounds[i + 1]])
            for i, record in enumerate(records.tolist())
        )
        if not self.is_empty:
            alone = ((record,) for record in without(changed, records).tolist())
            self.connection.executemany(f"DELETE FROM {self.table} WHERE record = ?", alone)  # noqa: S608
        self.connection.executemany(f"INSERT OR REPLACE INTO {self.table} VALUES (?, ?)", rows)  # noqa: S608
        self.is_empty = self.is_empty and not len(records)


def edges_in(record: int, said: bytes) -> Numbers:
    """The edges of a record as they are kept."""
    others, ranks = _said(said)
    edges = np.empty((len(others), 3), np.int64)
    edges[:, 0] = np.minimum(others, record)
    edges[:, 1] = np.maximum(others, record)
    edges[:, 2] = ranks
    return edges


def _said(said: bytes) -> tuple[Numbers, Numbers]:
    """(the other records, the ranks)."""
    rows = np.frombuffer(said, np.uint8).reshape(-1, WIDTH)
    others = np.ascontiguousarray(rows[:, :4]).view("<i4")[:, 0]
    return others.astype(np.int64), rows[:, 4].astype(np.int64)


def _reached(edges: Numbers, frontier: Numbers) -> Numbers:
    """Both ends of the edges that end in the frontier."""
    touching = are_among(edges[:, :2], frontier).any(axis=1)
    return distinct(edges[touching, :2])


def as_edges(rows: Iterable[tuple[int, int, int]]) -> Numbers:
    """Rows of (record, record, rank) as an array, the smaller record first."""
    made = np.array(list(rows), np.int64).reshape(-1, 3)
    made[:, :2].sort(axis=1)
    return made
