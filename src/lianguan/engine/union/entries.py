"""Entries from records: what is shown of each, which work it belongs to, and its place in the
search index."""

import functools
import itertools
import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from lianguan.engine.match.grouping import counted_rows
from lianguan.engine.merge import Shown, merge, texts
from lianguan.engine.record import Record
from lianguan.engine.search.index import Document, Ready, SearchIndex, ready
from lianguan.engine.union.access import EVERYTHING, Access
from lianguan.engine.union.database import Connection, connect, transaction
from lianguan.engine.union.delivery import Told, nobody
from lianguan.engine.union.keys import record_key
from lianguan.engine.union.postings import rows_of
from lianguan.engine.union.resolve import Settled
from lianguan.engine.union.row_numbers import are_among, without
from lianguan.engine.union.sharing import processes, side_by_side
from lianguan.engine.union.store import items_of
from lianguan.engine.union.written import Packing

STRIDE = 1_000
"""Entries whose records are in memory together."""

WORTH_SHARING = 10_000
"""Entries from which on several processes make what is indexed of them."""


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


def record_of(
    connection: Connection, packing: Packing, access: Access, library: str, number: str, kept: bytes
) -> Record:
    """One record without what its member hides, with the holdings that came apart from it."""
    record = packing.record(kept)
    items = tuple(items_of(connection, library, number))
    if items:
        record = record._replace(holdings=record.holdings + items)
    return access.record(library, record)


def write_entries(connection: Connection, settled: Settled) -> None:
    """Bring the rows of entries up to date."""
    begin_generation(connection)
    ended = ((one,) for one in settled.ended.tolist())
    connection.executemany("DELETE FROM entries WHERE record = ?", ended)
    connection.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?)", _works(settled))


def note_library(connection: Connection, library: str) -> None:
    """Note every entry in which a library has a record: what is open of it changes."""
    begin_generation(connection)
    connection.execute(
        "INSERT OR IGNORE INTO to_index SELECT first.address FROM records"
        " JOIN records AS first ON first.id = records.entry"
        " WHERE records.library = (SELECT id FROM libraries WHERE code = ?)",
        (library,),
    )


def note(connection: Connection, settled: Settled, gone: Iterable[tuple[str, int]]) -> None:
    """Note which entries are to be indexed again; `gone` are records with (address, entry) that
    are no longer there."""
    query = "SELECT address FROM wanted CROSS JOIN records ON id = value"
    changed = rows_of(connection, query, [*settled.touched.tolist(), *settled.ended.tolist()])
    rows = [*((row[0],) for row in changed), *((address,) for address, _ in gone)]
    connection.executemany("INSERT OR IGNORE INTO to_index VALUES (?)", rows)


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
    query = "SELECT count(*), count(DISTINCT nullif(work, 0)) + sum(work = 0) FROM entries"
    where = is_open(connection, access, "entries.record")
    row = connection.execute(f"{query} WHERE {where}").fetchone()
    return row[0], row[1] or 0


def generation_of(connection: Connection) -> tuple[int, int]:
    """(the generation that the catalogue is at, the one up to which notes of what is to be
    indexed were crossed off)."""
    rows = connection.execute(
        "SELECT name, value FROM meta WHERE name IN ('generation', 'noted_since')"
    )
    said = dict(rows.fetchall())
    return said.get("generation", 0), said.get("noted_since", 0)


def begin_generation(connection: Connection) -> None:
    """Count one generation more: the entries change."""
    number = generation_of(connection)[0] + 1
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('generation', ?)", (number,))


def bring_up(
    folder: Path, connection: Connection, packing: Packing, access: Access, told: Told = nobody
) -> None:
    """Bring the search index of a catalogue up to its entries: by what was noted, or whole where
    the index is gone, broken, or of a time from which there are no notes."""
    generation, noted_since = generation_of(connection)
    index = _opened(folder / "index")
    if index is None or not noted_since <= index.generation <= generation:
        _index_anew(folder, packing, access, generation, told)
    elif index.generation < generation or _notes(connection):
        _index_noted(connection, packing, access, index, generation, told)
    else:
        return
    with transaction(connection):
        connection.execute("DELETE FROM to_index")
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('noted_since', ?)", (generation,))


def _opened(folder: Path) -> SearchIndex | None:
    """The index, unless it is not there or cannot be read."""
    if not folder.is_dir():
        return None
    try:
        return SearchIndex(folder)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it can be made again
        return None


