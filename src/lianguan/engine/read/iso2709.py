"""ISO 2709 in plain Python: for one record, for small files, and for what is damaged.

`kernel.py` reads sound records a hundred times faster; both find the same frames
(`framing.survey`) and must give the same fields.
"""

import re
import struct
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from lianguan.engine.read import framing
from lianguan.engine.read.findings import NO_RULE, Reason, Rule
from lianguan.engine.read.repair import Lost, mend
from lianguan.engine.read.source import SourceField, SourceRecord

BETWEEN_RECORDS = re.compile(rb"[\r\n\x00\x1a]+")
"""Bytes that exporters and editors leave between records and at the end of files."""

LOWEST_DIGIT = ord("0")

RULE_OF_FINDING = {
    framing.SOUND: NO_RULE,
    framing.LENGTH_WRONG: Rule.LENGTH_WRONG,
    framing.FIELD_END_DAMAGED: Rule.FIELD_END_DAMAGED,
    framing.RECORD_END_DAMAGED: Rule.RECORD_END_DAMAGED,
    framing.DIRECTORY_WRONG: Rule.DIRECTORY_WRONG,
}


Fields = list[tuple[bytes, bytes]]
"""Tag and data of each field, in order."""


class Frame(NamedTuple):
    """The place of one record: `data[start:end]`, and what `framing.survey` found there."""

    start: int
    end: int
    finding: int


def frames(data: bytes, start: int = 0, *, last: bool = True) -> Iterator[Frame]:
    """The frames of `data` from `start`. Unless `last`, those too near the end to be
    decided are left for when more bytes are there; reading goes on at the last `end`."""
    for frame, _ in walk(data, start, last=last):
        yield frame


def walk(
    data: bytes, start: int = 0, *, last: bool = True
) -> Iterator[tuple[Frame, Fields | None]]:
    """As `frames`; each with its fields where looking for its end has found them."""
    n = len(data)
    while start < n and (last or start + framing.LOOKAHEAD <= n):
        if data[start] < LOWEST_DIGIT and (between := BETWEEN_RECORDS.match(data, start)):
            start = between.end()
            continue
        stated = data[start : start + 5]
        end = start + int(stated) if stated.isdigit() else start
        fields = sound_fields(data[start:end])
        if fields is not None:
            yield Frame(start, end, framing.SOUND), fields
        else:
            end, finding = _surveyed(data, n, start)
            yield Frame(start, end, finding), None
        start = end


def _surveyed(data: bytes, n: int, start: int) -> tuple[int, int]:
    """(end, finding) of a record that is not plainly sound."""
    end, finding = framing.survey(data, n, start)
    if finding == framing.MEND:
        return end, finding
    fields = start + int(data[start + 12 : start + 17]) - 1
    end, cut = framing.without_hidden(data, n, start, end, data.count(b"\x1e", fields, end))
    return end, framing.MEND if cut else finding


def sound_fields(record: bytes) -> Fields | None:
    """(tag, data) of a sound record without a field end inside a field; else None."""
    base = record[12:17]
    if record[-1:] != b"\x1d" or not base.isdigit() or int(record[:5]) != len(record):
        return None
    directory = record[24 : int(base) - 1]
    empty, *parts = record[int(base) - 1 : -1].split(b"\x1e")
    if empty or not parts or parts.pop() or len(parts) * 12 != len(directory):
        return None
    at, places = 0, []
    for part in parts:
        length = len(part) + 1
        places.append(length * 100_000 + at)
        at += length
    cells = _cells(len(parts))(directory)
    if b"%09d" * len(parts) % tuple(places) != b"".join(cells[1::2]):
        return None
    return list(zip(cells[::2], parts, strict=True))


@lru_cache(1 << 10)
def _cells(entries: int) -> Callable[[bytes], tuple[bytes, ...]]:
    """Cuts a directory into tag, length and place, tag, length and place, …"""
    return struct.Struct("3s9s" * entries).unpack


def record_in(data: bytes, frame: Frame) -> SourceRecord | Lost:
    """The record in a frame, mended where it must be, or why it is lost."""
    record = data[frame.start : frame.end]
    if frame.finding == framing.MEND:
        return mend(record)
    if frame.finding == framing.SOUND:
        fields = sound_fields(record)
        if fields is not None:
            return _record(record, fields, NO_RULE)
    fields = _by_order(record) if frame.finding == framing.DIRECTORY_WRONG else _as_told(record)
    return _record(record, fields, RULE_OF_FINDING[frame.finding])


def read_record(data: bytes) -> SourceRecord | Lost:
    """The one record that `data` should be."""
    for frame in frames(data):
        return record_in(data, frame)
    return Lost(Reason.TOO_SHORT)


def _record(record: bytes, fields: Fields, rules: Rule) -> SourceRecord:
    return SourceRecord(record[:24], tuple(SourceField(t, d) for t, d in fields), rules)


def _as_told(record: bytes) -> Fields:
    """The fields where the directory puts them."""
    base = int(record[12:17])
    fields = []
    for entry in range(24, base - 1, 12):
        start = base + int(record[entry + 7 : entry + 12])
        end = start + int(record[entry + 3 : entry + 7]) - 1
        fields.append((record[entry : entry + 3], record[start:end]))
    return fields


def _by_order(record: bytes) -> Fields:
    """The tags of the directory with the pieces between field ends, in order."""
    base = int(record[12:17])
    pieces = record[base:].split(b"\x1e")
    return [
        (record[entry : entry + 3], pieces[i]) for i, entry in enumerate(range(24, base - 1, 12))
    ]
