"""Any file opened for reading: what it was found to be, and its records."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from lianguan.engine.mapping.fast import FastReader, Remembered
from lianguan.engine.mapping.stream import (
    WHOLE,
    Options,
    PlainReader,
    Read,
    Share,
    checked,
    container_of,
    plain_reads,
    table_for,
)
from lianguan.engine.mapping.table import (
    TableRecord,
    TableShape,
    check_told,
    is_item_sheet,
    key_of,
    map_table,
    shape_of,
    table_records,
)
from lianguan.engine.read import compiled, files
from lianguan.engine.read.encodings import of_texts
from lianguan.engine.read.files import SourceFile
from lianguan.engine.read.findings import NO_RULE, Reason, Refused
from lianguan.engine.read.repair import Lost
from lianguan.engine.read.table import Sheet, TableRow, sheets_of
from lianguan.engine.record import Record

CHUNK = 100
"""Records in a chunk where nothing else says how many."""

WORTH_COMPILING = 1 << 20
"""Bytes below which loading the compiled code takes longer than reading without it."""


@dataclass(slots=True)
class Opened:
    """A file, what it was found to be, and its records (to be read once)."""

    name: str
    container: str
    dialect: str
    chunks: Iterator[list[Read]]
    shapes: list[TableShape] = field(default_factory=list)

    @property
    def reads(self) -> Iterator[Read]:
        """The records one by one."""
        return itertools.chain.from_iterable(self.chunks)


def open_file(
    file: SourceFile,
    options: Options | None = None,
    share: Share = WHOLE,
    remembered: Remembered | None = None,
) -> Opened:
    """Find out what a file is and make its stream, or the part of it that is one of several
    readers' share. What is `remembered` of a file read before makes this one quicker, and is
    renewed at its end. Raises Refused for a file that is nothing that can be read, or that it
    is not safe to read."""
    options = options or Options()
    if not file.head(1):
        raise Refused("file_empty", file.name)
    container = container_of(file, options)
    if container in (files.TABLE, files.WORKBOOK):
        return _open_table(file, container, options, share)
    table = table_for(file, container, options)
    plain = PlainReader(table, options.encoding)
    is_large = len(file.head(WORTH_COMPILING)) == WORTH_COMPILING
    if is_large and container in (files.ISO2709, files.MARCXML) and compiled.available():
        fast = FastReader(file, container, plain, remembered)
        return Opened(file.name, container, table.name, fast.chunks(share))
    with file.open() as stream:
        data = stream.read()
    reads = plain_reads(data, container, plain)
    return Opened(file.name, container, table.name, share.of(in_chunks(reads)))


def in_chunks(reads: Iterator[Read]) -> Iterator[list[Read]]:
    while chunk := list(itertools.islice(reads, CHUNK)):
        yield chunk


def _open_table(file: SourceFile, container: str, options: Options, share: Share) -> Opened:
    with file.open() as stream:
        data = stream.read()
    sheets = sheets_of(data, container == files.WORKBOOK, file.name, of_texts(options.encoding))
    shaped = [(sheet, shape_of(sheet, options.columns)) for sheet in sheets]
    usable = [(sheet, shape) for sheet, shape in shaped if shape]
    if not usable:
        if options.columns:
            check_told(options.columns, sheets)
        raise Refused("no_columns", file.name)
    shapes = [shape for _, shape in usable]
    chunks = share.of(in_chunks(_table_reads(usable)))
    return Opened(file.name, container, "table", chunks, shapes)


def _table_reads(usable: list[tuple[Sheet, TableShape]]) -> Iterator[Read]:
    for sheet, shape in usable:
        items = is_item_sheet(shape)
        for found in table_records(sheet, shape):
            read = _table_read(found)
            yield _of_items(read) if items else read


def _of_items(read: Read) -> Read:
    """Of a sheet of copies: holdings of the record whose number they name."""
    if not isinstance(read.what, Record):
        return read
    return read._replace(what=read.what._replace(holdings_of=read.what.number, number=""))


def _table_read(found: TableRecord | TableRow) -> Read:
    if isinstance(found, TableRow):
        raw = "\t".join(found.cells).encode()
        lost = Lost(found.broken or Reason.ROW_BROKEN, raw.decode()[:200])
        return Read(found.offset, found.length, raw, lost, NO_RULE, "")
    try:
        record, rules = map_table(found)
    except Exception as error:  # noqa: BLE001 - the edge at which a bad row is kept apart
        lost = Lost(Reason.ROW_BROKEN, repr(error)[:200])
        return Read(found.offset, len(found.rows), found.raw, lost, NO_RULE, "")
    place = (found.offset, len(found.rows), found.raw)
    if record.holdings and not record.titles:
        return Read(*place, record, rules, "")
    if not (record.titles or _names_a_thing(record)):
        return Read(*place, Lost(Reason.NOTHING_IN_IT), rules, "")
    what, rules, encoding = checked(record, rules, "")
    if isinstance(what, Record) and not what.number:
        what = what._replace(number=key_of(found.said[0]))
    return Read(*place, what, rules, encoding)


def _names_a_thing(record: Record) -> bool:
    """A row of totals has a number in some column, but none of these."""
    return bool(record.number or record.identifiers or record.agents or record.notes)
