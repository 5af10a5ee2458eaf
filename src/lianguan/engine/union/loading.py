"""One delivery on its way into the catalogue, and a member's deliveries without one of them."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from lianguan.engine.read.findings import Refused, SetAside
from lianguan.engine.record import Holding
from lianguan.engine.union.database import Connection
from lianguan.engine.union.delivery import (
    Arrived,
    Copies,
    Delivery,
    Gone,
    Piece,
    Shape,
    Told,
    missing_records,
)
from lianguan.engine.union.sources import FULL, Import, Sources, time_of
from lianguan.engine.union.store import Writer, keep_items

MOST_DELETED = 0.1
"""Share of a member's records that a full delivery may take away without being asked twice."""


HOLDS_NOTHING = ("nothing_in_it", "not_bibliographic")
"""Reasons for which no record of the member can have been missed."""


@dataclass(slots=True)
class Loaded:
    """What a load did. The counts are of records."""

    import_id: str = ""
    read: int = 0
    repaired: dict[str, int] = field(default_factory=dict)
    set_aside: list[SetAside] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    marked_deleted: int = 0
    """Came with the mark of a deleted record (leader/05 d), known or not."""
    items: int = 0
    entries: int = 0
    works: int = 0
    seconds: float = 0.0
    shapes: list[Shape] = field(default_factory=list)


class Load:
    """One delivery on its way into the catalogue."""

    def __init__(
        self, connection: Connection, one: Import, delivery: Delivery, may_delete: bool
    ) -> None:
        self.connection = connection
        self.one = one
        self.delivery = delivery
        self.may_delete = may_delete
        self.writer = Writer(connection, one.library, one.id, one.at)
        self.done = Loaded(one.id)
        self.gone: dict[str, None] = {}
        self.seen: set[str] = set()
        self.items: dict[str, list[Holding]] = {}

    def run(self) -> Loaded:
        for piece in self.delivery.pieces():
            self._take(piece)
        deleted = [number for number in self.gone if number not in self.seen]
        if self.one.kind == FULL and self.seen:
            deleted += [n for n in self.writer.known if n not in self.seen and n not in self.gone]
            self._refuse_many(len(deleted))
        self.done.deleted = self.writer.delete(deleted)
        self.done.marked_deleted = len(self.gone)
        self._keep_items()
        self._report()
        return self.done

    def _take(self, piece: Piece) -> None:
        if isinstance(piece, Arrived):
            self.seen.add(piece.number)
            self.writer.take(piece)
        elif isinstance(piece, Gone):
            self.gone[piece.number] = None
        elif isinstance(piece, Copies):
            self.items.setdefault(piece.number, []).extend(piece.holdings)
        else:
            self.done.set_aside.append(piece)

    def _refuse_many(self, count: int) -> None:
        before = len(self.writer.known) - self.writer.new
        unread = [one for one in self.done.set_aside if one.reason not in HOLDS_NOTHING]
        if not self.may_delete and count and unread:
            raise Refused("deletes_unread", f"{count} / {len(unread)}")
        if not self.may_delete and count > before * MOST_DELETED:
            raise Refused("deletes_too_much", f"{count} / {before}")

    def _keep_items(self) -> None:
        if not self.items:
            return
        if self.one.kind == FULL:
            self.connection.execute("DELETE FROM items WHERE library = ?", (self.one.library,))
        touched = keep_items(self.connection, self.one.library, self.one.id, self.items)
        self.writer.changes.dirty |= touched
        lengths = {number: len(held) for number, held in self.items.items()}
        self.done.items = sum(lengths.values())
        name = self.delivery.sources[0].name if self.delivery.sources else ""
        self.done.set_aside += missing_records(lengths, set(self.writer.known), name)

    def _report(self) -> None:
        done, writer = self.done, self.writer
        done.new, done.changed, done.unchanged = writer.new, writer.changed, writer.unchanged
        done.read, done.repaired = self.delivery.read, dict(sorted(self.delivery.repaired.items()))
        done.shapes = self.delivery.shapes


@dataclass(slots=True)
class _Folded:
    """What a member's deliveries come to, one after the other."""

    records: dict[str, tuple[str, Arrived]] = field(default_factory=dict)
    """Number → the import that has it, and the record."""
    items: dict[str, list[Holding]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def add(self, import_id: str, piece: Piece) -> None:
        """One piece of a delivery."""
        if isinstance(piece, Arrived):
            self.records[piece.number] = (import_id, piece)
        elif isinstance(piece, Gone):
            self.gone.add(piece.number)
        elif isinstance(piece, Copies):
            self.items.setdefault(piece.number, []).extend(piece.holdings)

    def then(self, later: "_Folded", *, is_full: bool) -> None:
        """A later delivery on top of what there was."""
        if is_full and later.records:
            self.records.clear()
        if is_full and later.items:
            self.items.clear()
        for number in later.gone - later.records.keys():
            self.records.pop(number, None)
        self.records.update(later.records)
        self.items.update(later.items)


class Again:
    """A member's deliveries read again without the one that was taken back."""

    def __init__(self, connection: Connection, sources: Sources, one: Import, at: str) -> None:
        self.connection = connection
        self.sources = sources
        self.one = one
        self.others = [i for i in sources.imports(one.library) if not i.is_withdrawn(at)]
        self.writer = Writer(connection, one.library, one.id, time_of(at))
        self.done = Loaded(one.id)

    def run(self, told: Told) -> Loaded:
        folded = _Folded()
        for other in self.others:
            later = _Folded()
            sizes = [file.size for file in other.files]
            delivery = Delivery(self.sources.open_files(other), other.profile, sizes, told)
            for piece in delivery.pieces():
                later.add(other.id, piece)
            folded.then(later, is_full=other.kind == FULL)
        self._write(folded)
        return self.done

    def _write(self, folded: _Folded) -> None:
        writer, done = self.writer, self.done
        for number, (import_id, arrived) in folded.records.items():
            writer.import_id = import_id
            known = writer.known.get(number)
            writer.take(arrived)
            if known and known.import_id == self.one.id:
                writer.moved(arrived)
        done.deleted = writer.delete([n for n in writer.known if n not in folded.records])
        done.read = len(folded.records)
        done.new, done.changed, done.unchanged = writer.new, writer.changed, writer.unchanged
        self._items(folded.items)

    def _items(self, items: dict[str, list[Holding]]) -> None:
        rows = self.connection.execute(
            "SELECT records.id FROM items JOIN records USING (library, number) WHERE library = ?",
            (self.one.library,),
        )
        self.writer.changes.dirty.update(row[0] for row in rows.fetchall())
        self.connection.execute("DELETE FROM items WHERE library = ?", (self.one.library,))
        self.writer.changes.dirty |= keep_items(
            self.connection, self.one.library, self.one.id, items
        )
        self.writer.changes.dirty -= self.writer.changes.gone.keys()


def set_aside_file(root: Path, loaded: Loaded) -> Path | None:
    """Where the list of what was set aside stands: one JSON object a line with file, offset,
    length, reason and detail. None if there is nothing in it."""
    if not loaded.set_aside:
        return None
    folder = root / "set_aside"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{loaded.import_id}.jsonl"
    lines = (json.dumps(_line(one), ensure_ascii=False) for one in loaded.set_aside)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def _line(one: SetAside) -> dict[str, object]:
    return asdict(one)
