"""The files that speed is measured on, made of real public records and kept in a folder.

The pool is every sound UTF-8 record of MARC 21 in the named sets that no reader has anything
to say against, each once, in an order drawn with a fixed seed. `resampled-N.mrc` draws N of
them with replacement and gives each a control number of its own; a smaller N is the beginning
of a larger one. Made once: delete the folder to have them made again.
"""

import json
import random
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from lianguan.engine.read import files, iso2709
from lianguan.engine.read.files import SourceFile, source_files
from lianguan.engine.read.source import SourceField, SourceRecord
from tests.damage import damaged
from tests.making import xml

SEED = 7
SETS = (
    "marc/uva_solrmarc.tar.gz",
    "marc/aco/*.gz",
    "marc/gpo/*.gz",
    "marc/evergreen/*.gz",
    "labelled/hathitrust/*.gz",
)
CONTROL = re.compile(rb"[^\x00-\x1f]+")
DATA = re.compile(rb"[ 0-9a-z|]{2}(?:\x1f[0-9a-z][^\x00-\x1f]+)+")
ONE_IN = 100
"""One record of so many is damaged in the damaged file."""

Fields = list[tuple[bytes, bytes]]


def pool(records: Path) -> list[bytes]:
    """The records to draw from, in the fixed order."""
    paths = sorted(path for pattern in SETS for path in records.glob(pattern))
    found = dict.fromkeys(
        record
        for path in paths
        for file in source_files(path)
        for record in _records(file)
        if is_plain(record)
    )
    kept = list(found)
    random.Random(SEED).shuffle(kept)
    return kept


def _records(file: SourceFile) -> Iterator[bytes]:
    if files.format_of(file.head(), file.name) != files.ISO2709:
        return
    with file.open() as stream:
        data = stream.read()
    for frame in iso2709.frames(data):
        yield data[frame.start : frame.end]


def is_plain(record: bytes) -> bool:
    """No reader has anything to repair or to warn of, and the control number comes first."""
    fields = iso2709.sound_fields(record)
    if not fields or fields[0][0] != b"001":
        return False
    if record[10:12] != b"22" or record[20:24] != b"4500":
        return False
    return _is_utf8(record) and all(_is_plain_field(tag, data) for tag, data in fields)


def _is_utf8(record: bytes) -> bool:
    """It is, and its leader says so."""
    try:
        record.decode()
    except UnicodeDecodeError:
        return False
    return record[9:10] == b"a" or record.isascii()


def _is_plain_field(tag: bytes, data: bytes) -> bool:
    return tag.isdigit() and bool((CONTROL if tag < b"010" else DATA).fullmatch(data))


def renumbered(record: bytes, number: bytes) -> bytes:
    """The record under another control number, its directory moved along."""
    base, old = int(record[12:17]), int(record[27:31])
    by = len(number) + 1 - old
    directory = bytearray(record[24 : base - 1])
    directory[3:7] = b"%04d" % (len(number) + 1)
    for entry in range(12, len(directory), 12):
        at = int(directory[entry + 7 : entry + 12]) + by
        directory[entry + 7 : entry + 12] = b"%05d" % at
    head = b"%05d" % (len(record) + by) + record[5:24]
    return head + bytes(directory) + b"\x1e" + number + b"\x1e" + record[base + old :]


def resampled(drawn_from: list[bytes], count: int) -> Iterator[bytes]:
    chance = random.Random(SEED)
    for i in range(count):
        yield renumbered(chance.choice(drawn_from), b"b%09d" % i)


def as_xml(records: Iterable[bytes]) -> bytes:
    return xml([_source(record) for record in records])


def _source(record: bytes) -> SourceRecord:
    fields = iso2709.sound_fields(record) or []
    return SourceRecord(record[:24], tuple(SourceField(tag, data) for tag, data in fields))


def make(records: Path, folder: Path, count: int) -> dict[str, str]:
    """The path of each file by the name that `speed_table` calls it by; `count` is the number
    of records of the largest. `records` is the folder of the shared sets."""
    paths = _paths(folder, count)
    if not all(path.exists() for path in paths.values()):
        folder.mkdir(parents=True, exist_ok=True)
        drawn_from = pool(records)[:count]
        if not drawn_from:
            raise FileNotFoundError(f"no sound records in {records}: {', '.join(SETS)}")
        for name, path in paths.items():
            write(path, _content(name, drawn_from, count))
    return {name: str(path) for name, path in paths.items()}


WARM = 3_000
"""Records in the files to warm up on: enough to be read as large files are."""

SHARE = {"all": 1, "fifth": 5, "tenth": 10, "twentieth": 20, "xml": 4, "xml_hundredth": 100}
"""The resampled files, each with the count divided by so much."""


def _paths(folder: Path, count: int) -> dict[str, Path]:
    names = {name: f"resampled-{count // by}" for name, by in SHARE.items()}
    others = ("damaged", "unrepeated", "unrepeated_xml", "warm", "warm_xml")
    names |= {name: f"{name}-{count}" for name in others}
    return {
        name: folder / f"{stem}.{'xml' if 'xml' in name else 'mrc'}" for name, stem in names.items()
    }


def _content(name: str, drawn_from: list[bytes], count: int) -> Iterable[bytes]:
    if name == "damaged":
        yield damaged(list(resampled(drawn_from, count // SHARE["fifth"])), SEED, ONE_IN)[0]
    elif name == "unrepeated":
        yield from drawn_from
    elif name == "unrepeated_xml":
        yield as_xml(drawn_from[: len(drawn_from) // 4])
    else:
        drawn = resampled(drawn_from, count // SHARE[name] if name in SHARE else WARM)
        yield from [as_xml(drawn)] if "xml" in name else drawn


def write(path: Path, pieces: Iterable[bytes]) -> None:
    """Under another name until it is whole, so that a file that is there can be trusted."""
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        file.writelines(pieces)
    unfinished.rename(path)


if __name__ == "__main__":
    print(json.dumps(make(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))))
