"""A union of one size alone, stage by stage: what each stage took is told as soon as it ends.

    python -m bench.union_one RECORDS FOLDER COUNT [--keep]

prints one JSON object at its end and, as it goes, a line for each stage to whoever watches. Stopped
in between it goes on with the same command: files that are made and deliveries that are received
stay, and what they took is noted in FOLDER/union-COUNT/stages.json. The stage in which it was
stopped is begun again, and only its last beginning is counted; of the stages of the rebuild (read,
match, index), which are one transaction, all three. With --keep the union stays, to be looked at.
"""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

from bench import members
from bench.stages import Stage, Stages, size
from bench.timing import figure
from lianguan.engine.union.catalogue import UnionCatalogue
from lianguan.engine.union.database import building
from lianguan.engine.union.rebuilding import rebuild
from lianguan.engine.union.sources import UPSERT, Profile, Sources

OF_REBUILD = ("read", "match", "index")


def build(files: dict[str, Path], root: Path, stages: Stages) -> None:
    """Files of thirty members → a union that can be searched."""
    stages.begin("receive")
    receive(files, Sources(root / "sources"))
    stages.begin("read")
    rebuild(root, stages.told)
    stages.begin("")


def receive(files: dict[str, Path], sources: Sources) -> None:
    """Keep a delivery of each member that has sent none yet."""
    for library, path in files.items():
        if not sources.imports(library):
            sources.receive(library, [path], UPSERT, Profile(name=library))


class Noted:
    """What the stages took, kept where the union stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stages: dict[str, Stage] = json.loads(path.read_text()) if path.exists() else {}

    def note(self, name: str, stage: Stage) -> None:
        self.stages[name] = dict(stage)
        self.path.write_text(json.dumps(self.stages))
        print(told(name, stage), file=sys.stderr, flush=True)


def told(name: str, stage: Stage) -> str:
    return (
        f"{name}: {figure(stage['seconds'])} s, {figure(stage['cpu'])} CPU s,"
        f" {stage['peak']:,} MiB of memory, {int(stage['disk']) >> 20:,} MiB on the disk"
    )


def made(records: Path, folder: Path, count: int) -> dict[str, Path]:
    """The members' files, made by another process: what that holds is not to count here."""
    if not (folder / f"members-{count}").exists():
        command = (sys.executable, "-m", "bench.members", str(records), str(folder), str(count))
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return members.make(records, folder, count)


def run(records: Path, folder: Path, count: int, *, keep: bool = False) -> dict[str, object]:
    files = made(records, folder, count)
    place = folder / f"union-{count}"
    root = place / "var"
    root.mkdir(parents=True, exist_ok=True)
    noted = Noted(place / "stages.json")
    stages = Stages(root, noted.note)
    try:
        with building(root, "bench"):
            go_on(files, root, noted, stages)
    finally:
        stages.ended.set()
    said = {"stages": noted.stages, **sizes(root)}
    if not keep:
        shutil.rmtree(place)
    return said


def go_on(files: dict[str, Path], root: Path, noted: Noted, stages: Stages) -> None:
    """Do what is not done."""
    if "receive" not in noted.stages:
        stages.begin("receive")
        receive(files, Sources(root / "sources"))
    if OF_REBUILD[-1] not in noted.stages:
        stages.begin("read")
        rebuild(root, stages.told)
    stages.begin("")


def sizes(root: Path) -> dict[str, object]:
    """What came of it."""
    with UnionCatalogue(root) as catalogue:
        counts = catalogue.size()
    return {
        "counts": counts,
        "sources": size(root / "sources"),
        "catalogue": size(root / "catalogue"),
    }


def main(said: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.union_one", description="A union of one size.")
    parser.add_argument("records", type=Path, help="the folder of real records")
    parser.add_argument("folder", type=Path, help="files made here")
    parser.add_argument("count", type=int)
    parser.add_argument("--keep", action="store_true", help="do not remove the union afterwards")
    given = parser.parse_args(said)
    print(json.dumps(run(given.records, given.folder, given.count, keep=given.keep)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
