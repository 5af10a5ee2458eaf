"""Files of ISO 2709 with one record in five damaged, read by both readers and compared."""

import random
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from unittest.mock import patch

from lianguan.engine.mapping import opened
from lianguan.engine.mapping.opened import open_file
from lianguan.engine.mapping.stream import Options, Read
from lianguan.engine.read.files import SourceFile, _in_memory
from lianguan.engine.read.repair import Lost
from tests.damage import Piece, pieces_of

READ, REPAIRED, SET_ASIDE, JOINED = "read", "repaired", "set aside", "joined"
"""What becomes of a damaged record; joined: it is part of what a damaged one before it became."""


@contextmanager
def reader(name: str) -> Iterator[None]:
    """Within it, files are read by the plain or by the compiled reader whatever their size."""
    environment = {"LIANGUAN_PLAIN": "1" if name == "plain" else ""}
    with patch.dict("os.environ", environment), patch.object(opened, "WORTH_COMPILING", 1):
        yield


def reads_of(data: bytes, how: str, options: Options | None = None, name: str = "f") -> list[Read]:
    return timed_reads(_in_memory(name, data), how, options)[0]


def timed_reads(
    file: SourceFile, how: str, options: Options | None = None
) -> tuple[list[Read], float]:
    """(reads, the longest wait for one of them in seconds of the processor, so that other work
    on the machine does not count)."""
    longest = 0.0
    found = []
    with reader(how):
        before = time.process_time()
        for read in open_file(file, options).reads:
            now = time.process_time()
            longest, before = max(longest, now - before), now
            found.append(read)
    return found, max(longest, time.process_time() - before)


@dataclass
class Tally:
    """What became of the records of many files."""

    files: int = 0
    records: int = 0
    sound: int = 0
    lost_neighbours: list[str] = field(default_factory=list)
    """Records that nobody touched and that did not come out as they went in; must stay empty."""
    disagreements: list[str] = field(default_factory=list)
    """Where the two readers differ; must stay empty."""
    by_rule: dict[str, Counter[str]] = field(default_factory=dict)
    findings: Counter[str] = field(default_factory=Counter)
    """Rules and reasons that came up."""
    seconds: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0


Clean = dict[bytes, Read]
"""What each record says when nothing is wrong with its file."""


def clean_reads(pool: list[bytes], options: Options) -> Clean:
    found = reads_of(b"".join(pool), "plain", options)
    assert [read.raw for read in found] == pool
    reads_of(pool[0], "compiled", options)  # so that nobody waits for the compiler
    return {read.raw: read for read in found}


def try_files(
    pool: list[bytes],
    options: Options,
    files: range,
    size: int = 1000,
    *,
    readers: tuple[str, ...] = ("plain", "compiled"),
) -> Tally:
    """Damage `size` records drawn from the pool once for each seed in `files`, and read."""
    clean = clean_reads(pool, options)
    tally = Tally()
    for seed in files:
        pieces = pieces_of(random.Random(seed).choices(pool, k=size), seed)
        data = b"".join(piece.after for piece in pieces)
        found = {}
        for how in readers:
            start = time.perf_counter()
            found[how], longest = timed_reads(_in_memory("f", data), how, options)
            tally.seconds[how] += time.perf_counter() - start  # type: ignore[assignment]
            tally.longest = max(tally.longest, longest)
        judge(tally, pieces, found[readers[0]], clean, f"seed {seed}")
        for how in readers[1:]:
            compare(tally, found[readers[0]], found[how], f"seed {seed} {how}")
    return tally


def judge(tally: Tally, pieces: list[Piece], found: list[Read], clean: Clean, where: str) -> None:
    tally.files += 1
    tally.records += len(pieces)
    starts = [read.offset for read in found]
    for piece in pieces:
        low = bisect_left(starts, piece.offset)
        high = bisect_left(starts, piece.offset + len(piece.after))
        if piece.rule:
            became = outcome(found[low:high], clean[piece.before])
            tally.by_rule.setdefault(piece.rule, Counter())[became] += 1
            continue
        tally.sound += 1
        if low == len(found) or not same(found[low], clean[piece.before], piece.offset):
            tally.lost_neighbours.append(f"{where}, offset {piece.offset}")
    for read in found:
        tally.findings.update(read.rules.codes)
        if isinstance(read.what, Lost):
            tally.findings[read.what.reason.value] += 1


def same(read: Read, clean: Read, offset: int) -> bool:
    """The read is what its record gave in a clean file, bytes, meaning and all."""
    return read.offset == offset and read._replace(offset=clean.offset) == clean


def outcome(found: list[Read], clean: Read) -> str:
    """What became of a damaged record; of its pieces the best counts."""
    kept = [read for read in found if not isinstance(read.what, Lost)]
    if not found:
        return JOINED
    if not kept:
        return SET_ASIDE
    return REPAIRED if any(read.rules & ~clean.rules for read in kept) else READ


def compare(tally: Tally, one: list[Read], other: list[Read], where: str) -> None:
    if one == other:
        return
    for a, b in zip(one, other, strict=False):
        if a != b:
            tally.disagreements.append(f"{where}, offset {a.offset}: {a} / {b}")
            return
    tally.disagreements.append(f"{where}: {len(one)} and {len(other)} reads")
