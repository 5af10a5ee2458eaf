"""Building the catalogue: a delivery in, a delivery taken back, everything again from the
sources. The only module that changes a catalogue."""

import json
import shutil
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from lianguan.engine.match.cluster import Pair
from lianguan.engine.read.files import SourceFile
from lianguan.engine.read.findings import Refused
from lianguan.engine.search.index import SearchIndex
from lianguan.engine.union import database
from lianguan.engine.union.database import Connection
from lianguan.engine.union.delivery import Delivery, Told, nobody
from lianguan.engine.union.entries import counts, index_entries, write_entries
from lianguan.engine.union.generations import (
    current,
    is_of_now,
    new_generation,
    publish,
    remove_unused,
)
from lianguan.engine.union.loading import Again, Load, Loaded, set_aside_file
from lianguan.engine.union.resolve import Resolver
from lianguan.engine.union.sources import Import, Sources
from lianguan.engine.union.store import Writer

FREE_FOR_BUILD = 200 << 20
"""Bytes that must be free on the disk beside three times what comes."""

Decisions = Mapping[Pair, str]


class Builder:
    """Builds the catalogue under `root`. Only within `database.building`."""

    def __init__(self, root: Path, decisions: Decisions | None = None) -> None:
        self.root = root
        self.sources = Sources(root / "sources")
        self.decisions = decisions or {}
        self.folder = current(root) or new_generation(root)

    def load(self, one: Import, told: Told = nobody, *, may_delete: bool = True) -> Loaded:
        """Load a delivery that the sources have. Raises Refused("deletes_too_much") before
        anything is changed."""
        return self._change(one, self.sources.open_files(one), told, may_delete, keep=True)

    def rehearse(self, one: Import, files: list[SourceFile], told: Told = nobody) -> Loaded:
        """What loading would change. Nothing is kept."""
        return self._change(one, files, told, may_delete=True, keep=False)

    def _change(
        self,
        one: Import,
        files: list[SourceFile],
        told: Told,
        may_delete: bool,
        keep: bool,
    ) -> Loaded:
        started = time.perf_counter()
        with closing(self._connect()) as connection:
            with database.transaction(connection, keep=keep):
                sizes = [file.size for file in one.files]
                delivery = Delivery(files, one.profile, sizes, told)
                load = Load(connection, one, delivery, may_delete)
                done = load.run()
                self._settle(connection, load.writer, told)
                done.entries, done.works = counts(connection)
                connection.execute(
                    "INSERT OR REPLACE INTO imports VALUES (?, ?, ?, ?)",
                    (one.id, one.library, one.at, _summary(done)),
                )
            if keep:
                self.index(connection, told)
        done.seconds = round(time.perf_counter() - started, 3)
        return done

    def withdraw(self, one: Import, at: str, told: Told = nobody) -> Loaded:
        """Make the member's records what they would be without this delivery, which the
        sources have marked as taken back."""
        started = time.perf_counter()
        with closing(self._connect()) as connection:
            with database.transaction(connection):
                again = Again(connection, self.sources, one, at)
                done = again.run(told)
                self._settle(connection, again.writer, told)
                done.entries, done.works = counts(connection)
                connection.execute("DELETE FROM imports WHERE id = ?", (one.id,))
            self.index(connection, told)
        done.seconds = round(time.perf_counter() - started, 3)
        return done

    def catch_up(self, told: Told = nobody) -> list[Loaded]:
        """Do what the log of the sources says and the catalogue has not done: deliveries and
        withdrawals that were cut short by a crash or a power cut."""
        with closing(self._connect()) as connection:
            known = {row[0] for row in connection.execute("SELECT id FROM imports")}
            self.index(connection, told)
        done = []
        for one in self.sources.every():
            if one.withdrawn and one.id in known:
                done.append(self.withdraw(one, one.withdrawn, told))
            elif not one.withdrawn and one.id not in known:
                done += self._load_late(one, told)
        return done

    def _load_late(self, one: Import, told: Told) -> list[Loaded]:
        """Load a delivery whose load was cut short. It must not stop those after it."""
        try:
            loaded = self.load(one, told, may_delete=one.may_delete)
            set_aside_file(self.root, loaded)
            return [loaded]
        except Refused:
            self.sources.discard(one)
        except Exception:  # noqa: BLE001 - the edge at which a bad delivery is kept apart
            self.sources.put_aside(one)
        return []

    def index(self, connection: Connection, told: Told = nobody) -> None:
        """Bring the search index up to the catalogue's entries."""
        index_entries(connection, SearchIndex(self.folder / "index"), told)

    def _settle(self, connection: Connection, writer: Writer, told: Told) -> None:
        told("match", 0, len(writer.changes.dirty))
        touched = Resolver(connection, self.decisions).resolve(writer.changes)
        write_entries(connection, touched)

    def _connect(self) -> Connection:
        return database.connect(self.folder / "catalogue.sqlite", writing=True)


def _summary(done: Loaded) -> str:
    said = {name: getattr(done, name) for name in ("read", "new", "changed", "unchanged")}
    said |= {"deleted": done.deleted, "set_aside": len(done.set_aside), "repaired": done.repaired}
    return json.dumps(said)


def rebuild(root: Path, decisions: Decisions | None, told: Told) -> Path:
    """The catalogue again from nothing but the sources: every delivery and every withdrawal in
    the order in which they came. The old one stays in use until the new one is whole."""
    old = current(root)
    builder = Builder(root, decisions)
    builder.folder = new_generation(root) if old else builder.folder
    events = builder.sources.history()
    for number, event in enumerate(events):
        told("rebuild", number, len(events))
        if event.is_withdrawal:
            builder.withdraw(event.one, event.at)
        else:
            builder.load(event.one)
    publish(root, builder.folder)
    remove_unused(root)
    return builder.folder


def ready_builder(root: Path, decisions: Decisions | None, told: Told) -> Builder:
    """A builder whose catalogue is what the log says: what was cut short is done, and a
    catalogue that an earlier version made is built again."""
    folder = current(root)
    if folder and not is_of_now(folder):
        told("upgrade", 0, 0)
        rebuild(root, decisions, told)
    Sources(root / "sources").tidy()
    remove_unused(root)
    builder = Builder(root, decisions)
    builder.catch_up(told)
    return builder


def check_space(root: Path, size: int) -> None:
    """Refuse to begin what the disk has no room for."""
    root.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(root).free
    needed = 3 * size + FREE_FOR_BUILD
    if free < needed:
        raise Refused("disk_full", f"{free >> 20} MiB < {needed >> 20} MiB")
