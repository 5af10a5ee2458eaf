"""What people decided on pairs of records: one edition, two of one work, or neither. A log like
that of the imports: an input of every build, never changed, only added to.

    decisions.jsonl        one decision a line, beside the folder of sources
"""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from lianguan.engine.match.cluster import Pair, pair
from lianguan.engine.match.decide import DIFFERENT, SAME
from lianguan.engine.union.durable import make_folder, sync

FILE = "decisions.jsonl"

OPEN = "open"
"""Takes a decision back: the tables decide again."""

WORK = "work"
"""Two editions of one work: apart as two that differ, and in one work."""

DECISIONS = (SAME, DIFFERENT, WORK, OPEN)


class Decision(NamedTuple):
    """A line of the log."""

    at: str
    """Its place in the log and its time, in the form of an import's id."""
    left: str
    right: str
    """The two records, library:number; the smaller first."""
    said: str
    who: str = ""
    origin: str = ""
    """What it was made of, by a name of whoever asked for it; kept once of one origin."""

    @property
    def pair(self) -> Pair:
        return pair(self.left, self.right)


class DecisionLog:
    """The file of decisions."""

    def __init__(self, root: Path) -> None:
        self.path = root / FILE

    def every(self) -> Iterator[Decision]:
        """All decisions in order. A line that a power cut has left without its end was never
        acknowledged, and is none."""
        try:
            lines = self.path.read_bytes().splitlines(keepends=True)
        except FileNotFoundError:
            return
        for line in lines:
            if line.endswith(b"\n"):
                yield Decision(**json.loads(line))

    def in_force(self) -> dict[Pair, str]:
        """The decisions that hold: of several on one pair the last."""
        return in_force(self.every())

    def add(self, decision: Decision) -> Decision:
        """Keep a decision, unless one of its origin is kept; that one then. It is on the disk when
        this returns."""
        if decision.origin:
            for one in self.every():
                if one.origin == decision.origin:
                    return one
        make_folder(self.path.parent)
        line = written([decision])
        with self.path.open("a+b") as file:
            file.truncate(self._end(file.seek(0, os.SEEK_END)))
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        sync(self.path.parent)
        return decision

    def _end(self, size: int) -> int:
        """Where the last whole line ends."""
        return self.path.read_bytes().rfind(b"\n", 0, size) + 1


def written(decisions: Iterable[Decision]) -> bytes:
    """What the file says of these decisions."""
    lines = (json.dumps(one._asdict(), ensure_ascii=False) + "\n" for one in decisions)
    return "".join(lines).encode()


def in_force(decisions: Iterator[Decision] | list[Decision]) -> dict[Pair, str]:
    """What holds after these decisions, in their order."""
    last = {one.pair: one.said for one in decisions}
    return {two: said for two, said in last.items() if said != OPEN}
