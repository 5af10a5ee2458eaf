"""The rows of a table over the wanted values of a whole block, column by column.

Gives what `one.map_one` gives for each record (a test holds them together), but calls a row
function once for each distinct value and makes no object for a field that no row reads.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, repeat
from typing import Any

import numpy as np

from lianguan.engine.mapping.arrange import arranged, needed_values
from lianguan.engine.mapping.one import SINGLE, UNIQUE
from lianguan.engine.mapping.plan import Plan
from lianguan.engine.mapping.rows import Table, evaluator
from lianguan.engine.read.decoding import Decoder
from lianguan.engine.read.distinct import KIND_BITS, Distinct
from lianguan.engine.read.encodings import ENCODINGS
from lianguan.engine.read.findings import NO_RULE
from lianguan.engine.read.kernel import ALTERNATE, RECORD, Numbers
from lianguan.engine.record import SLOTS, Record


@dataclass(frozen=True, slots=True)
class Column:
    """One slot of a block's records, its distinct values held once for the whole file: those
    of record i are `values[place]` for each place in `places[bounds[i]:bounds[i + 1]]`."""

    values: list[Any]
    places: Numbers
    bounds: Numbers

    def all(self) -> list[Any]:
        """The values in the order of the records."""
        values = self.values
        return [values[place] for place in self.places.tolist()]


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
        return map(Record._make, zip(*slots, strict=True))

    def _slot(self, slot: str) -> Iterator[Any]:
        """What each record has in one slot."""
        column = self.columns.get(slot)
        nothing = Record._field_defaults[slot]
        if column is None or not len(column.places):
            return repeat(nothing, self.size)
        values, bounds = column.all(), column.bounds.tolist()
        stretches = list(pairwise(bounds))
        if slot in SINGLE:
            return (values[low] if low < high else nothing for low, high in stretches)
        if slot in UNIQUE:
            return (tuple(dict.fromkeys(values[low:high])) for low, high in stretches)
        return (tuple(values[low:high]) if low < high else () for low, high in stretches)


class BulkMapper:
    """Maps blocks with one table. Values that it has read stay read from block to block."""

    def __init__(
        self, table: Table, encodings: Sequence[str] = ENCODINGS, *, xml: bool = False
    ) -> None:
        self.plan = Plan(table)
        self.decoders = [Decoder(encoding, xml=xml) for encoding in encodings]
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
        self._read_put_off(needed_values(hits, ids, read.count, order))
        picks, bounds = arranged(hits, ids, order, (read.start, read.count), size)
        columns = {
            slot: Column(read.values, picks[i], bounds[i]) for i, slot in enumerate(self.plan.slots)
        }
        return Batch(size, columns, _rules_of_records(hits, ids, read.rule, size))

    def number(self, array: Numbers, hits: Numbers, encodings: Numbers) -> "Numbered":
        """The block with its values numbered: compiled work, which may run in another thread
        while `map` reads the block before."""
        ids, first_new = self.distinct.number(array, hits, encodings)
        new = self.distinct.tag_and_bytes(first_new, self.distinct.known)
        return Numbered(hits.copy(), ids, encodings, first_new, new)

    def _read_new(self, new: list[tuple[int, bytes]]) -> None:
        """Read new values; those of an `otherwise` are put off until a record needs them."""
        start: list[int] = []
        count: list[int] = []
        rules: list[int] = []
        read = self.read
        values, place, readers = read.values, read.known, self.readers
        for tag, raw in new:
            rule = 0
            reader = readers[tag] if tag in readers else self._reader(tag)
            start.append(len(values))
            if reader is None:
                read.waiting[place + len(count)] = (tag, raw)
                count.append(0)
            else:
                found, rule = reader(raw)
                count.append(len(found))
                values += found
            rules.append(rule)
        read.append(start, count, rules)

    def _reader(self, tag: int) -> "Reader | None":
        """What reads values of one want and encoding; None where that is put off."""
        line = self.plan.lines[(tag >> KIND_BITS) & (ALTERNATE - 1)]
        self.readers[tag] = None if line.group != line.main else self._evaluator(tag)
        return self.readers[tag]

    def _read_put_off(self, needed: Numbers) -> None:
        for number in needed.tolist():
            waiting = self.read.waiting.pop(number, None)
            if waiting:
                tag, raw = waiting
                self.read.set(number, *self._evaluator(tag)(raw))

    def _evaluator(self, tag: int) -> "Reader":
        want = tag >> KIND_BITS
        line = self.plan.lines[want & (ALTERNATE - 1)]
        decoder = self.decoders[tag & ((1 << KIND_BITS) - 1)]
        source = line.linked_name if want & ALTERNATE else line.name
        read = evaluator(line.row, line.want, decoder, source)

        def reader(raw: bytes) -> tuple[list[Any], int]:
            decoder.rules = NO_RULE
            found = read(raw)
            return found, decoder.rules.value if decoder.rules else 0

        return reader


Reader = Callable[[bytes], tuple[list[Any], int]]
"""From the bytes of a value to what they say and the repairs that took."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A block on its way: which value each hit has, and the values not met before."""

    hits: Numbers
    ids: Numbers
    encodings: Numbers
    first_new: int
    """0: what was read of values before is void."""
    new: list[tuple[int, bytes]]


class _Read:
    """What the rows read from each distinct value: a stretch of one long list."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.known = 0
        self.start = np.empty(0, np.int64)
        self.count = np.empty(0, np.int64)
        self.rule = np.empty(0, np.int64)
        self.waiting: dict[int, tuple[int, bytes]] = {}
        """Values that are not read yet, by number: their tag and bytes."""

    def append(self, start: list[int], count: list[int], rule: list[int]) -> None:
        end = self.known + len(start)
        if end > len(self.start):
            for name in ("start", "count", "rule"):
                setattr(self, name, np.resize(getattr(self, name), 2 * end))
        self.start[self.known : end] = start
        self.count[self.known : end] = count
        self.rule[self.known : end] = rule
        self.known = end

    def set(self, number: int, values: list[Any], rule: int) -> None:
        self.start[number] = len(self.values)
        self.count[number] = len(values)
        self.rule[number] = rule
        self.values += values


def _rules_of_records(hits: Numbers, ids: Numbers, rules: Numbers, size: int) -> Numbers:
    found = np.zeros(size, np.int64)
    with_rule = np.flatnonzero(rules[ids])
    np.bitwise_or.at(found, hits[with_rule, RECORD], rules[ids[with_rule]])
    return found
