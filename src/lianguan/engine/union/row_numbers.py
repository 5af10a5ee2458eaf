"""Sets of row numbers as arrays: small whole numbers, which are best told apart by a flag each.

What `np.unique`, `np.union1d`, `np.setdiff1d`, `np.isin` and `np.searchsorted` give, without their
sorting and searching, which was a third of the time in which clusters are worked out (measured).
"""

import numpy as np
import numpy.typing as npt

from lianguan.engine.match.grouping import Numbers

Flags = npt.NDArray[np.bool_]


def distinct(*arrays: Numbers) -> Numbers:
    """The numbers of any of the arrays, sorted, each once."""
    flags = np.zeros(1 + max((int(one.max(initial=0)) for one in arrays), default=0), bool)
    for one in arrays:
        flags[one] = True
    found: Numbers = np.flatnonzero(flags)
    return found


def are_among(numbers: Numbers, others: Numbers) -> Flags:
    """Which of the numbers the others have; of the shape of `numbers`."""
    size = 1 + max(int(numbers.max(initial=0)), int(others.max(initial=0)))
    flags = np.zeros(size, bool)
    flags[others] = True
    among: Flags = flags[numbers]
    return among


def places_of(sorted_ones: Numbers, numbers: Numbers) -> Numbers:
    """Where each of the numbers, all of which are there, stands among the sorted ones."""
    places = np.zeros(1 + int(sorted_ones.max(initial=0)), np.int64)
    places[sorted_ones] = np.arange(len(sorted_ones))
    found: Numbers = places[numbers]
    return found


def without(numbers: Numbers, others: Numbers) -> Numbers:
    """The numbers that the others do not have, sorted, each once."""
    found = distinct(numbers)
    return found[~are_among(found, others)]
