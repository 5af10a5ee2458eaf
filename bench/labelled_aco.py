"""The Arabic Collections Online: records of seven libraries, labelled by their OCLC numbers."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

from bench.blocks import Two, candidates, two_sources
from bench.labelled_set import LabelledSet, by_number, named, paired, rows
from lianguan.engine.record import Record

REPRODUCTIONS = "electronic_reproductions_sample.marcxml.gz"
HIDDEN = ("oclc", "lccn", "system")
"""Schemes of the numbers by which the records were labelled, or that may hold them."""


def hidden(record: Record) -> Record:
    """The record without the numbers by which it was labelled, in whatever field they stand."""
    numbers = tuple(n for n in record.identifiers if n.scheme not in HIDDEN)
    links = tuple(
        link._replace(identifiers=tuple(n for n in link.identifiers if n.scheme not in HIDDEN))
        for link in record.links
    )
    return record._replace(identifiers=numbers, links=links)


def files_of(folder: Path) -> list[Path]:
    """Each library's own records."""
    found = sorted((folder / "marc/aco").glob("*.gz"))
    return [path for path in found if path.name != REPRODUCTIONS and ".tsv" not in path.name]


def aco_records(folder: Path) -> dict[str, Record]:
    """library:number → the record, its labels hidden."""
    found: dict[str, Record] = {}
    for path in files_of(folder):
        mine = {number: hidden(record) for number, record in by_number(path).items()}
        found |= named(path.name.split(".")[0], mine)
    return found


def arabic(folder: Path) -> LabelledSet:
    """Same is a shared OCLC number, which OCLC does not give to each edition once only. Pairs are
    those of two libraries that share a key of ours, and all that are the same."""
    labels = {
        row["record"]: row["cluster"]
        for row in rows(folder / "marc/aco/labels_by_oclc.tsv.gz", "\t")
    }
    found = {name: one for name, one in aco_records(folder).items() if name in labels}
    labels = {name: labels[name] for name in found}
    wanted = candidates(LabelledSet("", found, []).features()) | _same_cluster(labels, found)
    pairs = [paired(a, b, labels[a] == labels[b]) for a, b in sorted(wanted) if two_sources(a, b)]
    return LabelledSet("Arabic collections (ACO)", found, pairs, labels)


def _same_cluster(labels: dict[str, str], found: Iterable[str]) -> set[Two]:
    clusters: dict[str, list[str]] = defaultdict(list)
    for name in found:
        clusters[labels[name]].append(name)
    return {two for names in clusters.values() for two in combinations(sorted(names), 2)}


def reproductions(folder: Path) -> LabelledSet:
    """A library's electronic reproductions, each with the print records that have its number:
    one work, and never one edition."""
    prints = aco_records(folder)
    by_own: dict[str, list[str]] = defaultdict(list)
    for name in prints:
        by_own[name.split(":", 1)[1]].append(name)
    mine = by_number(folder / "marc/aco" / REPRODUCTIONS)
    found = named("reproduction", {number: hidden(one) for number, one in mine.items()})
    pairs = [paired(f"reproduction:{n}", other, False) for n in mine for other in by_own[n]]
    return LabelledSet("E-reproductions (ACO)", prints | found, sorted(pairs))
