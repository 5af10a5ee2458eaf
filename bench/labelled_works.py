"""Sets that say which records are of one work and are never one edition."""

import gzip
import json
from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

from bench.blocks import two_sources
from bench.labelled_set import LabelledSet, Pair, from_table, paired, rows
from lianguan.engine.mapping.table import Said
from lianguan.engine.record import Record

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
    return LabelledSet("Siku × Sibu", found, across(works), works)


def _classic(row: dict[str, str], series: str) -> Said:
    return {
        "title": [row["title"]],
        "agent": [row["responsibility"]],
        "extent": [row["extent"]],
        "series": [series],
    }


def tengyur(folder: Path) -> LabelledSet:
    """Texts of the Derge and the Cone Tengyur (a few of the Kangyur). Titles are all they say."""
    path = folder / "tibetan/tengyur_derge_cone_matches.jsonl.gz"
    found: dict[str, Record] = {}
    works: dict[str, str] = {}
    for line in gzip.decompress(path.read_bytes()).decode().splitlines():
        text = json.loads(line)
        name = f"{text['edition']}:{text['node']}"
        found[name] = from_table({"title": text["titles"]})
        works[name] = text["cluster"]
    return LabelledSet("Tengyur Derge × Cone", found, across(works), works)


def across(works: Mapping[str, str]) -> list[Pair]:
    """Pairs of one work that stand in two sources, which a name says before its colon. They are
    two editions."""
    of_work: dict[str, list[str]] = defaultdict(list)
    for name, work in sorted(works.items()):
        of_work[work].append(name)
    return [
        paired(a, b, False)
        for names in of_work.values()
        for a, b in combinations(names, 2)
        if two_sources(a, b)
    ]
