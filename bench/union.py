"""The speed and size of a union of thirty members, beside Zebra's indexing of the same records.

python -m bench.union --from ../shared/data/records [--records 1000000] [--no-zebra]
python -m bench.union --sizes 100000 300000 1000000 3000000     how the time grows
python -m bench.union --one 10000000                            one size alone, stage by stage
python -m bench.union --write docs/performance.md     renews the tables there; with --sizes, those

Takes a quarter of an hour for a million records, since searching is measured also while a whole
generation is built beside it.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import members, union_sizes, zebra
from bench.run import machine, renew_between
from bench.speed_table import PYTHON
from bench.timing import NotMeasured, figure

MARKS = ("<!-- union -->", "<!-- end of union -->")
SIZES_MARKS = ("<!-- union sizes -->", "<!-- end of union sizes -->")
STAGES = {
    "receive": "files kept, packed and on disk",
    "read": "read, mapped, features and keys made, rows written",
    "match": "compared, clusters, entries, indexes of the database",
    "index": "entries merged and indexed for search",
}


def main(said: list[str] | None = None) -> int:
    told = _parser().parse_args(said)
    if told.one:
        text, marks = union_sizes.report([_one(told)]), None
    elif told.sizes:
        found = union_sizes.run(told.records_from, told.folder, told.sizes)
        text, marks = f"{union_sizes.report(found)}\n\n{machine()}", SIZES_MARKS
    else:
        text, marks = _one_and_peer(told), MARKS
    print(text)
    if told.write and marks:
        renew_between(told.write, text, marks)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench.union", description="Speed of a union.")
    parser.add_argument("--from", dest="records_from", type=Path, metavar="FOLDER",
                        default=Path("../shared/data/records"), help="real records")  # fmt: skip
    parser.add_argument("--folder", type=Path, default=Path("var/bench"), help="files made here")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--no-zebra", action="store_true", help="leave the peer out")
    parser.add_argument("--sizes", type=int, nargs="+", metavar="N", help="several sizes instead")
    parser.add_argument("--one", type=int, metavar="N", help="one size alone; goes on if stopped")
    parser.add_argument("--keep", action="store_true", help="with --one: keep the union")
    parser.add_argument("--write", type=Path, help="the document whose tables to renew")
    return parser


def _one(told: argparse.Namespace) -> union_sizes.Sized:
    more = ("--keep",) if told.keep else ()
    return union_sizes.one(told.records_from, told.folder, told.one, *more)


def _one_and_peer(told: argparse.Namespace) -> str:
    """A union with all that is done to it, and Zebra after it, in the same run."""
    found = run(told.records_from, told.folder, told.records)
    peer = None if told.no_zebra else beside(told.records_from, told.folder, told.records)
    return report(found, peer)


def run(records: Path, folder: Path, count: int) -> dict[str, Any]:
    """What `bench.union_work` says of a union of so many records."""
    deltas = f"{min(1_000, count // 20)},{min(38_000, count // 10)}"
    command = (PYTHON, "-m", "bench.union_work", str(records), str(folder), str(count), deltas)
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def beside(records: Path, folder: Path, count: int) -> zebra.Indexed | str:
    """Zebra on the same files, or why it was not measured."""
    files = list(members.make(records, folder, count).values())
    with tempfile.TemporaryDirectory(dir=folder) as place:
        try:
            return zebra.index(files, Path(place))
        except NotMeasured as error:
            return str(error)


def report(found: dict[str, Any], peer: zebra.Indexed | str | None) -> str:
    """The tables, in the words of the document."""
    records, entries, works = found["counts"]
    lines = [
        f"{records:,} records of 30 members, {entries:,} entries, {works:,} works; one run.",
        "",
        "| stage | seconds | CPU s | peak MiB |",
        "| --- | --- | --- | --- |",
    ]
    for name, words in STAGES.items():
        stage = found["stages"][name]
        lines.append(
            f"| {words} | {figure(stage['seconds'])} | {figure(stage['cpu'])} | {stage['peak']:,} |"
        )
    whole = [sum(stage[key] for stage in found["stages"].values()) for key in ("seconds", "cpu")]
    peak = max(stage["peak"] for stage in found["stages"].values())
    lines.append(f"| **files → searchable union** | **{figure(whole[0])}** | {figure(whole[1])} |"
                 f" {peak:,} |")  # fmt: skip
    lines += [*_peer(peer), "", *_others(found), "", *_searches(found), "", machine()]
    return "\n".join(lines)


def _peer(peer: zebra.Indexed | str | None) -> list[str]:
    if peer is None:
        return []
    if isinstance(peer, str):
        return [f"| Zebra, indexing alone, afterwards | {peer} | | |"]
    timing = peer.timing
    return [
        (
            f"| Zebra, indexing alone, afterwards | {figure(timing.seconds)} | {figure(timing.cpu)}"
            f" | {timing.peak:,} |"
        )
    ]


def _others(found: dict[str, Any]) -> list[str]:
    ratio = found["catalogue"] / found["sources"]
    rows = [
        ("catalogue and index, beside the packed sources",
         f"{found['catalogue'] >> 20:,} MiB, {figure(ratio)}×"),
        ("a person's decision, seen", f"{figure(found['decision'])} s"),
        *((f"a delta of {int(size):,} records", f"{figure(seconds)} s")
          for size, seconds in found["deltas"].items()),
    ]  # fmt: skip
    return ["| what | |", "| --- | --- |", *(f"| {what} | {said} |" for what, said in rows)]


def _searches(found: dict[str, Any]) -> list[str]:
    """Asked for the first time, and asked again; alone, and beside a rebuild."""
    alone, beside = found["search"], found["search_while_built"]
    rows = [(kind, alone["cold"][kind], alone["warm"][kind]) for kind in alone["cold"]]
    rows.append(("all, while a generation is built", beside["cold"]["all"], beside["warm"]["all"]))
    return [
        "| search, with facets: middle, 95 % | cold | warm |",
        "| --- | --- | --- |",
        *(f"| {what} | {_pair(cold)} | {_pair(warm)} |" for what, cold, warm in rows),
    ]


def _pair(two: list[float]) -> str:
    return f"{figure(two[0])} ms, {figure(two[1])} ms"


if __name__ == "__main__":
    sys.exit(main())
