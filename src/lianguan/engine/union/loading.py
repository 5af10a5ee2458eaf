"""One delivery on its way into the catalogue, and a member's deliveries without one of them."""

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from lianguan.engine.read.findings import Reason, Refused, Rule, SetAside
from lianguan.engine.union import numbering
from lianguan.engine.union.delivery import Came, Delivery, Shape, Told, missing_records
from lianguan.engine.union.durable import make_folder, write_whole
from lianguan.engine.union.entries import note_holdings
from lianguan.engine.union.keys import TWIN
from lianguan.engine.union.prepare import Arrived, Copies, Gone
from lianguan.engine.union.sharing import Bundle
from lianguan.engine.union.sources import (
    DELETES,
    FULL,
    LEAVING,
    UPSERT,
    Import,
    Sources,
    called_after,
)
from lianguan.engine.union.store import Origin, Writer

MOST_DELETED = 0.1
"""Share of a member's records that a full delivery or a delete list may take away without being
asked twice."""


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
    """Came with the mark of a deleted record (leader/05 d) or in a delete list, known or not."""
    items: int = 0
    entries: int = 0
    works: int = 0
    seconds: float = 0.0
    shapes: list[Shape] = field(default_factory=list)


class Unsettled(Exception):
    """A delivery deletes records while what came before it is not settled: where the address of
    a deleted record leads depends on the entry that it was in."""


class Load:
    """One delivery on its way into the catalogue."""

    def __init__(
        self, writer: Writer, one: Import, delivery: Delivery, *, may_delete: bool
    ) -> None:
        self.one = one
        self.delivery = delivery
        self.may_delete = may_delete
        self.writer = writer
        self.done = Loaded(one.id)
        self.gone: dict[str, tuple[str, ...]] = {}
        """Numbers that were deleted, each with what had come under it before."""
        self.seen: set[str] = set()
        """What is there when all has come: of what is said of a number the last counts."""
        self.items: dict[str, list[str]] = {}

    def run(self) -> Loaded:
        """Write what the delivery changes. Raises Refused, Unsettled or Repeated, and then what
        was written is to be taken back."""
        for came in self.delivery.pieces():
            self._take(came)
        self._delete()
        if self.one.kind == LEAVING:
            self.writer.forget_items({})
        self._keep_items()
        self._report()
        return self.done

    def _take(self, came: Came) -> None:
        piece = came.piece
        if isinstance(piece, Arrived):
            self.seen.add(piece.number)
            self.writer.take(piece, Origin(self.one.number, came.file, came.shape))
        elif isinstance(piece, Gone):
            self.seen.difference_update(piece.came)
            self.gone[piece.number] = self.gone.get(piece.number, ()) + piece.came
            if self.one.kind == DELETES and not self.writer.known.get(piece.number):
                self.done.set_aside.append(_unknown(came, piece))
        elif isinstance(piece, Copies):
            self.items.setdefault(piece.number, []).extend(piece.holdings)
        else:
            self.done.set_aside.append(piece)

    def _delete(self) -> None:
        deleted = self._no_longer_there()
        if self.one.kind in (FULL, DELETES):
            self._refuse_many(len(deleted))
        if deleted and not self.writer.way.is_settled:
            raise Unsettled
        self.done.deleted = self.writer.delete(deleted)
        self.done.marked_deleted = len(self.gone)

    def _no_longer_there(self) -> list[str]:
        """The numbers of the records that go."""
        self.writer.flush()
        known = self.writer.known
        if self.one.kind == LEAVING or (self.one.kind == FULL and self.seen):
            return [number for number in known.all() if number not in self.seen]
        said = {
            name: None
            for number, came in self.gone.items()
            for name in (number, *came, *known.twins(number))
        }
        return [number for number in said if number not in self.seen and known.get(number)]

    def _refuse_many(self, count: int) -> None:
        before = self.writer.known.count() - self.writer.new
        unread = [one for one in self.done.set_aside if one.reason not in HOLDS_NOTHING]
        if not self.may_delete and count and unread and self.one.kind == FULL:
            raise Refused("deletes_unread", f"{count} / {len(unread)}")
        if not self.may_delete and count > before * MOST_DELETED:
            raise Refused("deletes_too_much", f"{count} / {before}")

    def _keep_items(self) -> None:
        if not self.items:
            return
        if self.one.kind == FULL:
            self.writer.forget_items(self.items)
        self.writer.keep_items(self.one.id, self.items)
        note_holdings(self.writer)
        lengths = {number: len(held) for number, held in self.items.items()}
        self.done.items = sum(lengths.values())
        files = self.delivery.bundle.files
        name = files[0].name if files else ""
        known = {number for number in lengths if self.writer.known.get(number)}
        self.done.set_aside += missing_records(lengths, known, name)

    def _report(self) -> None:
        done, writer, delivery = self.done, self.writer, self.delivery
        done.new, done.changed, done.unchanged = writer.new, writer.changed, writer.unchanged
        done.read, done.repaired = delivery.read, dict(sorted(delivery.repaired.items()))
        done.shapes = delivery.shapes


