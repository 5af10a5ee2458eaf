"""How the time of a first load grows with its size: unions of several sizes, one after the other,
the line t = a + b·n through them, and what a record more costs between two sizes.

Asked for by `python -m bench.union --sizes 100000 300000 1000000 3000000`.
"""

import itertools
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bench.speed_table import PYTHON
from bench.timing import figure

SIZES = (100_000, 300_000, 1_000_000, 3_000_000)
MOST_RATIO = 1.15
"""What a record more may cost between the two largest sizes, beside what it costs between the two
smallest."""


class Sized(NamedTuple):
    """A union of one size, as a whole."""

    records: int
    seconds: float
    cpu: float
    peak: int
    """MiB of memory."""
    disk: int
    """Most bytes at any time, sources and all."""


def run(records: Path, folder: Path, counts: Sequence[int]) -> list[Sized]:
    """Each size in a process of its own, the smallest first."""
    return [one(records, folder, count) for count in sorted(counts)]


def one(records: Path, folder: Path, count: int, *more: str) -> Sized:
    """One size by `bench.union_one`, which tells of its stages as it goes."""
    command = (PYTHON, "-m", "bench.union_one", str(records), str(folder), str(count), *more)
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return sized(count, json.loads(done.stdout))


def sized(count: int, said: dict[str, Any]) -> Sized:
    stages = said["stages"].values()
    return Sized(
        count,
        sum(stage["seconds"] for stage in stages),
        sum(stage["cpu"] for stage in stages),
        max(stage["peak"] for stage in stages),
        int(max(stage["disk"] for stage in stages)),
    )


def line(sizes: Sequence[int], times: Sequence[float]) -> tuple[float, float]:
    """(a, b) of t = a + b·n, by least squares of what is off by its share of t: else the largest
    size alone would say where the line lies."""
    counts, took = np.array(sizes, float), np.array(times, float)
    b, a = np.polyfit(counts, took, 1, w=1 / took)
    return float(a), float(b)


def slopes(sizes: Sequence[int], times: Sequence[float]) -> list[float]:
    """What a record more costs between each two neighbouring sizes, in seconds."""
    steps = itertools.pairwise(zip(sizes, times, strict=True))
    return [(t1 - t0) / (n1 - n0) for (n0, t0), (n1, t1) in steps]


def report(found: Sequence[Sized]) -> str:
    counts = [one.records for one in found]
    by_clock = slopes(counts, [one.seconds for one in found])
    by_cpu = slopes(counts, [one.cpu for one in found])
    more = [f"{figure(b * 1e6)} | {figure(c * 1e6)}" for b, c in zip(by_clock, by_cpu, strict=True)]
    lines = [
        "| records | seconds | CPU s | peak MiB | disk MiB | µs a record more | CPU µs |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(_row(one, costs) for one, costs in zip(found, (" | ", *more), strict=True)),
    ]
    if len(found) > 2:
        lines += ["", _grown(found, by_clock, by_cpu)]
    return "\n".join(lines)


def _row(one: Sized, costs: str) -> str:
    return (
        f"| {one.records:,} | {figure(one.seconds)} | {figure(one.cpu)} | {one.peak:,} |"
        f" {one.disk >> 20:,} | {costs} |"
    )


def _grown(found: Sequence[Sized], by_clock: list[float], by_cpu: list[float]) -> str:
    """The line, and how much steeper it ends than it begins."""
    counts = [one.records for one in found]
    a, b = line(counts, [one.seconds for one in found])
    ratio, of_cpu = by_clock[-1] / by_clock[0], by_cpu[-1] / by_cpu[0]
    holds = "holds" if ratio <= MOST_RATIO else "does not hold"
    return (
        f"t = a + b·n: a = {figure(a)} s, b = {figure(b * 1e6)} µs. A record more costs at"
        f" {counts[-1]:,} {figure(ratio)} times what it costs at {counts[1]:,} (by CPU seconds"
        f" {figure(of_cpu)}); at most {figure(MOST_RATIO)} is wanted, which {holds}."
    )
