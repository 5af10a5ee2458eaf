"""Pairs that we merge or ask and OCLC numbers apart, written out to be looked at, whole records.

    python -m bench.aco_look --from ../shared/data/records --out var/aco.txt

What was then said of each stands in `aco_looked_at.csv`: record numbers, a verdict and a short
reason in words of our own. The pairs come in the order of a hash of their names, so that however
far somebody got, those looked at are a fair sample.
"""

import argparse
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.labelled_aco import arabic, files_of
from bench.labelled_set import LabelledSet, Pair
from bench.looked_at import looked_at
from bench.peers import PeerRecord, pymarc
from lianguan.engine.mapping.opened import open_file
from lianguan.engine.match.decide import ASK, SAME, decide
from lianguan.engine.match.levels import Facts
from lianguan.engine.read.files import source_files
from lianguan.engine.record import Record


def order(pair: Pair) -> str:
    """Where a pair stands in the sample."""
    return hashlib.sha256(f"{pair.a}|{pair.b}".encode()).hexdigest()


def doubtful(one: LabelledSet, decision: str) -> list[Pair]:
    """The pairs that we merge, or ask, although the labels tell them apart; in the sample's
    order."""
    features = one.features()
    wrong = [
        pair
        for pair in one.pairs
        if not pair.same and decide(features[pair.a], features[pair.b], Facts())[0] == decision
    ]
    return sorted(wrong, key=order)


def whole_records(folder: Path, names: Iterable[str]) -> dict[str, PeerRecord]:
    """library:number → all fields, as pymarc reads them."""
    wanted = frozenset(names)
    found: dict[str, PeerRecord] = {}
    for path in files_of(folder):
        library = path.name.split(".")[0]
        for file in source_files(path):
            opened = open_file(file)
            reads = list(opened.reads)
            with file.open() as stream:
                readings, _ = pymarc(stream.read(), opened.container, reads)
            for read, whole in zip(reads, readings, strict=True):
                if isinstance(read.what, Record) and whole is not None:
                    found[f"{library}:{read.what.number}"] = whole
    return {name: found[name] for name in wanted if name in found}


def lines_of(record: PeerRecord) -> Iterator[str]:
    yield f"LDR {record.leader}"
    for field in record.fields:
        said = "".join(f"${code}{text}" for code, text in field.subfields)
        yield f"{field.tag} {field.data}{said}"


def beside(a: PeerRecord, b: PeerRecord) -> Iterator[str]:
    """The fields of both: those alike once, the others each under its record."""
    left, right = list(lines_of(a)), list(lines_of(b))
    for line in sorted({*left, *right}, key=lambda line: (_place(line), line in right, line)):
        mark = "=" if line in left and line in right else "<" if line in left else ">"
        yield f"{mark} {line}"


def _place(line: str) -> str:
    """A field in another script stands beside the one it is linked to."""
    return line[6:9] if line.startswith("880 $6") else line[:3]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="folder", type=Path, default="../shared/data/records")
    parser.add_argument("--out", type=Path, required=True)
    told = parser.parse_args()
    known = looked_at("aco")
    found = arabic(told.folder)
    said = [pair for decision in (SAME, ASK) for pair in doubtful(found, decision)]
    pairs = [pair for pair in said if pair[:2] not in known]
    whole = whole_records(told.folder, (name for pair in pairs for name in pair[:2]))
    with told.out.open("w", encoding="utf-8") as file:
        for number, pair in enumerate(pairs, 1):
            print(f"=== {number} {pair.a} {pair.b}", file=file)
            print(*beside(whole[pair.a], whole[pair.b]), sep="\n", file=file)
    print(f"{len(pairs)} pairs that nobody has looked at: {told.out}")


if __name__ == "__main__":
    main()
