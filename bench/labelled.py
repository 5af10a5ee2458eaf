"""Sets of real records whose pairs somebody else has labelled, as features and labels.

None of these sets is in this repository; `../shared/data/records/README.md` says where each
comes from and under which licence. What would give the answer away (the numbers by which a
set was labelled) is taken out of the records here.
"""

import csv
import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from lianguan.engine.mapping.opened import open_file
from lianguan.engine.mapping.table import Said, TableRecord, map_table
from lianguan.engine.match.block import CAP, coarse_keys, fine_keys
from lianguan.engine.match.features import Features, features_of
from lianguan.engine.read.files import source_files
from lianguan.engine.record import Record


class LabelledPair(NamedTuple):
    a: Features
    b: Features
    same: bool


class LabelledSet(NamedTuple):
    name: str
    about: str
    pairs: list[LabelledPair]


def records(path: Path) -> Iterator[Record]:
    """The records of a file, as an import would read them."""
    for file in source_files(path):
        for read in open_file(file).reads:
            if isinstance(read.what, Record):
                yield read.what


def by_number(path: Path) -> dict[str, Features]:
    return {record.number: features_of(record) for record in records(path)}


def rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    return list(csv.DictReader(text.splitlines(), delimiter=delimiter))


def hathitrust(folder: Path) -> LabelledSet:
    found = by_number(folder / "labelled/hathitrust/hathi_val.mrc.gz")
    labels = rows(folder / "labelled/hathitrust/hathi_val_labels.csv.gz")
    pairs = [LabelledPair(found[r["id1"]], found[r["id2"]], r["label"] == "1") for r in labels]
    about = "English books in MARC 21, numbers removed; labels are HathiTrust's own clusters"
    return LabelledSet("HathiTrust", about, pairs)


PUBLISHER = re.compile(r"出版|书店|书局|印书馆|press|books", re.IGNORECASE)
YEAR = re.compile(r"(?:19|20)\d\d")


def douban_said(title: str, line: str) -> Said:
    """A line "author / translator / publisher / date / price" as columns."""
    parts = [part.strip() for part in line.split(" / ")]
    at = next((i for i, part in enumerate(parts) if PUBLISHER.search(part)), None)
    if at is None:
        return {"title": [title]}
    said: Said = {"title": [title], "publisher": [parts[at]]}
    said |= {"agent": parts[:1]} if at else {}
    said |= {"translator": parts[1:at]} if at > 1 else {}
    dates = [part for part in parts[at + 1 :] if YEAR.match(part)]
    return said | ({"year": dates[:1]} if dates else {})


def table_features(said: Said) -> Features:
    return features_of(map_table(TableRecord(0, [], [said]))[0])


def chinese(folder: Path) -> LabelledSet:
    school = by_number(folder / "chinese/school_library_catalogue.gb18030.csv.gz")
    douban = {
        row["douban_id"]: table_features(douban_said(row["title"], row["publication_info"]))
        for row in rows(folder / "chinese/douban_2016_books.csv.gz")
    }
    pairs = [
        LabelledPair(
            school[row["left_id"]],
            (douban if row["right_source"] == "douban" else school)[row["right_id"]],
            row["agreed"] == "E",
        )
        for row in rows(folder / "labelled/chinese_pairs/labels.tsv", "\t")
        if row["agreed"] in ("E", "W", "D")
    ]
    about = "a school library's table against itself and against Douban; hard cases on purpose"
    return LabelledSet("Chinese pairs", about, pairs)


def booksellers(folder: Path) -> LabelledSet:
    where = folder / "labelled/amazon_bn_books"
    amazon, other = by_number(where / "Amazon.csv.gz"), by_number(where / "Barnob.csv.gz")
    pairs = [
        LabelledPair(amazon[r["ltable_ID"]], other[r["rtable_ID"]], r["gold_labels"] == "1")
        for r in rows(where / "Label.csv.gz")
    ]
    about = "two booksellers' tables: title, author, publisher, date"
    return LabelledSet("Amazon × Barnes & Noble", about, pairs)


REPRODUCTIONS = "electronic_reproductions_sample.marcxml.gz"
HIDDEN = ("oclc:", "lccn:")


def aco_records(folder: Path) -> dict[str, Features]:
    """Records of seven libraries, without the numbers by which they were labelled."""
    found: dict[str, Features] = {}
    for path in sorted((folder / "marc/aco").iterdir()):
        library, kind = path.name.split(".")[:2]
        if kind not in ("mrc", "marcxml") or path.name == REPRODUCTIONS:
            continue
        for number, features in by_number(path).items():
            kept = tuple(n for n in features.numbers if not n.startswith(HIDDEN))
            found[f"{library}:{number}"] = features._replace(numbers=kept)
    return found


def arabic(folder: Path) -> LabelledSet:
    labels = {
        row["record"]: row["cluster"]
        for row in rows(folder / "marc/aco/labels_by_oclc.tsv.gz", "\t")
    }
    found = {key: f for key, f in aco_records(folder).items() if key in labels}
    wanted = {two for two in _candidates(found) if _libraries_differ(two)}
    wanted |= {two for two in _same_cluster(labels, found) if _libraries_differ(two)}
    pairs = [LabelledPair(found[a], found[b], labels[a] == labels[b]) for a, b in sorted(wanted)]
    about = (
        "Arabic books of seven libraries in MARC 21; same is a shared OCLC number (hidden, as is"
        " the LCCN); pairs are those that share a key, and all that are the same"
    )
    return LabelledSet("Arabic collections (ACO)", about, pairs)


def _libraries_differ(two: tuple[str, str]) -> bool:
    return two[0].split(":")[0] != two[1].split(":")[0]


def _same_cluster(labels: dict[str, str], found: Iterable[str]) -> set[tuple[str, str]]:
    clusters: dict[str, list[str]] = defaultdict(list)
    for key in found:
        clusters[labels[key]].append(key)
    return {two for keys in clusters.values() for two in combinations(sorted(keys), 2)}


def _candidates(found: dict[str, Features]) -> set[tuple[str, str]]:
    """The pairs that a catalogue of these records would compare."""
    coarse: dict[str, list[str]] = defaultdict(list)
    fine: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for key, features in found.items():
        for one in coarse_keys(features):
            coarse[one].append(key)
            for finer in fine_keys(one, features):
                fine[one][finer].append(key)
    blocks = [
        block
        for name, keys in coarse.items()
        for block in ([keys] if len(keys) <= CAP else fine[name].values())
    ]
    return {two for block in blocks for two in combinations(sorted(block), 2)}
