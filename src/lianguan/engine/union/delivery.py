"""A delivery read: each of its records with its number and its place in the source."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lianguan.engine.mapping.opened import Opened, open_file
from lianguan.engine.read import files
from lianguan.engine.read.files import SourceFile
from lianguan.engine.read.findings import Reason, Refused, Rule, SetAside
from lianguan.engine.record import Holding, Record
from lianguan.engine.union.keys import Numbers
from lianguan.engine.union.sources import Profile

Told = Callable[[str, int, int], None]
"""Is told (stage, done, total) while a load goes on; the stages are receive, read (in bytes),
match and index (in records and entries), rebuild (in events of the log); upgrade says that a
rebuild has to come first."""


def nobody(stage: str, done: int, total: int) -> None:
    """Listens to no progress."""


STRIDE = 500


class Place(NamedTuple):
    """Where a record's bytes are, and how they are to be read."""

    file: int
    """Number of the file in its delivery, from 0."""
    offset: int
    length: int
    container: str
    dialect: str
    encoding: str


class Arrived(NamedTuple):
    """A record that came."""

    number: str
    place: Place
    hash: bytes
    """Of its bytes: 16 bytes of SHA-256."""
    rules: Rule
    record: Record
    raw: bytes | None
    """Its rows as JSON if it came from a table; other bytes stay in the source."""


class Gone(NamedTuple):
    """A record that the member says it has deleted (leader/05 d)."""

    number: str


class Copies(NamedTuple):
    """Holdings of a record that came apart from it: a file of items, a holdings record."""

    number: str
    holdings: tuple[Holding, ...]


Piece = Arrived | Gone | Copies | SetAside


@dataclass(slots=True)
class Shape:
    """What a file was found to be: shown to the member, kept with the import."""

    name: str
    container: str
    dialect: str
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    """Sheet → heading → attribute."""
    refused: str = ""


class Delivery:
    """The files of a delivery, to be read once."""

    def __init__(
        self,
        sources: Sequence[SourceFile],
        profile: Profile,
        sizes: Sequence[int] = (),
        told: Told = nobody,
    ) -> None:
        self.sources = sources
        self.profile = profile
        self.sizes = sizes
        """Bytes of each file, unpacked, as far as they are known."""
        self.told = told
        self.numbers = Numbers(profile.key)
        self.shapes: list[Shape] = []
        self.read = 0
        self.repaired: dict[str, int] = {}

    def pieces(self) -> Iterator[Piece]:
        """Everything in the delivery, in the order of its files. A file that cannot be read at
        all is set aside whole; raises Refused only if that is so of every file."""
        refusals = []
        for number, source in enumerate(self.sources):
            try:
                yield from self._file(number, source)
            except Refused as refusal:
                refusals.append(refusal)
                self.shapes.append(Shape(source.name, "", "", refused=refusal.code))
                yield SetAside(source.name, 0, 0, refusal.code, refusal.detail)
        if refusals and len(refusals) == len(self.sources):
            raise refusals[0]

    def _file(self, number: int, source: SourceFile) -> Iterator[Piece]:
        opened = open_file(source, self.profile.options())
        columns = {shape.sheet: shape.named for shape in opened.shapes}
        self.shapes.append(Shape(source.name, opened.container, opened.dialect, columns))
        before = sum(self.sizes[:number])
        for read in opened.reads:
            self.read += 1
            if self.read % STRIDE == 0:
                self.told("read", before + read.offset, sum(self.sizes))
            if not isinstance(read.what, Record):
                yield SetAside(
                    source.name, read.offset, read.length, read.what.reason.value, read.what.detail
                )
                continue
            place = Place(
                number,
                read.offset,
                read.length,
                opened.container,
                opened.dialect,
                read.encoding,
            )
            yield self._record(opened, place, read.what, read.raw, read.rules)

    def _record(
        self, opened: Opened, place: Place, record: Record, raw: bytes, rules: Rule
    ) -> Piece:
        if record.holdings_of and not record.titles:
            return Copies(record.holdings_of, record.holdings)
        number, again = self.numbers.number_of(record, raw)
        if record.status == "d":
            return Gone(number)
        if again:
            rules |= Rule.NUMBER_TWICE
        for code in rules.codes:
            self.repaired[code] = self.repaired.get(code, 0) + 1
        is_table = opened.container in (files.TABLE, files.WORKBOOK)
        digest = hashlib.sha256(raw).digest()[:16]
        return Arrived(number, place, digest, rules, record, raw if is_table else None)


def missing_records(copies: dict[str, int], known: set[str], name: str) -> Iterator[SetAside]:
    """Items whose record is not there: kept, and listed so that somebody asks for it."""
    for number, count in copies.items():
        if number not in known:
            yield SetAside(name, 0, 0, Reason.RECORD_MISSING.value, f"{number} ({count})")
