"""Building the catalogue: a delivery in, a delivery taken back, everything again from the
sources. The only module that changes a catalogue."""

import contextlib
import itertools
import json
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlite

from lianguan.engine.mapping.fast import seldom_collecting
from lianguan.engine.match.cluster import Pair
from lianguan.engine.read import compiled
from lianguan.engine.read.files import SourceFile
from lianguan.engine.read.findings import Refused
from lianguan.engine.union import database
from lianguan.engine.union.access import Access
from lianguan.engine.union.database import Connection
from lianguan.engine.union.decisions import OPEN, Decision, in_force
from lianguan.engine.union.delivery import WORTH_SHARING, Delivery, Told, nobody
from lianguan.engine.union.entries import counts, note, write_entries
from lianguan.engine.union.generations import (
    current,
    done_until,
    in_use,
    is_of_now,
    new_generation,
    packing_of,
    publish,
    remove_unused,
)
from lianguan.engine.union.indexing import bring_up
from lianguan.engine.union.loading import (
    Again,
    Load,
    Loaded,
    Unsettled,
    keep_profile,
    set_aside_file,
)
from lianguan.engine.union.prepare import Against, samples
from lianguan.engine.union.resolve import Resolver
from lianguan.engine.union.sharing import Bundle, ProcessFailed, Team, processes
from lianguan.engine.union.sharing import Event as Prepared
from lianguan.engine.union.sources import Event, Import, Sources, number_of, time_of
from lianguan.engine.union.store import Changes, Repeated, Way, Writer, known_hashes, last_record
from lianguan.engine.union.written import Packing, learned

MACHINE_FAULTS = (OSError, MemoryError, sqlite.Error, ProcessFailed)
"""What goes wrong without anything being wrong with what was sent."""

MOST_LEARNED_FROM = 8
"""Deliveries out of which it is learned how to pack records."""


@dataclass(slots=True)
class Catalogue:
    """A catalogue open for writing, and what is not yet settled in it."""

    connection: Connection
    packing: Packing
    decisions: dict[Pair, str]
    """Those that people took before what happens now."""
    told: Told = nobody
    is_new: bool = False
    """It is indexed whole in the end: what changes need not be noted."""
    decided: list[Pair] = field(default_factory=list)
    """On what people decided since all was settled."""
    changes: Changes = field(init=False)

    def __post_init__(self) -> None:
        self.changes = Changes(last_record(self.connection) + 1)

    def load(
        self,
        one: Import,
        files: list[SourceFile],
        prepared: Iterator[Prepared] | None = None,
        *,
        may_delete: bool = True,
    ) -> Loaded:
        """Load a delivery, of which others may have `prepared` all. Raises Refused before
        anything is changed."""
        first = [prepared]

        def run(way: Way) -> tuple[Loaded, Writer]:
            writer = Writer(self.connection, self.packing, one.library, one.number, way)
            sizes = one.sizes or [0] * len(files)
            is_small = sum(sizes) < WORTH_SHARING
            bundle = Bundle(files, sizes, writer.against(one, is_small=is_small))
            delivery = Delivery(bundle, self.told, first.pop() if first else None)
            return Load(writer, one, delivery, may_delete=may_delete).run(), writer

        try:
            done = self._carried_out(run)
        finally:
            deque(prepared or (), maxlen=0)
        self._event(one.number, one.id, one.at)
        self.connection.execute(
            "INSERT OR REPLACE INTO imports VALUES (?, ?, ?)",
            (one.number, one.library, _summary(done)),
        )
        return done

    def carry_out(self, event: Event, sources: Sources) -> Loaded:
        """Do what a line of the log says."""
        if isinstance(event.what, Decision):
            return self.decide(event.what)
        if event.is_withdrawal:
            return self.withdraw(event.what, event.at, sources)
        files = sources.open_files(event.what)
        return self.load(event.what, files, may_delete=event.what.may_delete)

    def load_together(self, imports: list[Import], sources: Sources) -> None:
        """Load deliveries of different members, prepared ahead of their loading."""
        files = [sources.open_files(one) for one in imports]
        known = [known_hashes(self.connection, one.library) for one in imports]
        bundles = [
            Bundle(files[i], one.sizes, Against.of(one, known[i], self.packing))
            for i, one in enumerate(imports)
        ]
        is_worth_it = sum(sum(one.sizes) for one in imports) >= WORTH_SHARING
        with contextlib.ExitStack() as stack:
            prepared: Iterable[Iterator[Prepared] | None] = itertools.repeat(None, len(imports))
            if is_worth_it and processes() > 1 and compiled.available():
                prepared = stack.enter_context(Team(bundles, processes()).at_work())
            for i, its in enumerate(prepared):
                self.told("rebuild", i, len(imports))
                set_aside_file(sources.root.parent, self.load(imports[i], files[i], its))

    def decide(self, decision: Decision) -> Loaded:
        """Let a person's decision count from now on."""
        self.decisions.pop(decision.pair, None)
        if decision.said != OPEN:
            self.decisions[decision.pair] = decision.said
        self.decided.append(decision.pair)
        self._event(number_of(decision.at), decision.at, time_of(decision.at))
        return Loaded(decision.at)

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
        way = Way(self.is_settled, self.changes.first_new)
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

    @property
    def is_settled(self) -> bool:
        """Nothing was touched since the last time."""
        return not self.changes and not self.decided

    def settle(self) -> None:
        """Work out entries for what was touched since the last time."""
        if self.is_settled:
            return
        self.told("match", 0, len(self.changes.ids))
        resolver = Resolver(self.connection, self.packing, self.changes, self.decisions)
        settled = resolver.resolve(self.decided)
        self.decided = []
        write_entries(self.connection, settled)
        if not self.is_new:
            note(self.connection, settled, self.changes.gone.values())
        self.changes = Changes(last_record(self.connection) + 1)


