"""Which records of a load are compared: those that share one of our keys in a block that is small
enough, as `lianguan.engine.match.block` says."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from lianguan.engine.match.block import CAP, coarse_keys, fine_keys
from lianguan.engine.match.features import Features

Two = tuple[str, str]
"""Names of two records, the smaller first."""


def two_sources(a: str, b: str) -> bool:
    """The two records stand in two sources, which a name says before its colon."""
    return a.partition(":")[0] != b.partition(":")[0]


def blocks(features: Mapping[str, Features]) -> Iterator[list[str]]:
    """The names of the records that share a key; where too many do, a finer one."""
    coarse: dict[str, list[str]] = defaultdict(list)
    for name, one in features.items():
        for key in coarse_keys(one):
            coarse[key].append(name)
    for key, names in coarse.items():
        yield from [names] if len(names) <= CAP else _finer(key, names, features)


def _finer(key: str, names: Sequence[str], features: Mapping[str, Features]) -> list[list[str]]:
    fine: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for finer in fine_keys(key, features[name]):
            fine[finer].append(name)
    return list(fine.values())


def candidates(features: Mapping[str, Features]) -> set[Two]:
    """The pairs that a catalogue of these records compares."""
    found: set[Two] = set()
    for names in blocks(features):
        found.update(combinations(sorted(set(names)), 2))
    return found
