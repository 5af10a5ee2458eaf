"""A member's own duplicates: several of its records that stand in one entry."""

from collections.abc import Iterator
from dataclasses import dataclass

from lianguan.engine.match.explain import Explanation
from lianguan.engine.record import Record
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.keys import record_key
from lianguan.engine.union.survey import called


@dataclass(frozen=True, slots=True)
class OfOwn:
    """One of the records, and why it stands with the first."""

    number: str
    title: str
    publisher: str
    year: str
    call_numbers: tuple[str, ...]
    why: Explanation | None
    """None of the first."""


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Records of one member that describe one edition: a clue to what its system has twice. They
    may be right, as where each copy or volume has a record of its own."""

    entry: str
    records: tuple[OfOwn, ...]


def duplicates(opened: UnionCatalogue, library: str) -> Iterator[DuplicateGroup]:
    """The groups, the largest first; the catalogue must be open for that member."""
    rows = opened.connection.execute(
        "SELECT entry FROM records JOIN libraries ON libraries.id = library WHERE code = ?"
        " GROUP BY entry HAVING count(*) > 1 ORDER BY count(*) DESC, min(number)",
        (library,),
    )
    for row in rows.fetchall():
        yield _group(opened, library, row[0])


def _group(opened: UnionCatalogue, library: str, entry: int) -> DuplicateGroup:
    rows = opened.connection.execute(
        "SELECT number, kept FROM records JOIN libraries ON libraries.id = library"
        " WHERE entry = ? AND code = ? ORDER BY number",
        (entry, library),
    ).fetchall()
    address = opened.connection.execute("SELECT address FROM records WHERE id = ?", (entry,))
    first = record_key(library, rows[0][0])
    records = tuple(
        _own(number, opened.packing.record(kept), None if at == 0 else opened.explain(first, key))
        for at, (number, kept) in enumerate(rows)
        for key in (record_key(library, number),)
    )
    return DuplicateGroup(str(address.fetchone()[0]), records)


def _own(number: str, record: Record, why: Explanation | None) -> OfOwn:
    publication = next(iter(record.publications), None)
    return OfOwn(
        number,
        called(record),
        publication.publisher if publication else "",
        str(record.year or ""),
        tuple(held.call_number for held in record.holdings if held.call_number),
        why,
    )
