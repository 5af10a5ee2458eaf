"""Sets that say which records are of one work and are never one edition: what must stay apart,
and how much of it is found to belong together."""

import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from bench.labelled import labelled_pairs
from bench.labelled_set import LabelledSet, from_table, paired, rows
from lianguan.engine.mapping.table import Said
from lianguan.engine.match.decide import ASK, SAME, decide
from lianguan.engine.match.levels import Facts
from lianguan.engine.record import Record
from lianguan.engine.text.fold import fold


class Apart(NamedTuple):
    """Pairs that are one work and not one edition."""

    name: str
    pairs: int
    merged: int
    asked: int
    one_work: int


def apart(one: LabelledSet) -> Apart:
    pairs = list(labelled_pairs(one))
    decisions = [decide(pair.a, pair.b, Facts()).decision for pair in pairs]
    works = sum(bool(pair.a.work) and pair.a.work == pair.b.work for pair in pairs)
    return Apart(one.name, len(pairs), decisions.count(SAME), decisions.count(ASK), works)


SERIES = {"siku": "四库全书", "sibu": "四部丛刊"}


def classics(folder: Path) -> LabelledSet:
    """Rows of the Siku quanshu and the Sibu congkan; those under one number of the Kanripo are
    one work in two reprint series, often under two titles, and never one edition."""
    found: dict[str, Record] = {}
    works: dict[str, str] = {}
    for name, series in SERIES.items():
        for place, row in enumerate(rows(folder / f"chinese_classics/{name}.tsv.gz", "\t"), 1):
            found[f"{name}:{place}"] = from_table(_classic(row, series))
            works[f"{name}:{place}"] = row["kr_id"]
    of_work: dict[str, list[str]] = defaultdict(list)
    for name in sorted(found):
        of_work[works[name]].append(name)
    pairs = [
        paired(a, b, False)
        for names in of_work.values()
        for a, b in combinations(names, 2)
        if a.split(":")[0] != b.split(":")[0]
    ]
    return LabelledSet("Siku × Sibu", found, pairs, works)


def _classic(row: dict[str, str], series: str) -> Said:
    return {
        "title": [row["title"]],
        "agent": [row["responsibility"]],
        "extent": [row["extent"]],
        "series": [series],
    }


class Text(NamedTuple):
    """A text of the Tengyur (a few of the Kangyur) in one edition."""

    cluster: str
    edition: str
    titles: frozenset[str]
    folded: frozenset[str]


class Tengyur(NamedTuple):
    """How many titles of one text in two editions agree, and how many that agree are of two."""

    pairs: int
    as_written: int
    folded: int
    folded_apart: int
    """Pairs across editions whose folded titles agree though the texts are two."""


def tengyur(folder: Path) -> Tengyur:
    """Of titles alone: the records have no agent, publisher or year to compare."""
    path = folder / "tibetan/tengyur_derge_cone_matches.jsonl.gz"
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    texts = [_text(**json.loads(line)) for line in lines]
    same = _across(texts, lambda text: [text.cluster])
    agreeing = _across(texts, lambda text: text.folded)
    return Tengyur(
        len(same),
        sum(not a.titles.isdisjoint(b.titles) for a, b in same),
        sum(not a.folded.isdisjoint(b.folded) for a, b in same),
        sum(a.cluster != b.cluster for a, b in agreeing),
    )


def _text(cluster: str, edition: str, titles: list[str], **rest: str) -> Text:
    return Text(cluster, edition, frozenset(titles), frozenset(map(fold, titles)))


def _across(texts: list[Text], keys: Callable[[Text], Iterable[str]]) -> list[tuple[Text, Text]]:
    """Pairs of different editions that share a key."""
    groups: dict[str, list[Text]] = defaultdict(list)
    for text in texts:
        for key in keys(text):
            groups[key].append(text)
    return [
        (a, b)
        for group in groups.values()
        for a, b in combinations(group, 2)
        if a.edition != b.edition
    ]
