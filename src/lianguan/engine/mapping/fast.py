"""Large MARC files as a stream of records: found, placed and numbered by compiled code in one
thread, mapped in another; what that leaves over is read in plain Python."""

import contextlib
import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from lianguan.engine.mapping.bulk import Batch, BulkMapper, Numbered
from lianguan.engine.mapping.rows import Table
from lianguan.engine.mapping.stream import WHOLE, PlainReader, Read, Share, What, checked
from lianguan.engine.read import files, iso2709, marcxml, xmlkernel
from lianguan.engine.read.blocks import Block, blocks
from lianguan.engine.read.encodings import ENCODINGS, UTF8, agrees, encoding_of, of_texts
from lianguan.engine.read.files import SourceFile
from lianguan.engine.read.findings import NO_RULE, Reason, Rule
from lianguan.engine.read.framing import MEND
from lianguan.engine.read.iso2709 import RULE_OF_FINDING, Frame
from lianguan.engine.read.kernel import (
    END,
    ESCAPE,
    FINDING,
    FLAGS,
    HIGH,
    LONG_SEQUENCE,
    NO_SUBFIELDS,
    NOT_UTF8,
    START,
    Numbers,
)
from lianguan.engine.read.repair import Lost
from lianguan.engine.read.source import SourceRecord

T = TypeVar("T")


def ahead(items: Iterator[T]) -> Iterator[T]:
    """The items, the next one made in another thread while this one is worked on."""
    end: Any = object()
    with ThreadPoolExecutor(1) as maker:
        promise = maker.submit(next, items, end)
        while (item := promise.result()) is not end:
            promise = maker.submit(next, items, end)
            yield item


