"""One run of the union, stage by stage: receiving, building, deltas, a decision, searching.

python -m bench.union_work RECORDS FOLDER COUNT DELTA,DELTA   prints one JSON object

Each stage's seconds, CPU seconds and most anonymous memory, of this process and those that it
starts. Run by `bench.union`, in a process of its own.
"""

import itertools
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import members
from bench.stages import Stages, size
from bench.union_one import build
from lianguan.engine.search.words import words_of
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.importing import Order, import_files
from lianguan.engine.union.taking_back import decide

SEED = 7
QUERIES = 500
HAN = re.compile("[\u4e00-\u9fff]+")

KINDS = ("word",) * 6 + ("character",) * 2 + ("phrase", "three")
"""Of ten queries. Two of the words stand for pinyin and initials, which are not searched yet."""

Asked = list[tuple[str, str]]
"""Kind and query."""

Figures = dict[str, tuple[float, float]]
"""(middle, 95 %) of each kind of query, and of all; milliseconds."""


def queries(catalogue: UnionCatalogue) -> Iterator[tuple[str, str]]:
    """(kind, query): a fixed mix out of the titles that are there, frequent words often."""
    rows = catalogue.search("", limit=1).total
    chance = random.Random(SEED)
    pages = [catalogue.search("", limit=25, offset=chance.randrange(rows - 25)) for _ in range(40)]
    titles = [hit.title for page in pages for hit in page.hits]
    for kind in itertools.islice(itertools.cycle(KINDS), QUERIES):
        yield kind, _query(kind, titles, chance)


def _query(kind: str, titles: list[str], chance: random.Random) -> str:
    while True:
        title = chance.choice(titles)
        words = [word for run in words_of(title) for word in run]
        han = HAN.findall(title)
        if kind == "character" and han:
            return str(chance.choice(chance.choice(han)))
        if kind == "word" and words:
            return str(chance.choice(words))
        if kind == "phrase" and han and len(han[0]) > 3:
            return str(han[0][:4])
        if kind == "three" and len(words) > 3:
            return " ".join(chance.sample(words, 3))


def searched(root: Path, asked: Asked, *, is_cold: bool) -> dict[str, list[float]]:
    """Milliseconds of each query by kind, facets and all, as a page asks them. Cold: what the
    index remembers of earlier queries is forgotten before each."""
    took: dict[str, list[float]] = {}
    with UnionCatalogue(root) as catalogue:
        for kind, query in asked:
            if is_cold:
                catalogue.index.counted = {}
            began = time.perf_counter()
            catalogue.refresh()
            catalogue.search(query)
            took.setdefault(kind, []).append((time.perf_counter() - began) * 1000)
    return took


def percentile(figures: list[float], share: float) -> float:
    return statistics.quantiles(figures, n=100)[round(share * 100) - 1]


def search_figures(root: Path, asked: Asked) -> dict[str, Figures]:
    """Of a run through all queries, cold; and of one in which each was asked before."""
    cold = searched(root, asked, is_cold=True)
    twice = searched(root, asked + asked, is_cold=False)
    warm = {kind: figures[len(figures) // 2 :] for kind, figures in twice.items()}
    return {"cold": figures_of(cold), "warm": figures_of(warm)}


def figures_of(took: dict[str, list[float]]) -> Figures:
    took["all"] = [one for figures in took.values() for one in figures]
    return {kind: (statistics.median(f), percentile(f, 0.95)) for kind, f in took.items()}


def main(records: Path, folder: Path, count: int, deltas: list[int]) -> dict[str, object]:
    files = members.make(records, folder, count)
    later = {number: members.delta(files, folder, number) for number in deltas}
    root = Path(tempfile.mkdtemp(prefix="union-", dir=folder))
    stages = Stages(root)
    try:
        build(files, root, stages)
        said: dict[str, object] = {"stages": dict(stages.found)}
        said["sources"] = size(root / "sources")
        said["catalogue"] = size(root / "catalogue")
        with UnionCatalogue(root) as catalogue:
            said["counts"] = catalogue.size()
            asked = list(queries(catalogue))
            query = "SELECT library || ':' || number FROM descriptions WHERE id IN (1, ?)"
            named = [row[0] for row in catalogue.connection.execute(query, (count // 2,))]
        said["search"] = search_figures(root, asked)
        said["deltas"] = {number: _delta(root, path) for number, path in later.items()}
        said["decision"] = _decision(root, named[0], named[1])
        said["search_while_built"] = _search_while_built(root, asked)
        return said
    finally:
        stages.ended.set()
        shutil.rmtree(root)


def _search_while_built(root: Path, asked: Asked) -> dict[str, Figures]:
    """The same queries again and again, cold and warm in turn, until another process has built and
    published a new generation beside them."""
    command = (sys.executable, "-m", "lianguan", "rebuild")
    building = subprocess.Popen(
        command, env=os.environ | {"LIANGUAN_DATA": str(root)}, stdout=subprocess.DEVNULL
    )
    took: dict[str, dict[str, list[float]]] = {"cold": {}, "warm": {}}
    while building.poll() is None:
        for name, found in took.items():
            for kind, figures in searched(root, asked, is_cold=name == "cold").items():
                found.setdefault(kind, []).extend(figures)
    if building.returncode:
        raise RuntimeError("the rebuild failed")
    return {name: figures_of(found) for name, found in took.items()}


def _delta(root: Path, path: Path) -> float:
    began = time.perf_counter()
    import_files(root, [path], Order("M01"))
    return time.perf_counter() - began


def _decision(root: Path, left: str, right: str) -> float:
    began = time.perf_counter()
    decide(root, left, right, "same")
    with UnionCatalogue(root) as catalogue:
        if catalogue.address_of(left) != catalogue.address_of(right):
            raise RuntimeError("the decision is not seen")
    return time.perf_counter() - began


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]),
                          [int(one) for one in sys.argv[4].split(",") if one])))  # fmt: skip
