"""A delivery of some thousand changed and new records into a union that is there: what matching
takes of it.

    python -m bench.matching_delta RECORDS FOLDER COUNT

builds a union of thirty members, sends it one delta to have everything loaded, and times the next
two. Prints one JSON object.
"""

import itertools
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

from bench import members
from bench.stages import Stages
from bench.union_one import build
from lianguan.engine.union.database import building
from lianguan.engine.union.importing import Order, import_files

DELTAS = (900, 1_000, 990)
"""Records of each; the first is not counted."""


def main(records: Path, folder: Path, count: int) -> dict[str, object]:
    files = members.make(records, folder, count)
    root = Path(tempfile.mkdtemp(prefix="union-", dir=folder))
    stages = Stages(root)
    try:
        with building(root, "bench"):
            build(files, root, stages)
        took = [_delta(root, members.delta(files, folder, size)) for size in DELTAS]
        return {"records": count, "deltas": took[1:]}
    finally:
        stages.ended.set()
        shutil.rmtree(root)


def _delta(root: Path, path: Path) -> dict[str, float]:
    """Seconds of the whole import, and of its stages as it tells of them."""
    moments = [("receive", time.perf_counter())]

    def told(stage: str, done: int, total: int) -> None:
        if stage != moments[-1][0]:
            moments.append((stage, time.perf_counter()))

    import_files(root, [path], Order("M01"), told)
    moments.append(("", time.perf_counter()))
    took = {"all": moments[-1][1] - moments[0][1]}
    for (stage, begun), (_, ended) in itertools.pairwise(moments):
        took[stage] = took.get(stage, 0.0) + ended - begun
    return took


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))))