@contextlib.contextmanager
def seldom_collecting() -> Iterator[None]:
    """Python's search for circles of garbage, put off while values are made by the million:
    they hold no circles, and looking through them takes a fifth of the time (measured)."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 1000)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@dataclass(frozen=True, slots=True)
class _Work:
    """A block ready to be mapped."""

    numbered: Numbered
    offset: int
    data: bytes
    frames: list[list[int]]
    """START, END and FINDING of each record."""
    rules: Numbers
    """Repairs of structure and encoding, for each record; bits of `Rule`."""
    left_over: list[bool]
    """Records that compiled code could not read, or whose encoding cannot be told."""


class Remembered:
    """What was read of the values of one file, for the next one that is read by the same table:
    publishers, subjects and names come back in the files of other members."""

    def __init__(self) -> None:
        self.mapper: BulkMapper | None = None

    def take(self, table: Table, encodings: tuple[str, ...]) -> BulkMapper:
        """The mapper of the file before if it maps alike, else a new one."""
        last, self.mapper = self.mapper, None
        if last and last.table == table and last.encodings == encodings:
            return last
        return BulkMapper(table, encodings)


class FastReader:
    """Reads one large file of ISO 2709 or MARCXML."""

    def __init__(
        self,
        file: SourceFile,
        container: str,
        plain: PlainReader,
        remembered: Remembered | None = None,
    ) -> None:
        self.file = file
        self.plain = plain
        self.is_xml = container == files.MARCXML
        self.is_marc21 = plain.table.name == "marc21"
        told = plain.encoding
        self.encodings = (*ENCODINGS, *([told] if told and told not in ENCODINGS else []))
        self.remembered = remembered or Remembered()
        self.mapper = self.remembered.take(plain.table, self.encodings)
        self.declared = ""

    def chunks(self, share: Share) -> Iterator[list[Read]]:
        """The records in the order of the file, a block of it at a time."""
        for work, batch in self.batches(share):
            yield list(self._reads_of(work, batch))

    def batches(self, share: Share = WHOLE) -> Iterator[tuple[_Work, Batch]]:
        """What the file says, block by block and slot by slot. What stands in the slots of a
        record that is left over to plain Python is void."""
        if self.is_xml:
            head = self.file.head(marcxml.HEAD)
            marcxml.refuse_entities(head)
            self.declared = marcxml.declared_encoding(head)
        with seldom_collecting():
            for work in ahead(self._works(share)):
                yield work, self.mapper.map(work.numbered)
        self.remembered.mapper = self.mapper

    def _reads_of(self, work: _Work, batch: Batch) -> Iterator[Read]:
        encodings = [self.encodings[number] for number in work.numbered.encodings.tolist()]
        rules = (work.rules | batch.rules).tolist()
        data, offset = work.data, work.offset
        for record, (start, end, finding), left_over, bits, encoding in zip(
            batch.records(), work.frames, work.left_over, rules, encodings, strict=True
        ):
            raw = data[start:end]
            what: What = record, NO_RULE, encoding
            if left_over:
                if not raw.strip():
                    continue
                what = self._leftover(raw, finding)
            elif bits or not record.titles:
                what = checked(record, Rule(bits), encoding)
            yield Read(offset + start, end - start, raw, *what)

    def _works(self, share: Share) -> Iterator[_Work]:
        scan = xmlkernel.compiled()["scan_xml"] if self.is_xml else None
        plan = self.mapper.plan
        with self.file.open() as file:
            for block in share.of(blocks(file, plan.first, plan.columns, scan)):
                encodings, doubts = self._encodings(block)
                numbered = self.mapper.number(block.texts, block.hits, encodings)
                frames = block.frames[:, : FINDING + 1].tolist()
                data = block.array[: frames[-1][END] if frames else 0].tobytes()
                rules = self._rules(block, encodings)
                left_over = self._left_over(block, doubts)
                yield _Work(numbered, block.offset, data, frames, rules, left_over)

    def _left_over(self, block: Block, doubts: frozenset[int]) -> list[bool]:
        """Which records plain Python has to read. In XML the compiled pass knows UTF-8 alone."""
        frames = block.frames
        mask = (frames[:, FINDING] == MEND) | (frames[:, FLAGS] & NO_SUBFIELDS != 0)
        if self.is_xml and of_texts(self.plain.encoding) not in ("", UTF8):
            mask[:] = True
        mask[list(doubts)] = True
        found: list[bool] = mask.tolist()
        return found

    def _leftover(self, raw: bytes, finding: int) -> What:
        """What plain Python makes of a record that compiled code could not read."""
        if not self.is_xml:
            return self.plain.read(_record(raw, finding))
        encoding = self.plain.encoding_of_xml(raw, self.declared)
        if not encoding:
            return Lost(Reason.ENCODING_IN_DOUBT), NO_RULE, ""
        return self.plain.read(marcxml.record_in(raw, encoding), UTF8)

    def _encodings(self, block: Block) -> tuple[Numbers, frozenset[int]]:
        """The number of the encoding of each record, and those in doubt."""
        told = self.plain.encoding
        numbers = np.zeros(len(block.frames), np.uint8)
        if self.is_xml:
            numbers[:] = self.encodings.index(UTF8)
            return numbers, frozenset()
        if told:
            numbers[:] = self.encodings.index(told)
            return numbers, self._against(block, told)
        doubts = []
        for i in np.flatnonzero(self._is_open(block)).tolist():
            encoding = self._encoding_of(block, i)
            if encoding is None:
                doubts.append(i)
            else:
                numbers[i] = self.encodings.index(encoding)
        return numbers, frozenset(doubts)

    def _against(self, block: Block, told: str) -> frozenset[int]:
        """Records that cannot be in the encoding that a person named."""
        high = np.flatnonzero(block.frames[:, FLAGS] & (HIGH | NOT_UTF8) != 0)
        return frozenset(i for i in high.tolist() if not self._agrees(block, i, told))

    def _agrees(self, block: Block, number: int, told: str) -> bool:
        record = _record_of(block, number)
        if isinstance(record, Lost):
            return True
        return agrees(record.content(), told, self.plain.hints(record))

    def _is_open(self, block: Block) -> Numbers:
        """Records whose encoding the bytes do not settle at once: not UTF-8, with escapes, or
        with nothing but two-byte sequences, which in a Chinese record may be GB."""
        flags = block.frames[:, FLAGS]
        is_open: Numbers = flags & (NOT_UTF8 | ESCAPE) != 0
        if not self.is_marc21:
            is_open |= flags & (HIGH | LONG_SEQUENCE) == HIGH
        usable: Numbers = block.frames[:, FINDING] != MEND
        return is_open & usable

    def _encoding_of(self, block: Block, number: int) -> str | None:
        record = _record_of(block, number)
        if isinstance(record, Lost):
            return None
        return encoding_of(record.content(), self.plain.hints(record))

    def _rules(self, block: Block, encodings: Numbers) -> Numbers:
        """The repairs of structure and encoding of each record."""
        frames = block.frames
        of_finding = np.array([int(RULE_OF_FINDING.get(f, NO_RULE)) for f in range(MEND + 1)])
        rules = of_finding[frames[:, FINDING]]
        if self.is_marc21 and not self.is_xml:
            in_utf8 = encodings == self.encodings.index(UTF8)
            high = frames[:, FLAGS] & HIGH == HIGH
            lies = high & in_utf8 & (block.array[frames[:, START] + 9] != ord("a"))
            for i in np.flatnonzero(lies & (frames[:, FLAGS] & NOT_UTF8 != 0)).tolist():
                lies[i] = _is_not_ascii(_record_of(block, i))
            rules[lies] |= int(Rule.LEADER_LIES)
        return rules


def _record(raw: bytes, finding: int) -> SourceRecord | Lost:
    return iso2709.record_in(raw, Frame(0, len(raw), finding))


def _record_of(block: Block, number: int) -> SourceRecord | Lost:
    return _record(block.bytes_of(number), int(block.frames[number, FINDING]))


def _is_not_ascii(record: SourceRecord | Lost) -> bool:
    """Of bytes that are not all text: one of them may be a damaged end of a field."""
    return not isinstance(record, Lost) and not record.content().isascii()
