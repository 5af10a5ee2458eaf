"""What the libraries hold of a serial, arranged for its page: by library, in order of years."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from lianguan.engine.merge import Held, Shown
from lianguan.engine.record import Holding
from lianguan.engine.text.issue_runs import OPEN, Point
from lianguan.engine.text.issues import Issues, issues_of
from lianguan.engine.text.years_held import SharedYears, Span, joined, years_held, years_shared

KINDS = ("", "supplement", "index")
FIGURES = re.compile(r"\d+")
LATER = Point(OPEN)
FEW = 6
"""Statements of a shelf that are shown without being asked for."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a library says it holds, as it says it."""

    holding: Holding
    said: Issues

    @property
    def text(self) -> str:
        """The years stand before the volumes where the member has them apart."""
        return " ".join(filter(None, (self.holding.years, self.holding.volumes)))

    @property
    def has_years(self) -> bool:
        return any(run.first.year for run in self.said.held)

    @property
    def is_undated(self) -> bool:
        """It says what is there, and no year of it could be read."""
        is_of_gaps = bool(self.said.missing) and not self.said.held
        return bool(self.text) and not self.has_years and not is_of_gaps

    @property
    def unread(self) -> str:
        """Figures that could not be read though the rest was."""
        return ", ".join(word.strip() for word in self.said.unread if FIGURES.search(word))

    @property
    def place(self) -> tuple[str, str]:
        return self.holding.location, self.holding.call_number

    @property
    def order(self) -> tuple[int, Point, list[int], str]:
        """By kind, then by where it begins; what names no year comes last, by its figures."""
        first = self.said.first if self.has_years and self.said.first else LATER
        figures = [int(figure[:9]) for figure in FIGURES.findall(self.text)]
        return KINDS.index(self.holding.kind), first, figures, self.text


@dataclass(frozen=True, slots=True)
class Shelf:
    """A place in a library and what stands there."""

    location: str
    call_number: str
    statements: tuple[Statement, ...]

    @property
    def at_once(self) -> tuple[Statement, ...]:
        """What is shown at once: everything, or where that is much what is said in general, not
        of single volumes with their bar codes."""
        general = tuple(one for one in self.statements if not one.holding.barcodes)
        return next((some for some in (self.statements, general) if len(some) <= FEW), ())

    @property
    def folded(self) -> tuple[Statement, ...]:
        """The rest, which a reader unfolds."""
        shown = {id(one) for one in self.at_once}
        return tuple(one for one in self.statements if id(one) not in shown)


@dataclass(frozen=True, slots=True)
class Bar:
    """Years as a bar, in years from the first that anybody has."""

    at: int
    length: int
    in_part: bool


@dataclass(frozen=True, slots=True)
class HeldBy:
    """What one library holds of a serial."""

    library: str
    spans: tuple[Span, ...]
    shelves: tuple[Shelf, ...]
    receipt: str
    bars: tuple[Bar, ...] = ()

    @property
    def years(self) -> tuple[Span, ...]:
        """Its years, whether all of them is there or a part."""
        return tuple(joined(span._replace(in_part=False) for span in self.spans))

    @property
    def in_part(self) -> tuple[Span, ...]:
        return tuple(span for span in self.spans if span.in_part)


@dataclass(frozen=True, slots=True)
class SerialHeld:
    """What all libraries hold of a serial."""

    libraries: tuple[HeldBy, ...]
    years: tuple[SharedYears, ...]
    axis: Span | None = None
    """Years from which to which bars go, none where no year is said."""

    @property
    def length(self) -> int:
        """Years that the bars have room for; one more where it goes on."""
        return self.axis.last - self.axis.first + 1 + self.goes_on if self.axis else 0

    @property
    def goes_on(self) -> bool:
        return bool(self.years) and self.years[-1].last == OPEN


def is_serial(shown: Shown) -> bool:
    return shown.format.value.partition(" ")[0] == "serial"


def serial_held(shown: Shown) -> SerialHeld:
    """The holdings of an entry. Libraries that say nothing of holdings are there too."""
    by_library: dict[str, list[Held]] = {library: [] for library in shown.libraries}
    for one in shown.holdings:
        by_library[one.by.partition(":")[0]].append(one)
    held = tuple(_held_by(library, found) for library, found in by_library.items())
    years = years_shared({one.library: one.spans for one in held})
    known = [year for one in held for span in one.spans for year in span[:2] if year != OPEN]
    if not known:
        return SerialHeld(held, years)
    there = SerialHeld(held, years, Span(min(known), max(known)))
    return replace(there, libraries=tuple(_with_bars(one, there) for one in held))


def _held_by(library: str, found: Iterable[Held]) -> HeldBy:
    statements = [Statement(one.holding, issues_of(one.holding)) for one in found]
    spans = years_held([one.said for one in statements if not one.holding.kind])
    receipts = [one.holding.receipt for one in statements if one.holding.receipt]
    receipt = "current" if "current" in receipts else next(iter(receipts), "")
    shelves = sorted(_shelves(statements), key=lambda shelf: shelf.statements[0].order)
    return HeldBy(library, spans, tuple(shelves), receipt)


def _shelves(statements: list[Statement]) -> Iterator[Shelf]:
    for place, there in groupby(
        sorted(statements, key=lambda one: one.place), lambda one: one.place
    ):
        location, call_number = place
        yield Shelf(location, call_number, tuple(sorted(there, key=lambda one: one.order)))


def _with_bars(one: HeldBy, there: SerialHeld) -> HeldBy:
    first = there.axis.first if there.axis else 0
    bars = tuple(
        Bar(span.first - first, min(span.last - span.first + 1, there.length), span.in_part)
        for span in one.spans
    )
    return replace(one, bars=bars)
