"""The rows of a table over the wanted values of a whole block, column by column.

Gives what `one.map_one` gives for each record (a test holds them together), but calls a row
function once for each distinct value and makes no object for a field that no row reads.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import itemgetter
from typing import Any

import numpy as np

from lianguan.engine.mapping.arrange import COUNT, RULES, START, WAITING, arranged, needed_values
from lianguan.engine.mapping.one import SINGLE, TOGETHER
from lianguan.engine.mapping.plan import Plan
from lianguan.engine.mapping.rows import Evaluator, Table, evaluator
from lianguan.engine.read.decoding import Decoder
from lianguan.engine.read.distinct import KIND_BITS, Distinct
from lianguan.engine.read.encodings import ENCODINGS
from lianguan.engine.read.kernel import ALTERNATE, Numbers
from lianguan.engine.record import SLOTS, Record


@dataclass(frozen=True, slots=True)
class Column:
    """One slot of a block's records, its distinct values held once for the whole file: those
    of record i are `values[place]` for each place in `places[bounds[i]:bounds[i + 1]]`."""

    values: list[Any]
    places: Numbers
    bounds: Numbers

    def picked(self, places: Numbers) -> Sequence[Any]:
        """The values at some places, at least one."""
        wanted = places.tolist()
        return itemgetter(*wanted)(self.values) if len(wanted) > 1 else (self.values[wanted[0]],)

    def stretches(self, records: Numbers) -> list[Sequence[Any]]:
        """All values of some records, each record's by themselves."""
        values = self.picked(self.places)
        lows, highs = self.bounds[records].tolist(), self.bounds[records + 1].tolist()
        return [values[low:high] for low, high in zip(lows, highs, strict=True)]


@dataclass(frozen=True, slots=True)
class Batch:
    """The neutral records of a block, by slot."""

    size: int
    columns: dict[str, Column]
    rules: Numbers
    """Repairs of texts, for each record; bits of `Rule`."""

    def records(self) -> Iterator[Record]:
        """The records in order."""
        slots = [self._slot(slot) for slot in SLOTS]
        return map(tuple.__new__, repeat(Record), zip(*slots, strict=True))

    def _slot(self, slot: str) -> Iterable[Any]:
        """What each record has in one slot. Python works once for a slot, not for a value,
        wherever it can: this is half of what a record costs."""
        column = self.columns.get(slot)
        nothing = Record._field_defaults[slot]
        if column is None or not len(column.places):
            return repeat(nothing, self.size)
        filled = np.flatnonzero(column.bounds[1:] > column.bounds[:-1])
        if slot in SINGLE:
            found = column.picked(column.places[column.bounds[filled]])
        else:
            found = column.stretches(filled)
            if slot in TOGETHER:
                found = list(map(TOGETHER[slot], found))
        if len(filled) == self.size:
            return found
        slots = [nothing] * self.size
        for i, value in zip(filled.tolist(), found, strict=True):
            slots[i] = value
        return slots


