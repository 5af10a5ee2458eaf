"""Building the catalogue: a delivery in, a delivery taken back, everything again from the
sources. The only module that changes a catalogue."""

import json
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from lianguan.engine.mapping.fast import seldom_collecting
from lianguan.engine.match.cluster import Pair
from lianguan.engine.read.files import SourceFile
from lianguan.engine.read.findings import Refused
from lianguan.engine.search.index import SearchIndex
from lianguan.engine.union import database
from lianguan.engine.union.access import Access
from lianguan.engine.union.database import Connection
from lianguan.engine.union.delivery import Told, nobody
from lianguan.engine.union.entries import counts, index_all, index_noted, note_gone, write_entries
from lianguan.engine.union.generations import (
    current,
    in_use,
    is_of_now,
    new_generation,
    packing_of,
    publish,
    remove_unused,
)
from lianguan.engine.union.loading import Again, Load, Loaded, Unsettled, set_aside_file
from lianguan.engine.union.prepare import samples
from lianguan.engine.union.resolve import Resolver
from lianguan.engine.union.sources import Import, Sources, number_of, time_of
from lianguan.engine.union.store import Changes, Repeated, Way, Writer, last_record
from lianguan.engine.union.written import Packing, learned

FREE_FOR_BUILD = 200 << 20
"""Bytes that must be free on the disk beside three times what comes."""

MOST_LEARNED_FROM = 8
"""Deliveries out of which it is learned how to pack records."""

Decisions = Mapping[Pair, str]


@dataclass(slots=True)
class Catalogue:
    """A catalogue open for writing, and what is not yet settled in it."""

    connection: Connection
    packing: Packing
    decisions: Decisions
    told: Told = nobody
    changes: Changes = field(init=False)

    def __post_init__(self) -> None:
        self.changes = Changes(last_record(self.connection) + 1)

    def load(self, one: Import, files: list[SourceFile], *, may_delete: bool = True) -> Loaded:
        """Load a delivery. Raises Refused before anything is changed."""

        def run(way: Way) -> tuple[Loaded, Writer]:
            writer = Writer(self.connection, self.packing, one.library, one.number, way)
            return Load(writer, one, files, self.told, may_delete=may_delete).run(), writer

        done = self._carried_out(run)
        self._event(one.number, one.id, one.at)
        self.connection.execute(
            "INSERT OR REPLACE INTO imports VALUES (?, ?, ?)",
            (one.number, one.library, _summary(done)),
        )
        return done

    def withdraw(self, one: Import, at: str, sources: Sources) -> Loaded:
        """Make the member's records what they would be without this delivery, which the
        sources have marked as taken back."""
        self.settle()

        def run(way: Way) -> tuple[Loaded, Writer]:
            writer = Writer(self.connection, self.packing, one.library, number_of(at), way)
            return Again(writer, sources, one, at).run(self.told), writer

        done = self._carried_out(run)
        self._event(number_of(at), at, time_of(at))
        self.connection.execute("DELETE FROM imports WHERE number = ?", (one.number,))
        return done

    def _carried_out(self, run: Callable[[Way], tuple[Loaded, Writer]]) -> Loaded:
        """Carry an event out, in another way where the first proves wrong."""
        way = Way(not self.changes, self.changes.first_new)
        while True:
            self.connection.execute("SAVEPOINT event")
            try:
                done, writer = run(way)
            except Unsettled:
                self._take_back()
                self.settle()
                way = Way(True, self.changes.first_new)
            except Repeated:
                self._take_back()
                way = replace(way, is_repeated=True)
            else:
                break
        self.connection.execute("RELEASE event")
        self.changes.then(writer.changes)
        if writer.changes.gone:
            self.settle()
        return done

    def _take_back(self) -> None:
        self.connection.execute("ROLLBACK TO event")
        self.connection.execute("RELEASE event")

    def _event(self, number: int, event: str, at: str) -> None:
        self.connection.execute(
            "INSERT OR REPLACE INTO events VALUES (?, ?, ?)", (number, event, at)
        )

    def settle(self) -> None:
        """Work out entries for what was touched since the last time."""
        if not self.changes:
            return
        self.told("match", 0, len(self.changes.ids))
        settled = Resolver(self.connection, self.packing, self.changes, self.decisions).resolve()
        write_entries(self.connection, settled)
        note_gone(self.connection, (address for address, _ in self.changes.gone.values()))
        self.changes = Changes(last_record(self.connection) + 1)


