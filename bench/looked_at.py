"""What somebody said of pairs whose two records he read: lists beside this module, by record
numbers, with a verdict and a short reason in words of our own."""

import csv
from pathlib import Path
from typing import NamedTuple

from bench.blocks import Two

EDITION, WORK, NOT, UNCLEAR = "edition", "work", "not", "unclear"
VERDICTS = (EDITION, WORK, NOT, UNCLEAR)


class Looked(NamedTuple):
    a: str
    b: str
    verdict: str
    """edition, or work where that is the question: nothing in the two records speaks against
    one; not: something does; unclear: a cataloguer would want to see the books."""
    reason: str


def looked_at(name: str) -> dict[Two, Looked]:
    """The list of a name: aco, across, works."""
    path = Path(__file__).with_name(f"{name}_looked_at.csv")
    with path.open(encoding="utf-8", newline="") as file:
        lines = [Looked(**row) for row in csv.DictReader(file)]
    return {(min(one.a, one.b), max(one.a, one.b)): one for one in lines}
