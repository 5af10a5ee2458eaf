"""Damage as it happens to files, by seeded rules: so that a failure can be made again."""

import random
from collections.abc import Callable

Rule = Callable[[bytes, random.Random], bytes]


def _base(record: bytes) -> int:
    """Where the fields begin, by the end of the directory: the leader may be damaged already."""
    return min(max(record.find(b"\x1e", 24) + 1, 26), len(record) - 1)


def wrong_length(record: bytes, chance: random.Random) -> bytes:
    return b"%05d" % chance.randrange(100_000) + record[5:]


def length_of_questions(record: bytes, chance: random.Random) -> bytes:
    return b"?????" + record[5:12] + chance.choice([b"?????", record[12:17]]) + record[17:]


def broken_directory(record: bytes, chance: random.Random) -> bytes:
    base = _base(record)
    at = chance.randrange(24, base - 1)
    kind = chance.randrange(3)
    if kind == 0:
        return record[:at] + bytes([chance.choice(b"0123456789 x\xff")]) + record[at + 1 :]
    return record[:at] + record[at + 1 :] if kind == 1 else record[:at] + b"7" + record[at:]


def lost_delimiter(record: bytes, chance: random.Random) -> bytes:
    marks = [i for i, byte in enumerate(record) if byte in b"\x1d\x1e\x1f"]
    at = chance.choice(marks or [0])
    return record[:at] + bytes([chance.choice(b" !$a\x1d\x1e\x1f")]) + record[at + 1 :]


def dropped_delimiter(record: bytes, chance: random.Random) -> bytes:
    marks = [i for i, byte in enumerate(record) if byte in b"\x1d\x1e\x1f"]
    at = chance.choice(marks or [0])
    return record[:at] + record[at + 1 :]


def stray_delimiter(record: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(record))
    return record[:at] + bytes([chance.choice(b"\x1d\x1e\x1f")]) + record[at + 1 :]


def broken_text(record: bytes, chance: random.Random) -> bytes:
    base = _base(record)
    out = bytearray(record)
    for _ in range(chance.randrange(1, 6)):
        out[chance.randrange(base, len(out))] = chance.randrange(128, 256)
    return bytes(out)


def cut_short(record: bytes, chance: random.Random) -> bytes:
    return record[: chance.randrange(1, len(record) - 1)]


def cut_in_the_middle(record: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(5, len(record) - 2)
    return record[:start] + record[chance.randrange(start, len(record)) :]


def any_byte(record: bytes, chance: random.Random) -> bytes:
    out = bytearray(record)
    out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


RULES: tuple[Rule, ...] = (
    wrong_length,
    length_of_questions,
    broken_directory,
    lost_delimiter,
    dropped_delimiter,
    stray_delimiter,
    broken_text,
    cut_short,
    cut_in_the_middle,
    any_byte,
)


def damaged(records: list[bytes], seed: int, one_in: int = 5) -> tuple[bytes, list[bytes]]:
    """(file, sound records): a file of the records, one in five of them damaged; and those that
    were left as they were, in order."""
    chance = random.Random(seed)
    sound: list[bytes] = []
    pieces: list[bytes] = []
    for record in records:
        if chance.randrange(one_in):
            sound.append(record)
            pieces.append(record)
        else:
            pieces.append(chance.choice(RULES)(record, chance))
    return b"".join(pieces), sound
