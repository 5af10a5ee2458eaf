"""What a person is to be asked about: of each two entries the surest doubtful pair, and what
matters most first.

A doubt is open where its two records stand in two entries, both are shown, and nobody has decided
on these entries: a word on a record of one and a record of the other answers for both.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

import numpy as np

from lianguan.engine.match.cluster import RecordKey, pair
from lianguan.engine.match.grouping import Numbers
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.edges import Edges
from lianguan.engine.union.keys import address_of, parted, record_key
from lianguan.engine.union.postings import rows_of
from lianguan.engine.union.row_numbers import Flags, distinct, places_of


class Doubt(NamedTuple):
    """Two records of which nobody knows whether they are one edition."""

    left: RecordKey
    right: RecordKey
    copies: int
    """Of both entries, as their records tell: how much it matters."""


class Doubts:
    """The open doubts of a catalogue at one moment: by the copies of both entries, most first, then
    by how sure the tables are. In every catalogue of the same records they stand in one order.
    Other `pairs` of records can be looked at in the same way."""

    def __init__(self, opened: UnionCatalogue, pairs: Numbers | None = None) -> None:
        pairs = Edges(opened.connection, "doubts").every() if pairs is None else pairs
        self.records = distinct(pairs[:, :2])
        self.entries, self.libraries, self.order = self._known(opened)
        self.pairs, entries = self._surest(pairs[self._are_open(pairs, opened)])
        self.copies = _copies(opened, entries)
        names = np.sort(self._both(self.pairs, self.order), axis=1)
        order = np.lexsort((names[:, 1], names[:, 0], self.pairs[:, 2], -self.copies))
        self.pairs, self.copies = self.pairs[order], self.copies[order]

    def __len__(self) -> int:
        return len(self.pairs)

    def of(self, opened: UnionCatalogue, libraries: Collection[str]) -> list[int]:
        """The places of those of which one record at least is of these libraries."""
        query = "SELECT id FROM wanted CROSS JOIN libraries ON code = value"
        own = [row[0] for row in rows_of(opened.connection, query, libraries)]
        are = np.isin(self._both(self.pairs, self.libraries), own).any(axis=1)
        places: list[int] = np.flatnonzero(are).tolist()
        return places

    def at(self, opened: UnionCatalogue, places: Iterable[int]) -> list[Doubt]:
        """The doubts at some places."""
        wanted = list(places)
        query = (
            "SELECT records.id, code, number FROM wanted CROSS JOIN records ON records.id = value"
            " JOIN libraries ON libraries.id = library"
        )
        pairs = self.pairs[wanted, :2].tolist()
        rows = rows_of(opened.connection, query, {one for two in pairs for one in two})
        keys = {row[0]: record_key(row[1], row[2]) for row in rows}
        copies = self.copies[wanted].tolist()
        named = [pair(keys[a], keys[b]) for a, b in pairs]
        return [Doubt(*two, count) for two, count in zip(named, copies, strict=True)]

    def _known(self, opened: UnionCatalogue) -> tuple[Numbers, Numbers, Numbers]:
        """Of each record in doubt its entry, 0 where it is not shown, its library, and its place in
        the order of addresses."""
        query = (
            f"SELECT CASE WHEN {_shown(opened)} THEN entry ELSE 0 END, library, address"  # noqa: S608
            " FROM wanted CROSS JOIN records ON id = value"
        )
        rows = rows_of(opened.connection, query, self.records.tolist())
        numbers = np.array([row[:2] for row in map(tuple, rows)], np.int64).reshape(-1, 2)
        addresses = np.array([row[2] for row in rows], "S13")
        return numbers[:, 0], numbers[:, 1], np.argsort(np.argsort(addresses))

    def _both(self, pairs: Numbers, what: Numbers) -> Numbers:
        """What is known of both records of pairs."""
        found: Numbers = what[places_of(self.records, pairs[:, :2])]
        return found

    def _are_open(self, pairs: Numbers, opened: UnionCatalogue) -> Flags:
        entries = np.sort(self._both(pairs, self.entries), axis=1)
        decided = _joined(_decided(opened))
        is_two = (entries[:, 0] > 0) & (entries[:, 0] != entries[:, 1])
        are: Flags = is_two & ~np.isin(_joined(entries), decided)
        return are

    def _surest(self, pairs: Numbers) -> tuple[Numbers, Numbers]:
        """Of each two entries the surest pair, and the entries."""
        entries = np.sort(self._both(pairs, self.entries), axis=1)
        names = np.sort(self._both(pairs, self.order), axis=1)
        order = np.lexsort((names[:, 1], names[:, 0], pairs[:, 2], _joined(entries)))
        first = order[np.unique(_joined(entries)[order], return_index=True)[1]]
        return pairs[first], entries[first]


def _shown(opened: UnionCatalogue) -> str:
    """A condition of SQL: a record whose member shows it."""
    return f"records.library {opened.access.among(opened.connection)}"


def _decided(opened: UnionCatalogue) -> Numbers:
    """The two entries of each pair of records on which a person decided; 0 for a record that is not
    there."""
    pairs = list(opened.decisions())
    addresses = {key: address_of(*parted(key)) for two in pairs for key in two}
    query = "SELECT address, entry FROM wanted CROSS JOIN records ON address = value"
    entries = dict(map(tuple, rows_of(opened.connection, query, addresses.values())))
    both = [[entries.get(addresses[key], 0) for key in two] for two in pairs]
    return np.sort(np.array(both, np.int64).reshape(-1, 2), axis=1)


def _copies(opened: UnionCatalogue, entries: Numbers) -> Numbers:
    """The copies of both entries of pairs, of the records that are shown, with those that came
    apart from them."""
    among = distinct(entries)
    counts = np.zeros(1 + int(among.max(initial=0)), np.int64)
    said = "SELECT entry, sum(copies) FROM wanted CROSS JOIN records ON entry = value"
    apart = (
        "SELECT entry, count(*) FROM wanted CROSS JOIN records ON entry = value"
        " JOIN libraries ON libraries.id = records.library"
        " JOIN items ON items.library = code AND items.number = records.number"
    )
    has_apart = opened.connection.execute("SELECT 1 FROM items LIMIT 1").fetchone()
    for query in (said, apart) if has_apart else (said,):
        where = f" WHERE {_shown(opened)} GROUP BY entry"
        for entry, count in rows_of(opened.connection, query + where, among.tolist()):
            counts[entry] += count
    both: Numbers = counts[entries].sum(axis=1)
    return both


def _joined(entries: Numbers) -> Numbers:
    """Two row numbers as one number."""
    joined: Numbers = entries[:, 0] << 32 | entries[:, 1]
    return joined
