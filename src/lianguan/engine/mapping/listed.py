"""A list of record numbers opened for reading: a text with one number a line, a table with a
column of them, or records of which only the number counts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lianguan.engine.mapping.columns import folded, pairs_of, recognise
from lianguan.engine.mapping.fast import Remembered
from lianguan.engine.mapping.opened import Opened, in_chunks, open_file
from lianguan.engine.mapping.stream import WHOLE, Options, Read, Share, container_of
from lianguan.engine.mapping.table import HEADING_ROWS, TableShape, number_of
from lianguan.engine.read import files
from lianguan.engine.read.encodings import of_texts
from lianguan.engine.read.files import SourceFile
from lianguan.engine.read.findings import NO_RULE, Reason, Refused
from lianguan.engine.read.repair import Lost
from lianguan.engine.read.table import Sheet, TableRow, sheets_of
from lianguan.engine.record import Record

AROUND = " \t\u3000\u200b\ufeff'\"‘’“”`"
"""What may stand around a number and is none of it."""


class _Listed(NamedTuple):
    """The rows of a sheet that have numbers, and in which column."""

    rows: list[TableRow]
    column: int
    shape: TableShape | None
    """How the heading was understood, if there is one."""


def open_list(
    file: SourceFile,
    options: Options | None = None,
    share: Share = WHOLE,
    remembered: Remembered | None = None,
) -> Opened:
    """As `open_file`. A line of a text or of a table is a record with a number and nothing else.
    Raises Refused, "no_number_column" where it cannot be told in which column the numbers are."""
    options = options or Options()
    container = _container(file, options)
    if container not in (files.TABLE, files.WORKBOOK) or not file.head(1):
        return open_file(file, options, share, remembered)
    with file.open() as stream:
        data = stream.read()
    encoding = of_texts(options.encoding)
    sheets = sheets_of(data, container == files.WORKBOOK, file.name, encoding)
    told = pairs_of(options.columns).get("id", "")
    lists = [one for sheet in sheets if (one := _list_in(sheet, told))]
    if not lists and told:
        raise Refused("columns_unknown_heading", told)
    if not lists:
        raise Refused("no_number_column", file.name)
    reads = (read for one in lists for read in _reads(one))
    shapes = [one.shape for one in lists if one.shape]
    return Opened(file.name, container, "table", share.of(in_chunks(reads)), shapes)


def _container(file: SourceFile, options: Options) -> str:
    """Numbers one below the other may look like lines of fields: 0010001 like an 001."""
    container = container_of(file, options)
    is_bare = container == files.LINES and not options.container
    lines = file.head().splitlines() if is_bare else ()
    is_bare &= all(len(line.split()) < 2 and not set(line) & set(b"$|") for line in lines)
    return files.TABLE if is_bare else container


def _list_in(sheet: Sheet, told: str) -> _Listed | None:
    """Where the numbers of a sheet stand: in the column whose heading is `told` or known, or in
    the only one that there is."""
    for row in sheet.rows[:HEADING_ROWS]:
        columns = _number_columns(row.cells, told)
        if len(columns) > 1:
            raise Refused("numbers_ambiguous", " · ".join(row.cells[i] for i in columns))
        if columns:
            below = [one for one in sheet.rows if one.offset > row.offset]
            return _Listed(below, columns[0], TableShape(sheet.name, row, {columns[0]: "id"}))
    column = None if told else _only_column(sheet.rows)
    return None if column is None else _Listed(sheet.rows, column, None)


def _number_columns(cells: Sequence[str], told: str) -> list[int]:
    if told:
        return [i for i, cell in enumerate(cells) if folded(cell) == folded(told)]
    return [i for i, attribute in recognise(list(cells)).items() if attribute == "id"]


def _only_column(rows: Sequence[TableRow]) -> int | None:
    """The one column in which most rows say something; None if there are several."""
    said = [[i for i, cell in enumerate(row.cells) if cell.strip(AROUND)] for row in rows]
    counts = Counter(i for places in said for i in places)
    usual = [i for i, count in counts.items() if 2 * count > sum(map(bool, said))]
    return usual[0] if len(usual) == 1 else None


def _reads(one: _Listed) -> Iterator[Read]:
    for row in one.rows:
        raw = "\t".join(row.cells).encode()
        cell = row.cells[one.column] if one.column < len(row.cells) else ""
        number = number_of({"id": [cell.strip(AROUND)]})
        if number:
            yield Read(row.offset, row.length, raw, Record(number), NO_RULE, "")
        elif row.broken or any(row.cells):
            lost = Lost(row.broken or Reason.NO_NUMBER, raw.decode()[:200])
            yield Read(row.offset, row.length, raw, lost, NO_RULE, "")
