"""Two files compared without a catalogue: which records of one are which of the other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from lianguan.engine.match.block import CAP, coarse_keys, fine_keys
from lianguan.engine.match.decide import DIFFERENT, Verdict, decide
from lianguan.engine.match.features import Features
from lianguan.engine.match.levels import Facts
from lianguan.engine.read.files import source_files
from lianguan.engine.union.delivery import Delivery
from lianguan.engine.union.prepare import Against, Arrived, nothing_known, title_key
from lianguan.engine.union.sharing import Bundle
from lianguan.engine.union.sources import Profile
from lianguan.engine.union.written import Packing


class Compared(NamedTuple):
    left: str
    right: str
    verdict: Verdict


def match_files(left: Path, right: Path, profile: Profile | None = None) -> Iterator[Compared]:
    """The pairs across two files that are the same or should be asked about, in the order of
    the first file."""
    sides = [_features(path, profile or Profile()) for path in (left, right)]
    known = [*sides[0].values(), *sides[1].values()]
    facts = Facts(frozenset(_shared(known)))
    for a, b in sorted(_candidates(sides[0], sides[1])):
        verdict = decide(sides[0][a], sides[1][b], facts)
        if verdict.decision != DIFFERENT:
            yield Compared(a, b, verdict)


def _features(path: Path, profile: Profile) -> dict[str, Features]:
    packing = Packing()
    against = Against("", profile, nothing_known, packing)
    files = source_files(path)
    found = Delivery(Bundle(files, [0] * len(files), against)).pieces()
    pieces = (came.piece for came in found)
    return {
        piece.number: packing.features(piece.made.kept)
        for piece in pieces
        if isinstance(piece, Arrived) and piece.made
    }


def _shared(known: Iterable[Features]) -> Iterator[str]:
    titles: dict[str, set[str]] = defaultdict(set)
    for features in known:
        for isbn in features.isbns:
            titles[isbn].add(title_key(features))
    return (isbn for isbn, keys in titles.items() if len(keys - {""}) > 1)


Member = tuple[int, str]
"""Which file, and the record's number."""


def _candidates(left: dict[str, Features], right: dict[str, Features]) -> set[tuple[str, str]]:
    """Pairs that share a key, or a finer one where too many share it."""
    groups: dict[str, dict[Member, tuple[str, ...]]] = defaultdict(dict)
    for side, records in enumerate((left, right)):
        for number, features in records.items():
            for key in coarse_keys(features):
                groups[key][side, number] = fine_keys(key, features)
    return {pair for group in groups.values() for pair in _across(group)}


def _across(group: dict[Member, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    blocks: list[list[Member]] = [list(group)]
    if len(group) > CAP:
        finer: dict[str, list[Member]] = defaultdict(list)
        for member, keys in group.items():
            for key in keys:
                finer[key].append(member)
        blocks = list(finer.values())
    for block in blocks:
        for a, b in combinations(block, 2):
            if a[0] != b[0]:
                yield (a[1], b[1]) if a[0] == 0 else (b[1], a[1])
