"""The catalogue's database file, and who may write to it.

SQLite comes with the project (sqlcipher3 carries its own, newer than Debian's), since a
fault in versions before 3.51.3 can lose committed lines in WAL mode (docs/decisions/0004).
"""

import contextlib
import datetime
import fcntl
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlite

from lianguan.engine.read.findings import Refused

MOMENT, PATIENCE = 0.05, 20
"""Seconds between two tries for the lock, and how many more are made: somebody who only looks
whether there is something to do holds it no longer."""

PAGE = 8192
"""Bytes of a page of a new catalogue: rows of some hundred bytes leave less room unused."""

WAL_IS_SAFE = (3, 51, 3)

Connection = Any  # sqlcipher3 has no types

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS libraries (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS readings (
    id INTEGER PRIMARY KEY, container TEXT NOT NULL, dialect TEXT NOT NULL, encoding TEXT NOT NULL,
    UNIQUE (container, dialect, encoding));
CREATE TABLE IF NOT EXISTS events (number INTEGER PRIMARY KEY, id TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS imports (
    number INTEGER PRIMARY KEY, library TEXT NOT NULL, counts TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS records (
    id INTEGER PRIMARY KEY, library INTEGER NOT NULL, number TEXT NOT NULL,
    address TEXT NOT NULL, entry INTEGER NOT NULL,
    import INTEGER NOT NULL, file INTEGER NOT NULL, offset INTEGER NOT NULL,
    length INTEGER NOT NULL, reading INTEGER NOT NULL, rules INTEGER NOT NULL,
    hash BLOB NOT NULL, added INTEGER NOT NULL, changed INTEGER NOT NULL,
    copies INTEGER NOT NULL,
    kept BLOB NOT NULL, raw BLOB);
CREATE TABLE IF NOT EXISTS items (
    id INTEGER PRIMARY KEY, library TEXT NOT NULL, number TEXT NOT NULL, import TEXT NOT NULL,
    said TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS items_number ON items (library, number);
CREATE TABLE IF NOT EXISTS blocks (bucket INTEGER PRIMARY KEY, postings BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS isbns (bucket INTEGER PRIMARY KEY, postings BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS shared (isbn INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS edges (record INTEGER PRIMARY KEY, others BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS doubts (record INTEGER PRIMARY KEY, others BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS entries (
    record INTEGER PRIMARY KEY, said INTEGER NOT NULL, work INTEGER NOT NULL,
    titled INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS former (address TEXT PRIMARY KEY, entry TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS to_index (entry TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE VIEW IF NOT EXISTS descriptions AS
    SELECT one.id, libraries.code AS library, one.number, one.address, first.address AS entry,
        came.id AS import, one.file, one.offset, one.length, container, dialect, encoding,
        one.rules, one.hash, one.kept, one.raw,
        adding.at AS added, changing.at AS changed
    FROM records AS one
    JOIN libraries ON libraries.id = one.library
    JOIN readings ON readings.id = one.reading
    JOIN events AS came ON came.number = one.import
    JOIN events AS adding ON adding.number = one.added
    JOIN events AS changing ON changing.number = one.changed
    LEFT JOIN records AS first ON first.id = one.entry;
"""
"""An entry is called by the record whose address it has. `descriptions` are the records with
everything that they refer to written out; it is what all but the build reads. `said` is the work
of an entry as its records have it, `work` the one that it is grouped under (`works`), `titled` the
one that only a title names, which it is `said` to be if the title is clear (`titled`)."""

RECORDS_ENTRY = "CREATE INDEX IF NOT EXISTS records_entry ON records (entry)"
ENTRIES_TITLED = "CREATE INDEX IF NOT EXISTS entries_titled ON entries (titled) WHERE titled <> 0"
INDEXES = (
    "CREATE UNIQUE INDEX IF NOT EXISTS records_number ON records (library, number)",
    "CREATE UNIQUE INDEX IF NOT EXISTS records_address ON records (address)",
    RECORDS_ENTRY,
    ENTRIES_TITLED,
    "CREATE INDEX IF NOT EXISTS entries_work ON entries (work)",
    "CREATE INDEX IF NOT EXISTS entries_grouped ON entries (record) WHERE work <> said",
)
"""Made after the rows of a new catalogue are in: sorted at once instead of row by row."""


def connect(path: Path, *, writing: bool = False) -> Connection:
    """A connection to a catalogue; for reading only, unless it is for writing."""
    connection = _opened(path, "rwc" if writing else "ro")
    if writing:
        _set_journal(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -200000")
        connection.executescript(SCHEMA)
        make_indexes(connection)
    return connection


def connect_unused(path: Path) -> Connection:
    """A connection to a catalogue that nobody uses yet: quick, and worth nothing after a power
    cut. Its indexes are still to be made, and `force_to_disk` comes before it is used."""
    connection = _opened(path, "rwc")
    connection.execute("PRAGMA journal_mode = MEMORY")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA cache_size = -400000")
    connection.executescript(SCHEMA)
    return connection


def make_usable(connection: Connection) -> None:
    """Bring a catalogue that nobody used yet into the mode in which it is used."""
    connection.execute("PRAGMA locking_mode = NORMAL")
    _set_journal(connection)


def _set_journal(connection: Connection) -> None:
    is_safe = sqlite.sqlite_version_info >= WAL_IS_SAFE
    connection.execute(f"PRAGMA journal_mode = {'WAL' if is_safe else 'DELETE'}")


def _opened(path: Path, mode: str) -> Connection:
    connection = sqlite.connect(
        f"file:{path}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=20,
    )
    connection.row_factory = sqlite.Row
    if mode == "rwc":
        connection.execute(f"PRAGMA page_size = {PAGE}")
    return connection


def make_indexes(connection: Connection) -> None:
    for statement in INDEXES:
        connection.execute(statement)


@contextlib.contextmanager
def transaction(connection: Connection, *, keep: bool = True) -> Iterator[None]:
    """All or nothing; with `keep` False nothing, whatever was done (a rehearsal)."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT" if keep else "ROLLBACK")


@contextlib.contextmanager
def building(root: Path, what: str, busy: str = "busy") -> Iterator[None]:
    """Hold the lock of the one who builds, or of the one who makes backups in a folder; raises
    Refused(busy) naming who holds it for longer than a moment.

    The kernel frees the lock when its holder dies, so nothing has to be cleaned up.
    """
    root.mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("a+", encoding="utf-8") as file:
        for patience in range(PATIENCE, -1, -1):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if not patience:
                    file.seek(0)
                    raise Refused(busy, _holder(file.read())) from error
            time.sleep(MOMENT)
        file.truncate(0)
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        file.write(json.dumps({"pid": os.getpid(), "what": what, "since": now}))
        file.flush()
        yield


def _holder(said: str) -> str:
    try:
        holder = json.loads(said)
        return f"{holder['what']} (pid {holder['pid']}, {holder['since']})"
    except (ValueError, KeyError):
        return "?"
