"""Entries from records: what is shown of each, which work it belongs to, and its place in the
search index."""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from lianguan.engine.merge import Shown, merge
from lianguan.engine.record import Record
from lianguan.engine.search.index import Document, SearchIndex
from lianguan.engine.union.database import Connection, transaction
from lianguan.engine.union.delivery import STRIDE, Told, nobody
from lianguan.engine.union.keys import ADDRESS_LENGTH, record_key
from lianguan.engine.union.store import features_from, items_of
from lianguan.engine.union.written import from_json, unpack


def records_of(connection: Connection, entry: str) -> dict[str, Record]:
    """The records of an entry by key, with the holdings that came apart from them."""
    rows = connection.execute(
        "SELECT library, number, said FROM records WHERE entry = ? ORDER BY library, number",
        (entry,),
    )
    return {record_key(row[0], row[1]): record_of(connection, *row) for row in rows.fetchall()}


def record_of(connection: Connection, library: str, number: str, said: bytes) -> Record:
    """One record, with the holdings that came apart from it."""
    record = from_json(unpack(said))
    items = tuple(items_of(connection, library, number))
    return record._replace(holdings=record.holdings + items) if items else record


def write_entries(connection: Connection, touched: set[str]) -> None:
    """Bring the rows of entries up to date, and note which are to be indexed again."""
    for entry in sorted(touched):
        rows = connection.execute("SELECT features FROM records WHERE entry = ?", (entry,))
        features = [row[0] for row in rows]
        if features:
            connection.execute(
                "INSERT OR REPLACE INTO entries VALUES (?, ?)", (entry, _work(entry, features))
            )
        else:
            connection.execute("DELETE FROM entries WHERE address = ?", (entry,))
    connection.executemany(
        "INSERT OR IGNORE INTO to_index VALUES (?)", ((entry,) for entry in touched)
    )


def _work(entry: str, features: Iterable[str]) -> str:
    """The work of an entry: named by what most of its records call the work, the first in
    order among equals; an entry without such a name is a work of its own."""
    keys = Counter(work for text in features if (work := features_from(text).work))
    if not keys:
        return entry
    most = max(keys.values())
    key = min(work for work, count in keys.items() if count == most)
    digest = hashlib.sha256(f"work\0{key}".encode()).digest()
    return base64.b32encode(digest)[:ADDRESS_LENGTH].decode().lower()


def counts(connection: Connection) -> tuple[int, int]:
    """(entries, works)."""
    row = connection.execute("SELECT count(*), count(DISTINCT work) FROM entries").fetchone()
    return row[0], row[1]


def index_entries(connection: Connection, index: SearchIndex, told: Told = nobody) -> int:
    """Index what was noted; how many entries that were.

    The notes go only after the index has committed: if the machine stops in between they are
    indexed once more, which changes nothing.
    """
    waiting = [row[0] for row in connection.execute("SELECT entry FROM to_index ORDER BY entry")]
    if not waiting:
        return 0
    there = {row[0] for row in connection.execute(
        "SELECT address FROM entries JOIN to_index ON entry = address")}  # fmt: skip
    gone = [entry for entry in waiting if entry not in there]
    index.write(_documents(connection, sorted(there), told), gone)
    with transaction(connection):
        connection.execute("DELETE FROM to_index")
    return len(waiting)


def _documents(connection: Connection, entries: list[str], told: Told) -> Iterator[Document]:
    for number, entry in enumerate(entries):
        if number % STRIDE == 0:
            told("index", number, len(entries))
        work = connection.execute(
            "SELECT work FROM entries WHERE address = ?", (entry,)
        ).fetchone()[0]
        yield document_of(entry, work, merge(records_of(connection, entry)))


def document_of(entry: str, work: str, shown: Shown) -> Document:
    """An entry as the search index has it."""
    titles = (shown.title, shown.subtitle, shown.parts, *shown.titles)
    words = (shown.publisher, shown.edition, *shown.series, *shown.subjects, *shown.classes)
    heading = " ".join(filter(None, (shown.title.value, shown.parts.value)))
    return Document(
        entry,
        work,
        " : ".join(filter(None, (heading, shown.subtitle.value))),
        tuple(said.value for said in shown.agents),
        shown.year.value,
        shown.libraries,
        tuple(said.value for said in shown.languages),
        shown.format.value,
        shown.publisher.value,
        tuple(said.value for said in shown.isbns),
        (*(said.value.partition(":")[2] for said in shown.numbers), *shown.records),
        tuple(said.value for said in titles if said.value),
        tuple(said.value for said in words if said.value),
    )
