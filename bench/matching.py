"""The speed of matching, stage by stage, beside Splink predicting on the same records.

python -m bench.matching --from ../shared/data/records [--sizes 10000 100000] [--rounds 3]
python -m bench.matching --sizes 10000 100000 300000 1000000 --delta 1000000    an hour
python -m bench.matching --write docs/performance.md    renews the tables there

Each size is matched in a process of its own, and in the same round by Splink (`--splink-up-to`), in
an environment that is made under var/peers.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import matching_report
from bench.matching_records import COLUMNS
from bench.matching_report import Run, Sized
from bench.quality_splink import python
from bench.run import machine, renew_between, tell
from bench.speed_table import PYTHON
from bench.timing import NotMeasured, run_said

LARGE, FEW = 1_000_000, 2
"""Records from which on there are at most so many rounds: one of Splink takes minutes."""

MARKS = ("<!-- matching -->", "<!-- end of matching -->")


def main(said: list[str] | None = None) -> int:
    told = _parser().parse_args(said)
    sizes = [measured(told, count) for count in sorted(told.sizes)]
    deltas = _delta(told) if told.delta else None
    text = f"{matching_report.report(sizes, deltas)}\n\n{machine()}"
    print(text)
    if told.write:
        renew_between(told.write, text, MARKS)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench.matching", description="Speed of matching.")
    parser.add_argument("--from", dest="records_from", type=Path, metavar="FOLDER",
                        default=Path("../shared/data/records"), help="real records")  # fmt: skip
    parser.add_argument("--folder", type=Path, default=Path("var/bench"), help="files made here")
    parser.add_argument("--sizes", type=int, nargs="+", metavar="N", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--splink-up-to", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--delta", type=int, metavar="N", help="a delta of 1,000 into so many, too")
    parser.add_argument("--write", type=Path, help="the document whose tables to renew")
    return parser


def measured(told: argparse.Namespace, count: int) -> Sized:
    """One size in rounds, ours first and Splink first in turn."""
    place = _records(told, count)
    sized = Sized(count)
    ours = (PYTHON, "-m", "bench.matching_work", str(place))
    splink = _splink(place, sized) if count <= told.splink_up_to else None
    works = [(ours, sized.ours), *([(splink, sized.splink)] if splink else [])]
    rounds = min(told.rounds, FEW) if count >= LARGE else told.rounds
    for number in range(rounds):
        for command, runs in works if number % 2 else works[::-1]:
            tell(f"{count:,} records, round {number + 1} of {rounds}")
            _one(command, runs, sized)
    tell("")
    return sized


def _splink(place: Path, sized: Sized) -> tuple[str, ...] | None:
    try:
        return str(python()), "-m", "bench.matching_splink", str(place / COLUMNS)
    except NotMeasured as error:
        sized.missing = str(error)
        return None


def _one(command: Sequence[str], runs: list[Run], sized: Sized) -> None:
    """A run of one of them. Who fails once is not asked again; that ours does is an error."""
    if runs is sized.splink and sized.missing:
        return
    try:
        timing, output = run_said(command)
    except NotMeasured as error:
        if runs is sized.ours:
            raise
        sized.missing = str(error)
        return
    said: dict[str, Any] = json.loads(output.splitlines()[-1])
    runs.append(Run(said["stages"], timing.peak, said))


def _records(told: argparse.Namespace, count: int) -> Path:
    """Made in another process: what this one holds would count as memory of all it starts."""
    return Path(_said("bench.matching_records", told, count)["place"])


def _delta(told: argparse.Namespace) -> dict[str, Any]:
    tell(f"a delta into {told.delta:,} records")
    return _said("bench.matching_delta", told, told.delta)


def _said(module: str, told: argparse.Namespace, count: int) -> dict[str, Any]:
    command = (PYTHON, "-m", module, str(told.records_from), str(told.folder), str(count))
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


if __name__ == "__main__":
    sys.exit(main())
