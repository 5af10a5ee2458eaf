"""The distinct values of a file: every hit is given the number of its value, so that each
value is read only once however often it comes.

About a third of the values of a real file are distinct; publishers, subjects, languages and
names come again and again. Compiled, as `kernel.py`.
"""

from functools import cache
from typing import Any

import numpy as np

from lianguan.engine.read.compiled import compile_all
from lianguan.engine.read.kernel import AT, LENGTH, RECORD, WANT, Numbers

MIX = np.uint64(0x9E3779B97F4A7C15)
SHIFT = np.uint64(29)

KIND_BITS = 4
"""A value is one of a want, of an encoding, and of bytes; want and encoding make its tag."""

BYTES_KEPT = 96 << 20
VALUES_KEPT = 1 << 20
"""What is remembered between blocks. When it is full everything is forgotten: frequent
values come back at once."""

# Columns of a value.
TAG, START, SIZE = 0, 1, 2


def hash_of(buf, start, length, tag):
    """A 64-bit hash of bytes; four bytes a step."""
    h = np.uint64(tag + 1) * MIX
    end = start + length
    i = start
    while i + 4 <= end:
        w = buf[i] | (buf[i + 1] << 8) | (buf[i + 2] << 16) | (buf[i + 3] << 24)
        h = (h ^ np.uint64(w)) * MIX
        h ^= h >> SHIFT
        i += 4
    while i < end:
        h = (h ^ np.uint64(buf[i])) * MIX
        i += 1
    h ^= h >> SHIFT
    return h * MIX


def same(buf, a, kept, b, length):
    """The bytes of `buf` at `a` are those of `kept` at `b`."""
    for i in range(length):
        if buf[a + i] != kept[b + i]:
            return False
    return True


def find(buf, at, length, tag, table, values, kept):
    """(place in the table, number of the value there or -1)."""
    mask = len(table) - 1
    place = np.int64((hash_of(buf, at, length, tag) >> SHIFT) & np.uint64(mask))
    while table[place] >= 0:
        v = table[place]
        if values[v, TAG] == tag and values[v, SIZE] == length:
            if same(buf, at, kept, values[v, START], length):
                return place, v
        place = (place + 1) & mask
    return place, -1


def number_all(buf, hits, kind, ids, table, values, kept, known):
    """ids[hit] = number of its value, new ones from `known` on; how many values there are now,
    or -1 where there is no room."""
    end = 0
    if known > 0:
        end = values[known - 1, START] + values[known - 1, SIZE]
    for k in range(len(hits)):
        length = hits[k, LENGTH]
        at = hits[k, AT]
        tag = (hits[k, WANT] << KIND_BITS) | kind[hits[k, RECORD]]
        place, v = find(buf, at, length, tag, table, values, kept)
        if v < 0:
            if known == len(values) or end + length > len(kept):
                return -1
            v = known
            known += 1
            table[place] = v
            values[v, TAG] = tag
            values[v, START] = end
            values[v, SIZE] = length
            for i in range(length):
                kept[end + i] = buf[at + i]
            end += length
        ids[k] = v
    return known


@cache
def _compiled() -> dict[str, Any]:
    return compile_all(hash_of, same, find, number_all)


class Distinct:
    """The values met so far, numbered in the order in which they came."""

    def __init__(self) -> None:
        self.table = np.full(4 * VALUES_KEPT, -1, np.int32)
        self.values = np.empty((VALUES_KEPT, 3), np.int64)
        self.kept = np.empty(BYTES_KEPT, np.uint8)
        self.known = 0

    def number(self, buf: Numbers, hits: Numbers, kind: Numbers) -> tuple[Numbers, int]:
        """(ids, first new): the number of each hit's value, and from which number on values
        are new. If the first new one is 0, everything before was forgotten."""
        ids = np.empty(len(hits), np.int32)
        before = self.known
        while True:
            known = _compiled()["number_all"](
                buf, hits, kind, ids, self.table, self.values, self.kept, before
            )
            if known >= 0:
                self.known = known
                return ids, before
            self._make_room(len(hits), int(hits[:, LENGTH].sum()))
            before = 0

    def _make_room(self, values: int, size: int) -> None:
        """Forget everything; grow where one block alone would not fit."""
        if values > len(self.values):
            self.values = np.empty((values, 3), np.int64)
            self.table = np.empty(1 << (4 * values).bit_length(), np.int32)
        if size > len(self.kept):
            self.kept = np.empty(size, np.uint8)
        self.table.fill(-1)
        self.known = 0

    def tag_and_bytes(self, first: int, last: int) -> list[tuple[int, bytes]]:
        """Tag and bytes of the values numbered from `first` to `last` - 1."""
        lines = self.values[first:last]
        if not len(lines):
            return []
        begin, end = int(lines[0, START]), int(lines[-1, START] + lines[-1, SIZE])
        data = self.kept[begin:end].tobytes()
        starts = (lines[:, START] - begin).tolist()
        ends = (lines[:, START] + lines[:, SIZE] - begin).tolist()
        return [
            (tag, data[a:b]) for tag, a, b in zip(lines[:, TAG].tolist(), starts, ends, strict=True)
        ]
