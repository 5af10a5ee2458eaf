"""Mending a damaged ISO 2709 record: every repair has a name, nothing is guessed.

Called for the few records whose directory cannot be believed (`framing.MEND`). Field
ends are trusted before the directory, and the directory before the lengths in the
leader: that is the order in which editors and bad exporters break them.
"""

import re
from dataclasses import dataclass

from lianguan.engine.read.findings import NO_RULE, Reason, Rule
from lianguan.engine.read.source import SourceField, SourceRecord

ENTRY = re.compile(rb"[0-9A-Za-z]{3}\d{9}")

TAG = re.compile(rb"[0-9A-Za-z]{3}")

SUBSTITUTES = (b"$", b"|", b"!", b"@", b"\\", *(c.encode() for c in "▼！‡ǂ│"))
"""What editors and OPACs put where 0x1F was, in the order in which they are tried."""

LOST_TAG = b"???"


@dataclass(frozen=True, slots=True)
class Lost:
    """The record cannot be had from these bytes."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    """Offset in the data area."""
    data: bytes


def mend(record: bytes) -> SourceRecord | Lost:
    """The record in a damaged frame, with the rules that were needed."""
    directory_end = record.find(b"\x1e", 24)
    if len(record) < 40:
        return Lost(Reason.TOO_SHORT)
    if directory_end < 0 or not any(48 <= c <= 57 for c in record[24:directory_end]):
        return Lost(Reason.NOT_A_RECORD)
    if record[-1:] != b"\x1d":
        return Lost(Reason.TRUNCATED)
    directory, body = record[24:directory_end], record[directory_end + 1 : -1]
    fields, rules = _as_directory_says(directory, body)
    if not fields:
        fields, rules = _by_pieces(directory, _pieces(body))
    if not fields:
        missing = len(directory) // 12 - body.count(b"\x1e")
        return Lost(Reason.TRUNCATED if missing > 0 else Reason.DIRECTORY_LOST)
    rules |= _leader_rules(record, directory_end)
    return with_subfields(SourceRecord(record[:24], tuple(fields), rules))


def _leader_rules(record: bytes, directory_end: int) -> Rule:
    rules = NO_RULE
    if record[:5] != b"%05d" % len(record) and len(record) <= 99999:
        rules |= Rule.LENGTH_WRONG
    if record[12:17] != b"%05d" % (directory_end + 1):
        rules |= Rule.BASE_ADDRESS_WRONG
    return rules


def _pieces(body: bytes) -> list[_Piece]:
    pieces = []
    start = 0
    for data in body.split(b"\x1e"):
        pieces.append(_Piece(start, data))
        start += len(data) + 1
    if not pieces[-1].data:
        pieces.pop()
    return pieces


def _entries(directory: bytes) -> list[bytes]:
    return [directory[i : i + 12] for i in range(0, len(directory), 12)]


def _as_directory_says(directory: bytes, body: bytes) -> tuple[list[SourceField], Rule]:
    """All fields, if every entry points at a piece between two field ends: legal, only not
    in the usual order or without gaps. Otherwise none."""
    fields = []
    for entry in _entries(directory):
        if not ENTRY.fullmatch(entry):
            return [], NO_RULE
        length, start = int(entry[3:7]), int(entry[7:])
        end = start + length - 1
        if body[end : end + 1] != b"\x1e" or (start and body[start - 1 : start] != b"\x1e"):
            return [], NO_RULE
        fields.append(SourceField(entry[:3], body[start:end]))
    return fields, NO_RULE


def _by_pieces(directory: bytes, pieces: list[_Piece]) -> tuple[list[SourceField], Rule]:
    """The pieces between field ends with the tags that can be told for them; none where the
    directory knows of more fields than there are."""
    if len(directory) // 12 > len(pieces):
        return [], NO_RULE
    tags = _tags_by_start(directory, pieces) or _tags_in_order(directory, len(pieces))
    if not tags:
        return [], NO_RULE
    rules = Rule.DIRECTORY_WRONG
    if LOST_TAG in tags:
        rules |= Rule.TAG_LOST
    return [SourceField(t, p.data) for t, p in zip(tags, pieces, strict=True)], rules


def _tags_in_order(directory: bytes, count: int) -> list[bytes]:
    """As many tags as there are pieces, the order of the entries taken for that of the data;
    none where that cannot be."""
    if len(directory) == 12 * count:
        tags = [entry[:3] for entry in _entries(directory)]
        return [tag if TAG.fullmatch(tag) else LOST_TAG for tag in tags]
    tail = directory[len(directory) % 12 :]
    from_left = _following(_entries(directory))
    room = (len(directory) - 12 * len(from_left)) // 12
    from_right = _following(_entries(tail)[::-1][:room])[::-1]
    if len(from_left) + len(from_right) == count - 1:
        return [*from_left, LOST_TAG, *from_right]
    return []


def _following(entries: list[bytes]) -> list[bytes]:
    """The tags of the leading entries that follow each other without a gap, forwards or
    backwards: what is read out of step does not."""
    tags: list[bytes] = []
    previous = b""
    for entry in entries:
        if not ENTRY.fullmatch(entry) or (previous and not _adjoin(previous, entry)):
            break
        tags.append(entry[:3])
        previous = entry
    return tags


def _adjoin(one: bytes, other: bytes) -> bool:
    """One of two entries begins where the other ends."""
    first, second = sorted((one, other), key=lambda entry: entry[7:])
    return int(first[7:]) + int(first[3:7]) == int(second[7:])


def _tags_by_start(directory: bytes, pieces: list[_Piece]) -> list[bytes]:
    """Tags of the pieces that an entry points at; none where more than one piece has none."""
    tag_at = {int(e[7:]): e[:3] for e in _entries(directory) if ENTRY.fullmatch(e)}
    tags = [tag_at.get(piece.start, LOST_TAG) for piece in pieces]
    return tags if tags.count(LOST_TAG) <= 1 < len(tags) else []


def with_subfields(record: SourceRecord) -> SourceRecord:
    """The record, its subfield marks put back where something else stands for all of them."""
    data = _data_fields(record)
    if not marks_are_gone(record):
        return record
    for mark in SUBSTITUTES:
        at_two = sum(d[2:].startswith(mark) for d in data)
        if at_two * 5 >= len(data) * 4:
            return _with_mark(record, mark)
    return record


def marks_are_gone(record: SourceRecord) -> bool:
    """It has data fields, and no mark in them says where a subfield begins."""
    data = _data_fields(record)
    return bool(data) and not any(b"\x1f" in d for d in data)


def _data_fields(record: SourceRecord) -> list[bytes]:
    return [f.data for f in record.fields if not f.tag.startswith(b"00") and len(f.data) > 3]


def _with_mark(record: SourceRecord, mark: bytes) -> SourceRecord:
    pattern = re.compile(rb" ?" + re.escape(mark) + rb"([0-9A-Za-z]) ?")
    fields = tuple(
        field
        if field.tag.startswith(b"00")
        else SourceField(
            field.tag, field.data[:2] + pattern.sub(lambda m: b"\x1f" + m[1], field.data[2:])
        )
        for field in record.fields
    )
    return SourceRecord(record.leader, fields, record.rules | Rule.DELIMITERS_SUBSTITUTED)
