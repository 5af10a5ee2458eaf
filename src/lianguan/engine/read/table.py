"""Tables as members send them: CSV, TSV and workbooks, into rows of texts with their places.

A workbook may have several sheets, title rows above the heading and merged cells; a CSV file
may be in any encoding, and a quotation mark may be missing somewhere in the middle.
"""

import csv
import datetime
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lianguan.engine.read.decoding import on_one_line
from lianguan.engine.read.encodings import GB18030, UTF8, Hints, encoding_of
from lianguan.engine.read.files import MOST_IN_WORKBOOK, refuse_bomb
from lianguan.engine.read.findings import Reason, Refused

MOST_LINES = 50
"""Lines that one quoted cell may run over; beyond that a quotation mark is missing."""

SEPARATORS = ",\t;|，"
MOST_EXACT = 10**15
"""Spreadsheets keep 15 digits of a number; what is longer has lost its end."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: where it stands and what its cells say. `broken` says why it cannot be used."""

    offset: int
    """Byte offset in a text file; number of the row, from 1, in a sheet."""
    length: int
    cells: tuple[str, ...]
    broken: Reason | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    rows: list[TableRow]


def sheets_of(data: bytes, workbook: bool, name: str = "", encoding: str = "") -> list[Sheet]:
    """The sheets of a file; a text file is one."""
    if workbook:
        return _workbook(data, name)
    return [Sheet(name, list(text_rows(data, encoding)))]


def text_rows(data: bytes, encoding: str = "") -> Iterator[TableRow]:
    """The rows of a CSV or TSV file. A line whose encoding is in doubt is broken alone."""
    data, name, offset = _without_mark(data, encoding)
    separator = _separator(data[: 1 << 16].decode(name or "latin-1", "replace"))
    waiting: list[bytes] = []
    for line in data.splitlines(keepends=True):
        waiting.append(line)
        if sum(part.count(b'"') for part in waiting) % 2 and len(waiting) < MOST_LINES:
            continue
        for raw in _whole(waiting):
            if raw.strip():
                yield _row(raw, offset, name, separator)
            offset += len(raw)
        waiting = []
    for raw in waiting:
        if raw.strip():
            yield _row(raw, offset, name, separator)
        offset += len(raw)


def _whole(lines: list[bytes]) -> list[bytes]:
    """The lines as one row; or, where a quotation mark was never closed, each as its own."""
    return lines if len(lines) >= MOST_LINES else [b"".join(lines)]


def _without_mark(data: bytes, encoding: str) -> tuple[bytes, str, int]:
    """(bytes, encoding or "" where each line decides, offset of the first row)."""
    if encoding:
        return data, encoding, 0
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16").encode(), UTF8, 0
    if data[:3] == b"\xef\xbb\xbf":
        return data[3:], UTF8, 3
    for name in (UTF8, GB18030):
        try:
            data.decode(name)
        except UnicodeDecodeError:
            continue
        if name == UTF8 or encoding_of(data, Hints()) == name:
            return data, name, 0
    return data, "", 0


def _separator(head: str) -> str:
    """The sign that parts the cells: the one that most lines have most evenly."""
    lines = [line for line in head.splitlines()[:50] if line.strip()]
    counts = {sign: sorted(line.count(sign) for line in lines) for sign in SEPARATORS}
    return max(SEPARATORS, key=lambda s: counts[s][len(counts[s]) // 2] if counts[s] else 0)


def _row(raw: bytes, offset: int, encoding: str, separator: str) -> TableRow:
    name = encoding or encoding_of(raw, Hints())
    if name is None:
        return TableRow(offset, len(raw), (), Reason.ENCODING_IN_DOUBT)
    text = raw.decode(name, "replace").rstrip("\r\n")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        cells = next(reader)
    except (csv.Error, StopIteration):
        return TableRow(offset, len(raw), (), Reason.ROW_BROKEN)
    return TableRow(offset, len(raw), tuple(map(_cell, cells)))


def _cell(text: str) -> str:
    return (text if text.isprintable() else on_one_line(text)).strip()


def _workbook(data: bytes, name: str) -> list[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only for these

    try:
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                refuse_bomb(archive, name, MOST_IN_WORKBOOK)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [_sheet(workbook.get_sheet_by_name(one)) for one in workbook.sheet_names]
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise Refused("workbook_broken", name) from error


def _sheet(sheet: Any) -> Sheet:
    rows = [[cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        _fill(rows, (top, left, bottom, right))
    return Sheet(
        sheet.name,
        [TableRow(i, 1, tuple(row)) for i, row in enumerate(rows, 1) if any(row)],
    )


def _fill(rows: list[list[str]], area: tuple[int, int, int, int]) -> None:
    """Give every row of a merged area what its first cell says."""
    top, left, bottom, right = area
    if top >= len(rows) or left >= len(rows[top]):
        return
    for row in rows[top : bottom + 1]:
        row[left] = rows[top][left]


def cell_text(cell: Any) -> str:
    """What a cell says, as its sheet would show it, numbers without an exponent. A number too
    long to have kept all its digits keeps its exponent, so that nobody takes it for whole."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, int | float):
        if abs(cell) >= MOST_EXACT:
            return f"{cell:.14E}"
        return str(int(cell)) if cell == int(cell) else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ")
    return _cell(str(cell))
