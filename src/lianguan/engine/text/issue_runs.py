"""Issues and runs of issues of a serial: what statements are read into."""

from dataclasses import dataclass, field
from typing import NamedTuple

OPEN = 9999
"""The last year of what is still coming."""


class Point(NamedTuple):
    """One issue, or the part of its name that is given; 0 where that is not said."""

    year: int = 0
    volume: int = 0
    number: int = 0
    whole: int = 0
    """Number counted from the first issue on, through all years (总第120期)."""
    month: int = 0


class Run(NamedTuple):
    """From one issue to another, both included."""

    first: Point
    last: Point
    """The same as `first` for a single issue, volume or year."""
    is_open: bool = False
    """It goes on."""
    in_part: bool = False
    """Some of it is missing, and it is not said what."""


LEVELS = Point._fields
CONTEXT = ("year", "volume")
"""Levels that are written once for all that follows: 1985, no. 1-6; no. 9."""


@dataclass(slots=True)
class BegunRun:
    """A run while it is being read."""

    first: dict[str, int] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    """Levels in the order in which they were said, those of the run before first."""
    said: set[str] = field(default_factory=set)
    """Levels that are its own."""
    ended: set[str] = field(default_factory=set)
    """Levels said behind a dash."""
    is_open: bool = False
    in_part: bool = False

    def set(self, level: str, first: int, last: int) -> None:
        """Say a level. Of the run before, lower ones and those that followed no longer hold."""
        here = self.order.index(level) if level in self.order else len(self.order)
        for one in {*self.order[here:], *LEVELS[LEVELS.index(level) :]} & {*self.order} - self.said:
            self.order.remove(one)
            del self.first[one], self.last[one]
        self.add(level, first, last)

    def add(self, level: str, first: int, last: int) -> None:
        """Say a level of what stands before it, as in brackets."""
        self.first[level], self.last[level] = first, last
        self.order = [*(one for one in self.order if one != level), level]
        self.said.add(level)

    def end(self, level: str, last: int) -> None:
        """Say a level of the issue behind a dash."""
        self.last[level] = last
        self.ended.add(level)
        if level not in self.order:
            self.order.append(level)
            self.said.add(level)

    def alone(self, level: str) -> int:
        """The year or volume if it is a single one, else 0."""
        one = self.first.get(level, 0)
        return one if one == self.last.get(level) and not self.is_open else 0

    def context(self) -> "BegunRun":
        """What holds for the next too: a year or volume that stands alone and first."""
        begun = BegunRun()
        for level in self.order:
            one = self.alone(level)
            if level not in CONTEXT or not one:
                break
            begun.first[level] = begun.last[level] = one
            begun.order.append(level)
        return begun

    def covers(self, year: int) -> bool:
        """Nothing speaks against this year: it is within those said, or behind a dash."""
        if self.ended or "year" not in self.said:
            return True
        return self.first["year"] <= year <= self.last["year"]

    def run(self) -> Run:
        """The run as it is read so far."""
        first, last = self.first, self.last
        if self.ended:
            here = min(self.order.index(level) for level in self.ended)
            above = {level: first[level] for level in self.order[:here]}
            first = {"year": last.get("year", 0)} | first
            last = above | {level: last[level] for level in self.ended}
        return Run(_point(first), _point(last), self.is_open, self.in_part)


def _point(said: dict[str, int]) -> Point:
    return Point(*(said.get(level, 0) for level in LEVELS))
