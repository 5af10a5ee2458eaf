"""Everything out again: clusters, records, the sources themselves."""

import contextlib
import csv
import re
import shutil
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from lianguan.engine.match.block import coarse_keys
from lianguan.engine.match.match_key import match_key
from lianguan.engine.read import files
from lianguan.engine.record import Record
from lianguan.engine.union import formats
from lianguan.engine.union.access import Access
from lianguan.engine.union.database import Connection
from lianguan.engine.union.entries import record_of, work_name
from lianguan.engine.union.sent import TABLES, Originals, Sent, sent
from lianguan.engine.union.sources import Sources
from lianguan.engine.union.written import Packing


class Exported(NamedTuple):
    written: int
    as_sent: int
    """Written byte for byte as they came."""
    left_out: int
    """Too long for the format; `marcxml` has room for them."""


CSV_COLUMNS = (
    "library", "record", "entry", "title", "subtitle", "part", "agents", "edition", "place",
    "publisher", "year", "extent", "series", "subjects", "classes", "languages", "isbn",
    "call_number", "barcode", "held",
)  # fmt: skip

KEY_COLUMNS = ("library", "record", "entry", "match_key", "keys")
BETWEEN_KEYS = "|"
"""Never within a key."""


def clusters(connection: Connection, access: Access, out: TextIO) -> int:
    """One line a record: library, record, entry, work; the number of lines without the head."""
    writer = _tabbed(out)
    writer.writerow(("library", "record", "entry", "work"))
    count = 0
    for row in connection.execute(
        "SELECT library, number, entry, work FROM descriptions"
        " JOIN (SELECT id AS of, entry AS first FROM records) ON of = descriptions.id"
        " JOIN entries ON record = first ORDER BY library, number"
    ):
        if access.is_open(row[0]):
            writer.writerow((*row[:3], work_name(row[3], row[2])))
            count += 1
    return count


def _tabbed(out: TextIO) -> Any:  # the csv module does not name the type of its writers
    return csv.writer(out, delimiter="\t", lineterminator="\n")


