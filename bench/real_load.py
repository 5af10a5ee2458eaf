"""The real catalogue through the command line: loaded, searched, loaded again, exported."""

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.real_members import Member, present
from lianguan.engine.mapping.opened import open_file
from lianguan.engine.read.files import ISO2709, source_files
from lianguan.engine.read.findings import Refused, Rule
from lianguan.engine.record import Record

QUERIES = Path(__file__).with_name("real_queries.csv")
Said = dict[str, Any]


class Failed(Exception):
    """The command did not do what it was asked."""


@dataclass(frozen=True, slots=True)
class Hub:
    """A folder with a catalogue, and the command that works on it."""

    folder: Path

    def run(self, *words: str) -> str:
        """What `lianguan` prints; Failed with what it says where its exit code is not 0."""
        command = (sys.executable, "-m", "lianguan", *words)
        place = {**os.environ, "LIANGUAN_DATA": str(self.folder)}
        done = subprocess.run(command, capture_output=True, text=True, env=place, check=False)
        if done.returncode:
            raise Failed(f"lianguan {words[0]}: exit code {done.returncode}: {done.stderr[-2000:]}")
        return done.stdout

    def ask(self, *words: str) -> Said:
        """The object on the last line of `--json`."""
        said: Said = json.loads(self.run(*words, "--json").strip().splitlines()[-1])
        return said


@dataclass(frozen=True, slots=True)
class Loaded:
    member: Member
    said: Said


def load_all(hub: Hub, folder: Path) -> Iterator[Loaded]:
    """Import the files of every member."""
    for member, files in present(folder):
        print(f"loading {member.code}", file=sys.stderr, flush=True)
        yield Loaded(member, hub.ask("import", *map(str, files), *member.arguments))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query found, and whether the record that it is about was there."""

    query: str
    what: str
    library: str
    total: int
    rank: int
    """Of the first hit with a record of the library and, where one is named, that record; 0 if
    it is not among the first twenty."""
    seconds: float


def search_all(hub: Hub, libraries: set[str]) -> Iterator[Answer]:
    """The queries of `real_queries.csv` about records of these libraries."""
    lines = csv.DictReader(QUERIES.read_text("utf-8").splitlines())
    for line in (line for line in lines if line["library"] in libraries):
        begun = time.perf_counter()
        said = hub.ask("search", line["query"])
        seconds = time.perf_counter() - begun
        entry = _entry_of(hub, line["library"], line["number"])
        ranks = [
            rank
            for rank, hit in enumerate(said["hits"], 1)
            if line["library"] in hit["libraries"] and entry in ("", hit["entry"])
        ]
        found = (said["total"], ranks[0] if ranks else 0, seconds)
        yield Answer(line["query"], line["what"], line["library"], *found)


def _entry_of(hub: Hub, library: str, number: str) -> str:
    return str(hub.ask("show", f"{library}:{number}")["entry"]) if number else ""


@dataclass(frozen=True, slots=True)
class Exported:
    """A member's records as they came out, beside its files."""

    library: str
    records: int
    sound: int
    """Different records of its ISO 2709 files that needed no repair of their structure."""
    equal: int
    """Of those, how many came out byte for byte."""
    yaz: int
    """Records of the export that yaz-marcdump reads."""
    warnings: int
    """Of which it says something."""


def export_all(hub: Hub, folder: Path, out: Path) -> Iterator[Exported]:
    """Every member's records as ISO 2709, compared with what it sent and read by yaz."""
    for member, files in present(folder):
        path = out / f"{member.code}.mrc"
        hub.run("export", "records", str(path), "--format", "iso2709", "--library", member.code)
        data = path.read_bytes()
        came = [raw + b"\x1d" for raw in data.split(b"\x1d") if raw]
        sent = {raw for file in files for raw in _sound(member, file)}
        yield Exported(member.code, len(came), len(sent), len(sent & set(came)), *_yaz(path))


MENDED = Rule.LENGTH_WRONG | Rule.FIELD_END_DAMAGED | Rule.RECORD_END_DAMAGED
MENDED |= Rule.DIRECTORY_WRONG | Rule.BASE_ADDRESS_WRONG | Rule.TAG_LOST
MENDED |= Rule.DELIMITERS_SUBSTITUTED
DELETED = b"d"


def _sound(member: Member, path: Path) -> Iterator[bytes]:
    """The records of a file whose structure is sound, as they stand in it; without those that
    say of themselves that they are deleted (leader/05)."""
    for file in source_files(path):
        try:
            opened = open_file(file, member.options)
        except Refused:
            continue
        if opened.container == ISO2709:
            for read in opened.reads:
                if isinstance(read.what, Record) and _is_sound(read.raw, read.rules):
                    yield read.raw


def _is_sound(raw: bytes, rules: Rule) -> bool:
    """Nothing was mended, and tags are letters and digits, as ISO 2709 wants them."""
    directory = raw.split(b"\x1e", 1)[0][24:]
    return not rules & MENDED and raw[5:6] != DELETED and directory.isalnum()


def _yaz(path: Path) -> tuple[int, int]:
    """(records, warnings) of yaz-marcdump."""
    command = ("yaz-marcdump", "-p", "-n", str(path))
    said = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    lines = [line for line in said.stdout.splitlines() if line.startswith("<!--")]
    records = sum(line.startswith("<!-- Record ") for line in lines)
    return records, len(lines) - records


def clusters(hub: Hub, out: Path) -> tuple[int, int, int]:
    """(records, entries, works) of the export of clusters."""
    path = out / "clusters.tsv"
    hub.run("export", "clusters", str(path))
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    return len(rows), len({row["entry"] for row in rows}), len({row["work"] for row in rows})
