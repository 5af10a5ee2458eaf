"""Workbooks (xlsx, xls, xlsb, ods), each read in a process of its own.

A workbook says itself how large its sheets are, and a single cell that somebody typed far right
and far down makes a sheet of billions. The library that reads them then asks for the memory and
takes its process down when it does not get it. So the reading is done by a child that may use
so much memory and time and no more, and whose end, whatever it is, harms nobody.
"""

import contextlib
import datetime
import io
import json
import resource
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from typing import IO, Any, NamedTuple

from lianguan.engine.read.decoding import on_one_line
from lianguan.engine.read.files import MOST_IN_WORKBOOK, refuse_bomb
from lianguan.engine.read.findings import Refused

MEMORY = 2 << 30
SECONDS = 60
MOST_CELLS = 20_000_000
"""Cells of a sheet, empty ones counted: a million rows of twenty columns."""

MOST_COLUMNS = 1 << 14
MOST_IN_CELL = 32_767
"""What spreadsheets allow; what is more was not written by one."""

MOST_EXACT = 10**15
"""Spreadsheets keep 15 digits of a number; what is longer has lost its end."""

DONE, BROKEN, TOO_LARGE = 0, 3, 4
"""How the child ends. Any other end means that it was stopped or broke off: too large."""


class SheetRow(NamedTuple):
    """A row that is not empty; `number` counts from 1."""

    sheet: int
    number: int
    cells: tuple[str, ...]


class Workbook(NamedTuple):
    sheets: tuple[str, ...]
    rows: Iterator[SheetRow]


def read(data: bytes, name: str) -> Workbook:
    """The sheets of a workbook and their rows. Raises Refused for one that is broken, packed to
    do harm, or too large."""
    if data[:2] == b"PK":
        _check_archive(data, name)
    command = (sys.executable, "-P", "-m", __name__)
    child = subprocess.run(
        command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    if child.returncode != DONE:
        code = "workbook_broken" if child.returncode == BROKEN else "workbook_too_large"
        raise Refused(code, name)
    names, *lines = child.stdout.splitlines()
    return Workbook(tuple(json.loads(names)), (_row(line) for line in lines))


def _row(line: bytes) -> SheetRow:
    sheet, number, *cells = json.loads(line)
    return SheetRow(sheet, number, tuple(cells))


def _check_archive(data: bytes, name: str) -> None:
    """Refuse a ZIP that is packed too densely by its directory, or whose directory lies."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            refuse_bomb(archive, name, MOST_IN_WORKBOOK)
            damaged = archive.testzip()
    except Refused:
        raise
    except Exception as error:
        raise Refused("workbook_broken", name) from error
    if damaged:
        raise Refused("workbook_broken", name)


def main() -> int:
    """The child: a workbook comes in, its sheets' names and their rows go out, a line each."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return write_rows(sys.stdin.buffer.read(), sys.stdout)


def write_rows(data: bytes, out: IO[str]) -> int:
    """Write the rows of a workbook; how it ended. A panic of the library is no Exception."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - only for these

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        out.write(json.dumps(workbook.sheet_names) + "\n")
        for number, name in enumerate(workbook.sheet_names):
            if not _write_sheet(workbook.get_sheet_by_name(name), number, out):
                return TOO_LARGE
    except MemoryError:
        return TOO_LARGE
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        return BROKEN
    return DONE


def _write_sheet(sheet: Any, number: int, out: IO[str]) -> bool:
    """Write the rows of a sheet, unless there are too many cells."""
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        return False
    left = [""] * sheet.start[1] if sheet.start else []
    rows = ([*left, *map(cell_text, row)] for row in sheet.iter_rows())
    for i, cells in enumerate(_filled(rows, sheet.merged_cell_ranges or ()), 1):
        if any(cells):
            out.write(json.dumps([number, i, *cells]) + "\n")
    return True


Area = tuple[tuple[int, int], tuple[int, int]]
"""(top, left), (bottom, right)."""


def _filled(rows: Iterator[list[str]], areas: list[Area] | tuple[()]) -> Iterator[list[str]]:
    """The rows, each row of a merged area with what the area's first cell says."""
    coming = sorted(areas, reverse=True)
    open_areas: dict[int, tuple[int, str]] = {}
    for i, row in enumerate(rows):
        for column, (bottom, text) in list(open_areas.items()):
            if i <= bottom:
                row[column] = text
            else:
                del open_areas[column]
        while coming and coming[-1][0][0] <= i:
            (_, column), (bottom, _) = coming.pop()
            if column < len(row):
                open_areas[column] = (bottom, row[column])
        yield row


def cell_text(cell: Any) -> str:
    """What a cell says, as its sheet would show it, numbers without an exponent. A number too
    long to have kept all its digits keeps its exponent, so that nobody takes it for whole."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, int | float):
        if not abs(cell) < MOST_EXACT:  # nor is what is no number
            return f"{cell:.14E}"
        return str(int(cell)) if cell == int(cell) else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ")
    return one_line(str(cell)[:MOST_IN_CELL])


def one_line(text: str) -> str:
    """A cell's text without line breaks, marks for screens and blanks around it."""
    return (text if text.isprintable() else on_one_line(text)).strip()


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        sys.exit(main())
