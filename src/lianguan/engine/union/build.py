"""Building the catalogue: a delivery in, a delivery taken back, a decision. Beside `rebuilding` the
only module that changes a catalogue."""

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
from lianguan.engine.union.entries import counts, note, note_entries, write_entries
from lianguan.engine.union.generations import in_use, packing_of
from lianguan.engine.union.indexing import bring_up
from lianguan.engine.union.known import known_hashes
from lianguan.engine.union.loading import (
    Again,
    Load,
    Loaded,
    Unsettled,
    keep_profile,
    needed_without,
    set_aside_file,
)
from lianguan.engine.union.prepare import Against, samples
from lianguan.engine.union.resolve import Resolver
from lianguan.engine.union.room import check_room, for_import
from lianguan.engine.union.sharing import Bundle, ProcessFailed, Team, processes
from lianguan.engine.union.sharing import Event as Prepared
from lianguan.engine.union.sources import Event, Import, Sources, number_of, time_of
from lianguan.engine.union.store import Changes, Repeated, Way, Writer, last_record
from lianguan.engine.union.works import group_works
from lianguan.engine.union.written import Packing, learned

MACHINE_FAULTS = (OSError, MemoryError, sqlite.Error, ProcessFailed)
"""What goes wrong without anything being wrong with what was sent."""

MOST_LEARNED_FROM = 8
"""Deliveries out of which it is learned how to pack records."""

LEFT_OUT = "left_out"
"""In the counts of a delivery: why it was not loaded again."""

DONE = "done_until"
"""The line in the catalogue's `meta` with the number up to which all of the log is done."""


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
        self._delivered(one, _summary(done))
        return done

    def _delivered(self, one: Import, said: dict[str, object]) -> None:
        self._event(one.number, one.id, one.at)
        self.connection.execute(
            "INSERT OR REPLACE INTO imports VALUES (?, ?, ?)",
            (one.number, one.library, json.dumps(said)),
        )

    def leave_out(self, one: Import, refused: Refused) -> None:
        """Go on as if a delivery had nothing in it. It was loaded once, by other rules, and what
        the present ones say against it must not keep out all others."""
        self._delivered(one, {LEFT_OUT: f"{refused.code} {refused.detail}".strip()})

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
            Bundle(files[i], one.sizes, Against.of(one, known[i].get, self.packing))
            for i, one in enumerate(imports)
        ]
        is_worth_it = sum(sum(one.sizes) for one in imports) >= WORTH_SHARING
        with contextlib.ExitStack() as stack:
            prepared: Iterable[Iterator[Prepared] | None] = itertools.repeat(None, len(imports))
            if is_worth_it and processes() > 1 and compiled.available():
                prepared = stack.enter_context(Team(bundles, processes()).at_work())
            for i, its in enumerate(prepared):
                self.told("rebuild", i, len(imports))
                try:
                    set_aside_file(sources.root.parent, self.load(imports[i], files[i], its))
                except Refused as refused:
                    self.leave_out(imports[i], refused)

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
            except Refused:
                self._take_back()
                raise
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
        self.connection.execute(
            "UPDATE meta SET value = ? WHERE name = ? AND value = ?", (number, DONE, number - 1)
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
        regrouped = write_entries(self.connection, settled)
        regrouped += group_works(self.connection, self.decisions)
        if not self.is_new:
            note(self.connection, settled, self.changes)
            note_entries(self.connection, regrouped)
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
        check_room(self.root, for_import(sum(one.sizes)))

        def act(to: Catalogue) -> Loaded:
            done = to.load(one, self.sources.open_files(one), may_delete=may_delete)
            # Kept before it is committed: once the delivery is in, the next is read as it was, and
            # whoever looks sees what was set aside of it.
            keep_profile(self.sources, one, done)
            set_aside_file(self.root, done)
            return done

        return self._change(act, told)

    def rehearse(self, one: Import, files: list[SourceFile], told: Told = nobody) -> Loaded:
        """What loading would change. Nothing is kept."""
        return self._change(lambda to: to.load(one, files), told, keep=False)

    def carry_out(self, event: Event, told: Told = nobody) -> Loaded:
        """Do what a line of the log says."""
        if isinstance(event.what, Import) and not event.is_withdrawal:
            return self.load(event.what, told, may_delete=event.what.may_delete)
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
        given = self.sources.last_event if before is None else before - 1
        with closing(self._connect()) as connection:
            self.index(connection, packing_of(connection) or Packing(), told)
            if _done_until(connection) >= given > 0:
                return []
            known = _events_done(connection)
        waiting = [
            event
            for event in self.sources.history()
            if event.number not in known and (before is None or event.number < before)
        ]
        done = [loaded for event in waiting for loaded in self._late(event, told)]
        with closing(self._connect()) as connection:
            if {event.number for event in waiting} <= _events_done(connection):
                connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (DONE, given))
        return done

    def _late(self, event: Event, told: Told) -> list[Loaded]:
        """Do what was cut short. What cannot be done must not stop what comes after it: a
        delivery is kept, with the reason, for somebody to look at; anything else waits."""
        try:
            return [self.carry_out(event, told)]
        except Exception as error:
            if not self.is_its_own_fault(event, error):
                raise
            if isinstance(event.what, Import) and not event.is_withdrawal:
                reason = error.code if isinstance(error, Refused) else repr(error)
                self.sources.put_aside(event.what, reason)
            return []

    def is_its_own_fault(self, event: Event, error: Exception) -> bool:
        """It was the event that could not be carried out; not the machine, which may have room
        or memory tomorrow, and not something that came after the event was committed. The machine
        is believed to be well where kept files that the event needs are damaged."""
        if isinstance(error, MACHINE_FAULTS) and not self.sources.damaged(self._needed(event)):
            return False
        if isinstance(error, Refused) and error.code == "disk_full":
            return False
        with closing(self._connect()) as connection:
            return event.number not in _events_done(connection)

    def _needed(self, event: Event) -> list[Import]:
        """The deliveries that are read to carry an event out."""
        if isinstance(event.what, Decision):
            return []
        if not event.is_withdrawal:
            return [event.what]
        return needed_without(self.sources, event.what, event.at)

    def index(self, connection: Connection, packing: Packing, told: Told = nobody) -> None:
        """Bring the search index up to the catalogue's entries."""
        access = Access(self.sources.profiles(), "shown")
        bring_up(self.folder, connection, packing, access, told)

    def _connect(self) -> Connection:
        return database.connect(self.folder / "catalogue.sqlite", writing=True)


def _done_until(connection: Connection) -> int:
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (DONE,)).fetchone()
    return int(row[0]) if row else 0


def _events_done(connection: Connection) -> set[int]:
    return {row[0] for row in connection.execute("SELECT number FROM events")}


def learn(connection: Connection, sources: Sources) -> Packing:
    """Learn from some of the deliveries how to pack records, and keep it."""
    imports = list(sources.every())
    some = imports[:: len(imports) // MOST_LEARNED_FROM + 1]
    found: list[bytes] = []
    for one in some:
        for file in sources.open_files(one)[:1]:
            with contextlib.suppress(OSError):  # who reads a damaged file to load it tells of it
                found += samples(file, one.profile)
    dictionary = learned(found)
    connection.execute("INSERT INTO meta VALUES ('dictionary', ?)", (dictionary,))
    return Packing(dictionary)


def _summary(done: Loaded) -> dict[str, object]:
    said = {name: getattr(done, name) for name in ("read", "new", "changed", "unchanged")}
    said |= {"deleted": done.deleted, "set_aside": len(done.set_aside), "repaired": done.repaired}
    return said
