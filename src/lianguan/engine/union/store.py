"""Rows of the catalogue: what came is compared with what is there, and only what differs is
written."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lianguan.engine.match.block import keys_of
from lianguan.engine.match.features import Features, features_of
from lianguan.engine.record import Holding
from lianguan.engine.union.database import Connection
from lianguan.engine.union.delivery import Arrived
from lianguan.engine.union.keys import address_of
from lianguan.engine.union.written import pack, to_json


class Known(NamedTuple):
    """A record that the catalogue has."""

    id: int
    hash: bytes
    """Of its bytes and of what was read from them."""
    import_id: str


class Changes:
    """What a load touches: the input of `resolve`."""

    def __init__(self) -> None:
        self.dirty: set[int] = set()
        self.gone: dict[int, tuple[str, str]] = {}
        """Record → its address and its entry, of records that are no longer there."""
        self.keys: set[int] = set()
        self.isbns: set[str] = set()


def known_records(connection: Connection, library: str) -> dict[str, Known]:
    """The records of one member by number."""
    rows = connection.execute(
        "SELECT number, id, hash, import FROM records WHERE library = ?", (library,)
    )
    return {row[0]: Known(row[1], row[2], row[3]) for row in rows}


def block_number(key: str) -> int:
    """A key as a number of 63 bits; that two keys share one only means one comparison more."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big") >> 1


def features_json(features: Features) -> str:
    return json.dumps(features, ensure_ascii=False, separators=(",", ":"))


def features_from(text: str) -> Features:
    said = json.loads(text)
    return Features._make(tuple(one) if isinstance(one, list) else one for one in said)


def title_key(features: Features) -> str:
    """The beginning of the title and the volume: an ISBN under which two of these stand is
    shared."""
    if not features.titles:
        return ""
    return f"{features.titles[0].replace(' ', '')[:4]}|{'.'.join(features.parts)}"


class Writer:
    """Writes the records of one import of one member."""

    def __init__(self, connection: Connection, library: str, import_id: str, at: str) -> None:
        self.connection = connection
        self.library = library
        self.import_id = import_id
        self.at = at
        self.known = known_records(connection, library)
        self.changes = Changes()
        self.new = self.changed = self.unchanged = 0

    def take(self, arrived: Arrived) -> None:
        """Insert, change or leave one record."""
        said = to_json(arrived.record)
        digest = hashlib.sha256(arrived.hash + said).digest()[:16]
        known = self.known.get(arrived.number)
        if known and known.hash == digest:
            self.unchanged += 1
            return
        features = features_of(arrived.record)
        if known:
            self.changed += 1
            self._forget_keys(known.id)
            row_id = known.id
            self._update(row_id, arrived, digest, said, features)
        else:
            self.new += 1
            row_id = self._insert(arrived, digest, said, features)
        self.known[arrived.number] = Known(row_id, digest, self.import_id)
        self._remember_keys(row_id, features)
        self.changes.dirty.add(row_id)

    def moved(self, arrived: Arrived) -> None:
        """The record is as it was, but its bytes are now to be found in this import."""
        self.connection.execute(
            "UPDATE records SET import = ?, file = ?, offset = ?, length = ?"
            " WHERE library = ? AND number = ?",
            (self.import_id, *arrived.place[:3], self.library, arrived.number),
        )

    def delete(self, numbers: Iterable[str]) -> int:
        """Delete records of the member; how many there were."""
        count = 0
        for number in numbers:
            known = self.known.pop(number, None)
            if known is None:
                continue
            count += 1
            row = self.connection.execute(
                "SELECT address, entry FROM records WHERE id = ?", (known.id,)
            ).fetchone()
            self.changes.gone[known.id] = (row[0], row[1])
            self.changes.dirty.discard(known.id)
            self._forget_keys(known.id)
            self.connection.execute("DELETE FROM records WHERE id = ?", (known.id,))
        return count

    def _values(
        self, arrived: Arrived, digest: bytes, said: bytes, features: Features
    ) -> tuple[object, ...]:
        return (
            self.import_id,
            *arrived.place,
            int(arrived.rules),
            digest,
            pack(said),
            arrived.raw and pack(arrived.raw),
            features_json(features),
            self.at,
        )

    def _insert(self, arrived: Arrived, digest: bytes, said: bytes, features: Features) -> int:
        address = address_of(self.library, arrived.number)
        cursor = self.connection.execute(
            "INSERT INTO records (import, file, offset, length, container, dialect, encoding,"
            " rules, hash, said, raw, features, changed, library, number, address, added)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                *self._values(arrived, digest, said, features),
                self.library,
                arrived.number,
                address,
                self.at,
            ),
        )
        self.connection.execute("DELETE FROM former WHERE address = ?", (address,))
        return int(cursor.lastrowid)

    def _update(
        self, row_id: int, arrived: Arrived, digest: bytes, said: bytes, features: Features
    ) -> None:
        self.connection.execute(
            "UPDATE records SET import = ?, file = ?, offset = ?, length = ?, container = ?,"
            " dialect = ?, encoding = ?, rules = ?, hash = ?, said = ?, raw = ?, features = ?,"
            " changed = ? WHERE id = ?",
            (*self._values(arrived, digest, said, features), row_id),
        )

    def _remember_keys(self, row_id: int, features: Features) -> None:
        keys = {block_number(key.coarse) for key in keys_of(features)}
        self.connection.executemany(
            "INSERT INTO blocks VALUES (?, ?)", [(key, row_id) for key in keys]
        )
        title = title_key(features)
        self.connection.executemany(
            "INSERT INTO isbns VALUES (?, ?, ?)", [(isbn, row_id, title) for isbn in features.isbns]
        )
        self.changes.keys |= keys
        self.changes.isbns.update(features.isbns)

    def _forget_keys(self, row_id: int) -> None:
        for table, touched in (("blocks", self.changes.keys), ("isbns", self.changes.isbns)):
            column = "key" if table == "blocks" else "isbn"
            rows = self.connection.execute(
                f"SELECT {column} FROM {table} WHERE record = ?",  # noqa: S608 - our own names
                (row_id,),
            )
            touched.update(row[0] for row in rows.fetchall())
            self.connection.execute(f"DELETE FROM {table} WHERE record = ?", (row_id,))  # noqa: S608


def keep_items(
    connection: Connection, library: str, import_id: str, items: dict[str, list[Holding]]
) -> set[int]:
    """Keep the holdings that came apart from their records; they replace those of the numbers
    that they name. The records whose holdings are not what they were."""
    touched = set()
    for number, holdings in items.items():
        if holdings == list(items_of(connection, library, number)):
            continue
        row = connection.execute(
            "SELECT id FROM records WHERE library = ? AND number = ?", (library, number)
        ).fetchone()
        touched |= {row[0]} if row else set()
        connection.execute("DELETE FROM items WHERE library = ? AND number = ?", (library, number))
        connection.executemany(
            "INSERT INTO items (library, number, import, said) VALUES (?, ?, ?, ?)",
            [(library, number, import_id, json.dumps(h, ensure_ascii=False)) for h in holdings],
        )
    return touched


def items_of(connection: Connection, library: str, number: str) -> Iterator[Holding]:
    """The holdings of a record that came apart from it."""
    rows = connection.execute(
        "SELECT said FROM items WHERE library = ? AND number = ? ORDER BY id", (library, number)
    )
    for row in rows:
        library_said, location, call_number, barcodes, *rest = json.loads(row[0])
        yield Holding(library_said, location, call_number, tuple(barcodes), *rest)
