"""Everything again from nothing but the log and its sources: because somebody wants it, the rules
are others, or the catalogue is gone."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from lianguan.engine.mapping.fast import seldom_collecting
from lianguan.engine.read.findings import Refused
from lianguan.engine.union import database
from lianguan.engine.union.access import Access
from lianguan.engine.union.build import MACHINE_FAULTS, Builder, Catalogue, learn
from lianguan.engine.union.delivery import Told
from lianguan.engine.union.generations import (
    current,
    done_until,
    is_lost,
    is_of_now,
    new_generation,
    publish,
    remove_unused,
)
from lianguan.engine.union.indexing import bring_up
from lianguan.engine.union.room import check_room, for_rebuild, size_of
from lianguan.engine.union.sources import Event, Import, Sources

ROOM_FOR_SOURCES = 2
"""Bytes of a catalogue for each of its packed sources, where there is none to be measured."""


def rebuild(root: Path, told: Told, until: int | None = None) -> None:
    """The catalogue again from nothing but the log and its sources: every delivery, withdrawal
    and decision in their order. The old one stays in use until the new one is whole.

    What stands in the log after the event `until` was never done, and a delivery there may yet
    be refused: it is loaded as any that comes. Without `until` the catalogue in use says where
    that begins. Raises Refused: "disk_full", or "sources_damaged" naming the deliveries, unless
    they were taken back.
    """
    size = max(size_of(current(root)), ROOM_FOR_SOURCES * size_of(root / "sources"))
    check_room(root, for_rebuild(size))
    sources = Sources(root / "sources")
    history = sources.history()
    last = done_until(root, history) if until is None else until
    events = [event for event in history if event.number <= last]
    try:
        _replay(root, events, told)
    except MACHINE_FAULTS as error:
        _replay(root, _readable(sources, events, error), told)
    Builder(root).catch_up(told)


def _readable(sources: Sources, events: list[Event], error: Exception) -> list[Event]:
    """The events without the deliveries that are damaged and taken back. Raises Refused if one is
    not taken back, and the error if none is damaged: then it was the machine's."""
    imports = [event.what for event in events if isinstance(event.what, Import)]
    damaged = {one.id: one for one in imports if sources.damaged([one])}
    if not damaged:
        raise error
    needed = [f"{one.library} {one.id}" for one in damaged.values() if not one.withdrawn]
    if needed:
        raise Refused("sources_damaged", ", ".join(needed))
    return [event for event in events if getattr(event.what, "id", "") not in damaged]


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
    if is_lost(root) or (folder and not is_of_now(folder)):
        told("upgrade", 0, 0)
        rebuild(root, told)
    Sources(root / "sources").tidy()
    remove_unused(root)
    builder = Builder(root)
    builder.catch_up(told)
    return builder
