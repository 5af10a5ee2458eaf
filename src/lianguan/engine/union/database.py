"""The catalogue's database file, and who may write to it.

SQLite comes with the project (sqlcipher3 carries its own, newer than Debian's), since a
fault in versions before 3.51.3 can lose committed lines in WAL mode (docs/decisions/0004).
"""

import contextlib
import datetime
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlite

from lianguan.engine.read.findings import Refused

WAL_IS_SAFE = (3, 51, 3)

Connection = Any  # sqlcipher3 has no types

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
    id INTEGER PRIMARY KEY, library TEXT NOT NULL, number TEXT NOT NULL,
    address TEXT NOT NULL, entry TEXT NOT NULL DEFAULT '',
    import TEXT NOT NULL, file INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    container TEXT NOT NULL, dialect TEXT NOT NULL, encoding TEXT NOT NULL, rules INTEGER NOT NULL,
    hash BLOB NOT NULL, said BLOB NOT NULL, raw BLOB, features TEXT NOT NULL,
    added TEXT NOT NULL, changed TEXT NOT NULL,
    UNIQUE (library, number));
CREATE UNIQUE INDEX IF NOT EXISTS records_address ON records (address);
CREATE INDEX IF NOT EXISTS records_entry ON records (entry);
CREATE TABLE IF NOT EXISTS items (
    id INTEGER PRIMARY KEY, library TEXT NOT NULL, number TEXT NOT NULL, import TEXT NOT NULL,
    said TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS items_number ON items (library, number);
CREATE TABLE IF NOT EXISTS blocks (
    key INTEGER, record INTEGER, PRIMARY KEY (key, record)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS blocks_record ON blocks (record);
CREATE TABLE IF NOT EXISTS crowded (key INTEGER PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS isbns (
    isbn TEXT, record INTEGER, title TEXT, PRIMARY KEY (isbn, record)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS isbns_record ON isbns (record);
CREATE TABLE IF NOT EXISTS shared (isbn TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS edges (
    a INTEGER, b INTEGER, rank INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS edges_b ON edges (b);
CREATE TABLE IF NOT EXISTS entries (address TEXT PRIMARY KEY, work TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entries_work ON entries (work);
CREATE TABLE IF NOT EXISTS former (address TEXT PRIMARY KEY, entry TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS to_index (entry TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS imports (
    id TEXT PRIMARY KEY, library TEXT NOT NULL, at TEXT NOT NULL, counts TEXT NOT NULL)
    WITHOUT ROWID;
"""


def connect(path: Path, *, writing: bool = False) -> Connection:
    """A connection to a catalogue; for reading only, unless it is for writing."""
    mode = "rwc" if writing else "ro"
    connection = sqlite.connect(
        f"file:{path}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=20,
    )
    connection.row_factory = sqlite.Row
    if writing:
        is_safe = sqlite.sqlite_version_info >= WAL_IS_SAFE
        connection.execute(f"PRAGMA journal_mode = {'WAL' if is_safe else 'DELETE'}")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -200000")
        connection.executescript(SCHEMA)
    return connection


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
def building(root: Path, what: str) -> Iterator[None]:
    """Hold the lock of the one who builds; raises Refused("busy") naming who holds it.

    The kernel frees the lock when its holder dies, so nothing has to be cleaned up.
    """
    root.mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            raise Refused("busy", _holder(file.read())) from error
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
