"""Collections in MARCXML with one record in five damaged, read by both readers and compared."""

import random
import time

from lianguan.engine.mapping.stream import Options, Read
from lianguan.engine.read.files import _in_memory
from lianguan.engine.read.iso2709 import read_record
from lianguan.engine.read.source import SourceRecord
from tests.damage import Piece
from tests.long import material, xml_damage
from tests.long.iso2709 import Tally, compare, judge, reads_of, timed_reads
from tests.making import xml

KINDS = {"MARC 21 in XML": "MARC 21 (UTF-8, MARC-8)", "UNIMARC in XML": "UNIMARC (UTF-8)", "CNMARC in XML": "CNMARC (UTF-8)"}  # fmt: skip

HEAD = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n'
)
TAIL = b"</collection>\n"


def made(kind: str, count: int) -> list[bytes]:
    """Records in XML, each an element of its own; of MARC 21 those in UTF-8."""
    found = []
    for raw in material.made(KINDS[kind], 2 * count):
        record = read_record(raw)
        assert isinstance(record, SourceRecord)
        if all(_is_utf8(field.data) for field in record.fields):
            text = xml([record])
            found.append(text[text.index(b"<record>") : text.index(b"</record>") + 9])
    return found[:count]


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def clean_reads(pool: list[bytes], options: Options) -> dict[bytes, Read]:
    found = reads_of(HEAD + b"\n".join(pool) + TAIL, "plain", options, "f.xml")
    assert [read.raw for read in found] == pool
    reads_of(HEAD + pool[0] + TAIL, "compiled", options, "f.xml")  # nobody waits for the compiler
    return {read.raw: read for read in found}


def pieces_of(records: list[bytes], seed: int, one_in: int = 5) -> list[Piece]:
    chance = random.Random(seed)
    pieces = []
    offset = len(HEAD)
    for record in records:
        rule = None if chance.randrange(one_in) else chance.choice(xml_damage.RULES)
        after = rule(record, chance) if rule else record
        pieces.append(Piece(offset, record, after, rule.__name__ if rule else ""))
        offset += len(after) + 1
    return pieces


def try_files(pool: list[bytes], options: Options, files: range, size: int = 100) -> Tally:
    """Damage `size` records drawn from the pool once for each seed in `files`, and read."""
    clean = clean_reads(pool, options)
    tally = Tally()
    for seed in files:
        pieces = pieces_of(random.Random(seed).choices(pool, k=size), seed)
        data = HEAD + b"\n".join(piece.after for piece in pieces) + TAIL
        found = {}
        for how in ("plain", "compiled"):
            start = time.perf_counter()
            found[how], longest = timed_reads(_in_memory("f.xml", data), how, options)
            tally.seconds[how] += time.perf_counter() - start  # type: ignore[assignment]
            tally.longest = max(tally.longest, longest)
        judge(tally, pieces, found["plain"], clean, f"seed {seed}")
        compare(tally, found["plain"], found["compiled"], f"seed {seed}")
    return tally
