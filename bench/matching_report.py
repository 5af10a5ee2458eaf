"""The tables of matching's speed in Markdown, and which of the aims are reached."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bench.speed_report import table
from bench.timing import figure, spread

BEFORE = ("keys", "signs", "shared")
"""Stages that a load does while it reads."""
MATCHING = ("blocks", "sieve", "decide", "cluster")


class Run(NamedTuple):
    """One run of one of the two."""

    stages: dict[str, tuple[float, float]]
    """Seconds and CPU seconds."""
    peak: int
    """MiB."""
    said: dict[str, Any]


@dataclass(slots=True)
class Sized:
    """All runs over so many records."""

    records: int
    ours: list[Run] = field(default_factory=list)
    splink: list[Run] = field(default_factory=list)
    missing: str = ""
    """Why Splink was not measured to the end."""


class Aim(NamedTuple):
    """Something that was wanted of one size."""

    what: str
    records: int
    unit: str
    limit: float
    is_least: bool = False


SECONDS = Aim("blocks, sieve, letters, clusters", 1_000_000, " s", 6)
FASTER = Aim("times as fast as Splink predicting", 1_000_000, "×", 2, is_least=True)
MEMORY = (
    Aim("memory", 1_000_000, " MiB", 2 << 10),
    Aim("memory", 5_000_000, " MiB", 6 << 10),
)
DELTA = Aim("a delta of 1,000, matched", 1_000_000, " s", 1)


def together(run: Run, names: Sequence[str], cpu: bool = False) -> float:
    return sum(run.stages[name][cpu] for name in names)


def ratios(sized: Sized, names: Sequence[str] = ("predict",), cpu: bool = False) -> list[float]:
    """Splink's time over ours, round by round."""
    rounds = zip(sized.ours, sized.splink, strict=False)
    return [together(b, names, cpu) / together(a, MATCHING, cpu) for a, b in rounds]


def report(sizes: Sequence[Sized], delta: dict[str, Any] | None) -> str:
    rounds = max(len(sized.ours) for sized in sizes)
    parts = [f"At most {rounds} rounds a size; the middle one [least–most].", ours(sizes)]
    parts += [looked(sizes), splink(sizes)]
    if delta:
        parts.append(deltas(delta))
    return "\n\n".join([*parts, aims(sizes, delta)])


OURS_HEAD = ("records", "blocks", "sieve", "letters", "clusters", "**together**", "CPU s",
             "keys, signs", "peak MiB")  # fmt: skip


def ours(sizes: Sequence[Sized]) -> str:
    return table(OURS_HEAD, [_ours(sized) for sized in sizes])


def _ours(sized: Sized) -> list[str]:
    stages = [str(spread([run.stages[name][0] for run in sized.ours])) for name in MATCHING]
    whole = spread([together(run, MATCHING) for run in sized.ours])
    cpu = spread([together(run, MATCHING, cpu=True) for run in sized.ours])
    before = spread([together(run, BEFORE) for run in sized.ours])
    peak = max(run.peak for run in sized.ours)
    return [f"{sized.records:,}", *stages, f"**{whole}**", figure(cpu.middle), str(before),
            f"{peak:,}"]  # fmt: skip


LOOKED_HEAD = ("records", "pairs a record", "largest block", "left to letters", "same", "asked",
               "clusters")  # fmt: skip


def looked(sizes: Sequence[Sized]) -> str:
    """How much is looked at: does not change from round to round."""
    return table(LOOKED_HEAD, [_looked(sized) for sized in sizes])


def _looked(sized: Sized) -> list[str]:
    found = sized.ours[0].said["counts"]
    counts = [f"{found[name]:,}" for name in ("largest", "open", "same", "asked", "clusters")]
    return [f"{sized.records:,}", figure(found["pairs"]), *counts]


SPLINK_HEAD = ("records", "Splink predicting", "its pairs", "MiB", "times as fast", "by CPU time",
               "Splink's training", "times as fast, with it")  # fmt: skip


def splink(sizes: Sequence[Sized]) -> str:
    return table(SPLINK_HEAD, [_splink(sized) for sized in sizes])


def _splink(sized: Sized) -> list[str]:
    if not sized.splink:
        return [
            f"{sized.records:,}",
            f"not measured: {sized.missing or 'not asked for'}",
            *[""] * 6,
        ]
    predicting = spread([together(run, ("predict",)) for run in sized.splink])
    training = spread([together(run, ("train",)) for run in sized.splink])
    return [
        f"{sized.records:,}",
        f"{predicting} s",
        f"{sized.splink[0].said['pairs']:,}",
        f"{max(run.peak for run in sized.splink):,}",
        f"**{spread(ratios(sized))}**",
        figure(spread(ratios(sized, cpu=True)).middle),
        f"{training} s",
        str(spread(ratios(sized, ("train", "predict")))),
    ]


def deltas(delta: dict[str, Any]) -> str:
    """A delta: reading, matching, indexing, and all of it."""
    head = ("a delta of 1,000 into", "read", "matched", "indexed", "with all")
    line = [figure(_middle(delta, name)) for name in ("read", "match", "index", "all")]
    return table(head, [[f"{delta['records']:,}", *(f"{one} s" for one in line)]])


def _middle(delta: dict[str, Any], name: str) -> float:
    return spread([one[name] for one in delta["deltas"]]).middle


AIMS_HEAD = ("wanted", "of records", "limit", "reached", "holds")


def aims(sizes: Sequence[Sized], delta: dict[str, Any] | None) -> str:
    by_size = {sized.records: sized for sized in sizes}
    million = by_size.get(SECONDS.records, Sized(0))
    lines = [
        _aim(SECONDS, _of([together(run, MATCHING) for run in million.ours])),
        _aim(FASTER, _of(ratios(million))),
        *[_aim(one, _peak(by_size.get(one.records, Sized(0)))) for one in MEMORY],
    ]
    is_there = delta is not None and delta["records"] == DELTA.records
    lines.append(_aim(DELTA, _middle(delta or {}, "match") if is_there else None))
    return table(AIMS_HEAD, lines)


def _of(figures: Sequence[float]) -> float | None:
    return spread(figures).middle if figures else None


def _peak(sized: Sized) -> float | None:
    return max((run.peak for run in sized.ours), default=None)


def _aim(aim: Aim, reached: float | None) -> list[str]:
    sign = "≥" if aim.is_least else "≤"
    line = [aim.what, f"{aim.records:,}", f"{sign} {figure(aim.limit)}{aim.unit}"]
    if reached is None:
        return [*line, "not measured", "?"]
    holds = reached >= aim.limit if aim.is_least else reached <= aim.limit
    return [*line, f"{figure(reached)}{aim.unit}", "yes" if holds else "**no**"]
