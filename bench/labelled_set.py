"""What a set of labelled records is, and how its files are read."""

import csv
import gzip
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from lianguan.engine.mapping.opened import open_file
from lianguan.engine.mapping.table import Said, TableRecord, map_table
from lianguan.engine.match.features import Features, features_of
from lianguan.engine.read.files import source_files
from lianguan.engine.record import Record

EVEN, ODD = "even", "odd"
"""The halves of a set: from the even one weights may be learned, at the odd one figures are
looked at."""


class Pair(NamedTuple):
    """Two records of a set by their names, the smaller first, and whether they are the same."""

    a: str
    b: str
    same: bool

    @property
    def half(self) -> str:
        """By the smaller of the two names, and by nothing else."""
        return ODD if hashlib.sha256(self.a.encode()).digest()[0] % 2 else EVEN


class LabelledSet(NamedTuple):
    name: str
    records: dict[str, Record]
    pairs: list[Pair]
    clusters: dict[str, str] = {}  # noqa: RUF012 - never written to
    """Record → which of the set's things it is, where the set says it of all its records."""

    def features(self) -> dict[str, Features]:
        return {name: features_of(record) for name, record in self.records.items()}


def paired(a: str, b: str, same: bool) -> Pair:
    return Pair(min(a, b), max(a, b), same)


def records(path: Path) -> Iterator[Record]:
    """The records of a file, as an import would read them."""
    for file in source_files(path):
        for read in open_file(file).reads:
            if isinstance(read.what, Record):
                yield read.what


def by_number(path: Path) -> dict[str, Record]:
    return {record.number: record for record in records(path)}


def named(prefix: str, found: dict[str, Record]) -> dict[str, Record]:
    return {f"{prefix}:{name}": record for name, record in found.items()}


def rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    return list(csv.DictReader(text.splitlines(), delimiter=delimiter))


def from_table(said: Said) -> Record:
    """A row of a table whose columns are known, as an import maps it."""
    return map_table(TableRecord(0, [], [said]))[0]


def clusters_of(names: Iterable[str], pairs: Iterable[Pair]) -> dict[str, str]:
    """Record → the smallest of those that pairs of the same tie it to."""
    leader = {name: name for name in names}

    def led(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    for a, b, same in pairs:
        if same:
            first, second = sorted((led(a), led(b)))
            leader[second] = first
    return {name: led(name) for name in leader}
