"""Pictures of the pages for docs/pictures, from the demonstration alone, and the same each time.

python -m scripts.pictures [--to docs/pictures] [--only home entry] [--every]

The clock stands still on a day in March 2026 where `faketime` is installed (scripts/browsers
does it when it may). Pictures are reduced to a palette by `pngquant` where that is installed.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import NamedTuple

from tests.browser import hub
from tests.browser.engines import ROOT
from tests.browser.page import Page, opened
from tests.browser.tables import LANGUAGES, PAGES, THEMES, WORK, Row, View, show

FOLDER = ROOT / "docs" / "pictures"
NOW = "@2026-03-02 07:00:00"
"""In UTC: three in the afternoon where the libraries are."""
WIDTHS = {1280: 800, 390: 800}
"""Width → height of the window; a picture is of the whole page."""

Look = tuple[str, str, int]
"""Language, theme, width."""
EVERY: tuple[Look, ...] = tuple(product(LANGUAGES, THEMES, WIDTHS))
LOOKS_AT_WORK: tuple[Look, ...] = (
    ("zh", "light", 1280), ("zh", "light", 390), ("zh", "dark", 1280), ("zh", "large", 390),
    ("en", "light", 1280),
)  # fmt: skip
LOOKS = (*LOOKS_AT_WORK, ("zh", "dark", 390))
"""Those of which pictures are kept; `--every` takes all."""

WORDS = {
    "light": "light", "dark": "dark", "large": "large print", "zh": "Chinese", "en": "English",
}  # fmt: skip


class Shot(NamedTuple):
    view: View
    width: int

    @property
    def name(self) -> str:
        return f"{self.view.page}-{self.view.language}-{self.view.theme}-{self.width}.png"


def main(said: list[str] | None = None) -> int:
    told = _parser().parse_args(said)
    told.to.mkdir(parents=True, exist_ok=True)
    pages = told.only or list(PAGES | WORK)
    taken = [one for page in pages for one in shots(page, EVERY if told.every else looks(page))]
    with tempfile.TemporaryDirectory() as folder, hub.sites(Path(folder), clock=clock()) as sites:
        take(taken, told.to, sites)
    (told.to / "README.md").write_text(index(told.to), "utf-8")
    size = sum(path.stat().st_size for path in told.to.glob("*.png"))
    print(f"{len(taken)} pictures taken; {size:,} bytes in {told.to}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts.pictures", description="Pictures of the pages.")
    parser.add_argument("--to", type=Path, default=FOLDER, help="folder to write to")
    parser.add_argument(
        "--only", nargs="+", choices=PAGES | WORK, metavar="PAGE", help="these pages"
    )
    parser.add_argument("--every", action="store_true", help="every language with every theme")
    return parser


def clock() -> hub.Clock:
    """What makes it always the same day, where it is installed."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return {"LD_PRELOAD": str(found[0]), "FAKETIME": NOW} if found else {}


def looks(page: str) -> tuple[Look, ...]:
    """Fewer of pages at work."""
    return LOOKS_AT_WORK if page in WORK else LOOKS


def shots(page: str, looks: tuple[Look, ...]) -> Iterator[Shot]:
    for language, theme, width in looks:
        yield Shot(View(page, language, theme), width)


def take(taken: list[Shot], folder: Path, sites: Mapping[str, str]) -> None:
    with opened("chromium", sites["demo"]) as reader:
        for one in taken:
            path = folder / one.name
            path.write_bytes(picture(reader, one, sites))
            reduce(path)


def picture(reader: Page, shot: Shot, sites: Mapping[str, str]) -> bytes:
    reader.set_size(shot.width, WIDTHS[shot.width])
    show(reader, shot.view, sites)
    return reader.picture()


def reduce(path: Path) -> None:
    """A palette of 64 colours is a quarter of the size, and nobody sees it."""
    if shutil.which("pngquant"):
        command = (
            "pngquant",
            "--force",
            "--strip",
            "--nofs",
            "--speed",
            "1",
            "--output",
            str(path),
            "64",
            str(path),
        )
        subprocess.run(command, check=True)


def index(folder: Path) -> str:
    """What each picture shows; of those that are there."""
    lines = [
        "# Pictures of the pages",
        "",
        "From [the demonstration's data](../../demo/README.md) alone, made by `make pictures`;",
        "whole pages, 1280 and 390 px wide. [What was looked for](looked-at.md) in them.",
        *_table("What everybody sees", PAGES, folder),
        *_table("At work, and in the first hour", WORK, folder),
    ]
    return "\n".join(lines) + "\n"


def _table(heading: str, pages: Mapping[str, Row], folder: Path) -> Iterator[str]:
    yield from (
        "",
        f"## {heading}",
        "",
        "| page | what it shows | pictures |",
        "| --- | --- | --- |",
    )
    for page, row in pages.items():
        every = shots(page, EVERY)
        links = [f"[{_words(one)}]({one.name})" for one in every if (folder / one.name).exists()]
        if links:
            yield f"| {page} | {row.shows} | {', '.join(links)} |"


def _words(shot: Shot) -> str:
    return f"{WORDS[shot.view.language]}, {WORDS[shot.view.theme]}, {shot.width}"


if __name__ == "__main__":
    sys.exit(main())
