"""ISO 2709 in plain Python: for one record, for small files, and for what is damaged.

`kernel.py` reads sound records a hundred times faster; both find the same frames
(`framing.survey`) and must give the same fields.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lianguan.engine.read import framing
from lianguan.engine.read.findings import NO_RULE, Reason, Rule
from lianguan.engine.read.repair import Lost, mend
from lianguan.engine.read.source import SourceField, SourceRecord

BETWEEN_RECORDS = re.compile(rb"[\r\n\x00\x1a]+")
"""Bytes that exporters and editors leave between records and at the end of files."""

RULE_OF_FINDING = {
    framing.SOUND: NO_RULE,
    framing.LENGTH_WRONG: Rule.LENGTH_WRONG,
    framing.FIELD_END_DAMAGED: Rule.FIELD_END_DAMAGED,
    framing.RECORD_END_DAMAGED: Rule.RECORD_END_DAMAGED,
    framing.DIRECTORY_WRONG: Rule.DIRECTORY_WRONG,
}


@dataclass(frozen=True, slots=True)
class Frame:
    """The place of one record: `data[start:end]`, and what `framing.survey` found there."""

    start: int
    end: int
    finding: int


def frames(data: bytes, start: int = 0, *, last: bool = True) -> Iterator[Frame]:
    """The frames of `data` from `start`. Unless `last`, those too near the end to be
    decided are left for when more bytes are there; reading goes on at the last `end`."""
    n = len(data)
    while start < n and (last or start + framing.LOOKAHEAD <= n):
        if between := BETWEEN_RECORDS.match(data, start):
            start = between.end()
            continue
        end = _sound_end(data, start)
        if end:
            yield Frame(start, end, framing.SOUND)
        else:
            end, finding = framing.survey(data, n, start)
            if finding != framing.MEND:
                fields = start + int(data[start + 12 : start + 17]) - 1
                ends = data.count(b"\x1e", fields, end)
                end, cut = framing.without_hidden(data, n, start, end, ends)
                finding = framing.MEND if cut else finding
            yield Frame(start, end, finding)
        start = end


def _sound_end(data: bytes, start: int) -> int:
    """`framing.survey` for the usual case, by splitting instead of looking at each byte."""
    stated = data[start : start + 5]
    if not stated.isdigit():
        return 0
    end = start + int(stated)
    return end if sound_fields(data[start:end]) is not None else 0


def sound_fields(record: bytes) -> list[tuple[bytes, bytes]] | None:
    """(tag, data) of a sound record without a field end inside a field; else None."""
    base = record[12:17]
    if record[-1:] != b"\x1d" or not base.isdigit() or int(record[:5]) != len(record):
        return None
    directory = record[24 : int(base) - 1]
    parts = record[int(base) - 1 : -1].split(b"\x1e")
    if parts[0] or parts.pop() or len(parts) * 12 - 12 != len(directory):
        return None
    at = 0
    fields = []
    for entry in range(0, len(directory), 12):
        data = parts[entry // 12 + 1]
        if directory[entry + 3 : entry + 12] != b"%04d%05d" % (len(data) + 1, at):
            return None
        at += len(data) + 1
        fields.append((directory[entry : entry + 3], data))
    return fields


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


def _record(record: bytes, fields: list[tuple[bytes, bytes]], rules: Rule) -> SourceRecord:
    return SourceRecord(record[:24], tuple(SourceField(t, d) for t, d in fields), rules)


def _as_told(record: bytes) -> list[tuple[bytes, bytes]]:
    """The fields where the directory puts them."""
    base = int(record[12:17])
    fields = []
    for entry in range(24, base - 1, 12):
        start = base + int(record[entry + 7 : entry + 12])
        end = start + int(record[entry + 3 : entry + 7]) - 1
        fields.append((record[entry : entry + 3], record[start:end]))
    return fields


def _by_order(record: bytes) -> list[tuple[bytes, bytes]]:
    """The tags of the directory with the pieces between field ends, in order."""
    base = int(record[12:17])
    pieces = record[base:].split(b"\x1e")
    return [
        (record[entry : entry + 3], pieces[i]) for i, entry in enumerate(range(24, base - 1, 12))
    ]
