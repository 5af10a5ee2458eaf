"""What can be made of a member's records without looking at the catalogue: numbers, hashes,
features, keys, packed forms. Most of the work of a load, and it can be done side by side."""

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from lianguan.engine.mapping.fast import Remembered
from lianguan.engine.mapping.listed import open_list
from lianguan.engine.mapping.opened import Opened, open_file
from lianguan.engine.mapping.stream import WHOLE, Read, Share
from lianguan.engine.match import signs
from lianguan.engine.match.block import coarse_keys, isbn_number, numbers_of
from lianguan.engine.match.features import Features, features_of, title_key
from lianguan.engine.match.grouping import Numbers
from lianguan.engine.read import files
from lianguan.engine.read.files import SourceFile
from lianguan.engine.read.findings import Refused, SetAside
from lianguan.engine.record import Record
from lianguan.engine.union.keys import address_of, said_number
from lianguan.engine.union.sources import DELETES, UPSERT, Import, Profile
from lianguan.engine.union.written import Packing, kept_bytes

HASH = 8
"""Bytes of a record's hash: it is only compared with that of the record before it."""

TABLES = (files.TABLE, files.WORKBOOK)


class Made(NamedTuple):
    """What the catalogue keeps of a record, and what it is found and compared by."""

    address: str
    kept: bytes
    """Its features and what it says, packed."""
    raw: bytes | None
    """Its rows if it came from a table, packed; other bytes stay in the source."""
    sign: bytes
    """Of its features, for `match.sieve`; means nothing in another run."""
    keys: bytes
    """The numbers of its coarse keys, int64."""
    isbns: bytes
    """Of each ISBN the number itself and that of the title it stands on, int64."""
    copies: int
    """How many copies it tells of."""


class Arrived(NamedTuple):
    """A record that came."""

    number: str
    offset: int
    length: int
    encoding: str
    rules: int
    """Repairs that reading it took; bits of `Rule`."""
    hash: bytes
    """Of its bytes and of how they were read."""
    made: Made | None
    """None where the catalogue has it already."""


class Gone(NamedTuple):
    """A record that the member says it has deleted: leader/05 d, or a line of a delete list."""

    number: str
    offset: int = 0
    length: int = 0
    came: tuple[str, ...] = ()
    """What came under the number before, in the same delivery; it is gone with it."""


class Copies(NamedTuple):
    """Holdings of a record that came apart from it: a file of items, a holdings record."""

    number: str
    holdings: tuple[str, ...]
    """Each as JSON."""


Piece = Arrived | Gone | Copies | SetAside


def nothing_known(_number: str) -> bytes | None:
    """What is known of a member of which all is to be made."""
    return None


class Against(NamedTuple):
    """What a delivery is prepared for: a member's records as the catalogue has them."""

    library: str
    profile: Profile
    known: Callable[[str], bytes | None]
    """Number → the record's hash, where there is one."""
    packing: Packing
    kind: str = UPSERT

    @classmethod
    def of(cls, one: Import, known: Callable[[str], bytes | None], packing: Packing) -> "Against":
        return cls(one.library, one.profile, known, packing, one.kind)


def opening_of(kind: str) -> Callable[..., Opened]:
    """How the files of a delivery of some kind are opened."""
    return open_list if kind == DELETES else open_file


