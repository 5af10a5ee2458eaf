"""Which of a block's values count, in which slot and in which order. Compiled.

For each record: an `otherwise` counts only where its row gave nothing, a row that takes one
value takes its first, and values stand in the order of rows and alternatives.
"""

from functools import cache
from typing import Any

import numpy as np

from lianguan.engine.mapping.plan import EVERY, GROUP, MAIN, RANK, SLOT, WATCHED
from lianguan.engine.read.compiled import compile_all
from lianguan.engine.read.kernel import RECORD, WANT, Numbers

LINE = (1 << 14) - 1

START, COUNT, RULES = 0, 1, 2
"""What is known of a value: where in the long list its readings stand, how many they are, and
the repairs that they took. In one line of an array, since values are met in no order and what
costs time is the memory that is waited for."""

WAITING = -1
"""Count of a value that has not been read: it is one of an `otherwise`."""


def record_end(hits, begin):
    """The first hit after `begin` that is another record's."""
    end = begin
    while end < len(hits) and hits[end, RECORD] == hits[begin, RECORD]:
        end += 1
    return end


def mark_answered(hits, ids, values, order, answered, span):
    """Mark, for one record, the rows with an `otherwise` that gave something."""
    begin, end, mark = span
    for k in range(begin, end):
        line = hits[k, WANT] & LINE
        is_asked = order[line, WATCHED] and order[line, GROUP] == order[line, MAIN]
        if is_asked and values[ids[k], COUNT] > 0:
            answered[order[line, MAIN]] = mark


def needed(hits, ids, values, order, answered, wanted):
    """Write to `wanted` the waiting values of every `otherwise` that counts; how many."""
    begin = 0
    count = 0
    while begin < len(hits):
        end = record_end(hits, begin)
        mark = hits[begin, RECORD] + 1
        mark_answered(hits, ids, values, order, answered, (begin, end, mark))
        for k in range(begin, end):
            line = hits[k, WANT] & LINE
            main = order[line, MAIN]
            counts = order[line, GROUP] != main and answered[main] != mark
            if counts and values[ids[k], COUNT] == WAITING:
                values[ids[k], COUNT] = 0
                wanted[count] = ids[k]
                count += 1
        begin = end
    return count


def chain(hits, ids, values, order, chains, answered, span):
    """Hang the hits of one record that count under their ranks, in order; the repairs that
    their values took. An `otherwise` of a row that gave something does not count."""
    begin, end, mark = span
    heads, nexts = chains
    rules = 0
    mark_answered(hits, ids, values, order, answered, span)
    for back in range(end - begin):
        k = end - 1 - back
        line = hits[k, WANT] & LINE
        main = order[line, MAIN]
        if order[line, GROUP] != main and answered[main] == mark:
            continue
        rules |= values[ids[k], RULES]
        if values[ids[k], COUNT] > 0:
            rank = order[line, RANK]
            nexts[k] = heads[rank]
            heads[rank] = k
    return rules


def take(k, hits, ids, order, values, taken, sink):
    """Give a slot the values of one hit, unless its row takes one and has it."""
    picks, filled, mark = sink
    line = hits[k, WANT] & LINE
    if order[line, EVERY] != 0 or taken[order[line, GROUP]] != mark:
        taken[order[line, GROUP]] = mark
        slot = order[line, SLOT]
        start = values[ids[k], START]
        for j in range(values[ids[k], COUNT]):
            picks[slot, filled[slot] + j] = start + j
        filled[slot] += values[ids[k], COUNT]


def close(bounds, filled, record):
    """Note for each slot where the values of `record` end."""
    for slot in range(len(filled)):
        bounds[slot, record + 1] = filled[slot]


def arrange(hits, ids, order, values, chains, marks, out):
    """Fill picks[slot] with the places of the values that count, bounds[slot] with where those
    of each record end, and rules[record] with the repairs that its values took."""
    picks, filled, bounds, rules = out
    heads, nexts = chains
    answered, taken = marks
    record = 0
    begin = 0
    while begin < len(hits):
        end = record_end(hits, begin)
        while record < hits[begin, RECORD]:
            close(bounds, filled, record)
            record += 1
        span = (begin, end, record + 1)
        rules[record] = chain(hits, ids, values, order, chains, answered, span)
        for rank in range(len(heads)):
            k = heads[rank]
            heads[rank] = -1
            while k >= 0:
                take(k, hits, ids, order, values, taken, (picks, filled, record + 1))
                k = nexts[k]
        close(bounds, filled, record)
        record += 1
        begin = end
    while record < bounds.shape[1] - 1:
        close(bounds, filled, record)
        record += 1


@cache
def _compiled() -> dict[str, Any]:
    return compile_all(record_end, mark_answered, needed, chain, take, close, arrange)


def needed_values(hits: Numbers, ids: Numbers, values: Numbers, order: Numbers) -> Numbers:
    """The numbers of the waiting values of each `otherwise` that counts; they wait no more."""
    wanted = np.empty(len(hits), np.int64)
    answered = np.zeros(int(order[:, GROUP].max()) + 1, np.int64)
    count = _compiled()["needed"](hits, ids, values, order, answered, wanted)
    return wanted[:count]


def arranged(
    hits: Numbers, ids: Numbers, order: Numbers, values: Numbers, size: int
) -> tuple[list[Numbers], Numbers, Numbers]:
    """(picks, bounds, rules): for each slot the places of its values, record after record, and
    where those of each of `size` records begin and end; the repairs of each record's texts."""
    slots = int(order[:, SLOT].max()) + 1
    groups = int(order[:, GROUP].max()) + 1
    most = int(np.maximum(values[ids, COUNT], 0).sum()) if len(ids) else 0
    picks = np.empty((slots, most), np.int64)
    filled = np.zeros(slots, np.int64)
    bounds = np.zeros((slots, size + 1), np.int64)
    rules = np.zeros(size, np.int64)
    chains = (np.full(len(order), -1, np.int64), np.empty(len(hits), np.int64))
    marks = (np.zeros(groups, np.int64), np.zeros(groups, np.int64))
    _compiled()["arrange"](hits, ids, order, values, chains, marks, (picks, filled, bounds, rules))
    return [picks[slot, : filled[slot]] for slot in range(slots)], bounds, rules
