"""What hangs together by edges, and what stands together in a sorted row of numbers.

Compiled for many, plain for few.
"""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from lianguan.engine.read.compiled import available, compile_all

Numbers = npt.NDArray[np.int64]

MANY = 20_000
"""Edges from which on it is worth loading compiled code."""


def leader_of(leaders, one):
    """The smallest known of what hangs together with `one`."""
    while leaders[one] != one:
        leaders[one] = leaders[leaders[one]]
        one = leaders[one]
    return one


def lead(leaders, edges):
    """Give everything the smallest of what it hangs together with."""
    for i in range(len(edges)):
        a = leader_of(leaders, edges[i, 0])
        b = leader_of(leaders, edges[i, 1])
        leaders[max(a, b)] = min(a, b)
    for one in range(len(leaders)):
        leaders[one] = leader_of(leaders, one)


@cache
def _compiled() -> dict[str, Any]:
    return compile_all(leader_of, lead)


def components(count: int, edges: Numbers) -> Numbers:
    """For each of `count` places the smallest place that it hangs together with."""
    leaders: Numbers = np.arange(count, dtype=np.int64)
    is_many = count + len(edges) > MANY and available()
    (_compiled()["lead"] if is_many else lead)(leaders, edges)
    return leaders


def counted_rows(rows: Numbers) -> tuple[Numbers, Numbers]:
    """(the different rows, sorted; how often each is there). Five times as fast as
    `np.unique(rows, axis=0)` (measured), which compares each row as one value."""
    rows = rows[np.lexsort(rows.T[::-1])]
    is_new = np.ones(len(rows), bool)
    is_new[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    starts = np.flatnonzero(is_new)
    return rows[starts], np.diff(np.append(starts, len(rows)))


def unique_rows(rows: Numbers) -> Numbers:
    """The different rows, sorted."""
    return counted_rows(rows)[0]


SMALL = 26
RANK = 10
"""Bits of a row number and of a rank in one number of 63."""


def unique_edges(rows: Numbers) -> Numbers:
    """The different rows of (record, record, rank), sorted; the rank may be as low as -2. As one
    number each they are sorted ten times as fast (measured)."""
    if rows[:, :2].max(initial=0) >> SMALL:
        return unique_rows(rows)
    one = (rows[:, 0] << (SMALL + RANK)) | (rows[:, 1] << RANK) | (rows[:, 2] + 2)
    one = once(one)
    second = (one >> RANK) & ((1 << SMALL) - 1)
    return np.column_stack([one >> (SMALL + RANK), second, (one & ((1 << RANK) - 1)) - 2])


def once(numbers: Numbers) -> Numbers:
    """The different numbers, sorted. For millions that are all over the place `np.unique` takes
    ten times as long (measured), since it puts them into a table first."""
    found: Numbers = np.sort(numbers)
    return found[bounds_of(found)[:-1]]


def bounds_of(keys: Numbers) -> Numbers:
    """Where each stretch of equal numbers begins, and where the last one ends."""
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else keys
    bounds: Numbers = np.append(starts, len(keys)).astype(np.int64)
    return bounds
