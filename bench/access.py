"""Whether everybody can use the pages: every page in both languages, in each theme, at each width,
as tests/browser judges them, written as a table.

python -m bench.access [--write docs/accessibility.md]
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from bench.run import renew_between
from tests.browser import awkward, hub
from tests.browser.judging import JUDGES, axe, judge
from tests.browser.page import Page, opened
from tests.browser.tables import AWKWARD, LANGUAGES, PAGES, THEMES, WIDTHS, WORK, View, show, views

MARKS = ("<!-- judged -->", "<!-- end of what was judged -->")
SHOWN = 30
"""Faults that are named one by one."""


class Judged(NamedTuple):
    found: dict[View, dict[str, list[str]]]
    versions: str


def main(said: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.access", description=__doc__)
    parser.add_argument("--write", type=Path, help="the document whose table to renew")
    told = parser.parse_args(said)
    judged = run()
    text = report(judged)
    print(text)
    if told.write:
        renew_between(told.write, text, MARKS)
    return 1 if any(faults(judged.found)) else 0


def run() -> Judged:
    """Every view of every page, judged. Raises NoBrowser."""
    axe()
    with (
        tempfile.TemporaryDirectory() as folder,
        hub.sites(Path(folder), awkward.load) as sites,
        opened("chromium", sites["demo"]) as reader,
    ):
        found = {view: judge(reader, view, sites) for view in views(PAGES | WORK | AWKWARD)}
        return Judged(found, versions(reader, sites))


def versions(reader: Page, sites: Mapping[str, str]) -> str:
    """What judged, and with which letters."""
    browser = reader.call("Browser.getVersion")["product"]
    axe_version = reader.ask("axe.version")
    fonts = [_fonts(reader, sites, page) for page in ("nothing-found", "entry-tibetan")]
    return (
        f"axe-core {axe_version} in {browser}; "
        f"headings in {fonts[0]} (Chinese) and {fonts[1]} (Tibetan)."
    )


def _fonts(reader: Page, sites: Mapping[str, str], page: str) -> str:
    show(reader, View(page, "zh", "light"), sites)
    return ", ".join(reader.fonts("h1"))


def faults(found: Mapping[View, Mapping[str, list[str]]]) -> list[str]:
    """Each fault once, with the views that have it counted."""
    counted = Counter(
        (view.page, f"{name}: {one}")
        for view, wrong in found.items()
        for name, several in wrong.items()
        for one in several
    )
    return [f"{page}: {said} [{count}]" for (page, said), count in counted.most_common()]


def report(judged: Judged) -> str:
    """The table: what is looked for, and how many were found in each language and theme."""
    pages = len(PAGES) + len(WORK) + len(AWKWARD)
    columns = [(language, theme) for language in LANGUAGES for theme in THEMES]
    heads = " | ".join(f"{language}, {theme}" for language, theme in columns)
    judged_at = ", ".join(map(str, WIDTHS))
    lines = [
        f"{pages} pages, each in the languages and themes below and {judged_at} px wide; faults:",
        "",
        f"| what | at px | {heads} |",
        f"| --- | --- |{' --- |' * len(columns)}",
        *(_line(name, judged.found, columns) for name in JUDGES),
        "",
        *_named(faults(judged.found)),
        judged.versions,
    ]
    return "\n".join(lines)


def _line(
    name: str, found: Mapping[View, Mapping[str, list[str]]], columns: list[tuple[str, str]]
) -> str:
    counts = Counter(
        (view.language, view.theme) for view, wrong in found.items() for _ in wrong[name]
    )
    widths = ", ".join(map(str, JUDGES[name].widths))
    return f"| {name} | {widths} | {' | '.join(str(counts[column]) for column in columns)} |"


def _named(faults: list[str]) -> list[str]:
    if not faults:
        return ["None to be named.", ""]
    left = len(faults) - SHOWN
    more = [f"- … and {left} more"] if left > 0 else []
    return [*(f"- {one.replace('|', '/')}" for one in faults[:SHOWN]), *more, ""]


if __name__ == "__main__":
    sys.exit(main())