def _unknown(came: Came, gone: Gone) -> SetAside:
    """A number in a delete list under which the member has nothing."""
    reason = Reason.NUMBER_UNKNOWN.value
    return SetAside(came.shape.name, gone.offset, gone.length, reason, gone.number)


@dataclass(slots=True)
class _Folded:
    """What a member's deliveries come to, one after the other."""

    records: dict[str, tuple[Arrived, Origin]] = field(default_factory=dict)
    """Number → the record, and where its bytes are."""
    items: dict[str, list[str]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    twins: dict[str, set[str]] = field(default_factory=dict)
    """Number → what else came under it."""

    def add(self, one: Import, came: Came) -> None:
        """One piece of a delivery."""
        piece = came.piece
        if isinstance(piece, Arrived):
            self._arrived(piece, Origin(one.number, came.file, came.shape))
        elif isinstance(piece, Gone):
            self.gone.add(piece.number)
            for number in piece.came:
                self.records.pop(number, None)
        elif isinstance(piece, Copies):
            self.items.setdefault(piece.number, []).extend(piece.holdings)

    def _arrived(self, piece: Arrived, origin: Origin) -> None:
        self.records[piece.number] = (piece, origin)
        if TWIN in piece.number:
            twins = self.twins.setdefault(piece.number.rpartition(TWIN)[0], set())
            twins.discard(piece.number)
            if piece.rules & int(Rule.NUMBER_TWICE):
                twins.add(piece.number)

    def then(self, later: "_Folded", kind: str) -> None:
        """A later delivery on top of what there was."""
        if kind == LEAVING or (kind == FULL and later.records):
            self.records.clear()
        if kind == LEAVING or (kind == FULL and later.items):
            self.items.clear()
        for number in later.gone:
            for one in (number, *self.twins.get(number, ())):
                self.records.pop(one, None)
        for arrived, origin in later.records.values():
            self._arrived(arrived, origin)
        self.items.update(later.items)


class Again:
    """A member's deliveries read again without the one that was taken back."""

    def __init__(self, writer: Writer, sources: Sources, one: Import, at: str) -> None:
        self.sources = sources
        self.one = one
        self.others = needed_without(sources, one, at)
        self.writer = writer
        self.taken = writer.numbers_of_import(one.number)
        self.done = Loaded(one.id)

    def run(self, told: Told) -> Loaded:
        """Write what the member's records are without it. Raises Repeated as `Load.run`."""
        folded = _Folded()
        for other in self.others:
            later = _Folded()
            against = self.writer.against(other)
            bundle = Bundle(self.sources.open_files(other), other.sizes, against)
            for came in Delivery(bundle, told).pieces():
                later.add(other, came)
            folded.then(later, other.kind)
        self._write(folded)
        return self.done

    def _write(self, folded: _Folded) -> None:
        writer, done = self.writer, self.done
        for number, (arrived, origin) in folded.records.items():
            writer.take(arrived, origin)
            if number in self.taken:
                writer.moved(arrived, origin)
        done.deleted = writer.delete([n for n in writer.known.all() if n not in folded.records])
        done.read = len(folded.records)
        done.new, done.changed, done.unchanged = writer.new, writer.changed, writer.unchanged
        writer.forget_items(folded.items)
        writer.keep_items(self.one.id, folded.items)
        note_holdings(writer)


def needed_without(sources: Sources, one: Import, at: str) -> list[Import]:
    """The deliveries that a member's records come from after the event `at`, in which `one` was
    taken back."""
    return [i for i in sources.imports(one.library) if i.id != one.id and not i.is_withdrawn(at)]


def keep_profile(sources: Sources, one: Import, loaded: Loaded) -> None:
    """Remember how the member's files were read. What was said of format and encoding is true
    of these files only: a member may change its system, and then nobody would notice. The columns
    of a delete list are not those of records."""
    recognised = {
        heading: attribute
        for shape in loaded.shapes
        for columns in shape.columns.values()
        for heading, attribute in columns.items()
    }
    with numbering.no_number(sources.root):  # nor is the member called otherwise
        kept = sources.profile(one.library)
        profile = replace(
            one.profile,
            recognised=one.profile.recognised | recognised,
            format="",
            encoding="",
            columns=one.profile.columns if one.kind in (UPSERT, FULL) else kept.columns,
            terms=kept.terms,
            name=called_after(one, kept),
            named=kept.named,
        )
        sources.keep_profile(one.library, profile)


def set_aside_file(root: Path, loaded: Loaded) -> Path | None:
    """Where the list of what was set aside stands: one JSON object a line with file, offset,
    length, reason and detail. None if there is nothing in it."""
    if not loaded.set_aside:
        return None
    folder = root / "set_aside"
    make_folder(folder)
    path = folder / f"{loaded.import_id}.jsonl"
    lines = (json.dumps(_line(one), ensure_ascii=False) for one in loaded.set_aside)
    write_whole(path, ("\n".join(lines) + "\n").encode())
    return path


def _line(one: SetAside) -> dict[str, object]:
    return asdict(one)
