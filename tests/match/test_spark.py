"""A Spark cluster of two workers finds in split blocks what one process finds: the same bytes.

`scripts/spark` makes the environment; everything stays on 127.0.0.1.
"""

import json
import os
import pickle
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bench.labelled_books import hathitrust
from lianguan.engine.match.features import Features
from lianguan.engine.match.score import Batch, blocks, score, shared_isbns
from tests.match.test_score import SOME

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared/data/records"
PYTHON = ROOT / "var/peers/spark/bin/python"
HERE = "127.0.0.1"

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not PYTHON.exists(), reason="scripts/spark has not made its environment"),
    pytest.mark.skipif(not shutil.which("java"), reason="Java 17 is not here"),
]


def by_spark(features: list[Features], folder: Path) -> tuple[bytes, dict[str, Any]]:
    """The bytes that the workers' parts give together, and what is said of the workers."""
    batch, out = folder / "batch", folder / "found"
    batch.write_bytes(pickle.dumps(features))
    places = {"SPARK_LOCAL_IP": HERE, "SPARK_LOCAL_HOSTNAME": "localhost"}
    paths = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PYSPARK_PYTHON": str(PYTHON)}
    hashes = {"PYTHONHASHSEED": "random"}  # else Spark has all of them hash texts alike
    command = (str(PYTHON), "-m", "tests.match.spark_work", str(batch), str(out))
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **places, **paths, **hashes},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return out.read_bytes(), said


def in_one_process(features: list[Features]) -> bytes:
    return score(Batch(features, shared_isbns(features)), blocks(features)).tobytes()


def expect_the_same(features: list[Features], folder: Path) -> None:
    found, said = by_spark(features, folder)
    assert len(said["executors"]) == len(said["hashes"]) == 2
    assert all(said["pairs"])
    assert found == in_one_process(features)


def test_two_workers_of_spark_give_the_bytes_of_one_process(tmp_path: Path) -> None:
    expect_the_same(SOME, tmp_path)


@pytest.mark.skipif(not REAL.exists(), reason="the shared records are not here")
def test_two_workers_of_spark_give_the_same_of_real_records(tmp_path: Path) -> None:
    features = list(hathitrust(REAL).features().values())
    assert len(features) > 2_000
    expect_the_same(features, tmp_path)
