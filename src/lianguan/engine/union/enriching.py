"""What a member gets back: its own records, each with what the others say more."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lianguan.engine.read import files
from lianguan.engine.read.encodings import UTF8
from lianguan.engine.read.iso2709 import sound_fields
from lianguan.engine.record import Record
from lianguan.engine.union import formats
from lianguan.engine.union.access import Access
from lianguan.engine.union.added import fields_of
from lianguan.engine.union.additions import SLOTS, Addition, additions, text_of
from lianguan.engine.union.database import Connection
from lianguan.engine.union.entries import records_of
from lianguan.engine.union.export import CSV_COLUMNS, RecordExport, cells, safe, whole
from lianguan.engine.union.sent import SentField
from lianguan.engine.union.sources import Sources
from lianguan.engine.union.written import Packing

KEPT = (UTF8, "gb18030")
"""Encodings in which a record gets what is added; those of others are written anew in UTF-8."""


@dataclass(slots=True)
class Enriched:
    """What came of it."""

    written: int = 0
    enriched: int = 0
    """Records that got something."""
    as_sent: int = 0
    """Records whose own fields are byte for byte as they came."""
    added: Counter[str] = field(default_factory=Counter)
    """Slot → values that were added."""
    too_long: list[str] = field(default_factory=list)
    """Numbers of records that with the additions are longer than ISO 2709 can say: they are
    there without them, unless they are too long as they are."""


class EnrichedExport:
    """The records of one member as it sent them, with what the members that let their records
    be exported say more of the same entries."""

    def __init__(
        self,
        connection: Connection,
        packing: Packing,
        sources: Sources,
        library: str,
        encoding: str = "",
    ) -> None:
        self.connection = connection
        self.packing = packing
        self.library = library
        self.encoding = encoding
        """"" for that of each record, or UTF-8 for all."""
        self.own = RecordExport(connection, packing, sources, library)
        self.access = Access(sources.profiles(), "exported", library)
        self.done = Enriched()

    def iso2709(self, path: Path) -> Enriched:
        with whole(path) as staged, staged.open("wb") as out:
            for row, found in self._rows():
                data = self._record(row, found)
                self.done.written += data is not None
                out.write(data or b"")
        return self.done

    def marcxml(self, path: Path) -> Enriched:
        with whole(path) as staged, staged.open("w", encoding="utf-8", newline="\n") as out:
            out.write(formats.COLLECTION)
            for row, found in self._rows():
                said = self.own.fields(row, self.own.raw(row))
                more = self._counted(found, fields_of(found, row["dialect"], _tags(said.fields)))
                out.write(formats.marcxml(said._replace(fields=(*said.fields, *more))))
                self.done.written += 1
            out.write(formats.COLLECTION_END)
        return self.done

    def csv(self, path: Path) -> Enriched:
        """One line a record: what it says, and beside it in columns of their own what others say
        more, each value with the libraries that say so."""
        with whole(path) as staged, staged.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow((*CSV_COLUMNS, *(f"added_{slot}" for slot in SLOTS)))
            for row, found in self._rows():
                more = [safe(_cell(slot, found)) for slot in SLOTS]
                self._counted(found, [])
                writer.writerow((*cells(row, self.own.record(row)), *more))
                self.done.written += 1
        return self.done

    def _rows(self) -> Iterator[tuple[Mapping[str, Any], list[Addition]]]:
        for row in self.own.select():
            others = self._others(row["entry"])
            yield row, additions(self.own.record(row), others) if others else []

    def _others(self, entry: str) -> dict[str, Record]:
        """The records of other members in an entry."""
        found = records_of(self.connection, self.packing, self.access, entry)
        return {key: one for key, one in found.items() if key.partition(":")[0] != self.library}

    def _counted(self, found: list[Addition], more: list[SentField]) -> list[SentField]:
        self.done.enriched += bool(found)
        self.done.added.update(one.slot for one in found)
        return more

    def _record(self, row: Mapping[str, Any], found: list[Addition]) -> bytes | None:
        """The record with its additions; without them where it would be too long; None where it
        is that by itself."""
        raw = self.own.raw(row)
        is_sound = row["container"] == files.ISO2709 and formats.is_sound(raw)
        own = sound_fields(raw) if is_sound else None
        said = self.own.fields(row, raw)
        more = fields_of(found, row["dialect"], _tags(said.fields))
        is_kept = own is not None and self._is_kept(row, bool(more))
        if own is not None and is_kept:
            data = _with(raw, own, more, row) if more else raw
        else:
            data = formats.iso2709(said._replace(fields=(*said.fields, *more)))
        if data is None:
            self.done.too_long.append(row["number"])
            return raw if is_kept else formats.iso2709(said)
        self._counted(found if more else [], more)
        self.done.as_sent += is_kept
        return data

    def _is_kept(self, row: Mapping[str, Any], gets_something: bool) -> bool:
        """The bytes of its fields stay."""
        encoding = row["encoding"] or UTF8
        if self.encoding:
            return bool(encoding == self.encoding)
        return encoding in KEPT or not gets_something


def _with(
    raw: bytes, own: list[tuple[bytes, bytes]], more: list[SentField], row: Mapping[str, Any]
) -> bytes | None:
    """The bytes of a sound record with fields behind its own, in its encoding."""
    encoding = row["encoding"] or UTF8
    added = [(one.tag.encode(), formats.field_bytes(one, encoding)) for one in more]
    leader = raw[:24]
    if encoding == UTF8 and row["dialect"] == "marc21":
        leader = leader[:9] + b"a" + leader[10:]
    return formats.framed(leader, [*own, *added])


def _tags(fields: tuple[SentField, ...]) -> list[str]:
    return [one.tag for one in fields]


def _cell(slot: str, found: list[Addition]) -> str:
    said = (f"{text_of(one)} [{' '.join(one.by)}]" for one in found if one.slot == slot)
    return "; ".join(said)