class RecordExport:
    """The records of all members as far as their terms let them go out, or everything of one
    member for itself; in the order in which they were sent."""

    def __init__(
        self, connection: Connection, packing: Packing, sources: Sources, library: str = ""
    ) -> None:
        self.connection = connection
        self.packing = packing
        self.originals = Originals(packing, sources)
        self.library = library
        self.access = Access(sources.profiles(), "exported", library)

    def iso2709(self, path: Path) -> Exported:
        """ISO 2709: sound records as they came, others written anew in UTF-8."""
        as_sent = written = left_out = 0
        with whole(path) as staged, staged.open("wb") as out:
            for row, raw in self._rows():
                data = self._kept(row, raw)
                as_sent += data is raw
                if data is None:
                    data = formats.iso2709(self._open_part(row, raw))
                left_out += data is None
                written += data is not None
                out.write(data or b"")
        return Exported(written, as_sent, left_out)

    def marcxml(self, path: Path) -> Exported:
        written = 0
        with whole(path) as staged, staged.open("w", encoding="utf-8", newline="\n") as out:
            out.write(formats.COLLECTION)
            for row, raw in self._rows():
                out.write(formats.marcxml(self._open_part(row, raw)))
                written += 1
            out.write(formats.COLLECTION_END)
        return Exported(written, 0, 0)

    def csv(self, path: Path) -> Exported:
        """A table of what the records say, for people: UTF-8 with a mark that Excel knows."""
        written = 0
        with whole(path) as staged, staged.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(CSV_COLUMNS)
            for row in self.select():
                writer.writerow(cells(row, self.record(row)))
                written += 1
        return Exported(written, 0, 0)

    def keys(self, path: Path) -> Exported:
        """One line a record: what other union stores, and this one, find it by. Nothing that a
        member may hide (`terms.MAY_BE_HIDDEN`) is in a key."""
        written = 0
        with whole(path) as staged, staged.open("w", encoding="utf-8", newline="") as out:
            writer = _tabbed(out)
            writer.writerow(KEY_COLUMNS)
            for row in self.select():
                said = self.packing.features(row["kept"])
                keys = (key.replace(BETWEEN_KEYS, " ") for key in coarse_keys(said))
                joined = BETWEEN_KEYS.join(sorted(keys))
                named = (row["library"], row["number"], row["entry"])
                writer.writerow((*named, match_key(said), joined))
                written += 1
        return Exported(written, 0, 0)

    def raw(self, row: Mapping[str, Any]) -> bytes:
        """The bytes of one record."""
        return self.originals.raw(row)

    def _kept(self, row: Mapping[str, Any], raw: bytes) -> bytes | None:
        """The bytes of a sound record without what its member hides; None of all others."""
        is_kept = row["container"] == files.ISO2709 and formats.is_sound(raw)
        return self.access.raw(row, raw) if is_kept else None

    def _open_part(self, row: Mapping[str, Any], raw: bytes) -> Sent:
        """The record as fields without what its member hides."""
        said = self.fields(row, raw)
        return self.access.sent(row["library"], row["dialect"], said)[0]

    def _rows(self) -> Iterator[tuple[Mapping[str, Any], bytes]]:
        for row in self.select():
            yield row, self.raw(row)

    def select(self) -> Iterator[Mapping[str, Any]]:
        """The rows of the records."""
        where = "WHERE library = ?" if self.library else "WHERE ? = ''"
        rows = self.connection.execute(
            f"SELECT * FROM descriptions {where} ORDER BY library, import, file, offset",  # noqa: S608
            (self.library,),
        )
        return (row for row in rows if self.access.is_open(row["library"]))

    def record(self, row: Mapping[str, Any]) -> Record:
        """What a record says, as far as its member lets that go out."""
        said = (row["library"], row["number"], row["kept"])
        return record_of(self.connection, self.packing, self.access, *said)

    def fields(self, row: Mapping[str, Any], raw: bytes) -> Sent:
        """The fields of a record in a MARC format, hidden ones too."""
        container = str(row["container"])
        if container in TABLES:
            return formats.from_neutral(str(row["number"]), self.record(row))
        return sent(raw, container, str(row["encoding"]))


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A file that has its name only when it is whole."""
    staged = path.with_name(f"{path.name}.new")
    yield staged
    staged.replace(path)


def cells(row: Mapping[str, object], record: Record) -> tuple[str, ...]:
    title = record.title
    publication = next(iter(record.publications), None)
    parts = [f"{p.number} {p.name}".strip() for p in title.parts] if title else []
    said = (
        row["library"],
        row["number"],
        row["entry"],
        title.text if title else "",
        _joined(title.other if title else ()),
        _joined(parts),
        _joined(" ".join((name.text, *name.roles)) for name in record.agents),
        record.edition,
        publication.place if publication else "",
        publication.publisher if publication else "",
        record.year or "",
        record.extent.text if record.extent else "",
        _joined(s.title for s in record.series),
        _joined(s.text for s in record.subjects),
        _joined(c.number for c in record.classes),
        _joined(record.languages),
        _joined(i.value for i in record.identified("isbn")),
        _joined(h.call_number for h in record.holdings),
        _joined(b for h in record.holdings for b in h.barcodes),
        _joined(f"{h.years} {h.volumes}".strip() for h in record.holdings),
    )
    return tuple(safe(str(cell)) for cell in said)


def _joined(texts: object) -> str:
    return "; ".join(str(text) for text in texts if text)  # type: ignore[attr-defined]


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell


def copy_sources(sources: Sources, library: str, folder: Path) -> int:
    """Every file of a member as it was received, in one folder an import; how many files. Their
    names are those that they came with, as far as any disk can keep them apart."""
    count = 0
    for one in sources.imports(library):
        if not one.files:
            continue
        place = folder / one.id
        place.mkdir(parents=True, exist_ok=True)
        taken: set[str] = set()
        for source in sources.open_files(one):
            name = _free_name(source.name, taken)
            with source.open() as file, (place / name).open("wb") as out:
                shutil.copyfileobj(file, out)
        count += len(taken)
    return count


UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
"""Signs that some disk does not have in names."""
LONGEST_NAME = 200
"""Bytes of a name; a file in an archive may have a longer one than a disk can keep."""


def _free_name(said: str, taken: set[str]) -> str:
    """A name in one folder for a file that was called so in its archive; "-2" and so on behind
    what another has already, also one that differs only in case or in how it is written."""
    name = UNSAFE.sub("_", re.split(r"[/\\]", said)[-1]).strip(" .") or "file"
    while len(name.encode("utf-8", "replace")) > LONGEST_NAME:
        name = name[1:]
    path, free, times = Path(name), name, 1
    while (folded := _folded(free)) in taken:
        times += 1
        free = f"{path.stem}-{times}{path.suffix}"
    taken.add(folded)
    return free


def _folded(name: str) -> str:
    """What two names have in common that some disk takes for one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
