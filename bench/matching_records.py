"""The records that matching is timed on: those of `bench.members`, read and mapped once and kept as
features, packed; and the same as columns for Splink.

    python -m bench.matching_records RECORDS FOLDER COUNT     prints the seconds that each part took
"""

import itertools
import json
import marshal
import sys
import time
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import overload

from bench import members
from bench.quality_splink import said
from lianguan.engine.mapping.fast import seldom_collecting
from lianguan.engine.mapping.opened import open_file
from lianguan.engine.match.features import Features, features_of
from lianguan.engine.read.files import source_files
from lianguan.engine.record import Record

PACKED, SIZES, COLUMNS = "features.bin", "features.sizes", "features.jsonl"


class Packed(Sequence[Features]):
    """Features that are unpacked when they are asked for, as a catalogue keeps them: of a million
    records they take a quarter of the room."""

    def __init__(self, packed: bytes, sizes: Sequence[int]) -> None:
        self.packed = packed
        self.bounds = array("q", itertools.accumulate(sizes, initial=0))

    @classmethod
    def of(cls, features: Sequence[Features]) -> "Packed":
        packed = [pack(one) for one in features]
        return cls(b"".join(packed), [len(one) for one in packed])

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @overload
    def __getitem__(self, place: int) -> Features: ...
    @overload
    def __getitem__(self, place: slice) -> "Packed": ...
    def __getitem__(self, place: int | slice) -> "Features | Packed":
        if isinstance(place, slice):
            raise TypeError("one at a time")
        if place >= len(self):
            raise IndexError(place)
        return unpack(self.packed[self.bounds[place] : self.bounds[place + 1]])

    def __iter__(self) -> Iterator[Features]:
        for first, end in itertools.pairwise(self.bounds):
            yield unpack(self.packed[first:end])


def pack(features: Features) -> bytes:
    return marshal.dumps(tuple(features))


def unpack(packed: bytes) -> Features:
    return Features._make(marshal.loads(packed))  # noqa: S302 - written by us


def make(records: Path, folder: Path, count: int) -> Path:
    """The folder of the members' files, with the features beside them."""
    files = members.make(records, folder, count)
    place = folder / f"members-{count}"
    if not (place / SIZES).exists():
        _write(place, every(list(files.values())))
    return place


def _write(place: Path, features: Iterable[Features]) -> None:
    sizes = array("I")
    with (place / PACKED).open("wb") as packed, (place / COLUMNS).open("wb") as columns:
        for number, one in enumerate(features):
            kept = pack(one)
            packed.write(kept)
            sizes.append(len(kept))
            columns.write(json.dumps(said(str(number), one)).encode() + b"\n")
    (place / SIZES).write_bytes(sizes.tobytes())


def every(paths: list[Path]) -> Iterator[Features]:
    with seldom_collecting():
        for path in paths:
            (source,) = source_files(path)
            for read in open_file(source).reads:
                if isinstance(read.what, Record):
                    yield features_of(read.what)


def packed_in(place: Path) -> Packed:
    sizes = array("I", (place / SIZES).read_bytes())
    return Packed((place / PACKED).read_bytes(), sizes)


if __name__ == "__main__":
    begun = time.perf_counter()
    made = make(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
    print(json.dumps({"place": str(made), "seconds": time.perf_counter() - begun}))
