"""Two files compared without a catalogue: which records of one are which of the other."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from lianguan.engine.match.decide import Verdict, decide
from lianguan.engine.match.features import Features
from lianguan.engine.match.levels import Facts
from lianguan.engine.match.score import Batch, blocks, score, shared_isbns
from lianguan.engine.read.files import source_files
from lianguan.engine.union.delivery import Delivery
from lianguan.engine.union.prepare import Against, Arrived, nothing_known
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
    names = [number for side in sides for number in side]
    known = [features for side in sides for features in side.values()]
    batch = Batch(known, shared_isbns(known))
    is_left = np.arange(len(known)) < len(sides[0])
    rows = score(batch, blocks(known), is_left)
    pairs = [(names[a], names[b], a, b) for a, b in rows[:, :2].tolist() if is_left[a] > is_left[b]]
    for one, other, a, b in sorted(pairs):
        yield Compared(one, other, decide(known[a], known[b], Facts(batch.shared)))


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
