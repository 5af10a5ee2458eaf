"""Which of a block's values count, in which slot and in which order. Compiled.

For each record: an `otherwise` counts only where its row gave nothing, a row that takes one
value takes its first, and values stand in the order of rows and alternatives.
"""

from functools import cache
from typing import Any

import numpy as np

from lianguan.engine.mapping.plan import EVERY, GROUP, MAIN, RANK, SLOT
from lianguan.engine.read.compiled import compile_all
from lianguan.engine.read.kernel import RECORD, WANT, Numbers

LINE = (1 << 14) - 1


def record_end(hits, begin):
    """The first hit after `begin` that is another record's."""
    end = begin
    while end < len(hits) and hits[end, RECORD] == hits[begin, RECORD]:
        end += 1
    return end


def mark_answered(hits, ids, counts, order, answered, span):
    """Mark, for one record, the rows that gave something; `answered` holds its number."""
    begin, end, mark = span
    for k in range(begin, end):
        line = hits[k, WANT] & LINE
        if order[line, GROUP] == order[line, MAIN] and counts[ids[k]] > 0:
            answered[order[line, MAIN]] = mark


def needed(hits, ids, counts, order, answered, wanted):
    """Mark in wanted[id] the values of every `otherwise` that counts."""
    begin = 0
    while begin < len(hits):
        end = record_end(hits, begin)
        mark = hits[begin, RECORD] + 1
        mark_answered(hits, ids, counts, order, answered, (begin, end, mark))
        for k in range(begin, end):
            line = hits[k, WANT] & LINE
            if order[line, GROUP] != order[line, MAIN] and answered[order[line, MAIN]] != mark:
                wanted[ids[k]] = True
        begin = end


def counts_here(hits, ids, counts, order, answered, hit):
    """Whether hit (k, mark) has values and is no `otherwise` of a row that gave some."""
    k, mark = hit
    line = hits[k, WANT] & LINE
    if counts[ids[k]] == 0:
        return False
    return order[line, GROUP] == order[line, MAIN] or answered[order[line, MAIN]] != mark


def sort_by_rank(hits, order, chosen, count):
    """Sort the chosen hits of one record by rank, keeping the order of equal ones."""
    for i in range(1, count):
        k = chosen[i]
        rank = order[hits[k, WANT] & LINE, RANK]
        j = i - 1
        while j >= 0 and order[hits[chosen[j], WANT] & LINE, RANK] > rank:
            chosen[j + 1] = chosen[j]
            j -= 1
        chosen[j + 1] = k


def take(hits, ids, order, chosen, count, sink):
    """Give each slot the values of one record's chosen hits."""
    starts, counts, picks, filled, taken, mark = sink
    for i in range(count):
        k = chosen[i]
        line = hits[k, WANT] & LINE
        group = order[line, GROUP]
        if order[line, EVERY] == 0 and taken[group] == mark:
            continue
        taken[group] = mark
        slot = order[line, SLOT]
        for j in range(counts[ids[k]]):
            picks[slot, filled[slot]] = starts[ids[k]] + j
            filled[slot] += 1


def close(bounds, filled, record):
    """Note for each slot where the values of `record` end."""
    for slot in range(len(filled)):
        bounds[slot, record + 1] = filled[slot]


def arrange(hits, ids, order, values, marks, out):
    """Fill picks[slot] with the places of the values that count, and bounds[slot] with where
    those of each record end."""
    starts, counts = values
    answered, taken, chosen = marks
    picks, filled, bounds = out
    record = 0
    begin = 0
    while begin < len(hits):
        end = record_end(hits, begin)
        while record < hits[begin, RECORD]:
            close(bounds, filled, record)
            record += 1
        mark = record + 1
        mark_answered(hits, ids, counts, order, answered, (begin, end, mark))
        count = 0
        for k in range(begin, end):
            if counts_here(hits, ids, counts, order, answered, (k, mark)):
                chosen[count] = k
                count += 1
        sort_by_rank(hits, order, chosen, count)
        take(hits, ids, order, chosen, count, (starts, counts, picks, filled, taken, mark))
        close(bounds, filled, record)
        record += 1
        begin = end
    while record < bounds.shape[1] - 1:
        close(bounds, filled, record)
        record += 1


@cache
def _compiled() -> dict[str, Any]:
    return compile_all(
        record_end, mark_answered, needed, counts_here, sort_by_rank, take, close, arrange
    )


def needed_values(hits: Numbers, ids: Numbers, counts: Numbers, order: Numbers) -> Numbers:
    """The numbers of the values of each `otherwise` that counts, in order."""
    wanted = np.zeros(len(counts), np.bool_)
    answered = np.zeros(int(order[:, GROUP].max()) + 1, np.int64)
    _compiled()["needed"](hits, ids, counts, order, answered, wanted)
    return np.flatnonzero(wanted)


def arranged(
    hits: Numbers, ids: Numbers, order: Numbers, values: tuple[Numbers, Numbers], size: int
) -> tuple[list[Numbers], Numbers]:
    """(picks, bounds): for each slot the places of its values, record after record, and where
    those of each of `size` records begin and end. `values` are start and count of each."""
    slots = int(order[:, SLOT].max()) + 1
    groups = int(order[:, GROUP].max()) + 1
    most = int(values[1][ids].sum()) if len(ids) else 0
    picks = np.empty((slots, most), np.int64)
    filled = np.zeros(slots, np.int64)
    bounds = np.zeros((slots, size + 1), np.int64)
    marks = (np.zeros(groups, np.int64), np.zeros(groups, np.int64), np.empty(len(hits), np.int64))
    _compiled()["arrange"](hits, ids, order, values, marks, (picks, filled, bounds))
    return [picks[slot, : filled[slot]] for slot in range(slots)], bounds
