"""The database of what people do: where it is, and how it is opened."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from sqlcipher3 import dbapi2 as sqlite

from lianguan.engine.read.findings import Refused
from lianguan.engine.union.database import WAL_IS_SAFE

FILE = "people.sqlite"

VARIABLE = "LIANGUAN_DATABASE"
"""Of the environment: a PostgreSQL instead of the file."""

PATIENCE = 20
"""Seconds that SQLite waits for another writer; ours queue before that (docs/decisions/0018)."""


def database(data: Path, said: str = "") -> dict[str, Any]:
    """What Django is to open: a file in the data folder, or a PostgreSQL that is said as
    postgresql://user:password@host:port/name. Raises Refused("database_unknown")."""
    if not said:
        return _sqlite(data / FILE)
    parts = urlsplit(said)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise Refused("database_unknown", parts.scheme)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or options.pop("host", "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(path: Path) -> dict[str, Any]:
    """What was acknowledged outlives a power cut: hence FULL. Versions whose WAL can lose lines
    do without it (docs/decisions/0004)."""
    mode = "WAL" if sqlite.sqlite_version_info >= WAL_IS_SAFE else "DELETE"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": PATIENCE,
            "init_command": f"PRAGMA journal_mode={mode}; PRAGMA synchronous=FULL;",
        },
        "CONN_MAX_AGE": None,
    }
