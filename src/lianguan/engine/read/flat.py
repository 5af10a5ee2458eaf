"""A file of records as a flat table of texts: the fastest thing that can be had of it.

For overlap lists and measuring: `flat(file, ["001", "245$a", "020$a"])`. Values are the bytes
of the file, UTF-8 where it is UTF-8; a record that would have to be mended is counted and
gives none. The full mapping is `engine.mapping`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, BinaryIO

import numpy as np

from lianguan.engine.read import compiled
from lianguan.engine.read.blocks import Block, blocks
from lianguan.engine.read.flat_plain import Piece, plain_pieces
from lianguan.engine.read.kernel import AT, LENGTH, LINKED_SLOT, RECORD, WANT, Numbers


@dataclass(frozen=True, slots=True)
class TextColumn:
    """Texts one after the other, as Arrow has them: text i is data[offsets[i]:offsets[i + 1]]."""

    record: Numbers
    """The record of each text; records without one are not there."""
    offsets: Numbers
    data: Numbers

    def text(self, i: int) -> str:
        return bytes(self.data[self.offsets[i] : self.offsets[i + 1]]).decode()


def flat(file: BinaryIO, selectors: list[str]) -> dict[str, TextColumn]:
    """A column for each selector, "TAG" or "TAG$code", in the order of the records."""
    order = sorted(selectors, key=lambda selector: (selector[:3], selector[4:]))
    columns = [_Growing() for _ in order]
    found = _compiled_pieces if compiled.available() else plain_pieces
    for pieces in found(file, order):
        for column, piece in zip(columns, pieces, strict=True):
            column.add(*piece)
    made = {selector: column.done() for selector, column in zip(order, columns, strict=True)}
    return {selector: made[selector] for selector in selectors}


class _Growing:
    """A column that is being filled. Byte arrays grow in place; putting pieces together at the
    end would take the memory twice (measured: a fifth of the time of a whole process)."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.lengths = bytearray()
        self.records = bytearray()

    def add(self, data: Numbers, lengths: Numbers, records: Numbers) -> None:
        self.data += data.data
        self.lengths += lengths.data
        self.records += records.data

    def done(self) -> TextColumn:
        lengths = np.frombuffer(self.lengths, np.int32)
        offsets = np.zeros(len(lengths) + 1, np.int64)
        np.cumsum(lengths, out=offsets[1:])
        records = np.frombuffer(self.records, np.int64)
        return TextColumn(records, offsets, np.frombuffer(self.data, np.uint8))


def gather(buf, hits, byte_at, line_at, out):
    """Copy every value to the stretch of its want, whose next byte and line are counted up."""
    data, lengths, records = out
    for k in range(len(hits)):
        want = hits[k, WANT]
        start = hits[k, AT]
        length = hits[k, LENGTH]
        to = byte_at[want]
        for i in range(length):
            data[to + i] = buf[start + i]
        byte_at[want] = to + length
        line = line_at[want]
        lengths[line] = length
        records[line] = hits[k, RECORD]
        line_at[want] = line + 1


@cache
def _compiled() -> dict[str, Any]:
    return compiled.compile_all(gather)


def _compiled_pieces(file: BinaryIO, order: list[str]) -> Iterator[list[Piece]]:
    first, plan = _plan(order)
    records = 0
    for block in blocks(file, first, plan):
        yield _pieces(block, len(order), records)
        records += len(block.frames)


def _pieces(block: Block, wants: int, records: int) -> list[Piece]:
    want = block.hits[:, WANT]
    byte_ends = np.cumsum(np.bincount(want, block.hits[:, LENGTH], wants)).astype(np.int64)
    line_ends = np.cumsum(np.bincount(want, minlength=wants))
    byte_at, line_at = np.append(0, byte_ends[:-1]), np.append(0, line_ends[:-1])
    starts = list(zip(byte_at.tolist(), line_at.tolist(), strict=True))
    data = np.empty(int(byte_ends[-1]), np.uint8)
    lengths, record = np.empty(len(want), np.int32), np.empty(len(want), np.int64)
    _compiled()["gather"](block.array, block.hits, byte_at, line_at, (data, lengths, record))
    record += records
    return [
        (data[b:e], lengths[c:f], record[c:f])
        for (b, c), e, f in zip(starts, byte_ends.tolist(), line_ends.tolist(), strict=True)
    ]


def _plan(selectors: list[str]) -> tuple[Numbers, Numbers]:
    tags = [int(selector[:3]) for selector in selectors]
    first = np.zeros(LINKED_SLOT + 1, np.int32)
    first[:LINKED_SLOT] = np.searchsorted(tags, np.arange(LINKED_SLOT))
    codes = [(ord(selector[4]) if len(selector) > 3 else 0, 0, 0) for selector in selectors]
    return first, np.array(codes, np.int32)
