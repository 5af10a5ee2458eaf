"""What a cataloguer should look at in how the records of a union were put together: of each kind
how many there are, and the first of them.

Every record is read once, so it takes a while where there are many (`site/surveying.py` has it done
beside other work). What is kept of it names records alone; titles and entries are asked for when
somebody looks (`whereabouts`), so that members' terms are obeyed as they are then. Only records
that are shown count.
"""

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lianguan.engine.match.block import isbn_number
from lianguan.engine.match.cluster import RecordKey
from lianguan.engine.match.decide import SAME
from lianguan.engine.match.features import Features
from lianguan.engine.match.grouping import Numbers, bounds_of, counted_rows
from lianguan.engine.match.score import SHARED_TITLES
from lianguan.engine.record import Record
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.doubts import Doubts
from lianguan.engine.union.edges import Edges
from lianguan.engine.union.keys import address_of, parted, record_key
from lianguan.engine.union.postings import Postings, rows_of
from lianguan.engine.union.row_numbers import are_among

FIRST = 10
"""Cases of each kind that are named: what somebody looks at in one sitting."""

FEW = 3
"""Records of a case that are named."""

LARGE = 10
"""An entry of so many records is not too large, however few members there are: two or three
libraries that have a record for each copy come to that. Where there are more members than this,
each may have one record of an edition, and an entry with more records than there are members has
somebody's twice."""


class Case(NamedTuple):
    """One thing to look at."""

    records: tuple[RecordKey, ...]
    """Its first records."""
    size: int = 0
    """How many records it has."""
    among: int = 0
    """Of how many libraries these are, or of how many titles."""
    about: str = ""
    """The library or the ISBN that it is about."""


class Concern(NamedTuple):
    """All cases of one kind."""

    code: str
    total: int
    cases: tuple[Case, ...]
    """The first of them, the worst first."""


class Survey(NamedTuple):
    records: int
    entries: int
    members: int
    most: int
    """Records that an entry may have before it is too large."""
    doubts: int
    """Pairs on which a person is to be asked."""
    concerns: tuple[Concern, ...]

    @property
    def total(self) -> int:
        """How many cases there are of all kinds."""
        return sum(one.total for one in self.concerns)


