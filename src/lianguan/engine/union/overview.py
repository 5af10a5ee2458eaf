"""What can be said of a catalogue that is open as a whole: what is new in it, and when its
members last sent something."""

from collections.abc import Iterable

from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.entries import is_open


def newest(catalogue: UnionCatalogue, count: int) -> list[str]:
    """The addresses of the entries that came last, the last first."""
    where = is_open(catalogue.connection, catalogue.access, "entries.record")
    rows = catalogue.connection.execute(
        "SELECT address FROM entries JOIN records ON id = record"  # noqa: S608 - see is_open
        f" WHERE {where} ORDER BY record DESC LIMIT ?",
        (count,),
    )
    return [row[0] for row in rows]


def last_days(catalogue: UnionCatalogue) -> dict[str, str]:
    """Member whose records are shown → the day of its last delivery."""
    rows = catalogue.connection.execute(
        "SELECT library, max(at) FROM imports JOIN events ON events.number = imports.number"
        " GROUP BY library"
    )
    return {row[0]: row[1][:10] for row in rows if catalogue.access.is_open(row[0])}


def editions_of(catalogue: UnionCatalogue, works: Iterable[str]) -> dict[str, int]:
    """Work → how many entries of it are shown, of works by which entries are grouped."""
    numbers = [number for work in works if (number := _number(work))]
    if not numbers:
        return {}
    where = is_open(catalogue.connection, catalogue.access, "entries.record")
    marks = ",".join("?" * len(numbers))
    rows = catalogue.connection.execute(
        f"SELECT work, count(*) FROM entries WHERE work IN ({marks}) AND {where} GROUP BY work",  # noqa: S608
        numbers,
    )
    return {f"{work:016x}": count for work, count in rows}


def _number(work: str) -> int | None:
    """The number of a work's name; None for an entry that is a work of its own."""
    return int(work, 16) if len(work) >= WORK_NAME else None


WORK_NAME = 16
