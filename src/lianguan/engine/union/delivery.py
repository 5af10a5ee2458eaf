"""A delivery read: its pieces in order, each record under a number of its own."""

import contextlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from lianguan.engine.read import compiled
from lianguan.engine.read.findings import Reason, Refused, Rule, SetAside
from lianguan.engine.union.keys import Numbers
from lianguan.engine.union.prepare import Arrived, Gone, Piece
from lianguan.engine.union.sharing import (
    Begun,
    Bundle,
    Ended,
    Event,
    Team,
    prepared,
    processes,
)

Told = Callable[[str, int, int], None]
"""Is told (stage, done, total) while a load goes on; the stages are receive, read (in bytes),
match and index (in records and entries), rebuild (in events of the log); upgrade says that a
rebuild has to come first."""


def nobody(stage: str, done: int, total: int) -> None:
    """Listens to no progress."""


WORTH_SHARING = 2 << 20
"""Bytes of a delivery from which on several processes prepare it."""


@dataclass(slots=True)
class Shape:
    """What a file was found to be: shown to the member, kept with the import."""

    name: str
    container: str
    dialect: str
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    """Sheet → heading → attribute."""
    refused: str = ""


class Came(NamedTuple):
    """A piece of a delivery, and which of its files it stands in."""

    file: int
    shape: Shape
    piece: Piece


class Delivery:
    """The files of a delivery, to be read once."""

    def __init__(
        self, bundle: Bundle, told: Told = nobody, events: Iterator[Event] | None = None
    ) -> None:
        """`events` is what others have prepared of it already."""
        self.bundle = bundle
        self.told = told
        self.events = events
        self.numbers = Numbers()
        self.shapes: list[Shape] = []
        self.read = 0
        self.repaired: dict[str, int] = {}

    def pieces(self) -> Iterator[Came]:
        """Everything in the delivery, in the order of its files. A file that cannot be read at
        all is set aside whole; raises Refused only if that is so of every file."""
        with contextlib.ExitStack() as stack:
            events = self.events or self._prepared(stack)
            yield from self._files(events)

    def _prepared(self, stack: contextlib.ExitStack) -> Iterator[Event]:
        count = processes()
        if count < 2 or sum(self.bundle.sizes) < WORTH_SHARING or not compiled.available():
            return prepared(self.bundle)
        return next(stack.enter_context(Team([self.bundle], count).at_work()))

    def _files(self, events: Iterator[Event]) -> Iterator[Came]:
        refusals = []
        for number, file in enumerate(self.bundle.files):
            shape = Shape(file.name, "", "")
            self.shapes.append(shape)
            end = yield from self._file(number, shape, events)
            if end.refusal:
                shape.refused = end.refusal
                refusals.append(Refused(end.refusal, end.detail))
                yield Came(number, shape, SetAside(file.name, 0, 0, end.refusal, end.detail))
        if refusals and len(refusals) == len(self.bundle.files):
            raise refusals[0]

    def _file(
        self, number: int, shape: Shape, events: Iterator[Event]
    ) -> Generator[Came, None, Ended]:
        """The pieces of one file; gives its end."""
        before = sum(self.bundle.sizes[:number])
        for event in events:
            if isinstance(event, Ended):
                return event
            if isinstance(event, Begun):
                shape.container, shape.dialect, shape.columns = event
                continue
            for piece in event:
                self.read += 1
                yield Came(number, shape, self._numbered(piece))
            if isinstance(event[-1], Arrived | Gone | SetAside):
                self.told("read", before + event[-1].offset, sum(self.bundle.sizes))
        raise EOFError("a file without an end")

    def _numbered(self, piece: Piece) -> Piece:
        if isinstance(piece, Gone):
            return piece._replace(came=self.numbers.forget(piece.number))
        if not isinstance(piece, Arrived):
            return piece
        number, is_again = self.numbers.unique(piece.number)
        if is_again:
            piece = piece._replace(number=number, rules=piece.rules | int(Rule.NUMBER_TWICE))
        for code in _codes(piece.rules) if piece.rules else ():
            self.repaired[code] = self.repaired.get(code, 0) + 1
        return piece


@lru_cache(maxsize=1 << 12)
def _codes(rules: int) -> tuple[str, ...]:
    return Rule(rules).codes


def missing_records(copies: dict[str, int], known: set[str], name: str) -> Iterator[SetAside]:
    """Items whose record is not there: kept, and listed so that somebody asks for it."""
    for number, count in copies.items():
        if count and number not in known:
            yield SetAside(name, 0, 0, Reason.RECORD_MISSING.value, f"{number} ({count})")
