"""Something that is done to a union and killed, by kill -9, at a named point: run in a process of
its own.

python -m tests.union.faults kill POINT TIMES ROOT ACT SAID    dies when the point is met so often
python -m tests.union.faults tell POINT TIMES ROOT ACT SAID    then says so, and goes on
python -m tests.union.faults count POINT 0 ROOT ACT SAID       says how often the point is met

SAID is what the act is told, as JSON.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from lianguan.engine.read.findings import Refused
from lianguan.engine.search.index import SearchIndex
from lianguan.engine.union import build, database, rebuilding, store
from lianguan.engine.union.database import Connection
from lianguan.engine.union.decisions import DecisionLog
from lianguan.engine.union.granting import TermsOrder, change_terms
from lianguan.engine.union.importing import Order, import_files, receive_files
from lianguan.engine.union.sources import Sources
from lianguan.engine.union.store import Writer
from lianguan.engine.union.taking_back import decide, rebuild_all, withdraw_import

Said = dict[str, Any]
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
    "before what is unused is removed": at_call(rebuilding, "remove_unused", before=True),
    "before a file is removed": at_call(os, "unlink", before=True),
    "before a folder is removed": at_call(os, "rmdir", before=True),
    "after a folder is removed": at_call(os, "rmdir", before=False),
    "before a delivery is forgotten": at_call(Sources, "discard", before=True),
    "after a delivery is forgotten": at_call(Sources, "discard", before=False),
    "before the log says that it is taken back": at_rename("import.new", before=True),
    "after the log says that it is taken back": at_rename("import.new", before=False),
    "before a decision is written": at_call(DecisionLog, "add", before=True),
    "after a decision is written": at_call(DecisionLog, "add", before=False),
    "before the profile is written": at_rename("profile.new", before=True),
    "after the profile is written": at_rename("profile.new", before=False),
}

COMMITTED = (
    "at the commit",
    "after the commit",
    "before the index is written",
    "at the index's mark",
    "after the index's mark",
)
WRITTEN = ("in a batch", "after a batch", "before entries are written", *COMMITTED)
RECEIVED = ("before the source's rename", "after the source's rename")
PROFILE = ("before the profile is written", "after the profile is written")

KILLED_AT: dict[str, tuple[str, ...]] = {
    "import": (*RECEIVED, *WRITTEN, *PROFILE),
    "rebuild": (
        *WRITTEN,
        "before CURRENT is renamed",
        "after CURRENT is renamed",
        "before what is unused is removed",
        "before a file is removed",
    ),
    "withdraw": (
        "before the log says that it is taken back",
        "after the log says that it is taken back",
        *WRITTEN,
    ),
    "decide": (
        "before a decision is written",
        "after a decision is written",
        "before entries are written",
        *COMMITTED,
    ),
    "terms": (*PROFILE, *COMMITTED),
    "refused": (
        *RECEIVED,
        "before a delivery is forgotten",
        "before a file is removed",
        "before a folder is removed",
        "after a folder is removed",
        "after a delivery is forgotten",
    ),
    "later": RECEIVED,
}
"""Act → the points at which it is killed: all that it meets."""


def _import(root: Path, said: Said) -> None:
    import_files(root, [Path(said["path"])], Order(**said["order"]))


def _later(root: Path, said: Said) -> None:
    receive_files(root, [Path(said["path"])], Order(**said["order"]))


ACTS: dict[str, Callable[[Path, Said], object]] = {
    "import": _import,
    "refused": _import,
    "later": _later,
    "rebuild": lambda root, _: rebuild_all(root),
    "withdraw": lambda root, said: withdraw_import(root, said["id"]),
    "decide": lambda root, said: decide(root, said["left"], said["right"], said["said"]),
    "terms": lambda root, said: change_terms(root, said["library"], TermsOrder(shown=False)),
}


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def tell() -> None:
    os.write(1, b"x")


HOW: dict[str, Callable[[], None]] = {"kill": kill, "tell": tell, "count": lambda: None}


def little_memory(connect: Callable[..., Connection]) -> Callable[..., Connection]:
    """SQLite writes to the disk long before it commits, as it does in a large import."""

    def connected(path: Path, **said: Any) -> Connection:
        connection = connect(path, **said)
        connection.execute("PRAGMA cache_size = 5")
        return connection

    return connected


def main(how: str, point: str, times: int, root: Path, act: str, said: Said) -> None:
    met = [0]

    def hit() -> None:
        met[0] += 1
        if met[0] == times:
            HOW[how]()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(store, "AT_ONCE", 20)
        patched.setattr(database, "connect", little_memory(database.connect))
        POINTS[point](patched, hit)
        with suppress(Refused):
            ACTS[act](root, said)
    if how == "count":
        print(met[0])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]), sys.argv[5],
         json.loads(sys.argv[6]))  # fmt: skip
