"""Our reading of every record beside the peers' reading: how often, where and why they differ."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.peers import PEERS, PeerRecord
from bench.real_aspects import ASPECTS, Aspect, csv_rows, table_aspects
from bench.real_kinds import Difference
from bench.real_members import Member
from lianguan.engine.mapping.opened import Opened, open_file
from lianguan.engine.mapping.stream import Read
from lianguan.engine.read.files import SourceFile, source_files
from lianguan.engine.read.findings import Refused
from lianguan.engine.read.repair import Lost


@dataclass(slots=True)
class Tally:
    """What a file (or a member, or all) came to."""

    records: int = 0
    read: Counter[str] = field(default_factory=Counter)
    sound: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    compared: Counter[tuple[str, str]] = field(default_factory=Counter)
    kinds: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    lost_though_read: Counter[str] = field(default_factory=Counter)
    """Reasons for which we set aside what a peer reads without error."""

    def add(self, other: "Tally") -> None:
        self.records += other.records
        for name in ("read", "sound", "reasons", "rules", "compared", "kinds", "extra",
                     "lost_though_read"):  # fmt: skip
            getattr(self, name).update(getattr(other, name))


@dataclass(slots=True)
class Compared:
    """A file, what it came to, and every difference."""

    member: Member
    file: str
    container: str
    tally: Tally
    differences: list[Difference]
    reads: list[Read]


def compare(member: Member, path: Path) -> Iterator[Compared]:
    """Each file packed in `path`, read by us and by the peers."""
    for file in source_files(path):
        try:
            opened = open_file(file, member.options)
            reads = list(opened.reads)
        except Refused as refused:
            tally = Tally(reasons=Counter({refused.code: 1}))
            yield Compared(member, file.name, "", tally, [], [])
            continue
        yield _compared(member, file, opened, reads)


def _compared(member: Member, file: SourceFile, opened: Opened, reads: list[Read]) -> Compared:
    found = Compared(member, file.name, opened.container, _our_tally(reads), [], reads)
    with file.open() as stream:
        data = stream.read()
    if opened.shapes:
        aspects = table_aspects(opened.shapes[0].named)
        _beside(found, "csv", _rows(data, member.encoding, reads), aspects)
        return found
    readable: set[int] = set()
    for name, peer in PEERS.items():
        readings, extra = peer(data, opened.container, reads)
        found.tally.extra[name] += extra
        readable |= {i for i, r in enumerate(readings) if r and r.fields and not r.error}
        _beside(found, name, readings, ASPECTS[opened.dialect])
    lost = [reads[i].what for i in sorted(readable)]
    found.tally.lost_though_read.update(w.reason.value for w in lost if isinstance(w, Lost))
    found.tally.sound["either"] = len(readable)
    return found


def _rows(data: bytes, encoding: str, reads: list[Read]) -> list[PeerRecord | None]:
    """A row of csv for each of our records, in their order, where there are as many."""
    rows = iter(csv_rows(data, encoding))
    found = [None if isinstance(read.what, Lost) else next(rows, None) for read in reads]
    return found if next(rows, None) is None else [None] * len(reads)


def _our_tally(reads: list[Read]) -> Tally:
    tally = Tally(records=len(reads))
    for read in reads:
        tally.rules.update(read.rules.codes)
        if isinstance(read.what, Lost):
            tally.reasons[read.what.reason.value] += 1
        else:
            tally.read["us"] += 1
    return tally


def _beside(
    found: Compared, peer: str, readings: list[PeerRecord | None], aspects: tuple[Aspect, ...]
) -> None:
    """Compare our reads with a peer's."""
    tally = found.tally
    for read, record in zip(found.reads, readings, strict=True):
        if record is None or not record.fields:
            continue
        tally.read[peer] += 1
        tally.sound[peer] += not record.error
        if isinstance(read.what, Lost):
            continue
        for aspect in aspects:
            ours, theirs = aspect.sides(read.what, record)
            tally.compared[peer, aspect.name] += 1
            if ours != theirs:
                one = Difference(found.file, peer, aspect, ours, theirs, read, record)
                found.differences.append(one)
                tally.kinds[peer, aspect.name, one.kind.name] += 1
