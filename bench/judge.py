"""How well what was decided agrees with labels: pair by pair, and record by record (B-cubed)."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

Z = 1.96
"""For intervals of 95 %."""


def wilson(count: float, of: float) -> tuple[float, float]:
    """The interval in which a share lies in 95 of 100 samples like this one."""
    if not of:
        return 0.0, 1.0
    p, n = count / of, of
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    wide = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return max(middle - wide, 0.0), min(middle + wide, 1.0)


def share(count: float, of: float) -> str:
    low, high = wilson(count, of)
    return f"{count / of:.4f} [{low:.3f}–{high:.3f}]" if of else "–"


class Score(NamedTuple):
    """Pairs that were found and are right, that were found and are wrong, and that were missed."""

    right: int
    wrong: int
    missed: int

    @property
    def f1(self) -> float:
        found = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / found if found else 0.0

    def cells(self) -> tuple[str, str, str]:
        """Precision and recall with their intervals, and F1."""
        if not self.right + self.wrong:
            return "–", share(0, self.missed), "–"
        precision = share(self.right, self.right + self.wrong)
        return precision, share(self.right, self.right + self.missed), f"{self.f1:.3f}"


def scored(found: Iterable[tuple[bool, bool]]) -> Score:
    """Of (found the same, is the same)."""
    counts = Counter(found)
    return Score(counts[True, True], counts[True, False], counts[False, True])


def labels_of(clusters: Iterable[Sequence[str]]) -> dict[str, str]:
    """Record → the first of its cluster."""
    return {name: cluster[0] for cluster in clusters for name in cluster}


def pairwise(found: Mapping[str, str], truth: Mapping[str, str]) -> Score:
    """Of all pairs of records that have a label in both."""
    names = [name for name in found if name in truth]
    right = _pairs(Counter((found[name], truth[name]) for name in names))
    together = _pairs(Counter(found[name] for name in names))
    same = _pairs(Counter(truth[name] for name in names))
    return Score(right, together - right, same - right)


def pairwise_across(found: Mapping[str, str], truth: Mapping[str, str]) -> Score:
    """Of the pairs whose records stand in two sources, which a name says before its colon."""
    sources = {name.split(":")[0] for name in found}
    within = [
        pairwise({n: one for n, one in found.items() if n.split(":")[0] == source}, truth)
        for source in sources
    ]
    return Score(*(of - sum(w) for of, *w in zip(pairwise(found, truth), *within, strict=True)))


def _pairs(sizes: Counter[str] | Counter[tuple[str, str]]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes.values())


class BCubed(NamedTuple):
    """Of each record the share of its cluster that belongs there, and the share of what belongs
    with it that is there; the middle over all records. A record alone counts too."""

    precision: float
    recall: float
    records: int

    @property
    def f1(self) -> float:
        found = self.precision + self.recall
        return 2 * self.precision * self.recall / found if found else 0.0

    def cells(self) -> tuple[str, str, str]:
        precision = share(self.precision * self.records, self.records)
        return precision, share(self.recall * self.records, self.records), f"{self.f1:.3f}"


def b_cubed(found: Mapping[str, str], truth: Mapping[str, str]) -> BCubed:
    names = [name for name in found if name in truth]
    both = Counter((found[name], truth[name]) for name in names)
    clusters = Counter(found[name] for name in names)
    things = Counter(truth[name] for name in names)
    count = len(names)
    if not count:
        return BCubed(0.0, 0.0, 0)
    precision = sum(n * n / clusters[cluster] for (cluster, _), n in both.items()) / count
    recall = sum(n * n / things[thing] for (_, thing), n in both.items()) / count
    return BCubed(precision, recall, count)
