"""Match quality on labelled sets: `python -m bench.quality --from ../shared/data/records`.

`--write docs/quality.md` puts the tables between the marks in that document. Merges across sets
that have nothing to do with each other are written to `var/across.txt`, to be looked at.
"""

import argparse
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import NamedTuple, TypeVar

from bench import across
from bench.aco_look import doubtful
from bench.blocks import two_sources
from bench.judge import Score, scored
from bench.labelled import editions
from bench.labelled_aco import reproductions
from bench.labelled_set import EVEN, ODD, LabelledSet, Pair, clusters_of, paired, rows
from bench.labelled_works import classics, tengyur
from bench.looked_at import EDITION, looked_at
from bench.one_load import answered, loaded
from bench.quality_peers import PEERS
from bench.quality_splink import SURE, probabilities
from bench.quality_tables import (
    Decided,
    HalfLine,
    LoadLine,
    PairLine,
    across_table,
    apart_table,
    causes_table,
    half_table,
    load_table,
    looked_table,
    pair_table,
    works_tables,
)
from bench.run import renew_between
from bench.timing import NotMeasured
from bench.works import works
from lianguan.engine.match.decide import ASK, SAME, decide
from lianguan.engine.match.features import Features
from lianguan.engine.match.levels import Facts

ARABIC = "Arabic collections (ACO)"
OURS, ASKED = "ours, automatic", "ours, with what is asked"
ACROSS = Path("var/across.txt")
MARKS = ("<!-- figures -->", "<!-- end of figures -->")

Line = TypeVar("Line")


def decided(one: LabelledSet, features: Mapping[str, Features]) -> list[Decided]:
    """Each labelled pair of a set with our verdict."""
    return [
        Decided(pair, features[pair.a], features[pair.b], decide(*_two(pair, features), Facts()))
        for pair in one.pairs
    ]


def _two(pair: Pair, features: Mapping[str, Features]) -> tuple[Features, Features]:
    return features[pair.a], features[pair.b]


def automatic(said: list[Decided]) -> Score:
    return scored((one.verdict.decision == SAME, one.pair.same) for one in said)


def with_queue(said: list[Decided]) -> Score:
    """Once a person has answered what was asked as the labels say."""
    return scored(
        (
            one.verdict.decision == SAME or (one.verdict.decision == ASK and one.pair.same),
            one.pair.same,
        )
        for one in said
    )


def pair_lines(one: LabelledSet, said: list[Decided], folder: Path) -> list[PairLine]:
    """Ours and the peers on the labelled pairs of one set."""
    count = len(one.pairs)
    asked = sum(pair.verdict.decision == ASK for pair in said)
    lines = [
        PairLine(one.name, OURS, count, automatic(said), asked),
        PairLine(one.name, ASKED, count, with_queue(said), asked),
    ]
    for name, rule in PEERS.items():
        found = ((rule(one.records[p.a], one.records[p.b]), p.same) for p in one.pairs)
        lines.append(PairLine(one.name, name, count, scored(found)))
    lines.append(splink_line(one))
    if one.name == "HathiTrust":
        lines.append(published_model(folder))
    return lines


def splink_line(one: LabelledSet) -> PairLine:
    """Splink learns from all records of the set and finds its candidates itself; so where the
    labels say it of all records, whatever it finds across the sources is judged."""
    name = f"Splink 5, where P ≥ {SURE:.2f}"
    try:
        found = {two for two, p in probabilities(one.features()).items() if p >= SURE}
    except NotMeasured as error:
        return PairLine(one.name, f"Splink 5: not measured ({error})", len(one.pairs), None)
    said = [(pair[:2] in found, pair.same) for pair in one.pairs]
    if one.clusters:
        others = found - {pair[:2] for pair in one.pairs}
        said += [(True, one.clusters[a] == one.clusters[b]) for a, b in others if two_sources(a, b)]
    return PairLine(one.name, name, len(one.pairs), scored(said))


def published_model(folder: Path) -> PairLine:
    """HathiTrust's own trained model on the same pairs, from its published predictions."""
    where = folder / "labelled/hathitrust"
    labels = [row["label"] == "1" for row in rows(where / "hathi_val_labels.csv.gz")]
    said = [float(row["prediction"]) for row in rows(where / "hathi_val_model.csv.gz")]
    best, right, wrong = Score(0, 0, sum(labels)), 0, 0
    for _, same in sorted(zip(said, labels, strict=True), reverse=True):
        right, wrong = right + same, wrong + (not same)
        if right >= 0.99 * (right + wrong):
            best = Score(right, wrong, sum(labels) - right)
    way = "trained model of its publishers, where precision ≥ .99"
    return PairLine("HathiTrust", way, len(labels), best)


