"""The distinct values of a file: every hit is given the number of its value, so that each
value is read only once however often it comes.

About a third of the values of a real file are distinct; publishers, subjects, languages and
names come again and again. Compiled, as `kernel.py`. What takes time here is not counting but
waiting for memory, so values are looked at eight bytes at a time and hits a batch at a time:
the lines of the table that a batch needs are asked for together, before any is used.
"""

from functools import cache
from typing import Any

import numpy as np

from lianguan.engine.read.compiled import compile_all
from lianguan.engine.read.kernel import AT, LENGTH, RECORD, WANT, Numbers

MIX = np.uint64(0x9E3779B97F4A7C15)
SHIFT = np.uint64(29)
ONE = np.uint64(1)
SIXTY_THREE = np.uint64(63)
HALF = np.uint64(32)
LOW_HALF = np.uint64(0xFFFFFFFF)
NOTHING = np.uint64(0)

KIND_BITS = 4
"""A value is one of a want, of an encoding, and of bytes; want and encoding make its tag."""

WORDS_KEPT = 16 << 20
VALUES_KEPT = 1 << 21
"""What is remembered between blocks, in words of eight bytes and in values. When it is full
everything is forgotten: frequent values come back at once."""

BATCH = 256

# Columns of a value: its tag, its bytes and the word at which they begin.
TAG, SIZE, START = 0, 1, 2

# What is noted of a hit while its batch is worked on.
HASH, SPOT, TOUCHED = 0, 1, 2


def words_of(size):
    return (size + 7) >> 3


def lay(words, at, size, kept, to):
    """Copy `size` bytes from byte `at` of `words` to whole words from kept[to] on, zeros behind
    them; a hash of them."""
    h = np.uint64(size) * MIX
    i = at >> 3
    shift = np.uint64((at & 7) << 3)
    back = SIXTY_THREE - shift
    whole = size >> 3
    rest = size & 7
    low = words[i]
    for j in range(whole):
        high = words[i + 1 + j]
        w = (low >> shift) | ((high << ONE) << back)
        kept[to + j] = w
        h = (h ^ w) * MIX
        h ^= h >> SHIFT
        low = high
    if rest:
        w = low >> shift
        if (at & 7) + rest > 8:
            w |= (words[i + 1 + whole] << ONE) << back
        w &= (ONE << np.uint64(rest << 3)) - ONE
        kept[to + whole] = w
        h = (h ^ w) * MIX
        h ^= h >> SHIFT
    return h


def lay_batch(words, hits, kind, span, kept, end, batch):
    """Copy the bytes of the hits in `span` behind what is kept and hash them; -1: no room."""
    begin, stop = span
    for k in range(begin, stop):
        size = hits[k, LENGTH]
        if end + words_of(size) > len(kept):
            return -1
        tag = (hits[k, WANT] << KIND_BITS) | kind[hits[k, RECORD]]
        h = lay(words, hits[k, AT], size, kept, end) ^ (np.uint64(tag + 1) * MIX)
        batch[k - begin, HASH] = (h ^ (h >> SHIFT)) * MIX
        batch[k - begin, SPOT] = np.uint64(end)
        end += words_of(size)
    return 0


def touch_batch(size, table, values, kept, batch):
    """Ask for the memory that finding a batch's values will need. Nothing depends on it but
    the time; what is read is written, or the compiler would leave it out."""
    mask = np.uint64(len(table) - 1)
    for i in range(size):
        batch[i, TOUCHED] = table[batch[i, HASH] & mask]
    for i in range(size):
        v = np.int64(batch[i, TOUCHED] & LOW_HALF)
        batch[i, TOUCHED] = np.uint64(values[v - 1, START]) if v > 0 else NOTHING
    for i in range(size):
        batch[i, TOUCHED] = kept[batch[i, TOUCHED]]


def same(kept, a, b, size):
    """The words at `a` are those at `b`."""
    for i in range(words_of(size)):
        if kept[a + i] != kept[b + i]:
            return False
    return True