class Builder:
    """Builds the catalogue under `root`. Only within `database.building`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.sources = Sources(root / "sources")
        self.folder = in_use(root)

    def load(self, one: Import, told: Told = nobody, *, may_delete: bool = True) -> Loaded:
        """Load a delivery that the sources have. Raises Refused("deletes_too_much") before
        anything is changed."""
        files = self.sources.open_files(one)
        return self._change(lambda to: to.load(one, files, may_delete=may_delete), told)

    def rehearse(self, one: Import, files: list[SourceFile], told: Told = nobody) -> Loaded:
        """What loading would change. Nothing is kept."""
        return self._change(lambda to: to.load(one, files), told, keep=False)

    def carry_out(self, event: Event, told: Told = nobody) -> Loaded:
        """Do what a line of the log says."""
        return self._change(lambda to: to.carry_out(event, self.sources), told)

    def _change(
        self, act: Callable[[Catalogue], Loaded], told: Told, *, keep: bool = True
    ) -> Loaded:
        started = time.perf_counter()
        with closing(self._connect()) as connection, seldom_collecting():
            with database.transaction(connection, keep=keep):
                packing = self._packing(connection)
                decisions = in_force(self._done(connection))
                catalogue = Catalogue(connection, packing, decisions, told)
                done = act(catalogue)
                catalogue.settle()
                done.entries, done.works = counts(connection)
            if keep:
                self.index(connection, packing, told)
        done.seconds = round(time.perf_counter() - started, 3)
        return done

    def _packing(self, connection: Connection) -> Packing:
        """How the catalogue packs its records; learned from the first deliveries."""
        known = packing_of(connection)
        return learn(connection, self.sources) if known is None else known

    def _done(self, connection: Connection) -> Iterator[Decision]:
        """The decisions that count already."""
        done = _events_done(connection)
        return (one for one in self.sources.decisions.every() if number_of(one.at) in done)

    def catch_up(self, told: Told = nobody, before: int | None = None) -> list[Loaded]:
        """Do what the log says, up to the line `before`, and the catalogue has not done: what
        waits for its load, and what was cut short by a crash or a power cut."""
        with closing(self._connect()) as connection:
            known = _events_done(connection)
            self.index(connection, packing_of(connection) or Packing(), told)
        waiting = [
            event
            for event in self.sources.history()
            if event.number not in known and (before is None or event.number < before)
        ]
        return [done for event in waiting for done in self._late(event, told)]

    def _late(self, event: Event, told: Told) -> list[Loaded]:
        """Do what was cut short. A delivery that cannot be loaded must not stop those after it,
        and is kept, with the reason, for somebody to look at."""
        try:
            loaded = self.carry_out(event, told)
        except Exception as error:
            if not isinstance(event.what, Import) or event.is_withdrawal:
                raise
            if not self.is_its_own_fault(event.what, error):
                raise
            reason = error.code if isinstance(error, Refused) else repr(error)
            self.sources.put_aside(event.what, reason)
            return []
        set_aside_file(self.root, loaded)
        if isinstance(event.what, Import) and not event.is_withdrawal:
            keep_profile(self.sources, event.what, loaded)
        return [loaded]

    def is_its_own_fault(self, one: Import, error: Exception) -> bool:
        """It was the delivery that could not be loaded; not the machine, which may have room or
        memory tomorrow, and not something that came after the load was committed."""
        if isinstance(error, MACHINE_FAULTS):
            return False
        with closing(self._connect()) as connection:
            return one.number not in _events_done(connection)

    def index(self, connection: Connection, packing: Packing, told: Told = nobody) -> None:
        """Bring the search index up to the catalogue's entries."""
        access = Access(self.sources.profiles(), "shown")
        bring_up(self.folder, connection, packing, access, told)

    def _connect(self) -> Connection:
        return database.connect(self.folder / "catalogue.sqlite", writing=True)


