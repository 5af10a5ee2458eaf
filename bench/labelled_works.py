"""Sets that say which records are of one work and are never one edition: what must stay apart,
and how much of it is found to belong together."""

import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from bench.labelled import REPRODUCTIONS, by_number, rows, table_features
from lianguan.engine.match.decide import ASK, SAME, decide
from lianguan.engine.match.features import Features
from lianguan.engine.match.levels import Facts
from lianguan.engine.text.fold import fold


class Apart(NamedTuple):
    """Pairs that are one work and not one edition."""

    name: str
    about: str
    pairs: int
    merged: int
    asked: int
    one_work: int


def _counted(name: str, about: str, pairs: list[tuple[Features, Features]]) -> Apart:
    decisions = [decide(a, b, Facts()).decision for a, b in pairs]
    works = sum(bool(a.work) and a.work == b.work for a, b in pairs)
    return Apart(name, about, len(pairs), decisions.count(SAME), decisions.count(ASK), works)


def classics(folder: Path) -> Apart:
    """Rows of the Siku quanshu and the Sibu congkan under one number of the Kanripo."""
    works: dict[str, list[tuple[str, Features]]] = defaultdict(list)
    for name, series in (("siku", "四库全书"), ("sibu", "四部丛刊")):
        for row in rows(folder / f"chinese_classics/{name}.tsv.gz", "\t"):
            said = {
                "title": [row["title"]],
                "agent": [row["responsibility"]],
                "extent": [row["extent"]],
                "series": [series],
            }
            works[row["kr_id"]].append((name, table_features(said)))
    pairs = [
        (a, b)
        for group in works.values()
        for (from_a, a), (from_b, b) in combinations(group, 2)
        if from_a != from_b
    ]
    about = "rows of one number in 四庫全書 and 四部叢刊: two reprint series, often two titles"
    return _counted("Siku × Sibu", about, pairs)


def reproductions(folder: Path) -> Apart:
    """Each electronic reproduction with the print record whose number it carries."""
    prints: dict[str, list[Features]] = defaultdict(list)
    for path in sorted((folder / "marc/aco").glob("*.gz")):
        if path.name != REPRODUCTIONS and ".tsv" not in path.name:
            for number, features in by_number(path).items():
                prints[number].append(features)
    found = by_number(folder / "marc/aco" / REPRODUCTIONS)
    pairs = [(a, b) for number, a in found.items() for b in prints[number]]
    about = "an electronic reproduction and the print record that has the same number"
    return _counted("E-reproductions (ACO)", about, pairs)


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
