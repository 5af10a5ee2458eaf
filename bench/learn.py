"""Learn how much each level speaks against one edition: `python -m bench.learn --from FOLDER`.

Of the even half of the labelled pairs of each set (bench/labelled_set.py). It prints
`src/lianguan/engine/match/points.csv`; `--write` puts it there. A level is never better than the
one before it in its field, as far as the order below goes: what the pairs do not say, they do not
say the opposite of. Pairs with a veto are left out, since points do not decide them.
"""

import argparse
import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bench.labelled import Labelled, labelled_pairs
from bench.labelled_books import booksellers, chinese, hathitrust
from bench.labelled_set import EVEN
from lianguan.engine.match.decide import POINTS_FILE, vetoes_of
from lianguan.engine.match.levels import Facts, compare

Numbers = npt.NDArray[np.float64]

ORDER = {
    "title": "same extended near alike within other_rest parallel other_script missing different",
    "part": "same near missing different",
    "agent": "same near alike partly missing different",
    "publisher": "same near none missing issuer different",
    "year": "same open near missing far",
    "edition": "same near missing different",
    "extent": "same near missing off far",
    "number": "shared shared_by_many missing apart",
}
"""Field → its levels, the best first."""

SETS = {hathitrust: 1.0, chinese: 0.1, booksellers: 0.05}
"""How much a set counts, all its pairs together. Small sets, and sets of hard cases only, count
less; sets whose labels are too often wrong are not in it."""

PENALTY = 1e-4
"""On the square of each step, so that what hardly occurs stays small."""

LEAST = {("edition", "missing"): 0.5, ("edition", "different"): 0.5}
"""What a step takes away at least: what a cataloguer knows and few of the pairs show."""

STEPS = 40_000
TENTHS = 10


class Example(NamedTuple):
    steps: Numbers
    """One for each step down in the order, zero for the others."""
    is_same: bool
    weight: float


STEP = {
    (field, level): at
    for at, (field, level) in enumerate(
        (field, level) for field, levels in ORDER.items() for level in levels.split()[1:]
    )
}
"""(field, level) → its place among the steps."""


def steps_of(levels: dict[str, str]) -> Numbers:
    found = np.zeros(len(STEP))
    for field, level in levels.items():
        known = ORDER[field].split()
        for passed in known[1 : known.index(level) + 1]:
            found[STEP[field, passed]] = 1.0
    return found


def examples(pairs: Iterable[Labelled], weight: float) -> Iterator[Example]:
    """The pairs of one set that points decide."""
    found = [
        (steps_of(compare(one.a, one.b, Facts())), one)
        for one in pairs
        if one.half == EVEN and not vetoes_of(one.a, one.b)
    ]
    for steps, one in found:
        yield Example(steps, one.same, weight / len(found))


def learn(found: list[Example]) -> tuple[float, Numbers]:
    """(what speaks for one edition to begin with, what each step takes away): the logistic model
    that makes the labels most likely, no step below zero. By accelerated projected gradients."""
    steps = np.array([one.steps for one in found])
    signs = np.array([1.0 if one.is_same else -1.0 for one in found])
    weights = np.array([one.weight for one in found])
    weights /= weights.sum()
    least = np.array([LEAST.get(step, 0.0) for step in STEP])
    at = ahead = np.r_[3.0, np.ones(len(STEP))]
    rate = 4.0 / (1.0 + float((steps.sum(axis=1) + 1).max()))
    for turn in range(1, STEPS + 1):
        margin = signs * (ahead[0] - steps @ ahead[1:])
        pull = -weights * signs / (1.0 + np.exp(np.clip(margin, -50, 50)))
        slope = np.r_[pull.sum(), -(pull @ steps) + PENALTY * ahead[1:]]
        new = ahead - rate * slope
        new[1:] = np.maximum(new[1:], least)
        ahead = new + (turn - 1) / (turn + 2) * (new - at)
        at = new
    return float(at[0]), at[1:]


def table(taken: Numbers) -> str:
    """The levels with what they cost, in tenths."""
    said = io.StringIO()
    rows = csv.writer(said, lineterminator="\n")
    rows.writerow(("field", "level", "points"))
    for field, levels in ORDER.items():
        cost = 0.0
        for at, level in enumerate(levels.split()):
            cost += float(taken[STEP[field, level]]) if at else 0.0
            rows.writerow((field, level, round(cost * TENTHS)))
    return said.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="folder", type=Path, default="../shared/data/records")
    parser.add_argument("--write", action="store_true", help="put the table where it is used")
    told = parser.parse_args()
    found = [
        one
        for read, weight in SETS.items()
        for one in examples(labelled_pairs(read(told.folder)), weight)
    ]
    first, taken = learn(found)
    said = table(taken)
    print(f"{len(found):,} pairs; {first * TENTHS:.0f} points for one edition to begin with")
    print(said)
    if told.write:
        POINTS_FILE.write_text(said, encoding="utf-8")


if __name__ == "__main__":
    main()
