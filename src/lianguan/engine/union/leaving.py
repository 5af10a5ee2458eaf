"""A member leaves: one line of the log, with which all its records and items go. Its bytes stay in
the sources, so that it may be taken back, until somebody removes them."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from lianguan.engine.read.findings import Refused
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.database import building
from lianguan.engine.union.delivery import Told, nobody
from lianguan.engine.union.loading import Loaded
from lianguan.engine.union.rebuilding import ready_builder
from lianguan.engine.union.sources import LEAVING, Import, Sources


class Leaver(NamedTuple):
    """What of a member is in the catalogue."""

    records: int
    entries: int
    """Entries in which it has a record."""
    alone: int
    """Those of them in which nobody else has one: they go with it."""
    items: int
    """Holdings that came apart from its records."""


def leaver(root: Path, library: str) -> Leaver:
    """What goes if a member leaves. Raises Refused: "library_unknown", "library_left"."""
    _check_there(Sources(root / "sources"), library)
    counted = (
        "SELECT count(*), count(DISTINCT entry), count(DISTINCT CASE WHEN NOT EXISTS ("
        " SELECT 1 FROM records AS other WHERE other.entry = records.entry"
        " AND other.library <> records.library) THEN entry END)"
        " FROM records JOIN libraries ON libraries.id = library WHERE code = ?"
    )
    with UnionCatalogue(root) as catalogue:
        row = catalogue.connection.execute(counted, (library,)).fetchone()
        items = catalogue.connection.execute(
            "SELECT count(*) FROM items WHERE library = ?", (library,)
        ).fetchone()
    return Leaver(*row, *items)


def leave(root: Path, library: str, told: Told = nobody) -> Loaded:
    """Let a member leave. Raises Refused: "library_unknown", "library_left"."""
    _check_there(Sources(root / "sources"), library)
    with building(root, f"leave {library}"):
        builder = ready_builder(root, told)
        sources = builder.sources
        _check_there(sources, library)
        one = sources.receive(library, [], LEAVING, sources.profile(library))
        builder.catch_up(told, before=one.number)
        return builder.load(one, told)


def _check_there(sources: Sources, library: str) -> None:
    log = sources.imports(library)
    if not log:
        raise Refused("library_unknown", library)
    if has_left(log):
        raise Refused("library_left", library)


def has_left(log: Iterable[Import]) -> bool:
    """Whether the last of a member's deliveries that was not taken back is its leaving."""
    kinds = [one.kind for one in log if not one.withdrawn]
    return kinds[-1:] == [LEAVING]
