"""Splink's part, run in an environment of its own: records as lines of JSON in, pairs of names and
their probability as CSV out. It knows nothing of labels.

The model is made as its manual advises: rules that find candidates, ordered levels for each
column, the share of pairs that are the same from rules that are nearly sure, the frequencies of
levels among others by random sampling, those among the same by its own EM, blocked in turn by
title and by what else there is. Titles and names come folded as ours are.
"""

import csv
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

LEAST = 0.5
"""Pairs below it are not written out."""
SEED = 5
SAMPLED = 2e6


def near(column: str, *least: float) -> Any:
    """Empty, equal, and alike by Jaro and Winkler; equal ones weigh by how frequent they are."""
    return comparisons.CustomComparison(
        output_column_name=column,
        comparison_levels=[
            levels.NullLevel(column),
            levels.ExactMatchLevel(column, term_frequency_adjustments=True),
            *[levels.JaroWinklerLevel(column, one) for one in least],
            levels.ElseLevel(),
        ],
    )


def within(column: str, *most: int) -> Any:
    """Empty, equal, and so far apart as figures."""
    return comparisons.CustomComparison(
        output_column_name=column,
        comparison_levels=[
            levels.NullLevel(column),
            levels.ExactMatchLevel(column),
            *[levels.AbsoluteDifferenceLevel(column, one) for one in most],
            levels.ElseLevel(),
        ],
    )


def agents() -> Any:
    """The first agents equal; some agent in both; the first ones alike."""
    return comparisons.CustomComparison(
        output_column_name="agent",
        comparison_levels=[
            levels.NullLevel("agent"),
            levels.ExactMatchLevel("agent", term_frequency_adjustments=True),
            levels.ArrayIntersectLevel("agents", 1),
            levels.JaroWinklerLevel("agent", 0.88),
            levels.ElseLevel(),
        ],
    )


BY_COLUMN: dict[str, Callable[[], Any]] = {
    "title": lambda: near("title", 0.95, 0.88),
    "agent": agents,
    "publisher": lambda: near("publisher", 0.9),
    "year": lambda: within("year", 1),
    "pages": lambda: within("pages", 3, 10),
    "part": lambda: comparisons.ExactMatch("part"),
}

CANDIDATES = (
    ("short",),
    ("head", "year"),
    ("agent", "year"),
    ("publisher", "year", "pages"),
    ("agent", "publisher", "pages"),
)
TRAINED = (("short",), ("agent", "year"), ("agent", "publisher"), ("publisher", "pages"))


def usable(rows: list[dict[str, Any]]) -> set[str]:
    """Columns in which at least a twentieth of the records say something."""
    counts = {column: sum(row[column] not in (None, []) for row in rows) for column in rows[0]}
    return {column for column, count in counts.items() if count * 20 >= len(rows)}


def model(columns: set[str]) -> Any:
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[make() for column, make in BY_COLUMN.items() if column in columns],
        blocking_rules_to_generate_predictions=[
            block_on(*names) for names in CANDIDATES if columns.issuperset(names)
        ],
    )


def train(linker: Any, columns: set[str]) -> None:
    """Let it learn its model from the records."""
    training = linker.training
    sure = [block_on(*({"title", "agent", "publisher", "year", "part"} & columns))]
    training.estimate_probability_two_random_records_match(sure, recall=0.6)
    training.estimate_u_using_random_sampling(max_pairs=SAMPLED, seed=SEED)
    for names in TRAINED:
        if columns.issuperset(names):
            with suppress(Exception):  # too few pairs to learn from under this rule
                training.estimate_parameters_using_expectation_maximisation(block_on(*names))


def predicted(rows: list[dict[str, Any]]) -> list[tuple[str, str, float]]:
    columns = usable(rows)
    api = DuckDBAPI(duckdb.connect())
    linker = Linker(api.register(pa.Table.from_pylist(rows)), model(columns))
    train(linker, columns)
    found = linker.inference.predict(threshold_match_probability=LEAST)
    said = found.as_pyarrow_table().to_pylist()
    return [(row["id_l"], row["id_r"], row["match_probability"]) for row in said]


def main() -> None:
    source, target = map(Path, sys.argv[1:])
    rows = [json.loads(line) for line in source.read_text("utf-8").splitlines()]
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(predicted(rows))


if __name__ == "__main__":
    main()
