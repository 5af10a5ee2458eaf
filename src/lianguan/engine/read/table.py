"""Tables as members send them: CSV, TSV and workbooks, into rows of texts with their places.

A workbook may have several sheets, title rows above the heading and merged cells; a CSV file
may be in any encoding, and a quotation mark may be missing somewhere in the middle.
"""

import contextlib
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lianguan.engine.read import workbook
from lianguan.engine.read.encodings import GB18030, UTF8, Hints, encoding_of
from lianguan.engine.read.findings import Reason

MOST_LINES = 50
"""Lines that one quoted cell may run over; beyond that a quotation mark is missing."""

SEPARATORS = ",\t;|，"


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


def sheets_of(data: bytes, is_workbook: bool, name: str = "", encoding: str = "") -> list[Sheet]:
    """The sheets of a file; a text file is one."""
    if is_workbook:
        return _workbook(data, name)
    return [Sheet(name, list(text_rows(data, encoding)))]


def text_rows(data: bytes, encoding: str = "") -> Iterator[TableRow]:
    """The rows of a CSV or TSV file. A line whose encoding is in doubt is broken alone."""
    data, name, offset = _without_mark(data, encoding)
    separator = _separator(data[: 1 << 16].decode(name or "latin-1", "replace"))
    lines = data.splitlines(keepends=True)
    row_at = _RowEnds(lines, name, separator)
    at = 0
    while at < len(lines):
        end = row_at.end(at)
        raw = b"".join(lines[at:end])
        if raw.strip():
            yield _row(raw, offset, name, separator)
        offset += len(raw)
        at = end


class _RowEnds:
    """Tells which lines are one row because a quoted cell of it holds line breaks.

    Where a quotation mark is missing, the next one, rows below, would end the cell, and the
    rows between would be gone. So several lines are one row only if they are written as the
    format wants it, have no more cells than other rows, and none of them is a row by itself.
    """

    def __init__(self, lines: list[bytes], encoding: str, separator: str) -> None:
        self.lines = lines
        self.encoding = encoding or "latin-1"
        self.separator = separator
        self.width = self._usual_width(lines[:1000])

    def end(self, at: int) -> int:
        """The line after the row that begins with line `at`."""
        if b'"' not in self.lines[at]:
            return at + 1
        texts = (self._text(line) for line in self.lines[at : at + MOST_LINES])
        reader = csv.reader(texts, delimiter=self.separator, strict=True)
        try:
            width = len(next(reader))
        except (csv.Error, StopIteration):
            return at + 1
        between = self.lines[at + 1 : at + reader.line_num - 1]
        if width > self.width or any(len(self._cells(line)) == self.width > 2 for line in between):
            return at + 1
        return at + reader.line_num

    def _usual_width(self, lines: list[bytes]) -> int:
        """How many cells most rows have."""
        widths: Counter[int] = Counter()
        with contextlib.suppress(csv.Error):
            for row in csv.reader(map(self._text, lines), delimiter=self.separator):
                widths[len(row)] += bool(row)
        return max(widths, key=lambda width: widths[width], default=0)

    def _text(self, line: bytes) -> str:
        return line.decode(self.encoding, "replace")

    def _cells(self, line: bytes) -> list[str]:
        try:
            return next(csv.reader([self._text(line)], delimiter=self.separator), [])
        except csv.Error:
            return []


def _without_mark(data: bytes, encoding: str) -> tuple[bytes, str, int]:
    """(bytes, encoding or "" where each line decides, offset of the first row)."""
    if encoding:
        return data, encoding, 0
    if two_bytes := _utf16_of(data):
        return data.decode(two_bytes, "replace").encode(), UTF8, 0
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


def _utf16_of(data: bytes) -> str:
    """Which UTF-16 a file is in, by its mark or because every other byte is NUL where its
    separators, digits and line ends are; "" for anything else."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    head = data[: 1 << 12]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 10 < len(head) // 2 or min(even, odd):
        return ""
    return "utf-16-le" if odd else ("utf-16-be" if even else "")


def _separator(head: str) -> str:
    """The sign that parts the cells: the one that most lines have most evenly."""
    lines = [line for line in head.splitlines()[:50] if line.strip()]
    counts = {sign: sorted(line.count(sign) for line in lines) for sign in SEPARATORS}
    return max(SEPARATORS, key=lambda s: counts[s][len(counts[s]) // 2] if counts[s] else 0)


def _row(raw: bytes, offset: int, encoding: str, separator: str) -> TableRow:
    name = encoding or encoding_of(raw, Hints())
    if name is None:
        return TableRow(offset, len(raw), (), Reason.ENCODING_IN_DOUBT)
    lines = list(io.StringIO(raw.decode(name, "replace").rstrip("\r\n"), newline=""))
    reader = csv.reader([*lines, ""], delimiter=separator)
    try:
        cells = next(reader)
    except (csv.Error, StopIteration):
        return TableRow(offset, len(raw), (), Reason.ROW_BROKEN)
    never_closed = reader.line_num > len(lines)
    if never_closed or len(cells) > workbook.MOST_COLUMNS:
        return TableRow(offset, len(raw), (), Reason.ROW_BROKEN)
    return TableRow(offset, len(raw), tuple(map(workbook.one_line, cells)))


def _workbook(data: bytes, name: str) -> list[Sheet]:
    book = workbook.read(data, name)
    sheets = [Sheet(sheet, []) for sheet in book.sheets]
    for row in book.rows:
        sheets[row.sheet].rows.append(TableRow(row.number, 1, row.cells))
    return sheets
