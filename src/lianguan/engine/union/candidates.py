"""The edges and doubts of new and changed records: which others they are compared with, and what
comes of it. Keys and ISBNs are brought up to date on the way.

Two records that a person is to be asked about need share no finer key. So a pair is compared if it
shares a key under which not too many stand, or a finer one; and where a block becomes crowded or
ceases to be, its records are compared anew: what is asked about is then a function of the records
that are there, as the edges are.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from lianguan.engine.match import block, letters, sieve, signs
from lianguan.engine.match.block import (
    coarse_postings,
    crowd_sizes,
    fine_postings,
    finer,
    isbn_number,
)
from lianguan.engine.match.features import Features
from lianguan.engine.match.grouping import Numbers, bounds_of, once, unique_rows
from lianguan.engine.match.score import SHARED_TITLES
from lianguan.engine.union.database import Connection
from lianguan.engine.union.edges import LEAST_SURE
from lianguan.engine.union.postings import Postings, rows_of
from lianguan.engine.union.row_numbers import are_among, distinct, places_of, without
from lianguan.engine.union.sharing import shared_out
from lianguan.engine.union.store import Changes
from lianguan.engine.union.written import Packing

AT_ONCE = 50_000
"""Pairs whose features are in memory together."""

WORTH_SHARING = 30_000
"""Records and pairs from which on several processes work on them."""


class Compared:
    """Records by their row numbers, and the numbers that they are compared by."""

    def __init__(self, connection: Connection, packing: Packing, changes: Changes) -> None:
        self.connection = connection
        self.packing = packing
        ids = np.array(changes.ids, np.int64)
        is_last = np.zeros(len(ids), bool)
        is_last[len(ids) - 1 - np.unique(ids[::-1], return_index=True)[1]] = True
        is_last &= ~are_among(ids, np.array(list(changes.gone), np.int64))
        self.signs, sizes = changes.signs.numbers()
        order = np.flatnonzero(is_last)[np.argsort(ids[is_last])]
        self.ids, self.starts = ids[order], (np.cumsum(sizes) - sizes)[order]
        self.dirty = self.ids
        """Records whose edges are drawn anew, sorted."""
        self.keys = changes.keys.postings(ids, is_last, 1)
        self.isbns = changes.isbns.postings(ids, is_last, 2)

    def features(self, records: Iterable[int]) -> dict[int, Features]:
        """The features of records, as the catalogue has them."""
        return {record: self.packing.features(kept) for record, kept in self.kept(records)}

    def kept(self, records: Iterable[int]) -> list[tuple[int, bytes]]:
        """Records as they are packed, in the order that they are asked for."""
        query = "SELECT id, kept FROM wanted CROSS JOIN records ON id = value"
        return [tuple(row) for row in rows_of(self.connection, query, records)]

    def have(self, records: Numbers) -> None:
        """Have the signs of these records too."""
        more = self.kept(without(records, self.ids).tolist())

        def sign(some: Sequence[tuple[int, bytes]]) -> list[bytes]:
            return [signs.sign(self.packing.features(kept)) for _, kept in some]

        numbers, starts = signs.put_together(shared_out(sign, more, WORTH_SHARING))
        starts = np.r_[self.starts, len(self.signs) + starts]
        ids = np.r_[self.ids, np.array([record for record, _ in more], np.int64)]
        order = np.argsort(ids)
        self.signs = np.concatenate([self.signs, numbers])
        self.ids, self.starts = ids[order], starts[order]

    def column(self, records: Numbers, number: int) -> Numbers:
        """One of the numbers that every record has, of some that are here."""
        found: Numbers = self.signs[self.starts[places_of(self.ids, records)] + number]
        return found

    def draw_again(self, records: Numbers) -> Numbers:
        """Draw the edges of these records anew too, though they say what they said; their
        postings."""
        more = without(records, self.dirty)
        self.dirty = distinct(self.dirty, more)
        return coarse_postings(self.features(more.tolist()).items())


class Drawn(NamedTuple):
    """Rows of (record, record, rank), the smaller record first; each pair once."""

    edges: Numbers
    """Pairs that are the same edition."""
    doubts: Numbers
    """Pairs that a person is to be asked about."""


class Candidates:
    """The pairs of records of which a load has touched one."""

    def __init__(self, compared: Compared, changes: Changes) -> None:
        self.compared = compared
        self.connection = compared.connection
        self.left = np.array(sorted(changes.before), np.int64)
        """Records whose old postings go."""
        self.before = changes.before
        self.shared = {row[0] for row in self.connection.execute("SELECT isbn FROM shared")}
        """ISBNs that several titles share, as numbers."""

    def drawn(self) -> Drawn:
        """Bring keys and ISBNs up to date; the edges and doubts of all dirty records."""
        compared = self.compared
        flipped = compared.draw_again(self._share())
        blocks = Postings(self.connection, "blocks")
        touched = once(np.r_[compared.keys[:, 0], coarse_postings(self.before.items())[:, 0]])
        blocks.open(np.r_[touched, flipped[:, 0]])
        were = crowded(blocks.under(touched))
        blocks.change(self.left, compared.keys)
        now = blocks.under(touched)
        crowds = blocks.under(np.setxor1d(were, crowded(now)))
        also = compared.draw_again(crowds[:, 1])
        blocks.open(also[:, 0])
        rows = blocks.under(once(np.r_[compared.keys[:, 0], flipped[:, 0], also[:, 0]]))
        blocks.save()
        return self._drawn(self._decided(rows))

    def _share(self) -> Numbers:
        """Bring the ISBNs up to date; the records under those that became shared by several
        titles or ceased to be."""
        fresh = self.compared.isbns
        old = [isbn_number(isbn) for one in self.before.values() for isbn in one.isbns]
        touched = once(np.r_[fresh[:, 0], np.array(old, np.int64)])
        postings = Postings(self.connection, "isbns", 3)
        postings.open(touched)
        postings.change(self.left, fresh)
        now = _shared(postings.under(touched))
        postings.save()
        was = {isbn for isbn in touched.tolist() if isbn in self.shared}
        self.shared = (self.shared - was) | now
        self.connection.executemany("DELETE FROM shared WHERE isbn = ?", _rows(was - now))
        self.connection.executemany("INSERT INTO shared VALUES (?)", _rows(now - was))
        return distinct(postings.under(np.array(sorted(was ^ now), np.int64))[:, 1])

    def _decided(self, rows: Numbers) -> Numbers:
        """The pairs under these keys that are the same or to be asked about: (record, record,
        verdict)."""
        compared = self.compared
        sizes = crowd_sizes(rows)
        refined = self._refined(rows[sizes > block.CAP])
        rows = self._in_question(np.concatenate([rows[sizes <= block.CAP], refined]))
        compared.have(distinct(rows[:, 1]))
        shared = np.array(sorted(self.shared), np.int64)
        made = sieve.Sieve(signs.Signed(compared.signs, compared.starts), shared)
        places = places_of(compared.ids, rows[:, 1])
        is_dirty = are_among(compared.ids, compared.dirty).astype(np.int64)
        kept = made.kept(places, bounds_of(rows[:, 0]), is_dirty)
        kept = letters.settled(made, kept, self._compared)
        kept[:, :2] = compared.ids[kept[:, :2]]
        said: Numbers = kept[kept[:, 2] != sieve.DIFFERENT]
        return said

    def _in_question(self, rows: Numbers) -> Numbers:
        """The postings of blocks of several, at least one of them dirty. Of most finer blocks
        none is."""
        starts = bounds_of(rows[:, 0])
        is_dirty = are_among(rows[:, 1], self.compared.dirty)
        dirty = np.diff(np.r_[0, np.cumsum(is_dirty)][starts])
        members = np.diff(starts)
        found: Numbers = rows[np.repeat((members > 1) & (dirty > 0), members)]
        return found

    def _refined(self, rows: Numbers) -> Numbers:
        """The postings of crowded blocks, under finer keys."""
        keys = set(once(rows[:, 0]).tolist())

        def refine(some: Sequence[tuple[int, bytes]]) -> list[tuple[int, str]]:
            return finer({row: self.compared.packing.features(kept) for row, kept in some}, keys)

        kept = self.compared.kept(distinct(rows[:, 1]).tolist())
        return fine_postings(shared_out(refine, kept, WORTH_SHARING))

    def _compared(self, what: str, pairs: Numbers) -> list[int]:
        """What `letters.level` says of pairs of places, with some thousand records in memory at a
        time."""
        records = self.compared.ids[pairs]
        parts = (records[first : first + AT_ONCE] for first in range(0, len(records), AT_ONCE))
        return [level for part in parts for level in self._levels(what, part)]

    def _levels(self, what: str, pairs: Numbers) -> list[int]:
        kept = dict(self.compared.kept(distinct(pairs).tolist()))

        def work(some: Sequence[tuple[int, int]]) -> list[int]:
            records = {record for two in some for record in two}
            known = {record: self.compared.packing.features(kept[record]) for record in records}
            return [letters.level(what, known[a], known[b]) for a, b in some]

        return shared_out(work, pairs.tolist(), WORTH_SHARING)

    def _drawn(self, said: Numbers) -> Drawn:
        asks, ranks = np.divmod(said[:, 2], sieve.ASKED)
        drawn = np.column_stack([said[:, :2], np.minimum(ranks, LEAST_SURE)])
        return Drawn(drawn[asks == 0], drawn[asks == 1])


def crowded(rows: Numbers) -> Numbers:
    """The keys of sorted postings under which too many records stand."""
    bounds = bounds_of(rows[:, 0])
    found: Numbers = rows[bounds[:-1], 0][np.diff(bounds) > block.CAP]
    return found


def _shared(rows: Numbers) -> set[int]:
    """The ISBNs of (isbn, record, title) under which several titles stand; 0 is no title."""
    titles = unique_rows(rows[rows[:, 2] != 0][:, [0, 2]])
    bounds = bounds_of(titles[:, 0])
    return set(titles[bounds[:-1], 0][np.diff(bounds) >= SHARED_TITLES].tolist())


def _rows(values: Iterable[int]) -> Iterator[tuple[int]]:
    return ((value,) for value in values)
