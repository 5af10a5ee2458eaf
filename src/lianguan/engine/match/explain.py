"""Why two records are or are not one edition, field by field, with what each was compared by and
how much it speaks against one edition."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from lianguan.engine.match.decide import POINTS
from lianguan.engine.match.features import Features
from lianguan.engine.match.levels import LEVELS, Facts, compare


class Level(NamedTuple):
    field: str
    level: str
    left: str
    right: str
    points: int
    """How much it speaks against one edition."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two records are or are not one edition."""

    decision: str
    rule: str
    levels: tuple[Level, ...]
    vetoes: tuple[str, ...]
    together: bool
    """They stand in one entry now; maybe by way of others."""

    @property
    def points(self) -> int:
        """The sum over all fields, also those that neither says anything in."""
        return sum(level.points for level in self.levels)


def _extent(features: Features) -> str:
    counted = ((features.volumes, "v"), (features.pages, "p"))
    return " ".join(f"{count} {unit}" for count, unit in counted if count)


SAID: dict[str, Callable[[Features], str]] = {
    "title": lambda f: " / ".join(f.titles) + (f" : {f.rest}" if f.rest else ""),
    "part": lambda f: ", ".join(f.parts),
    "agent": lambda f: ", ".join(f.agents),
    "publisher": lambda f: f.publisher,
    "year": lambda f: str(f.year or ""),
    "edition": lambda f: f.edition,
    "extent": _extent,
    "number": lambda f: ", ".join((*f.isbns, *f.numbers)),
}
"""Level → what a record is compared by there, as text."""


def levels_of(a: Features, b: Features, facts: Facts) -> tuple[Level, ...]:
    """The levels of a pair with what was compared."""
    found = compare(a, b, facts)
    return tuple(
        Level(name, found[name], SAID[name](a), SAID[name](b), POINTS[name][found[name]])
        for name in LEVELS
    )
