"""A file of ISO 2709 or MARCXML in blocks: sound records found and their wanted values placed,
compiled."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from lianguan.engine.read import kernel
from lianguan.engine.read.framing import LOOKAHEAD
from lianguan.engine.read.kernel import Numbers

BLOCK = 8 << 20
"""Bytes read at a time; far above LOOKAHEAD, small beside the memory of any machine."""


Scan = Callable[..., tuple[int, int, int]]
"""As `kernel.scan`."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some whole records of a file. Its arrays hold until the next block is asked for."""

    offset: int
    """Where the block begins in the file."""
    array: Numbers
    """Its bytes, and a few more that belong to the next block."""
    frames: Numbers
    """A line for each record: START, END, FINDING, FLAGS."""
    hits: Numbers
    """A line for each wanted value: WANT, RECORD, AT, LENGTH."""
    texts: Numbers
    """The bytes that a hit's place counts in: those of the block, or copies of its texts."""

    def bytes_of(self, record: int) -> bytes:
        """The bytes of one record."""
        start, end = self.frames[record, :2].tolist()
        return self.array[start:end].tobytes()


class _Buffers:
    """Two sets of arrays used in turn: the reader fills one while the other is worked on."""

    def __init__(self, room: int, *, copies: bool) -> None:
        self.room = room
        self.arrays = [np.zeros(room + 8, np.uint8) for _ in range(2)]
        self.lines = [
            (np.empty((room // 64, 4), np.int32), np.empty((room // 4, 4), np.int32))
            for _ in range(2)
        ]
        self.texts = [np.zeros(room + 8, np.uint8) if copies else None for _ in range(2)]

    def next_array(self) -> Numbers:
        self.arrays.reverse()
        return self.arrays[0]

    def next_lines(self) -> tuple[Numbers, Numbers, Numbers]:
        self.lines.reverse()
        self.texts.reverse()
        texts = self.texts[0]
        return *self.lines[0], self.arrays[0] if texts is None else texts


def blocks(
    file: BinaryIO, first: Numbers, plan: Numbers, scan: Scan | None = None, size: int = BLOCK
) -> Iterator[Block]:
    """The file block by block, each with whole records; the next block is read in another
    thread. `first` and `plan` say what is wanted (`mapping.plan`); `scan` walks the records,
    those of ISO 2709 unless another is given. The result does not depend on `size`."""
    room = max(size, 3 * LOOKAHEAD) // 8 * 8
    walk = scan or kernel.compiled()["scan"]
    with ThreadPoolExecutor(1) as reader:
        coming = _blocks(file, first, plan, walk, _Buffers(room, copies=scan is not None))
        promise = reader.submit(next, coming, None)
        while (block := promise.result()) is not None:
            promise = reader.submit(next, coming, None)
            yield block


def _blocks(
    file: BinaryIO, first: Numbers, plan: Numbers, scan: Scan, buffers: _Buffers
) -> Iterator[Block]:
    room = buffers.room
    offset, carried = 0, buffers.arrays[0][:0]
    while True:
        array = buffers.next_array()
        array[: len(carried)] = carried
        n = len(carried) + _fill(file, array[len(carried) : room])
        array[n:] = 0
        words = array.view(np.uint64)
        last = n < room
        whole = last
        stop = 0
        lines = buffers.next_lines()
        while True:
            frames, hits, texts = lines
            begin = stop if whole else -stop - 1
            stop, records, found = scan(words, array, n, begin, first, plan, frames, hits, texts)
            if stop == 0 and not whole:
                whole = True  # one record fills the block: cut it here
                continue
            yield Block(offset, array, frames[:records], hits[:found], texts)
            if stop >= n or not records or (not whole and stop > n - LOOKAHEAD):
                break
            lines = buffers.next_lines()
        if last:
            return
        carried = array[stop:n]
        offset += stop


def _fill(file: BinaryIO, array: Numbers) -> int:
    """Read until the array is full or the file ends; the number of bytes read."""
    view = memoryview(array)  # type: ignore[arg-type]  # NumPy arrays are buffers
    done = 0
    while done < len(view):
        more = file.readinto(view[done:])  # type: ignore[attr-defined]  # every binary file has it
        if not more:
            break
        done += more
    return done
