"""Rows of the catalogue: what came is compared with what is there, and only what differs is
written."""

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lianguan.engine.match.features import Features
from lianguan.engine.match.grouping import Numbers
from lianguan.engine.read.findings import Rule
from lianguan.engine.record import Holding
from lianguan.engine.union.database import Connection
from lianguan.engine.union.delivery import Shape
from lianguan.engine.union.keys import address_of
from lianguan.engine.union.known import Known, KnownRecords
from lianguan.engine.union.prepare import Against, Arrived, Made, nothing_known
from lianguan.engine.union.sources import Import
from lianguan.engine.union.written import Packing

AT_ONCE = 2_000
"""Rows that are written together."""


class Origin(NamedTuple):
    """Where a record comes from: the event, which of its files, and what that is."""

    event: int
    file: int
    shape: Shape


class Repeated(Exception):
    """A number came twice in a delivery that was prepared against what is known: who prepared
    the second did not know of the first."""


class Rows:
    """Rows of numbers for many records, a stretch of them for each."""

    def __init__(self) -> None:
        self.said = bytearray()
        self.sizes = array("l")
        """Bytes of each record."""

    def add(self, said: bytes) -> None:
        self.said += said
        self.sizes.append(len(said))

    def extend(self, later: "Rows") -> None:
        self.said += later.said
        self.sizes.extend(later.sizes)

    def numbers(self) -> tuple[Numbers, Numbers]:
        """All numbers one after the other, and how many each record has."""
        return np.frombuffer(bytes(self.said), np.int64), np.array(self.sizes, np.int64) >> 3

    def postings(self, records: Numbers, which: npt.NDArray[np.bool_], width: int) -> Numbers:
        """Those of the records at `which` places, `width` numbers each, as (the first, the
        record, the others)."""
        numbers, sizes = self.numbers()
        rows, counts = numbers.reshape(-1, width), sizes // width
        made = np.column_stack([rows[:, 0], np.repeat(records, counts), rows[:, 1:]])
        return made[np.repeat(which, counts)]


class Changes:
    """What loads touch, until it is settled: the input of `resolve`."""

    def __init__(self, first_new: int) -> None:
        self.first_new = first_new
        """Records from this row number on came since the last time that all was settled."""
        self.ids = array("l")
        """Records that are new or changed; one that changed twice is here twice."""
        self.signs, self.keys, self.isbns = Rows(), Rows(), Rows()
        self.before: dict[int, Features] = {}
        """What the keys of changed and of gone records were made of."""
        self.gone: dict[int, tuple[str, int]] = {}
        """Record → its address and its entry, of records that are no longer there."""
        self.same = array("l")
        """Records that changed in nothing by which they are matched: they stand where they stood,
        and only what is shown and indexed is another."""

    def __bool__(self) -> bool:
        return bool(self.ids or self.gone or self.same)

    def then(self, later: "Changes") -> None:
        """What a later load touches, on top of this."""
        self.ids.extend(later.ids)
        self.signs.extend(later.signs)
        self.keys.extend(later.keys)
        self.isbns.extend(later.isbns)
        self.before = later.before | self.before
        self.gone |= later.gone
        self.same.extend(later.same)

    def add(self, record: int, made: Made) -> None:
        """A new or changed record."""
        self.ids.append(record)
        self.signs.add(made.sign)
        self.keys.add(made.keys)
        self.isbns.add(made.isbns)


