"""Entries from records: what is shown of each, which work it belongs to, and its place in the
search index."""

from collections.abc import Iterable, Iterator

import numpy as np

from lianguan.engine.match.grouping import counted_rows
from lianguan.engine.match.signs import TITLE_ALONE
from lianguan.engine.record import Holding, Record
from lianguan.engine.search.index import Mark
from lianguan.engine.union.access import EVERYTHING, Access
from lianguan.engine.union.database import Connection
from lianguan.engine.union.keys import record_key
from lianguan.engine.union.postings import rows_of
from lianguan.engine.union.resolve import Settled
from lianguan.engine.union.row_numbers import are_among, without
from lianguan.engine.union.store import Changes, Writer, holding_of, items_of
from lianguan.engine.union.titled import name_by_title, titles_of
from lianguan.engine.union.written import Packing


def records_of(
    connection: Connection, packing: Packing, access: Access, entry: str
) -> dict[str, Record]:
    """The open records of an entry by key, with the holdings that came apart from them."""
    rows = connection.execute(
        "SELECT code, number, kept FROM records JOIN libraries ON libraries.id = library"
        " WHERE entry = (SELECT id FROM records WHERE address = ?) ORDER BY code, number",
        (entry,),
    )
    return {
        record_key(row[0], row[1]): record_of(connection, packing, access, *row)
        for row in rows.fetchall()
        if access.is_open(row[0])
    }


def records_of_several(
    connection: Connection, packing: Packing, access: Access, entries: Iterable[int]
) -> dict[int, dict[str, Record]]:
    """The open records of several entries by key, with the holdings that came apart from them:
    two questions for all of them."""
    query = (
        "SELECT entry, code, number, kept FROM wanted CROSS JOIN records ON entry = value"
        " JOIN libraries ON libraries.id = library"
    )
    records: dict[int, dict[str, Record]] = {entry: {} for entry in entries}
    apart = _holdings_apart(connection, records)
    for entry, code, number, kept in rows_of(connection, query, records):
        if access.is_open(code):
            key, record = record_key(code, number), packing.record(kept)
            if more := apart.get(key):
                record = record._replace(holdings=record.holdings + tuple(more))
            records[entry][key] = access.record(code, record)
    return records


def _holdings_apart(connection: Connection, entries: Iterable[int]) -> dict[str, list[Holding]]:
    """Record key → the holdings that came apart from it, of the records of some entries."""
    query = (
        "SELECT code, records.number, said FROM wanted CROSS JOIN records ON entry = value"
        " JOIN libraries ON libraries.id = records.library"
        " JOIN items ON items.library = code AND items.number = records.number ORDER BY items.id"
    )
    found: dict[str, list[Holding]] = {}
    if connection.execute("SELECT 1 FROM items").fetchone():
        for code, number, said in rows_of(connection, query, entries):
            found.setdefault(record_key(code, number), []).append(holding_of(said))
    return found


def record_of(
    connection: Connection, packing: Packing, access: Access, library: str, number: str, kept: bytes
) -> Record:
    """One record without what its member hides, with the holdings that came apart from it."""
    record = packing.record(kept)
    items = tuple(items_of(connection, library, number))
    if items:
        record = record._replace(holdings=record.holdings + items)
    return access.record(library, record)


def write_entries(connection: Connection, settled: Settled) -> list[int]:
    """Bring the rows of entries up to date, each with the work that its records say; others whose
    work became another by that."""
    begin_generation(connection)
    titles = titles_of(connection, (*settled.touched.tolist(), *settled.ended.tolist()))
    ended = ((one,) for one in settled.ended.tolist())
    connection.executemany("DELETE FROM entries WHERE record = ?", ended)
    rows = [
        (entry, 0, 0, work) if work >= TITLE_ALONE else (entry, work, work, 0)
        for entry, work in _works(settled)
    ]
    connection.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)", rows)
    return name_by_title(connection, titles | {row[-1] for row in rows} - {0})


def note_library(connection: Connection, library: str) -> None:
    """Note every entry in which a library has a record: what is open of it changes."""
    begin_generation(connection)
    connection.execute(
        "INSERT OR IGNORE INTO to_index SELECT first.address FROM records"
        " JOIN records AS first ON first.id = records.entry"
        " WHERE records.library = (SELECT id FROM libraries WHERE code = ?)",
        (library,),
    )