def load_lines(one: LabelledSet, features: Mapping[str, Features]) -> list[LoadLine]:
    """All records of a set as one load, before and after a person has answered."""
    load = loaded(features)
    labels = {pair[:2]: pair.same for pair in one.pairs}

    def truth(a: str, b: str) -> bool | None:
        return one.clusters[a] == one.clusters[b] if one.clusters else labels.get((a, b))

    after = answered(features, load, truth)
    return [
        LoadLine(one, OURS, load.compared, len(load.asked), load.found),
        LoadLine(one, ASKED, load.compared, len(load.asked), after),
    ]


def labels_joined(one: LabelledSet) -> LabelledSet:
    """The set whose labels are joined where somebody looked and found one edition."""
    joined = [
        paired(*two, True) for two, said in looked_at("aco").items() if said.verdict == EDITION
    ]
    silver = [paired(name, cluster, True) for name, cluster in one.clusters.items()]
    name = f"{one.name}, labels joined where looked at"
    known = [pair for pair in joined if pair.a in one.records and pair.b in one.records]
    return one._replace(name=name, clusters=clusters_of(one.clusters, [*silver, *known]))


class Judged(NamedTuple):
    """What was found on one set of labelled pairs."""

    one: LabelledSet
    said: list[Decided]
    pairs: list[PairLine]
    halves: list[HalfLine]
    loads: list[LoadLine]


def judged(one: LabelledSet, folder: Path) -> Judged:
    features = one.features()
    said = decided(one, features)
    loads = load_lines(one, features)
    if one.name == ARABIC:
        loads += load_lines(labels_joined(one), features)
    return Judged(one, said, pair_lines(one, said, folder), half_lines(one, said), loads)


def half_lines(one: LabelledSet, said: list[Decided]) -> list[HalfLine]:
    halves = {half: [pair for pair in said if pair.pair.half == half] for half in (EVEN, ODD)}
    return [
        HalfLine(one.name, half, automatic(part), with_queue(part)) for half, part in halves.items()
    ]


def report(folder: Path) -> str:
    """All tables, as they stand in `docs/quality.md`."""
    began = time.monotonic()
    sets = [judged(one, folder) for one in editions(folder)]
    tables = [
        *("### Pairs that somebody has labelled", pair_table(_all(one.pairs for one in sets))),
        *("### The two halves", half_table(_all(one.halves for one in sets))),
        *("### All records of a set as one load", load_table(_all(one.loads for one in sets))),
        *("### What the labels of the Arabic collections call wrong", looked(sets)),
        *("### Pairs that must never be merged, and works", *never_merged(folder)),
        *("### All sets as one load", all_sets(folder)),
        *("### What is missed, by cause", causes_table({one.one.name: one.said for one in sets})),
    ]
    took = f"{(time.monotonic() - began) / 60:.1f} minutes"
    day = datetime.now(UTC).date().isoformat()
    return "\n\n".join([f"`python -m bench.quality`, {day}, {took}.", *tables])


def _all(lines: Iterable[list[Line]]) -> list[Line]:
    return list(chain.from_iterable(lines))


def looked(sets: list[Judged]) -> str:
    found = next(one for one in sets if one.one.name == ARABIC)
    merged, asked = (doubtful(found.one, decision) for decision in (SAME, ASK))
    return looked_table(automatic(found.said), merged, asked, looked_at("aco"))


def never_merged(folder: Path) -> tuple[str, ...]:
    of_works = [classics(folder), tengyur(folder)]
    never = [*of_works, reproductions(folder)]
    apart = apart_table([(one, decided(one, one.features())) for one in never])
    return apart, *works_tables([works(one) for one in of_works], looked_at("works"))


def all_sets(folder: Path) -> str:
    found = across.across(folder)
    across.write(found, folder, ACROSS)
    return across_table(found, looked_at("across"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="folder", type=Path, default="../shared/data/records")
    parser.add_argument("--write", type=Path, help="the document to put the tables in")
    told = parser.parse_args()
    figures = report(told.folder)
    print(figures)
    if told.write:
        renew_between(told.write, figures, MARKS)


if __name__ == "__main__":
    main()