def survey(opened: UnionCatalogue) -> Survey:
    """Look at all records that are shown."""
    shown = _shown(opened)
    return Survey(
        len(shown.records),
        len(np.unique(shown.entries)),
        len(np.unique(shown.libraries)),
        shown.most,
        len(Doubts(opened)),
        tuple(Concern(code, *look(opened, shown)) for code, look in LOOKS.items()),
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """The records that are shown, in the order of their row numbers; the arrays stand side by
    side."""

    records: Numbers
    entries: Numbers
    libraries: Numbers
    unmatched: Numbers
    """Those of the records that nothing can be matched by."""

    @property
    def most(self) -> int:
        return max(LARGE, len(np.unique(self.libraries)))


def _shown(opened: UnionCatalogue) -> _Shown:
    among = opened.access.among(opened.connection)
    query = f"SELECT id, entry, library, kept FROM records WHERE library {among} ORDER BY id"  # noqa: S608
    features = opened.packing.features
    numbers, unmatched = array("q"), array("q")
    for record, entry, library, kept in opened.connection.execute(query):
        numbers.extend((record, entry, library))
        if not is_matchable(features(kept)):
            unmatched.append(record)
    rows = np.array(numbers, np.int64).reshape(-1, 3)
    return _Shown(rows[:, 0], rows[:, 1], rows[:, 2], np.array(unmatched, np.int64))


def is_matchable(features: Features) -> bool:
    """There is a title or a number: every row of `decide` asks for one of the two."""
    titles = features.titles or features.parallel or features.own
    return bool(titles or features.isbns or features.numbers)


Looked = tuple[int, tuple[Case, ...]]
"""How many cases there are, and the first of them."""


class _Found(NamedTuple):
    """A case whose records are known by their row numbers."""

    records: Numbers
    size: int
    among: int = 1
    about: str = ""


def _large(opened: UnionCatalogue, shown: _Shown) -> Looked:
    """Entries with more records than can well be of one edition."""
    entries, sizes = np.unique(shown.entries, return_counts=True)
    is_large = sizes > shown.most
    entries, sizes = entries[is_large], sizes[is_large]
    worst = np.argsort(-sizes, kind="stable")[:FIRST]
    found = []
    for entry, size in zip(entries[worst].tolist(), sizes[worst].tolist(), strict=True):
        its = shown.entries == entry
        among = len(np.unique(shown.libraries[its]))
        found.append(_Found(shown.records[its][:FEW], size, among))
    return len(entries), _named(opened, found)


def _apart(opened: UnionCatalogue, shown: _Shown) -> Looked:
    """Pairs that the rules call one edition and that stand in two entries, since other records of
    these must not stand together; of each two entries the surest pair. Where a person has decided
    on records of both, that is settled."""
    edges = Edges(opened.connection).every()
    edges = edges[are_among(edges[:, :2], shown.records).all(axis=1)]
    entries = shown.entries[np.searchsorted(shown.records, edges[:, :2])]
    held = Doubts(opened, edges[entries[:, 0] != entries[:, 1]])
    first = held.at(opened, range(min(FIRST, len(held))))
    return len(held), tuple(Case((one.left, one.right), 2) for one in first)


def _contradicted(opened: UnionCatalogue, _: _Shown) -> Looked:
    """Pairs that a person called the same and that stand apart all the same: another decision, or a
    difference between other records of their entries, is against it."""
    said = [two for two, verdict in sorted(opened.decisions().items()) if verdict == SAME]
    now = whereabouts(opened, {key for two in said for key in two})
    held = [
        two
        for two in said
        if all(key in now for key in two) and len({now[k].entry for k in two}) > 1
    ]
    return len(held), tuple(Case(two, 2) for two in held[:FIRST])


def _own(opened: UnionCatalogue, shown: _Shown) -> Looked:
    """Several records of one member in one entry; `duplicates` says why they stand there."""
    groups, sizes = counted_rows(np.column_stack([shown.entries, shown.libraries]))
    groups, sizes = groups[sizes > 1], sizes[sizes > 1]
    worst = np.argsort(-sizes, kind="stable")[:FIRST]
    codes = dict(map(tuple, opened.connection.execute("SELECT id, code FROM libraries")))
    found = []
    for (entry, library), size in zip(groups[worst].tolist(), sizes[worst].tolist(), strict=True):
        its = (shown.entries == entry) & (shown.libraries == library)
        found.append(_Found(shown.records[its][:FEW], size, about=codes[library]))
    return len(groups), _named(opened, found)


def _shared(opened: UnionCatalogue, shown: _Shown) -> Looked:
    """ISBNs under which several titles stand: of a set, of a series, used twice or mistyped."""
    known = opened.connection.execute("SELECT isbn FROM shared ORDER BY isbn")
    numbers = np.array([row[0] for row in known], np.int64)
    postings = Postings(opened.connection, "isbns", 3)
    postings.open(numbers)
    rows = postings.under(numbers)
    rows = rows[are_among(rows[:, 1], shown.records) & (rows[:, 2] != 0)]
    titles, sizes = counted_rows(rows[:, [0, 2]])
    starts = bounds_of(titles[:, 0])[:-1]
    among = np.diff(bounds_of(titles[:, 0]))
    records = np.diff(np.append(0, np.cumsum(sizes))[bounds_of(titles[:, 0])])
    is_shared = among >= SHARED_TITLES
    count, worst = int(is_shared.sum()), np.lexsort((-records, -among, ~is_shared))[:FIRST]
    found = [
        _under(opened, rows[rows[:, 0] == titles[starts[at], 0]], int(among[at]))
        for at in worst[:count].tolist()
    ]
    return count, _named(opened, found)


def _under(opened: UnionCatalogue, rows: Numbers, among: int) -> _Found:
    """The (isbn, record, title) under one ISBN, with a record of each of the first titles."""
    records = np.sort(rows[np.unique(rows[:, 2], return_index=True)[1], 1])[:FEW]
    query = "SELECT kept FROM records WHERE id = ?"
    kept = opened.connection.execute(query, (int(records[0]),)).fetchone()[0]
    isbns = opened.packing.features(kept).isbns
    said = next(isbn for isbn in isbns if isbn_number(isbn) == rows[0, 0])
    return _Found(records, len(rows), among, said)


def _unmatched(opened: UnionCatalogue, shown: _Shown) -> Looked:
    """Records with neither title nor number: nothing can ever be put together with them."""
    found = [_Found(shown.unmatched[at : at + 1], 1) for at in range(FIRST)]
    return len(shown.unmatched), _named(opened, [one for one in found if len(one.records)])


LOOKS: dict[str, Callable[[UnionCatalogue, _Shown], Looked]] = {
    "large": _large,
    "apart": _apart,
    "contradicted": _contradicted,
    "own": _own,
    "shared": _shared,
    "unmatched": _unmatched,
}
"""Kind of case → how it is looked for; what may hide a book from readers comes first."""


def _named(opened: UnionCatalogue, found: list[_Found]) -> tuple[Case, ...]:
    wanted = {record for one in found for record in one.records.tolist()}
    query = (
        "SELECT records.id, code, number FROM wanted CROSS JOIN records ON records.id = value"
        " JOIN libraries ON libraries.id = library"
    )
    keys = {row[0]: record_key(row[1], row[2]) for row in rows_of(opened.connection, query, wanted)}
    return tuple(
        Case(tuple(keys[record] for record in one.records.tolist()), *one[1:]) for one in found
    )


class Whereabouts(NamedTuple):
    """A record with what it is called and the entry it stands in."""

    key: RecordKey
    title: str
    """With its parts, as its member wrote it; "" where it has none or shows none."""
    entry: str


def whereabouts(opened: UnionCatalogue, keys: Iterable[RecordKey]) -> dict[RecordKey, Whereabouts]:
    """Where records stand now, of those that are there and shown: one question for all of them."""
    wanted = {address_of(*parted(key)): key for key in keys}
    query = (
        "SELECT one.address, first.address, code, one.kept"
        " FROM wanted CROSS JOIN records AS one ON one.address = value"
        " CROSS JOIN records AS first ON first.id = one.entry"
        " JOIN libraries ON libraries.id = one.library"
    )
    found = {}
    for address, entry, library, kept in rows_of(opened.connection, query, wanted):
        if opened.access.is_open(library):
            record = opened.access.record(library, opened.packing.record(kept))
            found[wanted[address]] = Whereabouts(wanted[address], called(record), entry)
    return found


def called(record: Record) -> str:
    """Title proper and parts: under one ISBN these are often all that differs."""
    title = record.title
    return " ".join((title.text, *(t for part in title.parts for t in part if t))) if title else ""
