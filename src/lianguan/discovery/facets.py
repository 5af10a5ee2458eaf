"""A search as it stands in an address, and what the results can be narrowed by."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from lianguan.discovery.classes import steps_to
from lianguan.engine.search.index import FACETS, Found

AT_ONCE = 8
"""Values of a facet that are shown without being asked for."""
YEARS_DRAWN = 40
WIDTH, HEIGHT = 220, 40
WIDEST = 10

Worded = Callable[[str, str], str]
"""(facet, value) → the value in words."""


class Asked(NamedTuple):
    """What a reader searches for."""

    query: str
    chosen: Mapping[str, str]
    address: str
    """Where searches are answered."""

    def with_(self, **changed: str) -> str:
        """The address of the same search with something changed; "" takes it off. A page number
        does not survive."""
        said = {"q": self.query, **self.chosen, **changed}
        return f"{self.address}?{urlencode([(n, v) for n, v in said.items() if v])}"


class FacetValue(NamedTuple):
    """One line of a facet."""

    said: str
    code: str
    """What stands before it: the class of a name."""
    entries: int
    """How many there are; 0 where they were not counted."""
    address: str
    is_chosen: bool = False


class YearBar(NamedTuple):
    x: float
    y: int
    height: int


class Years(NamedTuple):
    """How many entries are of each year, drawn: those of the last forty that there are any of."""

    first: int
    last: int
    most: int
    """The year with most."""
    most_count: int
    bars: tuple[YearBar, ...]
    bar: float
    """How wide a bar is."""
    width: int = WIDTH


class Facet(NamedTuple):
    name: str
    first: tuple[FacetValue, ...]
    rest: tuple[FacetValue, ...]
    years: Years | None = None

    @property
    def values(self) -> int:
        return len(self.first) + len(self.rest)


def facets_of(found: Found, asked: Asked, worded: Worded) -> tuple[Facet, ...]:
    """The facets that have anything to choose or to take off."""
    made = (_facet(name, found, asked, worded) for name in FACETS)
    return tuple(facet for facet in made if facet.first)


def _facet(name: str, found: Found, asked: Asked, worded: Worded) -> Facet:
    values, chosen = found.facets[name], asked.chosen.get(name, "")
    ordered = sorted(values, reverse=True) if name == "year" else values
    said = [
        *_chosen(name, chosen, found.total, asked, worded),
        *(_value(name, v, n, asked, worded) for v, n in ordered if v != chosen),
    ]
    years = drawn(values) if name == "year" else None
    return Facet(name, tuple(said[:AT_ONCE]), tuple(said[AT_ONCE:]), years)


def _value(name: str, value: str, count: int, asked: Asked, worded: Worded) -> FacetValue:
    code = value if name == "class" else ""
    return FacetValue(worded(name, value), code, count, asked.with_(**{name: value}))


def _chosen(
    name: str, chosen: str, total: int, asked: Asked, worded: Worded
) -> Iterator[FacetValue]:
    """What is chosen, with the address that takes it off; of a class every step down to it."""
    if name == "class":
        for step in steps_to(chosen):
            value = _value(name, step, total if step == chosen else 0, asked, worded)
            yield value._replace(address=asked.with_(**{name: step[:-1]}), is_chosen=True)
    elif chosen:
        value = _value(name, chosen, total, asked, worded)
        yield value._replace(address=asked.with_(**{name: ""}), is_chosen=True)


def drawn(values: Iterable[tuple[str, int]]) -> Years | None:
    """A picture of the years; None where there is nothing to compare."""
    counts = {int(year): count for year, count in values if year.isdecimal()}
    last = max(counts, default=0)
    counts = {year: count for year, count in counts.items() if last - year < YEARS_DRAWN}
    if len(counts) < 3:
        return None
    first, most = min(counts), max(counts, key=lambda year: (counts[year], year))
    step = WIDTH / (last - first + 1)
    bars = tuple(
        YearBar(round((year - first) * step, 1), HEIGHT - height, height)
        for year, count in sorted(counts.items())
        for height in (max(1, round(HEIGHT * count / counts[most])),)
    )
    return Years(first, last, most, counts[most], bars, min(round(step * 0.8, 1), WIDEST))


def chips(asked: Asked, worded: Worded) -> list[tuple[str, str, str, str]]:
    """What is chosen: (facet, value, in words, address without it)."""
    return [(n, v, _chip(n, v, worded), asked.with_(**{n: ""})) for n, v in asked.chosen.items()]


def _chip(name: str, value: str, worded: Worded) -> str:
    said = worded(name, value)
    return f"{value} {said}" if name == "class" and said else said or value
