"""A file of any kind as a stream of neutral records, each with its place, bytes and repairs.

The one door between bytes and the catalogue: what cannot be read is in the stream too, with
its reason, and never ends it.
"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from lianguan.engine.mapping.detect import dialect_of, table_of
from lianguan.engine.mapping.functions import trim
from lianguan.engine.mapping.holdings import Columns, holding_rows
from lianguan.engine.mapping.one import map_one
from lianguan.engine.mapping.rows import Row, Table, row
from lianguan.engine.read import files, iso2709, lines, marcjson, marcxml
from lianguan.engine.read.decoding import Decoder
from lianguan.engine.read.encodings import (
    UTF8,
    Hints,
    agrees,
    encoding_named,
    encoding_of,
    of_texts,
)
from lianguan.engine.read.files import SourceFile
from lianguan.engine.read.findings import NO_RULE, Reason, Rule
from lianguan.engine.read.repair import Lost, marks_are_gone, with_subfields
from lianguan.engine.read.source import SourceRecord
from lianguan.engine.record import SLOTS, Record

T = TypeVar("T")

SAMPLE = 1 << 18
"""Bytes at the beginning of a file that decide what it is."""

NOT_BIBLIOGRAPHIC = "zqw"
"""Types of record that describe no thing of their own: authorities, community, classification."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a member or a person says of a file, where that goes before the evidence."""

    format: str = ""
    """A container (iso2709, marcxml, json, lines, table, excel) or a dialect of MARC."""
    encoding: str = ""
    columns: str = ""
    holdings: dict[str, Columns] = field(default_factory=dict)
    """Holdings fields of the member's system, besides those that everyone has."""
    key: str = ""
    """Where the record number is if not in 001: a subfield such as 035$a."""

    @property
    def dialect(self) -> str:
        return self.format if self.format in ("marc21", "unimarc", "cnmarc") else ""

    @property
    def container(self) -> str:
        return (
            "" if self.dialect else {"csv": "table", "tsv": "table"}.get(self.format, self.format)
        )


class Read(NamedTuple):
    """One record of a file, or a piece of it that could not become one."""

    offset: int
    length: int
    raw: bytes
    """Its bytes; of a table's record, its rows as JSON."""
    what: Record | Lost
    rules: Rule
    encoding: str


class Share(NamedTuple):
    """Which chunks of a file one of several readers takes: every `among`th, from `own` on."""

    own: int
    among: int

    def of(self, chunks: Iterable[T]) -> Iterator[T]:
        """Those of the chunks that are its own. The others are made too, and left."""
        return itertools.islice(chunks, self.own, None, self.among)


WHOLE = Share(0, 1)


def container_of(file: SourceFile, options: Options) -> str:
    return options.container or files.format_of(file.head(), file.name)


def table_for(file: SourceFile, container: str, options: Options) -> Table:
    """The mapping table for a file of MARC records, with the member's own holdings fields and
    its own place of the record number."""
    name = options.dialect or dialect_of(_sample(file, container))
    table = table_of(name)
    own = (*holding_rows(options.holdings), *number_rows(options.key))
    kept = [one for one in table.rows if not (options.key and one.slot == "number")]
    return Table(table.name, (*kept, *own), table.linked)


def number_rows(key: str) -> tuple[Row, ...]:
    """A row for record numbers that stand elsewhere than in 001."""
    return (row("number", key, trim),) if key else ()


def _sample(file: SourceFile, container: str) -> Iterable[SourceRecord]:
    """The first records of a file."""
    head = file.head(SAMPLE)
    found: Iterable[SourceRecord | Lost]
    if container == files.MARCXML:
        found = (marcxml.record_in(head[f.start : f.end], "latin-1") for f in marcxml.frames(head))
    elif container == files.MARC_JSON:
        found = (record for _, _, record in marcjson.records(head))
    elif container == files.LINES:
        found = (record for _, _, record in lines.records(head))
    else:
        found = (iso2709.record_in(head, frame) for frame in iso2709.frames(head))
    return [record for record in found if isinstance(record, SourceRecord)]


