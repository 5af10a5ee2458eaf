"""The queue of doubts worked through in a browser with the keyboard alone: fifty pairs of
HathiTrust's records (CC0), as a reader of the pages answered them (`reviewed.csv`), key by key.

python -m bench.reviewed --from ../shared/data/records

What is measured is the hub's part of each pair: from the key to the next pair on the screen. How
long a cataloguer looks at a pair is not; how much there is to read is.
"""

import argparse
import gzip
import hashlib
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench.labelled_books import hathitrust
from bench.labelled_set import rows
from demo.facts import LIBRARIES
from scripts.pictures import clock
from tests.browser import hub
from tests.browser.page import Page, opened
from tests.browser.tables import PASSWORD

ANSWERS = Path(__file__).with_name("reviewed.csv")
KEYS = {"same": "s", "work": "w", "different": "d", "later": "l"}
PROPOSED = "same"
"""The button that stands first and is filled."""
A_DAY = 30
RECORDS = "labelled/hathitrust/hathi_val.mrc.gz"
END = b"\x1d"
DAYS = ("2026-03-02 07:00:00", "2026-03-03 07:00:00")

Two = tuple[str, str]


class Answered(NamedTuple):
    two: Two
    said: str
    seconds: float
    """From the key to the next pair."""
    signs: int
    """Characters of the comparison."""


def main(said: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.reviewed", description="The queue of doubts.")
    parser.add_argument("--from", dest="records_from", type=Path, metavar="FOLDER",
                        default=Path("../shared/data/records"), help="real records")  # fmt: skip
    told = parser.parse_args(said)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "var"
        fill(root, told.records_from)
        answered, waiting = worked_through(root)
    print(report(answered, waiting, labels(told.records_from)))
    return 0


def fill(root: Path, folder: Path) -> None:
    """The records of the set as those of two members."""
    before = hub.day(clock(), "2026-03-01 07:00:00")
    hub.tell(root, "people", before)
    parts: dict[str, list[bytes]] = {"J": [], "H": []}
    for record in gzip.decompress((folder / RECORDS).read_bytes()).split(END)[:-1]:
        parts["JH"[hashlib.sha256(record + END).digest()[0] % 2]].append(record + END)
    for member, records in parts.items():
        path = root.parent / f"{member}.mrc"
        path.write_bytes(b"".join(records))
        hub.load(root, str(path), "--library", LIBRARIES[member], clock=before)


def worked_through(root: Path) -> tuple[list[Answered], str]:
    """Each pair that there is an answer to, on two days; what waited before."""
    answers = {(row["left"], row["right"]): row["said"] for row in rows(ANSWERS)}
    found: list[Answered] = []
    waiting = ""
    with opened("chromium", "") as page:
        for day in DAYS:
            with hub.served(root, clock=hub.day(clock(), day)) as site:
                page.address = site.address
                page.be("hub", PASSWORD)
                page.go("/staff/review")
                waiting = waiting or page.text(".row__meta").partition("对")[0].strip("待看 ")
                found += _one_day(page, answers)
    return found, waiting


def _one_day(page: Page, answers: dict[Two, str]) -> list[Answered]:
    found: list[Answered] = []
    while (two := _offered(page)) in answers and len(found) < A_DAY:
        signs = len(page.text("table.compare"))
        began = time.perf_counter()
        with page.leading_on():
            page.press(KEYS[answers[two]])
        found.append(Answered(two, answers[two], time.perf_counter() - began, signs))
    return found


def _offered(page: Page) -> Two:
    """The numbers of the two records on the page; ("", "") where there are none."""
    said = "[...document.querySelectorAll('.decide [name=left], .decide [name=right]')]"
    keys = page.ask(f"{said}.map(one => one.value.split(':').pop())") or ["", ""]
    left, right = sorted(keys)
    return left, right


def report(answered: list[Answered], waiting: str, labels: dict[Two, bool]) -> str:
    """What came of it, as lines of a table."""
    others = sum(one.said != PROPOSED for one in answered)
    labelled = [one for one in answered if one.two in labels and one.said != "later"]
    agreed = sum(labels[one.two] == (one.said == "same") for one in labelled)
    said = ", ".join(f"{key} {sum(one.said == key for one in answered)}" for key in KEYS)
    seconds = sorted(one.seconds for one in answered)
    lines = (
        ("pairs that waited", waiting),
        ("pairs worked through, one key each", str(len(answered))),
        ("answers", said),
        (f"another answer than the one that stands first ({PROPOSED})", f"{others}"),
        ("pairs that have a label, and answers that agree with it", f"{len(labelled)}, {agreed}"),
        ("from a key to the next pair, seconds: median [least–most]",
         f"{median(seconds):.2f} [{seconds[0]:.2f}–{seconds[-1]:.2f}]"),
        ("characters of a comparison, median", f"{median(one.signs for one in answered):.0f}"),
    )  # fmt: skip
    return "\n".join(
        ("| | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in lines))
    )


def labels(folder: Path) -> dict[Two, bool]:
    """Pairs of the set that have a label, the smaller number first."""
    return {(one.a, one.b): one.same for one in hathitrust(folder).pairs}


if __name__ == "__main__":
    raise SystemExit(main())
