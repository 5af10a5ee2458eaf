"""What the sieve leaves open is decided letter by letter: each two different texts are compared
once, however many pairs of records have them, and then numbers decide again."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from lianguan.engine.match import levels, possible, signs
from lianguan.engine.match.decide import series_differs
from lianguan.engine.match.features import Features
from lianguan.engine.match.grouping import Numbers
from lianguan.engine.match.sieve import OPEN, Sieve


class Texts(NamedTuple):
    """Texts of two records that have to be compared letter by letter."""

    what: str
    """The field whose level they give; or SERIES."""
    place: int
    """Where it stands among what is possible."""
    number: int
    """The number of a record that says which texts it has."""


SERIES = "series"
"""Not a field: a veto."""

TEXTS = (
    Texts(SERIES, possible.VETO, signs.SERIES),
    Texts("part", possible.PART, signs.PARTS),
    Texts("publisher", possible.PUBLISHERS, signs.PUBLISHER),
    Texts("title", possible.TITLE, signs.TITLED),
    Texts("agent", possible.AGENT, signs.NAMES),
    Texts("edition", possible.EDITIONS, signs.EDITION),
)
"""In the order in which they are compared: what takes least time first."""

NAMES = {field: names.split() for field, names in possible.LEVELS.items()}

Compare = Callable[[str, Numbers], Sequence[int]]
"""What `level` says of such texts of each of these pairs of records."""


def level(what: str, a: Features, b: Features) -> int:
    """The level of two records in a field as its bit; for SERIES whether there is that veto."""
    if what == SERIES:
        return possible.FORBIDDEN if series_differs(a, b) else possible.FREE
    return 1 << NAMES[what].index(levels.LEVELS[what](a, b, levels.Facts()))


def settled(made: Sieve, kept: Numbers, compare: Compare) -> Numbers:
    """The rows of (place, place, verdict) that the sieve has kept, none of them open."""
    is_open = kept[:, 2] == OPEN
    rows = kept.copy()
    rows[is_open, 2] = _verdicts(made, kept[is_open, :2], compare)
    return rows


def _verdicts(made: Sieve, pairs: Numbers, compare: Compare) -> Numbers:
    found = made.possible(pairs)
    said = made.judged(found)
    for texts in TEXTS:
        bits = found[:, texts.place]
        rows = np.flatnonzero((said == OPEN) & (bits & (bits - 1) != 0))
        if len(rows):
            one_of_each, which = _different(made.signs[made.starts[pairs[rows]] + texts.number])
            known = np.array(compare(texts.what, pairs[rows[one_of_each]]), np.int64)
            found[rows, texts.place] = known[which]
            said[rows] = made.judged(found[rows])
    return said


def _different(twos: Numbers) -> tuple[Numbers, Numbers]:
    """(the place of one of each different two numbers, whichever comes first; for every place
    which of them it is)."""
    twos = np.sort(twos, axis=1)
    order = np.lexsort(twos.T)
    twos = twos[order]
    is_new = np.ones(len(twos), bool)
    is_new[1:] = (twos[1:] != twos[:-1]).any(axis=1)
    which = np.empty(len(twos), np.int64)
    which[order] = np.cumsum(is_new) - 1
    return order[is_new], which