class Preparer:
    """Makes the pieces of one file."""

    def __init__(
        self,
        file: SourceFile,
        against: Against,
        share: Share = WHOLE,
        remembered: Remembered | None = None,
    ) -> None:
        self.file = file
        self.against = against
        profile = against.profile
        opening = opening_of(against.kind)
        self.opened: Opened = opening(file, profile.options(), share, remembered)
        self.is_table = self.opened.container in TABLES
        self.is_list = against.kind == DELETES
        how = (self.opened.container, self.opened.dialect, profile.columns, profile.key)
        said = json.dumps([how, profile.holdings], sort_keys=True, default=list)
        self.salt = hashlib.sha256(said.encode()).digest()[:8]

    def chunks(self) -> Iterator[list[Piece]]:
        """The pieces of the file in their order, a chunk of it at a time."""
        for chunk in self.opened.chunks:
            yield self.pieces(chunk)

    def pieces(self, chunk: list[Read]) -> list[Piece]:
        found: list[Piece] = []
        fresh: list[tuple[int, Arrived, Read, Record]] = []
        for read in chunk:
            piece = self._piece(read)
            if isinstance(piece, Arrived) and self.against.known(piece.number) != piece.hash:
                fresh.append((len(found), piece, read, read.what))  # type: ignore[arg-type]
            found.append(piece)
        for (place, piece, _, _), made in zip(fresh, self._made(fresh), strict=True):
            found[place] = piece._replace(made=made)
        return found

    def _piece(self, read: Read) -> Piece:
        record = read.what
        if not isinstance(record, Record):
            name = self.file.name
            return SetAside(name, read.offset, read.length, record.reason.value, record.detail)
        if record.holdings_of and not record.titles:
            held = () if self._is_gone(record) else record.holdings
            holdings = (json.dumps(one, ensure_ascii=False) for one in held)
            return Copies(str(record.holdings_of), tuple(holdings))
        number = str(record.number) if self.is_list and self.is_table else ""
        number = number or said_number(record, self.against.profile.key, read.raw)
        if self._is_gone(record):
            return Gone(number, read.offset, read.length)
        digest = hashlib.sha256(self.salt)
        digest.update(read.encoding.encode())
        digest.update(read.raw)
        place = (read.offset, read.length, read.encoding, int(read.rules))
        return Arrived(number, *place, digest.digest()[:HASH], None)

    def _is_gone(self, record: Record) -> bool:
        return self.is_list or record.status == "d"

    def _made(self, fresh: list[tuple[int, Arrived, Read, Record]]) -> Iterator[Made]:
        """Of new and changed records what the catalogue keeps."""
        pack = self.against.packing.pack
        features = [features_of(record) for _, _, _, record in fresh]
        for (_, piece, read, record), one, key, isbn in zip(
            fresh, features, _keys(features), _isbns(features), strict=True
        ):
            yield Made(
                address_of(self.against.library, piece.number),
                pack(kept_bytes(one, record)),
                pack(read.raw) if self.is_table else None,
                signs.sign(one),
                key,
                isbn,
                copies_of(record),
            )


def copies_of(record: Record) -> int:
    """How many copies a record tells of; one where it does not say, for somebody catalogued it."""
    return max(1, sum(one.copies or len(one.barcodes) or 1 for one in record.holdings))


LEARNED_FROM = 1 << 19
"""Bytes at the beginning of a file out of which it is learned how to pack its records."""


def samples(file: SourceFile, profile: Profile) -> list[bytes]:
    """What would be packed of the first records of a file."""
    head = file.head(LEARNED_FROM)
    if files.format_of(head, file.name) == files.WORKBOOK:
        return []
    try:
        opened = open_file(SourceFile(file.name, lambda: io.BytesIO(head)), profile.options())
        records = [read.what for read in opened.reads if isinstance(read.what, Record)]
    except Refused:
        return []
    return [kept_bytes(features_of(one), one) for one in records]


def _keys(features: list[Features]) -> Iterator[bytes]:
    keys = [coarse_keys(one) for one in features]
    numbers = numbers_of([key for one in keys for key in one])
    return _cut(numbers, [len(one) for one in keys])


def _isbns(features: list[Features]) -> Iterator[bytes]:
    counts = [len(one.isbns) for one in features]
    isbns = np.array([isbn_number(isbn) for one in features for isbn in one.isbns], np.int64)
    titles = np.repeat(numbers_of([title_key(one) for one in features]), counts)
    return _cut(np.column_stack([isbns, titles]), counts)


def _cut(rows: Numbers, counts: list[int]) -> Iterator[bytes]:
    """The bytes of so many rows for each record."""
    said, width, at = rows.tobytes(), rows.itemsize * (rows.size // (len(rows) or 1)), 0
    for count in counts:
        yield said[at : at + width * count]
        at += width * count