class PlainReader:
    """Reads MARC records one by one: small files, and what the compiled pass leaves over."""

    def __init__(self, table: Table, encoding: str = "") -> None:
        self.table = table
        self.encoding = encoding_named(encoding) if encoding else ""
        self.decoders: dict[str, Decoder] = {}

    def read(self, record: SourceRecord | Lost, known: str = "") -> "What":
        """What a source record says; `known` is its encoding where its container settled it."""
        if isinstance(record, Lost):
            return record, NO_RULE, ""
        record = with_subfields(record)
        if marks_are_gone(record):
            return Lost(Reason.SUBFIELDS_LOST), record.rules, ""
        content, hints = record.content(), self.hints(record)
        name = known or self.encoding or encoding_of(content, hints)
        if name is None or (self.encoding and not known and not agrees(content, name, hints)):
            return Lost(Reason.ENCODING_IN_DOUBT), record.rules, ""
        decoder = self.decoders.setdefault(name, Decoder(name))
        decoder.rules = NO_RULE
        mapped = map_one(record, self.table, decoder)
        rules = record.rules | decoder.rules
        if not known and self.table.name == "marc21" and leader_lies(record, name):
            rules |= Rule.LEADER_LIES
        return checked(mapped, rules, name)

    def encoding_of_xml(self, raw: bytes, declared: str) -> str | None:
        """The encoding of a record element, as told or by the evidence."""
        return of_texts(self.encoding) or marcxml.encoding_of_record(raw, declared)

    def hints(self, record: SourceRecord) -> Hints:
        is_marc21 = self.table.name == "marc21"
        return Hints(is_marc21 and record.leader[9:10] == b"a", is_marc21)


def leader_lies(record: SourceRecord, encoding: str) -> bool:
    """The text is UTF-8 (not merely ASCII) though leader/09 does not say so."""
    return encoding == UTF8 and record.leader[9:10] != b"a" and not record.content().isascii()


What = tuple[Record | Lost, Rule, str]
"""A record or why there is none, the repairs it took, its encoding."""


IN_EVERY_RECORD = frozenset(
    "agency updated status type_of_record content level languages script".split()
)
"""What a leader, stamps and a code of language say: even an empty record has them."""


def checked(record: Record, rules: Rule, encoding: str) -> What:
    """The record, unless it is about nothing that a library holds, or says nothing."""
    if record.titles or record.holdings_of:
        return record, rules, encoding
    says = any(
        value for slot, value in zip(SLOTS, record, strict=True) if slot not in IN_EVERY_RECORD
    )
    if record.type_of_record and record.type_of_record in NOT_BIBLIOGRAPHIC:
        return Lost(Reason.NOT_BIBLIOGRAPHIC), rules, ""
    return (record, rules, encoding) if says else (Lost(Reason.NOTHING_IN_IT), rules, "")


def plain_reads(data: bytes, container: str, reader: PlainReader) -> Iterator[Read]:
    """The records of a whole file in memory, in plain Python."""
    if container == files.MARCXML:
        yield from _xml_reads(data, reader)
        return
    if container in (files.MARC_JSON, files.LINES):
        placed = (
            marcjson.records(data)
            if container == files.MARC_JSON
            else lines.records(data, of_texts(reader.encoding))
        )
        for offset, length, record in placed:
            yield Read(offset, length, data[offset : offset + length], *reader.read(record, UTF8))
        return
    for frame in iso2709.frames(data):
        raw = data[frame.start : frame.end]
        if raw.strip():
            what = reader.read(iso2709.record_in(data, frame))
            yield Read(frame.start, len(raw), raw, *what)


def _xml_reads(data: bytes, reader: PlainReader) -> Iterator[Read]:
    marcxml.refuse_entities(data[: marcxml.HEAD])
    declared = marcxml.declared_encoding(data)
    for frame in marcxml.frames(data):
        raw = data[frame.start : frame.end]
        encoding = reader.encoding_of_xml(raw, declared)
        record = marcxml.record_in(raw, encoding) if encoding else Lost(Reason.ENCODING_IN_DOUBT)
        yield Read(frame.start, len(raw), raw, *reader.read(record, UTF8))
