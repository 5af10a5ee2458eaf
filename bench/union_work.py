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
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from bench import members
from lianguan.engine.search.words import words_of
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.importing import Order, import_files
from lianguan.engine.union.rebuilding import rebuild
from lianguan.engine.union.sources import UPSERT, Profile, Sources
from lianguan.engine.union.taking_back import decide

SEED = 7
LOOKS = 0.05
"""Seconds between two looks at the memory."""

QUERIES = 500
HAN = re.compile("[\u4e00-\u9fff]+")

Stage = dict[str, float]


class Stages:
    """What each stage took."""

    def __init__(self) -> None:
        self.found: dict[str, Stage] = {}
        self.name = ""
        self.begun = (0.0, 0.0)
        self.peak = 0
        self.ended = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def begin(self, name: str) -> None:
        """End the stage before, begin this one; one that was there before goes on."""
        now = (time.perf_counter(), cpu())
        if self.name:
            stage = self.found.setdefault(self.name, {"seconds": 0, "cpu": 0, "peak": 0})
            stage["seconds"] += now[0] - self.begun[0]
            stage["cpu"] += now[1] - self.begun[1]
            stage["peak"] = max(stage["peak"], self.peak)
        self.name, self.begun, self.peak = name, now, 0

    def told(self, stage: str, done: int, total: int) -> None:
        """Listens to a build."""
        name = {"rebuild": "read"}.get(stage, stage)
        if name != self.name:
            self.begin(name)

    def _look(self) -> None:
        while not self.ended.wait(LOOKS):
            self.peak = max(self.peak, anonymous(os.getpid()))


def cpu() -> float:
    """CPU seconds of this process and of those that it started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def anonymous(process: int) -> int:
    """MiB of memory that no file stands behind, of a process and its children; pages that they
    share count for each of them by their share (Pss)."""
    total = 0
    for one in (process, *_children(process)):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text("ascii").splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:"))
    return total >> 10


def _children(process: int) -> Iterator[int]:
    for task in Path(f"/proc/{process}/task").iterdir():
        try:
            yield from map(int, (task / "children").read_text("ascii").split())
        except OSError:
            continue


def size(folder: Path) -> int:
    """Bytes of the files in a folder; of hard links each once."""
    found = {one.stat().st_ino: one.stat().st_size for one in folder.rglob("*") if one.is_file()}
    return sum(found.values())


def build(files: dict[str, Path], root: Path, stages: Stages) -> None:
    """Files of thirty members → a union that can be searched."""
    sources = Sources(root / "sources")
    stages.begin("receive")
    for library, path in files.items():
        sources.receive(library, [path], UPSERT, Profile(name=library))
    stages.begin("read")
    rebuild(root, stages.told)
    stages.begin("")


def queries(catalogue: UnionCatalogue) -> Iterator[tuple[str, str]]:
    """(kind, query): a fixed mix out of the titles that are there, frequent words often."""
    rows = catalogue.search("", limit=1).total
    chance = random.Random(SEED)
    pages = [catalogue.search("", limit=25, offset=chance.randrange(rows - 25)) for _ in range(40)]
    titles = [hit.title for page in pages for hit in page.hits]
    kinds = ("word",) * 5 + ("character",) * 2 + ("phrase",) * 1 + ("three",) * 1
    for kind in itertools.islice(itertools.cycle(kinds), QUERIES):
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


def searched(root: Path, asked: list[tuple[str, str]]) -> dict[str, list[float]]:
    """Milliseconds of each query by kind, facets and all, as a page asks them."""
    took: dict[str, list[float]] = {}
    with UnionCatalogue(root) as catalogue:
        for kind, query in asked:
            began = time.perf_counter()
            catalogue.refresh()
            catalogue.search(query)
            took.setdefault(kind, []).append((time.perf_counter() - began) * 1000)
    return took


def percentile(figures: list[float], share: float) -> float:
    return statistics.quantiles(figures, n=100)[round(share * 100) - 1]


def search_figures(root: Path, asked: list[tuple[str, str]]) -> dict[str, tuple[float, float]]:
    """Of a run through all queries."""
    return figures_of(searched(root, asked))


def figures_of(took: dict[str, list[float]]) -> dict[str, tuple[float, float]]:
    """(middle, 95 %) of each kind of query, and of all."""
    took["all"] = [one for figures in took.values() for one in figures]
    return {kind: (statistics.median(f), percentile(f, 0.95)) for kind, f in took.items()}


def main(records: Path, folder: Path, count: int, deltas: list[int]) -> dict[str, object]:
    files = members.make(records, folder, count)
    later = {number: members.delta(files, folder, number) for number in deltas}
    root = Path(tempfile.mkdtemp(prefix="union-", dir=folder))
    stages = Stages()
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


def _search_while_built(root: Path, asked: list[tuple[str, str]]) -> dict[str, tuple[float, float]]:
    """The same queries again and again, until another process has built and published a new
    generation beside them."""
    command = (sys.executable, "-m", "lianguan", "rebuild")
    building = subprocess.Popen(
        command, env=os.environ | {"LIANGUAN_DATA": str(root)}, stdout=subprocess.DEVNULL
    )
    took: dict[str, list[float]] = {}
    while building.poll() is None:
        for kind, figures in searched(root, asked).items():
            took.setdefault(kind, []).extend(figures)
    if building.returncode:
        raise RuntimeError("the rebuild failed")
    return figures_of(took)


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