class BulkMapper:
    """Maps blocks with one table. Values that it has read stay read from block to block."""

    def __init__(self, table: Table, encodings: Sequence[str] = ENCODINGS) -> None:
        self.table = table
        self.encodings = tuple(encodings)
        self.plan = Plan(table)
        self.decoders = [Decoder(encoding) for encoding in encodings]
        self.readers: dict[int, Reader | None] = {}
        self.distinct = Distinct()
        self.read = _Read()

    def map(self, block: "Numbered") -> Batch:
        """The records of a block whose values are numbered. Blocks come in their order."""
        if block.first_new == 0:
            self.read = _Read()
        read, order = self.read, self.plan.order
        self._read_new(block.new)
        hits, ids, size = block.hits, block.ids, len(block.encodings)
        self._read_put_off(needed_values(hits, ids, read.lines, order))
        picks, bounds, rules = arranged(hits, ids, order, read.lines, size)
        columns = {
            slot: Column(read.values, picks[i], bounds[i]) for i, slot in enumerate(self.plan.slots)
        }
        return Batch(size, columns, rules)

    def number(self, array: Numbers, hits: Numbers, encodings: Numbers) -> "Numbered":
        """The block with its values numbered: compiled work, which may run in another thread
        while `map` reads the block before."""
        ids, first_new = self.distinct.number(array, hits, encodings)
        new = self.distinct.by_tag(first_new, self.distinct.known)
        return Numbered(hits.copy(), ids, encodings, first_new, new)

    def _read_new(self, new: list[tuple[int, Numbers, list[bytes]]]) -> None:
        """Read new values; those of an `otherwise` are put off until a record needs them."""
        read = self.read
        read.make_room(sum(len(numbers) for _, numbers, _ in new))
        for tag, numbers, raws in new:
            reader = self.readers[tag] if tag in self.readers else self._reader(tag)
            if reader is None:
                read.put_off(tag, numbers, raws)
                continue
            evaluate, decoder = reader
            start, counts, rules = len(read.values), list[int](), dict[int, int]()
            for raw in raws:
                found = evaluate(raw)
                if decoder.rules:
                    rules[len(counts)] = decoder.taken()
                counts.append(len(found))
                read.values += found
            read.note(numbers, start, counts, rules)

    def _reader(self, tag: int) -> "Reader | None":
        """What reads values of one want and encoding; None where that is put off."""
        line = self.plan.lines[(tag >> KIND_BITS) & (ALTERNATE - 1)]
        self.readers[tag] = None if line.group != line.main else self._evaluator(tag)
        return self.readers[tag]

    def _read_put_off(self, needed: Numbers) -> None:
        for number in needed.tolist():
            tag, raw = self.read.waiting.pop(number)
            evaluate, decoder = self._evaluator(tag)
            self.read.set(number, evaluate(raw), decoder.taken())

    def _evaluator(self, tag: int) -> "Reader":
        want = tag >> KIND_BITS
        line = self.plan.lines[want & (ALTERNATE - 1)]
        decoder = self.decoders[tag & ((1 << KIND_BITS) - 1)]
        source = line.linked_name if want & ALTERNATE else line.name
        return evaluator(line.row, line.want, decoder, source), decoder


Reader = tuple[Evaluator, Decoder]
"""From the bytes of a value to what they say; the repairs that took are with the decoder."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A block on its way: which value each hit has, and the values not met before."""

    hits: Numbers
    ids: Numbers
    encodings: Numbers
    first_new: int
    """0: what was read of values before is void."""
    new: list[tuple[int, Numbers, list[bytes]]]
    """Tag, numbers and bytes: those of one tag stand together, since a function that is called
    again at once is called faster (measured: by a quarter)."""


class _Read:
    """What the rows read from each distinct value: a stretch of one long list."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.known = 0
        self.lines = np.empty((0, 4), np.int32)
        """START, COUNT and RULES of each value."""
        self.waiting: dict[int, tuple[int, bytes]] = {}
        """Values that are not read yet, by number: their tag and bytes."""

    def make_room(self, more: int) -> None:
        self.known += more
        if self.known > len(self.lines):
            self.lines = np.resize(self.lines, (2 * self.known, 4))

    def put_off(self, tag: int, numbers: Numbers, raws: list[bytes]) -> None:
        self.lines[numbers, :3] = 0, WAITING, 0
        self.waiting.update(zip(numbers.tolist(), ((tag, raw) for raw in raws), strict=True))

    def note(self, numbers: Numbers, start: int, counts: list[int], rules: dict[int, int]) -> None:
        """So many values were read of each, one after the other from `start` on."""
        self.lines[numbers, START] = start + np.cumsum([0, *counts[:-1]])
        self.lines[numbers, COUNT] = counts
        self.lines[numbers, RULES] = 0
        for i, bits in rules.items():
            self.lines[numbers[i], RULES] = bits

    def set(self, number: int, values: list[Any], rules: int) -> None:
        self.lines[number, :3] = len(self.values), len(values), rules
        self.values += values
