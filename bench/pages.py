"""The speed of the pages: what they weigh, how soon they are there on a slow line, what they ask
of the databases, how many a second are made; and the first pages of two peers in the same run.

python -m bench.pages [--seconds 20] [--no-peers] [--catalogue FOLDER]
python -m bench.pages --write docs/performance.md      renews the tables there

Of the demonstration; `--catalogue` names another that is there already, such as one that
`bench.union_one --keep` left. Needs what `scripts/browsers` installs.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from bench.pages_peers import PEERS, beside
from bench.pages_rate import Rate, importing, kept, rate, result_pages
from bench.pages_report import LEAST_RATES, Looked, Measured, report
from bench.pages_seen import seen
from bench.run import renew_between
from bench.speed_table import PYTHON
from bench.timing import NotMeasured
from lianguan.engine.read.findings import Refused
from lianguan.engine.union.catalogue import UnionCatalogue
from tests.browser import hub
from tests.browser.page import opened
from tests.browser.tables import JINAN

MARKS = ("<!-- pages -->", "<!-- end of pages -->")
YEARBOOK = f"{JINAN}:0112000119"
"""The record of the demonstration whose entry says most."""
WORKERS = 2
Found = TypeVar("Found")


def main(said: list[str] | None = None) -> int:
    told = _parser().parse_args(said)
    text = report(run(told.catalogue, told.seconds, peers=not told.no_peers))
    print(text)
    if told.write:
        renew_between(told.write, text, MARKS)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench.pages", description="Speed of the pages.")
    parser.add_argument("--seconds", type=int, default=20, help="of each run of answers")
    parser.add_argument("--catalogue", type=Path, metavar="FOLDER", help="one that is there")
    parser.add_argument("--no-peers", action="store_true", help="leave the peers out")
    parser.add_argument("--write", type=Path, help="the document whose tables to renew")
    return parser


def run(catalogue: Path | None, seconds: int, *, peers: bool) -> Measured:
    with _root(catalogue) as root, hub.served(root, WORKERS) as site:
        pages = looked_at(root, site.address)
        rates = rates_of(root, site, seconds)
    with opened("chromium", "") as reader:
        found = {peer.name: _tried(partial(beside, peer, reader)) for peer in PEERS if peers}
    return Measured(pages, rates, found)


@contextmanager
def _root(catalogue: Path | None) -> Iterator[Path]:
    """A catalogue of our own to import into: the demonstration's, or a copy of one."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "var"
        if catalogue:
            shutil.copytree(catalogue, root)
        else:
            hub.fill(root)
        yield root


def paths(root: Path) -> dict[str, str]:
    """The pages that are looked at."""
    with UnionCatalogue(root) as opened:
        try:
            entry = opened.address_of(YEARBOOK)
        except Refused:
            entry = opened.search("", limit=1).hits[0].entry
    return {"first page": "/", "results": "/search?q=中国", "entry": f"/e/{entry}"}


def looked_at(root: Path, address: str) -> dict[str, Looked]:
    pages = paths(root)
    command = (PYTHON, "-m", "bench.pages_queries", str(root), *pages.values())
    said = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    asked = json.loads(said.splitlines()[-1])
    with opened("chromium", address) as reader:
        return {
            name: Looked(seen(reader, path), *counts)
            for (name, path), counts in zip(pages.items(), asked, strict=True)
        }


def rates_of(root: Path, site: hub.Site, seconds: int) -> dict[str, Rate | str]:
    asked = result_pages(root)

    def made() -> Rate:
        return rate(site.address, site.process, asked, seconds)

    def kept_pages() -> Rate:
        return rate(site.address, site.process, kept(site.address, asked), seconds)

    def meanwhile() -> Rate:
        with importing(root):
            return made()

    works = zip(LEAST_RATES, (made, kept_pages, meanwhile), strict=True)
    return {name: _tried(work) for name, work in works}


def _tried(work: Callable[[], Found]) -> Found | str:
    """What it finds, or why it finds nothing."""
    try:
        return work()
    except NotMeasured as error:
        return str(error)


if __name__ == "__main__":
    sys.exit(main())
