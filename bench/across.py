"""All sets as one load: records of sets that have nothing to do with each other, and each merge
across two of them, to be looked at.

    python -m bench.across --from ../shared/data/records --out var/across.txt

What was then said of each stands in `across_looked_at.csv`, by record numbers.
"""

import argparse
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from bench.blocks import Two, candidates
from bench.labelled import editions
from bench.labelled_aco import reproductions
from bench.labelled_works import classics, tengyur
from lianguan.engine.mapping.opened import open_file
from lianguan.engine.match.decide import ASK, SAME, decide
from lianguan.engine.match.features import features_of
from lianguan.engine.match.levels import Facts
from lianguan.engine.read.files import source_files
from lianguan.engine.read.findings import Refused
from lianguan.engine.record import Record

OTHERS = {
    "gpo": "marc/gpo",
    "uva": "marc/uva_solrmarc.tar.gz",
    "evergreen": "marc/evergreen",
    "trln": "marc/trln_duke_unc_ncsu_nccu.tar.gz",
    "princeton": "marc/princeton_bibdata.tar.gz",
    "goodbooks": "english/goodbooks_10k_books.csv.gz",
    "bnf": "unimarc/bnf_unimarcxml.tar.gz",
}
"""Sets without labels."""


class Across(NamedTuple):
    records: int
    sets: int
    compared: int
    """Pairs across two sets that share one of our keys."""
    merged: list[Two]
    asked: int


@lru_cache(maxsize=1)
def all_records(folder: Path) -> dict[str, Record]:
    """set|number → the record. The e-reproductions stand with the prints they reproduce."""
    found: dict[str, Record] = {}
    for one in (*editions(folder), classics(folder), tengyur(folder)):
        found |= {f"{one.name}|{name}": record for name, record in one.records.items()}
    electronic = reproductions(folder).records
    found |= {f"Arabic collections (ACO)|{name}": one for name, one in electronic.items()}
    for name, path in OTHERS.items():
        found |= {f"{name}|{number}": one for number, one in _numbered(folder / path)}
    return found


def _numbered(path: Path) -> Iterator[tuple[str, Record]]:
    """One record for each number, whatever file of the set it stands in; files that are nothing
    that can be read are left out."""
    for part in sorted(path.iterdir()) if path.is_dir() else [path]:
        for file in source_files(part):
            with suppress(Refused):
                whats = [read.what for read in open_file(file).reads]
                yield from ((one.number, one) for one in whats if isinstance(one, Record))


def across(folder: Path) -> Across:
    features = {name: features_of(one) for name, one in all_records(folder).items()}
    wanted = [(a, b) for a, b in candidates(features) if a.split("|")[0] != b.split("|")[0]]
    said = [(decide(features[a], features[b], Facts()).decision, (a, b)) for a, b in wanted]
    merged = sorted(two for decision, two in said if decision == SAME)
    sets = {name.split("|")[0] for name in features}
    asked = sum(decision == ASK for decision, _ in said)
    return Across(len(features), len(sets), len(wanted), merged, asked)


def write(found: Across, folder: Path, path: Path) -> None:
    """The merges as the records say them, for somebody who looks at them."""
    known = all_records(folder)
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for a, b in found.merged:
            print("===", a, b, sep="\t", file=file)
            for name in (a, b):
                print(known[name]._replace(holdings=(), subjects=(), notes=()), file=file)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="folder", type=Path, default="../shared/data/records")
    parser.add_argument("--out", type=Path, required=True)
    told = parser.parse_args()
    found = across(told.folder)
    write(found, told.folder, told.out)
    print(f"{len(found.merged)} merges across sets: {told.out}")


if __name__ == "__main__":
    main()
