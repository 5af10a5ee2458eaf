"""Under which keys which records stand: sorted arrays of numbers, cut into buckets, each a row
of a table. A load reads the buckets that it touches and writes back those that it changed.

As rows of their own the keys of a million records took three times the room, and most of the
time of a load (docs/decisions/0014).
"""

import json
from collections.abc import Iterable
from typing import Any

import numpy as np

from lianguan.engine.match.grouping import Numbers, bounds_of
from lianguan.engine.union.database import Connection
from lianguan.engine.union.row_numbers import are_among, distinct, without

SHIFT = 47
"""The first 16 of 63 bits are the bucket."""

NONE = np.empty(0, np.int64)


class Postings:
    """The buckets of one table that a load touches. A posting is (key, record) or, where
    `width` is 3, (key, record, title); they are held sorted by key."""

    def __init__(self, connection: Connection, table: str, width: int = 2) -> None:
        self.connection = connection
        self.table = table
        self.rows = np.empty((0, width), np.int64)
        self.opened = NONE
        """The buckets that are here, sorted."""
        self.changed: set[int] = set()

    @property
    def keys(self) -> Numbers:
        return self.rows[:, 0]

    @property
    def records(self) -> Numbers:
        return self.rows[:, 1]

    def open(self, keys: Numbers) -> None:
        """Have the buckets of these keys here."""
        wanted = without(keys >> SHIFT, self.opened)
        if not len(wanted):
            return
        query = f"SELECT postings FROM wanted CROSS JOIN {self.table} ON bucket = value"  # noqa: S608
        rows = rows_of(self.connection, query, wanted.tolist())
        found = [_unpacked(row[0], self.rows.shape[1]) for row in rows]
        self.rows = _sorted(np.concatenate([self.rows, *found])) if found else self.rows
        self.opened = distinct(self.opened, wanted)

    def change(self, gone: Numbers, added: Numbers) -> None:
        """Take away the postings of some records and add others, all in buckets that are here."""
        leaving = are_among(self.records, gone)
        if leaving.any() or len(added):
            self.changed.update(distinct(self.keys[leaving] >> SHIFT).tolist())
            self.changed.update(distinct(added[:, 0] >> SHIFT).tolist())
            self.rows = _sorted(np.concatenate([self.rows[~leaving], added]))

    def under(self, keys: Numbers) -> Numbers:
        """The postings under any of these keys, which are sorted and each there once."""
        bounds = bounds_of(self.keys)
        there = self.keys[bounds[:-1]]
        is_asked = np.append(keys, -1)[np.searchsorted(keys, there)] == there
        found: Numbers = self.rows[np.repeat(is_asked, np.diff(bounds))]
        return found

    def save(self) -> None:
        """Write back what changed."""
        changed = sorted(self.changed)
        starts = np.searchsorted(self.keys >> SHIFT, changed)
        ends = np.searchsorted(self.keys >> SHIFT, changed, "right")
        pieces = zip(changed, starts.tolist(), ends.tolist(), strict=True)
        kept, empty = [], []
        for bucket, start, end in pieces:
            if end > start:
                kept.append((bucket, _packed(self.rows[start:end])))
            else:
                empty.append((bucket,))
        self.connection.executemany(f"INSERT OR REPLACE INTO {self.table} VALUES (?, ?)", kept)  # noqa: S608
        self.connection.executemany(f"DELETE FROM {self.table} WHERE bucket = ?", empty)  # noqa: S608
        self.changed.clear()


def rows_of(connection: Connection, query: str, wanted: Iterable[int | str]) -> list[Any]:
    """What a query answers for many different numbers or texts, which stand in `wanted (value)`;
    in their order where the query begins with that table. A temporary table takes three times as
    long (measured)."""
    said = json.dumps(list(wanted))
    query = f"WITH wanted AS (SELECT value FROM json_each(?)) {query}"  # noqa: S608
    rows: list[Any] = connection.execute(query, (said,)).fetchall()
    return rows


def _sorted(rows: Numbers) -> Numbers:
    return rows[np.argsort(rows[:, 0])]


def _packed(rows: Numbers) -> bytes:
    """Column by column; a record's number in four bytes."""
    columns = [rows[:, 0].tobytes(), rows[:, 1].astype("<u4").tobytes(), rows[:, 2:].tobytes()]
    return b"".join(columns)


def _unpacked(said: bytes, width: int) -> Numbers:
    size = len(said) // (8 * width - 4)
    rows = np.empty((size, width), np.int64)
    rows[:, 0] = np.frombuffer(said, "<i8", size)
    rows[:, 1] = np.frombuffer(said, "<u4", size, 8 * size)
    if width > 2:
        rows[:, 2:] = np.frombuffer(said, "<i8", size * (width - 2), 12 * size).reshape(size, -1)
    return rows
