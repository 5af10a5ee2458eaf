"""Records that were set aside or repaired, drawn by a seed, written out to be looked at.

What somebody then said of them is in `real_verdicts.csv`, a line for each, by file and offset;
the records themselves stay where they are.

    python -m bench.real_look --from ../shared/data/records --out var/looked
"""

import argparse
import csv
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from bench.real_members import present
from lianguan.engine.mapping.opened import open_file
from lianguan.engine.mapping.stream import Read
from lianguan.engine.read.files import source_files
from lianguan.engine.read.findings import Refused
from lianguan.engine.read.repair import Lost

VERDICTS = Path(__file__).with_name("real_verdicts.csv")
SEED = 2709
SO_MANY = 200


@dataclass(frozen=True, slots=True)
class Case:
    """A record that was set aside (for a reason) or repaired (by rules)."""

    library: str
    file: str
    read: Read

    @property
    def is_lost(self) -> bool:
        return isinstance(self.read.what, Lost)

    @property
    def why(self) -> str:
        what = self.read.what
        return what.reason.value if isinstance(what, Lost) else " ".join(self.read.rules.codes)

    def __str__(self) -> str:
        raw = self.read.raw[:1500]
        return (
            f"=== {self.library} {self.file} {self.read.offset} ({self.why})\n{raw!r}\n"
            f"--- {self.read.what}\n"
        )


def cases(folder: Path) -> Iterator[Case]:
    """Every record that was set aside or repaired."""
    for member, files in present(folder):
        for file in (file for path in files for file in source_files(path)):
            try:
                reads = open_file(file, member.options).reads
            except Refused:
                continue
            for read in reads:
                if read.rules or isinstance(read.what, Lost):
                    yield Case(member.code, file.name, read)


def drawn(found: Iterable[Case], so_many: int = SO_MANY) -> list[Case]:
    """So many of them; the rare kinds first, so that no kind is missed, then by chance."""
    shuffled = list(found)
    random.Random(SEED).shuffle(shuffled)
    by_kind: dict[str, list[Case]] = {}
    for case in shuffled:
        by_kind.setdefault(case.why, []).append(case)
    chosen: list[Case] = []
    for left, (_, same) in zip(
        range(len(by_kind), 0, -1), sorted(by_kind.items(), key=lambda kind: len(kind[1])),
        strict=True,
    ):  # fmt: skip
        chosen += same[: max(0, (so_many - len(chosen)) // left)]
    return chosen


class Verdict(NamedTuple):
    """What somebody said who looked at a record."""

    library: str
    file: str
    offset: int
    why: str
    verdict: str
    """right, wrong, or cannot tell."""
    note: str


def verdicts(path: Path = VERDICTS) -> list[Verdict]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Verdict(**{**line, "offset": int(line["offset"])})  # type: ignore[arg-type]
            for line in csv.DictReader(lines)
        ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.real_look")
    parser.add_argument("--from", dest="folder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    told = parser.parse_args()
    told.out.mkdir(parents=True, exist_ok=True)
    found = list(cases(told.folder))
    for name, is_lost in (("set_aside", True), ("repaired", False)):
        chosen = drawn(case for case in found if case.is_lost == is_lost)
        (told.out / f"{name}.txt").write_text("\n".join(map(str, chosen)), "utf-8")
        print(f"{name}: {len(chosen)} of {sum(c.is_lost == is_lost for c in found)}")


if __name__ == "__main__":
    main()
