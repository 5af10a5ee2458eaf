"""Which records of a load are compared, by their names."""

from collections.abc import Mapping
from itertools import combinations, pairwise

from lianguan.engine.match import score
from lianguan.engine.match.features import Features

Two = tuple[str, str]
"""Names of two records, the smaller first."""


def two_sources(a: str, b: str) -> bool:
    """The two records stand in two sources, which a name says before its colon."""
    return a.partition(":")[0] != b.partition(":")[0]


def candidates(features: Mapping[str, Features]) -> set[Two]:
    """The pairs that a catalogue of these records compares."""
    names = sorted(features)
    among = score.blocks([features[name] for name in names])
    found: set[Two] = set()
    for first, end in pairwise(among.bounds.tolist()):
        members = [names[place] for place in sorted(among.members[first:end].tolist())]
        found.update(combinations(members, 2))
    return found