def _notes(connection: Connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT entry FROM to_index ORDER BY entry")]


def _index_noted(
    connection: Connection,
    packing: Packing,
    access: Access,
    index: SearchIndex,
    generation: int,
    told: Told,
) -> None:
    """The notes go only after the index has committed: if the machine stops in between they are
    indexed once more, which changes nothing."""
    query = (
        "SELECT record, to_index.entry, work FROM to_index"
        " JOIN records ON address = to_index.entry JOIN entries ON record = id WHERE "
    )
    where = is_open(connection, access, "entries.record")
    there = connection.execute(query + where).fetchall()
    gone = set(_notes(connection)) - {row[1] for row in there}
    index.write(_documents(connection, packing, access, there, told), gone, generation)


def _index_anew(
    folder: Path, packing: Packing, access: Access, generation: int, told: Told
) -> None:
    """Index every entry beside what is there, and put it in its place."""
    made, old = folder / "index.new", folder / "index.old"
    for leftover in (made, old):
        shutil.rmtree(leftover, ignore_errors=True)
    index_all(folder, packing, access, SearchIndex.new(made), generation, told)
    if (folder / "index").exists():
        (folder / "index").rename(old)
    made.rename(folder / "index")
    shutil.rmtree(old, ignore_errors=True)


def index_all(
    folder: Path,
    packing: Packing,
    access: Access,
    index: SearchIndex,
    generation: int,
    told: Told = nobody,
) -> None:
    """Index every entry of a catalogue, several processes side by side."""
    with closing(connect(folder / "catalogue.sqlite")) as connection:
        total = counts(connection, access)[0]
    count = processes() if total >= WORTH_SHARING else 1

    def share(own: int) -> Iterator[list[Ready]]:
        with closing(connect(folder / "catalogue.sqlite")) as connection:
            query = "SELECT record, address, work FROM entries JOIN records ON id = record"
            shown = is_open(connection, access, "entries.record")
            where = f"WHERE record / {STRIDE} % ? = ? AND {shown}"
            rows = connection.execute(f"{query} {where}", (count, own))
            while some := rows.fetchmany(STRIDE):
                yield list(_documents(connection, packing, access, some, nobody))

    if count == 1:
        index.write(itertools.chain.from_iterable(share(0)), (), generation)
        return
    jobs = [functools.partial(share, own) for own in range(count)]
    with side_by_side(jobs) as answers:
        index.write(_counted(_in_turn(answers), total, told), (), generation)


def _in_turn(answers: list[Iterator[Any]]) -> Iterator[Any]:
    """What all say, one after the other, as long as any says something."""
    while answers:
        for one in list(answers):
            some = next(one, None)
            if some is None:
                answers.remove(one)
            else:
                yield from some


def _counted(ready: Iterator[Any], total: int, told: Told) -> Iterator[Ready]:
    for number, one in enumerate(ready):
        if number % STRIDE == 0:
            told("index", number, total)
        yield one


def _documents(
    connection: Connection, packing: Packing, access: Access, entries: list[Any], told: Told
) -> Iterator[Ready]:
    query = (
        "SELECT entry, code, number, kept FROM wanted CROSS JOIN records ON entry = value"
        " JOIN libraries ON libraries.id = library"
    )
    for first in range(0, len(entries), STRIDE):
        told("index", first, len(entries))
        some = entries[first : first + STRIDE]
        records: dict[int, dict[str, Record]] = {row[0]: {} for row in some}
        for entry, code, number, kept in rows_of(connection, query, records):
            if access.is_open(code):
                record = access.record(code, packing.record(kept))
                records[entry][record_key(code, number)] = record
        for record, address, work in some:
            shown = merge(records[record])
            yield ready(document_of(address, work_name(work, address), shown))


TITLES = ("title", "subtitle", "parts", "titles")
WORDS = ("publisher", "edition", "series", "subjects", "classes")
"""Slots by whose words an entry is found."""


def document_of(entry: str, work: str, shown: Shown) -> Document:
    """An entry as the search index has it."""
    heading = " ".join(filter(None, (shown.title.value, shown.parts.value)))
    numbers = (said.partition(":")[2] for said in texts(shown, ("numbers",)))
    return Document(
        entry,
        work,
        " : ".join(filter(None, (heading, shown.subtitle.value))),
        tuple([said.value for said in shown.agents]),
        shown.year.value,
        shown.libraries,
        texts(shown, ("languages",)),
        shown.format.value,
        shown.publisher.value,
        texts(shown, ("isbns",)),
        (*numbers, *shown.records),
        texts(shown, TITLES),
        texts(shown, WORDS),
    )
