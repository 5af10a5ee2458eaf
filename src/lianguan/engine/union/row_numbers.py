"""Sets of row numbers as arrays: small whole numbers, which are best told apart by a flag each.

What `np.unique`, `np.union1d`, `np.setdiff1d` and `np.isin` give, without their sorting, which
was a third of the time in which clusters are worked out (measured).
"""

import numpy as np
import numpy.typing as npt

from lianguan.engine.match.block import Numbers

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


def without(numbers: Numbers, others: Numbers) -> Numbers:
    """The numbers that the others do not have, sorted, each once."""
    found = distinct(numbers)
    return found[~are_among(found, others)]