def find(h, tag, size, spot, table, values, kept):
    """(place in the table, number of the value there or -1)."""
    mask = np.uint64(len(table) - 1)
    place = h & mask
    while table[place] != NOTHING:
        entry = table[place]
        if entry >> HALF == h >> HALF:
            v = np.int64(entry & LOW_HALF) - 1
            if values[v, TAG] == tag and values[v, SIZE] == size:
                if same(kept, values[v, START], spot, size):
                    return place, v
        place = (place + ONE) & mask
    return place, -1


def number_all(words, hits, kind, ids, table, values, kept, known, batch):
    """ids[hit] = number of its value, new ones from `known` on; how many values there are now,
    or -1 where there is no room."""
    end = 0
    if known > 0:
        end = values[known - 1, START] + words_of(values[known - 1, SIZE])
    for begin in range(0, len(hits), BATCH):
        stop = min(begin + BATCH, len(hits))
        if lay_batch(words, hits, kind, (begin, stop), kept, end, batch) < 0:
            return -1
        touch_batch(stop - begin, table, values, kept, batch)
        for k in range(begin, stop):
            size = hits[k, LENGTH]
            tag = (hits[k, WANT] << KIND_BITS) | kind[hits[k, RECORD]]
            h = batch[k - begin, HASH]
            spot = np.int64(batch[k - begin, SPOT])
            place, v = find(h, tag, size, spot, table, values, kept)
            if v < 0:
                if known == len(values):
                    return -1
                v = known
                known += 1
                table[place] = ((h >> HALF) << HALF) | np.uint64(known)
                values[v, TAG] = tag
                values[v, SIZE] = size
                values[v, START] = end
                for i in range(words_of(size)):
                    kept[end + i] = kept[spot + i]
                end += words_of(size)
            ids[k] = v
    return known


@cache
def _compiled() -> dict[str, Any]:
    return compile_all(words_of, lay, lay_batch, touch_batch, same, find, number_all)


class Distinct:
    """The values met so far, numbered in the order in which they came."""

    def __init__(self) -> None:
        self.table = np.zeros(2 * VALUES_KEPT, np.uint64)
        self.values = np.empty((VALUES_KEPT, 4), np.int32)
        self.kept = np.empty(WORDS_KEPT, np.uint64)
        self.batch = np.empty((BATCH, 3), np.uint64)
        self.known = 0

    def number(self, buf: Numbers, hits: Numbers, kind: Numbers) -> tuple[Numbers, int]:
        """(ids, first new): the number of each hit's value, and from which number on values
        are new. If the first new one is 0, everything before was forgotten. `buf` is whole
        words of eight bytes, one more than the last hit needs."""
        ids = np.empty(len(hits), np.int32)
        words = buf.view(np.uint64)
        before = self.known
        while True:
            known = _compiled()["number_all"](
                words, hits, kind, ids, self.table, self.values, self.kept, before, self.batch
            )
            if known >= 0:
                self.known = known
                return ids, before
            self._make_room(len(hits), int(((hits[:, LENGTH] + 7) >> 3).sum()))
            before = 0

    def _make_room(self, values: int, words: int) -> None:
        """Forget everything; grow where one block alone would not fit."""
        if values > len(self.values):
            self.values = np.empty((values, 4), np.int32)
            self.table = np.empty(1 << (2 * values).bit_length(), np.uint64)
        if words > len(self.kept):
            self.kept = np.empty(words, np.uint64)
        self.table.fill(0)
        self.known = 0

    def by_tag(self, first: int, last: int) -> list[tuple[int, Numbers, list[bytes]]]:
        """The values numbered from `first` to `last` - 1: each tag, its numbers and their bytes."""
        lines = self.values[first:last].astype(np.int64)
        if not len(lines):
            return []
        begin, end = int(lines[0, START]), int(lines[-1, START] + words_of(int(lines[-1, SIZE])))
        data = self.kept[begin:end].tobytes()
        order = np.argsort(lines[:, TAG], kind="stable")
        tags, firsts = np.unique(lines[order, TAG], return_index=True)
        starts = (lines[:, START] - begin) << 3
        groups = []
        for tag, members in zip(tags.tolist(), np.split(order, firsts[1:]), strict=True):
            low = starts[members]
            spans = zip(low.tolist(), (low + lines[members, SIZE]).tolist(), strict=True)
            groups.append((tag, members + first, [data[a:b] for a, b in spans]))
        return groups
