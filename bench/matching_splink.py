"""Splink's part of the table of matching's speed, in an environment of its own, in the folder of
the repository:

    python -m bench.matching_splink COLUMNS     lines of JSON, by `bench.matching_records`

prints one JSON object: seconds of training and of predicting with the model of `bench.splink_work`,
the pairs that were predicted, and those that its rules bring together. Predicting ends with a table
in DuckDB; neither taking the pairs out nor clusters are counted.
"""

import json
import logging
import sys
import time

import duckdb
import pyarrow as pa
import pyarrow.json
from splink import DuckDBAPI, Linker

from bench.splink_work import LEAST, model, train, usable

LOOKED_AT = 20_000
"""Records that are looked at for which columns are of use."""


def timed(path: str) -> dict[str, object]:
    block = pyarrow.json.ReadOptions(block_size=64 << 20)
    table: pa.Table = pyarrow.json.read_json(path, read_options=block)
    columns = usable(table.slice(0, LOOKED_AT).to_pylist())
    linker = Linker(DuckDBAPI(duckdb.connect()).register(table), model(columns))
    moments = [(time.perf_counter(), time.process_time())]
    train(linker, columns)
    moments.append((time.perf_counter(), time.process_time()))
    found = linker.inference.predict(threshold_match_probability=LEAST)
    moments.append((time.perf_counter(), time.process_time()))
    stages = {
        name: (after[0] - before[0], after[1] - before[1])
        for name, before, after in zip(("train", "predict"), moments[:-1], moments[1:], strict=True)
    }
    pairs = found.as_pyarrow_table().num_rows
    return {"stages": stages, "pairs": pairs, "records": table.num_rows}


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    print(json.dumps(timed(sys.argv[1])))
