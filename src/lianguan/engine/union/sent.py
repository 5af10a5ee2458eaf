"""A record as its member sent it: its bytes out of the source, and its fields as text."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from lianguan.engine.read import files, iso2709, lines, marcjson, marcxml
from lianguan.engine.read.decoding import Decoder
from lianguan.engine.read.encodings import UTF8
from lianguan.engine.read.repair import with_subfields
from lianguan.engine.read.source import SourceRecord
from lianguan.engine.union import seekable
from lianguan.engine.union.sources import Sources
from lianguan.engine.union.written import Packing

TABLES = (files.TABLE, files.WORKBOOK)

MOST_REMEMBERED = 10_000
"""Deliveries of which it is remembered what their files are called."""


class SentField(NamedTuple):
    """One field: its tag or heading; its indicators; its subfields as (code, text).

    A control field and a cell have one subfield without a code.
    """

    tag: str
    indicators: str
    subfields: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """What its subfields say, one after the other."""
        return " ".join(text for _, text in self.subfields)


class Sent(NamedTuple):
    """A record as it was sent."""

    leader: str
    """"" for rows of a table."""
    fields: tuple[SentField, ...]


class Originals:
    """The bytes of records as they were received. What the log says of a delivery is looked up
    when the first of its records is asked for: there may be thousands."""

    def __init__(self, packing: Packing, sources: Sources) -> None:
        self.packing = packing
        self.root = sources.root

    def raw(self, row: Mapping[str, Any]) -> bytes:
        """The bytes of one record, a row of `descriptions`."""
        if row["raw"]:
            return self.packing.unpack(row["raw"])
        folder = self.root / row["library"] / row["import"]
        path = folder / f"{_names(folder)[row['file']]}.zst"
        return seekable.read(path, row["offset"], row["length"])


@lru_cache(MOST_REMEMBERED)
def _names(folder: Path) -> tuple[str, ...]:
    """What the files of a delivery are called, by their SHA-256: they never change."""
    log = json.loads((folder / "import.json").read_bytes())
    return tuple(file["sha256"] for file in log["files"])


def sent(raw: bytes, container: str, encoding: str) -> Sent:
    """The fields of a record's bytes, repaired as when it was read."""
    if container in TABLES:
        return _rows(raw)
    record = _source(raw, container)
    decoder = Decoder(encoding or UTF8)
    return Sent(
        record.leader.decode("latin-1"),
        tuple(_field(f.tag.decode("latin-1"), decoder.field(f.data)) for f in record.fields),
    )


def _source(raw: bytes, container: str) -> SourceRecord:
    """The record in its bytes, which were read once already."""
    if container == files.ISO2709:
        found = iso2709.record_in(raw, next(iso2709.frames(raw)))
    elif container == files.MARCXML:
        found = marcxml.record_in(raw, marcxml.encoding_of_record(raw, "") or UTF8)
    else:
        reader = marcjson.records if container == files.MARC_JSON else lines.records
        found = next(iter(reader(raw)))[2]
    if not isinstance(found, SourceRecord):
        raise TypeError(f"a record that was read cannot be read again: {found.reason}")
    return with_subfields(found)


def _field(tag: str, text: str) -> SentField:
    if "\x1f" not in text:
        return SentField(tag, "", (("", text),))
    indicators, *subfields = text.split("\x1f")
    return SentField(tag, indicators, tuple((s[:1], s[1:]) for s in subfields if s))


def _rows(raw: bytes) -> Sent:
    rows: list[dict[str, str]] = json.loads(raw)
    return Sent(
        "",
        tuple(
            SentField(heading, "", (("", cell),))
            for row in rows
            for heading, cell in row.items()
            if cell
        ),
    )