class Builder:
    """Builds the catalogue under `root`. Only within `database.building`."""

    def __init__(self, root: Path, decisions: Decisions | None = None) -> None:
        self.root = root
        self.sources = Sources(root / "sources")
        self.decisions = decisions or {}
        self.folder = in_use(root)

    def load(self, one: Import, told: Told = nobody, *, may_delete: bool = True) -> Loaded:
        """Load a delivery that the sources have. Raises Refused("deletes_too_much") before
        anything is changed."""
        files = self.sources.open_files(one)
        return self._change(lambda to: to.load(one, files, may_delete=may_delete), one, told)

    def rehearse(self, one: Import, files: list[SourceFile], told: Told = nobody) -> Loaded:
        """What loading would change. Nothing is kept."""
        return self._change(lambda to: to.load(one, files), one, told, keep=False)

    def withdraw(self, one: Import, at: str, told: Told = nobody) -> Loaded:
        """Make the member's records what they would be without this delivery, which the
        sources have marked as taken back."""
        return self._change(lambda to: to.withdraw(one, at, self.sources), one, told)

    def _change(
        self,
        act: Callable[[Catalogue], Loaded],
        one: Import,
        told: Told,
        *,
        keep: bool = True,
    ) -> Loaded:
        started = time.perf_counter()
        with closing(self._connect()) as connection, seldom_collecting():
            with database.transaction(connection, keep=keep):
                packing = self._packing(connection, one)
                catalogue = Catalogue(connection, packing, self.decisions, told)
                done = act(catalogue)
                catalogue.settle()
                done.entries, done.works = counts(connection)
            if keep:
                self.index(connection, packing, told)
        done.seconds = round(time.perf_counter() - started, 3)
        return done

    def _packing(self, connection: Connection, one: Import) -> Packing:
        """How the catalogue packs its records; learned from the first delivery."""
        known = packing_of(connection)
        return learn(connection, self.sources, [one]) if known is None else known

    def catch_up(self, told: Told = nobody) -> list[Loaded]:
        """Do what the log of the sources says and the catalogue has not done: deliveries and
        withdrawals that were cut short by a crash or a power cut."""
        with closing(self._connect()) as connection:
            known = {row[0] for row in connection.execute("SELECT number FROM imports")}
            self.index(connection, packing_of(connection) or Packing(), told)
        done = []
        for one in self.sources.every():
            if one.withdrawn and one.number in known:
                done.append(self.withdraw(one, one.withdrawn, told))
            elif not one.withdrawn and one.number not in known:
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

    def index(self, connection: Connection, packing: Packing, told: Told = nobody) -> None:
        """Bring the search index up to the catalogue's entries."""
        access = Access(self.sources.profiles(), "shown")
        index_noted(connection, packing, access, SearchIndex(self.folder / "index"), told)

    def _connect(self) -> Connection:
        return database.connect(self.folder / "catalogue.sqlite", writing=True)


def learn(connection: Connection, sources: Sources, imports: Sequence[Import]) -> Packing:
    """Learn from some of the deliveries how to pack records, and keep it."""
    some = imports[:: len(imports) // MOST_LEARNED_FROM + 1]
    found = [
        sample
        for one in some
        for file in sources.open_files(one)[:1]
        for sample in samples(file, one.profile)
    ]
    dictionary = learned(found)
    connection.execute("INSERT INTO meta VALUES ('dictionary', ?)", (dictionary,))
    return Packing(dictionary)


def _summary(done: Loaded) -> str:
    said = {name: getattr(done, name) for name in ("read", "new", "changed", "unchanged")}
    said |= {"deleted": done.deleted, "set_aside": len(done.set_aside), "repaired": done.repaired}
    return json.dumps(said)


def rebuild(root: Path, decisions: Decisions | None, told: Told) -> Path:
    """The catalogue again from nothing but the sources: every delivery and every withdrawal in
    the order in which they came. The old one stays in use until the new one is whole."""
    sources = Sources(root / "sources")
    folder = new_generation(root)
    events = sources.history()
    unused = database.connect_unused(folder / "catalogue.sqlite")
    with closing(unused) as connection, seldom_collecting():
        with database.transaction(connection):
            packing = learn(connection, sources, [event.one for event in events])
            catalogue = Catalogue(connection, packing, decisions or {}, told)
            for number, event in enumerate(events):
                told("rebuild", number, len(events))
                if event.is_withdrawal:
                    catalogue.withdraw(event.one, event.at, sources)
                else:
                    catalogue.load(event.one, sources.open_files(event.one))
            catalogue.settle()
            database.make_indexes(connection)
        database.make_usable(connection)
    access = Access(sources.profiles(), "shown")
    index_all(folder, packing, access, SearchIndex(folder / "index"), told)
    publish(root, folder)
    remove_unused(root)
    return folder


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
