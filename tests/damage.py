"""Damage as it happens to files, by seeded rules: so that a failure can be made again.

`RULES` is the table of what can happen to one record of an ISO 2709 file; `damaged` lets it
happen to one record in five. What can happen to XML and to tables stands beside their tests.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

Rule = Callable[[bytes, random.Random], bytes]

MARKS = b"\x1d\x1e\x1f"


def _base(record: bytes) -> int:
    """Where the fields begin, by the end of the directory: the leader may be damaged already."""
    return min(max(record.find(b"\x1e", 24) + 1, 26), len(record) - 1)


def _entries(record: bytes) -> list[bytes]:
    directory = record[24 : _base(record) - 1]
    return [directory[i : i + 12] for i in range(0, len(directory), 12)]


def _with_entries(record: bytes, entries: list[bytes]) -> bytes:
    """The record with another directory; the lengths in its leader stay as they were."""
    return record[:24] + b"".join(entries) + record[_base(record) - 1 :]


def _places(record: bytes, marks: bytes, start: int = 0) -> list[int]:
    return [i for i, byte in enumerate(record[start:], start) if byte in marks]


# The leader.


def wrong_length(record: bytes, chance: random.Random) -> bytes:
    return b"%05d" % chance.randrange(100_000) + record[5:]


def length_slightly_wrong(record: bytes, chance: random.Random) -> bytes:
    return b"%05d" % max(len(record) + chance.choice((-2, -1, 1, 2, 100)), 0) + record[5:]


def huge_length(record: bytes, chance: random.Random) -> bytes:
    return b"99999" + record[5:]


def length_of_two_records(record: bytes, chance: random.Random) -> bytes:
    """The length reaches to about where the next record ends."""
    return b"%05d" % min(len(record) * 2 + chance.randrange(-2, 3), 99999) + record[5:]


def length_of_questions(record: bytes, chance: random.Random) -> bytes:
    return b"?????" + record[5:12] + chance.choice([b"?????", record[12:17]]) + record[17:]


def length_no_number(record: bytes, chance: random.Random) -> bytes:
    return (
        chance.choice([b"     ", b"00 12", b"-0012", b"\x00" * 5, b"1e999", b"\xa3\xb0\xa3\xb11"])
        + record[5:]
    )


def wrong_base(record: bytes, chance: random.Random) -> bytes:
    base = chance.choice([b"00000", b"99999", b"     ", b"%05d" % chance.randrange(100_000)])
    return record[:12] + base + record[17:]


def base_off_by_one_entry(record: bytes, chance: random.Random) -> bytes:
    return record[:12] + b"%05d" % (_base(record) + chance.choice((-12, 12, -1, 1))) + record[17:]


# The directory.


def broken_directory(record: bytes, chance: random.Random) -> bytes:
    base = _base(record)
    at = chance.randrange(24, base - 1)
    kind = chance.randrange(3)
    if kind == 0:
        return record[:at] + bytes([chance.choice(b"0123456789 x\xff")]) + record[at + 1 :]
    return record[:at] + record[at + 1 :] if kind == 1 else record[:at] + b"7" + record[at:]


def wrong_entry(record: bytes, chance: random.Random) -> bytes:
    entries = _entries(record)
    at = chance.randrange(len(entries))
    digits = b"%04d%05d" % (chance.randrange(10_000), chance.randrange(100_000))
    entries[at] = entries[at][:3] + digits
    return _with_entries(record, entries)


def entry_without_digits(record: bytes, chance: random.Random) -> bytes:
    entries = _entries(record)
    at = chance.randrange(len(entries))
    entries[at] = entries[at][:3] + chance.choice([b" " * 9, b"?" * 9, b"00000000x", b"\x00" * 9])
    return _with_entries(record, entries)


def entries_lost(record: bytes, chance: random.Random) -> bytes:
    entries = _entries(record)
    return _with_entries(record, entries[: chance.randrange(len(entries))])


def directory_cut(record: bytes, chance: random.Random) -> bytes:
    base = _base(record)
    return record[: chance.randrange(24, base - 1)] + record[base - 1 :]


def directory_without_end(record: bytes, chance: random.Random) -> bytes:
    base = _base(record)
    return record[: base - 1] + chance.choice([b"", b" ", b"\x1f"]) + record[base:]


def entries_in_another_order(record: bytes, chance: random.Random) -> bytes:
    """Legal: the fields stay where they are and each entry says where."""
    entries = _entries(record)
    chance.shuffle(entries)
    return _with_entries(record, entries)


def entry_twice(record: bytes, chance: random.Random) -> bytes:
    entries = _entries(record)
    at = chance.randrange(len(entries))
    return _with_entries(record, [*entries[:at], entries[at], *entries[at:]])


# Field ends, record ends and subfield marks.


def lost_delimiter(record: bytes, chance: random.Random) -> bytes:
    at = chance.choice(_places(record, MARKS) or [0])
    return record[:at] + bytes([chance.choice(b" !$a\x1d\x1e\x1f")]) + record[at + 1 :]


def dropped_delimiter(record: bytes, chance: random.Random) -> bytes:
    at = chance.choice(_places(record, MARKS) or [0])
    return record[:at] + record[at + 1 :]


def stray_delimiter(record: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(record))
    return record[:at] + bytes([chance.choice(MARKS)]) + record[at + 1 :]


def doubled_delimiter(record: bytes, chance: random.Random) -> bytes:
    at = chance.choice(_places(record, MARKS) or [0])
    return record[: at + 1] + record[at:]


def field_end_lost(record: bytes, chance: random.Random) -> bytes:
    at = chance.choice(_places(record, b"\x1e", _base(record)) or [len(record) - 1])
    return record[:at] + chance.choice([b"", b" "]) + record[at + 1 :]


def field_end_doubled(record: bytes, chance: random.Random) -> bytes:
    at = chance.choice(_places(record, b"\x1e", _base(record)) or [len(record) - 1])
    return record[:at] + b"\x1e" + record[at:]


def record_end_lost(record: bytes, chance: random.Random) -> bytes:
    return record[:-1] + chance.choice([b"", b" ", b"\n", b"\x1e"])


def record_end_doubled(record: bytes, chance: random.Random) -> bytes:
    return record + b"\x1d" * chance.randrange(1, 4)


def marks_replaced(record: bytes, chance: random.Random) -> bytes:
    """A sign of one byte where every subfield mark was."""
    return record.replace(b"\x1f", chance.choice([b"$", b"|", b"!", b"@"]))


def marks_replaced_by_long_sign(record: bytes, chance: random.Random) -> bytes:
    return record.replace(b"\x1f", chance.choice(["‡", "▼", "！", "ǂ"]).encode())


def marks_lost(record: bytes, chance: random.Random) -> bytes:
    return record.replace(b"\x1f", chance.choice([b"", b" "]))


def code_lost(record: bytes, chance: random.Random) -> bytes:
    """A subfield code went and another mark or nothing stands there; the length stays."""
    at = chance.choice(_places(record, b"\x1f") or [0])
    return record[: at + 1] + chance.choice([b"\x1f", b" ", b"\xff"]) + record[at + 2 :]


# Texts.


def broken_text(record: bytes, chance: random.Random) -> bytes:
    base = _base(record)
    out = bytearray(record)
    for _ in range(chance.randrange(1, 6)):
        out[chance.randrange(base, len(out))] = chance.randrange(128, 256)
    return bytes(out)


def re_encoded(record: bytes, chance: random.Random) -> bytes:
    """Converted to another encoding by a program that leaves directory and lengths alone."""
    base = _base(record)
    read_as = chance.choice(["utf-8", "gb18030", "latin-1"])
    text = record[base:].decode(read_as, "replace")
    to = chance.choice(["utf-8", "gb18030", "big5", "cp1252", "cp1251", "utf-16-le", "shift_jis"])
    return record[:base] + text.encode(to, "replace")


def halves_in_two_encodings(record: bytes, chance: random.Random) -> bytes:
    """Each field converted or not: a record that was edited in two programs. Lengths are right."""
    base = _base(record)
    pieces = record[base:-1].split(b"\x1e")[:-1]
    to = chance.choice(["utf-8", "gb18030"])
    body = [
        piece.decode("utf-8" if to != "utf-8" else "gb18030", "replace").encode(to, "replace")
        if chance.random() < 0.5 else piece
        for piece in pieces
    ]  # fmt: skip
    entries, at = [], 0
    for entry, piece in zip(_entries(record), body, strict=False):
        entries.append(entry[:3] + b"%04d%05d" % (len(piece) + 1, at))
        at += len(piece) + 1
    whole = _with_entries(record, entries)[:base] + b"\x1e".join([*body, b"\x1d"])
    return b"%05d" % len(whole) + whole[5:]


def control_characters(record: bytes, chance: random.Random) -> bytes:
    base = _base(record)
    out = bytearray(record)
    for _ in range(chance.randrange(1, 6)):
        out[chance.randrange(base, len(out))] = chance.choice(b"\x00\x07\x08\t\n\r\x1a\x1b\x1c\x7f")
    return bytes(out)


# The file.


def cut_short(record: bytes, chance: random.Random) -> bytes:
    return record[: chance.randrange(1, len(record) - 1)]


def beginning_lost(record: bytes, chance: random.Random) -> bytes:
    return record[chance.randrange(1, len(record) - 1) :]


def cut_in_the_middle(record: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(5, len(record) - 2)
    return record[:start] + record[chance.randrange(start, len(record)) :]


def cut_to_a_block(record: bytes, chance: random.Random) -> bytes:
    """Lost blocks of a disk: a stretch of NUL, the length kept."""
    start = chance.randrange(len(record) - 1)
    end = chance.randrange(start + 1, len(record))
    return record[:start] + bytes(end - start) + record[end:]


def any_byte(record: bytes, chance: random.Random) -> bytes:
    out = bytearray(record)
    out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


def flipped_bits(record: bytes, chance: random.Random) -> bytes:
    out = bytearray(record)
    for _ in range(chance.randrange(1, 20)):
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def line_ends_changed(record: bytes, chance: random.Random) -> bytes:
    """Sent as text: a line end put in after every so many bytes."""
    width = chance.choice([60, 80, 512])
    return b"\r\n".join(record[i : i + width] for i in range(0, len(record), width))


def followed_by_blank_lines(record: bytes, chance: random.Random) -> bytes:
    return record + chance.choice([b"\n", b"\r\n", b"\r\n\r\n", b"\x1a", b"\n" * 400])


def followed_by_nuls(record: bytes, chance: random.Random) -> bytes:
    return record + bytes(chance.choice([1, 7, 512, 3000]))


def followed_by_noise(record: bytes, chance: random.Random) -> bytes:
    return record + chance.randbytes(chance.randrange(1, 200))


def followed_by_digits(record: bytes, chance: random.Random) -> bytes:
    return record + bytes(chance.choice(b"0123456789") for _ in range(chance.randrange(1, 60)))


def followed_by_a_page(record: bytes, chance: random.Random) -> bytes:
    """What a failed download leaves in a file."""
    return record + b"<html><body>504 Gateway Time-out</body></html>\r\n"


def longer_than_allowed(record: bytes, chance: random.Random) -> bytes:
    """More than 99,999 bytes, which the format cannot say: the length and the entries behind
    the long field say what exporters then write."""
    base = _base(record)
    note = b"  \x1fa" + b"note " * 22_000 + b"\x1e"
    entries = [*_entries(record), b"500" + b"9999" + b"%05d" % min(len(record) - base - 1, 99999)]
    long = _with_entries(record, entries)[:-1] + note + b"\x1d"
    length = chance.choice([b"99999", b"00000", b"%05d" % (len(long) % 100_000)])
    return length + long[5:12] + b"%05d" % (base + 12) + long[17:]


RULES: tuple[Rule, ...] = (
    wrong_length,
    length_slightly_wrong,
    huge_length,
    length_of_two_records,
    length_of_questions,
    length_no_number,
    wrong_base,
    base_off_by_one_entry,
    broken_directory,
    wrong_entry,
    entry_without_digits,
    entries_lost,
    directory_cut,
    directory_without_end,
    entries_in_another_order,
    entry_twice,
    lost_delimiter,
    dropped_delimiter,
    stray_delimiter,
    doubled_delimiter,
    field_end_lost,
    field_end_doubled,
    record_end_lost,
    record_end_doubled,
    marks_replaced,
    marks_replaced_by_long_sign,
    marks_lost,
    code_lost,
    broken_text,
    re_encoded,
    halves_in_two_encodings,
    control_characters,
    cut_short,
    beginning_lost,
    cut_in_the_middle,
    cut_to_a_block,
    any_byte,
    flipped_bits,
    line_ends_changed,
    followed_by_blank_lines,
    followed_by_nuls,
    followed_by_noise,
    followed_by_digits,
    followed_by_a_page,
    longer_than_allowed,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One record on its way into a file."""

    offset: int
    before: bytes
    after: bytes
    rule: str = ""
    """The damage that was done; "" where the record was left as it was."""


def pieces_of(records: list[bytes], seed: int, one_in: int = 5) -> list[Piece]:
    """The records one after the other, one in five of them damaged."""
    chance = random.Random(seed)
    pieces: list[Piece] = []
    offset = 0
    for record in records:
        rule = None if chance.randrange(one_in) else chance.choice(RULES)
        after = rule(record, chance) if rule else record
        pieces.append(Piece(offset, record, after, rule.__name__ if rule else ""))
        offset += len(after)
    return pieces


def damaged(records: list[bytes], seed: int, one_in: int = 5) -> tuple[bytes, list[bytes]]:
    """(file, sound records): a file of the records, one in five of them damaged; and those that
    were left as they were, in order."""
    pieces = pieces_of(records, seed, one_in)
    return b"".join(p.after for p in pieces), [p.after for p in pieces if not p.rule]