def _events_done(connection: Connection) -> set[int]:
    return {row[0] for row in connection.execute("SELECT number FROM events")}


def learn(connection: Connection, sources: Sources) -> Packing:
    """Learn from some of the deliveries how to pack records, and keep it."""
    imports = list(sources.every())
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


def rebuild(root: Path, told: Told, until: int | None = None) -> None:
    """The catalogue again from nothing but the log and its sources: every delivery, withdrawal
    and decision in their order. The old one stays in use until the new one is whole.

    What stands in the log after the event `until` was never done, and a delivery there may yet
    be refused: it is loaded as any that comes. Without `until` the catalogue in use says where
    that begins.
    """
    history = Sources(root / "sources").history()
    last = done_until(root, history) if until is None else until
    _replay(root, [event for event in history if event.number <= last], told)
    Builder(root).catch_up(told)


def _replay(root: Path, events: list[Event], told: Told) -> None:
    """A new catalogue of these events, put in use."""
    sources = Sources(root / "sources")
    folder = new_generation(root)
    unused = database.connect_unused(folder / "catalogue.sqlite")
    with closing(unused) as connection, seldom_collecting():
        with database.transaction(connection):
            packing = learn(connection, sources)
            catalogue = Catalogue(connection, packing, {}, told, is_new=True)
            for run in _runs(events):
                if isinstance(run, Event):
                    catalogue.carry_out(run, sources)
                else:
                    catalogue.load_together(run, sources)
            catalogue.settle()
            database.make_indexes(connection)
        database.make_usable(connection)
        access = Access(sources.profiles(), "shown")
        bring_up(folder, connection, packing, access, told)
    publish(root, folder)
    remove_unused(root)


def _runs(events: list[Event]) -> Iterator[list[Import] | Event]:
    """The events in their order: deliveries of different members together, and what else there
    is one by one. What is prepared ahead of a delivery must not depend on one before it."""
    run: dict[str, Import] = {}
    for event in events:
        came = event.what if isinstance(event.what, Import) and not event.is_withdrawal else None
        if run and (came is None or came.library in run):
            yield list(run.values())
            run = {}
        if came is None:
            yield event
        else:
            run[came.library] = came
    if run:
        yield list(run.values())


def ready_builder(root: Path, told: Told) -> Builder:
    """A builder whose catalogue is what the log says: what was cut short is done, and a
    catalogue that an earlier version made is built again."""
    folder = current(root)
    if folder and not is_of_now(folder):
        told("upgrade", 0, 0)
        rebuild(root, told)
    Sources(root / "sources").tidy()
    remove_unused(root)
    builder = Builder(root)
    builder.catch_up(told)
    return builder
