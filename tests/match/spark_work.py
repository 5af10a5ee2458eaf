"""Scores a batch in the workers of a Spark cluster; run in the environment of `scripts/spark`.

    python -m tests.match.spark_work BATCH OUT

BATCH is a pickled list of features; OUT gets the bytes of what was found, put together. Prints one
JSON object: the executors that worked, their Python
processes, what these hash a text to, and the pairs that each part gave.
"""

import json
import os
import pickle
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from pyspark import SparkConf, SparkContext

from lianguan.engine.match.features import Features
from lianguan.engine.match.score import Batch, Blocks, blocks, joined, score, shared_isbns

PARTS = 4
SETTINGS = {
    "spark.master": "local-cluster[2,1,1024]",  # two workers with one core each, processes all
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.task.maxFailures": "1",
}


class Part(NamedTuple):
    """What a worker has found in its share of the blocks."""

    found: bytes
    process: int
    executor: int
    """The daemon of the executor from which its Python processes come."""
    text_hash: int
    """What a text is hashed to there."""


def main(batch: Path, out: Path) -> dict[str, object]:
    features: list[Features] = pickle.loads(batch.read_bytes())  # noqa: S301 - the test wrote it
    known = Batch(features, shared_isbns(features))
    with SparkContext(conf=SparkConf().setAll(list(SETTINGS.items()))) as context:
        context.setLogLevel("ERROR")
        sent = context.broadcast(known)

        def part(one: Blocks) -> Part:
            return Part(score(sent.value, one).tobytes(), os.getpid(), os.getppid(), hash("a"))

        shares = list(blocks(features).split(PARTS))
        parts = context.parallelize(shares, PARTS).map(part).collect()
    scored = [np.frombuffer(one.found, np.int64).reshape(-1, 4) for one in parts]
    out.write_bytes(joined(scored).tobytes())
    return {
        "executors": sorted({one.executor for one in parts}),
        "processes": sorted({one.process for one in parts}),
        "hashes": sorted({one.text_hash for one in parts}),
        "pairs": [len(one) for one in scored],
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