def note_holdings(writer: Writer) -> None:
    """Note the entries of records whose holdings came apart and changed: they are found by the
    bar codes. Entries that are still to be settled are noted then."""
    if not writer.held_otherwise:
        return
    begin_generation(writer.connection)
    rows = _entries_of(writer.connection, writer.held_otherwise)
    writer.connection.executemany("INSERT OR IGNORE INTO to_index VALUES (?)", rows)


def note_entries(connection: Connection, entries: Iterable[int]) -> None:
    """Note entries, by the records that they are called by, to be indexed again."""
    query = "SELECT address FROM wanted CROSS JOIN records ON id = value"
    rows = rows_of(connection, query, entries)
    connection.executemany("INSERT OR IGNORE INTO to_index VALUES (?)", map(tuple, rows))


def note(connection: Connection, settled: Settled, changes: Changes) -> None:
    """Note which entries are to be indexed again."""
    query = "SELECT address FROM wanted CROSS JOIN records ON id = value"
    changed = rows_of(connection, query, [*settled.touched.tolist(), *settled.ended.tolist()])
    changed += _entries_of(connection, changes.same)
    gone = changes.gone.values()
    rows = [*((row[0],) for row in changed), *((address,) for address, _ in gone)]
    connection.executemany("INSERT OR IGNORE INTO to_index VALUES (?)", rows)


def _entries_of(connection: Connection, records: Iterable[int]) -> list[tuple[str]]:
    """The addresses of the entries of records, each in a row."""
    query = (
        "SELECT first.address FROM wanted CROSS JOIN records AS one ON one.id = value"
        " CROSS JOIN records AS first ON first.id = one.entry"
    )
    return rows_of(connection, query, records)


def _works(settled: Settled) -> Iterator[tuple[int, int]]:
    """Each touched entry with its work: what most of its records say, the smallest number among
    equals; 0 where none says any."""
    is_touched = are_among(settled.entries, settled.touched)
    entries, works = settled.entries[is_touched], settled.works[is_touched]
    said, times = counted_rows(np.column_stack([entries, works])[works != 0])
    order = np.lexsort((said[:, 1], -times, said[:, 0]))
    named, first = np.unique(said[order, 0], return_index=True)
    yield from zip(named.tolist(), said[order[first], 1].tolist(), strict=True)
    yield from ((entry, 0) for entry in without(settled.touched, named).tolist())


def work_name(work: int, entry: str) -> str:
    """What a work is called by; an entry that says none is a work of its own."""
    if not work:
        return entry
    return f"{work:016x}"


def is_open(connection: Connection, access: Access, entry: str) -> str:
    """A condition of SQL: an entry, whose column is named, has a record that is open."""
    if not access.closed:
        return "1"
    among = access.among(connection)
    return f"EXISTS (SELECT 1 FROM records AS o WHERE o.entry = {entry} AND o.library {among})"  # noqa: S608


def counts(connection: Connection, access: Access = EVERYTHING) -> tuple[int, int]:
    """(entries, works) that have a record which is open."""
    where = is_open(connection, access, "entries.record")
    asked = (
        ("count(*)", "work <> 0"),
        ("count(DISTINCT work)", "work <> 0"),
        ("count(*)", "work = 0"),
    )
    with_work, works, without_work = (
        connection.execute(f"SELECT {what} FROM entries WHERE {which} AND {where}").fetchone()[0]  # noqa: S608
        for what, which in asked
    )
    return with_work + without_work, works + without_work


def generation_of(connection: Connection) -> tuple[Mark, int]:
    """(the generation that the catalogue is at, the one up to which notes of what is to be
    indexed were crossed off)."""
    rows = connection.execute(
        "SELECT name, value FROM meta WHERE name IN ('catalogue', 'generation', 'noted_since')"
    )
    said = dict(rows.fetchall())
    return Mark(said["catalogue"], said.get("generation", 0)), said.get("noted_since", 0)


def begin_generation(connection: Connection) -> None:
    """Count one generation more: the entries change."""
    number = generation_of(connection)[0].generation + 1
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('generation', ?)", (number,))