class Readings:
    """How records are read, each way under a number."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        rows = connection.execute("SELECT container, dialect, encoding, id FROM readings")
        self.known: dict[tuple[str, str, str], int] = {(r[0], r[1], r[2]): r[3] for r in rows}

    def number(self, shape: Shape, encoding: str) -> int:
        said = (shape.container, shape.dialect, encoding)
        number = self.known.get(said)
        if number is None:
            number = self.known[said] = len(self.known) + 1
            self.connection.execute("INSERT INTO readings VALUES (?, ?, ?, ?)", (number, *said))
        return number


def library_number(connection: Connection, code: str) -> tuple[int, bool]:
    """The number of a library, and whether it was given to it only now."""
    made = connection.execute("INSERT OR IGNORE INTO libraries (code) VALUES (?)", (code,))
    row = connection.execute("SELECT id FROM libraries WHERE code = ?", (code,)).fetchone()
    return int(row[0]), made.rowcount > 0


INSERT = (
    "INSERT INTO records (import, file, offset, length, reading, rules, hash, kept, raw,"
    " copies, changed, id, entry, library, number, address, added)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
UPDATE = (
    "UPDATE records SET import = ?, file = ?, offset = ?, length = ?, reading = ?, rules = ?,"
    " hash = ?, kept = ?, raw = ?, copies = ?, changed = ? WHERE id = ?"
)


@dataclass(frozen=True, slots=True)
class Way:
    """How an event is carried out."""

    is_settled: bool
    """Everything before it is settled: records may be deleted."""
    unsettled: int
    """Records from this row number on have no entry yet: each is one of its own."""
    is_repeated: bool = False
    """Numbers come twice in it: nothing is known when it is prepared."""


class Writer:
    """Writes what one event changes among the records of one member."""

    def __init__(
        self, connection: Connection, packing: Packing, library: str, event: int, way: Way
    ) -> None:
        self.connection = connection
        self.packing = packing
        self.library = library
        self.event = event
        self.way = way
        self.changes = Changes(way.unsettled)
        self.number, is_new = library_number(connection, library)
        self.known = KnownRecords(connection, self.number, is_new=is_new)
        self.readings = Readings(connection)
        self.next = last_record(connection) + 1
        self.new = self.changed = self.unchanged = 0
        self.held_otherwise: set[int] = set()
        """Records, which have an entry, whose holdings that came apart are others now."""
        self.inserts: list[tuple[Any, ...]] = []
        self.updates: list[tuple[Any, ...]] = []
        self.given_again: dict[int, str] = {}
        """New record → its address, where some address leads to what is left of another."""
        self.are_former = connection.execute("SELECT 1 FROM former LIMIT 1").fetchone() is not None

    def against(self, one: Import, *, is_small: bool = False) -> Against:
        """What a delivery of the member is prepared for; one that is small is prepared here and
        not by several processes."""
        if self.way.is_repeated:
            return Against.of(one, nothing_known, self.packing)
        if is_small:
            return Against.of(one, self.known.hash, self.packing)
        hashes = {number: one.hash for number, one in self.known.all().items()}
        return Against.of(one, hashes.get, self.packing)

    def numbers_of_import(self, event: int) -> set[str]:
        """The member's records whose bytes stand in one import."""
        rows = self.connection.execute(
            "SELECT number FROM records WHERE library = ? AND import = ?", (self.number, event)
        )
        return {row[0] for row in rows}

    def take(self, arrived: Arrived, origin: Origin) -> None:
        """Insert, change or leave one record. Raises Repeated."""
        known = self.known.get(arrived.number)
        if known and known.hash == arrived.hash:
            self.unchanged += 1
            return
        made = arrived.made
        if made is None:
            raise Repeated
        values = (
            *self._place(arrived, origin),
            arrived.rules,
            arrived.hash,
            made.kept,
            made.raw,
            made.copies,
            self.event,
        )
        if known:
            self.changed += 1
            record = known.id
            self.updates.append((*values, record))
        else:
            self.new += 1
            record, self.next = self.next, self.next + 1
            is_second = arrived.rules & int(Rule.NUMBER_TWICE)
            address = address_of(self.library, arrived.number) if is_second else made.address
            row = (record, record, self.number, arrived.number, address, self.event)
            self.inserts.append((*values, *row))
        if known and self._is_matched_as_before(record, made):
            self.changes.same.append(record)
        else:
            self.changes.add(record, made)
        self.known.note(arrived.number, Known(record, arrived.hash))
        if len(self.inserts) + len(self.updates) >= AT_ONCE:
            self.flush()

    def _place(self, arrived: Arrived, origin: Origin) -> tuple[int, ...]:
        reading = self.readings.number(origin.shape, arrived.encoding)
        return (origin.event, origin.file, arrived.offset, arrived.length, reading)

    def moved(self, arrived: Arrived, origin: Origin) -> None:
        """The record is as it was, but its bytes are now to be found elsewhere."""
        self.flush()
        known = self.known.get(arrived.number)
        self.connection.execute(
            "UPDATE records SET import = ?, file = ?, offset = ?, length = ?, reading = ?"
            " WHERE id = ?",
            (*self._place(arrived, origin), known and known.id),
        )

    def flush(self) -> None:
        """Write what waits to be written."""
        self.connection.executemany(INSERT, self.inserts)
        self.connection.executemany(UPDATE, self.updates)
        if self.are_former:
            self.given_again |= {row[-6]: row[-2] for row in self.inserts}
        self.inserts.clear()
        self.updates.clear()

    def delete(self, numbers: Iterable[str]) -> int:
        """Delete records of the member when all of the event has come; how many there were."""
        self.flush()
        count = 0
        for number in numbers:
            known = self.known.get(number)
            if known is None:
                continue
            self.known.note(number, None)
            count += 1
            row = self.connection.execute(
                "SELECT address, entry FROM records WHERE id = ?", (known.id,)
            ).fetchone()
            self._remember(known.id)
            self.changes.gone[known.id] = (row[0], row[1])
            self.connection.execute("DELETE FROM records WHERE id = ?", (known.id,))
            self.given_again.pop(known.id, None)
        again = [(address,) for address in self.given_again.values()]
        self.connection.executemany("DELETE FROM former WHERE address = ?", again)
        return count

    def _is_matched_as_before(self, record: int, made: Made) -> bool:
        """What the record says now makes no difference to where it stands. If it does, what it
        was found by is kept."""
        if record in self.changes.before or record >= self.way.unsettled:
            return False
        before = self._features(record)
        if before == self.packing.features(made.kept):
            return True
        self.changes.before[record] = before
        return False

    def _remember(self, record: int) -> None:
        """Keep what the record was found by, before it goes."""
        if record not in self.changes.before and record < self.way.unsettled:
            self.changes.before[record] = self._features(record)

    def _features(self, record: int) -> Features:
        row = self.connection.execute("SELECT kept FROM records WHERE id = ?", (record,)).fetchone()
        return self.packing.features(row[0])

    def forget_items(self, kept: Mapping[str, object]) -> None:
        """Forget the holdings that came apart from the member's records, but for those of the
        numbers that are `kept`."""
        rows = self.connection.execute(
            "SELECT DISTINCT number FROM items WHERE library = ?", (self.library,)
        )
        for number in [row[0] for row in rows if row[0] not in kept]:
            where = (self.library, number)
            self.connection.execute("DELETE FROM items WHERE library = ? AND number = ?", where)
            self._note_holdings(number)

    def keep_items(self, import_id: str, items: dict[str, list[str]]) -> None:
        """Keep the holdings that came apart from their records; they replace those of the
        numbers that they name."""
        self.flush()
        for number, holdings in items.items():
            if holdings == list(_items(self.connection, self.library, number)):
                continue
            where = (self.library, number)
            self.connection.execute("DELETE FROM items WHERE library = ? AND number = ?", where)
            self.connection.executemany(
                "INSERT INTO items (library, number, import, said) VALUES (?, ?, ?, ?)",
                [(*where, import_id, said) for said in holdings],
            )
            self._note_holdings(number)

    def _note_holdings(self, number: str) -> None:
        known = self.known.get(number)
        if known and known.id < self.way.unsettled:
            self.held_otherwise.add(known.id)


def last_record(connection: Connection) -> int:
    """The highest row number of a record; 0 where there is none."""
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM records").fetchone()[0])


def _items(connection: Connection, library: str, number: str) -> Iterator[str]:
    rows = connection.execute(
        "SELECT said FROM items WHERE library = ? AND number = ? ORDER BY id", (library, number)
    )
    return (row[0] for row in rows)


def items_of(connection: Connection, library: str, number: str) -> Iterator[Holding]:
    """The holdings of a record that came apart from it."""
    return map(holding_of, _items(connection, library, number))


def holding_of(said: str) -> Holding:
    """A holding that came apart, as the table of items has it."""
    library, location, call_number, barcodes, *rest = json.loads(said)
    return Holding(library, location, call_number, tuple(barcodes), *rest)
