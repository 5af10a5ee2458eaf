"""The first records of a file that somebody is about to send: what it was taken for, and how its
columns were understood, before anything is kept."""

import io
import itertools
from collections.abc import Iterator
from typing import NamedTuple

from lianguan.engine.mapping.columns import recognise
from lianguan.engine.mapping.opened import Opened
from lianguan.engine.mapping.stream import Read, container_of
from lianguan.engine.mapping.table import HEADING_ROWS, shape_of
from lianguan.engine.merge import merge
from lianguan.engine.read import files
from lianguan.engine.read.encodings import of_texts
from lianguan.engine.read.files import SourceFile
from lianguan.engine.read.findings import Refused
from lianguan.engine.read.table import Sheet, TableRow, sheets_of
from lianguan.engine.record import Record
from lianguan.engine.union.prepare import TABLES, opening_of
from lianguan.engine.union.sources import UPSERT, Profile

FIRST = 20
"""Records and rows that are shown."""

MOST_COLUMNS = 200
"""Columns that are shown of a sheet: nobody has more, and a broken file may have millions."""

BEGINNING = 1 << 20
"""Bytes of a text that are looked at: its rows are read all together."""


class FirstRecord(NamedTuple):
    """A record as it would be shown, or why it would be set aside."""

    number: str
    title: str
    agents: str
    published: str
    isbn: str
    repairs: tuple[str, ...]
    """Codes of what was repaired when it was read."""
    reason: str = ""
    detail: str = ""


class FirstRows(NamedTuple):
    """A sheet of a table: its heading, what the columns were taken for, and rows below it."""

    sheet: str
    headings: tuple[str, ...]
    columns: dict[int, str]
    """Place of a column, from 0 → attribute."""
    rows: tuple[tuple[str, ...], ...]


class Preview(NamedTuple):
    """What one file was taken for."""

    name: str
    container: str = ""
    dialect: str = ""
    encoding: str = ""
    """Of its first sound record; "" where the format says it."""
    records: tuple[FirstRecord, ...] = ()
    sheets: tuple[FirstRows, ...] = ()
    refused: str = ""
    """Why nothing of it can be read: a code of words.csv."""
    detail: str = ""


def preview(file: SourceFile, profile: Profile, kind: str = UPSERT) -> Preview:
    """What a file would be read as. A table that cannot be read as it is shows its rows all the
    same, so that somebody can say what the columns are."""
    sheets: tuple[FirstRows, ...] = ()
    container = ""
    try:
        options = profile.options()
        container = container_of(file, options) if file.head(1) else ""
        if container == files.TABLE:
            file = _beginning_of(file)
        if container in TABLES:
            sheets = tuple(_sheets(file, container, profile))
        opened = opening_of(kind)(file, options)
        reads = list(itertools.islice(opened.reads, FIRST))
    except Refused as refused:
        return Preview(
            file.name, container, sheets=sheets, refused=refused.code, detail=refused.detail
        )
    return _of(opened, reads, sheets)


def _of(opened: Opened, reads: list[Read], sheets: tuple[FirstRows, ...]) -> Preview:
    encoding = next((one.encoding for one in reads if isinstance(one.what, Record)), "")
    records = tuple(map(_record, reads))
    return Preview(opened.name, opened.container, opened.dialect, encoding, records, sheets)


def _record(read: Read) -> FirstRecord:
    if not isinstance(read.what, Record):
        lost = read.what
        return FirstRecord("", "", "", "", "", read.rules.codes, lost.reason.value, lost.detail)
    shown = merge({":": read.what})
    title = " ".join(filter(None, (shown.title.value, shown.parts.value, shown.subtitle.value)))
    published = " ".join(filter(None, (shown.publisher.value, shown.year.value)))
    agents = "；".join(said.value for said in shown.agents)
    isbn = " ".join(said.value for said in shown.isbns)
    number = str(read.what.number or read.what.holdings_of)
    return FirstRecord(number, title, agents, published, isbn, read.rules.codes)


def _beginning_of(file: SourceFile) -> SourceFile:
    """The file as far as a line that ends within its beginning."""
    head = file.head(BEGINNING)
    if len(head) < BEGINNING:
        return file
    lines = head[: head.rfind(b"\n") + 1] or head
    return SourceFile(file.name, lambda: io.BytesIO(lines))


def _sheets(file: SourceFile, container: str, profile: Profile) -> Iterator[FirstRows]:
    with file.open() as stream:
        data = stream.read()
    is_workbook = container == files.WORKBOOK
    for sheet in sheets_of(data, is_workbook, file.name, of_texts(profile.encoding)):
        if sheet.rows:
            yield _first_rows(sheet, profile.columns)


def _first_rows(sheet: Sheet, told: str) -> FirstRows:
    shape = shape_of(sheet, told)
    heading = shape.heading if shape else _fullest(sheet.rows[:HEADING_ROWS])
    columns = shape.columns if shape else recognise(list(heading.cells))
    below = (row.cells[:MOST_COLUMNS] for row in sheet.rows if row.offset > heading.offset)
    shown = heading.cells[:MOST_COLUMNS]
    return FirstRows(sheet.name, shown, columns, tuple(itertools.islice(below, FIRST)))


def heading_of(beginning: bytes, columns: str = "") -> bytes:
    """Of a text table, from its beginning: everything as far as its heading; nothing where no
    heading is known."""
    [sheet] = sheets_of(beginning, is_workbook=False)
    shape = shape_of(sheet, columns)
    return beginning[: shape.heading.offset + shape.heading.length] if shape else b""


def _fullest(rows: list[TableRow]) -> TableRow:
    """The first of the rows with most in it: where no heading is known, it may be one."""
    return max(rows, key=lambda row: sum(map(bool, row.cells)))
