"""An import that is killed, by kill -9, at a named point: run in a process of its own.

python -m tests.union.faults POINT TIMES ROOT FILE LIBRARY [KEY]
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lianguan.engine.search.index import SearchIndex
from lianguan.engine.union import build, database, store
from lianguan.engine.union.database import Connection
from lianguan.engine.union.importing import Order, import_files
from lianguan.engine.union.store import Writer
from lianguan.engine.union.taking_back import rebuild_all

Patch = Callable[[pytest.MonkeyPatch, Callable[[], None]], None]


def at_rename(name: str, *, before: bool) -> Patch:
    """When a file or folder whose name begins so is renamed."""

    def patch(patched: pytest.MonkeyPatch, hit: Callable[[], None]) -> None:
        whole = Path.rename

        def rename(path: Path, to: Path) -> Path:
            is_it = path.name.startswith(name)
            if is_it and before:
                hit()
            done = whole(path, to)
            if is_it and not before:
                hit()
            return done

        patched.setattr(Path, "rename", rename)

    return patch


def at_call(owner: Any, name: str, *, before: bool) -> Patch:
    """Before or after a call."""

    def patch(patched: pytest.MonkeyPatch, hit: Callable[[], None]) -> None:
        whole = getattr(owner, name)

        def called(*said: Any, **named: Any) -> Any:
            if before:
                hit()
            done = whole(*said, **named)
            if not before:
                hit()
            return done

        patched.setattr(owner, name, called)

    return patch


def at_commit(*, before: bool) -> Patch:
    """When SQLite commits."""

    def patch(patched: pytest.MonkeyPatch, hit: Callable[[], None]) -> None:
        whole = database.transaction

        @contextmanager
        def transaction(connection: Connection, *, keep: bool = True) -> Iterator[None]:
            with whole(connection, keep=keep):
                yield
                if before:
                    hit()
            if not before:
                hit()

        patched.setattr(database, "transaction", transaction)

    return patch


POINTS: dict[str, Patch] = {
    "before the source's rename": at_rename(".new-", before=True),
    "after the source's rename": at_rename(".new-", before=False),
    "in a batch": at_call(Writer, "flush", before=True),
    "after a batch": at_call(Writer, "flush", before=False),
    "before entries are written": at_call(build, "write_entries", before=True),
    "at the commit": at_commit(before=True),
    "after the commit": at_commit(before=False),
    "before the index is written": at_call(SearchIndex, "write", before=True),
    "at the index's mark": at_call(SearchIndex, "_mark", before=True),
    "after the index's mark": at_call(SearchIndex, "_mark", before=False),
    "before CURRENT is renamed": at_rename("CURRENT.new", before=True),
    "after CURRENT is renamed": at_rename("CURRENT.new", before=False),
    "before what is unused is removed": at_call(shutil, "rmtree", before=True),
}
"""Where an import or, for those with CURRENT, a rebuild is killed."""


def main(point: str, times: int, root: Path, path: Path, library: str, key: str = "") -> None:
    left = [times]

    def hit() -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(store, "AT_ONCE", 20)
        POINTS[point](patched, hit)
        if "CURRENT" in point or "unused" in point:
            rebuild_all(root)
        import_files(root, [path], Order(library, key=key))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]), *sys.argv[5:])
