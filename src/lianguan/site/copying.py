"""What is kept of people's work beside the sources: a copy of the database, and the keys apart."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlite

from lianguan.engine.read.findings import Refused
from lianguan.engine.union.durable import sync
from lianguan.engine.union.room import check_room
from lianguan.site import secret
from lianguan.site.database import FILE, VARIABLE

COPY = ".backup-people.sqlite"
OF_THE_MOMENT = ("django_session", "network_misses")
"""Tables that are worth nothing tomorrow: whoever signed out must not be in again by a restore."""


@contextlib.contextmanager
def people(root: Path) -> Iterator[Path | None]:
    """A copy of the database as it is at one moment, while others go on writing; None where there
    is none, or where it is a PostgreSQL, which has its own means. It is gone afterwards."""
    if os.environ.get(VARIABLE) or not (root / FILE).exists():
        yield None
        return
    copy = root / COPY
    copy.unlink(missing_ok=True)
    check_room(root, 2 * (root / FILE).stat().st_size)
    try:
        _copy(root / FILE, copy)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _copy(path: Path, to: Path) -> None:
    os.close(os.open(to, os.O_CREAT | os.O_RDWR, 0o600))
    with contextlib.closing(sqlite.connect(path, timeout=20)) as connection:
        connection.execute("VACUUM INTO ?", (str(to),))
    with contextlib.closing(sqlite.connect(to, isolation_level=None)) as connection:
        there = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
        for table in OF_THE_MOMENT:
            if table in there:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - ours
        connection.execute("VACUUM")


def keep_keys(root: Path, to: Path, backup: Path) -> list[str]:
    """Copy the keys into a folder of their own; their names. Raises Refused("keys_beside") for a
    folder that the backup, or what is backed up, stands in."""
    for other in (backup, root):
        if _is_within(to, other) or _is_within(other, to):
            raise Refused("keys_beside", str(to))
    return _copy_keys(root / secret.FOLDER, to)


def bring_keys(root: Path, kept: Path) -> list[str]:
    """Bring keys back that were kept. Raises Refused("keys_not_found")."""
    if not (kept / secret.FILE).is_file():
        raise Refused("keys_not_found", str(kept))
    return _copy_keys(kept, root / secret.FOLDER)


def _copy_keys(folder: Path, to: Path) -> list[str]:
    names = [secret.FILE] if (folder / secret.FILE).is_file() else []
    if not names:
        return names
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in names:
        staged = to / f".new-{name}"
        staged.unlink(missing_ok=True)
        os.close(os.open(staged, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        shutil.copyfile(folder / name, staged)
        sync(staged)
        staged.rename(to / name)
    sync(to)
    return names


def _is_within(one: Path, other: Path) -> bool:
    return one.resolve().is_relative_to(other.resolve())
