"""The main job on real public records; `make real`.

python -m bench.real --from ../shared/data/records       the tables of docs/real-input.md
python -m bench.real --from FOLDER --only reading        a part: reading, loading, looked
python -m bench.real --from FOLDER --write docs/real-input.md    renews the tables there

Where the folder is not there, the files of published.csv are fetched into it.
"""

import argparse
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from bench import real_report as report
from bench.real_compare import compare
from bench.real_fetch import NotFetched, fetch_all, published
from bench.real_load import Failed, Hub, clusters, export_all, load_all, search_all
from bench.real_look import verdicts
from bench.real_members import present

Tables = dict[str, str]
"""Name of a table in the document → its text."""


def main(said: list[str] | None = None) -> int:
    told = _parser().parse_args(said)
    try:
        folder = records(told.folder, told.work / "published")
        for part in told.only or PARTS:
            for name, text in PARTS[part](folder, told.work).items():
                print(f"\n## {name}\n\n{text}", flush=True)
                if told.write:
                    report.renew(told.write, name, text)
    except (NotFetched, Failed) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench.real", description="The job on real records.")
    parser.add_argument("--from", dest="folder", type=Path, metavar="FOLDER",
                        default=Path("../shared/data/records"), help="real records")  # fmt: skip
    parser.add_argument("--work", type=Path, default=Path("var/real"), help="made anew here")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part (repeatable)")
    parser.add_argument("--write", type=Path, help="the document whose tables to renew")
    return parser


def records(folder: Path, otherwise: Path) -> Path:
    """The folder of records; where it is not there, what is published, fetched."""
    if folder.is_dir():
        return folder
    for one, checksum in fetch_all(otherwise, published()):
        print(f"{one.file}: {one.licence}; SHA-256 {checksum}", flush=True)
    return otherwise


def reading(folder: Path, work: Path) -> Tables:
    """Every record read by us and by the peers."""
    found = report.Reading()
    for member, paths in present(folder):
        print(f"reading {member.code}", file=sys.stderr, flush=True)
        for path in paths:
            for one in compare(member, path):
                found.add(one)
    for line in found.unexplained:
        print(f"unexplained: {line}", flush=True)
    return {
        "reading": report.read_table(found),
        "set aside though readable": report.over_table(found),
        "alike": report.alike_table(found),
        "kinds": report.kinds_table(found),
    }


def loading(folder: Path, work: Path) -> Tables:
    """All members loaded into a fresh catalogue, searched, loaded again and exported."""
    hub, out = Hub(work / "hub"), work / "out"
    for old in (hub.folder, out):
        shutil.rmtree(old, ignore_errors=True)
    out.mkdir(parents=True)
    first = list(load_all(hub, folder))
    answers = list(search_all(hub, {one.member.code for one in first}))
    again = list(load_all(hub, folder))
    exports = list(export_all(hub, folder, out))
    return {
        "loading": report.loaded_table(first, again),
        "queries": report.answers_table(answers),
        "exports": report.exports_table(exports, clusters(hub, out)),
    }


def looked(folder: Path, work: Path) -> Tables:
    """What was said of the records that somebody looked at."""
    return {"looked": report.verdicts_table(verdicts())}


PARTS: dict[str, Callable[[Path, Path], Tables]] = {
    "reading": reading,
    "loading": loading,
    "looked": looked,
}

if __name__ == "__main__":
    sys.exit(main())
