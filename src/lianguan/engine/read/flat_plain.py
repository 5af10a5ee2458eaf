"""The flat read in plain Python, where there is no Numba: what `flat.py` gives, slower."""

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from lianguan.engine.read import iso2709
from lianguan.engine.read.blocks import BLOCK
from lianguan.engine.read.framing import MEND
from lianguan.engine.read.iso2709 import Fields
from lianguan.engine.read.kernel import Numbers
from lianguan.engine.read.repair import Lost

Piece = tuple[Numbers, Numbers, Numbers]
"""The bytes, lengths and records of one column's values in one block."""

Values = tuple[list[bytes], list[int]]
"""The values of a column, and the number of the record of each."""

Wanted = dict[bytes, list[tuple[bytes, list[bytes], list[int]]]]
"""Tag → what is wanted of it: a subfield's mark and code, or nothing; and where it goes."""


def plain_pieces(file: BinaryIO, order: list[str]) -> Iterator[list[Piece]]:
    """The values that the selectors in `order` ask for, a block of the file at a time."""
    record = 0
    for block in _blocks(file):
        columns: list[Values] = [([], []) for _ in order]
        wanted = _wanted(order, columns)
        for fields in block:
            for tag, data in fields:
                if tag in wanted:
                    _take(data, record, wanted[tag])
            record += 1
        yield [_piece(*values) for values in columns]


def _wanted(order: list[str], columns: list[Values]) -> Wanted:
    wanted: Wanted = {}
    for selector, (texts, records) in zip(order, columns, strict=True):
        mark = b"\x1f" + selector[4:].encode() if len(selector) > 3 else b""
        wanted.setdefault(selector[:3].encode(), []).append((mark, texts, records))
    return wanted


def _take(data: bytes, record: int, lines: list[tuple[bytes, list[bytes], list[int]]]) -> None:
    """What a field holds behind each mark, or all of it; nothing empty."""
    for mark, texts, records in lines:
        for part in data.split(mark)[1:] if mark else (data,):
            text = part.partition(b"\x1f")[0] if mark else part
            if text:
                texts.append(text)
                records.append(record)


def _piece(texts: list[bytes], records: list[int]) -> Piece:
    lengths = np.array(list(map(len, texts)), np.int32)
    return np.frombuffer(b"".join(texts), np.uint8), lengths, np.array(records, np.int64)


def _blocks(file: BinaryIO) -> Iterator[Iterator[Fields]]:
    """The fields of each record, a block at a time. To be read in order and to the end."""
    data, last = b"", False
    while not last:
        more = file.read(BLOCK)
        data, last = data + more, len(more) < BLOCK
        ends = [0]
        yield _fields(data, last, ends)
        data = data[ends[-1] :]


def _fields(data: bytes, last: bool, ends: list[int]) -> Iterator[Fields]:
    """The fields of the records in `data`; where the last one ends goes to `ends`."""
    for frame, fields in iso2709.walk(data, last=last):
        ends[0] = frame.end
        if fields is None:
            yield _repaired(data, frame)
        else:
            yield fields if data.find(b"\x1f", frame.start, frame.end) >= 0 else []


def _repaired(data: bytes, frame: iso2709.Frame) -> Fields:
    """What the compiled pass can read, and no more."""
    if frame.finding == MEND or data.find(b"\x1f", frame.start, frame.end) < 0:
        return []
    record = iso2709.record_in(data, frame)
    return [] if isinstance(record, Lost) else [(f.tag, f.data) for f in record.fields]
